"""The button under a ⚠️ about a change: look once more, never send again."""

from handlers.changes.change import check
from handlers.context import Context
from handlers.faults import RefusedError
from handlers.render.page import CHECK, Page

BUTTONS = f"^{CHECK}"


async def press(data: str, context: Context) -> Page:
    """Return what came of the change that the button belongs to.

    Raises:
        RefusedError: The change was not asked for in this chat.
    """
    entry = await context.services.store.journal.entry(data.removeprefix(CHECK))
    if entry is None or entry.change.chat_id != context.chat_id:
        raise RefusedError("chat")
    return await check(context, await context.tracker(), entry)
