"""What waits for its author's yes: found by its token alone, and used once.

The body is sealed, since it may show what a tracker holds. A plan lives on when the process ends;
the message that shows it is known by the answer that the plan was shown in.
"""

import asyncio
import json
import time
from collections.abc import Callable, Collection
from typing import Any

from sqlite_utils import Database

from storage.database import Connection
from storage.errors import TamperedError
from storage.plan import Plan, State, Unanswered
from storage.sealed import place
from storage.tokens import hash_token, new_token
from storage.vault import Vault

_FIELDS = (
    "SELECT plans.id, kind, plans.chat_id, plans.user_id, shown_by, plans.body, token_hash,"
    " expires_at, state, used_by"
)
_PLACE = "outbox.key IS NOT NULL, coalesce(message_id, progress_id), thread_id, reply_to"
# A message of a group that has moved since has another number there, or none.
_SHOWN = "FROM plans LEFT JOIN outbox ON outbox.key = shown_by AND outbox.chat_id = plans.chat_id"


class Plans:
    """Plans by their token, which stands in the data of their buttons."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def make(
        self, kind: str, body: Any, *, chat_id: int, user_id: int, shown_by: str, seconds: float
    ) -> str:
        """Keep a plan for so many *seconds*, and return its token.

        An answer shows one plan: what a process has made for it that ended before anybody could
        see it is over.
        """
        token = new_token()
        hashed, now = hash_token(token), self._now()
        # That of a list may be a few megabytes, which would keep everybody else waiting.
        sealed = await asyncio.to_thread(self._seal, hashed, body)
        row = (hashed, kind, chat_id, user_id, shown_by, sealed, now)

        def write(db: Database) -> None:
            with db.atomic():
                db.execute(
                    "UPDATE plans SET state = 'expired' WHERE shown_by = ? AND state = 'open'",
                    (shown_by,),
                )
                db.execute(
                    "INSERT INTO plans (token_hash, kind, chat_id, user_id, shown_by, body,"
                    " made_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (*row, now + seconds),
                )

        await self._connection.write(write)
        return token

    async def get(self, token: str) -> Plan | None:
        """Return the plan behind *token*, whatever has become of it."""
        return await self._connection.run(lambda db: self._get(db, hash_token(token)))

    async def use(
        self, token: str, state: State, *, chat_id: int, user_id: int, used_by: str
    ) -> Plan | None:
        """End an open plan as its author, in its chat and in time; None if that is not so.

        Whoever gets the plan is the only one who ever does: the same *used_by* gets it again.
        """
        hashed, now = hash_token(token), self._now()

        def write(db: Database) -> Plan | None:
            rows = db.execute(
                "UPDATE plans SET state = ?, used_by = ? WHERE token_hash = ? AND chat_id = ?"
                " AND user_id = ? AND ((state = 'open' AND expires_at > ?) OR used_by = ?)"
                " RETURNING id",
                (state, used_by, hashed, chat_id, user_id, now, used_by),
            ).fetchall()
            return self._get(db, hashed) if rows else None

        return await self._connection.write(write)

    async def rewrite(
        self, token: str, body: Any, *, chat_id: int, user_id: int, shown_by: str
    ) -> bool:
        """Give an open plan of this person another *body*; tell whether it was open."""
        hashed = hash_token(token)
        row = (self._seal(hashed, body), shown_by, hashed, chat_id, user_id, self._now())

        def write(db: Database) -> bool:
            rows = db.execute(
                "UPDATE plans SET body = ?, shown_by = ? WHERE token_hash = ? AND chat_id = ?"
                " AND user_id = ? AND state = 'open' AND expires_at > ? RETURNING id",
                row,
            ).fetchall()
            return bool(rows)

        return await self._connection.write(write)

    async def drop(self, kind: str, *, chat_id: int, user_id: int) -> None:
        """End the open plans of a *kind* that this person has in a chat."""

        def write(db: Database) -> None:
            db.execute(
                "UPDATE plans SET state = 'cancelled' WHERE kind = ? AND chat_id = ?"
                " AND user_id = ? AND state = 'open'",
                (kind, chat_id, user_id),
            )

        await self._connection.write(write)

    async def expire(self, *, most: int) -> list[Unanswered]:
        """Return at most *most* open plans whose time is over; they stay open until `end`.

        One whose answer is still on its way is left for later. One that was altered comes with an
        empty body, and is not told of.
        """

        def read(db: Database) -> list[Unanswered]:
            rows = db.execute(
                f"{_FIELDS}, {_PLACE} {_SHOWN} WHERE state = 'open' AND expires_at <= ?"
                " AND (outbox.key IS NULL OR outbox.body IS NULL OR done_at IS NOT NULL)"
                " ORDER BY expires_at LIMIT ?",
                (self._now(), most),
            ).fetchall()
            return [self._unanswered(row[:-4], row[-4:]) for row in rows]

        return await self._connection.run(read)

    async def withdraw(
        self, *, chat_id: int, user_id: int, kinds: Collection[str]
    ) -> list[Unanswered]:
        """Cancel what this person is asked in a chat of these *kinds*, and return what that was."""
        now = self._now()

        def write(db: Database) -> list[Unanswered]:
            with db.atomic():
                rows = db.execute(
                    f"{_FIELDS}, {_PLACE} {_SHOWN} WHERE state = 'open' AND expires_at > ?"
                    " AND plans.chat_id = ? AND plans.user_id = ? ORDER BY plans.id",
                    (now, chat_id, user_id),
                ).fetchall()
                found = [self._unanswered(row[:-4], row[-4:]) for row in rows]
                found = [one for one in found if one.plan.kind in kinds]
                for one in found:
                    db.execute(
                        "UPDATE plans SET state = 'cancelled' WHERE id = ? AND state = 'open'",
                        (one.plan.plan_id,),
                    )
            return found

        return await self._connection.write(write)

    async def end(self, plan_id: int) -> None:
        """Note that an open plan has expired."""

        def write(db: Database) -> None:
            db.execute(
                "UPDATE plans SET state = 'expired' WHERE id = ? AND state = 'open'", (plan_id,)
            )

        await self._connection.write(write)

    async def used(self, key: str) -> Plan | None:
        """Return the plan that *key* has applied."""

        def read(db: Database) -> Plan | None:
            row = db.execute(
                f"{_FIELDS} FROM plans WHERE used_by = ? AND state = 'applied'", (key,)
            ).fetchone()
            return None if row is None else self._plan(row)

        return await self._connection.run(read)

    async def is_used(self, key: str) -> bool:
        """Tell whether *key* has applied a plan."""

        def read(db: Database) -> bool:
            row = db.execute(
                "SELECT 1 FROM plans WHERE used_by = ? AND state = 'applied'", (key,)
            ).fetchone()
            return row is not None

        return await self._connection.run(read)

    async def forget(self, *, older_than_seconds: float, most: int) -> int:
        """Remove at most *most* plans whose time was over so long ago."""
        moment = self._now() - older_than_seconds

        def write(db: Database) -> int:
            removed = db.execute(
                "DELETE FROM plans WHERE id IN (SELECT id FROM plans WHERE expires_at < ?"
                " AND state <> 'open' LIMIT ?) RETURNING id",
                (moment, most),
            )
            return len(removed.fetchall())

        return await self._connection.write(write)

    def _unanswered(self, row: tuple[Any, ...], place: tuple[Any, ...]) -> Unanswered:
        is_told, *where = place
        try:
            return Unanswered(self._plan(row), bool(is_told), *where)
        except TamperedError:
            plan_id, kind, chat_id, user_id, shown_by, _, _, expires_at, state, used = row
            plan = Plan(plan_id, kind, chat_id, user_id, shown_by, {}, expires_at, state, used)
            return Unanswered(plan, False, *where)

    def _get(self, db: Database, hashed: str) -> Plan | None:
        row = db.execute(f"{_FIELDS} FROM plans WHERE token_hash = ?", (hashed,)).fetchone()
        return None if row is None else self._plan(row)

    def _plan(self, row: Any) -> Plan:
        plan_id, kind, chat_id, user_id, shown_by, sealed, hashed, expires_at, state, used = row
        body = json.loads(self._vault.open(sealed, context=_bound(hashed)))
        return Plan(plan_id, kind, chat_id, user_id, shown_by, body, expires_at, state, used)

    def _seal(self, hashed: str, body: Any) -> bytes:
        return self._vault.seal(json.dumps(body, ensure_ascii=False), context=_bound(hashed))


def _bound(hashed: str) -> str:
    return place("plans", "body", token_hash=hashed)
