"""What the servers and the database know of every command."""

import contextlib
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.keitaro import Keitaro, Request
from sandbox.telegram import Telegram
from tests.torture.checker import HOURGLASS, Known
from tests.torture.ledger import NUMBER, Command, Ledger

OWED = {"inbox": "done_at IS NULL", "outbox": "done_at IS NULL"}


@dataclass(frozen=True)
class Records:
    """The tables of the bot: which updates it is done with, which changes it may have sent."""

    fates: dict[int, str | None] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()

    @classmethod
    def of(cls, database: Path) -> "Records":
        """Read them from *database*, without writing to it."""
        with _opened(database) as db:
            rows = db.execute(
                "SELECT update_id, CASE WHEN done_at IS NULL THEN NULL ELSE fate END FROM inbox"
            )
            fates = dict(rows.fetchall())
            keys = frozenset(key for (key,) in db.execute("SELECT key FROM journal"))
        return cls(fates, keys)


def owed(database: Path) -> int:
    """Return how much the bot still has to do."""
    with _opened(database) as db:
        counts = [
            db.execute(f"SELECT count(*) FROM {table} WHERE {rule}").fetchone()[0]  # noqa: S608 - our own table
            for table, rule in OWED.items()
        ]
    return sum(counts)


def _opened(database: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True))


def gather(
    ledger: Ledger, telegram: Telegram, keitaro: Keitaro, records: Records | None
) -> list[Known]:
    """Return what is known of every command; without *records* an answer is the record."""
    confirmed = set(telegram.confirmed)
    sends = Counter(map(number_of, filter(_is_change, keitaro.requests)))
    effects = Counter(map(number_of, keitaro.mutations))
    messages = ledger.by_command()

    def known(command: Command) -> Known:
        told = tuple(tuple(versions) for versions in messages[command.number])
        return Known(
            f"{command.kind} {command.number}",
            changes=command.changes,
            is_acknowledged=command.update_id in confirmed,
            record=_record(command, records, told),
            sends=sends[command.number],
            effects=effects[command.number],
            rights=None if records is None else f"u{command.update_id}" in records.keys,
            messages=told,
        )

    return [known(command) for command in ledger.commands.values()]


def number_of(request: Request) -> int:
    """Return the number of the command that *request* comes from."""
    body: Any = request.body if isinstance(request.body, dict) else {}
    found = NUMBER.search(request.path) or NUMBER.search(str(body.get("name")))
    return int(found[1]) if found else 0


def _is_change(request: Request) -> bool:
    return request.method != "GET" and request.path.split("/")[0] == "streams"


def _record(command: Command, records: Records | None, told: tuple[tuple[str, ...], ...]) -> str:
    if records is not None:
        return records.fates.get(command.update_id) or ""
    is_told = any(not versions[-1].startswith(HOURGLASS) for versions in told)
    return "answered" if is_told else ""
