"""The period a report covers: an interval's name, or borders, in a time zone.

Two presets are as odd as on a real tracker: ``N_days_ago`` takes in one day more than
it says, and ``first_day_of_this_week`` silently reaches 41 days back.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.keitaro.answers import refused
from sandbox.keitaro.state import State


@dataclass(frozen=True)
class Period:
    """From *start* to *end*, both in UTC seconds and both within, seen in *zone*."""

    start: float
    end: float
    zone: ZoneInfo


def read_period(state: State, value: Any) -> Period:
    """Return the period that a request's ``range`` names; without one, all time."""
    given = value if isinstance(value, dict) else {}
    zone = read_zone(given.get("timezone") or state.time_zone)
    if given.get("from") or given.get("to"):
        return Period(
            moment(given.get("from") or "1970-01-01", zone),
            moment(given.get("to") or _today(state, zone).isoformat(), zone, end=True),
            zone,
        )
    first, last = _interval(str(given.get("interval") or "all_time"), _today(state, zone))
    return Period(
        moment(first.isoformat(), zone),
        moment(last.isoformat(), zone, end=True),
        zone,
    )


def read_zone(name: str) -> ZoneInfo:
    """Return the time zone *name*, or refuse."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise refused(f"Unknown or bad timezone ({name})") from error


def moment(text: Any, zone: ZoneInfo, *, end: bool = False) -> float:
    """Return the UTC seconds of a date or a date and time; as *end*, its last moment."""
    try:
        found = datetime.fromisoformat(str(text).strip())
    except ValueError as error:
        raise refused(f"Invalid date '{text}'") from error
    if end and re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(text).strip()):
        found += timedelta(hours=23, minutes=59, seconds=59)
    return found.replace(tzinfo=zone, microsecond=0).timestamp()


def _today(state: State, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(state.now(), zone).date()


def _interval(name: str, today: date) -> tuple[date, date]:
    days_ago = re.fullmatch(r"(\d{1,4})_days_ago", name)
    if days_ago:
        return today - timedelta(days=int(days_ago[1])), today
    yesterday = today - timedelta(days=1)
    borders = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "this_week": (today - timedelta(days=today.weekday()), today),
        "first_day_of_this_week": (today - timedelta(days=40), today),
        "1_month_ago": (today - timedelta(days=30), today),
        "first_day_of_this_month": (today.replace(day=1), today),
        "1_year_ago": (today - timedelta(days=365), today),
        "first_day_of_this_year": (today.replace(month=1, day=1), today),
        "all_time": (date(1971, 1, 1), today),
    }
    if name not in borders:
        raise refused(f"Unknown interval '{name}'")
    return borders[name]
