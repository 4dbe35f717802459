"""`/link`: a chat's right to use one tracker.

The API key is typed in a private chat alone. In a group the bot answers with a button that
leads there; a key typed in a group is deleted at once and named as leaked.
"""

import asyncio
import re

from telegram import Message
from telegram.constants import ChatType
from telegram.helpers import create_deep_linked_url

from handlers.answer import Answer, Place
from handlers.context import LINK_TRIES_MOST, Context
from handlers.faults import LinkTriesError, RefusedError
from handlers.granting import role_in
from handlers.keys import Typed, hide_key, typed_in
from handlers.render.failure import headline, messages
from handlers.render.html import bold, code
from handlers.render.page import Button, Mark, Page, page
from handlers.roles import Role
from keitaro import (
    CAMPAIGN_LIST,
    ExchangeError,
    ForbiddenError,
    KeyRefusedError,
    LicenceError,
    Tracker,
    parse_address,
)
from storage import LinkRequest

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


async def link(message: Message, context: Context) -> Page:
    """Begin to link this chat, or link it at once if address and key came along."""
    if message.chat.type != ChatType.PRIVATE:
        return await _button_to_private(message, context)
    sender = context.turn.sender
    await context.services.store.link_tokens.begin(
        chat_id=context.chat_id, thread_id=None, chat_title="", user_id=sender.user_id
    )
    return await _go_on(context, typed_in(message))


async def _button_to_private(message: Message, context: Context) -> Page:
    texts = context.texts
    token = await context.services.store.link_tokens.issue(
        chat_id=context.chat_id,
        thread_id=context.answer.place.thread_id,
        user_id=context.turn.sender.user_id,
        chat_title=message.chat.title or "",
    )
    url = create_deep_linked_url(context.bot.username, token)
    button = Button(texts.link_button, link=url)
    mark: Mark = "❌" if context.turn.note else "❔"
    return page(mark, texts.link_in_private, buttons=((button,),))


async def open_request(token: str, context: Context) -> Page | None:
    """Go on in private with the request that a button in a group has begun."""
    if not TOKEN.fullmatch(token):
        return None
    user_id = context.turn.sender.user_id
    request = await context.services.store.link_tokens.open(token, user_id)
    if request is None:
        return None
    return page("❔", context.texts.link_ask_both.format(chat=_target(request, context)))


async def reply(message: Message, context: Context) -> Page:
    """Read what was typed while a link is being asked for."""
    if context.turn.sender.is_forwarding:
        raise RefusedError("forwarded")
    await hide_key(message, context.turn)
    return await _go_on(context, typed_in(message))


async def _go_on(context: Context, typed: Typed) -> Page:
    """Ask for what is still missing, or link the chat."""
    tokens = context.services.store.link_tokens
    user_id = context.turn.sender.user_id
    if typed.address:
        address = parse_address(typed.address, private=context.services.trackers.network.private)
        await tokens.remember_address(user_id, address.url)
    request = await tokens.pending(user_id)
    if request is None:
        return page("❌", context.texts.link_expired)
    if request.address is None:
        return page("❔", context.texts.link_ask_both.format(chat=_target(request, context)))
    if not typed.key:
        return page("❔", context.texts.link_ask_key.format(tracker=code(request.address)))
    return await _link(context, request, request.address, typed.key.get_secret_value())


async def _link(context: Context, request: LinkRequest, address: str, key: str) -> Page:
    services = context.services
    sender = context.turn.sender
    if not services.link_tries.allows(sender.user_id):
        raise LinkTriesError(LINK_TRIES_MOST)
    trouble = await _trouble(context, address, key)
    if trouble:
        return page("❌", trouble)
    services.link_tries.give_back(sender.user_id)
    if not await _may_link(context, request):
        return page("❌", context.texts.link_expired)
    before = await services.store.chats.target(request.chat_id)
    await services.store.chats.link(
        request.chat_id, address=address, key=key, user_id=sender.user_id
    )
    await services.store.link_tokens.close(sender.user_id)
    if before and not await services.store.chats.is_used(before.tracker_id):
        services.trackers.forget(before.tracker_id)
    if request.chat_id != context.chat_id:
        await _tell_group(context, request, address)
    done = context.texts.linked.format(tracker=code(address), chat=_target(request, context))
    return page("✅", done, *await _paused(context, request), context.texts.linked_next)


async def _paused(context: Context, request: LinkRequest) -> list[str]:
    """Return what there is to say of schedules that were made for another tracker."""
    known = await context.services.store.schedules.of_chat(request.chat_id)
    count = sum(one.paused in {"elsewhere", "unlinked"} for one in known)
    return [context.texts.linked_paused.format(count=count)] if count else []


async def _may_link(context: Context, request: LinkRequest) -> bool:
    """Tell whether the sender may still link that chat: rights may have gone since the button."""
    return await role_in(context, request.chat_id) >= Role.ADMIN


async def _trouble(context: Context, address: str, key: str) -> str:
    """Return why a tracker cannot be linked.

    Of all hosts that are none, or may not be dialled, it says the same, and after the same time:
    nobody shall learn here what else there is.
    """
    began = asyncio.get_running_loop().time()
    trackers = context.services.trackers
    candidate = trackers.candidate(address, key)
    try:
        await _try(candidate)
    except (KeyRefusedError, LicenceError) as error:
        said = [f"<b>{headline(error, context.texts)}</b>", *messages(error)]
        return "\n".join([*said, "", context.texts.link_other_key])
    except ExchangeError:
        trouble = context.texts.link_no_tracker.format(tracker=code(address))
    else:
        trouble = ""
    finally:
        await candidate.close()
    if trouble:
        until = began + trackers.network.limits.link_failure_seconds
        await asyncio.sleep(until - asyncio.get_running_loop().time())
    return trouble


async def _try(candidate: Tracker) -> None:
    try:
        await candidate.call(CAMPAIGN_LIST, query={"limit": 1, "offset": 0})
    except ForbiddenError:
        # The key was accepted; what its user may not read is for /status to tell.
        return


async def _tell_group(context: Context, request: LinkRequest, address: str) -> None:
    """Tell the group that it is linked, where it asked for it."""
    text = context.texts.linked_group.format(
        tracker=code(address), person=bold(context.turn.sender.name)
    )
    answer = Answer(
        context.services.outbox,
        Place(request.chat_id, context.turn.sender.user_id, thread_id=request.thread_id),
        key=f"{context.turn.key}:group",
        texts=context.texts,
    )
    await answer.give(page("✅", text))


def _target(request: LinkRequest, context: Context) -> str:
    if request.chat_id == context.chat_id:
        return context.texts.this_chat
    return bold(request.chat_title) if request.chat_title else context.texts.that_group
