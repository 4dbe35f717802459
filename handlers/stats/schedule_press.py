"""The buttons of `/schedules`."""

import re
from collections.abc import Awaitable

from handlers.context import Context
from handlers.faults import RefusedError
from handlers.render.page import Page
from handlers.stats.schedule_acts import ask_to_remove, pause, remove, resume, run_now
from handlers.stats.schedule_list import PAGE_MOST, list_page

READING = r"^sched:list:"
CHANGING = r"^sched:(pause|resume|now|remove|gone):"
_DATA = re.compile(r"sched:(?P<act>[a-z]{3,6}):(?P<number>[0-9]{1,12})")


async def read(data: str, context: Context) -> Page:
    """Turn to other schedules of the list."""
    _, number = _read(data)
    return await list_page(context, number)


async def change(data: str, context: Context) -> Page | Awaitable[Page]:
    """Do what a button beside a schedule stands for, and show the list as it is then.

    Raises:
        RefusedError: The schedule is not there any more, or the button is none of ours.
    """
    act, number = _read(data)
    match act:
        case "now":
            context.answer.apart()
            return run_now(context, number)
        case "remove":
            return await ask_to_remove(context, number)
        case "gone":
            return await remove(context, number)
        case "pause":
            await pause(context, number)
        case _:
            await resume(context, number)
    return await list_page(context, await _place(context, number))


def _read(data: str) -> tuple[str, int]:
    found = _DATA.fullmatch(data)
    if found is None:
        raise RefusedError("unknown")
    return found["act"], int(found["number"])


async def _place(context: Context, schedule_id: int) -> int:
    """Return where the page of the list begins on which a schedule stands."""
    found = await context.services.store.schedules.of_chat(context.chat_id)
    # Somebody else may have removed it meanwhile.
    place = sum(one.schedule_id < schedule_id for one in found)
    return place - place % PAGE_MOST
