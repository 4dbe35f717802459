"""Hours, days, weeks and months of a report as numbers, one after another."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.render.figure import Row

DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
HOUR = re.compile(r"(\d{1,2})(?::\d\d)*")
# 2026-47 is a week, 2026-11 a month.
PART = re.compile(r"(\d{4})-(\d\d)")
HOURS = 24
DAYS = 7
MONTHS = 12


def time_of(row: Row, columns: Sequence[str]) -> int | None:
    """Return the time of *row* as a number, counted from some beginning."""
    match columns:
        case ("day",):
            return day_of(row.get("day"))
        case ("week",) | ("month",):
            day = _first_day(row.get(columns[0]), columns[0])
            return None if day is None else time_on(day, columns)
        case ("hour",):
            return _hour(row.get("hour"))
        case ("day", "hour"):
            day, hour = day_of(row.get("day")), _hour(row.get("hour"))
        case ("day_hour",) | ("day", "day_hour"):
            written, _, wall = str(row.get("day_hour")).partition(" ")
            day, hour = day_of(written), _hour(wall)
        case _:
            return None
    return None if day is None or hour is None else day * HOURS + hour


def time_on(day: int, columns: Sequence[str]) -> int | None:
    """Return the day, week or month in which *day* is."""
    match columns:
        case ("day",):
            return day
        case ("week",):
            return (day - 1) // DAYS
        case ("month",):
            return date.fromordinal(day).year * MONTHS + date.fromordinal(day).month - 1
        case _:
            return None


def _first_day(value: Any, column: str) -> int | None:
    """Return the day with which a week or month begins."""
    found = PART.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    year, part = map(int, found.groups())
    try:
        first = date(year, part, 1) if column == "month" else date.fromisocalendar(year, part, 1)
    except ValueError:
        return None
    return first.toordinal()


def day_of(value: Any) -> int | None:
    """Return the day in *value* as a number."""
    found = DAY.search(value) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups())).toordinal() if found else None
    except ValueError:
        return None


def _hour(value: Any) -> int | None:
    found = HOUR.fullmatch(str(value))
    hour = int(found.group(1)) if found else HOURS
    return hour if hour < HOURS else None


def slot_name(slot: int, column: str) -> str:
    """Return what the tracker calls the week or month *slot*."""
    if column == "month":
        return f"{slot // MONTHS:04d}-{slot % MONTHS + 1:02d}"
    year, week, _ = date.fromordinal(slot * DAYS + 1).isocalendar()
    return f"{year:04d}-{week:02d}"
