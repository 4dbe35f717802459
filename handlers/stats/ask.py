"""A report, asked for and read: its rows, and the totals of the period before."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.render.report import FIGURE_OPTIONS, LABEL_OPTIONS, Report
from handlers.roles import Role
from handlers.stats.faults import WideReportError
from handlers.stats.log_ask import asks_by_address
from handlers.stats.period import Period, Span
from handlers.stats.query import ROWS_MOST, Query
from handlers.stats.sight import seen, sight_of
from handlers.stats.whole import found_of, limit_of
from handlers.stats.written import title
from keitaro import REPORT_BUILD, KeitaroError, Tracker, build_report, currency_of

# How much longer than the report itself its comparison may take.
PATIENCE_SECONDS = 3.0
NAMES_MOST = 200


async def ask(context: Context, query: Query, *, at: datetime | None = None) -> Report:
    """Return the report that *query* asks for, with dates as of the moment *at* (None: now).

    JSON that somebody typed goes out as it is, and nothing is asked besides. Addresses of visitors
    come as far as the sender may see them.

    Raises:
        WideReportError: It asks for too many columns.
        RefusedError: It looks for addresses, and the sender may not see them.
        NotLinkedError: The chat has no tracker.
        KeitaroError: The tracker was not asked, or did not answer.
    """
    if _names(query.body) > NAMES_MOST:
        raise WideReportError(NAMES_MOST)
    require_sight(context, query)
    tracker = await context.tracker()
    now = moment(context)
    payload = _narrowed(query, query.payload(at or now))
    span = _before(query.period, at or now, now) if query.period else None
    if not payload.get("summary"):
        span = None
    earlier = asyncio.create_task(
        _totals(tracker, {**payload, "range": span.range()} if span else {})
    )
    try:
        answer = await _answer(tracker, query, payload)
        previous = await _in_time(earlier)
    finally:
        earlier.cancel()
        await asyncio.gather(earlier, return_exceptions=True)
    report = _report(payload, answer, tracker.address.authority, now)
    return replace(
        report,
        rows=await asyncio.to_thread(seen, report.rows, sight_of(context)),
        previous=previous,
        compared=span,
        is_compared=span is not None,
        words=title(query, context.language) if query.period else "",
    )


def require_sight(context: Context, query: Query) -> None:
    """Go on only if the sender may see addresses, where *query* looks for some.

    Raises:
        RefusedError: Who must not see them could find them out, one question after the other.
    """
    if asks_by_address(query.body):
        context.require(Role.OPERATOR)


def _before(period: Period, at: datetime, now: datetime) -> Span | None:
    """Return what *period*, as of *at*, is compared with.

    What is asked for late has come further by *now* than it had then, at most to its end.
    """
    end = period.span(at).last.replace(tzinfo=at.tzinfo)
    return period.before(max(at, min(now.astimezone(at.tzinfo), end)))


def _names(body: dict[str, Any]) -> int:
    """Return how many columns *body* asks for."""
    lists = [body.get(option) for option in (*LABEL_OPTIONS, *FIGURE_OPTIONS)]
    return sum(len(names) for names in lists if isinstance(names, list))


def _narrowed(query: Query, payload: dict[str, Any]) -> dict[str, Any]:
    """Return *payload* for no more rows than are turned in a message; files have the rest."""
    limit = payload.get("limit")
    is_wide = query.period is not None and isinstance(limit, int) and limit > ROWS_MOST
    return {**payload, "limit": ROWS_MOST} if is_wide else payload


def moment(context: Context) -> datetime:
    """Return what time it is in the zone of the chat."""
    now = datetime.fromtimestamp(context.services.now(), UTC)
    return now.astimezone(ZoneInfo(context.time_zone))


async def _answer(tracker: Tracker, query: Query, payload: dict[str, Any]) -> dict[str, Any]:
    if query.period:
        return await build_report(tracker, payload)
    answer: dict[str, Any] = await tracker.call(REPORT_BUILD, body=payload)
    return answer


async def _totals(tracker: Tracker, payload: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the totals of the period before, which are all that is wanted of it."""
    if not payload:
        return None
    body = {key: value for key, value in payload.items() if key not in {"sort", "offset"}}
    answer = await build_report(tracker, {**body, "limit": 1}, is_extra=True)
    return _totals_of(answer)


async def _in_time(earlier: "asyncio.Task[dict[str, Any] | None]") -> dict[str, Any] | None:
    with suppress(KeitaroError, TimeoutError):
        return await asyncio.wait_for(earlier, PATIENCE_SECONDS)
    return None


def _totals_of(answer: Mapping[str, Any]) -> dict[str, Any] | None:
    summary = answer.get("summary")
    return summary if isinstance(summary, dict) and summary else None


def _report(
    payload: Mapping[str, Any], answer: Mapping[str, Any], tracker: str, at: datetime
) -> Report:
    rows = answer["rows"]
    return Report(
        payload=payload,
        rows=rows,
        total=found_of(answer, len(rows), limit_of(payload)),
        summary=_totals_of(answer),
        tracker=tracker,
        at=at,
        currency=currency_of(answer),
    )
