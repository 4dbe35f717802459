"""What a history tells of a list as a whole: what kinds of changes, where, what was taken back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from storage.journal import Journal

_ITEMS = (
    "SELECT key, operation, request, before FROM journal"
    " WHERE chat_id = ? AND key > ? AND key < ? ORDER BY key"
)
_TAKEN_BACK = (
    "SELECT later.key FROM journal AS item JOIN journal AS later ON later.undoes = item.key"
    " AND later.chat_id = item.chat_id"
    " WHERE item.chat_id = ? AND item.key > ? AND item.key < ? AND later.outcome = 'done'"
)


@dataclass(frozen=True)
class Listed:
    """How many items of a list are of each operation, and in which campaign if it is one.

    *taken_back* is how many of them were taken back by which change, or by which list.
    """

    operations: Mapping[str, int] = field(default_factory=dict)
    campaign_id: int | None = None
    taken_back: Mapping[str, int] = field(default_factory=dict)


def listed(db: Database, journal: Journal, chat_id: int, key: str) -> Listed:
    """Return what the items of the list *key* of a chat have in common."""
    place = (chat_id, f"{key}.", f"{key}/")
    rows = db.execute(_ITEMS, place).fetchall()
    operations = Counter(operation for _, operation, *_ in rows)
    campaigns = {_campaign(journal, row) for row in rows}
    campaign = campaigns.pop() if len(campaigns) == 1 else None
    later = [found.partition(".")[0] for (found,) in db.execute(_TAKEN_BACK, place).fetchall()]
    return Listed(dict(operations.most_common()), campaign, dict(Counter(later)))


def _campaign(journal: Journal, row: tuple[Any, ...]) -> int | None:
    """Return the campaign of an item, as it was or as it was to be; None is not known."""
    key, operation, request, before = row
    if operation.endswith(".create"):
        stream = (journal.field(key, "request", request) or {}).get("body")
    else:
        stream = journal.field(key, "before", before)
    found = stream.get("campaign_id") if isinstance(stream, dict) else None
    text = str(found)
    return int(text) if text.isascii() and text.isdecimal() else None
