"""One answer, carried until Telegram has taken it or will never take it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from handlers.delivery import NotSentError, adapted, deliver
from handlers.letter import Letter, elsewhere
from handlers.pace import Pace
from handlers.render.page import File, Page
from storage import Delivery, StorageError, Store

PAUSE_SECONDS, PAUSE_MOST_SECONDS = 0.25, 15.0
FILE_TRIES = 4

log = logging.getLogger(__name__)


@dataclass
class Parcel:
    """A letter in the hands of a courier.

    *progress* comes to the id of the ⏳ it takes the place of. With *has_place* it may go at
    once. It does not go before *not_before* on the clock of the event loop.
    """

    letter: Letter
    progress: "asyncio.Task[int | None] | None" = None
    has_place: bool = False
    not_before: float = 0.0
    failures: int = 0


class Courier:
    """Carries letters; *redirect* takes those that must be sent to another chat.

    Every method raises StorageError if what became of a letter cannot be noted.
    """

    def __init__(
        self,
        bot: Bot,
        store: Store,
        pace: Pace,
        *,
        now: Callable[[], float],
        redirect: Callable[[Letter], Awaitable[None]],
    ) -> None:
        self._bot = bot
        self._store = store
        self._pace = pace
        self._now = now
        self._redirect = redirect
        self.sending: set[asyncio.Task[None] | None] = set()

    async def carry(self, parcel: Parcel) -> bool:
        """Deliver *parcel*, however long it takes; False if nothing reaches its chat."""
        while True:
            await self._until_ready(parcel)
            letter = parcel.letter
            if letter.owed.keep_until is not None and self._now() > letter.owed.keep_until:
                await self._end(letter, "stale", "nobody could be told in time")
                return True
            try:
                message_id = await self._attempt(parcel)
            except StorageError:
                raise
            except Forbidden as error:
                await self._store.chats.set_unreachable(letter.owed.chat_id, self._now())
                await self._refused(letter, error, "unreachable")
                return False
            except Exception as error:  # noqa: BLE001 - a letter that breaks us must not stop the others
                is_over = not await self._goes_on(parcel, error)
            else:
                is_over = not await self._has_more(parcel, message_id)
            if is_over:
                return True

    async def give_up(self, letter: Letter) -> None:
        """Note that *letter* is for a chat that nothing reaches; a result goes elsewhere."""
        await self._turn_aside(letter)
        await self._end(letter, "unreachable", "not tried")

    async def _until_ready(self, parcel: Parcel) -> None:
        """Wait for the ⏳ of *parcel*, for what Telegram has asked for, and for a place."""
        if parcel.progress is not None:
            message_id = await _id_of(parcel.progress)
            parcel.progress = None
            if message_id is not None:
                _change(parcel, progress_id=message_id)
        seconds = parcel.not_before - asyncio.get_running_loop().time()
        if seconds > 0:
            parcel.has_place = False
            await asyncio.sleep(seconds)
        letter = parcel.letter
        if letter.is_edit:
            await self._pace.take_edit()
        elif not parcel.has_place:
            await self._pace.take(letter.owed.chat_id)
            await self._store.outbox.begin(letter.owed.key)
        parcel.has_place = False

    async def _attempt(self, parcel: Parcel) -> int | None:
        task = asyncio.current_task()
        self.sending.add(task)
        try:
            return await deliver(self._bot, parcel.letter)
        finally:
            self.sending.discard(task)

    async def _has_more(self, parcel: Parcel, message_id: int | None) -> bool:
        """Note that a part has arrived, as *message_id*, and tell whether there is another."""
        owed = parcel.letter.owed
        parcel.failures = 0
        if owed.part + 1 >= len(parcel.letter.parts):
            await self._store.outbox.end(owed.key, "sent", message_id=message_id)
            return False
        await self._store.outbox.go_on(owed.key, owed.part + 1, message_id=message_id)
        _change(parcel, part=owed.part + 1, is_repeat=False)
        return True

    async def _goes_on(self, parcel: Parcel, error: Exception) -> bool:
        """Prepare *parcel* for another try after *error*; False if there is no use in one."""
        match error:
            case RetryAfter():
                await self._wait(parcel, pause_of(error))
            case ChatMigrated():
                await self._move(parcel, error.new_chat_id)
            case BadRequest():
                return await self._adapt(parcel, error)
            case NotSentError() | InvalidToken():
                await self._wait(parcel, _pause(parcel))
            case TelegramError() if not self._is_hopeless(parcel):
                await self._wait(parcel, _pause(parcel), may_have_arrived=True)
            case TelegramError():
                return await self._give_in(parcel, error)
            case _:
                # What breaks us is not looked at again.
                await self._refused(parcel.letter, error, "refused")
                return False
        return True

    async def _wait(
        self, parcel: Parcel, seconds: float, *, may_have_arrived: bool = False
    ) -> None:
        parcel.not_before = asyncio.get_running_loop().time() + seconds
        owed = parcel.letter.owed
        is_repeat = owed.is_repeat or (may_have_arrived and not parcel.letter.is_edit)
        _change(parcel, is_repeat=is_repeat)
        await self._store.outbox.postpone(
            owed.key, due_at=self._now() + seconds, is_repeat=is_repeat
        )

    async def _move(self, parcel: Parcel, new_id: int) -> None:
        old_id = parcel.letter.owed.chat_id
        await self._store.chats.migrate(old_id, new_id)
        await self._store.outbox.move(old_id, new_id)
        # Topics and messages are counted anew there: the old numbers may mean others.
        _change(parcel, chat_id=new_id, thread_id=None, reply_to=None, progress_id=None)

    async def _adapt(self, parcel: Parcel, error: BadRequest) -> bool:
        letter = adapted(parcel.letter, str(error))
        if letter is None:
            return await self._give_in(parcel, error)
        parcel.letter = letter
        return True

    def _is_hopeless(self, parcel: Parcel) -> bool:
        """Tell whether a file, which may be what the way cannot take, has been tried enough."""
        return isinstance(parcel.letter.part, File) and parcel.failures >= FILE_TRIES

    async def _give_in(self, parcel: Parcel, error: Exception) -> bool:
        """Do without the part that is refused: a file is missed aloud, a text ends it all."""
        letter = parcel.letter
        if isinstance(letter.part, File) and letter.missing:
            page = Page(letter.missing)
            parcel.letter = replace(letter, page=page, owed=replace(letter.owed, part=0))
            _change(parcel, progress_id=None)
            return True
        await self._refused(letter, error, "refused")
        return False

    async def _refused(self, letter: Letter, error: Exception, fate: Delivery) -> None:
        log.warning("an answer was not taken: %s: %s", type(error).__name__, str(error)[:300])
        await self._turn_aside(letter)
        await self._end(letter, fate, str(error)[:300])

    async def _turn_aside(self, letter: Letter) -> None:
        redirected = elsewhere(letter)
        if redirected is not None:
            await self._redirect(redirected)

    async def _end(self, letter: Letter, fate: Delivery, note: str) -> None:
        await self._store.outbox.end(letter.owed.key, fate, note)


def _change(parcel: Parcel, **facts: int | bool | None) -> None:
    owed = replace(parcel.letter.owed, **facts)  # type: ignore[arg-type]  # each fact has its field's type
    parcel.letter = replace(parcel.letter, owed=owed)


async def _id_of(progress: "asyncio.Task[int | None]") -> int | None:
    """Return the id of a ⏳, or None if there is none; the answer tells why by itself."""
    try:
        return await asyncio.shield(progress)
    except TelegramError:
        return None


def _pause(parcel: Parcel) -> float:
    parcel.failures += 1
    return min(PAUSE_MOST_SECONDS, PAUSE_SECONDS * 2.0 ** min(parcel.failures - 1, 10))


def pause_of(error: RetryAfter) -> float:
    """Return how many seconds Telegram asks to wait."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
