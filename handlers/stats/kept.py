"""A shown report as JSON: kept for an hour, so that its pages can be turned."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.faults import RefusedError
from handlers.render.report import Report
from handlers.stats.period import Span
from handlers.stats.query import ROWS_MOST, Query, unpacked
from handlers.stats.sight import seen, sight_of
from handlers.stats.whole import limit_of


@dataclass(frozen=True)
class Kept:
    """A report that was shown: its number, what was asked, and for an hour what came."""

    report_id: int
    query: Query
    report: Report | None


async def kept_report(context: Context, report_id: int) -> Kept:
    """Return what is kept of a report of this chat.

    Raises:
        RefusedError: Nothing is, or it is a log.
        NotLinkedError: The chat has no tracker any more.
    """
    shown = await context.services.store.shown.get(context.chat_id, report_id)
    query = unpacked(shown.query) if shown else None
    if shown is None or query is None or query.kind != "report":
        raise RefusedError("forgotten")
    if not shown.answer:
        return Kept(report_id, query, None)
    report = unpack(shown.answer)
    if (await context.tracker()).address.authority != report.tracker:
        # The chat has been linked to another one: what is read now would be called that one's.
        return Kept(report_id, query, None)
    # Whoever presses may see less than whoever has asked.
    rows = await asyncio.to_thread(seen, report.rows, sight_of(context))
    return Kept(report_id, query, replace(report, rows=rows))


async def kept_query(context: Context, report_id: int) -> Query:
    """Return what was asked for in a report or a log of this chat.

    Raises:
        RefusedError: It is not kept any more.
    """
    shown = await context.services.store.shown.get(context.chat_id, report_id)
    if shown is None:
        raise RefusedError("forgotten")
    return unpacked(shown.query)


def pack(report: Report) -> dict[str, Any]:
    """Return *report* as JSON, with as many rows as are kept for turning pages."""
    compared = report.compared
    return {
        "payload": report.payload,
        "rows": report.rows[:ROWS_MOST],
        "total": report.total,
        "summary": report.summary,
        "previous": report.previous,
        "compared": [str(compared.first), str(compared.last), compared.zone] if compared else None,
        "is_compared": report.is_compared,
        "currency": report.currency,
        "tracker": report.tracker,
        "at": report.at.timestamp(),
        "zone": str(report.at.tzinfo),
        "words": report.words,
    }


def unpack(raw: dict[str, Any]) -> Report:
    """Return the report that `pack` has packed."""
    fields = {key: value for key, value in raw.items() if key not in {"zone", "compared"}}
    compared = None
    if raw["compared"]:
        first, last, zone = raw["compared"]
        compared = Span(datetime.fromisoformat(first), datetime.fromisoformat(last), zone)
    at = datetime.fromtimestamp(raw["at"], ZoneInfo(raw["zone"]))
    return replace(Report(**{**fields, "at": at}), compared=compared)


def is_whole(report: Report, query: Query) -> bool:
    """Tell whether all rows that *query* asks for are there; words without a number ask for all."""
    known = [one for one in (limit_of(query.body), report.total) if one is not None]
    return bool(known) and len(report.rows) >= min(known)
