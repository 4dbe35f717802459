"""What is due is done: a report in the chat and topic it was asked for in, without a sound."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from telegram import Message

from handlers.context import Context
from handlers.faults import RefusedError
from handlers.render.page import Page, page
from handlers.roles import Role
from handlers.stats.due_turn import Due, read_due
from handlers.stats.phrase import Phrase
from handlers.stats.query import unpacked
from handlers.stats.run import run
from handlers.stats.schedule_words import heading, moment_words
from storage import Schedule

# What is begun later than this was missed, and says so.
LATE_SECONDS = 60.0
# Nobody waits for it, so it may come hours later.
LASTS_SECONDS = 86_400.0


async def run_due(message: Message, context: Context) -> Page:
    """Do what is due; whatever comes of it says what it was and when.

    Raises:
        KeitaroError: The tracker was not asked, or did not answer.
    """
    due = await read_due(message, context.services)
    if due is None:
        raise RefusedError("schedule")
    schedule = due.schedule
    context.turn.note = _note(due, context)
    if context.turn.sender.role < Role.OPERATOR:
        return await _stopped(schedule, "role", context)
    if await context.services.store.chats.target(schedule.chat_id) is None:
        return await _stopped(schedule, "unlinked", context)
    at = datetime.fromtimestamp(due.at, UTC).astimezone(ZoneInfo(schedule.time_zone))
    answer = await run(context, phrase_of(schedule), at=at)
    return replace(answer, lasts_seconds=LASTS_SECONDS)


def phrase_of(schedule: Schedule) -> Phrase:
    """Return what *schedule* does once."""
    return Phrase(unpacked(schedule.body["query"]), schedule.body["output"])


def _note(due: Due, context: Context) -> str:
    texts, schedule = context.texts, due.schedule
    line = heading(schedule, texts)
    if context.services.now() - due.at <= LATE_SECONDS:
        return line
    when = moment_words(due.at, schedule.time_zone)
    return f"{line}\n{texts.schedule_late.format(when=when)}"


async def _stopped(
    schedule: Schedule, reason: Literal["role", "unlinked"], context: Context
) -> Page:
    """Pause all that would fail for the same *reason*, and tell it once."""
    user_id = schedule.user_id if reason == "role" else None
    schedules = context.services.store.schedules
    await schedules.pause_all(schedule.chat_id, reason, user_id=user_id)
    return page("❌", context.texts.schedule_stopped[reason])
