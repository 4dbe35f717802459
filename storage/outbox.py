"""Answers that are owed until Telegram has taken them.

An answer is stored in the same breath as the end of the message it answers, so a process that is
killed owes it or has still to make it, never both and never neither. Its body is sealed, since it
may show what a tracker holds, and erased once it is delivered.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlite_utils import Database

from storage.database import Connection
from storage.errors import TamperedError
from storage.inbox import Fate, mark_done
from storage.sealed import place
from storage.vault import Vault

LARGE_SIGNS = 128 * 1024
Delivery = Literal["sent", "refused", "unreachable", "stale", "restored"]

log = logging.getLogger(__name__)
_OWE = (
    "INSERT INTO outbox (key, chat_id, user_id, body, thread_id, reply_to, progress_id, owed_at,"
    " keep_until, due_at, begun_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO UPDATE SET body = excluded.body, thread_id = excluded.thread_id,"
    " reply_to = excluded.reply_to, owed_at = excluded.owed_at, due_at = excluded.due_at,"
    " progress_id = coalesce(excluded.progress_id, outbox.progress_id),"
    " keep_until = excluded.keep_until, begun_at = excluded.begun_at"
    " WHERE outbox.body IS NULL RETURNING key"
)
_OWED = (
    "SELECT key, chat_id, user_id, body, thread_id, reply_to, progress_id, part, owed_at,"
    " keep_until, due_at, begun_at IS NOT NULL, is_repeat FROM outbox"
    " WHERE done_at IS NULL AND body IS NOT NULL ORDER BY owed_at, key"
)


@dataclass(frozen=True)
class OwedAnswer:
    """An answer that a chat is owed; *body* is JSON, *part* how much of it has arrived.

    *progress_id* is the message it takes the place of. *keep_until* is when it is worth nothing
    any more, *due_at* when Telegram allows the next try, both in UTC seconds. *is_begun* says that
    a try was under way, *is_repeat* that the part may have arrived before.
    """

    key: str
    chat_id: int
    user_id: int
    body: str = field(repr=False)
    thread_id: int | None = None
    reply_to: int | None = None
    progress_id: int | None = None
    part: int = 0
    owed_at: float = 0.0
    keep_until: float | None = None
    due_at: float | None = None
    is_begun: bool = False
    is_repeat: bool = False


class Outbox:
    """Answers, by the key of what they answer."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def owe(
        self, answer: OwedAnswer, *, ends: Sequence[int] = (), fate: Fate = "done"
    ) -> bool:
        """Store *answer*, and note that the updates *ends* are done; tell whether it is new.

        The first answer with a key stands.
        """
        sealed = await self._sealed(answer)
        now = self._now()
        row = (
            *(answer.key, answer.chat_id, answer.user_id, sealed, answer.thread_id),
            *(answer.reply_to, answer.progress_id, answer.owed_at, answer.keep_until),
            *(answer.due_at, now if answer.is_begun else None),
        )

        def write(db: Database) -> bool:
            with db.atomic():
                for update_id in ends:
                    mark_done(db, update_id, at=now, fate=fate)
                stored = db.execute(_OWE, row)
                return bool(stored.fetchall())

        return await self._connection.write(write)

    async def note_progress(self, answer: OwedAnswer, message_id: int) -> None:
        """Note that *message_id* says that *answer*, which need not be made yet, is being made."""
        await self._write(
            "INSERT INTO outbox (key, chat_id, user_id, progress_id, owed_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE"
            " SET progress_id = excluded.progress_id WHERE outbox.done_at IS NULL",
            (answer.key, answer.chat_id, answer.user_id, message_id, self._now()),
        )

    async def progress_id(self, key: str) -> int | None:
        """Return the message that says that the answer is being made, if there is one."""

        def read(db: Database) -> int | None:
            row = db.execute(
                "SELECT progress_id FROM outbox WHERE key = ? AND body IS NULL", (key,)
            ).fetchone()
            return None if row is None else row[0]

        return await self._connection.run(read)

    async def message_id(self, key: str) -> int | None:
        """Return the message that the answer has become, as far as that is known."""

        def read(db: Database) -> int | None:
            row = db.execute("SELECT message_id FROM outbox WHERE key = ?", (key,)).fetchone()
            return None if row is None else row[0]

        return await self._connection.run(read)

    async def begin(self, key: str) -> None:
        """Note that a try is under way, which may arrive even if this process ends."""
        await self._write("UPDATE outbox SET begun_at = ? WHERE key = ?", (self._now(), key))

    async def go_on(self, key: str, part: int, *, message_id: int | None = None) -> None:
        """Note that everything before *part* has arrived, the text as *message_id*."""
        await self._write(
            "UPDATE outbox SET part = ?, begun_at = NULL, is_repeat = FALSE,"
            " message_id = coalesce(?, message_id) WHERE key = ?",
            (part, message_id, key),
        )

    async def postpone(self, key: str, *, due_at: float | None, is_repeat: bool) -> None:
        """Note that a try has ended, and that it is tried again at *due_at*."""
        await self._write(
            "UPDATE outbox SET begun_at = NULL, due_at = ?, is_repeat = ? WHERE key = ?",
            (due_at, is_repeat, key),
        )

    async def end(
        self, key: str, fate: Delivery, note: str = "", *, message_id: int | None = None
    ) -> None:
        """Note what became of an answer, in the end; *note* is why, *message_id* its message."""
        await self._write(
            "UPDATE outbox SET done_at = ?, fate = ?, note = ?, body = ?,"
            " message_id = coalesce(?, message_id) WHERE key = ?",
            (self._now(), fate, note or None, b"", message_id, key),
        )

    async def move(self, old_id: int, new_id: int) -> None:
        """Address to *new_id* what the chat *old_id* is owed; its messages are others there."""
        await self._write(
            "UPDATE outbox SET chat_id = ?, thread_id = NULL, reply_to = NULL, progress_id = NULL"
            " WHERE chat_id = ? AND done_at IS NULL",
            (new_id, old_id),
        )

    async def owed(self) -> list[OwedAnswer]:
        """Return the answers that are not delivered, in the order in which they were made."""

        def read(db: Database) -> list[OwedAnswer]:
            rows = db.execute(_OWED)
            return [owed for row in rows.fetchall() if (owed := self._intact(db, row))]

        return await self._connection.run(read)

    async def delivered_since(self, moment: float) -> list[tuple[int, float]]:
        """Return to which chats answers went since *moment*, and when."""

        def read(db: Database) -> list[tuple[int, float]]:
            rows = db.execute(
                "SELECT chat_id, done_at FROM outbox WHERE done_at >= ? AND fate = 'sent'"
                " ORDER BY done_at",
                (moment,),
            )
            return [(chat_id, done_at) for chat_id, done_at in rows.fetchall()]

        return await self._connection.run(read)

    async def forget(self, *, older_than_seconds: float, most: int) -> int:
        """Remove at most *most* answers that were done, or never made, so long ago."""
        moment = self._now() - older_than_seconds

        def write(db: Database) -> int:
            removed = db.execute(
                "DELETE FROM outbox WHERE key IN (SELECT key FROM outbox WHERE done_at < ?"
                " OR (done_at IS NULL AND body IS NULL AND owed_at < ?) LIMIT ?) RETURNING key",
                (moment, moment, most),
            )
            return len(removed.fetchall())

        return await self._connection.run(write)

    async def _sealed(self, answer: OwedAnswer) -> bytes:
        """Seal the body of *answer*, beside the loop where others would have to wait."""
        context = place("outbox", "body", key=answer.key)
        if len(answer.body) <= LARGE_SIGNS:
            return self._vault.seal(answer.body, context=context)
        return await asyncio.to_thread(self._vault.seal, answer.body, context=context)

    async def _write(self, sql: str, parameters: tuple[object, ...]) -> None:
        await self._connection.write(lambda db: db.execute(sql, parameters).close())

    def _intact(self, db: Database, row: tuple[Any, ...]) -> OwedAnswer | None:
        try:
            return self._opened(*row)
        except TamperedError as error:
            log.error("an answer is not given: %s", error)  # noqa: TRY400 - the line says it all
            db.execute(
                "UPDATE outbox SET done_at = ?, fate = 'refused', note = 'altered' WHERE key = ?",
                (self._now(), row[0]),
            )
            return None

    def _opened(
        self, key: str, chat_id: int, user_id: int, sealed: bytes, *rest: Any
    ) -> OwedAnswer:
        body = self._vault.open(sealed, context=place("outbox", "body", key=key))
        owed = OwedAnswer(key, chat_id, user_id, body, *rest)
        return replace(owed, is_begun=bool(owed.is_begun), is_repeat=bool(owed.is_repeat))
