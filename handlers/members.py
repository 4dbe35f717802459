"""`/grant`, `/revoke` and `/members`: who may do what in a group."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import Message

from handlers import picker
from handlers.command import Command
from handlers.context import Context
from handlers.faults import UsageError
from handlers.granting import Candidate, give, look_up, obstacle, sender_of, take
from handlers.render.html import bold, code
from handlers.render.page import Page, page
from handlers.request import is_id
from handlers.roles import Role
from handlers.texts import ENGLISH, RUSSIAN
from storage import Member

MOMENT = "%Y-%m-%d %H:%M"
GRANTABLE = (Role.VIEWER, Role.OPERATOR, Role.ADMIN)


async def grant(message: Message, context: Context, commands: Sequence[Command]) -> Page:
    """Give a role to who is named or replied to; without either, offer to choose people."""
    texts = context.texts
    if context.is_private:
        return page("❌", texts.roles_in_groups)
    role, user_id = _role_and_id(context)
    candidate = await _candidate(message, context, user_id)
    if candidate is None:
        return await picker.offer(message, context, role)
    trouble = await obstacle(context, candidate)
    if trouble:
        return page("❌", trouble)
    await give(context, context.chat_id, candidate, role, commands)
    name = role.name.lower()
    done = texts.granted.format(person=candidate.shown, role=texts.roles[name])
    note = "" if candidate.is_here else texts.grant_not_here
    return page("✅", done, texts.role_powers[name], "", note)


async def revoke(message: Message, context: Context) -> Page:
    """Take the role of who is named or replied to away."""
    texts = context.texts
    if context.is_private:
        return page("❌", texts.roles_in_groups)
    candidate = await _candidate(message, context, _only_id(context))
    if candidate is None:
        raise UsageError("revoke")
    is_self = candidate.user_id == context.turn.sender.user_id
    if not is_self and await context.services.is_owner(candidate.user_id):
        return page("❌", texts.grant_owner)
    if not await take(context, candidate.user_id):
        return page("❌", texts.revoke_nothing.format(person=candidate.shown))
    return page("✅", texts.revoked.format(person=candidate.shown))


async def members(message: Message, context: Context) -> Page:
    """List the people with a role in this chat."""
    del message
    texts = context.texts
    if context.is_private:
        return page("❌", texts.roles_in_groups)
    found = await context.services.store.people.members(context.chat_id)
    names = {member.user_id: member.name for member in found if member.name}
    lines = [await _line(context, member, names) for member in found]
    title = texts.members_title.format(zone=code(context.time_zone))
    return page("✅", title, *(lines or [texts.members_none]), "", texts.members_owners)


async def _line(context: Context, member: Member, names: dict[int, str]) -> str:
    texts = context.texts
    is_owner = await context.services.is_owner(member.user_id)
    at = datetime.fromtimestamp(member.granted_at, ZoneInfo(context.time_zone))
    by = names.get(member.granted_by)
    return texts.members_line.format(
        person=Candidate(member.user_id, member.name).shown,
        role=texts.roles["owner" if is_owner else member.role],
        by=bold(by) if by else code(member.granted_by),
        at=code(at.strftime(MOMENT)),
    )


def _role_and_id(context: Context) -> tuple[Role, int | None]:
    """Return the role and the id, in whichever order they were typed."""
    role, user_id = None, None
    for word in context.call.rest.split():
        if role is None and (found := _role(word)):
            role = found
        elif user_id is None and is_id(word) and int(word):
            user_id = int(word)
        else:
            raise UsageError("grant", word)
    if role is None:
        raise UsageError("grant")
    return role, user_id


def _role(word: str) -> Role | None:
    """Return the role that *word* means, in either language."""
    for role in GRANTABLE:
        name = role.name.lower()
        if word.lower() in (name, ENGLISH.roles[name], RUSSIAN.roles[name]):
            return role
    return None


def _only_id(context: Context) -> int | None:
    words = context.call.rest.split()
    if not words:
        return None
    if len(words) > 1 or not is_id(words[0]):
        raise UsageError("revoke", words[-1])
    return int(words[0])


async def _candidate(message: Message, context: Context, user_id: int | None) -> Candidate | None:
    """Return who is meant: by the id, else by the message that is replied to."""
    if user_id is not None:
        return await look_up(context, user_id)
    replied = message.reply_to_message
    # In a topic every message replies to the service message that opened the topic.
    if replied is None or replied.forum_topic_created:
        return None
    return sender_of(replied)
