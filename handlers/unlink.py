"""`/unlink`: a chat's link is forgotten, and with the last one the key, which is asked about."""

from dataclasses import replace

from telegram import Message

from handlers.changes.plan import LIFETIME_SECONDS, dropped, plan_buttons
from handlers.context import Context
from handlers.faults import NotLinkedError, UsageError
from handlers.render.html import code, inert
from handlers.render.page import Page, page
from handlers.roles import Role
from storage import Plan, Target

# The kind of the plan that asks.
UNLINK = "unlink"
YES = ("yes", "да")


async def unlink(message: Message, context: Context) -> Page:
    """Forget the link of this chat; ask first if its key would be lost, unless that is said.

    Raises:
        NotLinkedError: There is none.
        UsageError: A word after the command is no yes.
    """
    del message
    words = context.call.rest.split()
    if words and (len(words) > 1 or words[0].lower() not in YES):
        raise UsageError("unlink", words[-1])
    chats = context.services.store.chats
    target = await chats.target(context.chat_id)
    if target is None:
        raise NotLinkedError
    if words or await chats.is_used(target.tracker_id, but=context.chat_id):
        return await _forget(context)
    return await _ask(context, target)


async def confirmed(context: Context, plan: Plan) -> Page:
    """Forget the link, unless it is another one by now.

    Raises:
        RefusedError: The author may not do this any more.
    """
    context.require(Role.ADMIN)
    target = await context.services.store.chats.target(context.chat_id)
    if target and target.address != plan.body["address"]:
        return dropped(plan, context.texts.plan_elsewhere)
    return await _forget(context)


async def _ask(context: Context, target: Target) -> Page:
    texts = context.texts
    words = texts.unlink_ask.format(tracker=code(target.address))
    token = await context.services.store.plans.make(
        UNLINK,
        {"address": target.address, "language": context.language, "headline": words},
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        shown_by=context.turn.key,
        seconds=LIFETIME_SECONDS,
    )
    who = texts.plan_who.format(person=inert(context.turn.sender.name))
    asked = page("❔", words, "", who, buttons=plan_buttons(context, token))
    return replace(asked, lasts_seconds=LIFETIME_SECONDS)


async def _forget(context: Context) -> Page:
    unlinked = await context.services.store.chats.unlink(context.chat_id)
    if unlinked is None:
        raise NotLinkedError
    texts = context.texts
    tracker = code(unlinked.address)
    if not unlinked.key_forgotten:
        return page("✅", texts.unlinked_shared.format(tracker=tracker))
    context.services.trackers.forget(unlinked.tracker_id)
    return page("✅", texts.unlinked.format(tracker=tracker))
