"""Editing shares: every press is kept, *Save* makes one plan of the complete list."""

from collections.abc import Awaitable
from dataclasses import replace

from handlers.cards.card import show
from handlers.cards.data import CARD
from handlers.cards.draft import Draft, has_rows, parts_of, read_draft
from handlers.cards.editor import LASTS_SECONDS, SHARE, editor
from handlers.changes.expiry import SHARES
from handlers.changes.intent import Intent
from handlers.changes.plan import ask, shown_now
from handlers.context import Context
from handlers.faults import RefusedError
from handlers.render.html import code
from handlers.render.page import Button, Page, page
from handlers.texts import Texts
from keitaro import ITEMS, STREAM_UPDATE, are_rows, label, restored
from storage import Plan

KIND = SHARES
ROWS_MOST = 8


async def open_editor(context: Context, stream_id: int) -> Page:
    """Make a draft of the shares of a stream, and show it in the place of the card.

    Raises:
        ExchangeError: The tracker does not show the stream.
    """
    tracker, texts = await context.tracker(), context.texts
    stream, _ = await context.services.names.added(tracker, await shown_now(tracker, stream_id))
    lists = {field: parts for field in ITEMS if (parts := parts_of(dict(stream), field))}
    fitting = {field: parts for field, parts in lists.items() if len(parts) <= ROWS_MOST}
    if not fitting:
        said = _refusal(stream_id, texts, is_long=bool(lists), is_bare=not has_rows(dict(stream)))
        back = Button(texts.shares_back, data=f"{CARD}{stream_id}:refresh")
        return page("❌", said, buttons=((back,),))
    title, url = str(stream.get("name") or "–"), tracker.address.url
    draft = Draft(stream_id, title, url, context.language, next(iter(fitting)), fitting)
    chat_id, user_id = context.chat_id, context.turn.sender.user_id
    plans = context.services.store.plans
    # Otherwise one that is left behind would take this message's place when its time is over.
    await plans.drop(KIND, chat_id=chat_id, user_id=user_id)
    token = await plans.make(
        KIND,
        draft.stored(),
        chat_id=chat_id,
        user_id=user_id,
        shown_by=context.turn.key,
        seconds=LASTS_SECONDS,
    )
    return editor(context, draft, token)


def _refusal(stream_id: int, texts: Texts, *, is_long: bool, is_bare: bool) -> str:
    command = code(f"/stream {stream_id}")
    if is_long:
        return texts.shares_many.format(command=command)
    if is_bare:
        return texts.shares_none.format(command=command)
    return texts.shares_odd.format(command=command)


async def press(data: str, context: Context) -> Page | Awaitable[Page]:
    """Change the draft, save it, or go back to the card.

    Raises:
        RefusedError: It is somebody else's, closed, or not of this chat.
    """
    token, *what = data.removeprefix(SHARE).split(":")
    plan = await _opened(context, token)
    if plan is None:
        return expired_page(context)
    draft = read_draft(plan.body)
    match what:
        case ["save"]:
            await _keep(context, token, replace(draft, is_saved=True), shown_by=plan.shown_by)
            context.answer.apart()
            return _save(context, draft)
        case ["back"]:
            await _close(context, token)
            return _card(context, draft.stream_id)
        # A press that is handled again after a restart was counted before.
        case _ if plan.shown_by != context.turn.key:
            draft = _changed(draft, what)
            if not await _keep(context, token, draft, shown_by=context.turn.key):
                return expired_page(context)
    return editor(context, draft, token)


def _changed(draft: Draft, what: list[str]) -> Draft:
    match what:
        case ["even"]:
            return draft.evened()
        case [name] if name in draft.lists:
            return draft.turned(name)
        case [place, step] if int(place) < len(draft.parts):
            return draft.stepped(int(place), int(step)) if int(step) else draft.filled(int(place))
        case _:
            raise RefusedError("unknown")


async def _opened(context: Context, token: str) -> Plan | None:
    """Return the draft behind *token* of the one who has pressed; None if its time is over."""
    plans = context.services.store.plans
    plan = await plans.get(token)
    if plan is None or plan.chat_id != context.chat_id or plan.kind != KIND:
        raise RefusedError("unknown")
    if plan.user_id != context.turn.sender.user_id:
        raise RefusedError("draft")
    if plan.state in ("applied", "cancelled"):
        raise RefusedError("closed")
    if plan.state == "expired" or plan.expires_at <= context.services.now():
        await plans.end(plan.plan_id)
        return None
    return plan


def expired_page(context: Context) -> Page:
    """Return what is said of a draft whose time is over."""
    return page("❌", context.texts.shares_expired)


async def _keep(context: Context, token: str, draft: Draft, *, shown_by: str) -> bool:
    return await context.services.store.plans.rewrite(
        token,
        draft.stored(),
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        shown_by=shown_by,
    )


async def _close(context: Context, token: str) -> None:
    await context.services.store.plans.use(
        token,
        "cancelled",
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        used_by=context.turn.key,
    )


async def _card(context: Context, stream_id: int) -> Page:
    return await show(context, await context.tracker(), stream_id, with_file=False)


async def _save(context: Context, draft: Draft) -> Page:
    """Plan the complete lists as the tracker has them now, with the shares of *draft*."""
    tracker = await context.tracker()
    if draft.address != tracker.address.url:
        return page("❌", context.texts.plan_elsewhere)
    now = await shown_now(tracker, draft.stream_id)
    fields = draft.changed or (draft.at,)
    if any(
        {part.id for part in parts_of(now, field)} != {part.id for part in draft.lists[field]}
        for field in fields
    ):
        return page("❌", context.texts.shares_moved)
    written = restored(now, fields)
    for field in fields:
        shares = {str(part.id): part.share for part in draft.lists[field]}
        rows = written[field] if are_rows(written[field]) else []
        written[field] = [{**row, "share": shares[label(row[ITEMS[field]])]} for row in rows]
    return await ask(context, tracker, Intent(STREAM_UPDATE, written, draft.stream_id))
