"""The journal of a chat, a line for each change, made for a phone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from handlers.render.html import code, inert
from handlers.texts import Texts
from storage import Counts, Entry, Outcome, Record

SIGNS = {"done": "🟢", "refused": "🔴", "unknown": "🟡", "open": "🟡"}
FIELDS_MOST = 5
NAME_SIGNS = 40
DAY = "%Y-%m-%d"
MINUTE = "%H:%M"


@dataclass(frozen=True)
class View:
    """How entries are told: the words, the time zone, the *address* that goes without saying."""

    texts: Texts
    zone: tzinfo
    address: str = ""

    def at(self, entry: Entry) -> datetime:
        """Return when a change was begun, in the time zone of the chat."""
        return datetime.fromtimestamp(entry.begun_at, UTC).astimezone(self.zone)


def history_lines(records: Sequence[Record], view: View) -> list[str]:
    """Return a line for each of *records*, and one for each day before the first of it."""
    lines: list[str] = []
    day = ""
    for record in records:
        at = view.at(record.entry)
        if at.strftime(DAY) != day:
            day = at.strftime(DAY)
            lines.append(f"<b>{day}</b>")
        lines.append(_line(record, at, view))
    return lines


def _line(record: Record, at: datetime, view: View) -> str:
    entry, texts = record.entry, view.texts
    who = inert(_short(name_of(entry)))
    done = whole_line(record, texts) if record.counts else what(entry, texts)
    parts = [f"{sign(record)} {at.strftime(MINUTE)} {who}: {done}"]
    if view.address != entry.change.address:
        parts.append(inert(entry.change.address.partition("://")[2]))
    if taken_back := undone_line(record, texts):
        parts.append(taken_back)
    return " · ".join([*parts, code(record.key)])


def sign(record: Record) -> str:
    """Return the sign of an outcome; of a list, that of its worst item."""
    found = record.counts or {record.entry.outcome: 1}
    worst = [state for state in ("unknown", "open", "refused") if state in states(found)]
    return SIGNS[(*worst, "done")[0]]


def states(counts: Iterable[Outcome | None]) -> list[str]:
    """Return the outcomes in *counts* by the names that they have in texts."""
    return [outcome or "open" for outcome in counts]


def list_line(counts: Counts, texts: Texts) -> str:
    """Return how the items of a list ended, in a few words."""
    told = dict(zip(states(counts), counts.values(), strict=True))
    parts = [
        texts.history_counts[state].format(count=told[state]) for state in SIGNS if state in told
    ]
    return texts.history_list.format(count=sum(counts.values()), outcomes=", ".join(parts))


def whole_line(record: Record, texts: Texts) -> str:
    """Return how the items of a list ended, what they are and, if it is one, their campaign."""
    parts = [list_line(record.counts, texts)]
    found = record.listed.operations if record.listed else {}
    for operation, count in found.items():
        verb = operation.rpartition(".")[2]
        known = texts.list_verbs.get(verb, f"{inert(operation)}: {{count}}")
        parts.append(known.format(count=count))
    if record.listed and record.listed.campaign_id is not None:
        parts.append(f"{texts.campaign} {record.listed.campaign_id}")
    return " · ".join(parts)


def undone_line(record: Record, texts: Texts) -> str:
    """Return what has taken a change back, or how much of a list; nothing if nothing has."""
    later = record.listed.taken_back if record.listed else {}
    count = sum(later.values())
    if record.undone_by or (count and count == record.counts.get("done") and len(later) == 1):
        return texts.history_undone_by.format(key=code(record.undone_by or next(iter(later))))
    if not count:
        return ""
    keys = ", ".join(map(code, later))
    of = record.counts.get("done", 0)
    return texts.history_undone_part.format(count=count, of=of, keys=keys)


def what(entry: Entry, texts: Texts) -> str:
    """Return what was asked for: the operation, the object, the fields that were written."""
    resource, _, verb = entry.change.operation.partition(".")
    known = [str(entry.object_id)] if entry.object_id is not None else []
    if resource != "stream" or verb not in texts.history_did:
        return " ".join([inert(entry.change.operation), *known])
    told = " ".join(known) or "?"
    if verb == "create":
        told = " ".join([*known, inert(_short(str(body_of(entry).get("name", "?"))))])
    elif verb == "update":
        told = f"{told}: {_fields(entry)}"
    return texts.history_did[verb].format(what=told)


def body_of(entry: Entry) -> dict[str, Any]:
    """Return the fields that were written; none where the operation takes none."""
    body = entry.change.request.get("body")
    return body if isinstance(body, dict) else {}


def name_of(entry: Entry) -> str:
    """Return who gave the command, without the username; the id, where nobody noted the name."""
    name = entry.change.person.partition(" @")[0]
    return name or f"id {entry.change.user_id}"


def _fields(entry: Entry) -> str:
    names = [inert(_short(name)) for name in body_of(entry)]
    rest = [f"+{len(names) - FIELDS_MOST}"] if len(names) > FIELDS_MOST else []
    return ", ".join([*names[:FIELDS_MOST], *rest])


def _short(text: str) -> str:
    return text if len(text) <= NAME_SIGNS else f"{text[:NAME_SIGNS]}…"
