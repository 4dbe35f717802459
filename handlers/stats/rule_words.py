"""Rules as people say them: every day at 9, по будням в 9:30, каждый час."""

import re
from typing import Any

from handlers.stats.faults import PhraseError
from handlers.stats.rule import Rhythm
from handlers.stats.tokens import Line

_NAMES: dict[Rhythm, str] = {
    "hour": "every hour, each hour, hourly, каждый час, ежечасно, раз в час",
    "day": "every day, each day, daily, every morning, каждый день, ежедневно, каждое утро, "
    "по утрам, раз в день",
    "weekday": "every weekday, each weekday, on weekdays, every workday, по будням, "
    "каждый будний день, каждый рабочий день, по рабочим дням",
    "monday": "every monday, each monday, on mondays, weekly, every week, каждый понедельник, "
    "по понедельникам, еженедельно, каждую неделю, раз в неделю",
    "tuesday": "every tuesday, each tuesday, on tuesdays, каждый вторник, по вторникам",
    "wednesday": "every wednesday, each wednesday, on wednesdays, каждую среду, по средам",
    "thursday": "every thursday, each thursday, on thursdays, каждый четверг, по четвергам",
    "friday": "every friday, each friday, on fridays, каждую пятницу, по пятницам",
    "saturday": "every saturday, each saturday, on saturdays, каждую субботу, по субботам",
    "sunday": "every sunday, each sunday, on sundays, каждое воскресенье, по воскресеньям",
}
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(am|pm)?")
_AT = frozenset({"at", "@", "в"})
_HALVES = {"am": 0, "pm": 12, "утра": 0, "вечера": 12, "дня": 12}
HOURS, MINUTES, NOON = 24, 60, 12
Time = tuple[int, int]


def rule_names() -> dict[str, Rhythm]:
    """Return how often something is done, by all of its names."""
    return {name: rhythm for rhythm, names in _NAMES.items() for name in names.split(", ")}


def rule_examples() -> tuple[str, ...]:
    """Return what may stand after every, in both languages."""
    return ("every day", "every monday", "каждый день")


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
