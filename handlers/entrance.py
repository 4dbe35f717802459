"""The bot comes into a chat: it stays where its own people have brought it, and leaves others."""

import logging
from typing import cast

from telegram import Chat, ChatMember, ChatMemberRestricted, ChatMemberUpdated, Update, User
from telegram.constants import ChatType
from telegram.error import ChatMigrated, TelegramError
from telegram.ext import ApplicationHandlerStop
from telegram.helpers import create_deep_linked_url

from handlers.allowance import Allowance
from handlers.answer import Answer, Place
from handlers.context import Context, Services
from handlers.inbox import StoredQueue
from handlers.migration import move
from handlers.render.html import bold, code
from handlers.render.page import Button, page
from handlers.roles import Role
from handlers.texts import texts_for
from handlers.turn import key_of

DAY_SECONDS = 86_400.0
# However many groups somebody makes, the owners hear of so many in a day.
TOLD_MOST = 10
ASKED_MOST = 50
GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
PRESENT = frozenset({ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER})

log = logging.getLogger(__name__)


class Entrance:
    """Decides once, when the bot is brought into a chat, whether it stays there."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._told = Allowance(1, DAY_SECONDS, now=services.now)
        self._told_in_all = Allowance(TOLD_MOST, DAY_SECONDS, now=services.now)

    async def moved(self, update: Update, context: Context) -> None:
        """Take note of where the bot is, or is not any more.

        Raises:
            ApplicationHandlerStop: Always: nobody else has to see this.
        """
        change = cast("ChatMemberUpdated", update.my_chat_member)
        arrival = cast("StoredQueue", context.update_queue).arrival(update)
        was_in, is_in = _is_in(change.old_chat_member), _is_in(change.new_chat_member)
        if is_in and not was_in and not arrival.is_given_up:
            await self._reopen(change.chat.id)
            if change.chat.type != ChatType.PRIVATE:
                await self._enter(update, change.chat, change.from_user, context)
        elif was_in and not is_in:
            await self._shut(change.chat.id, arrival.began_at)
        raise ApplicationHandlerStop

    async def _reopen(self, chat_id: int) -> None:
        chats = self._services.store.chats
        if (await chats.get(chat_id)).unreachable_at is not None:
            await chats.set_unreachable(chat_id, None)

    async def _shut(self, chat_id: int, at: float) -> None:
        """Note that nothing reaches the chat; of chats that are not used nothing is noted."""
        chats = self._services.store.chats
        if await chats.target(chat_id):
            await chats.set_unreachable(chat_id, at)

    async def _enter(self, update: Update, chat: Chat, adder: User, context: Context) -> None:
        """Stay in a chat that is used, greet where one may be linked, leave any other."""
        is_group = chat.type in GROUPS
        is_used = is_group and await self._is_used(chat, context)
        if is_group and await self._may_link(chat.id, adder.id):
            if not await self._services.store.chats.target(chat.id):
                await self._greet(update, chat, adder, context)
            return
        if is_used:
            return
        has_left = True
        try:
            await context.bot.leave_chat(chat.id)
        except TelegramError as error:
            has_left = False
            log.warning("cannot leave the chat %d: %s", chat.id, error)
        log.warning("brought into the chat %d by %d: not one of mine", chat.id, adder.id)
        if self._told.allows(chat.id) and self._told_in_all.allows(0):
            await self._tell_owners(update, chat, adder, has_left=has_left)

    async def _is_used(self, chat: Chat, context: Context) -> bool:
        """Tell whether a group is used, or has been one that is before it got a new id.

        Telegram may say that the bot is in the new one before it says what that is.
        """
        if await self._services.store.chats.is_known(chat.id):
            return True
        if chat.type != ChatType.SUPERGROUP:
            return False
        for old_id in await self._services.store.chats.small_groups(most=ASKED_MOST):
            try:
                await context.bot.get_chat(old_id)
            except ChatMigrated as error:
                if error.new_chat_id == chat.id:
                    await move(self._services, old_id, chat.id)
                    return True
            except TelegramError:
                continue
        return False

    async def _may_link(self, chat_id: int, user_id: int) -> bool:
        if await self._services.is_owner(user_id):
            return True
        return Role.named(await self._services.store.people.role(chat_id, user_id)) >= Role.ADMIN

    async def _greet(self, update: Update, chat: Chat, adder: User, context: Context) -> None:
        """Say what to do next, with the button that leads there."""
        services = self._services
        stored = await services.store.chats.get(chat.id)
        texts = texts_for(stored.language or services.language or adder.language_code or "")
        token = await services.store.link_tokens.issue(
            chat_id=chat.id, thread_id=None, user_id=adder.id, chat_title=chat.title or ""
        )
        button = Button(texts.link_button, link=create_deep_linked_url(context.bot.username, token))
        answer = Answer(
            services.outbox,
            Place(chat.id, adder.id),
            key=key_of(update.update_id),
            texts=texts,
            ends=(update.update_id,),
        )
        await answer.give(page("❔", texts.door_hello, texts.link_in_private, buttons=((button,),)))

    async def _tell_owners(
        self, update: Update, chat: Chat, adder: User, *, has_left: bool
    ) -> None:
        """Tell the owners; those who have never written to the bot cannot be reached."""
        services = self._services
        for owner in services.owners | await services.store.people.owners():
            stored = await services.store.chats.get(owner)
            texts = texts_for(stored.language or services.language)
            words = (texts.door_left if has_left else texts.door_stays).format(
                chat=bold(chat.title or ""), person=bold(adder.full_name), id=code(adder.id)
            )
            key = f"{key_of(update.update_id)}:owner{owner}"
            answer = Answer(services.outbox, Place(owner, owner), key=key, texts=texts)
            await answer.give(page("✅" if has_left else "❌", words))


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in PRESENT
