"""What a card tells beyond the stream itself: as far as it is to be had in three seconds."""

from collections.abc import Mapping
from typing import Any

from handlers.changes.survey import survey
from handlers.context import Context
from handlers.render.findings import SIGNS, finding_lines, traffic_line
from keitaro import Facts, Tracker, check

LINES_MOST = 4

Stream = Mapping[str, Any]


async def extra_lines(context: Context, tracker: Tracker, stream: Stream) -> list[str]:
    """Return the traffic of the last day, and what is odd about *stream* as it is."""
    texts = context.texts
    facts = await survey(context.services, tracker, stream, wants_traffic=True)
    # As if it began now: whatever is odd is looked at, and none of it is an error.
    found = check("enable", stream, {}, facts)
    return [
        traffic_line(facts.traffic, texts),
        *(
            [f"{SIGNS['warning']} {texts.card_only_active}"]
            if _is_only_active(stream, facts)
            else []
        ),
        *finding_lines(found, texts)[:LINES_MOST],
    ]


def _is_only_active(stream: Stream, facts: Facts) -> bool:
    """Tell whether *stream* is known to be the only one of its campaign that is on."""
    if stream.get("state") != "active" or facts.streams is None:
        return False
    rows = [row for row in facts.streams if isinstance(row, Mapping)]
    return [row.get("id") for row in rows if row.get("state") == "active"] == [stream.get("id")]
