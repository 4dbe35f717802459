"""Looking at a tracker until it shows a change, or can no longer be at work on it."""

import asyncio
import time

from handlers.changes.judge import Look
from handlers.changes.look import look
from handlers.context import Context
from keitaro import Tracker
from storage import Entry

PAUSE_FIRST_SECONDS = 0.25
PAUSE_MOST_SECONDS = 8.0


async def settle(context: Context, tracker: Tracker, entry: Entry) -> Look:
    """Return what the tracker shows of a change once that will not change by itself any more.

    A single look may be enough; only where it is not the long look begins.
    """
    left_seconds = context.services.settling.left(entry, context.services.now())
    ends_at = time.monotonic() + left_seconds
    seen = await look(context, tracker, entry)
    if seen.shows in ("wanted", "elsewhere") or not left_seconds:
        return seen
    await context.let_others_pass()
    return await _keep_looking(context, tracker, entry, ends_at)


async def _keep_looking(context: Context, tracker: Tracker, entry: Entry, ends_at: float) -> Look:
    """Look with growing pauses, and once more at *ends_at* by the monotonic clock."""
    pause = PAUSE_FIRST_SECONDS
    while True:
        left_seconds = max(0.0, ends_at - time.monotonic())
        await asyncio.sleep(min(pause, left_seconds))
        seen = await look(context, tracker, entry)
        if seen.shows == "wanted" or left_seconds <= pause:
            return seen
        pause = min(2 * pause, PAUSE_MOST_SECONDS)
