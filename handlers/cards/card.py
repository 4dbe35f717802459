"""A stream at a glance: its card, what it carries, and the buttons for what can be done."""

from typing import Any

from handlers.cards.extras import extra_lines
from handlers.cards.keyboard import card_buttons
from handlers.context import Context
from handlers.render.card import card, whole
from handlers.render.page import Page, page
from keitaro import STREAM_GET, Tracker


async def show(
    context: Context, tracker: Tracker, stream_id: int, *, with_file: bool = True
) -> Page:
    """Return the card of a stream; without *with_file* no long answer comes with it.

    Raises:
        ExchangeError: The tracker does not show it.
    """
    found = await tracker.call(STREAM_GET, id=stream_id)
    if "id" not in found:
        return unfitting(context, found)
    # First what speaks of the same offers and pages, so that nothing is asked for twice.
    extra = await extra_lines(context, tracker, found)
    named, campaign = await context.services.names.added(tracker, found)
    lines = [*card(named, context.texts, campaign=campaign), "", *extra]
    folded, file = whole(found, f"stream-{stream_id}.json", context.texts)
    return page(
        "✅",
        *lines,
        *folded,
        buttons=card_buttons(context, tracker, found),
        file=file if with_file else None,
    )


def unfitting(context: Context, found: Any) -> Page:
    """Say that the answer, such as {} or an error with status 200, is not what was asked for."""
    texts = context.texts
    lines, file = whole(found, "answer.json", texts)
    title = f"<b>{texts.unreadable['shape']}</b>"
    return page("❌", title, texts.advice_try_later, *lines, file=file)
