"""Every sealed value is sealed anew with the first key, while the bot runs or not.

Each row is a transaction of its own, and is written only if nobody has written it meanwhile; so
it can end at any moment, and the next run goes on with what is left.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from storage import canary, migrations
from storage.database import connect
from storage.errors import (
    AlreadyRunningError,
    DamagedError,
    StorageError,
    TamperedError,
    translated,
)
from storage.held import held_keys
from storage.inspection import inspect
from storage.lock import Lock
from storage.saved import name_mark
from storage.sealed import SEALED, Sealed
from storage.trackers import identity
from storage.vault import Vault

BATCH = 200
CHECKPOINT_TRIES, CHECKPOINT_SECONDS = 50, 0.1
# Keyed hashes that stand beside a sealed value, and what they are made of.
_MARKS: Mapping[tuple[str, str], tuple[str, Callable[[Mapping[str, Any], str], str]]] = (
    MappingProxyType(
        {
            ("trackers", "api_key"): (
                "fingerprint",
                lambda row, opened: identity(row["address"], opened),
            ),
            ("saved_reports", "name"): ("folded", lambda _, opened: name_mark(opened)),
        }
    )
)


class StaleBotError(StorageError):
    """The bot that runs does not have the new key, and could not read what is sealed with it."""


@dataclass(frozen=True)
class Rotated:
    """How many values were *sealed* anew, and how many were *altered* and are left as they are."""

    sealed: int
    altered: int


def rotate(path: Path, keys: Sequence[bytes]) -> Rotated:
    """Seal everything in the database at *path* anew with the first of *keys*.

    Raises:
        SecretKeyError: Something is sealed with a key that is not among them.
        StaleBotError: The bot runs and does not have the first of them.
        StorageError: The database cannot be read or written.
    """
    path = path.resolve()
    vault = Vault(keys)
    if not path.exists():
        raise DamagedError(f"{path}: there is no database")
    lock = _lock_unless_run(path)
    try:
        with translated(path):
            return _rotated(path, vault, is_run=lock is None)
    finally:
        if lock:
            lock.release()


def _lock_unless_run(path: Path) -> Lock | None:
    try:
        return Lock.take(path)
    except AlreadyRunningError:
        return None


def _rotated(path: Path, vault: Vault, *, is_run: bool) -> Rotated:
    if not is_run:
        inspect(path, vault)
    with closing(connect(path)) as db:
        if len(migrations.applied(db)) != len(migrations.STEPS):
            raise StorageError(f"{path}: written by another version; start the bot once first")
        if is_run and vault.headers[0] not in held_keys(db):
            raise StaleBotError(
                "the running bot does not have the new key: start it again with both first"
            )
        canary.check(db, vault, path)
        counts = [_column(db, vault, one) for one in SEALED.values()]
        _erase_log(db)
        return Rotated(sum(done for done, _ in counts), sum(altered for _, altered in counts))


def _column(db: Database, vault: Vault, sealed: Sealed) -> tuple[int, int]:
    done = altered = 0
    for row in _rows(db, vault, sealed):
        try:
            done += _renewed(db, vault, sealed, row)
        except TamperedError:
            altered += 1
    return done, altered


def _rows(db: Database, vault: Vault, sealed: Sealed) -> Iterator[Mapping[str, Any]]:
    """Yield the rows whose value is not sealed with the first key, in the order of their keys."""
    key = ", ".join(sealed.key)
    held = ", ".join("?" * len(sealed.key))
    where = f"length({sealed.column}) > 0 AND substr({sealed.column}, 1, ?) <> ?"
    if sealed.table == "meta":
        where += " AND name = 'canary'"
    header = bytes.fromhex(vault.headers[0])
    last: tuple[Any, ...] = ()
    while True:
        after = f" AND ({key}) > ({held})" if last else ""
        cursor = db.execute(
            f"SELECT * FROM {sealed.table} WHERE {where}{after} ORDER BY {key} LIMIT {BATCH}",  # noqa: S608 - our own names
            (len(header), header, *last),
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        yield from rows
        if len(rows) < BATCH:
            return
        last = tuple(rows[-1][name] for name in sealed.key)


def _renewed(db: Database, vault: Vault, sealed: Sealed, row: Mapping[str, Any]) -> int:
    """Write the value of *row* anew, unless somebody has written or removed it meanwhile."""
    bound = sealed.bound(row)
    opened = vault.open(row[sealed.column], context=bound)
    changes: dict[str, bytes | str] = {sealed.column: vault.seal(opened, context=bound)}
    if mark := _MARKS.get((sealed.table, sealed.column)):
        name, text = mark
        changes[name] = vault.fingerprint(text(row, opened))
    sets = ", ".join(f"{name} = ?" for name in changes)
    where = " AND ".join(f"{name} = ?" for name in (*sealed.key, sealed.column))
    written = db.execute(
        f"UPDATE {sealed.table} SET {sets} WHERE {where} RETURNING 1",  # noqa: S608 - our own names
        (*changes.values(), *(row[name] for name in sealed.key), row[sealed.column]),
    )
    return len(written.fetchall())


def _erase_log(db: Database) -> None:
    """Empty the write-ahead log, in which the old values still stand.

    Raises:
        LockedError: Somebody has read in it all the while.
    """
    for _ in range(CHECKPOINT_TRIES):
        [busy, *_] = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        time.sleep(CHECKPOINT_SECONDS)
    raise sqlite3.OperationalError("the log is in use")
