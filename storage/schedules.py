"""What a chat wants done again and again, and the due times that were taken.

A due time that is taken becomes an update of the inbox in the same transaction, called by the
number of its row, below zero; so it is neither lost nor taken twice, whenever the process ends.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlite_utils import Database

from storage.database import Connection
from storage.errors import TamperedError
from storage.inbox import store_update
from storage.sealed import place
from storage.vault import Vault

SCHEDULES_MOST = 50
# Nothing is due less often than every week: what is due later was reckoned by a wrong clock.
AHEAD_SECONDS = 9 * 86400.0
Paused = Literal["person", "unreachable", "role", "unlinked", "elsewhere", "altered"]

log = logging.getLogger(__name__)

_SELECT = (
    "SELECT id, chat_id, thread_id, user_id, rule, time_zone, body, made_at, next_at, paused"
    " FROM schedules"
)


@dataclass(frozen=True)
class Schedule:
    """What *user_id* wants done in *chat_id*, as *rule* says by the clock of *time_zone*.

    *body* is what is done, as JSON; *next_at* is when it is due, in UTC seconds, unless *paused*
    says why it is not.
    """

    schedule_id: int
    chat_id: int
    thread_id: int | None
    user_id: int
    rule: str
    time_zone: str
    body: Any = field(repr=False)
    made_at: float
    next_at: float
    paused: Paused | None


class Schedules:
    """Schedules, by number."""

    def __init__(
        self, connection: Connection, vault: Vault, *, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._now = now

    async def add(  # noqa: PLR0913 - each is a column of its own
        self,
        chat_id: int,
        user_id: int,
        *,
        thread_id: int | None,
        rule: str,
        time_zone: str,
        body: Any,
        next_at: float,
    ) -> int | None:
        """Keep a schedule and return its number; None where the chat has as many as it may."""
        made_at = float(self._now())
        sealed = self._vault.seal(
            json.dumps(body, ensure_ascii=False),
            context=place("schedules", "body", made_at=made_at),
        )
        row = (chat_id, thread_id, user_id, rule, time_zone, sealed, made_at, next_at)

        def write(db: Database) -> int | None:
            stored = db.execute(
                "INSERT INTO schedules (chat_id, thread_id, user_id, rule, time_zone, body,"
                " made_at, next_at) SELECT ?, ?, ?, ?, ?, ?, ?, ?"
                " WHERE (SELECT count(*) FROM schedules WHERE chat_id = ?) < ? RETURNING id",
                (*row, chat_id, SCHEDULES_MOST),
            ).fetchall()
            return int(stored[0][0]) if stored else None

        return await self._connection.run(write)

    async def of_chat(self, chat_id: int) -> list[Schedule]:
        """Return the schedules of a chat in the order in which they were made."""
        return await self._read("WHERE chat_id = ? ORDER BY id", (chat_id,))

    async def get(self, schedule_id: int) -> Schedule | None:
        """Return a schedule of any chat."""
        found = await self._read("WHERE id = ?", (schedule_id,))
        return found[0] if found else None

    async def due(self, *, most: int) -> list[Schedule]:
        """Return at most *most* schedules that are due now, the one that waits longest first.

        Those that are due later than can be are among them: the clock was ahead, and is set right.
        """
        now = self._now()
        return await self._read(
            "WHERE paused IS NULL AND (next_at <= ? OR next_at > ?) ORDER BY next_at, id LIMIT ?",
            (now, now + AHEAD_SECONDS, most),
        )

    async def soonest(self) -> float | None:
        """Return when there is something to do for the next schedule."""

        def read(db: Database) -> float | None:
            sql = (
                "SELECT min(CASE WHEN next_at > ? THEN 0.0 ELSE next_at END) FROM schedules"
                " WHERE paused IS NULL"
            )
            latest = self._now() + AHEAD_SECONDS
            soonest: float | None = db.execute(sql, (latest,)).fetchone()[0]
            return soonest

        return await self._connection.run(read)

    async def set_right(self, schedule: Schedule, *, next_at: float) -> None:
        """Have a schedule that nobody has changed meanwhile be due at *next_at*."""
        await self._write(
            "UPDATE schedules SET next_at = ? WHERE id = ? AND next_at = ?",
            (next_at, schedule.schedule_id, schedule.next_at),
        )

    async def begin(
        self, schedule: Schedule, *, due_at: float, next_at: float, make_body: Callable[[int], str]
    ) -> int | None:
        """Take a due time, and return the number of the update that was stored for it.

        *make_body* is given that number. Whatever comes of it, the schedule is due at *next_at*
        next; None if that time was taken before, or the schedule has changed meanwhile.
        """

        def write(db: Database) -> int | None:
            with db.atomic():
                moved = db.execute(
                    "UPDATE schedules SET next_at = ? WHERE id = ? AND next_at = ?"
                    " AND paused IS NULL RETURNING id",
                    (next_at, schedule.schedule_id, schedule.next_at),
                ).fetchall()
                return self._take(db, schedule.schedule_id, due_at, make_body) if moved else None

        return await self._connection.run(write)

    async def pause(self, schedule_id: int, reason: Paused) -> None:
        """Have a schedule not be due any more, unless it is paused already."""
        await self._write(
            "UPDATE schedules SET paused = ? WHERE id = ? AND paused IS NULL",
            (reason, schedule_id),
        )

    async def pause_all(self, chat_id: int, reason: Paused, *, user_id: int | None = None) -> None:
        """Pause all schedules of a chat, or those of one person in it."""
        await self._write(
            "UPDATE schedules SET paused = ? WHERE chat_id = ? AND paused IS NULL"
            " AND user_id = coalesce(?, user_id)",
            (reason, chat_id, user_id),
        )

    async def resume(self, schedule_id: int, *, user_id: int, next_at: float) -> None:
        """Have a schedule be due again from *next_at* on; it is that of *user_id* from now on."""
        await self._write(
            "UPDATE schedules SET paused = NULL, user_id = ?, next_at = ? WHERE id = ?"
            " AND paused IS NOT NULL",
            (user_id, next_at, schedule_id),
        )

    async def remove(self, chat_id: int, schedule_id: int) -> bool:
        """Forget a schedule of this chat, and tell whether there was one."""

        def write(db: Database) -> bool:
            removed = db.execute(
                "DELETE FROM schedules WHERE id = ? AND chat_id = ? RETURNING id",
                (schedule_id, chat_id),
            )
            return bool(removed.fetchall())

        return await self._connection.run(write)

    async def forget(self, *, older_than_seconds: float, most: int) -> int:
        """Remove at most *most* due times that were so long ago, and return how many."""

        def write(db: Database) -> int:
            removed = db.execute(
                "DELETE FROM due_runs WHERE id IN (SELECT id FROM due_runs WHERE due_at < ?"
                " LIMIT ?) RETURNING id",
                (self._now() - older_than_seconds, most),
            )
            return len(removed.fetchall())

        return await self._connection.write(write)

    def _take(
        self, db: Database, schedule_id: int, due_at: float, make_body: Callable[[int], str]
    ) -> int | None:
        taken = db.execute(
            "INSERT INTO due_runs (schedule_id, due_at) VALUES (?, ?)"
            " ON CONFLICT (schedule_id, due_at) DO NOTHING RETURNING id",
            (schedule_id, due_at),
        ).fetchall()
        if not taken:
            return None
        update_id = -int(taken[0][0])
        store_update(db, self._vault, update_id, make_body(update_id), at=self._now())
        return update_id

    async def _read(self, sql: str, parameters: tuple[int | float, ...]) -> list[Schedule]:
        """Return the schedules that can be opened; one that was altered is paused for good."""

        def read(db: Database) -> list[Schedule]:
            rows = db.execute(f"{_SELECT} {sql}", parameters)
            found = []
            for row in rows.fetchall():
                try:
                    found.append(self._opened(*row))
                except TamperedError as error:
                    log.error("a schedule is left alone: %s", error)  # noqa: TRY400 - the line says it all
                    db.execute("UPDATE schedules SET paused = 'altered' WHERE id = ?", (row[0],))
            return found

        return await self._connection.run(read)

    async def _write(self, sql: str, parameters: tuple[object, ...]) -> None:
        await self._connection.run(lambda db: db.execute(sql, parameters).close())

    def _opened(self, *row: Any) -> Schedule:
        schedule_id, chat_id, thread_id, user_id, rule, time_zone, sealed, made_at, *rest = row
        body = json.loads(
            self._vault.open(sealed, context=place("schedules", "body", made_at=made_at))
        )
        where = (schedule_id, chat_id, thread_id, user_id)
        return Schedule(*where, rule, time_zone, body, made_at, *rest)
