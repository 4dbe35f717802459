"""One process per database file."""

import fcntl
import os
from pathlib import Path
from typing import Self

from storage.errors import AlreadyRunningError


class Lock:
    """A lock on the file beside the database; the kernel drops it when the process dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, database: Path) -> Self:
        """Lock *database* for this process.

        Raises:
            AlreadyRunningError: another process holds it.
        """
        path = database.with_name(f"{database.name}.lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 20, 0).strip()
            os.close(descriptor)
            raise AlreadyRunningError(database, _process_id(holder)) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return cls(descriptor)

    def release(self) -> None:
        """Let the next process in; the file stays, for removing it would race with its taking."""
        os.close(self._descriptor)


def _process_id(text: bytes) -> int | None:
    return int(text) if text.isdigit() else None
