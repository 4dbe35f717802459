"""What is thrown away in time: updates, answers, plans, questions, reports of long ago."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from bot.settings import Settings
from storage import StorageError, Store

HOUR_SECONDS, DAY_SECONDS = 3600.0, 86400.0
EVERY_SECONDS = HOUR_SECONDS
KEPT_SECONDS = 7 * DAY_SECONDS
BATCH = 500
ROOM_BYTES = 1024**3

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Keeping:
    """For how long things are kept, in seconds; the journal for ever if it is None.

    *owners* are no strangers, whatever the database says.
    """

    journal_seconds: float | None = 365 * DAY_SECONDS
    strangers_seconds: float = DAY_SECONDS
    owners: Collection[int] = ()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return what *settings* say."""
        days = settings.keep_journal_days
        return cls(
            journal_seconds=days * DAY_SECONDS if days else None,
            strangers_seconds=settings.keep_strangers_hours * HOUR_SECONDS,
            owners=settings.owners,
        )


async def tidy(store: Store, keeping: Keeping | None = None) -> None:
    """Remove what is old enough, little by little, so that nobody waits for it."""
    keeping = keeping or Keeping()
    boxes = (store.inbox, store.outbox, store.plans, store.questions, store.shown, store.schedules)
    try:
        for box in boxes:
            await _emptied(partial(box.forget, older_than_seconds=KEPT_SECONDS, most=BATCH))
        if keeping.journal_seconds is not None:
            seconds = keeping.journal_seconds
            await _emptied(partial(store.journal.forget, older_than_seconds=seconds, most=BATCH))
        seconds, owners = keeping.strangers_seconds, keeping.owners
        forget = partial(store.strangers.forget, owners=owners)
        await _emptied(partial(forget, older_than_seconds=seconds, most=BATCH))
    except StorageError as error:
        log.warning("old updates and answers not removed: %s", error)


async def _emptied(forget: Callable[[], Awaitable[int]]) -> None:
    while await forget() == BATCH:
        pass


def warn_of_room(path: Path, *, least_bytes: int = ROOM_BYTES) -> None:
    """Say in the log that the disk of *path* is nearly full."""
    free = shutil.disk_usage(path.parent).free
    if free < least_bytes:
        log.warning("%s: %d MiB left on its disk; make room", path, free // 1024**2)


@asynccontextmanager
async def tidying(store: Store, keeping: Keeping | None = None) -> AsyncIterator[None]:
    """Tidy now and once an hour while the block runs."""
    task = asyncio.create_task(_tidy_hourly(store, keeping))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tidy_hourly(store: Store, keeping: Keeping | None) -> None:
    while True:
        await tidy(store, keeping)
        warn_of_room(store.connection.path)
        await asyncio.sleep(EVERY_SECONDS)
