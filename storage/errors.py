"""What can go wrong in the memory of the bot.

StorageError                 SQLite or the disk refused; `detail` names what
├── SecretKeyError           the master key is missing, malformed or the wrong one
├── TamperedError            a sealed value was altered or moved to another row
├── NewerSchemaError         the file was written by a later version
├── AlreadyRunningError      another process has this database open
├── DamagedError             the file is not, or no longer, a sound database of this bot
├── LockedError              another program keeps the database locked
└── DiskError                the disk refuses; what it took before cannot be trusted either
    └── DiskFullError        there is no space; nothing is lost, and all is well once there is
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal


class StorageError(Exception):
    """The database could not be opened, read or written."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class SecretKeyError(StorageError):
    """The master key is absent, not a key at all, or not the one the data was sealed with."""

    def __init__(self, reason: Literal["missing", "malformed", "wrong"]) -> None:
        super().__init__(f"the secret key is {reason}")
        self.reason = reason


class TamperedError(StorageError):
    """A sealed value does not belong to the place where it was found."""

    def __init__(self, context: str) -> None:
        super().__init__(f"the sealed value at {context} was altered")
        self.context = context


class NewerSchemaError(StorageError):
    """The database holds migrations that this version does not know."""

    def __init__(self, path: Path, migrations: tuple[str, ...]) -> None:
        super().__init__(f"{path}: written by a later version ({', '.join(migrations)})")
        self.path = path
        self.migrations = migrations


class AlreadyRunningError(StorageError):
    """Another process, *pid* if it is known, has this database open."""

    def __init__(self, path: Path, pid: int | None) -> None:
        super().__init__(f"{path}: already in use by process {pid or 'unknown'}")
        self.path = path
        self.pid = pid


class DamagedError(StorageError):
    """The file is not, or no longer, a sound database of this bot."""


class LockedError(StorageError):
    """Another program keeps the database locked."""


class DiskError(StorageError):
    """The disk has refused to read or write, which nobody can tell the consequences of."""


class DiskFullError(DiskError):
    """There was no space for what was to be written; it was left undone as a whole."""


_BY_CODE: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_BUSY: LockedError,
    sqlite3.SQLITE_CORRUPT: DamagedError,
    sqlite3.SQLITE_FULL: DiskFullError,
    sqlite3.SQLITE_IOERR: DiskError,
    sqlite3.SQLITE_NOTADB: DamagedError,
}
_BY_NUMBER: dict[int | None, type[StorageError]] = {
    errno.EDQUOT: DiskFullError,
    errno.EIO: DiskError,
    errno.ENOSPC: DiskFullError,
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn whatever SQLite, the disk or a value that cannot be stored raises into our own error."""
    try:
        yield
    except sqlite3.Error as error:
        raise _BY_CODE.get(code(error), StorageError)(f"{path}: {error}") from error
    except OSError as error:
        raise _BY_NUMBER.get(error.errno, StorageError)(f"{path}: {error}") from error
    except (OverflowError, UnicodeEncodeError) as error:
        raise StorageError(f"{path}: {error}") from error


def code(error: sqlite3.Error) -> int:
    """Return the primary code of *error*; 0 if it comes from Python and not from SQLite."""
    # The lower byte is the primary code, all above tells more of it.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
