"""The door: who may come in, decided once, before any handler.

Deny by default. A person comes in as an owner or with a role in the chat; a stranger only with
the token of a link or a claim code, or to answer what the bot has asked them. Everybody else
gets at most one neutral line in ten minutes and learns nothing from it. Who may come in may not
send more than one command a second for long.
"""

from typing import cast

from telegram import Chat as TelegramChat
from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop

from handlers.allowance import Allowance
from handlers.answer import Answer, Place
from handlers.arrival import Arrival
from handlers.context import Context, Services
from handlers.delivery import acknowledge
from handlers.errors import explain
from handlers.faults import GivenUpError
from handlers.inbox import StoredQueue, is_due
from handlers.keys import hide_key
from handlers.refusal import WINDOW_SECONDS, Refusals, is_addressed, is_person
from handlers.request import Called, read_call
from handlers.roles import EVERYONE, Role
from handlers.stats.due_turn import turn_of_due
from handlers.texts import Texts, texts_for
from handlers.turn import Sender, Turn, key_of
from storage import Chat

TOKENS_MOST = 3
TELEGRAM_KEEPS_SECONDS = 90_000.0
GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})


class Gate:
    """Lets updates in, with everything known about their sender, or stops them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._refusals = Refusals(services)
        self._tokens = Allowance(TOKENS_MOST, WINDOW_SECONDS, now=services.now)

    async def admit(self, update: Update, context: Context) -> None:
        """Give *context* its turn, or end the handling of *update*.

        Raises:
            ApplicationHandlerStop: The sender is not let in.
        """
        message = update.effective_message if update.callback_query else update.message
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or message is None:
            # A button under a message that is too old comes without the message.
            if update.callback_query:
                await acknowledge(update.callback_query)
            raise ApplicationHandlerStop
        queue = cast("StoredQueue", context.update_queue)
        arrival = queue.arrival(update)
        if is_due(update):
            await self._admit_due(update, message, arrival, context)
            return
        welcomed = queue.strangers.welcomed
        stored = await self._services.store.chats.get(chat.id)
        await self._check_reach(update, message, stored, context)
        sender = await self._sender(update, message, stored, user)
        texts = texts_for(stored.language or self._services.language or sender.language_code)
        call = None if update.callback_query else read_call(message)
        answer = self._answer(update, message, user, arrival, texts)
        turn = await self._dated(
            Turn(sender, stored, texts, answer, call), update, message, arrival
        )
        # A key in a message is taken out of the chat whoever typed it.
        if call and call.name == "link" and call.is_for(context.bot.username):
            await hide_key(message, turn)
        if sender.role > Role.STRANGER or await self._is_expected(call, chat, user):
            context.turn = turn
            if arrival.is_given_up:
                await self._give_up(update, message, context)
            await self._refusals.slow_down(update, message, turn, context)
            return
        await self._refusals.refuse(update, message, turn, context, welcomed=welcomed)
        raise ApplicationHandlerStop

    async def _admit_due(
        self, update: Update, message: Message, arrival: Arrival, context: Context
    ) -> None:
        """Give *context* the turn of what is due in a chat; it shows nothing about the chat."""
        turn = await turn_of_due(update.update_id, message, self._services)
        if turn is None:
            raise ApplicationHandlerStop
        if arrival.is_left_over:
            turn.answer.take_up(await self._services.store.outbox.progress_id(turn.key))
        context.turn = turn
        if arrival.is_given_up:
            await self._give_up(update, message, context)

    async def _check_reach(
        self, update: Update, message: Message, stored: Chat, context: Context
    ) -> None:
        """Stop what nobody could hear the answer to: it came before Telegram shut the chat.

        What comes later shows that the chat is open again, unless it says that the bot is out.
        """
        queue = cast("StoredQueue", context.update_queue)
        chats, began_at = self._services.store.chats, queue.arrival(update).began_at
        is_out = message.left_chat_member is not None and not update.callback_query
        if is_out and cast("User", message.left_chat_member).id == context.bot.id:
            await chats.set_unreachable(stored.chat_id, began_at)
        elif stored.unreachable_at is None:
            return
        elif began_at >= stored.unreachable_at or stored.unreachable_at > self._services.now():
            # In the second case the clock was set back, and cannot tell.
            await chats.set_unreachable(stored.chat_id, None)
            return
        elif await self._services.store.journal.is_begun(key_of(update.update_id)):
            # A change that was sent is looked at, and told elsewhere.
            return
        await queue.finish(update, "unreachable")
        raise ApplicationHandlerStop

    async def _dated(self, turn: Turn, update: Update, message: Message, arrival: Arrival) -> Turn:
        """Add to *turn* how old *update* is, and what became of it before."""
        turn.update_id = update.update_id
        # The message under a button may be old; the press is not older than it was stored.
        is_press = update.callback_query is not None
        turn.age_seconds = arrival.waited_seconds if is_press else _age(message, arrival)
        if arrival.is_left_over:
            turn.has_sent_change = await self._services.store.journal.is_begun(turn.key)
            turn.has_applied_plan = await self._services.store.plans.is_used(turn.key)
            turn.answer.take_up(await self._services.store.outbox.progress_id(turn.key))
        return turn

    async def _give_up(self, update: Update, message: Message, context: Context) -> None:
        """Tell that *update* was given up, if it was meant for this bot."""
        turn, query = context.turn, update.callback_query
        if query:
            await acknowledge(query, context.texts.given_up)
            # The message says ⏳ where a plan was confirmed: it has to say how that ended.
            is_awaited = turn.has_applied_plan or turn.has_sent_change
        else:
            is_awaited = is_due(update) or is_addressed(message, turn.call, context)
        if is_awaited:
            page = explain(GivenUpError(), turn)
            await context.answer.give(page, is_result=turn.has_sent_change)
        raise ApplicationHandlerStop

    async def _sender(self, update: Update, message: Message, stored: Chat, user: User) -> Sender:
        is_own = update.callback_query is not None
        return Sender(
            user_id=user.id,
            name=user.full_name,
            language_code=user.language_code or "",
            role=await self._role(stored, message.chat, user)
            if is_own or is_person(message)
            else Role.STRANGER,
            is_forwarding=not is_own and bool(message.forward_origin or message.via_bot),
            username=user.username or "",
        )

    async def _role(self, stored: Chat, chat: TelegramChat, user: User) -> Role:
        """Return what a person is in a chat; in some groups everybody is a viewer."""
        if await self._services.is_owner(user.id):
            return Role.OWNER
        role = Role.named(await self._services.store.people.role(chat.id, user.id))
        is_open = stored.readers == EVERYONE and chat.type in GROUPS and not user.is_bot
        return max(role, Role.VIEWER) if is_open else role

    async def _is_expected(self, call: Called | None, chat: TelegramChat, user: User) -> bool:
        """Tell whether a stranger in private follows a link or answers a question of the bot.

        An admin of a group may be one, too: roles count in the group they are for.
        """
        if chat.type != ChatType.PRIVATE:
            return False
        if call and call.name == "start" and call.rest.strip():
            return self._tokens.allows(user.id)
        store = self._services.store
        if await store.link_tokens.pending(user.id):
            return True
        return await store.questions.asked(chat.id, user.id) is not None

    def _answer(
        self, update: Update, message: Message, user: User, arrival: Arrival, texts: Texts
    ) -> Answer:
        is_private = message.chat.type == ChatType.PRIVATE
        is_press = update.callback_query is not None
        place = Place(
            message.chat.id,
            user.id,
            thread_id=message.message_thread_id if message.is_topic_message else None,
            reply_to=message.message_id,
            # Who has seen the ⏳ of a process that ended is told what this is about.
            is_quoted=not is_press and (not is_private or arrival.is_left_over),
            edits=message.message_id if is_press else None,
        )
        return Answer(
            self._services.outbox,
            place,
            key=key_of(update.update_id),
            texts=texts,
            ends=(update.update_id,),
        )


def _age(message: Message, arrival: Arrival) -> float:
    """Return how many seconds *message* was under way, to Telegram and to this process.

    Telegram keeps nothing for longer than a day, so a date that is older, or in the future, says
    only that two clocks differ.
    """
    under_way = arrival.at - arrival.waited_seconds - message.date.timestamp()
    is_plausible = 0 <= under_way <= TELEGRAM_KEEPS_SECONDS
    return arrival.waited_seconds + (under_way if is_plausible else 0.0)
