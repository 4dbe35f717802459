"""Every change that was asked for: by whom, what was sent, what came of it.

The row is the right to send. It is inserted before a change goes out, and its key is unique, so
no second try, restart or process can send the same change again. A row without an outcome is in
doubt: the tracker has to be looked at.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlite_utils import Database

from storage.database import Connection
from storage.vault import Vault

Outcome = Literal["done", "refused", "unknown"]


@dataclass(frozen=True)
class Change:
    """A change that is about to be sent.

    *key* names the command it comes from, *operation* is the tracker's ("stream.create"),
    *request* the body or the id, *before* what the tracker showed until then.
    """

    key: str
    chat_id: int
    user_id: int
    address: str
    operation: str
    request: Any = field(repr=False)
    before: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Entry:
    """What the journal holds of a change; *outcome* is None while it is in doubt."""

    change: Change
    begun_at: float
    outcome: Outcome | None
    answer: Any = field(repr=False)


class Journal:
    """Changes, by the key of the command they come from."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def begin(self, change: Change) -> bool:
        """Ask for the right to send *change*, and tell whether it was given: once, ever."""
        request = self._seal(change.key, "request", change.request)
        before = self._seal(change.key, "before", change.before)

        def write(db: Database) -> bool:
            begun = db.execute(
                "INSERT INTO journal (key, chat_id, user_id, address, operation, request, before,"
                " begun_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"
                " RETURNING key",
                (
                    change.key,
                    change.chat_id,
                    change.user_id,
                    change.address,
                    change.operation,
                    request,
                    before,
                    self._now(),
                ),
            )
            return bool(begun.fetchall())

        return await self._connection.run(write)

    async def end(self, key: str, outcome: Outcome, answer: Any) -> None:
        """Note what came of a change; the first outcome stands."""
        sealed = self._seal(key, "answer", answer)

        def write(db: Database) -> None:
            db.execute(
                "UPDATE journal SET outcome = ?, answer = ?, ended_at = ?"
                " WHERE key = ? AND outcome IS NULL",
                (outcome, sealed, self._now(), key),
            )

        await self._connection.run(write)

    async def entry(self, key: str) -> Entry | None:
        """Return what is known of a change."""

        def read(db: Database) -> Entry | None:
            row = db.execute(
                "SELECT chat_id, user_id, address, operation, request, before, begun_at, outcome,"
                " answer FROM journal WHERE key = ?",
                (key,),
            ).fetchone()
            return None if row is None else self._entry(key, *row)

        return await self._connection.run(read)

    def _entry(  # noqa: PLR0913, PLR0917 - a row has this many columns
        self,
        key: str,
        chat_id: int,
        user_id: int,
        address: str,
        operation: str,
        request: bytes,
        before: bytes,
        begun_at: float,
        outcome: Outcome | None,
        answer: bytes | None,
    ) -> Entry:
        change = Change(
            key,
            chat_id,
            user_id,
            address,
            operation,
            self._open(key, "request", request),
            self._open(key, "before", before),
        )
        return Entry(change, begun_at, outcome, self._open(key, "answer", answer))

    def _seal(self, key: str, name: str, value: Any) -> bytes:
        return self._vault.seal(json.dumps(value, ensure_ascii=False), context=_context(key, name))

    def _open(self, key: str, name: str, sealed: bytes | None) -> Any:
        return (
            None
            if sealed is None
            else json.loads(self._vault.open(sealed, context=_context(key, name)))
        )


def _context(key: str, name: str) -> str:
    return f"journal:{key}:{name}"
