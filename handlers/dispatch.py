"""From an update to its answer: every handler returns a page or raises, and is answered here."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import cast

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, CallbackQueryHandler, MessageHandler, filters

from handlers.belonging import TAG, tag_of, tagged, untagged
from handlers.command import Command
from handlers.context import Context, message_of
from handlers.delivery import acknowledge
from handlers.errors import explain
from handlers.faults import LateError, RefusedError, UnreachableChatError
from handlers.inbox import StoredQueue, is_due
from handlers.render.html import plain
from handlers.render.page import Page, with_note
from handlers.request import read_call
from handlers.texts import texts_for
from storage import StorageError

MessageRun = Callable[[Message, Context], Awaitable[Page]]
# What takes long, or must not be told in a corner, comes as something to be awaited.
ButtonRun = Callable[[str, Context], Awaitable[Page | Awaitable[Page]]]

log = logging.getLogger(__name__)


class Calls(filters.MessageFilter):
    """Messages that begin with a command, in their text or in the caption of their file."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=f"Calls({name})")
        self._command = name

    def filter(self, message: Message) -> bool:
        """Tell whether *message* calls this command, of this bot."""
        call = read_call(message)
        if call is None or (self._command is not None and call.name != self._command):
            return False
        return call.is_for(message.get_bot().username)


class Named(filters.MessageFilter):
    """Messages that begin with a command and the name of the bot it is for."""

    def filter(self, message: Message) -> bool:
        """Tell whether a bot is named."""
        call = read_call(message)
        return call is not None and bool(call.username)


class Due(filters.UpdateFilter):
    """Updates that were made here, since something is due; nobody can send one."""

    def filter(self, update: Update) -> bool:
        """Tell whether *update* is one."""
        return is_due(update)


def due_handler(run: MessageRun) -> MessageHandler[Context, None]:
    """Return the handler of what is due."""
    return _reader(run, Due())


def command_handler(command: Command) -> MessageHandler[Context, None]:
    """Return the handler that answers *command*."""

    async def run(message: Message, context: Context) -> Page:
        context.require(command.role)
        return await command.run(message, context)

    return _reader(run, Calls(command.name))


def unknown_handler(run: MessageRun) -> MessageHandler[Context, None]:
    """Return the handler of commands that nobody else has taken.

    In a group one without this bot's name may be meant for another bot.
    """
    return _reader(run, (filters.ChatType.PRIVATE | Named()) & Calls())


def text_handler(run: MessageRun) -> MessageHandler[Context, None]:
    """Return the handler of private messages that are no command."""
    return _reader(run, filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL)


def reply_handler(
    choose: Callable[[Message, Context], Awaitable[Awaitable[Page] | None]],
) -> MessageHandler[Context, None]:
    """Return the handler of replies in groups; those that *choose* passes over are mere talk."""

    async def read(update: Update, context: Context) -> None:
        making = await choose(message_of(update), context)
        if making is None:
            return
        try:
            await respond(context, making)
        except UnreachableChatError:
            await cast("StoredQueue", context.update_queue).finish(update, "unreachable")

    chosen = filters.ChatType.GROUPS & filters.REPLY & filters.TEXT & ~filters.COMMAND
    return MessageHandler(filters.UpdateType.MESSAGE & chosen, read)


def people_handler(run: MessageRun) -> MessageHandler[Context, None]:
    """Return the handler of people who were chosen in private."""
    return _reader(run, filters.ChatType.PRIVATE & filters.StatusUpdate.USERS_SHARED)


def _reader(run: MessageRun, chosen: filters.BaseFilter) -> MessageHandler[Context, None]:
    """Return the handler that answers new messages; an edited one never runs again."""

    async def read(update: Update, context: Context) -> None:
        try:
            await respond(context, run(message_of(update), context))
        except UnreachableChatError:
            await cast("StoredQueue", context.update_queue).finish(update, "unreachable")

    return MessageHandler(filters.UpdateType.MESSAGE & chosen, read)


def button_handler(pattern: str, run: ButtonRun) -> CallbackQueryHandler[Context, None]:
    """Return the handler that answers a press of a button whose data matches *pattern*.

    The message takes the answer's text; a refusal is told to the one who pressed, and to nobody
    else. Once *run* has returned something to await, the press is accepted: whatever comes of it
    is said in the message.
    """

    async def press(update: Update, context: Context) -> None:
        query = cast("CallbackQuery", update.callback_query)
        try:
            making = await run(await _own(query.data or "", context), context)
        except LateError as error:
            await acknowledge(query)
            if context.turn.has_applied_plan:
                await context.answer.give(explain(error, context.turn), is_result=True)
                return
            # Nobody waits for it any more, and the button is still there.
            await cast("StoredQueue", context.update_queue).finish(update, "late")
        except Exception as error:  # noqa: BLE001 - this is where every exception becomes words
            refusal = plain(explain(error, context.turn).html)
            await acknowledge(query, refusal)
        else:
            await acknowledge(query)
            if isinstance(making, Page):
                await context.answer.give(tagged(making, context.turn.address))
            else:
                await respond(context, making)

    return CallbackQueryHandler(press, pattern.replace(r"\Z", rf"{TAG}\Z"))


async def _own(data: str, context: Context) -> str:
    """Return the *data* of a button without its tag.

    Raises:
        RefusedError: It speaks of streams of a tracker that is not this chat's any more.
    """
    plain_data, tag = untagged(data)
    if tag and tag != tag_of((await context.link()).address):
        raise RefusedError("elsewhere")
    return plain_data


def stray_button_handler() -> CallbackQueryHandler[Context, None]:
    """Return the handler that stops the spinner on a button which nothing listens to."""

    async def press(update: Update, context: Context) -> None:
        del context
        await acknowledge(cast("CallbackQuery", update.callback_query))

    return CallbackQueryHandler(press)


async def respond(context: Context, making: Awaitable[Page]) -> None:
    """Give the page that *making* comes to, or the page that explains why it did not.

    Raises:
        UnreachableChatError: Nobody would see either, so there is nothing to give.
    """
    async with context.answer.announced_when_slow():
        try:
            answer = await making
        except LateError as error:
            await context.put_off(error)
            return
        except UnreachableChatError:
            raise
        except Exception as error:  # noqa: BLE001 - this is where every exception becomes words
            answer = explain(error, context.turn)
        page = tagged(with_note(answer, context.turn.note), context.turn.address)
        await context.answer.give(page, is_result=context.turn.has_sent_change)


async def on_error(update: object, context: Context) -> None:
    """Say that something went wrong outside of a handler, and keep others from going on.

    That is an answer that Telegram would not take, or a database that fails at the door: then
    nothing was answered, and the update is left to the next process.

    Raises:
        ApplicationHandlerStop: Always.
    """
    if isinstance(context.error, StorageError) and isinstance(update, Update):
        # Why is said once, when the process ends.
        cast("StoredQueue", context.update_queue).fail(update, context.error)
        if update.callback_query:
            await acknowledge(update.callback_query)
        raise ApplicationHandlerStop
    error_id = secrets.token_hex(4)
    log.error("error %s", error_id, exc_info=context.error)
    # Who else this is from could not be found out; only owners are sure to be let in.
    user = update.effective_user if isinstance(update, Update) else None
    if isinstance(update, Update) and user and user.id in context.services.owners:
        words = texts_for(user.language_code or "").unanswered.format(id=error_id)
        await _tell(update, f"⚠️ {words}")
    elif isinstance(update, Update) and update.callback_query:
        await acknowledge(update.callback_query)
    raise ApplicationHandlerStop


async def _tell(update: Update, words: str) -> None:
    if update.callback_query:
        await acknowledge(update.callback_query, plain(words))
    elif update.message and (update.message.chat.type == ChatType.PRIVATE or _is_call(update)):
        with suppress(TelegramError):
            await update.message.reply_html(words)


def _is_call(update: Update) -> bool:
    """Tell whether *update* is a command for this bot; talk in groups is not."""
    return bool(Calls().check_update(update))
