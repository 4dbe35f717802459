"""What is thrown away in time: updates that were handled long ago."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage import Inbox, StorageError

EVERY_SECONDS = 3600.0
KEPT_SECONDS = 7 * 86400.0
BATCH = 500

log = logging.getLogger(__name__)


async def tidy(inbox: Inbox) -> None:
    """Remove what is older than a week, little by little, so that nobody waits for it."""
    try:
        removed = BATCH
        while removed == BATCH:
            removed = await inbox.forget(older_than_seconds=KEPT_SECONDS, most=BATCH)
    except StorageError as error:
        log.warning("old updates not removed: %s", error)


@asynccontextmanager
async def tidying(inbox: Inbox) -> AsyncIterator[None]:
    """Tidy now and once an hour while the block runs."""
    task = asyncio.create_task(_tidy_hourly(inbox))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tidy_hourly(inbox: Inbox) -> None:
    while True:
        await tidy(inbox)
        await asyncio.sleep(EVERY_SECONDS)
