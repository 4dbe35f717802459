"""Where a new stream has come to stand: a place that nobody chose may be another stream's."""

from typing import Any

from handlers.changes.ending import Ending
from handlers.changes.intent import Intent
from handlers.changes.survey import survey
from handlers.context import Context
from handlers.render.findings import finding_lines
from keitaro import Tracker, check


async def seat_notes(
    context: Context, tracker: Tracker, intent: Intent, ending: Ending
) -> tuple[str, ...]:
    """Return what is to be said of the position that the tracker has given a new stream."""
    stream: dict[str, Any] = ending.look.stream or {}
    is_given = intent.creates and intent.written.get("position") is None
    if not is_given or ending.outcome != "done" or stream.get("position") is None:
        return ()
    where = {"campaign_id": stream.get("campaign_id")}
    facts = await survey(context.services, tracker, where, wants_traffic=False)
    found = check("update", stream, {"position": stream["position"]}, facts, {})
    taken = (finding for finding in found if finding.name == "position_taken")
    return tuple(finding_lines(taken, context.texts))
