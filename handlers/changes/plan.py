"""From what somebody wants to a plan that asks first, or to the change at once."""

from dataclasses import replace
from typing import Any

from handlers.changes.change import carry_out
from handlers.changes.intent import Intent
from handlers.changes.weigh import Weighed, refuse_payload, weigh
from handlers.context import Context
from handlers.render.card import card
from handlers.render.diff import diff_lines
from handlers.render.findings import SIGNS, finding_lines, traffic_line
from handlers.render.html import bold, code, inert, plain
from handlers.render.page import Button, File, Page, page
from keitaro import STREAM_GET, Tracker, UnreadableError, edited, whole
from storage import Plan

CHANGE = "change"
PLAN = "plan:"
NONCE = "[A-Za-z0-9_-]{22}"
LIFETIME_SECONDS = 600.0
LINES_MOST, ALL_LINES = 40, 10_000
OK = 200


async def ask(
    context: Context,
    tracker: Tracker,
    intent: Intent,
    *,
    notes: tuple[str, ...] = (),
    is_stale: bool = False,
    is_asked: bool = False,
) -> Page:
    """Carry *intent* out, or ask its author first, as this chat has it.

    *notes* are lines of HTML that go with the question, or with the answer. An intent that
    *is_stale* was asked about before, when the stream was another: it is always asked about, and so
    is one that *is_asked*, whatever this chat wants. A whole stream that is sent back means what
    has been edited in it.

    Raises:
        FindingsError: A check has found what cannot be meant.
        PayloadError: The request does not fit.
        ExchangeError: The stream cannot be looked at, or changed.
    """
    if _is_sent_back(intent) and not context.turn.has_sent_change:
        before = await shown_now(tracker, intent.stream_id)
        intent = replace(intent, written=edited(before, intent.written))
        if not intent.written:
            return await _as_it_is(context, tracker, replace(intent, before=before))
    refuse_payload(intent)
    # A request that does not fit is refused before anything is asked.
    tracker.sent(intent.operation, **intent.request)
    if not (is_stale or is_asked or asks_first(context, intent)):
        return await carry_out(context, tracker, intent, notes=notes)
    if not intent.creates:
        intent = replace(intent, before=await shown_now(tracker, intent.stream_id))
        if not diff_lines(intent.before, intent.fields, context.texts):
            return await _as_it_is(context, tracker, intent)
    weighed = await weigh(context, tracker, intent, wants_traffic=not intent.creates)
    return await _question(context, tracker, intent, weighed, notes)


def _is_sent_back(intent: Intent) -> bool:
    """Tell whether the stream's own JSON was sent back, which has what nobody can write."""
    return not intent.creates and "id" in intent.written


def asks_first(context: Context, intent: Intent) -> bool:
    """Tell whether this chat wants to be asked before *intent* is carried out."""
    match context.turn.chat.confirmations:
        case "always":
            return True
        case "never":
            return False
        case _:
            return not intent.creates


async def shown_now(tracker: Tracker, stream_id: int) -> dict[str, Any]:
    """Return the stream as the tracker shows it.

    Raises:
        ExchangeError: It does not show one.
    """
    found: dict[str, Any] = await tracker.call(STREAM_GET, id=stream_id)
    if "id" not in found:
        error = UnreadableError("shape", OK, "id")
        error.sent = tracker.sent(STREAM_GET, id=stream_id)
        raise error
    return found


async def _as_it_is(context: Context, tracker: Tracker, intent: Intent) -> Page:
    """Say that the stream is as it is to be."""
    named, campaign = await context.services.names.added(tracker, intent.before or {})
    lines = card(named, context.texts, campaign=campaign)
    return page("✅", bold(context.texts.plan_nothing), *lines)


async def _question(
    context: Context, tracker: Tracker, intent: Intent, weighed: Weighed, notes: tuple[str, ...]
) -> Page:
    """Return the plan, as a question to its author."""
    texts = context.texts
    title = bold(texts.plan_titles[intent.operation.verb].format(id=intent.stream_id))
    which, where, *changes = await _changes(context, tracker, intent)
    notes = (*await _moves(context, tracker, intent), *notes)
    shown, file = _cut(changes)
    body = {**intent.stored(), "address": tracker.address.url, "language": context.language}
    token = await context.services.store.plans.make(
        CHANGE,
        {**body, "headline": f"{title}\n{which}"},
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        shown_by=context.turn.key,
        seconds=LIFETIME_SECONDS,
    )
    traffic = [] if intent.creates else [traffic_line(weighed.facts.traffic, texts)]
    lines = [
        title,
        *([texts.undo_of.format(key=code(intent.undoes))] if intent.undoes else []),
        which,
        where,
        *shown,
        "",
        *traffic,
        *notes,
        *finding_lines(weighed.found, texts),
        "",
        texts.plan_who.format(person=inert(context.turn.sender.name)),
    ]
    asked = page("❔", *_spaced(lines), buttons=plan_buttons(context, token), file=file)
    return replace(asked, lasts_seconds=LIFETIME_SECONDS)


def _cut(changes: list[str]) -> tuple[list[str], File | None]:
    """Return the first lines, and a file with all of them where that is not all."""
    if len(changes) <= LINES_MOST:
        return changes, None
    whole = File("changes.txt", plain("\n".join(changes)).strip().encode())
    return [*changes[:LINES_MOST], f"… +{len(changes) - LINES_MOST}"], whole


def _spaced(lines: list[str]) -> list[str]:
    """Return *lines* with one empty line at most between others."""
    return [line for before, line in zip(["", *lines], lines, strict=False) if line or before]


async def _changes(context: Context, tracker: Tracker, intent: Intent) -> list[str]:
    """Return which stream it is, and what will be other than before."""
    texts, names = context.texts, context.services.names
    if intent.creates:
        named, campaign = await names.added(tracker, intent.written)
        return card(named, texts, campaign=campaign)
    before, campaign = await names.added(tracker, intent.before or {})
    fields, _ = await names.added(tracker, intent.fields)
    which = f"{bold(before.get('name') or '–')} · {texts.stream} {code(intent.stream_id)}"
    known = f" {inert(campaign)}" if campaign else ""
    where = f"{texts.campaign}: {code(before.get('campaign_id', '?'))}{known}"
    return [which, where, "", *diff_lines(before, fields, texts, most=ALL_LINES)]


async def _moves(context: Context, tracker: Tracker, intent: Intent) -> list[str]:
    """Return the warning that a stream goes to another campaign, with the names of both."""
    ids = [whole(one.get("campaign_id")) for one in (intent.before or {}, intent.after)]
    if None in ids or ids[0] == ids[1]:
        return []
    names = [await context.services.names.of_campaign(tracker, {"campaign_id": one}) for one in ids]
    old, new = (f"{code(one)} {inert(name)}".strip() for one, name in zip(ids, names, strict=True))
    return [f"{SIGNS['warning']} {context.texts.moves.format(old=old, new=new)}"]


def dropped(plan: Plan, words: str) -> Page:
    """Return what is said of a plan that was not carried out: *words*, and which it was."""
    return page("❌", words, "", plan.body.get("headline", ""))


def plan_buttons(context: Context, token: str) -> tuple[tuple[Button, ...], ...]:
    """Return *Apply* and *Cancel* for the plan behind *token*."""
    texts = context.texts
    return (
        (
            Button(texts.plan_apply, data=f"{PLAN}apply:{token}"),
            Button(texts.plan_cancel, data=f"{PLAN}cancel:{token}"),
        ),
    )
