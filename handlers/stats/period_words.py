"""Periods as people say them: today, 7d, прошлый месяц, 1.11..15.11; and the way back."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from handlers.faults import PhraseError
from handlers.stats.period import FIRST_DAY, Period
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
_BEFORE_NUMBER = frozenset("last past за последние последних последний for".split())
_COMPACT = re.compile("([0-9]{1,9})([a-zа-я]{1,9})")
_NUMBER = re.compile("[0-9]{1,9}")
_DASH = re.compile(r"\.{2,3}|…|–|—")  # noqa: RUF001 - dashes are meant
_DASHES = frozenset({"-", "–", "—", "..", "...", "…", "to", "till", "until", "по", "до"})
_SINCE = frozenset({"since", "from", "с", "со", "between"})
_ISO = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}|[0-9]{2}))?")
_LAST_YEAR = 2099
_CENTURY = 100
WEEK_DAYS = 7


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
    short = {"hour": "hч", "day": "dд"}.get(period.unit)
    if short:
        return f"{period.count}{short[is_russian]}"
    word = {"month": ("months", "мес"), "year": ("years", "г"), "week": ("weeks", "нед")}
    return f"{period.count} {word[period.unit][is_russian]}"


def read_period(line: Line[object], today: date) -> Period | None:
    """Read a period with a number or with dates, if one stands here, and move on.

    Raises:
        PhraseError: There is no such date, or it is too long.
    """
    counted = _read_count(line)
    return counted or _read_dates(line, today)


def is_period(line: Line[object], count: int = 0) -> bool:
    """Tell whether a number *count* words ahead belongs to a period."""
    return _count_at(line, count) is not None


def _count_at(line: Line[object], count: int) -> tuple[int, str, int] | None:
    """Return number, unit, and how many words they are, or None."""
    word = line.word(count)
    compact = _COMPACT.fullmatch(word)
    if compact and compact[2] in _UNITS:
        return int(compact[1]), _UNITS[compact[2]], 1
    if _NUMBER.fullmatch(word) and line.word(count + 1) in _UNITS:
        return int(word), _UNITS[line.word(count + 1)], 2
    return None


def _read_count(line: Line[object]) -> Period | None:
    start = 0
    while line.word(start) in _BEFORE_NUMBER and start < len(("за", "последние")):
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


def _read_dates(line: Line[object], today: date) -> Period | None:
    is_since = line.word() in _SINCE
    start = 1 if is_since else 0
    parts = _parts(line.word(start))
    if not parts or not _looks_like_date(parts[0]):
        return None
    line.skip(start + 1)
    word, first = line.shown(), _date(parts[0], line.shown(), today)
    if len(parts) > 1:
        return _dates(word, first, parts[1], today)
    if line.word() in _DASHES and _looks_like_date(line.word(1)):
        line.skip(2)
        return _dates(line.shown(3), first, line.tokens[line.place - 1].folded, today)
    if is_since:
        return _dates(word, first, "", today)
    return Period("dates", first=first, last=first)


def _parts(word: str) -> list[str]:
    """Return the dates that *word* joins: two, or one; the second is empty in an open period."""
    parts = _DASH.split(word, maxsplit=1)
    if len(parts) == 1 and word.count("-") == 1:
        parts = word.split("-")
    return parts


def _looks_like_date(word: str) -> bool:
    return bool(_ISO.fullmatch(word) or _DOTTED.fullmatch(word))


def _dates(word: str, first: date, end: str, today: date) -> Period:
    last = _date(end, word, first, is_after=True) if end else None
    if (last or today) < first:
        raise PhraseError(word, "dates")
    return Period("dates", first=first, last=last)


def _date(text: str, word: str, near: date, *, is_after: bool = False) -> date:
    """Return the date that *text* says; without a year the last one until *near*, or after it."""
    iso, dotted = _ISO.fullmatch(text), _DOTTED.fullmatch(text)
    if iso:
        found = _day(word, int(iso[1]), int(iso[2]), int(iso[3]))
    elif dotted and dotted[3]:
        year = int(dotted[3]) + (FIRST_DAY.year if int(dotted[3]) < _CENTURY else 0)
        found = _day(word, year, int(dotted[2]), int(dotted[1]))
    elif dotted:
        found = _without_year(word, int(dotted[2]), int(dotted[1]), near, is_after=is_after)
    else:
        raise PhraseError(word, "date")
    return found


def _without_year(word: str, month: int, day: int, near: date, *, is_after: bool) -> date:
    is_leap_day = (month, day) == (2, 29)
    step = 1 if is_after else -1
    for year in range(near.year, near.year + step * (9 if is_leap_day else 2), step):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found >= near) if is_after else (found <= near):
            return found
    raise PhraseError(word, "date")


def _day(word: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise PhraseError(word, "date") from error
    if not FIRST_DAY.year <= year <= _LAST_YEAR:
        raise PhraseError(word, "date")
    return found
