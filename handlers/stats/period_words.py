"""Periods as people say them: today, 7d, прошлый месяц, 1.11..15.11; and the way back."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from handlers.stats.date_words import is_date, read_dates
from handlers.stats.faults import PhraseError
from handlers.stats.period import Period
from handlers.stats.tokens import Line

# Of each: the period in English and in Russian, first as it is written, then as it may be said.
_NAMED: tuple[tuple[Period, str, str], ...] = (
    (Period("day"), "today", "сегодня, за сегодня"),
    (Period("day", ago=1), "yesterday", "вчера, за вчера"),
    (
        Period("day", ago=2),
        "2 days ago, day before yesterday, the day before yesterday",
        "позавчера, за позавчера",
    ),
    (Period("hour"), "1h, last hour, past hour", "1ч, последний час, за час, за последний час"),
    (Period("hour", 24), "24h", "24ч, сутки, за сутки, последние сутки, за последние сутки"),
    (
        Period("week"),
        "this week, current week",
        "эта неделя, эту неделю, за неделю, за эту неделю, на этой неделе, текущая неделя",
    ),
    (
        Period("week", ago=1),
        "last week, previous week, past week",
        "прошлая неделя, прошлую неделю, за прошлую неделю, на прошлой неделе, прошлой недели",
    ),
    (
        Period("month"),
        "this month, current month",
        "этот месяц, за месяц, за этот месяц, в этом месяце, текущий месяц",
    ),
    (
        Period("month", ago=1),
        "last month, previous month, past month",
        "прошлый месяц, за прошлый месяц, в прошлом месяце, прошлого месяца",
    ),
    (
        Period("year"),
        "this year, current year",
        "этот год, за год, за этот год, в этом году, текущий год",
    ),
    (
        Period("year", ago=1),
        "last year, previous year, past year",
        "прошлый год, за прошлый год, в прошлом году, прошлого года",
    ),
    (
        Period("all"),
        "all time, all, for all time, ever",
        "за все время, все время, за всю историю, все",
    ),
)
# These are groupings, too: which they are, the rest of the phrase says.
EITHER: Mapping[str, Period] = MappingProxyType(
    {
        "week": Period("week"),
        "неделя": Period("week"),
        "неделю": Period("week"),
        "month": Period("month"),
        "месяц": Period("month"),
        "year": Period("year"),
        "год": Period("year"),
    }
)
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        word: unit
        for unit, words in (
            ("hour", "h hour hours hr hrs ч час часа часов"),
            ("day", "d day days д дн день дня дней"),
            ("week", "w wk week weeks н нед неделя неделю недели недель"),
            ("month", "mo month months мес месяц месяца месяцев"),
            ("year", "y year years г год года лет"),
        )
        for word in words.split()
    }
)
_MOST: Mapping[str, int] = MappingProxyType(
    {"hour": 8784, "day": 3660, "week": 520, "month": 120, "year": 10}
)
_SINGULAR = frozenset(
    {"hour", "day", "week", "month", "year", "час", "день", "неделя", "неделю", "месяц", "год"}
)
_BEFORE_NUMBER = frozenset({"last", "past", "за", "последние", "последних", "последний", "for"})
_BEFORE_MOST = 2
_COMPACT = re.compile("([0-9]{1,9})([a-zа-я]{1,9})")
_NUMBER = re.compile("[0-9]{1,9}")
WEEK_DAYS = 7
_SHORT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "hour": ("h", "ч"),
        "day": ("d", "д"),
        "week": (" weeks", " нед"),
        "month": (" months", " мес"),
        "year": (" years", " г"),
    }
)


def period_names() -> dict[str, Period]:
    """Return the periods that have a name, by all of their names."""
    return {
        name: period
        for period, *cells in _NAMED
        for cell in cells
        for name in cell.split(", ")
        if not _COMPACT.fullmatch(name) and not name[0].isdigit()
    }


def period_words(period: Period, language: str = "en") -> str:
    """Return the shortest words for *period*."""
    is_russian = language == "ru"
    for named, english, russian in _NAMED:
        if named == period:
            return (russian if is_russian else english).split(", ")[0]
    if period.unit == "dates" and period.first:
        if period.last is None:
            return f"{'с' if is_russian else 'since'} {period.first.isoformat()}"
        if period.first == period.last:
            return period.first.isoformat()
        return f"{period.first.isoformat()}..{period.last.isoformat()}"
    return _counted(period, is_russian=is_russian)


def _counted(period: Period, *, is_russian: bool) -> str:
    if period.ago:
        unit = {"day": "дн", "week": "нед", "month": "мес", "year": "г"} if is_russian else {}
        word = unit.get(period.unit, f"{period.unit}s")
        return f"{period.ago} {word} {'назад' if is_russian else 'ago'}"
    words = _SHORT[period.unit]
    return f"{period.count}{words[is_russian]}"


def read_period(line: Line[Any], today: date) -> Period | None:
    """Read a period with a number or with dates, if one stands here, and move on.

    Raises:
        PhraseError: There is no such date, or it is too long.
    """
    counted = _read_count(line)
    return counted or read_dates(line, today)


def is_period(line: Line[Any], count: int = 0) -> bool:
    """Tell whether a period with a number or a date stands *count* words ahead."""
    return _count_at(line, count) is not None or is_date(line, count)


def is_counted(line: Line[Any], count: int = 0) -> bool:
    """Tell whether a number of hours, days or more stands *count* words ahead."""
    return _count_at(line, count) is not None


def is_apart(line: Line[Any]) -> bool:
    """Tell whether the number here and the unit behind it are two things, as in: 12 day.

    Twelve of them would be days.
    """
    word, unit = line.word(), line.word(1)
    if not _NUMBER.fullmatch(word) or unit not in _SINGULAR:
        return False
    is_one = int(word) == 1 if unit.isascii() else word[-1:] == "1" and word[-2:] != "11"
    return not is_one


def _count_at(line: Line[Any], count: int) -> tuple[int, str, int] | None:
    """Return number, unit, and how many words they are, or None."""
    word = line.word(count)
    compact = _COMPACT.fullmatch(word)
    if compact and compact[2] in _UNITS:
        return int(compact[1]), _UNITS[compact[2]], 1
    if _NUMBER.fullmatch(word) and line.word(count + 1) in _UNITS:
        return int(word), _UNITS[line.word(count + 1)], 2
    return None


def _read_count(line: Line[Any]) -> Period | None:
    start = 0
    while line.word(start) in _BEFORE_NUMBER and start < _BEFORE_MOST:
        start += 1
    found = _count_at(line, start)
    if found is None:
        return None
    number, unit, length = found
    is_ago = line.word(start + length) in {"ago", "назад"} and unit != "hour"
    line.skip(start + length + is_ago)
    if not 0 < number <= _MOST[unit]:
        raise PhraseError(line.shown(length + is_ago), "length", (str(_MOST[unit]),))
    if is_ago:
        return Period(unit, ago=number)  # type: ignore[arg-type]  # the units of the table above
    if unit == "week":
        return Period("day", number * WEEK_DAYS)
    return Period(unit, number)  # type: ignore[arg-type]  # the same
