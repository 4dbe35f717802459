"""Answers on their way: stored first, delivered then, chat by chat in order.

Every chat with something to deliver has a lane of its own, so one that Telegram asks to wait
holds up nobody else.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from telegram import Bot
from telegram.error import Forbidden, RetryAfter, TelegramError

from handlers.courier import Courier, Parcel, pause_of
from handlers.delivery import deliver
from handlers.inbox import StoredQueue
from handlers.letter import Letter, read_letter
from handlers.pace import PER_GROUP, Pace
from handlers.render.page import Page
from storage import StorageError, Store

# How long a message that is just being sent may still take at the end.
LAST_SECONDS = 0.5
# So many of those that may be left unsaid are under way at once.
ASIDES_MOST = 256


class Outbox:
    """What is owed to chats, and the lanes that deliver it."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        queue: StoredQueue,
        *,
        pace: Pace,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._bot = bot
        self._store = store
        self._queue = queue
        self._pace = pace
        self.now = now
        self._courier = Courier(bot, store, pace, now=now, redirect=self.owe)
        self._lanes: dict[int, deque[Parcel]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._rests: dict[int, float] = {}
        self._asides: set[asyncio.Task[None]] = set()

    async def adopt(self) -> int:
        """Deliver what earlier processes have left, and return how much that is."""
        now = self.now()
        recent = await self._store.outbox.delivered_since(now - PER_GROUP.seconds)
        self._pace.recall((chat_id, max(0.0, now - at)) for chat_id, at in recent)
        owed = await self._store.outbox.owed()
        clock = asyncio.get_running_loop().time()
        for one in owed:
            # A clock that was set back since must not make the wait longer than it was meant.
            wait_seconds = max(0.0, (one.due_at or 0.0) - max(now, one.owed_at))
            self._post(Parcel(read_letter(one), not_before=clock + wait_seconds))
        return len(owed)

    async def owe(
        self,
        letter: Letter,
        *,
        ends: Sequence[int] = (),
        progress: "asyncio.Task[int | None] | None" = None,
    ) -> None:
        """Store *letter*, end the updates *ends* with it, and see to it that it is delivered.

        It takes the place of the message that *progress* comes to.

        Raises:
            StorageError: It could not be stored; nothing was sent.
        """
        body = await _body(letter)
        has_place = progress is None and not letter.is_edit and self._take_now(letter)
        rest_seconds = self._rest_seconds(letter.owed.chat_id)
        owed = replace(
            letter.owed,
            body=body,
            owed_at=self.now(),
            due_at=self.now() + rest_seconds if rest_seconds else None,
            is_begun=has_place,
        )
        is_new = await self._store.outbox.owe(owed, ends=ends, fate=self._queue.fate(ends))
        self._queue.ended(ends)
        if is_new:
            # What is stored need not be kept here, too.
            letter = replace(letter, owed=replace(owed, body=""))
            not_before = asyncio.get_running_loop().time() + rest_seconds
            self._post(Parcel(letter, progress, has_place, not_before))

    async def say_working(self, letter: Letter) -> int | None:
        """Say *letter*, which only tells that an answer is being made, and return its id.

        It is not owed: None if it would have to wait, or does not arrive. In the place of a
        message it is said there.

        Raises:
            Forbidden: Nothing reaches this chat.
        """
        owed = letter.owed
        if not self._take_now(letter):
            return None
        try:
            message_id = await deliver(self._bot, letter)
        except Forbidden:
            await self._store.chats.set_unreachable(owed.chat_id, self.now())
            raise
        except RetryAfter as error:
            clock = asyncio.get_running_loop().time()
            self._rests[owed.chat_id] = clock + pause_of(error)
            return None
        except TelegramError:
            return None
        if letter.is_edit or message_id is None:
            return message_id
        try:
            await self._store.outbox.note_progress(owed, message_id)
        except StorageError as error:
            self._queue.lose(error)
        return message_id

    def say_aside(self, letter: Letter) -> None:
        """Say *letter* if there is room to spare; it is not owed, and nobody waits for it."""
        chat_id = letter.owed.chat_id
        is_busy = len(self._asides) >= ASIDES_MOST or chat_id in self._lanes
        if is_busy or self._rest_seconds(chat_id) or not self._pace.take_spare(chat_id):
            return
        task = asyncio.create_task(self._try(letter))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _try(self, letter: Letter) -> None:
        with suppress(TelegramError):
            await deliver(self._bot, letter)

    async def settled(self) -> None:
        """Wait until nothing is being delivered."""
        while under_way := {*self._tasks.values(), *self._asides}:
            await asyncio.wait(under_way)

    async def close(self, seconds: float = 0.0) -> None:
        """Deliver for at most *seconds* more, then leave the rest to the next process."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.settled()
        tasks = {*self._tasks.values(), *self._asides}
        for task in tasks - self._courier.sending:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=LAST_SECONDS if seconds else 0.0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _take_now(self, letter: Letter) -> bool:
        """Take a place for *letter* if nothing keeps it from going at this moment."""
        chat_id = letter.owed.chat_id
        is_free = chat_id not in self._lanes and not self._rest_seconds(chat_id)
        return is_free and self._pace.take_now(chat_id)

    def _rest_seconds(self, chat_id: int) -> float:
        """Return how long Telegram wants a chat in which a ⏳ was too much to be left alone."""
        seconds = self._rests.get(chat_id, 0.0) - asyncio.get_running_loop().time()
        if seconds <= 0:
            self._rests.pop(chat_id, None)
        return max(0.0, seconds)

    def _post(self, parcel: Parcel) -> None:
        chat_id = parcel.letter.owed.chat_id
        self._lanes.setdefault(chat_id, deque()).append(parcel)
        if chat_id not in self._tasks:
            self._tasks[chat_id] = asyncio.create_task(self._drain(chat_id))

    async def _drain(self, chat_id: int) -> None:
        """Deliver what is in the lane of a chat; what nothing reaches is not even tried."""
        lane = self._lanes[chat_id]
        is_reached = True
        try:
            while lane:
                if is_reached:
                    is_reached = await self._courier.carry(lane[0])
                else:
                    await self._courier.give_up(lane[0].letter)
                lane.popleft()
        except Exception as error:  # noqa: BLE001 - whatever it is, what is owed is left to the next process
            self._queue.lose(error)
        finally:
            del self._tasks[chat_id]
            del self._lanes[chat_id]


async def _body(letter: Letter) -> str:
    return await asyncio.to_thread(letter.body) if letter.is_large else letter.body()


def working(letter: Letter, words: str) -> Letter:
    """Return what is said in the place of *letter* until it is there."""
    return replace(letter, page=Page(f"⏳ {words}"))
