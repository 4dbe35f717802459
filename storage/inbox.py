"""Updates that Telegram has handed over and that are not answered yet.

An update is stored before it is acknowledged, so a process that is killed finds it again. The
body is sealed, since a private message may hold a key, and erased once the update is done; its
id stays a while, because Telegram may deliver an update twice.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlite_utils import Database

from storage.database import Connection
from storage.errors import TamperedError
from storage.sealed import place
from storage.vault import Vault

_PUT = (
    "INSERT INTO inbox (update_id, body, got_at, done_at, fate) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (update_id) DO NOTHING RETURNING update_id"
)
Fate = Literal[
    "done", "unreadable", "given_up", "late", "unreachable", "refused", "hasty", "restored"
]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Owed:
    """An update that was stored and not done; *tries* counts how often it was begun again."""

    update_id: int
    body: str = field(repr=False)
    got_at: float
    tries: int


class Inbox:
    """The updates, by the id Telegram gave them."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def put(self, update_id: int, body: str) -> bool:
        """Store an update for good, and tell whether it is new."""
        return await self._insert(update_id, body, done_at=None, fate=None)

    async def set_aside(self, update_id: int, body: str) -> None:
        """Store for a while an update that cannot be read, and is not owed."""
        await self._insert(update_id, body, done_at=self._now(), fate="unreadable")

    async def owed(self) -> list[Owed]:
        """Return the updates that are not done, in the order in which they came.

        One that was altered is set aside: others are not to wait for it.
        """

        def read(db: Database) -> list[Owed]:
            rows = db.execute(
                "SELECT update_id, body, got_at, tries FROM inbox WHERE done_at IS NULL"
                " ORDER BY got_at, update_id",
            )
            return [owed for row in rows.fetchall() if (owed := self._intact(db, row))]

        return await self._connection.run(read)

    async def begin_again(self, update_id: int) -> int:
        """Count one more try of an update that an earlier process left, and return the count."""

        def write(db: Database) -> int:
            counted = db.execute(
                "UPDATE inbox SET tries = tries + 1 WHERE update_id = ? RETURNING tries",
                (update_id,),
            )
            return int(counted.fetchall()[0][0])

        return await self._connection.run(write)

    async def forgive(self, update_id: int) -> None:
        """Count the tries of an update anew: it gets on, so it is not what ends processes."""

        def write(db: Database) -> None:
            db.execute("UPDATE inbox SET tries = 0 WHERE update_id = ?", (update_id,))

        await self._connection.write(write)

    async def finish(self, update_id: int, fate: Fate = "done") -> None:
        """Note what became of an update; its body is erased unless it could not be read."""
        now = self._now()
        await self._connection.write(lambda db: mark_done(db, update_id, at=now, fate=fate))

    async def forget(self, *, older_than_seconds: float, most: int) -> int:
        """Remove at most *most* updates that were done so long ago, and return how many."""

        def write(db: Database) -> int:
            removed = db.execute(
                "DELETE FROM inbox WHERE update_id IN (SELECT update_id FROM inbox"
                " WHERE done_at < ? ORDER BY done_at LIMIT ?) RETURNING update_id",
                (self._now() - older_than_seconds, most),
            )
            return len(removed.fetchall())

        return await self._connection.run(write)

    async def _insert(
        self, update_id: int, body: str, *, done_at: float | None, fate: Fate | None
    ) -> bool:
        sealed = self._vault.seal(body, context=place("inbox", "body", update_id=update_id))

        def write(db: Database) -> bool:
            stored = db.execute(_PUT, (update_id, sealed, self._now(), done_at, fate))
            return bool(stored.fetchall())

        return await self._connection.write(write)

    def _intact(self, db: Database, row: tuple[Any, ...]) -> Owed | None:
        try:
            return self._owed(*row)
        except TamperedError as error:
            log.error("an update is not handled: %s", error)  # noqa: TRY400 - the line says it all
            mark_done(db, row[0], at=self._now(), fate="unreadable")
            return None

    def _owed(self, update_id: int, sealed: bytes, got_at: float, tries: int) -> Owed:
        return Owed(
            update_id,
            self._vault.open(sealed, context=place("inbox", "body", update_id=update_id)),
            got_at,
            tries,
        )


def store_update(db: Database, vault: Vault, update_id: int, body: str, *, at: float) -> None:
    """Store in *db* an update that is owed from the moment *at*, as `Inbox.put` does."""
    sealed = vault.seal(body, context=place("inbox", "body", update_id=update_id))
    db.execute(_PUT, (update_id, sealed, at, None, None)).close()


def mark_done(db: Database, update_id: int, *, at: float, fate: Fate) -> None:
    """Note in *db* what became of an update, as `Inbox.finish` does."""
    kept = fate in {"unreadable", "given_up"}
    db.execute(
        "UPDATE inbox SET done_at = ?, fate = ?, body = CASE WHEN ? THEN body ELSE ? END"
        " WHERE update_id = ? AND done_at IS NULL",
        (at, fate, kept, b"", update_id),
    )
