"""Every column that holds sealed values, and the place each value is bound to.

What a value is bound to is authenticated with it, so that a value that is copied to another row
or column does not open. The check of the master keys, their rotation and the tests go by this
table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Sealed:
    """A *column* of a *table*: its rows are told apart by *key*, and a value is bound to *place*.

    *place* names columns of the row in braces.
    """

    table: str
    column: str
    key: tuple[str, ...]
    place: str

    def bound(self, row: Mapping[str, Any]) -> str:
        """Return what the value in this *row* is bound to."""
        return self.place.format_map(row)


# Where a row gets its number only when it is stored, or may get another chat, its time stands for
# it: with the address bound in, nobody who edits the file can have a key sent elsewhere.
_ROWS = (
    Sealed("meta", "value", ("name",), "meta:{name}"),
    Sealed("trackers", "api_key", ("id",), "trackers:{id}:api_key:{address}"),
    Sealed("links", "seal", ("chat_id",), "links:{chat_id}:{tracker_id}:{linked_by}"),
    Sealed("inbox", "body", ("update_id",), "inbox:{update_id}:body"),
    *(
        Sealed("journal", column, ("key",), f"journal:{{key}}:{column}")
        for column in ("request", "before", "answer", "person", "note")
    ),
    Sealed("outbox", "body", ("key",), "outbox:{key}:body"),
    Sealed("plans", "body", ("id",), "plans:{token_hash}:body"),
    Sealed("members", "name", ("chat_id", "user_id"), "members:{user_id}:name"),
    Sealed("questions", "body", ("chat_id", "user_id"), "questions:{user_id}:{asked_by}"),
    Sealed("shown_reports", "query", ("id",), "shown_reports:query:{shown_at!r}"),
    Sealed("shown_reports", "answer", ("id",), "shown_reports:answer:{shown_at!r}"),
    Sealed("saved_reports", "name", ("id",), "saved_reports:name:{saved_at!r}"),
    Sealed("saved_reports", "body", ("id",), "saved_reports:body:{saved_at!r}"),
    Sealed("schedules", "body", ("id",), "schedules:body:{made_at!r}"),
)
SEALED: Mapping[tuple[str, str], Sealed] = MappingProxyType(
    {(one.table, one.column): one for one in _ROWS}
)


def place(table: str, column: str, **row: Any) -> str:
    """Return what a value in *column* of a *row* of *table* is bound to."""
    return SEALED[table, column].bound(row)
