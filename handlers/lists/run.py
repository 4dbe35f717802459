"""A list that was confirmed: carried out item by item, over every restart, and told."""

from collections import deque
from typing import cast

from handlers.changes.change import restarted
from handlers.changes.judge import Wish
from handlers.changes.outcome import ended
from handlers.changes.plan import dropped
from handlers.context import Context
from handlers.inbox import StoredQueue
from handlers.lists.answer import answer
from handlers.lists.course import Course
from handlers.lists.crowd import WORKERS, side_by_side
from handlers.lists.doubts import settle_all
from handlers.lists.item import Item
from handlers.lists.lines import Lines
from handlers.lists.progress import shown
from handlers.lists.readback import read_back
from handlers.lists.result import result_of
from handlers.lists.send import known_streams, send_item
from handlers.render.page import Page
from keitaro import ExchangeError, Tracker
from storage import Entry, Plan


async def run(context: Context, plan: Plan) -> Page:
    """Carry out the list of *plan* as far as that has not been done, and say what came of it.

    Raises:
        ExchangeError: There is no way to the tracker; nothing was sent.
    """
    tracker = await context.tracker()
    is_elsewhere = plan.body["address"] != tracker.address.url
    if is_elsewhere and not context.turn.has_sent_change:
        return dropped(plan, context.texts.plan_elsewhere)
    course = _course(plan, context.turn.key)
    await context.answer.announce()
    await context.let_others_pass()
    async with shown(context, course):
        await _carry_out(context, tracker, course, sends=not is_elsewhere)
    return await answer(context, tracker, course)


async def retry(context: Context, plan: Plan) -> Page:
    """Carry out what is left of a list; the answer that has the button stays as it is.

    Raises: as `run` does.
    """
    context.answer.apart()
    return await run(context, plan)


async def check_list(context: Context, key: str) -> Page | None:
    """Look once more at what is open in the list *key*, and say what came of all of it.

    None stands for a list that is not remembered any more.
    """
    plan = await context.services.store.plans.used(key)
    if plan is None or plan.chat_id != context.chat_id:
        return None
    tracker = await context.tracker()
    course = _course(plan, key)
    await _carry_out(context, tracker, course, sends=False)
    return await answer(context, tracker, course, is_check=True)


def _course(plan: Plan, key: str) -> Course:
    return Course(key, tuple(map(Item.read, plan.body["items"])))


async def _carry_out(context: Context, tracker: Tracker, course: Course, *, sends: bool) -> None:
    """Send what was not begun if this *sends* at all, and look at what is open."""
    lines = Lines(context.services.settling, tracker.address.url)
    try:
        await lines.take({n: item.intent.wish for n, item in enumerate(course.items)})
        await _take_stock(context, tracker, course)
        for place in course.results:
            lines.leave(place)
        if sends:
            await _send_rest(context, tracker, course, lines)
        await read_back(context, tracker, course)
        await settle_all(context, tracker, course)
    finally:
        lines.close()


async def _take_stock(context: Context, tracker: Tracker, course: Course) -> None:
    """Note what has become of items that an earlier process has begun."""
    for entry in await context.services.store.journal.items(course.key):
        place = int(entry.change.key.rpartition(".")[2])
        ending = ended(entry, tracker)
        if ending is not None:
            course.results[place] = result_of(ending, context.texts)
        elif _is_made(entry, tracker):
            known = entry.answer if isinstance(entry.answer, dict) else {}
            course.made[place] = {"id": entry.object_id, **known}
        else:
            course.doubts[place] = restarted(tracker, entry)


def _is_made(entry: Entry, tracker: Tracker) -> bool:
    """Tell whether this very tracker has said yes to a creation."""
    is_here = entry.change.address == tracker.address.url
    return is_here and Wish.of(entry.change).creates and entry.object_id is not None


async def _send_rest(context: Context, tracker: Tracker, course: Course, lines: Lines) -> None:
    """Send what was not begun, a few at a time, as long as there is sense in it."""
    todo = deque(course.todo)
    try:
        known = await known_streams(tracker, course, list(todo))
    except ExchangeError as error:
        if not course.begun:
            raise
        course.stops.give_up(error)
        return
    await context.answer.announced()

    async def work() -> None:
        while todo and not course.stops.reason:
            place = todo.popleft()
            await send_item(context, tracker, course, place, known)
            if place not in course.doubts:
                lines.leave(place)
            await _get_on(context, course)

    await side_by_side([work() for _ in range(WORKERS)])


async def _get_on(context: Context, course: Course) -> None:
    """Note that this process has ended an item: its list is not what ends processes."""
    course.finished += 1
    if course.finished == 1:
        queue = cast("StoredQueue", context.update_queue)
        await queue.forgive(context.turn.update_id)
