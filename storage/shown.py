"""Reports that were shown: turned for an hour without asking again, changed for a month.

What was asked and what came are sealed, since both may show what a tracker holds.
"""

import asyncio
import json
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from storage.database import Connection
from storage.sealed import place
from storage.vault import Vault

ROWS_SECONDS = 3600.0
QUERY_SECONDS = 30 * 86400.0
# No chat fills the disk within the hour, nor within the month; nobody turns back that far.
ANSWERS_MOST = 100
QUERIES_MOST = 5000
ANSWER_BYTES_MOST = 1024 * 1024


@dataclass(frozen=True)
class ShownReport:
    """A report in *chat_id*: the *query*, and while its hour lasts, the *answer*, both JSON."""

    report_id: int
    chat_id: int
    query: Any = field(repr=False)
    answer: Any = field(repr=False)


class ShownReports:
    """Reports by the number that stands in the data of their buttons."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def keep(self, chat_id: int, query: Any, answer: Any) -> int:
        """Keep a report that is about to be shown, and return its number.

        Of the chat's earlier ones, only so many keep their answers, and only so many are kept;
        an answer that is very large although it was packed is not.
        """
        now = self._now()
        sealed_query = self._vault.seal(json.dumps(query), context=_bound("query", now))
        # It may be a few megabytes, which would keep everybody else waiting.
        sealed_answer = await asyncio.to_thread(self._sealed, answer, now)
        kept = sealed_answer if len(sealed_answer) <= ANSWER_BYTES_MOST else None
        row = (chat_id, sealed_query, kept, now)

        def write(db: Database) -> int:
            stored = db.execute(
                "INSERT INTO shown_reports (chat_id, query, answer, shown_at)"
                " VALUES (?, ?, ?, ?) RETURNING id",
                row,
            ).fetchall()
            db.execute(
                "UPDATE shown_reports SET answer = NULL WHERE id = (SELECT id FROM shown_reports"
                " WHERE chat_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (chat_id, ANSWERS_MOST),
            ).close()
            db.execute(
                "DELETE FROM shown_reports WHERE id = (SELECT id FROM shown_reports"
                " WHERE chat_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
                (chat_id, QUERIES_MOST),
            ).close()
            return int(stored[0][0])

        return await self._connection.write(write)

    async def get(self, chat_id: int, report_id: int) -> ShownReport | None:
        """Return a report of this chat, while it is kept; after an hour without its answer."""

        def read(db: Database) -> tuple[bytes, bytes | None, float] | None:
            row: tuple[bytes, bytes | None, float] | None = db.execute(
                "SELECT query, answer, shown_at FROM shown_reports WHERE id = ? AND chat_id = ?"
                " AND shown_at > ?",
                (report_id, chat_id, self._now() - QUERY_SECONDS),
            ).fetchone()
            return row

        row = await self._connection.run(read)
        if row is None:
            return None
        sealed_query, sealed_answer, shown_at = row
        query = json.loads(self._vault.open(sealed_query, context=_bound("query", shown_at)))
        answer = None
        if sealed_answer is not None and shown_at > self._now() - ROWS_SECONDS:
            answer = await asyncio.to_thread(self._opened, sealed_answer, shown_at)
        return ShownReport(report_id, chat_id, query, answer)

    def _sealed(self, answer: Any, shown_at: float) -> bytes:
        packed = b64encode(zlib.compress(json.dumps(answer).encode(), 1)).decode()
        return self._vault.seal(packed, context=_bound("answer", shown_at))

    def _opened(self, sealed: bytes, shown_at: float) -> Any:
        packed = self._vault.open(sealed, context=_bound("answer", shown_at))
        return json.loads(zlib.decompress(b64decode(packed)))

    async def forget(self, *, older_than_seconds: float, most: int) -> int:
        """Erase at most *most* answers whose hour is over, and reports kept for a month.

        Their own times count, not *older_than_seconds*.
        """
        del older_than_seconds
        answers, queries = self._now() - ROWS_SECONDS, self._now() - QUERY_SECONDS

        def write(db: Database) -> int:
            erased = db.execute(
                "UPDATE shown_reports SET answer = NULL WHERE id IN (SELECT id FROM shown_reports"
                " WHERE shown_at < ? AND answer IS NOT NULL LIMIT ?) RETURNING id",
                (answers, most),
            )
            removed = db.execute(
                "DELETE FROM shown_reports WHERE id IN (SELECT id FROM shown_reports"
                " WHERE shown_at < ? LIMIT ?) RETURNING id",
                (queries, most),
            )
            return max(len(erased.fetchall()), len(removed.fetchall()))

        return await self._connection.write(write)


def _bound(column: str, shown_at: float) -> str:
    return place("shown_reports", column, shown_at=shown_at)
