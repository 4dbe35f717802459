"""The one answer to a message: owed from the moment it is given."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from telegram.error import Forbidden, TelegramError

from handlers.faults import UnreachableChatError
from handlers.letter import Letter
from handlers.outbox import Outbox, working
from handlers.render.page import Page
from handlers.texts import Texts
from storage import OwedAnswer

SLOW_SECONDS = 2.0
ANNOUNCED_SECONDS = 1.0


@dataclass(frozen=True)
class Place:
    """Where an answer goes: a chat, a topic in it, and the message it replies to.

    *user_id* is who asked. With *is_quoted* the answer shows the message it replies to; *edits*
    is the message whose place it takes. With *is_quiet* no phone makes a sound.
    """

    chat_id: int
    user_id: int
    thread_id: int | None = None
    reply_to: int | None = None
    is_quoted: bool = False
    edits: int | None = None
    is_quiet: bool = False


class Answer:
    """What is said to an update, under *key*; giving it ends the updates *ends*.

    A change says ⏳ first, and what it says in the end takes the place of that message; so does
    anything that takes longer than two seconds.
    """

    def __init__(
        self, outbox: Outbox, place: Place, *, key: str, texts: Texts, ends: tuple[int, ...] = ()
    ) -> None:
        self.place = place
        self._outbox = outbox
        self._key = key
        self._texts = texts
        self._ends = ends
        self._edits = place.edits
        self._given = False
        self._has_waited = False
        self._left_over: int | None = None
        self._waiting: Callable[[], int] = int
        self._progress: asyncio.Task[int | None] | None = None

    def wait_with(self, waiting: Callable[[], int]) -> None:
        """Have the ⏳ say how many requests wait for the tracker, if *waiting* counts any."""
        self._waiting = waiting

    @property
    def is_announced(self) -> bool:
        """Whether a ⏳ was said, or is being said."""
        return self._edits is not None or self._progress is not None

    @property
    def is_taken_up(self) -> bool:
        """Whether an earlier process has said a ⏳ for it."""
        return self._left_over is not None

    def aside(self, page: Page) -> None:
        """Say *page* if it is no trouble; it is not owed."""
        self._outbox.say_aside(self._letter(page))

    def take_up(self, progress_id: int | None) -> None:
        """Put the answer in the place of a ⏳ that an earlier process has said."""
        self._left_over = progress_id
        self._edits = self._edits or progress_id

    @asynccontextmanager
    async def announced_when_slow(self) -> AsyncIterator[None]:
        """Say ⏳ by itself if there is no answer after two seconds."""
        timer = asyncio.get_running_loop().call_later(SLOW_SECONDS, self._begin)
        try:
            yield
        finally:
            timer.cancel()

    def apart(self) -> None:
        """Leave the message under whose button this was asked for as it is; answer below it."""
        self.place = replace(self.place, edits=None, is_quoted=True)
        self._edits = self._left_over

    async def announce(self) -> None:
        """Begin to say ⏳; the answer will take the place of this message.

        A message under whose button this was asked for says so itself, and loses its buttons.
        """
        if self.place.edits is not None and self._progress is None and not self._given:
            self._say(self._texts.working)
        else:
            self._begin()

    async def progress(self, words: str) -> None:
        """Have the ⏳ say *words*, a piece of HTML, if it stands there by now."""
        if self._progress is not None and not self._progress.done():
            return
        if self._edits is None and self._progress is not None:
            with suppress(TelegramError):
                self._edits = self._progress.result()
        if self._edits is not None and not self._given:
            self._say(words)

    async def announced(self) -> None:
        """Wait a moment for the ⏳ to arrive, the first time this is called.

        Raises:
            UnreachableChatError: Nothing reaches this chat.
        """
        if self._progress is None or self._has_waited:
            return
        self._has_waited = True
        await asyncio.wait({self._progress}, timeout=ANNOUNCED_SECONDS)
        if self._progress.done() and isinstance(self._progress.exception(), Forbidden):
            raise UnreachableChatError

    async def give(self, page: Page, *, is_result: bool = False) -> None:
        """Owe *page* to the chat; a result, which tells of a change, for as long as it takes.

        Another page is owed as long as it is worth anything.

        Raises:
            StorageError: It could not be stored, so it will not be sent.
        """
        self._given = True
        letter = self._letter(page, is_result=is_result)
        await self._outbox.owe(letter, ends=self._ends, progress=self._progress)

    def _begin(self) -> None:
        if self._given or self.is_announced:
            return
        count, texts = self._waiting(), self._texts
        self._say(texts.busy.format(count=count) if count else texts.working)

    def _say(self, words: str) -> None:
        letter = working(self._letter(Page("")), words)
        self._progress = asyncio.create_task(self._outbox.say_working(letter))
        # Nobody may be left to ask what became of it.
        self._progress.add_done_callback(_heard)

    def _letter(self, page: Page, *, is_result: bool = False) -> Letter:
        place, texts = self.place, self._texts
        owed = OwedAnswer(
            self._key,
            place.chat_id,
            place.user_id,
            body="",
            thread_id=place.thread_id,
            reply_to=place.reply_to,
            progress_id=self._edits,
            keep_until=None if is_result else self._outbox.now() + page.lasts_seconds,
        )
        return Letter(
            owed,
            page,
            repeat=f"<i>{texts.repeat}</i>",
            missing=f"⚠️ {texts.file_refused}",
            elsewhere=texts.answered_elsewhere,
            is_quoted=place.is_quoted,
            is_quiet=place.is_quiet,
        )


def _heard(progress: "asyncio.Task[int | None]") -> None:
    if not progress.cancelled():
        progress.exception()
