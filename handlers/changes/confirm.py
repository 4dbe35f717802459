"""The buttons under a plan: *Apply* and *Cancel*, for its author alone, in time, once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from handlers.changes.change import carry_out
from handlers.changes.intent import Intent
from handlers.changes.plan import CHANGE, NONCE, PLAN, ask, dropped
from handlers.context import Context
from handlers.faults import RefusedError, StaleError
from handlers.lists.answer import RETRY
from handlers.lists.plan import LIST
from handlers.lists.run import retry, run
from handlers.render.diff import diff_lines
from handlers.render.page import Page
from handlers.texts import Texts
from handlers.unlink import UNLINK, confirmed
from keitaro import Tracker, moved
from storage import Plan, State

BUTTONS = rf"^{PLAN}(apply|cancel):{NONCE}\Z"


async def press(data: str, context: Context) -> Page | Awaitable[Page]:
    """Carry out a plan, or drop it.

    Raises:
        RefusedError: It is not this person's, not of this chat, or not open any more.
    """
    _, verb, token = data.split(":")
    plan = await _use(context, token, "applied" if verb == "apply" else "cancelled")
    if plan.state == "expired":
        return dropped(plan, context.texts.plan_expired)
    if plan.state == "cancelled":
        return dropped(plan, context.texts.plan_cancelled)
    context.turn.has_applied_plan = True
    return APPLY[plan.kind](context, plan)


async def _use(context: Context, token: str, state: State) -> Plan:
    """Return the plan in this *state*, used by nobody else; or expired, if its time is over."""
    plans, user_id = context.services.store.plans, context.turn.sender.user_id
    found = await plans.get(token)
    if found is None or found.chat_id != context.chat_id or found.kind not in APPLY:
        raise RefusedError("chat")
    plan = await plans.use(
        token, state, chat_id=context.chat_id, user_id=user_id, used_by=context.turn.key
    )
    if plan is not None:
        return plan
    found = await plans.get(token) or found
    if found.state in ("applied", "cancelled"):
        raise RefusedError("used")
    if found.user_id != user_id:
        raise RefusedError("author")
    await plans.end(found.plan_id)
    if found.kind == RETRY:
        # Its button stands under a result, which must not give way.
        raise RefusedError("old")
    return replace(found, state="expired")


async def _apply_change(context: Context, plan: Plan) -> Page:
    """Carry out the change that was planned, unless the stream is not as it was then."""
    tracker = await context.tracker()
    body: dict[str, Any] = plan.body
    if body["address"] != tracker.address.url:
        return dropped(plan, context.texts.plan_elsewhere)
    intent = Intent.read(body)
    try:
        try:
            return await carry_out(context, tracker, intent)
        except StaleError as error:
            return await _anew(context, tracker, intent, error.now)
    except Exception:
        # The question gives way to what is said of the error, which does not tell what it was.
        context.turn.note = str(body.get("headline", ""))
        raise


async def _anew(
    context: Context, tracker: Tracker, intent: Intent, now: dict[str, Any] | None
) -> Page:
    """Ask once more: the stream has changed since the plan was made, or could not be read."""
    before = intent.before or {}
    notes: tuple[str, ...] = ()
    if now is not None:
        # What a tracker shows may be long.
        lines = await asyncio.to_thread(_moved_lines, before, now, context.texts)
        notes = (context.texts.plan_stale, *lines, "")
    return await ask(context, tracker, intent, notes=notes, is_stale=True)


def _moved_lines(before: dict[str, Any], now: dict[str, Any], texts: Texts) -> list[str]:
    return diff_lines(before, {field: now.get(field) for field in moved(before, now)}, texts)


APPLY: dict[str, Callable[[Context, Plan], Awaitable[Page]]] = {
    CHANGE: _apply_change,
    LIST: run,
    RETRY: retry,
    UNLINK: confirmed,
}
