"""The buttons of saved reports."""

import re
from collections.abc import Awaitable

from handlers.context import Context
from handlers.faults import UsageError
from handlers.render.page import Page
from handlers.stats import saving
from handlers.stats.faults import SavedError
from handlers.stats.saved import listed, run_saved
from handlers.stats.saving import SAVE, SAVED

SAVING = rf"^{SAVE}[0-9]{{1,12}}$"
READING = rf"^{SAVED}(?:run|list):[0-9]{{1,12}}$"
CHANGING = rf"^{SAVED}(?:rename|remove|removed|kept):[0-9]{{1,12}}$"
_DATA = re.compile(r"[a-z]+:(?:([a-z]+):)?([0-9]{1,12})")


async def save(data: str, context: Context) -> Page:
    """Keep the report under which *Save* was pressed; it stays as it is."""
    context.answer.apart()
    return await saving.keep_shown(context, _number(data)[1])


async def read(data: str, context: Context) -> Page | Awaitable[Page]:
    """Run a saved report, below the list; or turn the page of the list.

    Raises:
        SavedError: It is not kept any more.
    """
    action, number = _number(data)
    if action == "list":
        return await listed(context, first=number)
    saved = await context.services.store.saved.get(context.chat_id, number)
    if saved is None:
        raise SavedError("gone", "")
    context.answer.apart()
    return run_saved(context, saved)


async def change(data: str, context: Context) -> Page:
    """Ask for another name, ask whether to remove it, remove it, or let it be.

    Raises:
        SavedError: It is not kept any more.
    """
    action, number = _number(data)
    if action == "rename":
        context.answer.apart()
        return await saving.ask_name(context, number)
    run = {
        "remove": saving.ask_to_remove,
        "removed": saving.remove,
        "kept": saving.still_kept,
    }[action]
    return await run(context, number)


def _number(data: str) -> tuple[str, int]:
    found = _DATA.fullmatch(data)
    if found is None:
        raise UsageError("reports", data)
    return found[1] or "", int(found[2])
