"""In which order updates are handled."""

import asyncio
from collections.abc import Awaitable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, cast

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from handlers.inbox import StoredQueue, is_due

# The library's own limit counts those that wait, too.
WAITING_MOST = 100_000


@dataclass
class _Line:
    """The updates of one person in one chat: *length* of them wait or are being handled."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class InOrder(BaseUpdateProcessor):
    """Handles updates side by side, but those of one person in one chat one after the other.

    What was handled is done in *queue*; what was not begun or not ended stays there.
    """

    def __init__(self, side_by_side: int, queue: StoredQueue) -> None:
        super().__init__(WAITING_MOST)
        self._places = asyncio.Semaphore(side_by_side)
        self._queue = queue
        self._lines: dict[tuple[int, int], _Line] = {}
        self._held: dict[asyncio.Task[Any] | None, AsyncExitStack] = {}
        self._suspects = asyncio.Lock()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await *coroutine* when the sender's earlier updates are done.

        A place among those side by side is taken only then: an impatient person who waits for a
        slow tracker must not take the places of all others.
        """
        key = _key_of(update)
        line = self._lines.setdefault(key, _Line())
        line.length += 1
        task = asyncio.current_task()
        try:
            async with AsyncExitStack() as held:
                self._held[task] = held
                await self._wait(cast("Update", update), line, held)
                await self._handle(cast("Update", update), coroutine)
        finally:
            # One that was not begun would be warned about.
            cast("Coroutine[Any, Any, Any]", coroutine).close()
            del self._held[task]
            line.length -= 1
            if not line.length:
                del self._lines[key]

    async def let_others_pass(self) -> None:
        """Give up the turn of the update that is being handled by the task that calls this."""
        held = self._held.get(asyncio.current_task())
        if held is not None:
            await held.pop_all().aclose()

    async def _wait(self, update: Update, line: _Line, held: AsyncExitStack) -> None:
        await held.enter_async_context(line.turn)
        if self._queue.arrival(update).is_suspect:
            # Alone, so that none is blamed for what another one does.
            await held.enter_async_context(self._suspects)
        await held.enter_async_context(self._places)

    async def _handle(self, update: Update, coroutine: Awaitable[Any]) -> None:
        if await self._queue.begin(update):
            await coroutine
            await self._queue.finish(update)

    async def abandon(self) -> None:
        """Break off what is still being handled; it stays stored."""
        tasks = [task for task in self._held if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def initialize(self) -> None:
        """Need nothing."""

    async def shutdown(self) -> None:
        """Leave nothing."""


def _key_of(update: object) -> tuple[int, int]:
    if not isinstance(update, Update):
        return (0, 0)
    if is_due(update):
        # Nobody has to wait for what is done in their name.
        return (update.effective_chat.id if update.effective_chat else 0, 0)
    chat, user = update.effective_chat, update.effective_user
    return (chat.id if chat else 0, user.id if user else 0)
