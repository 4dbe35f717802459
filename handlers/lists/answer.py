"""The answer about a list: what came of how many items, why, and what can be done next."""

import asyncio
from typing import Any

from handlers.changes.after import UNDO
from handlers.changes.plan import PLAN
from handlers.context import Context
from handlers.lists.course import Course
from handlers.render.html import bold, code, inert
from handlers.render.numbered import group_lines, numbers
from handlers.render.page import Button, File, Mark, Page, check_button, page
from handlers.roles import Role
from handlers.texts import Texts
from keitaro import Tracker
from paper import write_csv

RETRY = "retry"
RETRY_SECONDS = 86_400.0
MADE_MOST = 10
CAME = ("done", "failed", "unknown", "untried")
COLUMNS = ("number", "outcome", "id", "name", "status", "message")


async def answer(
    context: Context, tracker: Tracker, course: Course, *, is_check: bool = False
) -> Page:
    """Return the answer about a list that goes no further."""
    texts = context.texts
    mark, title = _end(course, texts)
    stopped = course.stops.reason
    lines = [
        bold(title),
        " · ".join(_counts(course, texts)),
        *([texts.list_stopped[stopped]] if stopped else []),
        *_reasons(course, texts),
        *_made(course),
    ]
    buttons = await _buttons(context, tracker, course, is_check=is_check)
    file = await asyncio.to_thread(_file, course, texts)
    return page(mark, *lines, buttons=buttons, file=file)


def _end(course: Course, texts: Texts) -> tuple[Mark, str]:
    done, unknown = course.count("done"), course.count("unknown")
    if done == len(course.items):
        return "✅", texts.list_ends["done"]
    if not done and not unknown:
        return "❌", texts.list_ends["nothing"]
    return "⚠️", texts.list_ends["partly"]


def _counts(course: Course, texts: Texts) -> list[str]:
    counts = {came: course.count(came) for came in CAME}
    return [texts.list_counts[came].format(count=count) for came, count in counts.items() if count]


def _reasons(course: Course, texts: Texts) -> list[str]:
    found = [
        (item.number, inert(course.result(place).reason))
        for place, item in enumerate(course.items)
        if course.result(place).reason
    ]
    moved = [item.number for n, item in enumerate(course.items) if course.result(n).has_moved]
    told = [f"{texts.list_moved}: {numbers(moved)}"] if moved else []
    return ["", *told, *group_lines(found, texts)] if told or found else []


def _made(course: Course) -> list[str]:
    """Return the ids and names of streams that were created; a long list has them in its file."""
    found = [(item, course.result(place)) for place, item in enumerate(course.items)]
    made = [
        f"{item.number}. {code(result.stream_id)} {inert(item.name)}"
        for item, result in found
        if item.intent.creates and result.came == "done"
    ]
    return ["", *made] if 0 < len(made) <= MADE_MOST else []


async def _buttons(
    context: Context, tracker: Tracker, course: Course, *, is_check: bool
) -> tuple[tuple[Button, ...], ...]:
    texts = context.texts
    rows: list[tuple[Button, ...]] = []
    # Looked at again later, the rest may have been repeated by the first answer's button.
    again = () if is_check else _again(course)
    if again:
        token = await _kept(context, tracker, course, again)
        rows.append((Button(texts.list_retry, data=f"{PLAN}apply:{token}"),))
    if course.count("unknown"):
        rows += check_button(course.key, texts.check_again)
    if course.count("done") and context.turn.sender.role >= Role.OPERATOR:
        rows.append((Button(texts.list_undo, data=f"{UNDO}{course.key}"),))
    return tuple(rows)


def _again(course: Course) -> tuple[int, ...]:
    """Return the places of items that were certainly not carried out, and can be as planned."""
    results = ((place, course.result(place)) for place in range(len(course.items)))
    return tuple(
        place
        for place, result in results
        if result.came in ("failed", "untried") and not result.has_moved
    )


async def _kept(context: Context, tracker: Tracker, course: Course, places: tuple[int, ...]) -> str:
    return await context.services.store.plans.make(
        RETRY,
        {
            "items": [course.items[place].stored() for place in places],
            "address": tracker.address.url,
            "language": context.language,
            "headline": bold(context.texts.list_title),
        },
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        shown_by=context.turn.key,
        seconds=RETRY_SECONDS,
    )


def _file(course: Course, texts: Texts) -> File:
    """Return a line for each item, as a table for people."""
    rows = [_row(course, place, texts) for place in range(len(course.items))]
    return File(
        "result.csv", write_csv(rows, [texts.list_columns.get(name, name) for name in COLUMNS])
    )


def _row(course: Course, place: int, texts: Texts) -> dict[str, Any]:
    item, result = course.items[place], course.result(place)
    values = {
        "number": item.number,
        "outcome": texts.list_outcomes[result.came],
        "id": result.stream_id or item.intent.stream_id or None,
        "name": item.name,
        "status": result.status,
        "message": texts.list_moved if result.has_moved else result.reason,
    }
    return {texts.list_columns.get(name, name): value for name, value in values.items()}
