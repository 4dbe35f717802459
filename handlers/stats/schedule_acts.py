"""What can be done with a schedule: paused, resumed, done now, and removed once that is sure."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from handlers.context import Context
from handlers.faults import RefusedError
from handlers.render.page import Button, Page, page, with_note
from handlers.stats.due_run import phrase_of
from handlers.stats.rule import unpack_rule
from handlers.stats.run import run
from handlers.stats.schedule_words import entry, heading
from handlers.stats.schedules import SCHEDULES, list_button
from handlers.stats.timetable import next_due
from storage import Schedule


async def pause(context: Context, schedule_id: int) -> Page:
    """Have a schedule wait until somebody resumes it.

    Raises:
        RefusedError: There is none with this number here; as for all acts.
    """
    await _found(context, schedule_id)
    await context.services.store.schedules.pause(schedule_id, "person")
    return await _told(context, schedule_id)


async def resume(context: Context, schedule_id: int) -> Page:
    """Have a schedule go on, from now on in the name of who says so."""
    found = await _found(context, schedule_id)
    next_at = next_due(unpack_rule(found.rule), found.time_zone, context.services.now())
    user_id = context.turn.sender.user_id
    schedules = context.services.store.schedules
    await schedules.resume(schedule_id, user_id=user_id, next_at=next_at)
    return await _told(context, schedule_id)


async def run_now(context: Context, schedule_id: int) -> Page:
    """Do once, here and now, what a schedule does; when it is due stays as it is."""
    found = await _found(context, schedule_id)
    return with_note(await run(context, phrase_of(found)), heading(found, context.texts))


async def ask_to_remove(context: Context, schedule_id: int) -> Page:
    """Ask whether a schedule is to be removed."""
    found = await _found(context, schedule_id)
    labels = context.texts.schedule_buttons
    sure = Button(labels["sure"], data=f"{SCHEDULES}gone:{schedule_id}")
    keep = Button(labels["keep"], data=f"{SCHEDULES}list:0")
    lines = (context.texts.schedule_remove, "", *entry(found, context.texts))
    return page("❔", *lines, buttons=((sure, keep),))


async def remove(context: Context, schedule_id: int) -> Page:
    """Forget a schedule."""
    found = await _found(context, schedule_id)
    await context.services.store.schedules.remove(context.chat_id, schedule_id)
    line = heading(found, context.texts)
    return page("✅", context.texts.schedule_removed, line, buttons=list_button(context))


async def _told(context: Context, schedule_id: int) -> Page:
    found = await _found(context, schedule_id)
    return page("✅", *entry(found, context.texts), buttons=list_button(context))


async def _found(context: Context, schedule_id: int) -> Schedule:
    """Return a schedule of this chat."""
    found = await context.services.store.schedules.get(schedule_id)
    if found is None or found.chat_id != context.chat_id:
        raise RefusedError("schedule")
    return found


Act = Callable[[Context, int], Awaitable[Page]]
# By the word that asks for it.
ACTS: Mapping[str, Act] = MappingProxyType(
    {"pause": pause, "resume": resume, "now": run_now, "remove": ask_to_remove}
)
