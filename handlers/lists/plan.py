"""A list is asked about as one plan, or begun at once, as this chat has it."""

from dataclasses import replace

from handlers.changes.plan import LIFETIME_SECONDS, plan_buttons
from handlers.context import Context
from handlers.lists.item import Item
from handlers.lists.question import question, verbs
from handlers.lists.run import run
from handlers.lists.weigh import Weighed, weigh
from handlers.render.html import bold
from handlers.render.page import Page, page
from keitaro import Tracker

LIST = "list"


async def ask_list(
    context: Context, tracker: Tracker, items: tuple[Item, ...], *, notes: tuple[str, ...] = ()
) -> Page:
    """Ask the author about *items*, or carry them out if this chat never wants to be asked.

    *notes* are lines of HTML that go with the question.

    Raises:
        ListRefusedError: Items do not fit, or a check has found what cannot be meant.
        ExchangeError: The streams cannot be looked at.
    """
    # Hundreds of streams are read before there is anything to ask.
    await context.let_others_pass()
    weighed = await weigh(context, tracker, items)
    if not weighed.items:
        return page("✅", bold(context.texts.plan_nothing))
    token = await _kept(context, tracker, weighed)
    if context.turn.chat.confirmations == "never":
        return await _at_once(context, token)
    asked = await question(context, tracker, weighed, notes)
    return replace(asked, buttons=plan_buttons(context, token), lasts_seconds=LIFETIME_SECONDS)


async def _kept(context: Context, tracker: Tracker, weighed: Weighed) -> str:
    texts = context.texts
    return await context.services.store.plans.make(
        LIST,
        {
            "items": [item.stored() for item in weighed.items],
            "address": tracker.address.url,
            "language": context.language,
            "headline": f"{bold(texts.list_title)}\n{verbs(weighed.items, texts)}",
        },
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        shown_by=context.turn.key,
        seconds=LIFETIME_SECONDS,
    )


async def _at_once(context: Context, token: str) -> Page:
    """Apply the plan in the turn that has made it: it is found again after a restart."""
    turn = context.turn
    plan = await context.services.store.plans.use(
        token,
        "applied",
        chat_id=context.chat_id,
        user_id=turn.sender.user_id,
        used_by=turn.key,
    )
    if plan is None:
        raise LookupError("a plan just made is gone")
    turn.has_applied_plan = True
    return await run(context, plan)


async def resumed(context: Context) -> Page | None:
    """Go on with the list that this very command began before a restart, if it did."""
    if not context.turn.has_applied_plan:
        return None
    plan = await context.services.store.plans.used(context.turn.key)
    return None if plan is None else await run(context, plan)
