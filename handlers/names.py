"""Names for ids, where the tracker tells them in time: a card without them is still a card.

Names hardly ever change, and a card would ask for four of them, so what was told is believed for
a few minutes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

from keitaro import CAMPAIGN_GET, LANDING_PAGE_GET, OFFER_GET, KeitaroError, Operation, Tracker

BUDGET_SECONDS = 3.0
NAMES_MOST = 8
BELIEVED_SECONDS = 300.0
KEPT_MOST = 2000

Stream = Mapping[str, Any]
# By operation and id: the name, and until when it is believed.
Told = dict[tuple[str, int], tuple[str, float]]


class Names:
    """The names that trackers have told lately; those of one tracker are no other's."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asking: set[asyncio.Task[tuple[Stream, str]]] = set()
        self._told: WeakKeyDictionary[Tracker, Told] = WeakKeyDictionary()

    async def added(self, tracker: Tracker, stream: Stream) -> tuple[Stream, str]:
        """Return *stream* with names on its landing pages and offers, and its campaign's name.

        What is not to be had within three seconds in all is left out.
        """
        campaign, landings, offers = await asyncio.gather(
            self.of_campaign(tracker, stream),
            self._named(tracker, LANDING_PAGE_GET, stream, "landings", "landing_id"),
            self._named(tracker, OFFER_GET, stream, "offers", "offer_id"),
        )
        return {**stream, **landings, **offers}, campaign

    @asynccontextmanager
    async def ahead(self, tracker: Tracker, stream: Stream) -> AsyncIterator[None]:
        """Ask for the names in *stream*, which will be shown, while the block runs."""
        task = asyncio.create_task(self.added(tracker, stream))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        yield
        await task

    async def of_campaign(self, tracker: Tracker, stream: Stream) -> str:
        """Return the name of the campaign of *stream*; an empty string if it is not to be had."""
        return await self._name(tracker, CAMPAIGN_GET, stream.get("campaign_id"))

    def remember(
        self, tracker: Tracker, operation: Operation, object_id: int, found: Mapping[str, Any]
    ) -> None:
        """Believe the name of what *operation* has just read, whatever it was read for."""
        name = _name_in(found)
        if not name:
            return
        told = self._told.setdefault(tracker, {})
        if len(told) >= KEPT_MOST:
            told.clear()
        told[operation.name, object_id] = (name, self._clock() + BELIEVED_SECONDS)

    async def _named(
        self, tracker: Tracker, operation: Operation, stream: Stream, field: str, id_field: str
    ) -> dict[str, Any]:
        rows = stream.get(field)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return {}
        first = rows[:NAMES_MOST]
        ids = (row.get(id_field) for row in first)
        names = await asyncio.gather(*(self._name(tracker, operation, one) for one in ids))
        named = [
            {**row, **({"name": name} if name else {})}
            for row, name in zip(first, names, strict=True)
        ]
        return {field: [*named, *rows[NAMES_MOST:]]}

    async def _name(self, tracker: Tracker, operation: Operation, object_id: Any) -> str:
        if not isinstance(object_id, int):
            return ""
        told = self._told.setdefault(tracker, {})
        name, until = told.get((operation.name, object_id), ("", 0.0))
        if self._clock() < until:
            return name
        found = await _asked(tracker, operation, object_id)
        self.remember(tracker, operation, object_id, found)
        return _name_in(found)


async def _asked(tracker: Tracker, operation: Operation, object_id: int) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout(BUDGET_SECONDS):
            found: Mapping[str, Any] = await tracker.call(operation, is_extra=True, id=object_id)
    except (KeitaroError, TimeoutError):
        return {}
    return found


def _name_in(found: Mapping[str, Any]) -> str:
    return str(found.get("name") or "")
