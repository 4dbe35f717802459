"""Where a new stream has come to stand: a place that nobody chose may be another stream's."""

from typing import Any

from handlers.changes.ending import Ending
from handlers.changes.intent import Intent
from handlers.render.findings import finding_lines
from handlers.texts import Texts
from keitaro import Facts, check


def seat_notes(intent: Intent, facts: Facts, ending: Ending, texts: Texts) -> tuple[str, ...]:
    """Return what is to be said of the position that the tracker has given a new stream.

    *facts* are what surrounded it before it was created.
    """
    stream: dict[str, Any] = ending.look.stream or {}
    is_given = intent.creates and intent.written.get("position") is None
    if not is_given or ending.outcome != "done" or stream.get("position") is None:
        return ()
    found = check("update", stream, {"position": stream["position"]}, facts, {})
    taken = (finding for finding in found if finding.name == "position_taken")
    return tuple(finding_lines(taken, texts))
