"""Rules as people say them: every day at 9, по будням в 9:30, каждый час."""

import re
from typing import Any

from handlers.stats.faults import PhraseError
from handlers.stats.rule import Rhythm
from handlers.stats.tokens import Line

_NAMES: dict[Rhythm, str] = {
    "hour": "every hour, each hour, каждый час, раз в час",
    "day": "every day, each day, every morning, каждый день, каждое утро, по утрам, раз в день",
    "weekday": "every weekday, each weekday, on weekdays, every workday, по будням, "
    "каждый будний день, каждый рабочий день, по рабочим дням",
    "monday": "every monday, each monday, on mondays, every week, каждый понедельник, "
    "по понедельникам, каждую неделю, раз в неделю",
    "tuesday": "every tuesday, each tuesday, on tuesdays, каждый вторник, по вторникам",
    "wednesday": "every wednesday, each wednesday, on wednesdays, каждую среду, по средам",
    "thursday": "every thursday, each thursday, on thursdays, каждый четверг, по четвергам",
    "friday": "every friday, each friday, on fridays, каждую пятницу, по пятницам",
    "saturday": "every saturday, each saturday, on saturdays, каждую субботу, по субботам",
    "sunday": "every sunday, each sunday, on sundays, каждое воскресенье, по воскресеньям",
}
# Without a time they say what rows are of, unless a schedule is being made.
_ADVERBS: dict[str, tuple[Rhythm, str]] = {
    "hourly": ("hour", "hour"),
    "ежечасно": ("hour", "hour"),
    "daily": ("day", "day"),
    "ежедневно": ("day", "day"),
    "weekly": ("monday", "week"),
    "еженедельно": ("monday", "week"),
}
_MINUTE = re.compile(":?([0-9]{1,2})")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(am|pm)?")
_AT = frozenset({"at", "@", "в"})
_HALVES = {"am": 0, "pm": 12, "утра": 0, "вечера": 12, "дня": 12}
HOURS, MINUTES, NOON = 24, 60, 12
Time = tuple[int, int]


def rule_names() -> dict[str, Rhythm]:
    """Return how often something is done, by all of its names."""
    return {name: rhythm for rhythm, names in _NAMES.items() for name in names.split(", ")}


def adverbs() -> dict[str, tuple[Rhythm, str]]:
    """Return the words that say how often, each with the unit that rows would be of."""
    return _ADVERBS


def rule_examples() -> tuple[str, ...]:
    """Return what may stand after every, in both languages."""
    return ("every day", "every monday", "каждый день")


def read_minute(line: Line[Any]) -> Time | None:
    """Read at which minute of every hour, if one stands here, and move on.

    Raises:
        PhraseError: No hour has such a minute.
    """
    start = 1 if line.word() in _AT else 0
    found = _MINUTE.fullmatch(line.word(start))
    if not found:
        return None
    line.skip(start + 1)
    if int(found[1]) >= MINUTES:
        raise PhraseError(line.shown(), "time", (":15", ":30"))
    return 0, int(found[1])


def is_time(line: Line[Any]) -> bool:
    """Tell whether what stands here can be a time, be it a date, too."""
    found = _TIME.fullmatch(line.word())
    return bool(found and int(found[1]) < HOURS and int(found[2] or 0) < MINUTES)


def read_time(line: Line[Any], *, is_expected: bool) -> Time | None:
    """Read the time of a day and move on; a number alone is one where a time *is_expected*.

    Raises:
        PhraseError: There is no such time.
    """
    start = 1 if line.word() in _AT and _TIME.fullmatch(line.word(1)) else 0
    word = line.word(start)
    found = _TIME.fullmatch(word)
    if not found or not (start or is_expected or ":" in word or found[3]):
        return None
    half = found[3] or line.word(start + 1)
    is_apart = not found[3] and half in _HALVES
    line.skip(start + 1 + is_apart)
    hour, minute = int(found[1]), int(found[2] or 0)
    if half in _HALVES and hour <= NOON:
        hour = hour % NOON + _HALVES[half]
    if hour >= HOURS or minute >= MINUTES:
        raise PhraseError(line.shown(1 + is_apart), "time", ("9:00", "18:30"))
    return hour, minute
