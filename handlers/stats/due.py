"""Due times become updates of the inbox, while the process runs and for what it has missed."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from telegram import Update

from handlers.context import SERVICES, Bot, Services
from handlers.inbox import StoredQueue
from handlers.stats.due_turn import Due, due_body
from handlers.stats.rule import unpack_rule
from handlers.stats.timetable import last_due, next_due
from storage import Schedule, StorageError

EVERY_SECONDS = 1.0
BATCH = 100

log = logging.getLogger(__name__)


async def sweep(application: Bot) -> None:
    """Pass on all that is due; of what was missed, only the last time."""
    services = application.bot_data[SERVICES]
    queue = cast("StoredQueue", application.update_queue)
    for schedule in await services.store.schedules.due(most=BATCH):
        try:
            body = await _begun(schedule, services)
        except StorageError:
            raise
        except Exception:
            # Whatever is wrong with one schedule, others are due in time.
            log.exception("schedule %d cannot be looked at", schedule.schedule_id)
            continue
        if body:
            await queue.admit(Update.de_json(json.loads(body), application.bot))


async def _begun(schedule: Schedule, services: Services) -> str:
    """Store the update of what is due, and return it; empty if there is none to be handled."""
    schedules, now = services.store.schedules, services.now()
    chat = await services.store.chats.get(schedule.chat_id)
    if chat.unreachable_at is not None:
        await schedules.pause_all(schedule.chat_id, "unreachable")
        return ""
    rule, zone = unpack_rule(schedule.rule), schedule.time_zone
    if schedule.next_at > now:
        await schedules.set_right(schedule, next_at=next_due(rule, zone, now))
        return ""
    # What a rule comes to may have changed since, with the law of a country.
    due = Due(schedule, max(schedule.next_at, last_due(rule, zone, now)))
    update_id = await schedules.begin(
        schedule,
        due_at=due.at,
        next_at=next_due(rule, zone, now),
        make_body=lambda update_id: due_body(update_id, due),
    )
    return "" if update_id is None else due_body(update_id, due)


@asynccontextmanager
async def scheduling(application: Bot) -> AsyncIterator[None]:
    """Sweep whenever something is due while the block runs."""
    task = asyncio.create_task(_sweep_often(application))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _sweep_often(application: Bot) -> None:
    services = application.bot_data[SERVICES]
    while True:
        pause_seconds = EVERY_SECONDS
        try:
            soonest = await services.store.schedules.soonest()
            if soonest is not None:
                pause_seconds = min(soonest - services.now(), EVERY_SECONDS)
            if pause_seconds <= 0:
                pause_seconds = EVERY_SECONDS
                await sweep(application)
        except StorageError as error:
            # What it means for the process is found by whoever writes next.
            log.warning("schedules not looked at: %s", error)
        except Exception:
            # Whatever is wrong, what is due comes once it is right again.
            log.exception("schedules not looked at")
        await asyncio.sleep(pause_seconds)
