"""Every change that was asked for: by whom, what was sent, what came of it.

The row is the right to send. It is inserted before a change goes out, and its key is unique, so
no second try, restart or process can send the same change again. A row without an outcome, or
with the outcome "unknown", is in doubt: the tracker has to be looked at.
"""

import json
import time
from collections.abc import Callable, Collection
from typing import Any

from sqlite_utils import Database

from storage.change import Change, Entry, Outcome
from storage.database import Connection
from storage.sealed import place
from storage.vault import Vault

ROOM_BYTES = 100 * 1024**2
# What `Journal.opened` takes.
COLUMNS = (
    "chat_id, user_id, address, operation, request, before, person, undoes, begun_at, outcome,"
    " answer, note, object_id"
)
_SELECT = f"SELECT {COLUMNS}, key FROM journal"  # noqa: S608 - our own names
_CAN_BE_UNDONE = (
    "undoes IS NULL AND (outcome IS NULL OR outcome <> 'refused') AND NOT EXISTS"
    " (SELECT 1 FROM journal AS later WHERE later.undoes = journal.key"
    " AND (later.outcome IS NULL OR later.outcome <> 'refused'))"
)


class Journal:
    """Changes, by the key of the command they come from."""

    def __init__(
        self,
        connection: Connection,
        vault: Vault,
        *,
        now: Callable[[], float] = time.time,
        room_bytes: int = ROOM_BYTES,
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now
        self._room_bytes = room_bytes

    async def begin(self, change: Change) -> bool:
        """Ask for the right to send *change*, and tell whether it was given: once, ever.

        Raises:
            DiskFullError: What comes of it might find no room.
        """
        await self._connection.require_room(self._room_bytes)
        row = {
            "key": change.key,
            "chat_id": change.chat_id,
            "user_id": change.user_id,
            "address": change.address,
            "operation": change.operation,
            "begun_at": self._now(),
            "object_id": change.request.get("id"),
            "request": self._seal(change.key, "request", change.request),
            "before": self._seal(change.key, "before", change.before),
            "person": self._seal(change.key, "person", change.person),
            "undoes": change.undoes,
        }

        def write(db: Database) -> bool:
            begun = db.execute(
                "INSERT INTO journal (key, chat_id, user_id, address, operation, begun_at,"
                " object_id, request, before, person, undoes)"
                " VALUES (:key, :chat_id, :user_id, :address, :operation, :begun_at,"
                " :object_id, :request, :before, :person, :undoes) ON CONFLICT (key) DO NOTHING"
                " RETURNING key",
                row,
            )
            return bool(begun.fetchall())

        return await self._connection.write(write)

    async def renew(self, key: str) -> None:
        """Note that a change goes out only now: what went out before has not been carried out."""
        moment = self._now()

        def write(db: Database) -> None:
            db.execute("UPDATE journal SET begun_at = ? WHERE key = ?", (moment, key))

        await self._connection.write(write)

    async def end(
        self,
        key: str,
        outcome: Outcome,
        answer: Any,
        *,
        note: str = "",
        object_id: int | None = None,
    ) -> None:
        """Note what came of a change; the first outcome stands, unless it is "unknown"."""
        row = {
            "key": key,
            "outcome": outcome,
            "answer": self._seal(key, "answer", answer),
            "note": self._seal(key, "note", note),
            "object_id": object_id,
            "now": self._now(),
        }

        def write(db: Database) -> None:
            db.execute(
                "UPDATE journal SET outcome = :outcome, answer = :answer, note = :note,"
                " object_id = coalesce(:object_id, object_id), ended_at = :now"
                " WHERE key = :key AND (outcome IS NULL OR outcome = 'unknown')",
                row,
            )

        await self._connection.write(write)

    async def forget(self, *, older_than_seconds: float, most: int) -> int:
        """Remove at most *most* changes that were made so long ago, and return how many.

        One whose outcome is not known is kept: its row is what keeps it from being sent again.
        """
        moment = self._now() - older_than_seconds

        def write(db: Database) -> int:
            removed = db.execute(
                "DELETE FROM journal WHERE key IN (SELECT key FROM journal WHERE begun_at < ?"
                " AND outcome IN ('done', 'refused') LIMIT ?) RETURNING key",
                (moment, most),
            )
            return len(removed.fetchall())

        return await self._connection.write(write)

    async def entry(self, key: str) -> Entry | None:
        """Return what is known of a change."""

        def read(db: Database) -> Entry | None:
            row = db.execute(f"{_SELECT} WHERE key = ?", (key,)).fetchone()
            return None if row is None else self.opened(row[-1], row[:-1])

        return await self._connection.run(read)

    async def items(self, key: str) -> list[Entry]:
        """Return what is known of the changes of the list *key*, each called *key*.number."""

        def read(db: Database) -> list[Entry]:
            rows = db.execute(
                f"{_SELECT} WHERE key > ? AND key < ? ORDER BY begun_at, key",
                (f"{key}.", f"{key}/"),
            ).fetchall()
            return [self.opened(row[-1], row[:-1]) for row in rows]

        return await self._connection.run(read)

    async def is_begun(self, key: str) -> bool:
        """Tell whether the change *key*, or one of the list *key*, may have been sent."""

        def read(db: Database) -> bool:
            # A dot stands between the key of a list and the number of an item.
            row = db.execute(
                "SELECT 1 FROM journal WHERE key = ? OR (key > ? AND key < ?) LIMIT 1",
                (key, f"{key}.", f"{key}/"),
            ).fetchone()
            return row is not None

        return await self._connection.run(read)

    async def last(
        self, chat_id: int, user_id: int, *, passed: Collection[str] = ()
    ) -> Entry | None:
        """Return the last change of a person in a chat that can still be taken back.

        That is one that may have been made, that takes back no other, and that no other that may
        have been made takes back. Those with the keys *passed* do not count.
        """
        others = f" AND key NOT IN ({', '.join('?' * len(passed))})" if passed else ""

        def read(db: Database) -> Entry | None:
            row = db.execute(
                f"{_SELECT} WHERE chat_id = ? AND user_id = ? AND {_CAN_BE_UNDONE}{others}"
                " ORDER BY begun_at DESC, key DESC LIMIT 1",
                (chat_id, user_id, *passed),
            ).fetchone()
            return None if row is None else self.opened(row[-1], row[:-1])

        return await self._connection.run(read)

    async def undone_by(self, key: str) -> str | None:
        """Return the key of the change that has taken back, or may have, the change *key*."""

        def read(db: Database) -> str | None:
            row = db.execute(
                "SELECT key FROM journal WHERE undoes = ?"
                " AND (outcome IS NULL OR outcome <> 'refused') LIMIT 1",
                (key,),
            ).fetchone()
            return None if row is None else str(row[0])

        return await self._connection.run(read)

    async def claimed(self, key: str) -> frozenset[int]:
        """Return the ids of the objects that other changes of the same kind are known to have made.

        Of the same kind are those with the operation and the tracker of the change *key*.
        """

        def read(db: Database) -> frozenset[int]:
            rows = db.execute(
                "SELECT other.object_id FROM journal AS mine JOIN journal AS other"
                " ON other.address = mine.address AND other.operation = mine.operation"
                " WHERE mine.key = ? AND other.key <> mine.key AND other.object_id IS NOT NULL",
                (key,),
            )
            return frozenset(object_id for (object_id,) in rows.fetchall())

        return await self._connection.run(read)

    def opened(self, key: str, row: tuple[Any, ...]) -> Entry:
        """Return the entry *key* of which the table has the `COLUMNS` in *row*."""
        chat_id, user_id, address, operation, request, before, person, undoes, *rest = row
        begun_at, outcome, answer, note, object_id = rest
        change = Change(
            key,
            chat_id,
            user_id,
            address,
            operation,
            self._open(key, "request", request),
            self._open(key, "before", before),
            self.person(key, person),
            undoes,
        )
        answer, note = self._open(key, "answer", answer), self._open(key, "note", note)
        return Entry(change, begun_at, outcome, answer, note or "", object_id)

    def person(self, key: str, sealed: bytes | None) -> str:
        """Return who gave the command *key*; entries of old versions do not say."""
        return self._open(key, "person", sealed) or ""

    def field(self, key: str, name: str, sealed: bytes | None) -> Any:
        """Return what one sealed column of the entry *key* holds."""
        return self._open(key, name, sealed)

    def _seal(self, key: str, name: str, value: Any) -> bytes:
        return self._vault.seal(
            json.dumps(value, ensure_ascii=False), context=place("journal", name, key=key)
        )

    def _open(self, key: str, name: str, sealed: bytes | None) -> Any:
        return (
            None
            if sealed is None
            else json.loads(self._vault.open(sealed, context=place("journal", name, key=key)))
        )
