"""Items that got no clear answer: looked at together until the tracker cannot be at work on them.

They are looked at one after the other, so that no two can take the same stream for theirs.
"""

import asyncio

from handlers.changes.ending import Doubt, doubt_noted, doubt_of
from handlers.changes.look import look
from handlers.changes.outcome import concluded
from handlers.changes.settle import PAUSE_FIRST_SECONDS, PAUSE_MOST_SECONDS
from handlers.context import Context
from handlers.lists.course import Course
from handlers.lists.result import result_of
from keitaro import CAMPAIGN_STREAMS, Tracker
from storage import Entry


async def settle_all(context: Context, tracker: Tracker, course: Course) -> None:
    """Look at all that is in doubt until it is settled; the time for that is bounded."""
    pause, is_quiet = PAUSE_FIRST_SECONDS, False
    while course.doubts:
        round_, found = Round(tracker, is_quiet=is_quiet), len(course.doubts)
        left = [
            await _settle(context, tracker, course, place, round_) for place in [*course.doubts]
        ]
        is_quiet = len(course.doubts) == found
        if course.doubts:
            await asyncio.sleep(min(pause, max(left)))
            pause = min(2 * pause, PAUSE_MOST_SECONDS)


class Round:
    """The streams of campaigns as one round of looks sees them: each is read once.

    It *is_quiet* if the round before it has found no item's stream.
    """

    def __init__(self, tracker: Tracker, *, is_quiet: bool) -> None:
        self._tracker = tracker
        self.is_quiet = is_quiet
        self._rows: dict[int, list[dict[str, object]]] = {}

    async def rows_of(self, campaign_id: int) -> list[dict[str, object]]:
        """Return the streams of a campaign."""
        if campaign_id not in self._rows:
            self._rows[campaign_id] = await self._tracker.call(CAMPAIGN_STREAMS, id=campaign_id)
        return self._rows[campaign_id]


async def _settle(
    context: Context, tracker: Tracker, course: Course, place: int, round_: Round
) -> float:
    """Look at one item, and return for how many seconds it may still come about."""
    entry = await context.services.store.journal.entry(course.key_of(place))
    if entry is None:
        raise LookupError(course.key_of(place))
    left_seconds = context.services.settling.left(entry, context.services.now())
    seen = await look(context, tracker, entry, rows_of=round_.rows_of)
    if left_seconds and seen.shows not in ("wanted", "elsewhere"):
        return left_seconds
    if seen.shows in ("strange", "several") and not round_.is_quiet:
        # What looks odd may be the stream of an item that is looked at later.
        return 0.0
    doubt = _doubt(context, entry, course, place)
    ending = await concluded(context, entry, seen, doubt, is_settled=True)
    course.results[place] = result_of(ending, context.texts, course.doubts.pop(place))
    return 0.0


def _doubt(context: Context, entry: Entry, course: Course, place: int) -> Doubt:
    if entry.outcome:
        return doubt_noted(entry, context.texts)
    seconds = context.services.settling.seconds
    return doubt_of(course.doubts[place], context.texts, seconds=seconds)
