"""The ⏳ of a list: a bar, counts, and how long it will still take."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from handlers.context import Context
from handlers.lists.course import Course
from handlers.texts import Texts

EVERY_SECONDS = 3.0
CELLS = 10
MINUTE = 60


@asynccontextmanager
async def shown(context: Context, course: Course) -> AsyncIterator[None]:
    """Have the ⏳ tell every few seconds how far *course* has got while the block runs."""
    task = asyncio.create_task(_tell_often(context, course))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tell_often(context: Context, course: Course) -> None:
    clock = asyncio.get_running_loop().time
    begun_at = clock()
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await context.answer.progress(progress_line(course, context.texts, clock() - begun_at))


def progress_line(course: Course, texts: Texts, seconds: float) -> str:
    """Return how far *course* has got in so many *seconds* of this process."""
    count, in_all = course.begun, len(course.items)
    filled = CELLS * count // in_all
    bar = "▓" * filled + "░" * (CELLS - filled)
    pieces = [texts.list_progress.format(bar=bar, count=count, all=in_all)]
    if failed := course.count("failed"):
        pieces.append(texts.list_progress_failed.format(count=failed))
    rest = in_all - count
    if not rest and course.doubts:
        pieces.append(texts.list_settling.format(count=len(course.doubts)))
    elif rest and course.finished:
        pieces.append(_left(seconds * rest / course.finished, texts))
    return " · ".join(pieces)


def _left(seconds: float, texts: Texts) -> str:
    if seconds < MINUTE:
        return texts.list_left["seconds"].format(count=max(1, math.ceil(seconds)))
    return texts.list_left["minutes"].format(count=math.ceil(seconds / MINUTE))
