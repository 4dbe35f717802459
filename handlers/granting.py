"""Who may be given a role, and what is done when somebody gets one or loses it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from telegram import ChatMemberRestricted, Message
from telegram.constants import ChatID, ChatMemberStatus
from telegram.error import BadRequest, TelegramError

from handlers.command import Command
from handlers.context import Context
from handlers.menus import drop_menu, offer_menu
from handlers.render.html import bold, code
from handlers.roles import Role

ASK_SECONDS = 3.0
# Telegram puts these in the place of the sender when a chat, not a person, speaks.
NAMELESS = frozenset({ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT})
GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})
# How the Bot API server says that it does not know of a person in a chat.
UNKNOWN = ("user not found", "member not found", "participant_id_invalid", "user_not_participant")


@dataclass(frozen=True)
class Candidate:
    """Somebody who is to be given a role, or to lose it; *is_here* unless Telegram denies it."""

    user_id: int
    name: str = ""
    kind: Literal["person", "bot", "nameless"] = "person"
    is_here: bool = True

    @property
    def shown(self) -> str:
        """The name in bold, which mentions nobody, and the id."""
        return f"{bold(self.name)} {code(self.user_id)}" if self.name else code(self.user_id)


def sender_of(message: Message) -> Candidate:
    """Return who wrote *message*."""
    user = message.from_user
    if message.sender_chat or user is None:
        return Candidate(user.id if user else 0, kind="nameless")
    return Candidate(user.id, user.full_name, "bot" if user.is_bot else "person")


async def look_up(context: Context, user_id: int, *, chat_id: int = 0) -> Candidate:
    """Return what Telegram tells in time of the person with an id in this chat, or in another."""
    if user_id in NAMELESS:
        return Candidate(user_id, kind="nameless")
    with suppress(TelegramError, TimeoutError):
        async with asyncio.timeout(ASK_SECONDS):
            return await _asked(context, user_id, chat_id or context.chat_id)
    return Candidate(user_id)


async def _asked(context: Context, user_id: int, chat_id: int) -> Candidate:
    try:
        member = await context.bot.get_chat_member(chat_id, user_id)
    except BadRequest as error:
        is_here = not any(words in str(error).lower() for words in UNKNOWN)
        return Candidate(user_id, is_here=is_here)
    is_out = isinstance(member, ChatMemberRestricted) and not member.is_member
    return Candidate(
        user_id,
        member.user.full_name,
        "bot" if member.user.is_bot else "person",
        is_here=member.status not in GONE and not is_out,
    )


async def obstacle(context: Context, candidate: Candidate) -> str:
    """Return why the sender cannot give a role to *candidate*; empty if they can."""
    texts, sender = context.texts, context.turn.sender
    if candidate.kind == "nameless" or candidate.user_id in NAMELESS:
        return texts.grant_nameless
    if candidate.kind == "bot":
        return texts.grant_bot
    if candidate.user_id == sender.user_id:
        return "" if sender.role >= Role.OWNER else texts.grant_self
    is_owner = await context.services.is_owner(candidate.user_id)
    return texts.grant_owner if is_owner else ""


async def role_in(context: Context, chat_id: int) -> Role:
    """Return what the sender is in a chat, which need not be this one, at this moment.

    Who has left a group keeps a role for the day they come back, and may do nothing from outside.
    """
    services, user_id = context.services, context.turn.sender.user_id
    if await services.is_owner(user_id):
        return Role.OWNER
    role = Role.named(await services.store.people.role(chat_id, user_id))
    if role is Role.STRANGER or chat_id == context.chat_id:
        return role
    is_here = (await look_up(context, user_id, chat_id=chat_id)).is_here
    return role if is_here else Role.STRANGER


async def give(
    context: Context, chat_id: int, candidate: Candidate, role: Role, commands: Sequence[Command]
) -> None:
    """Give *candidate* a role in a chat, and the menu that goes with it."""
    await context.services.store.people.grant(
        chat_id,
        candidate.user_id,
        role.name.lower(),
        granted_by=context.turn.sender.user_id,
        name=candidate.name,
    )
    await offer_menu(context.bot, commands, chat_id, candidate.user_id, role)


async def take(context: Context, user_id: int) -> bool:
    """Take somebody's role in this chat away, with its menu, and tell whether they had one."""
    had_one = await context.services.store.people.revoke(context.chat_id, user_id)
    if had_one:
        await drop_menu(context.bot, context.chat_id, user_id)
    return had_one
