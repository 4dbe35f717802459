"""Reports that a chat keeps under names of its own.

Names may hold what somebody looked for, so they are sealed as the reports are; a keyed hash of a
name tells whether it is taken.
"""

import json
import logging
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlite_utils import Database

from storage.database import Connection
from storage.errors import TamperedError
from storage.sealed import place
from storage.vault import Vault

Refusal = Literal["taken", "full", "gone"]

log = logging.getLogger(__name__)
_FIELDS = "SELECT id, chat_id, name, body, user_id, saved_at FROM saved_reports"


@dataclass(frozen=True)
class SavedReport:
    """What a chat keeps under *name*: *body* is JSON, *user_id* who has saved it."""

    report_id: int
    chat_id: int
    name: str
    body: Any = field(repr=False)
    user_id: int


def folded(name: str) -> str:
    """Return what two names have in common that people take for the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def name_mark(name: str) -> str:
    """Return what the keyed hash of *name* is made of."""
    return f"saved_reports:{folded(name)}"


class SavedReports:
    """Saved reports, by chat and name; capitals and blanks make no other name."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def save(
        self, chat_id: int, name: str, body: Any, *, user_id: int, most: int
    ) -> int | Refusal:
        """Keep *body* under *name* and return its number.

        It is "taken" where the name stands for another one, "full" where *most* are kept.
        """
        now = self._now()
        packed = json.dumps(body, ensure_ascii=False)
        sealed = self._vault.seal(packed, context=_bound("body", now))
        sealed_name = self._vault.seal(name, context=_bound("name", now))
        row = (chat_id, sealed_name, self._marks(name)[0], sealed, user_id, now)

        def write(db: Database) -> int | Refusal:
            with db.atomic():
                [count] = db.execute(
                    "SELECT count(*) FROM saved_reports WHERE chat_id = ?", (chat_id,)
                ).fetchone()
                if count >= most:
                    return "full"
                if self._is_taken(db, chat_id, name):
                    return "taken"
                stored = db.execute(
                    "INSERT INTO saved_reports (chat_id, name, folded, body, user_id, saved_at)"
                    " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                    row,
                ).fetchall()
            return int(stored[0][0])

        return await self._connection.write(write)

    async def rename(self, chat_id: int, report_id: int, name: str) -> Refusal | None:
        """Call a saved report *name*, unless that stands for another one, or it is "gone"."""

        def write(db: Database) -> Refusal | None:
            with db.atomic():
                if self._is_taken(db, chat_id, name, but=report_id):
                    return "taken"
                found = db.execute(
                    "SELECT saved_at FROM saved_reports WHERE id = ? AND chat_id = ?",
                    (report_id, chat_id),
                ).fetchone()
                if found is None:
                    return "gone"
                sealed = self._vault.seal(name, context=_bound("name", found[0]))
                db.execute(
                    "UPDATE saved_reports SET name = ?, folded = ? WHERE id = ?",
                    (sealed, self._marks(name)[0], report_id),
                )
            return None

        return await self._connection.write(write)

    async def remove(self, chat_id: int, report_id: int) -> bool:
        """Keep a report no longer, and tell whether it was there."""

        def write(db: Database) -> bool:
            removed = db.execute(
                "DELETE FROM saved_reports WHERE id = ? AND chat_id = ? RETURNING id",
                (report_id, chat_id),
            )
            return bool(removed.fetchall())

        return await self._connection.write(write)

    async def get(self, chat_id: int, report_id: int) -> SavedReport | None:
        """Return a saved report of this chat."""

        def read(db: Database) -> SavedReport | None:
            row = db.execute(
                f"{_FIELDS} WHERE id = ? AND chat_id = ?", (report_id, chat_id)
            ).fetchone()
            return self._opened(*row) if row else None

        return await self._connection.run(read)

    async def all(self, chat_id: int) -> list[SavedReport]:
        """Return the saved reports of a chat, by name."""

        def read(db: Database) -> list[SavedReport]:
            rows = db.execute(f"{_FIELDS} WHERE chat_id = ? ORDER BY id", (chat_id,))
            return [found for row in rows.fetchall() if (found := self._intact(row))]

        return sorted(await self._connection.run(read), key=lambda one: folded(one.name))

    def _marks(self, name: str) -> tuple[str, ...]:
        """Return what stands for *name* in the database under each of our keys, ours first."""
        return self._vault.fingerprints(name_mark(name))

    def _is_taken(self, db: Database, chat_id: int, name: str, *, but: int = 0) -> bool:
        sql = "SELECT id FROM saved_reports WHERE chat_id = ? AND id <> ? AND folded = ?"
        found = (db.execute(sql, (chat_id, but, mark)).fetchone() for mark in self._marks(name))
        return any(found)

    def _intact(self, row: tuple[Any, ...]) -> SavedReport | None:
        try:
            return self._opened(*row)
        except TamperedError as error:
            log.error("a saved report is left out: %s", error)  # noqa: TRY400 - the line says it all
            return None

    def _opened(
        self,
        report_id: int,
        chat_id: int,
        sealed_name: bytes,
        sealed: bytes,
        user_id: int,
        saved_at: float,
    ) -> SavedReport:
        name = self._vault.open(sealed_name, context=_bound("name", saved_at))
        body = json.loads(self._vault.open(sealed, context=_bound("body", saved_at)))
        return SavedReport(report_id, chat_id, name, body, user_id)


def _bound(column: str, saved_at: float) -> str:
    return place("saved_reports", column, saved_at=saved_at)
