"""What is looked for in the history of a chat: as people type it, and as buttons carry it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from handlers.faults import UsageError
from handlers.request import is_id
from handlers.turn import KEY

HISTORY = "history:"
DATA_BYTES_MOST = 64
FAILED = ("failed", "refused", "ошибки", "ошибка", "отказы", "отказ")
UNKNOWN = ("unknown", "open", "неясно", "неясные", "неизвестно")
STREAM = ("stream", "поток", "потока")
TODAY = ("today", "сегодня")
YESTERDAY = ("yesterday", "вчера")
ONE_DAY = timedelta(days=1)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
REFERENCE = re.compile(KEY)
DATA = re.compile(
    rf"{HISTORY}([obnc])((?:{KEY})?):"
    r"(?:d([0-9]{8})-([0-9]{8}))?(f?)(u?)(?:s([0-9]{1,16}))?(?:i(u[0-9]{1,16}))?(?:@([^\s@]{1,40}))?"
)

# The first page, the one before an entry, the one after it, and the file of all pages.
Turning = Literal["", "older", "newer", "file"]
_LETTERS: dict[str, Turning] = {"n": "", "o": "older", "b": "newer", "c": "file"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which entries are wanted; *reference* names one of them, *items_of* a list.

    *days* are the first and the last day on which they were begun.
    """

    is_failed: bool = False
    is_unknown: bool = False
    stream_id: int | None = None
    person: str = ""
    reference: str = ""
    items_of: str = ""
    days: tuple[date, date] | None = None


def read_words(words: Sequence[str], *, today: date) -> Asked:
    """Return what is asked for by the *words* after the command, in any order.

    Raises:
        UsageError: A word is not understood, comes twice, or lacks the number behind it.
    """
    asked = Asked()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        low = word.lower()
        if low in STREAM:
            if not rest:
                raise UsageError("history", word)
            word = rest.pop(0)
            low = word.lower() if is_id(word) else ""
        added = _with(asked, low)
        if asked.days is None and (days := _days(low, today)):
            added = replace(asked, days=days)
        if added == asked:
            raise UsageError("history", word)
        asked = added
    return asked


def _days(word: str, today: date) -> tuple[date, date] | None:
    """Return the days that *word* means: one, or `2026-11-01..2026-11-15`; None if it is none."""
    if word in TODAY:
        return today, today
    if word in YESTERDAY:
        return today - ONE_DAY, today - ONE_DAY
    first, dots, last = word.partition("..")
    days = _day(first), _day(last if dots else first)
    return (days[0], days[1]) if days[0] and days[1] and days[0] <= days[1] else None


def _day(text: str) -> date | None:
    if not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _with(asked: Asked, word: str) -> Asked:
    """Return *asked* with *word*, or as it is if the word adds nothing."""
    if word in FAILED:
        return replace(asked, is_failed=True)
    if word in UNKNOWN:
        return replace(asked, is_unknown=True)
    if is_id(word) and asked.stream_id is None:
        return replace(asked, stream_id=int(word))
    if word.startswith("@") and word[1:] and not asked.person:
        return replace(asked, person=word[1:])
    if REFERENCE.fullmatch(word) and not asked.reference:
        return replace(asked, reference=word)
    return asked


def read_data(data: str) -> tuple[Asked, Turning, str]:
    """Return what a button asks for, which way it turns, and from which entry.

    Raises:
        UsageError: No button of ours has this *data*.
    """
    match = DATA.fullmatch(data)
    if match is None:
        raise UsageError("history", data)
    letter, key, first, last, failed, unknown, stream_id, items_of, person = match.groups()
    asked = Asked(
        is_failed=bool(failed),
        is_unknown=bool(unknown),
        stream_id=int(stream_id) if stream_id else None,
        person=person or "",
        items_of=items_of or "",
        days=_packed_days(first, last, data) if first else None,
    )
    return asked, _LETTERS[letter], key


def _packed_days(first: str, last: str, data: str) -> tuple[date, date]:
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise UsageError("history", data) from error


def data_of(asked: Asked, turning: Turning, key: str = "") -> str | None:
    """Return what a button carries, or None if that is more than a button may carry."""
    letter = next(letter for letter, way in _LETTERS.items() if way == turning)
    failed, unknown = "f" * asked.is_failed, "u" * asked.is_unknown
    stream = f"s{asked.stream_id}" if asked.stream_id is not None else ""
    items_of = f"i{asked.items_of}" if asked.items_of else ""
    person = f"@{asked.person}" if asked.person else ""
    # The year 1 has four digits here, which not every way of writing it gives.
    packed = "-".join(day.isoformat().replace("-", "") for day in asked.days or ())
    days = f"d{packed}" if packed else ""
    data = f"{HISTORY}{letter}{key}:{days}{failed}{unknown}{stream}{items_of}{person}"
    return data if len(data.encode()) <= DATA_BYTES_MOST else None
