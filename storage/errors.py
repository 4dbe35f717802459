"""What can go wrong in the memory of the bot.

StorageError                 SQLite or the disk refused; `detail` names what
├── SecretKeyError           the master key is missing, malformed or the wrong one
├── TamperedError            a sealed value was altered or moved to another row
├── NewerSchemaError         the file was written by a later version
└── AlreadyRunningError      another process has this database open
"""

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


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn whatever SQLite, the disk or a value that cannot be stored raises into our own error."""
    try:
        yield
    except (sqlite3.Error, OSError, OverflowError, UnicodeEncodeError) as error:
        raise StorageError(f"{path}: {error}") from error
