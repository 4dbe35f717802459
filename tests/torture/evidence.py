"""What the servers and the database know of every command."""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.keitaro import Keitaro, Request
from sandbox.telegram import Telegram
from tests.torture.checker import HOURGLASS, Known
from tests.torture.ledger import NUMBER, Command, Ledger

QUESTION = "❔"
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

    plans = [one for one in ledger.commands.values() if one.asks]
    fates = {} if records is None else records.fates

    def planned(command: Command) -> Iterator[Known]:
        """Return the question, and what came of the presses under it."""
        split = [_split(tuple(versions)) for versions in messages[command.number]]
        yield Known(
            f"{command.kind} {command.number}",
            is_acknowledged=command.update_id in confirmed,
            record=fates.get(command.update_id) or "",
            messages=tuple(asked for asked, _ in split if asked),
        )
        presses = ledger.presses[command.number]
        if not presses and not sends[command.number]:
            return
        keys = set() if records is None else records.keys
        yield Known(
            f"press of {command.kind} {command.number}",
            changes=True,
            is_acknowledged=any(one in confirmed for one in presses),
            record="done" if all(fates.get(one) for one in presses) else "",
            sends=sends[command.number],
            effects=effects[command.number],
            rights=sum(f"u{one}" in keys for one in presses),
            messages=tuple(told for _, told in split if told),
        )

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

    typed = [known(command) for command in ledger.commands.values() if not command.asks]
    return [*typed, *(one for command in plans for one in planned(command))]


def _split(versions: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part the versions of a message after the last question in it."""
    places = [place for place, text in enumerate(versions) if QUESTION in text.split("\n")[0]]
    cut = places[-1] + 1 if places else len(versions)
    return versions[:cut], versions[cut:]


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
