"""The border with Telegram: how an answer reaches its chat, whatever Telegram says to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError

from handlers.render.html import length, plain
from handlers.render.page import Button, File, Page
from handlers.texts import Texts

SLOW_SECONDS = 2.0
PAUSES_SECONDS = (0.25, 1.0, 2.0, 4.0)
WAIT_MOST_SECONDS = 60.0
ALERT_SIGNS = 200
MARK_SIGNS = 2
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Place:
    """Where an answer goes: a chat, a topic in it, and the message it replies to."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None


class Answer:
    """The one answer to a message.

    A change says ⏳ first, and what it says in the end edits that message; so does anything that
    takes longer than two seconds. *moved* is told the old
    and the new id when Telegram says that a group has become a supergroup. *edits* is the message
    whose button was pressed: the answer takes its place.
    """

    def __init__(
        self,
        bot: Bot,
        place: Place,
        *,
        texts: Texts,
        moved: Callable[[int, int], Awaitable[object]],
        edits: int | None = None,
    ) -> None:
        self.place = place
        self._bot = bot
        self._texts = texts
        self._moved = moved
        self._progress_id = edits
        self._given = False
        self._as_html = True
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def announced_when_slow(self) -> AsyncIterator[None]:
        """Say ⏳ by itself if there is no answer after two seconds."""
        timer = asyncio.create_task(self._announce_later())
        try:
            yield
        finally:
            timer.cancel()
            await asyncio.gather(timer, return_exceptions=True)

    async def announce(self) -> None:
        """Say ⏳ now; the answer will take the place of this message."""
        async with self._lock:
            if not self._given and self._progress_id is None:
                message = await self._delivered(
                    lambda: self._send(Page(f"⏳ {self._texts.working}"))
                )
                self._progress_id = message.message_id if message else None

    async def give(self, page: Page) -> None:
        """Send *page*, in the place of the ⏳ if there was one; its file follows.

        Raises:
            TelegramError: Telegram does not take it, in any form.
        """
        async with self._lock:
            self._given = True
            page = fitting(page)
            await self._say(page)
            for file in filter(None, (page.overflow, page.file)):
                await self._hand_over(file)

    async def _say(self, page: Page) -> None:
        try:
            await self._delivered(lambda: self._edit_or_send(page))
        except TelegramError:
            if self._progress_id is None:
                raise
            # The ⏳ cannot be edited, whatever the reason: the answer becomes its own message.
            self._progress_id = None
            await self._delivered(lambda: self._edit_or_send(page))

    async def _hand_over(self, file: File) -> None:
        try:
            await self._delivered(partial(self._attach, file))
        except TelegramError:
            await self._delivered(partial(self._send, Page(f"⚠️ {self._texts.file_refused}")))

    async def _announce_later(self) -> None:
        await asyncio.sleep(SLOW_SECONDS)
        # Shielded: the id of a ⏳ on its way must be learned, or it would stay for ever.
        await asyncio.shield(self.announce())

    async def _edit_or_send(self, page: Page) -> None:
        if self._progress_id is None:
            await self._send(page)
            return
        await self._bot.edit_message_text(
            self._text(page),
            chat_id=self.place.chat_id,
            message_id=self._progress_id,
            parse_mode=self._parse_mode(),
            reply_markup=keyboard(page.buttons),
            link_preview_options=NO_PREVIEW,
        )

    async def _send(self, page: Page) -> Message:
        return await self._bot.send_message(
            self.place.chat_id,
            self._text(page),
            parse_mode=self._parse_mode(),
            reply_markup=keyboard(page.buttons),
            link_preview_options=NO_PREVIEW,
            message_thread_id=self.place.thread_id,
            reply_parameters=self._reply_parameters(),
        )

    async def _attach(self, file: File) -> Message:
        return await self._bot.send_document(
            self.place.chat_id,
            InputFile(file.content, filename=file.name),
            message_thread_id=self.place.thread_id,
            reply_parameters=self._reply_parameters(),
        )

    def _text(self, page: Page) -> str:
        return page.html if self._as_html else plain(page.html)

    def _parse_mode(self) -> str | None:
        return ParseMode.HTML if self._as_html else None

    def _reply_parameters(self) -> ReplyParameters | None:
        if self.place.reply_to is None:
            return None
        return ReplyParameters(self.place.reply_to, allow_sending_without_reply=True)

    async def _delivered(self, attempt: Callable[[], Awaitable[Result]]) -> Result | None:
        """Return the result of *attempt*, made again as often as makes sense.

        None stands for an edit that changed nothing.
        """
        for pause in PAUSES_SECONDS:
            try:
                return await attempt()
            except ChatMigrated as error:
                await self._move(error.new_chat_id)
            except RetryAfter as error:
                await asyncio.sleep(min(_seconds(error.retry_after), WAIT_MOST_SECONDS))
            except BadRequest as error:
                if "not modified" in str(error):
                    return None
                if not self._adapt(str(error).lower()):
                    raise
            except NetworkError:
                await asyncio.sleep(pause)
        return await attempt()

    def _adapt(self, complaint: str) -> bool:
        """Change what a *complaint* of Telegram is about; False if nothing can be done."""
        if "can't parse entities" in complaint and self._as_html:
            self._as_html = False
        elif "message to edit not found" in complaint or "can't be edited" in complaint:
            self._progress_id = None
        elif "thread not found" in complaint or "topic_closed" in complaint:
            self.place = replace(self.place, thread_id=None)
        else:
            return False
        return True

    async def _move(self, new_chat_id: int) -> None:
        await self._moved(self.place.chat_id, new_chat_id)
        # Topics and messages are counted anew there: the old numbers may mean others.
        self.place = Place(new_chat_id)
        self._progress_id = None


async def acknowledge(query: CallbackQuery, alert: str = "") -> None:
    """Stop the spinner on a button, with an *alert* for the one who pressed it if there is one.

    Telegram may find it too late for that, or not be there; the answer matters more.
    """
    with suppress(TelegramError):
        await query.answer(alert[:ALERT_SIGNS], show_alert=bool(alert))


def _seconds(pause: int | timedelta) -> float:
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def fitting(page: Page) -> Page:
    """Return *page* as Telegram takes it: what is too long for a message goes into a file."""
    if length(page.html) <= MessageLimit.MAX_TEXT_LENGTH:
        return page
    whole = File("answer.txt", plain(page.html).encode())
    first_line = page.html.split("\n", 1)[0]
    if length(first_line) > MessageLimit.MAX_TEXT_LENGTH // 2:
        first_line = f"{plain(first_line).split()[0][:MARK_SIGNS]} …"
    return replace(page, html=first_line, overflow=whole)


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """Return *rows* of buttons as Telegram takes them."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if button.link:
        return InlineKeyboardButton(button.label, url=button.link)
    return InlineKeyboardButton(button.label, callback_data=button.data)
