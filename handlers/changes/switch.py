"""Buttons that turn a stream on or off, archive it, or bring it back: by a plan, as typed."""

from collections.abc import Awaitable

from handlers.changes.after import STREAM
from handlers.changes.intent import Intent
from handlers.changes.plan import ask
from handlers.context import Context
from handlers.render.page import Page
from keitaro import STREAM_DELETE, STREAM_DISABLE, STREAM_ENABLE, STREAM_RESTORE

SWITCHES = {
    "on": STREAM_ENABLE,
    "off": STREAM_DISABLE,
    "delete": STREAM_DELETE,
    "restore": STREAM_RESTORE,
}
BUTTONS = rf"^{STREAM}[1-9][0-9]{{0,15}}:({'|'.join(SWITCHES)})\Z"


async def press(data: str, context: Context) -> Awaitable[Page]:
    """Plan what the button says; the message with the button stays as it is."""
    stream_id, word = data.removeprefix(STREAM).split(":")
    context.answer.apart()
    return _plan(context, Intent(SWITCHES[word], {}, int(stream_id)))


async def _plan(context: Context, intent: Intent) -> Page:
    return await ask(context, await context.tracker(), intent)
