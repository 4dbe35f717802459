"""Waiting for something to become true, woken by everything that happens."""

import asyncio
from collections.abc import Callable


class Pulse:
    """Beats whenever the state changes."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """Wake everybody who waits, to look again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def until(self, predicate: Callable[[], bool], *, timeout_seconds: float) -> None:
        """Return as soon as *predicate* holds.

        Raises:
            TimeoutError: it did not, in so many seconds.
        """
        async with asyncio.timeout(timeout_seconds):
            while not predicate():
                future = asyncio.get_running_loop().create_future()
                self._waiting.add(future)
                await future
