"""What is not let in: strangers, and people who are in too much of a hurry."""

from typing import cast

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop

from handlers.allowance import Allowance
from handlers.commands import COMMANDS
from handlers.context import Context, Services
from handlers.delivery import acknowledge
from handlers.inbox import StoredQueue
from handlers.keys import hide_key
from handlers.render.page import page, with_note
from handlers.request import Called
from handlers.strangers import speaker_of
from handlers.turn import Turn

WINDOW_SECONDS = 600.0
WARNED_SECONDS = 60.0


class Refusals:
    """Says no, seldom enough that nobody can make the bot talk."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._notices = Allowance(1, WINDOW_SECONDS, now=services.now)
        self._warnings = Allowance(1, WARNED_SECONDS, now=services.now)

    async def refuse(
        self, update: Update, message: Message, turn: Turn, context: Context, *, welcomed: int
    ) -> None:
        """Say the one neutral line if it is due, and remember the stranger.

        *welcomed* is what the memory of strangers counted before the role was read.
        """
        if update.callback_query:
            await acknowledge(update.callback_query)
            return
        words = turn.texts.stranger if is_person(message) else turn.texts.anonymous
        answer = page("❌", words)
        if turn.note:
            await turn.answer.give(with_note(answer, turn.note))
        if not is_addressed(message, turn.call, context):
            return
        queue, speaker_id = cast("StoredQueue", context.update_queue), speaker_of(message)
        is_due = self._notices.allows(speaker_id)
        queue.strangers.remember(
            message.chat.id,
            speaker_id,
            until=self._notices.returns_at(speaker_id),
            welcomed=welcomed,
        )
        await queue.finish(update, "refused")
        if is_due and not turn.note:
            turn.answer.aside(answer)

    async def slow_down(
        self, update: Update, message: Message, turn: Turn, context: Context
    ) -> None:
        """End the handling of what is more than a person may send, with one word a minute.

        Raises:
            ApplicationHandlerStop: It is more.
        """
        queue, query = cast("StoredQueue", context.update_queue), update.callback_query
        if _is_begun(turn) or not (query or is_addressed(message, turn.call, context)):
            return
        user_id = turn.sender.user_id
        sent_at = queue.arrival(update).at - turn.age_seconds
        if context.services.tempo.allows(user_id, sent_at):
            return
        await queue.finish(update, "hasty")
        answer = page("❌", turn.texts.door_slow)
        if query:
            await acknowledge(query, answer.html)
            raise ApplicationHandlerStop
        if turn.call is None and await self._services.store.link_tokens.pending(user_id):
            await hide_key(message, turn)
        if self._warnings.allows(user_id) or turn.note:
            await turn.answer.give(with_note(answer, turn.note))
        raise ApplicationHandlerStop


def _is_begun(turn: Turn) -> bool:
    """Tell whether an earlier process has begun it, so that somebody waits for how it ends."""
    return turn.has_sent_change or turn.has_applied_plan or turn.answer.is_taken_up


def is_addressed(message: Message, call: Called | None, context: Context) -> bool:
    """Tell whether the message is for this bot: anything in private, else a command of it."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    if call is None:
        return False
    if not call.username:
        return any(command.name == call.name for command in COMMANDS)
    return call.is_for(context.bot.username)


def is_person(message: Message) -> bool:
    """Tell whether a person wrote the message: groups and channels also write, under fake names."""
    return message.sender_chat is None and not (message.from_user and message.from_user.is_bot)
