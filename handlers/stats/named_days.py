"""Days by their names: monday, 5 november, ноябрь 2025, 1-15 ноября."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from handlers.stats.faults import PhraseError
from handlers.stats.period import DAYS_IN_WEEK
from handlers.stats.tokens import Line

_MONTHS: Mapping[str, int] = MappingProxyType(
    {
        word: number
        for number, words in enumerate(
            (
                "january jan январь января январе янв",
                "february feb февраль февраля феврале фев",
                "march mar март марта марте",
                "april apr апрель апреля апреле апр",
                "may май мая мае",
                "june jun июнь июня июне июн",
                "july jul июль июля июле июл",
                "august aug август августа августе авг",
                "september sept sep сентябрь сентября сентябре сент сен",
                "october oct октябрь октября октябре окт",
                "november nov ноябрь ноября ноябре нояб ноя",
                "december dec декабрь декабря декабре дек",
            ),
            start=1,
        )
        for word in words.split()
    }
)
_WEEKDAYS: Mapping[str, int] = MappingProxyType(
    {
        word: number
        for number, words in enumerate(
            (
                "monday mon понедельник понедельника пн",
                "tuesday tue вторник вторника вт",
                "wednesday wed среда среду среды ср",
                "thursday thu четверг четверга чт",
                "friday fri пятница пятницу пятницы пт",
                "saturday sat суббота субботу субботы сб",
                "sunday sun воскресенье воскресенья вс",
            )
        )
        for word in words.split()
    }
)
_LAST = frozenset({"last", "past", "прошлый", "прошлую", "прошлое", "прошлого", "прошлой"})
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|-?(?:го|е|ого))?")
_DAYS = re.compile(r"([0-9]{1,2})[-–—]([0-9]{1,2})")
_YEAR = re.compile(r"20[0-9]{2}")
_YEARS_TRIED = 9


@dataclass(frozen=True)
class Named:
    """What the next *length* words say: the days from *first* to *last*."""

    first: date
    last: date
    length: int


def is_named(line: Line[Any], place: int) -> bool:
    """Tell whether a day, days or a month stand by their names *place* words ahead."""
    return named(line, place, date(2024, 2, 29)) is not None


def named(line: Line[Any], place: int, near: date, *, is_after: bool = False) -> Named | None:
    """Return the day, days or month that stand *place* words ahead by their names.

    Without a year it is the last such day until *near*, or the first from there on.

    Raises:
        PhraseError: There is no such day.
    """
    return (
        _weekday(line, place, near, is_after=is_after)
        or _day_of_month(line, place, near, is_after=is_after)
        or _month(line, place, near, is_after=is_after)
    )


def day_number(word: str) -> int | None:
    """Return the day of a month that *word* may be."""
    found = _DAY.fullmatch(word)
    return int(found[1]) if found else None


def _weekday(line: Line[Any], place: int, near: date, *, is_after: bool) -> Named | None:
    is_last = line.word(place) in _LAST
    weekday = _WEEKDAYS.get(line.word(place + is_last))
    if weekday is None:
        return None
    if is_after:
        found = near + timedelta(days=(weekday - near.weekday()) % DAYS_IN_WEEK)
    else:
        latest = near - timedelta(days=1) if is_last else near
        found = latest - timedelta(days=(latest.weekday() - weekday) % DAYS_IN_WEEK)
    return Named(found, found, 1 + is_last)


def _day_of_month(line: Line[Any], place: int, near: date, *, is_after: bool) -> Named | None:
    first, second = line.word(place), line.word(place + 1)
    for day, month in ((first, second), (second, first)):
        together = _DAYS.fullmatch(day)
        begins = int(together[1]) if together else day_number(day)
        if begins is None or month not in _MONTHS:
            continue
        year = _YEAR.fullmatch(line.word(place + 2))
        found = _dated(begins, _MONTHS[month], year, near, is_after=is_after)
        last = _day_in(found, int(together[2])) if found and together else found
        if found is None or last is None:
            raise PhraseError(f"{first} {second}", "date")
        if last < found:
            raise PhraseError(f"{first} {second}", "dates")
        return Named(found, last, 3 if year else 2)
    return None


def _month(line: Line[Any], place: int, near: date, *, is_after: bool) -> Named | None:
    month = _MONTHS.get(line.word(place))
    if month is None:
        return None
    year = _YEAR.fullmatch(line.word(place + 1))
    first = _dated(1, month, year, near.replace(day=1), is_after=is_after)
    if first is None:
        return None
    last = first.replace(day=calendar.monthrange(first.year, month)[1])
    return Named(first, last, 2 if year else 1)


def _dated(
    day: int, month: int, year: re.Match[str] | None, near: date, *, is_after: bool
) -> date | None:
    if year:
        return _day_in(date(int(year[0]), month, 1), day)
    step = 1 if is_after else -1
    for tried in range(near.year, near.year + step * _YEARS_TRIED, step):
        found = _day_in(date(tried, month, 1), day)
        if found and ((found >= near) if is_after else (found <= near)):
            return found
    return None


def _day_in(month: date, day: int) -> date | None:
    is_there = 1 <= day <= calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=day) if is_there else None
