"""The buttons under a report: its pages, another period or grouping, files, a chart."""

import re
from collections.abc import Awaitable
from dataclasses import replace

from handlers.context import Context
from handlers.faults import UsageError
from handlers.render.page import Page, page
from handlers.stats.ask import moment, require_sight
from handlers.stats.export import chart_page, file_page
from handlers.stats.kept import Kept, kept_report
from handlers.stats.keyboard import (
    GROUPINGS,
    PERIODS,
    REPORT,
    back_button,
    grouping_choice,
    period_choice,
)
from handlers.stats.patch import patched
from handlers.stats.query import Query
from handlers.stats.request_page import request_page
from handlers.stats.shown import leaf_page, show
from keitaro import KeitaroError

BUTTONS = rf"^{REPORT}"
_DATA = re.compile(
    rf"{REPORT}(?P<id>[0-9]{{1,12}}):(?P<action>[a-z]{{1,8}})(?::(?P<value>[a-z0-9_ ]{{1,20}}))?"
)


async def press(data: str, context: Context) -> Page | Awaitable[Page]:
    """Do what a button under a report stands for.

    Raises:
        UsageError: No button of ours has this *data*.
        RefusedError: The report is not kept any more, or looks for what is not for them.
    """
    found = _DATA.fullmatch(data)
    if found is None:
        raise UsageError("stats", data)
    kept = await kept_report(context, int(found["id"]))
    match found["action"], found["value"]:
        case "page", first if first and first.isdecimal():
            return _leaf(context, kept, int(first))
        case "back", None:
            return _leaf(context, kept, 0)
        case "again", None:
            return _again(context, kept.query)
        case "period" | "by" as choice, None:
            return _choice(context, kept, choice)
        case "period" | "by", value if value in (*PERIODS, *GROUPINGS):
            return _again(context, patched(kept.query, value).query)
        case action, None:
            return _apart(context, kept, action)
    raise UsageError("stats", data)


def _apart(context: Context, kept: Kept, action: str) -> Page | Awaitable[Page]:
    """Return what is made of a report in a message of its own; the report stays as it is."""
    context.answer.apart()
    match action:
        case "csv" | "xlsx" as form:
            return file_page(context, kept.query, kept.report, form)
        case "chart":
            return chart_page(context, kept.query, kept.report)
        case "json":
            return request_page(kept.query, moment(context), context)
    raise UsageError("stats", action)


def _again(context: Context, query: Query) -> Awaitable[Page]:
    # Whoever is refused must not have the report taken away by that.
    require_sight(context, query)
    return _asked(context, query)


async def _asked(context: Context, query: Query) -> Page:
    try:
        shown, _ = await show(context, query)
    except KeitaroError:
        # What stands there is not worse for that; why it is not newer is said below it.
        context.answer.apart()
        raise
    # What does not fit is turned to, and stands in the file that the first answer brought.
    return replace(shown, file=None)


def _leaf(context: Context, kept: Kept, first: int) -> Page | Awaitable[Page]:
    """Turn to the row *first*; what is not kept any more is asked for again."""
    if kept.report is None:
        return _again(context, kept.query)
    return leaf_page(context, kept.report_id, kept.report, first=first)


def _choice(context: Context, kept: Kept, choice: str) -> Page:
    """Return the report, or a question in its place, with a button for each choice."""
    texts, prefix = context.texts, f"{REPORT}{kept.report_id}:{choice}:"
    choose = period_choice if choice == "period" else grouping_choice
    buttons = (*choose(prefix, texts), *back_button(kept.report_id, texts))
    if kept.report is None:
        return page("❔", texts.stats_choose[choice], buttons=buttons)
    shown = leaf_page(context, kept.report_id, kept.report)
    return replace(shown, buttons=buttons)
