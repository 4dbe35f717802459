"""What a person is being asked in a chat, until they answer, cancel, or let the time pass.

There is one question a person and chat at most. It is asked where the answer is awaited, or
offered by a token in one chat, to be answered in private.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from storage.database import Connection
from storage.sealed import place
from storage.tokens import hash_token, new_token
from storage.vault import Vault


@dataclass(frozen=True)
class Question:
    """What a person is asked: *kind* says who knows what to do with *body* and an answer.

    *asked_by* names what asked, such as the key of an update.
    """

    chat_id: int
    user_id: int
    kind: str
    body: Any = field(repr=False)
    asked_by: str
    expires_at: float


class Questions:
    """Questions, by chat and person."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def ask(
        self,
        chat_id: int,
        user_id: int,
        kind: str,
        body: Any,
        *,
        asked_by: str,
        lifetime_seconds: float = 600,
    ) -> None:
        """Ask a person something in a chat, in place of what they were asked there."""
        now = self._now()
        sealed = self._vault.seal(
            json.dumps(body, ensure_ascii=False), context=_bound(user_id, asked_by)
        )
        row = (chat_id, user_id, kind, sealed, asked_by, now + lifetime_seconds)

        def write(db: Database) -> None:
            with db.atomic():
                db.execute("DELETE FROM questions WHERE expires_at <= ?", (now,))
                db.execute(
                    "INSERT INTO questions (chat_id, user_id, kind, body, asked_by, expires_at)"
                    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id, user_id) DO UPDATE SET"
                    " kind = excluded.kind, body = excluded.body, asked_by = excluded.asked_by,"
                    " expires_at = excluded.expires_at",
                    row,
                )

        await self._connection.run(write)
        self._connection.welcomes.tell(chat_id, user_id)

    async def offer(
        self, chat_id: int, user_id: int, kind: str, body: Any, *, lifetime_seconds: float = 900
    ) -> str:
        """Return a token for a deep link by which this person alone is asked in private."""
        token = new_token()
        await self.ask(
            chat_id,
            user_id,
            kind,
            body,
            asked_by=hash_token(token),
            lifetime_seconds=lifetime_seconds,
        )
        return token

    async def follow(self, token: str, user_id: int) -> Question | None:
        """Move the question behind *token* to this person's private chat and return it.

        It is None for everybody else, after its time, and once the question is closed.
        """
        asked_by, now = hash_token(token), self._now()

        def write(db: Database) -> bool:
            with db.atomic():
                found = db.execute(
                    "SELECT chat_id FROM questions"
                    " WHERE asked_by = ? AND user_id = ? AND expires_at > ?",
                    (asked_by, user_id, now),
                ).fetchone()
                if found is None:
                    return False
                if found[0] != user_id:
                    _move(db, user_id, found[0])
            return True

        is_there = await self._connection.run(write)
        if not is_there:
            return None
        self._connection.welcomes.tell(user_id, user_id)
        return await self.asked(user_id, user_id)

    async def asked(self, chat_id: int, user_id: int) -> Question | None:
        """Return what a person is being asked in a chat, while it is in time."""

        def read(db: Database) -> tuple[Any, ...] | None:
            row: tuple[Any, ...] | None = db.execute(
                "SELECT kind, body, asked_by, expires_at FROM questions"
                " WHERE chat_id = ? AND user_id = ? AND expires_at > ?",
                (chat_id, user_id, self._now()),
            ).fetchone()
            return row

        row = await self._connection.run(read)
        if row is None:
            return None
        kind, sealed, asked_by, expires_at = row
        body = json.loads(self._vault.open(sealed, context=_bound(user_id, asked_by)))
        return Question(chat_id, user_id, kind, body, asked_by, expires_at)

    async def forget(self, *, older_than_seconds: float, most: int) -> int:
        """Remove at most *most* questions whose time was over so long ago."""
        moment = self._now() - older_than_seconds

        def write(db: Database) -> int:
            removed = db.execute(
                "DELETE FROM questions WHERE (chat_id, user_id) IN (SELECT chat_id, user_id"
                " FROM questions WHERE expires_at <= ? LIMIT ?) RETURNING chat_id",
                (moment, most),
            )
            return len(removed.fetchall())

        return await self._connection.write(write)

    async def close(self, chat_id: int, user_id: int) -> bool:
        """Ask no more, and tell whether something was being asked in time."""

        def write(db: Database) -> bool:
            closed = db.execute(
                "DELETE FROM questions WHERE chat_id = ? AND user_id = ? RETURNING expires_at",
                (chat_id, user_id),
            )
            return any(expires_at > self._now() for (expires_at,) in closed.fetchall())

        return await self._connection.run(write)

    async def drop(self, kind: str) -> None:
        """Ask nobody any more what is of this *kind*."""
        await self._connection.run(
            lambda db: db.execute("DELETE FROM questions WHERE kind = ?", (kind,))
        )


def _move(db: Database, user_id: int, chat_id: int) -> None:
    """Ask in private what the person was to be asked in a chat."""
    db.execute("DELETE FROM questions WHERE chat_id = ? AND user_id = ?", (user_id, user_id))
    db.execute(
        "UPDATE questions SET chat_id = ? WHERE chat_id = ? AND user_id = ?",
        (user_id, chat_id, user_id),
    )


def _bound(user_id: int, asked_by: str) -> str:
    # Not the chat: a question that is followed moves to another one.
    return place("questions", "body", user_id=user_id, asked_by=asked_by)
