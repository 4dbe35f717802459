"""What somebody wants to know, whether it was typed, pressed, saved or is due."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.render.page import Page, with_note
from handlers.render.report import Report, report_page
from handlers.stats.phrase import Phrase
from keitaro import REPORT_BUILD


async def run(
    context: Context, phrase: Phrase, *, at: datetime | None = None, note: str = ""
) -> Page:
    """Return the answer to *phrase*.

    Raises:
        NotLinkedError: The chat has no tracker.
        KeitaroError: The tracker was not asked, or did not answer.
    """
    tracker = await context.tracker()
    moment = datetime.fromtimestamp(context.services.now(), UTC)
    now = moment.astimezone(ZoneInfo(context.time_zone))
    payload = phrase.query.payload(at or now)
    answer: dict[str, Any] = await tracker.call(REPORT_BUILD, body=payload)
    report = Report(
        payload=payload,
        rows=answer["rows"],
        total=answer["total"],
        summary=answer.get("summary"),
        tracker=tracker.address.authority,
        at=now,
    )
    return with_note(report_page(report, context.texts), note)
