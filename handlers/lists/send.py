"""One item of a list: sent once, and what came back."""

import asyncio
from dataclasses import replace

from handlers.changes.change import change_of, send
from handlers.changes.ending import Ending
from handlers.changes.judge import Look, Wish
from handlers.changes.look import state_before
from handlers.changes.once import Right, once
from handlers.changes.verdict import said_yes
from handlers.context import Context
from handlers.faults import DroppedError, StaleError
from handlers.lists.course import Course
from handlers.lists.result import Result, failure, result_of
from keitaro import ExchangeError, NotFoundError, PausedError, PayloadError, Tracker
from storage import Change

Known = dict[int, list[int] | None]


async def known_streams(tracker: Tracker, course: Course, places: list[int]) -> Known:
    """Return the ids of the streams in each campaign in which one is to be created.

    Raises:
        ExchangeError: There is no way to the tracker, so nothing is worth being begun.
    """
    known: Known = {}
    for place in places:
        item = course.items[place]
        if not item.intent.creates or item.campaign_id in known:
            continue
        # For one that begins in the archive nothing would be read.
        body = {name: value for name, value in item.intent.written.items() if name != "state"}
        wish = Wish(item.intent.operation, body)
        try:
            known[item.campaign_id] = await state_before(tracker, wish)
        except NotFoundError:
            known[item.campaign_id] = None
    return known


async def send_item(
    context: Context, tracker: Tracker, course: Course, place: int, known: Known
) -> None:
    """Send the item at *place* and note in *course* what came back."""
    intent, key = course.items[place].intent, course.key_of(place)
    try:
        change = change_of(context, tracker, intent, key=key)
        if intent.creates:
            await _create(
                context, tracker, course, place, _with_before(change, course, place, known)
            )
        else:
            ending = await send(context, tracker, change, intent)
            course.results[place] = result_of(ending, context.texts)
        course.stops.succeed()
    except DroppedError:
        # It stays untried.
        return
    except StaleError:
        course.results[place] = Result("failed", stream_id=intent.stream_id, has_moved=True)
    except PayloadError as error:
        course.results[place] = failure(error, context.turn)
    except ExchangeError as error:
        course.stops.fail(error)
        await _note_failure(context, course, place, error)


def _with_before(change: Change, course: Course, place: int, known: Known) -> Change:
    item = course.items[place]
    # The list of a campaign leaves out what is in the archive.
    is_hidden = item.intent.written.get("state") == "deleted"
    before = None if is_hidden else known.get(item.campaign_id)
    return replace(change, before=before)


async def _create(
    context: Context, tracker: Tracker, course: Course, place: int, change: Change
) -> None:
    """Create a stream; what the tracker holds of it is looked at when the rest is done."""
    intent = course.items[place].intent
    body = intent.request["body"]
    right = Right(context, change, lambda: course.stops.reason is not None)
    await right.ahead()
    answer = await once(context, tracker, change, body, right=right)
    # Whoever waits for the place goes first: noting this can wait.
    await asyncio.sleep(0)
    stream_id = int(answer["id"])
    ending = Ending(change.key, Wish.of(change), Look("unread", ids=(stream_id,)), "unknown")
    note = said_yes(ending, context.texts)
    journal = context.services.store.journal
    await journal.end(change.key, "unknown", answer, note=note, object_id=stream_id)
    course.made[place] = answer


async def _note_failure(context: Context, course: Course, place: int, error: ExchangeError) -> None:
    entry = await context.services.store.journal.entry(course.key_of(place))
    if entry is not None and error.in_doubt:
        course.doubts[place] = error
    elif not isinstance(error, PausedError):
        course.results[place] = failure(error, context.turn)
