"""Reports that a chat keeps under names of its own."""

import json
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlite_utils import Database

from storage.database import Connection
from storage.vault import Vault

Refusal = Literal["taken", "full", "gone"]
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
        sealed = self._vault.seal(json.dumps(body, ensure_ascii=False), context=_context(now))
        row = (chat_id, name, folded(name), sealed, user_id, now)

        def write(db: Database) -> int | Refusal:
            with db.atomic():
                [count] = db.execute(
                    "SELECT count(*) FROM saved_reports WHERE chat_id = ?", (chat_id,)
                ).fetchone()
                if count >= most:
                    return "full"
                stored = db.execute(
                    "INSERT INTO saved_reports (chat_id, name, folded, body, user_id, saved_at)"
                    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id, folded) DO NOTHING"
                    " RETURNING id",
                    row,
                ).fetchall()
            return int(stored[0][0]) if stored else "taken"

        return await self._connection.write(write)

    async def rename(self, chat_id: int, report_id: int, name: str) -> Refusal | None:
        """Call a saved report *name*, unless that stands for another one, or it is "gone"."""
        row = (name, folded(name), report_id, chat_id)

        def write(db: Database) -> Refusal | None:
            with db.atomic():
                other = db.execute(
                    "SELECT id FROM saved_reports WHERE chat_id = ? AND folded = ? AND id <> ?",
                    (chat_id, folded(name), report_id),
                ).fetchone()
                if other:
                    return "taken"
                changed = db.execute(
                    "UPDATE saved_reports SET name = ?, folded = ? WHERE id = ? AND chat_id = ?"
                    " RETURNING id",
                    row,
                ).fetchall()
            return None if changed else "gone"

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
            rows = db.execute(f"{_FIELDS} WHERE chat_id = ? ORDER BY folded, id", (chat_id,))
            return [self._opened(*row) for row in rows.fetchall()]

        return await self._connection.run(read)

    def _opened(
        self, report_id: int, chat_id: int, name: str, sealed: bytes, user_id: int, saved_at: float
    ) -> SavedReport:
        body = json.loads(self._vault.open(sealed, context=_context(saved_at)))
        return SavedReport(report_id, chat_id, name, body, user_id)


def _context(saved_at: float) -> str:
    # Neither the number, which is not known yet, nor the chat, which may get another id.
    return f"saved_reports:body:{saved_at!r}"
