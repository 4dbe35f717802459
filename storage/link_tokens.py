"""The way from a group's link button to the private chat where the key is typed."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from storage.database import Connection
from storage.tokens import hash_token, new_token


@dataclass(frozen=True)
class LinkRequest:
    """A person's wish to link a chat, with the tracker's address once it is known."""

    chat_id: int
    thread_id: int | None
    chat_title: str
    user_id: int
    address: str | None = None


class LinkTokens:
    """Requests to link a chat: opened by a token or begun without one, one pending per person."""

    def __init__(self, connection: Connection, *, now: Callable[[], float] = time.time) -> None:
        self._connection = connection
        self._now = now

    async def issue(
        self,
        *,
        chat_id: int,
        thread_id: int | None,
        user_id: int,
        chat_title: str,
        lifetime_seconds: float = 900,
    ) -> str:
        """Return a token for a deep link by which this person alone may link the chat."""
        token = new_token()
        request = LinkRequest(chat_id, thread_id, chat_title, user_id)

        def write(db: Database) -> None:
            with db.atomic():
                _drop_expired(db, self._now())
                _insert(db, request, hash_token(token), self._now() + lifetime_seconds)

        await self._connection.run(write)
        self._connection.welcomes.tell(None, user_id)
        return token

    async def begin(
        self,
        *,
        chat_id: int,
        thread_id: int | None,
        chat_title: str,
        user_id: int,
        lifetime_seconds: float = 900,
    ) -> LinkRequest:
        """Start a request without a token; it replaces the one the person had pending."""
        request = LinkRequest(chat_id, thread_id, chat_title, user_id)

        def write(db: Database) -> None:
            with db.atomic():
                _drop_expired(db, self._now())
                _set_aside(db, user_id)
                _insert(db, request, None, self._now() + lifetime_seconds)

        await self._connection.run(write)
        self._connection.welcomes.tell(None, user_id)
        return request

    async def open(self, token: str, user_id: int) -> LinkRequest | None:
        """Make the request behind *token* this person's pending one and return it.

        It is None for everybody else, after its time, and once the request is closed.
        """
        request = await self._connection.run(
            lambda db: _open(db, hash_token(token), user_id, self._now())
        )
        if request:
            self._connection.welcomes.tell(None, user_id)
        return request

    async def pending(self, user_id: int) -> LinkRequest | None:
        """Return the request this person has opened or begun, while it is in time."""

        def read(db: Database) -> LinkRequest | None:
            row = db.execute(
                "SELECT chat_id, thread_id, chat_title, user_id, address FROM link_requests"
                " WHERE user_id = ? AND is_pending AND expires_at > ?",
                (user_id, self._now()),
            ).fetchone()
            return None if row is None else LinkRequest(*row)

        return await self._connection.run(read)

    async def remember_address(self, user_id: int, address: str) -> bool:
        """Note the tracker's address in the pending request, and tell whether there is one."""

        def write(db: Database) -> bool:
            noted = db.execute(
                "UPDATE link_requests SET address = ?"
                " WHERE user_id = ? AND is_pending AND expires_at > ? RETURNING id",
                (address, user_id, self._now()),
            )
            return bool(noted.fetchall())

        return await self._connection.run(write)

    async def close(self, user_id: int) -> bool:
        """End the pending request, its token included, and tell whether there was one in time."""

        def write(db: Database) -> bool:
            closed = db.execute(
                "DELETE FROM link_requests WHERE user_id = ? AND is_pending RETURNING expires_at",
                (user_id,),
            )
            return any(expires_at > self._now() for (expires_at,) in closed.fetchall())

        return await self._connection.run(write)


def _insert(db: Database, request: LinkRequest, token_hash: str | None, expires_at: float) -> None:
    """Add a request; without a token it can only be pending."""
    db.execute(
        "INSERT INTO link_requests"
        " (token_hash, chat_id, thread_id, chat_title, user_id, is_pending, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            token_hash,
            request.chat_id,
            request.thread_id,
            request.chat_title,
            request.user_id,
            token_hash is None,
            expires_at,
        ),
    )


def _open(db: Database, token_hash: str, user_id: int, now: float) -> LinkRequest | None:
    with db.atomic():
        row = db.execute(
            "SELECT id, is_pending FROM link_requests"
            " WHERE token_hash = ? AND user_id = ? AND expires_at > ?",
            (token_hash, user_id, now),
        ).fetchone()
        if row is None:
            return None
        request_id, is_pending = row
        if not is_pending:
            _set_aside(db, user_id)
        opened = db.execute(
            "UPDATE link_requests SET is_pending = TRUE WHERE id = ?"
            " RETURNING chat_id, thread_id, chat_title, user_id, address",
            (request_id,),
        ).fetchall()
    return LinkRequest(*opened[0])


def _set_aside(db: Database, user_id: int) -> None:
    """Take the person's pending request back to where its token was issued, if it has one."""
    db.execute(
        "DELETE FROM link_requests WHERE user_id = ? AND is_pending AND token_hash IS NULL",
        (user_id,),
    )
    db.execute(
        "UPDATE link_requests SET is_pending = FALSE, address = NULL"
        " WHERE user_id = ? AND is_pending",
        (user_id,),
    )


def _drop_expired(db: Database, now: float) -> None:
    db.execute("DELETE FROM link_requests WHERE expires_at <= ?", (now,))
