"""How long a tracker may be at work on a change, and whose creations wait for whose."""

import asyncio
import time
from weakref import WeakValueDictionary

from handlers.changes.judge import Wish
from storage import Entry

# The tracker's address, and a campaign with the name of a stream, or a stream.
Line = tuple[str, int, str]


class Settling:
    """What is in doubt is settled after *seconds*: no tracker works longer on a request.

    The clock may be set while a change is on its way, so this process counts by another one what
    it has begun itself.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._begun: dict[str, float] = {}
        self._lines: WeakValueDictionary[Line, asyncio.Lock] = WeakValueDictionary()

    def begin(self, key: str) -> None:
        """Count from now on for the change *key*."""
        self._begun[key] = time.monotonic()

    def is_begun(self, key: str) -> bool:
        """Tell whether this process has begun the change *key*, and not ended it."""
        return key in self._begun

    def end(self, key: str) -> None:
        """Count no more for it."""
        self._begun.pop(key, None)

    def left(self, entry: Entry, now: float) -> float:
        """Return for how many seconds the tracker may still be at work on a change."""
        begun = self._begun.get(entry.change.key)
        passed = now - entry.begun_at if begun is None else time.monotonic() - begun
        return min(max(self.seconds - passed, 0.0), self.seconds)

    def line(self, address: str, wish: Wish) -> asyncio.Lock:
        """Return what a change waits for that could be taken for another one, or undo it.

        Two creations of one name in one campaign go one after the other, and so do two changes of
        one stream: one that is in doubt may still come about after the next one was answered.
        """
        return self._lines.setdefault(line_of(address, wish), asyncio.Lock())


def line_of(address: str, wish: Wish) -> Line:
    """Return what the line of a change is called."""
    if wish.creates:
        name = str(wish.body["name"]).strip().casefold()
        return address, wish.campaign_id, name
    return address, wish.stream_id, ""
