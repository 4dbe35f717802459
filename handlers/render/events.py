"""The history of a stream, as far as a tracker tells one."""

from collections.abc import Mapping
from typing import Any

from handlers.render.html import inert
from handlers.texts import Texts

EVENTS_MOST = 20
TIMES = ("datetime", "created_at", "date", "time")
WORDS = ("message", "event", "action", "type", "name", "description")


def event_lines(answer: Any, texts: Texts) -> list[str]:
    """Return a line for each event; the form of an event differs between trackers."""
    events = answer if isinstance(answer, list) else _inner(answer)
    if not events:
        return [texts.no_events]
    lines = [_line(event) for event in events[:EVENTS_MOST]]
    return [*lines, texts.rows_shown.format(shown=len(lines), found=len(events))]


def _inner(answer: Any) -> list[Any]:
    if not isinstance(answer, Mapping):
        return []
    lists = [value for value in answer.values() if isinstance(value, list)]
    return lists[0] if lists else []


def _line(event: Any) -> str:
    if not isinstance(event, Mapping):
        return f"• {inert(event)}"
    time = next((inert(event[name]) for name in TIMES if event.get(name)), "")
    words = [inert(event[name]) for name in WORDS if isinstance(event.get(name), str)]
    return " ".join(filter(None, ["•", time, " · ".join(words)]))
