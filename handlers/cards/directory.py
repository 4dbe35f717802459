"""The offers and campaigns of trackers, to be found by a part of their names.

Nothing in the API searches them, and the lists are long, so each is believed for a minute.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from handlers.request import is_id
from keitaro import CAMPAIGN_LIST, OFFER_LIST, Operation, Tracker

BELIEVED_SECONDS = 60.0
PAGE_ROWS = 1000
PAGES_MOST = 5


@dataclass(frozen=True)
class Entry:
    """Something in a tracker that has an id and a name."""

    id: int
    name: str


class Directory:
    """What trackers have listed lately; that of one tracker is no other's."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._listed: WeakKeyDictionary[Tracker, dict[str, tuple[tuple[Entry, ...], float]]]
        self._listed = WeakKeyDictionary()

    async def offers(self, tracker: Tracker, words: str) -> list[Entry]:
        """Return the offers that *words* may mean, but for those in the archive.

        Raises:
            ExchangeError: The tracker does not list them.
        """
        return matching(await self._entries(tracker, OFFER_LIST), words)

    async def campaigns(self, tracker: Tracker, words: str) -> list[Entry]:
        """Return the campaigns that *words* may mean, but for those in the archive.

        Raises:
            ExchangeError: The tracker does not list them.
        """
        return matching(await self._entries(tracker, CAMPAIGN_LIST), words)

    async def _entries(self, tracker: Tracker, operation: Operation) -> tuple[Entry, ...]:
        listed = self._listed.setdefault(tracker, {})
        entries, until = listed.get(operation.name, ((), 0.0))
        if self._clock() < until:
            return entries
        entries = tuple(_live(await _all_rows(tracker, operation)))
        listed[operation.name] = (entries, self._clock() + BELIEVED_SECONDS)
        return entries


async def _all_rows(tracker: Tracker, operation: Operation) -> list[Any]:
    """Return all rows; newer trackers list campaigns page by page, older ones all at once."""
    if "limit" not in operation.query:
        rows: list[Any] = await tracker.call(operation)
        return rows
    found: list[Any] = []
    seen: set[str] = set()
    for number in range(PAGES_MOST):
        query = {"limit": PAGE_ROWS, "offset": number * PAGE_ROWS}
        rows = await tracker.call(operation, query=query)
        fresh = [row for row in rows if _id(row) not in seen]
        seen.update(map(_id, fresh))
        found += fresh
        if len(rows) < PAGE_ROWS or not fresh:
            break
    return found


def _id(row: Any) -> str:
    return str(row.get("id")) if isinstance(row, dict) else ""


def _live(rows: Iterable[Any]) -> Iterable[Entry]:
    for row in rows:
        if not isinstance(row, dict) or row.get("state") == "deleted":
            continue
        if is_id(_id(row)):
            yield Entry(int(row["id"]), str(row.get("name") or ""))


def matching(entries: Iterable[Entry], words: str) -> list[Entry]:
    """Return those whose name has all *words*, whatever their capitals, the id itself first."""
    wanted = words.casefold().split()
    entries = list(entries)
    exact = [entry for entry in entries if wanted == [str(entry.id)]]
    named = [
        entry
        for entry in entries
        if wanted and entry not in exact and all(word in entry.name.casefold() for word in wanted)
    ]
    return [*exact, *sorted(named, key=lambda entry: (entry.name.casefold(), entry.id))]
