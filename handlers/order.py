"""In which order updates are handled."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# The library's own limit counts those that wait, too.
WAITING_MOST = 100_000


@dataclass
class _Line:
    """The updates of one person in one chat: *length* of them wait or are being handled."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class InOrder(BaseUpdateProcessor):
    """Handles updates side by side, but those of one person in one chat one after the other."""

    def __init__(self, side_by_side: int) -> None:
        super().__init__(WAITING_MOST)
        self._places = asyncio.Semaphore(side_by_side)
        self._lines: dict[tuple[int, int], _Line] = {}
        self._tasks: set[asyncio.Task[Any] | None] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await *coroutine* when the sender's earlier updates are done.

        A place among those side by side is taken only then: an impatient person who waits for a
        slow tracker must not take the places of all others.
        """
        key = _key_of(update)
        line = self._lines.setdefault(key, _Line())
        line.length += 1
        try:
            async with line.turn, self._places:
                await self._handle(coroutine)
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[key]

    async def _handle(self, coroutine: Awaitable[Any]) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            await coroutine
        finally:
            self._tasks.discard(task)

    async def abandon(self, *, patience_seconds: float) -> int:
        """Break off what is still being handled, and return how much that was.

        Whoever waits for an answer is told so, within *patience_seconds*.
        """
        tasks = {task for task in self._tasks if task}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=patience_seconds)
        return len(tasks)

    async def initialize(self) -> None:
        """Need nothing."""

    async def shutdown(self) -> None:
        """Leave nothing."""


def _key_of(update: object) -> tuple[int, int]:
    if not isinstance(update, Update):
        return (0, 0)
    chat, user = update.effective_chat, update.effective_user
    return (chat.id if chat else 0, user.id if user else 0)
