"""A log is read from the tracker, kept for turning its pages, and shown."""

import asyncio
from dataclasses import replace
from datetime import datetime
from functools import partial

from handlers.context import Context
from handlers.faults import UsageError
from handlers.render.failure import headline, messages
from handlers.render.page import Page, page
from handlers.stats.ask import moment, require_sight
from handlers.stats.log_ask import OPERATIONS, Asked, asked
from handlers.stats.log_file import FORMS, log_file
from handlers.stats.log_pages import KEPT_MOST, LogView, ShownLog, log_page
from handlers.stats.query import Query
from handlers.stats.sight import seen, sight_of
from keitaro import LOG_MOST, LogLines, Tracker, read_log, whole


async def show_log(
    context: Context, query: Query, *, output: str = "", at: datetime | None = None
) -> Page:
    """Read the clicks or conversions that *query* asks for, and return their first page.

    With an *output*, or if there are more than can be turned through, a file goes with it. Dates
    are those of the moment *at* (None: now).

    Raises:
        UsageError: A log is no chart.
        RefusedError: The query looks for addresses, and the sender may not see them.
        ExchangeError: Not even the first page came. PayloadError if nothing was sent.
    """
    if output not in {"", *FORMS}:
        raise UsageError(query.kind, output)
    require_sight(context, query)
    if (whole(query.body.get("limit")) or 0) > LOG_MOST:
        return page("❌", context.texts.log_many.format(most=LOG_MOST))
    log = await _read(context, query, at or moment(context))
    report_id = await context.services.store.shown.keep(
        context.chat_id, query.packed(), log.packed()
    )
    view = view_of(context)
    is_much = log.count > KEPT_MOST
    form = output or ("csv" if is_much else "")
    file = await log_file(context, log, view, form) if form else None
    return log_page(log, view, report_id, file=file)


async def _read(context: Context, query: Query, now: datetime) -> ShownLog:
    """Read the lines of a log, as far as the sender may see what is in them."""
    tracker = await context.tracker()
    request = asked(query, now, sight_of(context))
    lines = await read_log(
        tracker,
        OPERATIONS[query.kind],
        request.payload,
        within=request.within,
        heard=partial(_tell, context),
    )
    # Ten thousand lines would keep everybody else waiting.
    rows = await asyncio.to_thread(seen, lines.rows, sight_of(context))
    return _shown(context, tracker, query, request, replace(lines, rows=rows))


async def _tell(context: Context, count: int) -> None:
    # There are more pages, and so more calls than others should wait for.
    await context.let_others_pass()
    await context.answer.progress(context.texts.log_progress.format(count=count))


def view_of(context: Context) -> LogView:
    """Return with whose eyes a log is looked at."""
    return LogView(context.texts, context.time_zone, sight_of(context))


def _shown(
    context: Context, tracker: Tracker, query: Query, request: Asked, lines: LogLines
) -> ShownLog:
    is_typed = query.period is None
    named = request.payload.get("columns") or []
    shown = [
        name for name in lines.columns if name != request.added and (is_typed or name in named)
    ]
    times = "" if query.kind == "clicks" else "tracker" if is_typed else "own"
    texts, failure = context.texts, lines.failure
    return ShownLog(
        kind=query.kind,
        rows=lines.rows,
        columns=lines.columns,
        shown=shown,
        count=len(lines.rows),
        found=lines.found,
        tracker=tracker.address.authority,
        span=request.span,
        at=context.services.now(),
        times=times,
        missing=tuple(lines.missing),
        repeated=lines.repeated,
        timeless=lines.timeless,
        is_stuck=lines.is_stuck,
        hides=request.hides,
        failure=(headline(failure, texts), *messages(failure)) if failure else (),
    )
