"""A report in a message: shown with its buttons, kept so that they can be pressed."""

import asyncio
from dataclasses import replace
from datetime import datetime

from handlers.context import Context
from handlers.render.footer import FIGURES_MOST
from handlers.render.page import Page
from handlers.render.report import Report, report_file, report_leaf
from handlers.stats.ask import ask
from handlers.stats.kept import pack
from handlers.stats.keyboard import report_buttons
from handlers.stats.query import Query


async def show(
    context: Context, query: Query, *, at: datetime | None = None
) -> tuple[Page, Report]:
    """Ask for a report, keep it, and return its page and the report itself.

    JSON that somebody typed brings all of its rows as a file where they do not fit a message.

    Raises:
        NotLinkedError: The chat has no tracker.
        KeitaroError: The tracker was not asked, or did not answer.
    """
    report = await ask(context, query, at=at)
    report_id = await context.services.store.shown.keep(
        context.chat_id, query.packed(), pack(report)
    )
    is_filed = query.period is None and not page_holds(context, report)
    page = leaf_page(context, report_id, report, is_filed=is_filed)
    if is_filed:
        page = replace(page, file=await asyncio.to_thread(report_file, report))
    return page, report


def leaf_page(
    context: Context, report_id: int, report: Report, *, first: int = 0, is_filed: bool = False
) -> Page:
    """Return the rows of *report* from *first* on that fit a message, with buttons.

    It says that there is a file with everything if *is_filed*.
    """
    leaf = report_leaf(report, context.texts, first=first, is_filed=is_filed)
    return replace(leaf.page, buttons=report_buttons(report_id, leaf, context.texts))


def page_holds(context: Context, report: Report) -> bool:
    """Tell whether one message shows everything that came."""
    leaf = report_leaf(report, context.texts)
    return leaf.shown == len(report.rows) and len(report.figures) <= FIGURES_MOST
