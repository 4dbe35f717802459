"""Many calls side by side, but few enough that others get their turn."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

# A tracker takes four at a time, and four more are noted and ready when those come back.
WORKERS = 8

T = TypeVar("T")


async def side_by_side(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Return what all of *work* comes to, in its order, with a few under way at a time.

    What fails first ends all others.
    """
    places = asyncio.Semaphore(WORKERS)

    async def one(job: Coroutine[Any, Any, T]) -> T:
        async with places:
            return await job

    tasks = [asyncio.ensure_future(one(job)) for job in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for job in work:
            job.close()
