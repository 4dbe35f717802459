"""Whether another process polls with the same token, and waiting until that is over.

Telegram may hand the same update to both, and each has a journal of its own. Whoever polls last
has the other one answered with a conflict, so of two that hold the same update one knows it soon.
"""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

# Two that poll notice each other at least this often.
PEACE_SECONDS = 40.0
# Who was there first polls again within this time after it was told of the conflict.
START_SECONDS = 1.0
LOOK_SECONDS = 1.0


class Alone:
    """Knows until when another process may be handed what this one is handed."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: float | None = None

    def polls(self) -> None:
        """Note that this process polls."""
        if self._until is None:
            self._until = self._clock() + START_SECONDS

    def answered(self, status: int) -> None:
        """Note the *status* of the answer to a poll."""
        if status == HTTPStatus.CONFLICT:
            self._until = self._clock() + PEACE_SECONDS

    async def certain(self) -> None:
        """Wait until nobody else can have been handed what is here."""
        while (seconds := (self._until or 0.0) - self._clock()) > 0:  # noqa: ASYNC110 - it may come to be later meanwhile
            await asyncio.sleep(min(seconds, LOOK_SECONDS))
