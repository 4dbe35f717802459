"""Fetching updates from Telegram: stored first, acknowledged with the next poll.

The library's own way would take away a webhook before it begins, stop at the first refusal, and
write every fault into the log.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

from telegram.error import RetryAfter, TelegramError

from bot.telegram_requests import Polling
from handlers import ALLOWED_UPDATES, Bot, StoredQueue, pause_of

POLL_SECONDS = 30
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
LAST_SECONDS = 1.0
LOG_EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


class Poller:
    """Asks Telegram for updates and puts them into the queue of *application*."""

    def __init__(self, application: Bot, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = application.bot
        self._queue = cast("StoredQueue", application.update_queue)
        self._clock = clock
        self._offset: int | None = None
        self._faults = 0
        self._logged_at = -LOG_EVERY_SECONDS

    async def run(self) -> None:
        """Fetch updates until cancelled, whatever Telegram answers."""
        while True:
            try:
                await self.fetch(POLL_SECONDS)
            except TelegramError as error:
                self._complain(error)
                await asyncio.sleep(self._pause(error))
            else:
                self._faults = 0

    async def fetch(self, wait_seconds: int) -> None:
        """Acknowledge what was stored, and store what comes within so many seconds.

        Raises:
            TelegramError: Telegram did not hand over anything, or not all of it was stored.
        """
        updates = await self._bot.get_updates(
            offset=self._offset, timeout=wait_seconds, allowed_updates=ALLOWED_UPDATES
        )
        await self._queue.put_all(updates)
        if updates:
            self._offset = updates[-1].update_id + 1

    def _pause(self, error: TelegramError) -> float:
        if isinstance(error, RetryAfter):
            return pause_of(error)
        self._faults += 1
        return PAUSES_SECONDS[min(self._faults, len(PAUSES_SECONDS)) - 1]

    def _complain(self, error: TelegramError) -> None:
        """Log *error*, unless one was logged within the last minute."""
        if self._clock() - self._logged_at >= LOG_EVERY_SECONDS:
            self._logged_at = self._clock()
            log.warning("Telegram: %s", str(error)[:300])


@asynccontextmanager
async def fetching(application: Bot, polling: Polling) -> AsyncIterator[None]:
    """Fetch updates while the block runs; if that cannot go on, *polling* is lost."""
    poller = Poller(application)
    task = asyncio.create_task(poller.run())

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            polling.lose(f"polling has failed: {task.exception()!r}")

    task.add_done_callback(ended)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if not polling.lost.is_set():
            await _acknowledge(poller)


async def _acknowledge(poller: Poller) -> None:
    """Tell Telegram what is stored, or the next process would be handed it again."""
    with suppress(TimeoutError, TelegramError):
        async with asyncio.timeout(LAST_SECONDS):
            await poller.fetch(0)
