"""The journal of a chat as a table for spreadsheets."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from handlers.render.history import View, body_of, states
from handlers.render.history_entry import plainly_said
from handlers.render.page import File
from paper import write_csv
from storage import Record

COLUMNS = (
    "key",
    "time_utc",
    "time_local",
    "person",
    "user_id",
    "operation",
    "object",
    "fields",
    "outcome",
    "tracker",
    "undone_by",
    "note",
)
NOTE_SIGNS = 1000
NAME = "history.csv"


def history_file(records: Sequence[Record], view: View) -> File:
    """Return *records* as CSV, the newest first; long notes are cut."""
    return File(NAME, write_csv([_row(record, view) for record in records], COLUMNS))


def _row(record: Record, view: View) -> dict[str, Any]:
    entry = record.entry
    [outcome] = states([entry.outcome])
    return {
        "key": entry.change.key,
        "time_utc": datetime.fromtimestamp(entry.begun_at, UTC).isoformat(timespec="seconds"),
        "time_local": view.at(entry).isoformat(timespec="seconds"),
        "person": entry.change.person,
        "user_id": entry.change.user_id,
        "operation": entry.change.operation,
        "object": entry.object_id,
        "fields": ", ".join(body_of(entry)),
        "outcome": outcome,
        "tracker": entry.change.address,
        "undone_by": record.undone_by,
        "note": plainly_said(entry)[:NOTE_SIGNS],
    }
