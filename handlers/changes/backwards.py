"""What brings back what a change has changed, by what was noted of it."""

from typing import Any, TypeGuard

from handlers.changes.intent import Intent
from handlers.changes.judge import Stream, Wish
from handlers.faults import UndoError
from keitaro import (
    STREAM_DELETE,
    STREAM_DISABLE,
    STREAM_ENABLE,
    STREAM_RESTORE,
    STREAM_UPDATE,
    Operation,
    restored,
)
from storage import Entry

BACK: dict[str, Operation] = {
    "active": STREAM_ENABLE,
    "disabled": STREAM_DISABLE,
    "deleted": STREAM_DELETE,
}


def backwards(entry: Entry, now: Stream | None = None) -> Intent:
    """Return what brings back what *entry* has changed; *now* is the stream as it is.

    Raises:
        UndoError: It is not known what was changed, or how it was before.
    """
    wish, key = Wish.of(entry.change), entry.change.key
    stream_id = entry.object_id or wish.stream_id
    if not stream_id:
        raise UndoError("unknown")
    before = entry.change.before
    match wish.operation.verb:
        case "create" | "clone":
            return Intent(STREAM_DELETE, {}, stream_id, undoes=key)
        case "update" if isinstance(before, dict):
            return _fields_back(wish, before, now, key)
        case "delete" if not _was(before, "deleted"):
            return Intent(STREAM_RESTORE, {}, stream_id, undoes=key)
        case "enable" | "disable" | "delete" | "restore" if _was(before, *BACK):
            return Intent(BACK[before["state"]], {}, stream_id, undoes=key)
        case _:
            raise UndoError("unknown")


def _was(before: Any, *states: str) -> TypeGuard[Stream]:
    """Tell whether *before* is a stream that is known to have been in one of *states*."""
    return isinstance(before, dict) and before.get("state") in states


def _fields_back(wish: Wish, before: Stream, now: Stream | None, key: str) -> Intent:
    body = restored(before, wish.body, now=now)
    if not body:
        raise UndoError("unknown")
    return Intent(STREAM_UPDATE, body, wish.stream_id, undoes=key)
