"""The buttons under a card that begin something: each kind answers where it belongs."""

from collections.abc import Awaitable

from handlers.cards import duplicate, swap
from handlers.cards.card import show
from handlers.cards.data import CARD, ID, read_id
from handlers.cards.events import events
from handlers.cards.shares import open_editor
from handlers.changes.plan import shown_now
from handlers.context import Context
from handlers.render.file import json_file
from handlers.render.html import code
from handlers.render.page import Page, page

READING = rf"^{CARD}{ID}:(refresh|events|json)\Z"
CHANGING = rf"^{CARD}{ID}:(shares|swap|copy)\Z"


async def read(data: str, context: Context) -> Awaitable[Page]:
    """Show the card anew in its place, or what belongs to it below."""
    stream_id, verb = _parsed(data)
    if verb == "refresh":
        return _card(context, stream_id)
    context.answer.apart()
    return _events(context, stream_id) if verb == "events" else _json(context, stream_id)


async def change(data: str, context: Context) -> Awaitable[Page]:
    """Begin what ends in a plan."""
    stream_id, verb = _parsed(data)
    if verb == "shares":
        return open_editor(context, stream_id)
    context.answer.apart()
    if verb == "copy":
        return duplicate.ask_where(context, stream_id)
    return swap.ask_which(context, stream_id)


def _parsed(data: str) -> tuple[int, str]:
    number, verb = data.removeprefix(CARD).split(":")
    return read_id(number), verb


async def _card(context: Context, stream_id: int) -> Page:
    return await show(context, await context.tracker(), stream_id, with_file=False)


async def _events(context: Context, stream_id: int) -> Page:
    return await events(context, await context.tracker(), stream_id)


async def _json(context: Context, stream_id: int) -> Page:
    """Return the stream as a file that can be edited and sent back."""
    found = await shown_now(await context.tracker(), stream_id)
    how = context.texts.card_json_how.format(command=code(f"/stream {stream_id}"))
    return page("✅", how, file=json_file(f"stream-{stream_id}.json", found))
