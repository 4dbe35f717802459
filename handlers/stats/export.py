"""A report as a file or a chart, below the message that shows it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from handlers.context import Context
from handlers.render.html import bold
from handlers.render.page import File, Page, page
from handlers.render.report import Report
from handlers.stats.ask import ask, moment
from handlers.stats.charting import chart_for
from handlers.stats.columns import COLUMNS_MOST, about_of, columns_of
from handlers.stats.kept import is_whole
from handlers.stats.query import Query
from handlers.stats.sight import Sight, seen, sight_of
from handlers.stats.whole import ROWS_MOST, Whole, limit_of

Form = Literal["csv", "xlsx"]
NAME = "report-%Y%m%d-%H%M%S"


async def file_page(context: Context, query: Query, report: Report | None, form: Form) -> Page:
    """Return the file with all rows of a report, and what there is to say of it."""
    report = report or await ask(context, query)
    file, words = await file_of(context, query, report, form)
    answer = page("✅", bold(report.words or report.tracker), words, file=file)
    return replace(answer, is_caption=True)


async def file_of(context: Context, query: Query, report: Report, form: Form) -> tuple[File, str]:
    """Return *report* as a file, all of its rows, and what there is to say of it, as HTML.

    Rows that are not there yet are read from the tracker.
    """
    texts = context.texts
    whole = None if is_whole(report, query) else await _whole(context, query, report)
    pages = _seen(whole.pages(), sight_of(context)) if whole else _once(report.rows)
    content = await context.services.printer.printed(
        form,
        columns_of(report, texts, has_headings=form == "xlsx"),
        pages,
        chat_id=context.chat_id,
        about=about_of(report, texts),
        sheets=(texts.stats_sheets["rows"], texts.stats_sheets["about"]),
    )
    words = _words(whole, context) if whole else texts.stats_file.format(count=len(report.rows))
    if len(report.sent) > COLUMNS_MOST:
        words += f"\n{texts.stats_file_columns.format(most=COLUMNS_MOST, found=len(report.sent))}"
    return File(f"{moment(context).strftime(NAME)}.{form}", content), words


async def _once(rows: Sequence[dict[str, Any]]) -> AsyncIterator[Sequence[dict[str, Any]]]:
    yield rows


async def _seen(
    pages: AsyncIterator[list[dict[str, Any]]], sight: Sight
) -> AsyncIterator[Sequence[dict[str, Any]]]:
    async for rows in pages:
        yield await asyncio.to_thread(seen, rows, sight)


async def _whole(context: Context, query: Query, report: Report) -> Whole:
    async def told(count: int, of: int) -> None:
        await context.answer.progress(texts.stats_reading.format(count=count, of=of))

    texts = context.texts
    # Where nobody has said how many rows, the file has all of them.
    payload = {**report.payload, "limit": limit_of(query.body)}
    await context.let_others_pass()
    return Whole(await context.tracker(), payload, labels=report.labels, told=told)


def _words(whole: Whole, context: Context) -> str:
    texts = context.texts
    words = texts.stats_file.format(count=whole.count)
    if whole.is_cut:
        words += f"\n{texts.stats_file_cut.format(most=ROWS_MOST, found=whole.found)}"
    if whole.repeated:
        words += f"\n{texts.stats_file_moved.format(count=whole.repeated)}"
    return words


async def chart_page(context: Context, query: Query, report: Report | None) -> Page:
    """Return the chart of a report."""
    report = report or await ask(context, query)
    file = await chart_of(context, report)
    title = bold(report.words or report.tracker)
    if file is None:
        return page("❌", title, context.texts.stats_no_chart)
    return replace(page("✅", title, file=file), is_caption=True)


async def chart_of(context: Context, report: Report) -> File | None:
    """Return *report* as a picture, or None if there is nothing to draw."""
    chart = chart_for(report, context.texts)
    if chart is None:
        return None
    name = f"{moment(context).strftime(NAME)}.png"
    picture = await context.services.printer.drawn(chart, chat_id=context.chat_id)
    return File(name, picture, is_picture=True)
