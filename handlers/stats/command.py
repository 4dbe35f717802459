"""`/stats`: figures from the tracker."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Message

from handlers.context import Context
from handlers.faults import UsageError, WrongPayloadError
from handlers.render.number import as_number
from handlers.render.page import Page, page
from handlers.render.report import FIGURE_OPTIONS, LABEL_OPTIONS, Report, report_page
from keitaro import REPORT_BUILD

NAMES_MOST = 200


async def stats(message: Message, context: Context) -> Page:
    """Send the JSON to the tracker exactly as it was written, and show the report."""
    tracker = await context.tracker()
    payload = await context.payload(message)
    if context.call.words:
        raise UsageError("stats", context.call.words[0])
    if not isinstance(payload, dict):
        raise WrongPayloadError("object")
    if _names(payload) > NAMES_MOST:
        return page("❌", context.texts.report_too_wide.format(most=NAMES_MOST))
    answer = await tracker.call(REPORT_BUILD, body=payload)
    now = datetime.fromtimestamp(context.services.now(), UTC)
    return report_page(
        _report(
            payload, answer, tracker.address.authority, now.astimezone(ZoneInfo(context.time_zone))
        ),
        context.texts,
    )


def _names(payload: dict[str, Any]) -> int:
    """Return how many columns *payload* asks for."""
    lists = [payload.get(option) for option in (*LABEL_OPTIONS, *FIGURE_OPTIONS)]
    return sum(len(names) for names in lists if isinstance(names, list))


def _report(payload: dict[str, Any], answer: dict[str, Any], tracker: str, at: datetime) -> Report:
    rows = answer["rows"]
    total = as_number(answer.get("total")) or 0
    summary = answer.get("summary")
    return Report(
        payload=payload,
        rows=rows,
        total=max(int(total), len(rows)),
        summary=summary if isinstance(summary, dict) and summary else None,
        tracker=tracker,
        at=at,
    )
