"""*Every day* under a report: how often, then at which hour, and then it is scheduled."""

import re
from typing import cast

from handlers.context import Context
from handlers.faults import RefusedError
from handlers.render.html import bold, inert
from handlers.render.page import Button, Page, page
from handlers.stats.query import Query, unpacked
from handlers.stats.rule import Rhythm, Rule
from handlers.stats.schedule_words import name_of
from handlers.stats.schedules import schedule

BUTTONS = r"^due:"
RHYTHMS: tuple[Rhythm, ...] = ("day", "weekday", "monday", "hour")
HOURS, ACROSS = range(6, 24), 6
_DATA = re.compile(
    rf"due:(?P<report>[0-9]{{1,12}})(?::(?P<rhythm>{'|'.join(RHYTHMS)})(?::(?P<hour>[0-9]{{2}}))?)?"
)


async def press(data: str, context: Context) -> Page:
    """Ask the next question, or make the schedule once all is said.

    Raises:
        RefusedError: The report is not kept any more, or the button is none of ours.
    """
    found = _DATA.fullmatch(data)
    if found is None:
        raise RefusedError("unknown")
    report_id = int(found["report"])
    shown = await context.services.store.shown.get(context.chat_id, report_id)
    if shown is None:
        raise RefusedError("forgotten")
    query = unpacked(shown.query)
    match found["rhythm"], found["hour"]:
        case None, None:
            context.answer.apart()
            return every_day_page(context, report_id, query)
        case "hour", None:
            return await schedule(context, query, "", Rule("hour", 0))
        case rhythm, None:
            return _hours_page(context, report_id, query, rhythm)
        case rhythm, hour if int(hour) in HOURS:
            return await schedule(context, query, "", Rule(cast("Rhythm", rhythm), int(hour)))
    raise RefusedError("unknown")


def every_day_page(context: Context, report_id: int, query: Query) -> Page:
    """Return the question how often the report is wanted."""
    labels = context.texts.schedule_choices
    buttons = [Button(labels[one], data=f"due:{report_id}:{one}") for one in RHYTHMS]
    what = bold(name_of(query, context.texts))
    rows = (tuple(buttons[:2]), tuple(buttons[2:]))
    return page("❔", what, context.texts.schedule_how_often, buttons=rows)


def _hours_page(context: Context, report_id: int, query: Query, rhythm: str) -> Page:
    texts = context.texts
    what = bold(name_of(query, texts))
    often = texts.schedule_choices[rhythm]
    question = texts.schedule_which_hour.format(often=often, zone=inert(context.time_zone))
    buttons = [Button(f"{hour:02}", data=f"due:{report_id}:{rhythm}:{hour:02}") for hour in HOURS]
    starts = range(0, len(buttons), ACROSS)
    rows = tuple(tuple(buttons[start : start + ACROSS]) for start in starts)
    return page("❔", what, question, buttons=rows)
