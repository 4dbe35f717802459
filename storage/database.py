"""One SQLite file, one connection, one thread."""

import asyncio
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Self, TypeVar

from sqlite_utils import Database

from storage import canary, migrations
from storage.errors import (
    DamagedError,
    DiskError,
    DiskFullError,
    LockedError,
    StorageError,
    code,
    translated,
)
from storage.held import hold_keys
from storage.inspection import inspect, refuse_orphans, sibling
from storage.lock import Lock
from storage.vault import Vault
from storage.welcome import Welcomes
from storage.writes import Writes

T = TypeVar("T")
BUSY_SECONDS = 12.0
_BUSY_STEP_SECONDS = 0.5
_FINAL = (DamagedError, DiskError, LockedError)
_LOG_AHEAD = "PRAGMA journal_mode = WAL"
_SETTINGS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
)


class Connection:
    """A database open for this process alone; all that touches it runs on its own thread.

    *failed* is set once the file cannot be used any more, *failure* says why. From then on
    everything fails without another look at the disk: a second try may succeed, and still not
    bring back what the first one has lost. *welcomes* is told by verbs that let somebody in.
    """

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.failed = asyncio.Event()
        self.failure: StorageError | None = None
        self.welcomes = Welcomes()
        self._path = path
        self._busy_seconds = busy_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        self._writes = Writes(self._carry_out)
        self._is_closed = False
        self._db: Database
        self._lock: Lock

    @classmethod
    async def open(cls, path: Path, vault: Vault, *, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open the database at *path*, creating or migrating it where needed.

        What cannot be opened is left untouched. A lock of another program is waited for, now and
        later, for *busy_seconds*.
        """
        connection = cls(path, busy_seconds=busy_seconds)
        try:
            await connection._call(lambda: connection._open(vault))
        except BaseException:
            connection._thread.shutdown()
            raise
        return connection

    async def run(self, work: Callable[[Database], T]) -> T:
        """Return what *work* returns; it runs whole, and nothing else runs beside it."""
        if self._is_closed:
            raise StorageError(f"{self._path}: the database is closed")
        return await self._call(lambda: self._patiently(lambda: work(self._db)))

    async def write(self, work: Callable[[Database], T]) -> T:
        """Return what *work* returns, once it is on the disk with all else that is to be written.

        It may be done again after it was rolled back, and makes no transaction but with `atomic`.
        """
        if self._is_closed:
            raise StorageError(f"{self._path}: the database is closed")
        result: asyncio.Future[T] = self._writes.add(work)
        self._thread.submit(self._writes.flush)
        try:
            return await result
        finally:
            if self.failure:
                self.failed.set()

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    async def require_room(self, least_bytes: int) -> None:
        """Go on only if so much is free on the disk.

        Raises:
            DiskFullError: It is not.
        """
        free = await asyncio.to_thread(lambda: shutil.disk_usage(self._path.parent).free)
        if free < least_bytes:
            raise DiskFullError(f"{self._path}: {free // 1024**2} MiB left on the disk")

    async def close(self) -> None:
        """Finish what was begun, then close the file and let the next process in.

        A disk that has failed is not written to again: the file stays open until the process ends.
        """
        if self._is_closed:
            return
        self._is_closed = True
        try:
            if not isinstance(self.failure, DiskError):
                await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        finally:
            self._thread.shutdown()

    async def _call(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._watched, work)
        finally:
            if self.failure:
                self.failed.set()

    def _carry_out(self, work: Callable[[Database], T]) -> T:
        return self._watched(lambda: self._patiently(lambda: work(self._db)))

    def _watched(self, work: Callable[[], T]) -> T:
        """Return what *work* returns; nothing that waits behind it runs if it finds a failure."""
        if self.failure:
            raise type(self.failure)(self.failure.detail)
        try:
            with translated(self._path):
                return work()
        except DiskFullError:
            raise
        except _FINAL as error:
            self.failure = error
            raise

    def _patiently(self, work: Callable[[], T]) -> T:
        """Return what *work* returns, once no other program keeps the file locked."""
        until = time.monotonic() + self._busy_seconds
        while True:
            try:
                return work()
            except sqlite3.OperationalError as error:
                is_over = self._is_closed or time.monotonic() > until
                if code(error) != sqlite3.SQLITE_BUSY or is_over:
                    raise

    def _open(self, vault: Vault) -> None:
        self._path = self._path.resolve()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = Lock.take(self._path)
        try:
            self._db = self._patiently(lambda: _open_locked(self._path, vault))
        except BaseException:
            self._lock.release()
            raise

    def _close(self) -> None:
        try:
            with translated(self._path):
                self._db.close()
        finally:
            self._lock.release()


def _open_locked(path: Path, vault: Vault) -> Database:
    if path.exists():
        inspect(path, vault)
        if not os.access(path, os.W_OK):
            raise StorageError(f"{path}: the file cannot be written")
    else:
        refuse_orphans(path)
        _create(path, vault)
    for suffix in ("", "-wal", "-shm"):
        if sibling(path, suffix).exists():
            _hide(sibling(path, suffix))
    db = connect(path)
    try:
        db.execute(_LOG_AHEAD)
        migrations.migrate(db)
        canary.renew(db, vault)
        hold_keys(db, vault.headers)
        # A lock of another program is found here, not by the first person who speaks.
        db.execute("BEGIN IMMEDIATE")
        db.execute("ROLLBACK")
    except BaseException:
        db.close()
        raise
    return db


def _hide(path: Path) -> None:
    """Take from all but the owner what rights they have on *path*."""
    path.chmod(path.stat().st_mode & 0o700)


def _create(path: Path, vault: Vault) -> None:
    """Build a database under another name, so that *path* is whole whenever it exists."""
    fresh = sibling(path, ".new")
    for suffix in ("", "-wal", "-shm", "-journal"):
        sibling(fresh, suffix).unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(connect(fresh)) as db:
        # Without a log until all is written: what closing leaves in one would not be renamed.
        migrations.migrate(db)
        canary.plant(db, vault)
        db.execute(_LOG_AHEAD)
    fresh.replace(path)
    sync_directory(path.parent)


def connect(path: Path) -> Database:
    """Open the file at *path*, which must be there, with the settings that all of ours have."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, timeout=_BUSY_STEP_SECONDS, isolation_level=None
    )
    db = Database(connection, execute_plugins=False)
    for setting in _SETTINGS:
        db.execute(setting)
    return db


def sync_directory(directory: Path) -> None:
    """Have the disk keep the names in *directory*."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
