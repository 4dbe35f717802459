"""Streams that a list has created, held against what their campaigns show."""

import asyncio
from collections import defaultdict
from typing import Any

from handlers.changes.judge import Wish, judge
from handlers.changes.outcome import answered
from handlers.context import Context
from handlers.lists.course import Course
from handlers.lists.crowd import side_by_side
from handlers.lists.result import Result, result_of
from keitaro import CAMPAIGN_STREAMS, KeitaroError, Tracker, label

Rows = dict[str, dict[str, Any]]


async def read_back(context: Context, tracker: Tracker, course: Course) -> None:
    """Look at all that was made: campaign by campaign, and singly where that shows no proof."""
    by_campaign: defaultdict[int, list[int]] = defaultdict(list)
    for place in course.made:
        by_campaign[course.items[place].campaign_id].append(place)
    unproven: list[int] = []
    for campaign_id, places in by_campaign.items():
        rows = await _rows(tracker, campaign_id)
        proven = [place for place in places if _is_shown(course, place, rows)]
        unproven += [place for place in places if place not in proven]
        await asyncio.gather(*(_note(context, course, place, rows) for place in proven))
    await side_by_side([_look(context, tracker, course, place) for place in unproven])


async def _rows(tracker: Tracker, campaign_id: int) -> Rows:
    try:
        rows = await tracker.call(CAMPAIGN_STREAMS, id=campaign_id)
    except KeitaroError:
        return {}
    return {label(row.get("id")): row for row in rows}


def _is_shown(course: Course, place: int, rows: Rows) -> bool:
    row = rows.get(label(course.made[place]["id"]))
    return row is not None and judge(course.items[place].intent.wish, row).shows == "wanted"


async def _note(context: Context, course: Course, place: int, rows: Rows) -> None:
    key, stream_id = course.key_of(place), int(course.made[place]["id"])
    row = rows[label(stream_id)]
    await context.services.store.journal.end(key, "done", row, object_id=stream_id)
    context.services.settling.end(key)
    course.results[place] = Result("done", stream_id=stream_id)
    del course.made[place]


async def _look(context: Context, tracker: Tracker, course: Course, place: int) -> None:
    entry = await context.services.store.journal.entry(course.key_of(place))
    if entry is None:
        raise LookupError(course.key_of(place))
    answer = course.made[place]
    ending = await answered(context, tracker, Wish.of(entry.change), entry.change.key, answer)
    course.results[place] = result_of(ending, context.texts)
    del course.made[place]
