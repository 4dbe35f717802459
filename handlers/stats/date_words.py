"""Periods from one date to another: 2026-11-01..2026-11-15, с 1.11 по 15.11, since monday."""

import calendar
import re
from datetime import date
from typing import Any

from handlers.stats.faults import PhraseError
from handlers.stats.named_days import day_number, is_named, named
from handlers.stats.period import FIRST_DAY, Period
from handlers.stats.tokens import Line

_DASH = re.compile(r"\.{2,3}|…|–|—")
_DASHES = frozenset({"-", "–", "—", "..", "...", "…", "to", "till", "until", "по", "до"})
_SINCE = frozenset({"since", "from", "с", "со", "between"})
_IN = frozenset({"in", "on", "в", "во"})
_ISO = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}|[0-9]{2}))?")
_LAST_YEAR = 2099
_CENTURY = 100


def read_dates(line: Line[Any], today: date) -> Period | None:
    """Read one date, or the first and the last, if they stand here, and move on.

    Raises:
        PhraseError: There is no such date, or the last is before the first.
    """
    if is_within(line):
        line.skip()
    is_since = line.word() in _SINCE
    start = 1 if is_since else 0
    by_name = _named(line, start, today, is_since=is_since)
    if by_name:
        return by_name
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


def is_date(line: Line[Any], count: int = 0) -> bool:
    """Tell whether a date, or since one, stands *count* words ahead."""
    place = count + (line.word(count) in _SINCE)
    return _looks_like_date(_parts(line.word(place))[0]) or is_named(line, place)


def is_within(line: Line[Any]) -> bool:
    """Tell whether what stands here is said to be in a month, or on a day, by its name."""
    return line.word() in _IN and is_named(line, 1)


def _named(line: Line[Any], start: int, today: date, *, is_since: bool) -> Period | None:
    """Read days by their names, and what they reach to."""
    if day_number(line.word(start)) and line.word(start + 1) in _DASHES:
        return _within_month(line, start, today)
    begins = named(line, start, today)
    if begins is None:
        return None
    last: date | None = begins.last
    after = start + begins.length
    ends = None
    if line.word(after) in _DASHES:
        ends = named(line, after + 1, begins.first, is_after=True)
    if ends:
        last, after = ends.last, after + 1 + ends.length
    elif is_since:
        last = None
    line.skip(after)
    return Period("dates", first=begins.first, last=last)


def _within_month(line: Line[Any], start: int, today: date) -> Period | None:
    """Read the days of a month that is named behind them, as in 1 to 15 november."""
    day = day_number(line.word(start)) or 0
    month_ends = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    ends = named(line, start + 2, month_ends)
    if ends is None or ends.first != ends.last:
        return None
    line.skip(start + 2 + ends.length)
    word = line.shown(2 + ends.length)
    first = _day(word, ends.first.year, ends.first.month, day)
    if first > ends.first:
        raise PhraseError(word, "dates")
    return Period("dates", first=first, last=ends.last)


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
    # A year that nobody has said must not lie ahead: the dates are the wrong way round.
    is_ahead = last is not None and last > today and last.year > first.year
    if (last or today) < first or (is_ahead and not _has_year(end)):
        raise PhraseError(word, "dates")
    return Period("dates", first=first, last=last)


def _has_year(text: str) -> bool:
    dotted = _DOTTED.fullmatch(text)
    return not dotted or bool(dotted[3])


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
