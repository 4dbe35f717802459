"""What is thrown away in time: updates, answers, plans, questions, reports of long ago."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage import StorageError, Store

EVERY_SECONDS = 3600.0
KEPT_SECONDS = 7 * 86400.0
BATCH = 500

log = logging.getLogger(__name__)


async def tidy(store: Store) -> None:
    """Remove what is older than a week, little by little, so that nobody waits for it."""
    try:
        boxes = (store.inbox, store.outbox, store.plans, store.questions, store.shown)
        for box in (*boxes, store.schedules):
            removed = BATCH
            while removed == BATCH:
                removed = await box.forget(older_than_seconds=KEPT_SECONDS, most=BATCH)
    except StorageError as error:
        log.warning("old updates and answers not removed: %s", error)


@asynccontextmanager
async def tidying(store: Store) -> AsyncIterator[None]:
    """Tidy now and once an hour while the block runs."""
    task = asyncio.create_task(_tidy_hourly(store))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tidy_hourly(store: Store) -> None:
    while True:
        await tidy(store)
        await asyncio.sleep(EVERY_SECONDS)
