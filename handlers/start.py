"""`/start`, `/help`, `/cancel`: the first words, and what one may do here."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from telegram import Message
from telegram.constants import ChatType

from handlers.changes.expiry import withdraw
from handlers.command import Command
from handlers.context import Context
from handlers.faults import UsageError
from handlers.link import open_request
from handlers.picker import open_picker
from handlers.render.html import code
from handlers.render.page import Page, page
from handlers.roles import Role

log = logging.getLogger(__name__)


async def start(message: Message, context: Context, commands: Sequence[Command]) -> Page:
    """Greet; or, behind a link, open the request it belongs to or redeem a claim code."""
    token = context.call.rest.strip()
    if not token:
        return await show_help(message, context, commands)
    # A question for a key is asked in private alone.
    is_private = message.chat.type == ChatType.PRIVATE
    request = await open_request(token, context) if is_private else None
    if request:
        return request
    picker = await open_picker(token, context) if is_private else None
    if picker:
        return picker
    user_id = context.turn.sender.user_id
    claim = await context.services.store.people.redeem_claim(token, user_id)
    if claim == "redeemed":
        return page("✅", context.texts.owner_now, "", context.texts.not_linked_private)
    if claim == "spent":
        log.warning("the code for the first owner is void after five wrong ones: start me again")
    return page("❌", context.texts.link_expired)


async def show_help(message: Message, context: Context, commands: Sequence[Command]) -> Page:
    """List the commands that this person may use in this chat, or the forms of one of them."""
    del message
    role = context.turn.sender.role
    allowed = [command for command in commands if command.role <= role and command.in_menu]
    topic = context.call.rest.strip().lstrip("/").lower() if context.call.name == "help" else ""
    if topic:
        return _about(topic, allowed, context)
    link = await context.services.store.chats.target(context.chat_id)
    state = context.texts.linked_to.format(tracker=code(link.address)) if link else _hint(context)
    lines = [
        f"/{command.name} – {command.summary(context.texts)}"
        for command in allowed
        if not (context.is_private and command.groups_only)
    ]
    return page(
        "✅", f"<b>{context.texts.help_title}</b>", state, "", *lines, "", context.texts.help_more
    )


def _hint(context: Context) -> str:
    if context.turn.sender.role < Role.ADMIN:
        return context.texts.not_linked
    return context.texts.not_linked_private


def _about(topic: str, commands: Sequence[Command], context: Context) -> Page:
    for command in commands:
        if command.name == topic:
            forms = [code(form) for form in command.forms_for(context.turn.sender.role)]
            details = command.details(context.texts)
            title = f"<b>/{command.name}</b> – {command.summary(context.texts)}"
            return page("✅", title, "", *forms, "", details)
    raise UsageError("help", topic)


async def cancel(message: Message, context: Context) -> Page:
    """Stop asking, and withdraw what the sender was asked to confirm here."""
    del message
    store, user_id = context.services.store, context.turn.sender.user_id
    was_linking = await store.link_tokens.close(user_id)
    was_asking = await store.questions.close(context.chat_id, user_id)
    plans = await withdraw(context.services, chat_id=context.chat_id, user_id=user_id)
    texts = context.texts
    words = [texts.cancelled] if was_linking or was_asking else []
    words += [texts.cancelled_plans.format(count=plans)] if plans else []
    answer = page("✅", *(words or [texts.nothing_to_cancel]))
    # The keyboard may still be there when the time for its question is over.
    return replace(answer, takes_keyboard=context.is_private)


async def unknown(message: Message, context: Context) -> Page:
    """Answer a command that this bot does not have."""
    del message
    return page("❌", context.texts.unknown_command)
