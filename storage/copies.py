"""A copy of the database while the bot runs, and a copy put back in its place.

In a copy that is put back nothing is done that had been left to do when it was made: who knows
what has become of it since. It is listed instead, and closed.
"""

import os
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from storage import canary, migrations
from storage.database import connect, sync_directory
from storage.errors import DamagedError, StorageError, TamperedError, translated
from storage.facts import put_fact, read_fact
from storage.inspection import inspect, sibling, viewed
from storage.lock import Lock
from storage.sealed import place
from storage.vault import Vault

_SUFFIXES = ("", "-wal", "-shm")
_ASIDE = "%Y%m%d-%H%M%S"
_NEVER = 1e11
# What waits for somebody is over: nobody sees the buttons and questions of that time any more.
_CLOSINGS = (
    "UPDATE plans SET state = 'expired' WHERE state = 'open'",
    "DELETE FROM questions",
    "DELETE FROM claims",
    "DELETE FROM link_requests",
)


@dataclass(frozen=True)
class Left:
    """An update that was not done when the copy was made; *body* is JSON, None if altered."""

    update_id: int
    got_at: float
    body: str | None = field(repr=False)


@dataclass(frozen=True)
class Restored:
    """What was put back: when the copy was *made_at*, and what is not done any more.

    *aside* is where the database lies that was there before, if there was one. *answers* were not
    delivered, *plans* waited for a yes.
    """

    made_at: float | None
    aside: Path | None
    left: tuple[Left, ...]
    answers: int
    plans: int


def back_up(path: Path, target: Path) -> None:
    """Copy the database at *path* to *target*, which must not be there, whole as of one moment.

    Raises:
        StorageError: The one cannot be read, or the other cannot be written or is there.
    """
    path, target = path.resolve(), target.resolve()
    if not path.exists():
        raise DamagedError(f"{path}: there is no database")
    fresh = sibling(target, ".new")
    try:
        with translated(target):
            fresh.unlink(missing_ok=True)
            os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(connect(path)) as db:
                db.execute("VACUUM INTO ?", (str(fresh),))
            with closing(connect(fresh)) as db:
                put_fact(db, "backup_at", repr(time.time()))
            _sync(fresh)
            _name(fresh, target)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _name(fresh: Path, target: Path) -> None:
    try:
        # Unlike a renaming, a link never takes the place of another file.
        target.hardlink_to(fresh)
    except FileExistsError as error:
        raise StorageError(f"{target}: it is there already") from error
    sync_directory(target.parent)


def restore(path: Path, source: Path, *, keys: Sequence[bytes]) -> Restored:
    """Put the copy *source* in the place of the database at *path*.

    The database that was there is kept under another name. Nothing that the copy had left to do
    is done.

    Raises:
        AlreadyRunningError: The bot runs.
        SecretKeyError: The copy is sealed with another key.
        StorageError: The copy is damaged or no copy of ours, or the disk refuses.
    """
    path, source = path.resolve(), source.resolve()
    vault = Vault(keys)
    if not source.exists():
        raise DamagedError(f"{source}: there is no such file")
    with translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = Lock.take(path)
    try:
        with translated(path):
            inspect(source, vault)
            return _put_back(path, source, vault)
    finally:
        lock.release()


def _put_back(path: Path, source: Path, vault: Vault) -> Restored:
    fresh = sibling(path, ".restored")
    for suffix in (*_SUFFIXES, "-journal"):
        sibling(fresh, suffix).unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with viewed(source) as db:
        db.execute("VACUUM INTO ?", (str(fresh),))
    with closing(connect(fresh)) as db:
        migrations.migrate(db)
        canary.renew(db, vault)
        made_at, left, answers, plans = _retire(db, vault)
    _sync(fresh)
    aside = _set_aside(path)
    fresh.replace(path)
    sync_directory(path.parent)
    return Restored(made_at, aside, left, answers, plans)


def _set_aside(path: Path) -> Path | None:
    """Give the database another name; its log goes first, so that no other ever has that log."""
    if not any(sibling(path, suffix).exists() for suffix in _SUFFIXES):
        return None
    aside = path.with_name(f"{path.name}.before-{datetime.now(UTC).strftime(_ASIDE)}")
    if aside.exists():
        raise StorageError(f"{aside}: it is there already; try again in a second")
    if path.exists():
        aside.hardlink_to(path)
    for suffix in ("-wal", "-shm"):
        if sibling(path, suffix).exists():
            sibling(path, suffix).replace(sibling(aside, suffix))
    sync_directory(path.parent)
    return aside


def _retire(db: Database, vault: Vault) -> tuple[float | None, tuple[Left, ...], int, int]:
    """Close what was left to do, and return when the copy was made and what that was."""
    made_at = read_fact(db, "backup_at")
    now = time.time()
    with db.atomic():
        rows = db.execute(
            "SELECT update_id, got_at, body FROM inbox WHERE done_at IS NULL"
            " ORDER BY got_at, update_id"
        ).fetchall()
        left = tuple(Left(number, at, _body(vault, number, body)) for number, at, body in rows)
        db.execute(
            "UPDATE inbox SET done_at = ?, fate = 'restored', body = ? WHERE done_at IS NULL",
            (now, b""),
        )
        answers = db.execute(
            "SELECT count(*) FROM outbox WHERE done_at IS NULL AND body IS NOT NULL"
        ).fetchone()[0]
        db.execute(
            "UPDATE outbox SET done_at = ?, fate = 'restored', body = NULL WHERE done_at IS NULL",
            (now,),
        )
        plans = db.execute("SELECT count(*) FROM plans WHERE state = 'open'").fetchone()[0]
        for statement in _CLOSINGS:
            db.execute(statement)
        # So far ahead that the bot takes it for a slip of the clock, and reckons the next time.
        db.execute("UPDATE schedules SET next_at = ? WHERE next_at <= ?", (_NEVER, now))
    return None if made_at is None else float(made_at), left, int(answers), int(plans)


def _body(vault: Vault, update_id: int, sealed: bytes) -> str | None:
    try:
        return vault.open(sealed, context=place("inbox", "body", update_id=update_id))
    except TamperedError:
        return None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
