"""The button under a ⚠️ about a change: look once more, never send again."""

from handlers.changes.change import check
from handlers.context import Context
from handlers.faults import RefusedError, RestingError
from handlers.lists.run import check_list
from handlers.render.page import CHECK, Page

BUTTONS = f"^{CHECK}"


async def press(data: str, context: Context) -> Page:
    """Return what came of the change that the button belongs to.

    Raises:
        RefusedError: The change was not asked for in this chat.
        RestingError: Nothing could be seen now.
    """
    key = data.removeprefix(CHECK)
    entry = await context.services.store.journal.entry(key)
    if entry is None and (page := await check_list(context, key)):
        return page
    if entry is None or entry.change.chat_id != context.chat_id:
        raise RefusedError("chat")
    tracker = await context.tracker()
    if tracker.pause_seconds:
        raise RestingError(tracker.pause_seconds)
    return await check(context, tracker, entry)
