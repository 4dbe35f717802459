"""Who the owners are, and what everybody else may do in a chat."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from sqlite_utils import Database

from storage.database import Connection
from storage.sealed import place
from storage.tokens import hash_token, new_token
from storage.vault import Vault

CLAIM_TRIES = 5
# A wrong code that was the last that could be tried has "spent" the right one.
Claim = Literal["redeemed", "wrong", "spent"]


@dataclass(frozen=True)
class Member:
    """A person with a role in a chat; *name* is empty where nobody told it."""

    user_id: int
    role: str
    granted_by: int
    granted_at: float
    name: str = field(default="", repr=False)


class People:
    """Owners, roles and the claim code, by Telegram user id."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def owners(self) -> frozenset[int]:
        """Return the user ids of the owners."""

        def read(db: Database) -> frozenset[int]:
            return frozenset(row[0] for row in db.execute("SELECT user_id FROM owners").fetchall())

        return await self._connection.run(read)

    async def add_owner(self, user_id: int) -> None:
        """Make a person an owner; once is as good as twice."""
        await self._connection.run(lambda db: _add_owner(db, user_id, self._now()))
        self._connection.welcomes.tell(None, user_id)

    async def role(self, chat_id: int, user_id: int) -> str | None:
        """Return the role a person was granted in a chat."""

        def read(db: Database) -> str | None:
            row = db.execute(
                "SELECT role FROM members WHERE chat_id = ? AND user_id = ?", (chat_id, user_id)
            ).fetchone()
            return None if row is None else str(row[0])

        return await self._connection.run(read)

    async def grant(
        self, chat_id: int, user_id: int, role: str, *, granted_by: int, name: str = ""
    ) -> None:
        """Give a person a role in a chat, in place of the one they had.

        Without a *name* the one that is known stands.
        """
        sealed = (
            self._vault.seal(name, context=place("members", "name", user_id=user_id))
            if name
            else None
        )

        def write(db: Database) -> None:
            db.execute(
                "INSERT INTO members (chat_id, user_id, role, granted_by, granted_at, name)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id, user_id) DO UPDATE SET"
                " role = excluded.role, granted_by = excluded.granted_by,"
                " granted_at = excluded.granted_at, name = coalesce(excluded.name, members.name)",
                (chat_id, user_id, role, granted_by, self._now(), sealed),
            )

        await self._connection.run(write)
        self._connection.welcomes.tell(chat_id, user_id)

    async def revoke(self, chat_id: int, user_id: int) -> bool:
        """Take a person's role in a chat away, and tell whether they had one."""

        def write(db: Database) -> bool:
            revoked = db.execute(
                "DELETE FROM members WHERE chat_id = ? AND user_id = ? RETURNING user_id",
                (chat_id, user_id),
            )
            return bool(revoked.fetchall())

        return await self._connection.run(write)

    async def members(self, chat_id: int) -> list[Member]:
        """Return the people with a role in a chat, in the order of their grants."""

        def read(db: Database) -> list[Member]:
            rows = db.execute(
                "SELECT user_id, role, granted_by, granted_at, name FROM members"
                " WHERE chat_id = ? ORDER BY granted_at, user_id",
                (chat_id,),
            )
            return [self._member(*row) for row in rows.fetchall()]

        return await self._connection.run(read)

    def _member(
        self, user_id: int, role: str, granted_by: int, granted_at: float, sealed: bytes | None
    ) -> Member:
        bound = place("members", "name", user_id=user_id)
        # A name that was altered is not known; the role does not hang on it.
        is_known = sealed is not None and self._vault.opens(sealed, context=bound)
        name = self._vault.open(sealed, context=bound) if sealed and is_known else ""
        return Member(user_id, role, granted_by, granted_at, name)

    async def new_claim(self, *, lifetime_seconds: float = 900) -> str:
        """Return a new claim code, which replaces an earlier one."""
        code = new_token()

        def write(db: Database) -> None:
            with db.atomic():
                db.execute("DELETE FROM claims")
                db.execute(
                    "INSERT INTO claims (code_hash, tries_left, expires_at) VALUES (?, ?, ?)",
                    (hash_token(code), CLAIM_TRIES, self._now() + lifetime_seconds),
                )

        await self._connection.run(write)
        return code

    async def redeem_claim(self, code: str, user_id: int) -> Claim:
        """Make the person who brings the right *code* in time an owner.

        A code serves once, and is gone after five wrong tries, whoever made them.
        """
        claim = await self._connection.run(lambda db: _redeem(db, code, user_id, self._now()))
        if claim == "redeemed":
            self._connection.welcomes.tell(None, user_id)
        return claim


def _add_owner(db: Database, user_id: int, now: float) -> None:
    db.execute(
        "INSERT INTO owners (user_id, added_at) VALUES (?, ?) ON CONFLICT (user_id) DO NOTHING",
        (user_id, now),
    )


def _redeem(db: Database, code: str, user_id: int, now: float) -> Claim:
    with db.atomic():
        redeemed = db.execute(
            "DELETE FROM claims WHERE code_hash = ? AND expires_at > ? RETURNING code_hash",
            (hash_token(code), now),
        ).fetchall()
        if redeemed:
            _add_owner(db, user_id, now)
            return "redeemed"
        db.execute("DELETE FROM claims WHERE expires_at <= ?", (now,))
        db.execute("UPDATE claims SET tries_left = tries_left - 1")
        spent = db.execute("DELETE FROM claims WHERE tries_left <= 0 RETURNING code_hash")
        return "spent" if spent.fetchall() else "wrong"
