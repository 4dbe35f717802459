"""The border with Telegram: one message, and what Telegram's complaints about it ask for."""

from contextlib import suppress
from dataclasses import replace

from telegram import (
    Bot,
    CallbackQuery,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, TelegramError

from handlers.letter import Letter
from handlers.render.html import plain
from handlers.render.page import Button, File, Page, with_note

ALERT_SIGNS = 200
PICKED_MOST = 10
CANCEL = "/cancel"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class NotSentError(NetworkError):
    """Telegram could not be reached, so it certainly has not got the message."""


async def deliver(bot: Bot, letter: Letter) -> int | None:
    """Send the next part of *letter*, or put it in the place of its ⏳.

    Returns the message that a text has become; None for a file.

    Raises:
        TelegramError: Telegram does not take it, or it is not known whether it has.
    """
    part = letter.part
    if isinstance(part, File):
        await _attach(bot, letter, part)
        return None
    if not letter.is_edit:
        return (await send(bot, letter, part)).message_id
    try:
        await _edit(bot, letter, part)
    except BadRequest as error:
        # It was put there before, by an edit whose answer was lost.
        if "not modified" not in str(error):
            raise
    return letter.owed.progress_id


async def _edit(bot: Bot, letter: Letter, page: Page) -> None:
    await bot.edit_message_text(
        _text(letter, page),
        chat_id=letter.owed.chat_id,
        message_id=letter.owed.progress_id,
        parse_mode=_parse_mode(letter),
        reply_markup=keyboard(page.buttons),
        link_preview_options=NO_PREVIEW,
    )


async def send(bot: Bot, letter: Letter, page: Page) -> Message:
    """Send *page* to where *letter* goes, as a message of its own."""
    return await bot.send_message(
        letter.owed.chat_id,
        _text(letter, page),
        parse_mode=_parse_mode(letter),
        reply_markup=_markup(page),
        link_preview_options=NO_PREVIEW,
        message_thread_id=letter.owed.thread_id,
        reply_parameters=_reply_parameters(letter),
        disable_notification=letter.is_quiet or None,
    )


async def _attach(bot: Bot, letter: Letter, file: File) -> None:
    send = bot.send_photo if file.is_picture else bot.send_document
    await send(
        letter.owed.chat_id,
        InputFile(file.content, filename=file.name),
        caption=_caption(letter),
        parse_mode=_parse_mode(letter),
        message_thread_id=letter.owed.thread_id,
        reply_parameters=_reply_parameters(letter),
        disable_notification=letter.is_quiet or None,
    )


def _caption(letter: Letter) -> str | None:
    """Return what stands under a file: the words of the answer, or only that it may come twice."""
    words = with_note(letter.page if letter.is_captioned else Page(""), letter.repeat)
    if not letter.owed.is_repeat:
        words = letter.page if letter.is_captioned else Page("")
    return _text(letter, words).strip() or None


def _text(letter: Letter, page: Page) -> str:
    return page.html if letter.is_html else plain(page.html)


def _parse_mode(letter: Letter) -> str | None:
    return ParseMode.HTML if letter.is_html else None


def _reply_parameters(letter: Letter) -> ReplyParameters | None:
    if not letter.is_quoted or letter.owed.reply_to is None:
        return None
    return ReplyParameters(letter.owed.reply_to, allow_sending_without_reply=True)


def adapted(letter: Letter, complaint: str) -> Letter | None:
    """Return *letter* without what a *complaint* of Telegram is about; None if that is no help.

    The wording of complaints is that of the Bot API server.
    """
    complaint = complaint.lower()
    owed = letter.owed
    if "can't parse entities" in complaint and letter.is_html:
        return replace(letter, is_html=False)
    is_too_long = "too long" in complaint or "too_long" in complaint
    if is_too_long and isinstance(letter.part, Page) and letter.page.overflow is None:
        return replace(letter, page=_in_a_file(letter.page))
    if letter.is_edit:
        # Whatever keeps the ⏳ from being edited: the answer becomes a message of its own.
        return replace(letter, owed=replace(owed, progress_id=None), is_quoted=True)
    is_topic_lost = "thread not found" in complaint or "topic_" in complaint
    if is_topic_lost and owed.thread_id is not None:
        return replace(letter, owed=replace(owed, thread_id=None))
    if "replied not found" in complaint and letter.is_quoted:
        return replace(letter, is_quoted=False)
    return _unshown(letter)


def _unshown(letter: Letter) -> Letter | None:
    """Return *letter* with its picture as a document, if a picture is what is refused."""
    file, page = letter.page.file, letter.page
    if file is None or not file.is_picture or letter.part != file:
        return None
    return replace(letter, page=replace(page, file=replace(file, is_picture=False)))


def _in_a_file(page: Page) -> Page:
    """Return *page* as little more than its mark, with all of it in a file."""
    whole = File("answer.txt", plain(page.html).encode())
    return replace(page, html=f"{plain(page.html).split()[0]} …", overflow=whole)


async def acknowledge(query: CallbackQuery, alert: str = "") -> None:
    """Stop the spinner on a button, with an *alert* for the one who pressed it if there is one.

    Telegram may find it too late for that, or not be there; the answer matters more.
    """
    with suppress(TelegramError):
        await query.answer(alert[:ALERT_SIGNS], show_alert=bool(alert))


def _markup(
    page: Page,
) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply | None:
    """Return what goes with a new message: a wish for a reply, the picker, its end, or buttons."""
    if page.asks:
        return ForceReply(selective=True, input_field_placeholder=page.asks)
    if page.picker:
        people = KeyboardButtonRequestUsers(
            page.picker.request_id, user_is_bot=False, max_quantity=PICKED_MOST, request_name=True
        )
        return ReplyKeyboardMarkup(
            [[KeyboardButton(page.picker.label, request_users=people)], [KeyboardButton(CANCEL)]],
            resize_keyboard=True,
            one_time_keyboard=True,
        )
    return ReplyKeyboardRemove() if page.takes_keyboard else keyboard(page.buttons)


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """Return *rows* of buttons as Telegram takes them."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if button.link:
        return InlineKeyboardButton(button.label, url=button.link)
    return InlineKeyboardButton(button.label, callback_data=button.data)
