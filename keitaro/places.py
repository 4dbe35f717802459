"""The few calls that may be on their way to a tracker at one time."""

import asyncio

from keitaro.errors import UnreachableError


class Places:
    """So many places, given in the order in which they were asked for.

    *waiting* is how many calls wait for one.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._free = asyncio.Semaphore(count)
        self._is_closed = False
        self.waiting = 0

    async def take(self, *, until: float | None = None) -> UnreachableError | None:
        """Take a place, which has to be left again, or return why there is none.

        It is waited for no longer than *until*, a time of the running loop.
        """
        self.waiting += 1
        try:
            async with asyncio.timeout_at(until):
                await self._free.acquire()
        except TimeoutError:
            return UnreachableError("timeout", "place")
        finally:
            self.waiting -= 1
        if not self._is_closed:
            return None
        self.leave()
        return UnreachableError("other", "closed")

    def leave(self) -> None:
        """Leave a place to whoever has waited longest."""
        self._free.release()

    async def close(self) -> None:
        """Let those who have a place or wait for one be done, then give no more."""
        taken = 0
        try:
            for _ in range(self._count):
                await self._free.acquire()
                taken += 1
        finally:
            self._is_closed = True
            for _ in range(taken):
                self.leave()
