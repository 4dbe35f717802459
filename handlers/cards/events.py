"""The history of a stream, as an answer."""

from typing import Any

from handlers.cards.card import unfitting
from handlers.context import Context
from handlers.render.card import whole
from handlers.render.events import event_lines
from handlers.render.page import Page, page
from keitaro import STREAM_EVENTS, Tracker


async def events(context: Context, tracker: Tracker, stream_id: int) -> Page:
    """Return what the tracker tells of the past of a stream.

    Raises:
        ExchangeError: It does not.
    """
    found = await tracker.call(STREAM_EVENTS, id=stream_id)
    if not _may_be_events(found):
        return unfitting(context, found)
    lines = event_lines(found, context.texts)
    folded, file = whole(found, f"stream-{stream_id}-events.json", context.texts)
    title = context.texts.events_of.format(id=stream_id)
    return page("✅", f"<b>{title}</b>", *lines, *folded, file=file)


def _may_be_events(found: Any) -> bool:
    """Tell whether *found* is a list or holds one, and is not the stream itself."""
    if not isinstance(found, dict):
        return isinstance(found, list)
    return "schema" not in found and any(isinstance(value, list) for value in found.values())
