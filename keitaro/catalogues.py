"""What a tracker's own catalogues say: its action types, and its filters with their modes.

Older and newer trackers write them differently, so whatever looks odd counts as not known.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from keitaro.client import Tracker
from keitaro.errors import KeitaroError
from keitaro.operation import Operation
from keitaro.operations import STREAM_ACTION_LIST, STREAM_FILTER_LIST

BELIEVED_SECONDS = 3600.0
FAILED_SECONDS = 60.0
# Whoever asked waits no longer anyway, and the places in flight are few.
READ_SECONDS = 5.0
# Every tracker knows these: a list without them is a list of something else.
_ACTION, _FILTER = "http", "country"
_MODES = frozenset({"accept", "reject", "black", "white"})
Modes = frozenset[str]


@dataclass(frozen=True)
class Catalogue:
    """The words that a tracker knows; None stands for not known.

    *filters* are by name, each with its modes.
    """

    actions: frozenset[str] | None
    filters: Mapping[str, Modes | None] | None


class Catalogues:
    """The catalogues of trackers, read once an hour; one that cannot be read, once a minute."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: WeakKeyDictionary[Tracker, tuple[Catalogue | None, float]] = WeakKeyDictionary()
        self._reading: WeakKeyDictionary[Tracker, asyncio.Task[Catalogue | None]] = (
            WeakKeyDictionary()
        )

    async def of(self, tracker: Tracker) -> Catalogue | None:
        """Return what *tracker* knows, or None if it does not say; never raises KeitaroError.

        Whoever asks while it is being read waits for the same answer.
        """
        catalogue, until = self._told.get(tracker, (None, 0.0))
        if tracker in self._told and self._clock() < until:
            return catalogue
        task = self._reading.get(tracker)
        if task is None:
            task = asyncio.create_task(self._read(tracker))
            self._reading[tracker] = task
        # Others wait for it too, so it outlives one who does not wait any more.
        return await asyncio.shield(task)

    async def _read(self, tracker: Tracker) -> Catalogue | None:
        try:
            actions, filters = await asyncio.gather(
                _rows(tracker, STREAM_ACTION_LIST), _rows(tracker, STREAM_FILTER_LIST)
            )
            catalogue = Catalogue(read_actions(actions), read_filters(filters))
            is_whole = catalogue.actions is not None and catalogue.filters is not None
            seconds = BELIEVED_SECONDS if is_whole else FAILED_SECONDS
            is_empty = catalogue == Catalogue(None, None)
            self._told[tracker] = (None if is_empty else catalogue, self._clock() + seconds)
            return self._told[tracker][0]
        finally:
            self._reading.pop(tracker, None)


def read_actions(value: Any) -> frozenset[str] | None:
    """Return the action types in the tracker's list of them."""
    if not isinstance(value, list) or not value:
        return None
    words = [_words(row) for row in value]
    actions = frozenset[str]().union(*words)
    return actions if all(words) and _ACTION in actions else None


def read_filters(value: Any) -> Mapping[str, Modes | None] | None:
    """Return the filters in the tracker's list of them, with the modes of each."""
    if not isinstance(value, list) or not value or not all(map(_words, value)):
        return None
    filters = {name: _modes(row.get("modes")) for row in value for name in _words(row)}
    return filters if _FILTER in filters else None


async def _rows(tracker: Tracker, operation: Operation) -> Any:
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await tracker.call(operation, is_extra=True)
    except (KeitaroError, TimeoutError):
        return None


def _words(row: Any) -> frozenset[str]:
    if not isinstance(row, Mapping):
        return frozenset()
    # The word stands under either name; both may be there.
    found = (row.get("key"), row.get("value"))
    return frozenset(word for word in found if isinstance(word, str) and word)


def _modes(value: Any) -> Modes | None:
    names: set[str] = set()
    if isinstance(value, Mapping):
        names = {name for name in value if isinstance(name, str)}
    elif isinstance(value, list):
        names = {item for item in value if isinstance(item, str)}.union(*map(_words, value))
    return frozenset(names) if names & _MODES else None
