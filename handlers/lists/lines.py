"""The lines in which the changes of a list wait for those of others, taken all at once."""

import asyncio
from collections import defaultdict

from handlers.changes.judge import Wish
from handlers.changes.settling import Line, Settling, line_of


class Lines:
    """What a list holds so that no other change can be taken for one of its own.

    All are taken in one order before anything is sent: two lists cannot wait for each other.
    Each is left when the last item in it has ended for certain.
    """

    def __init__(self, settling: Settling, address: str) -> None:
        self._settling = settling
        self._address = address
        self._held: dict[Line, asyncio.Lock] = {}
        self._places: defaultdict[Line, set[int]] = defaultdict(set)
        self._line_of: dict[int, Line] = {}

    async def take(self, wishes: dict[int, Wish]) -> None:
        """Wait for the lines of all *wishes*."""
        for place, wish in wishes.items():
            line = line_of(self._address, wish)
            self._line_of[place] = line
            self._places[line].add(place)
        locks = {
            line_of(self._address, wish): self._settling.line(self._address, wish)
            for wish in wishes.values()
        }
        for line in sorted(locks):
            await locks[line].acquire()
            self._held[line] = locks[line]

    def leave(self, place: int) -> None:
        """Let others pass whom the item at *place* has kept waiting."""
        line = self._line_of.pop(place, None)
        if line is None:
            return
        self._places[line].discard(place)
        if not self._places[line] and line in self._held:
            self._held.pop(line).release()

    def close(self) -> None:
        """Leave all that is still held."""
        for place in tuple(self._line_of):
            self.leave(place)
