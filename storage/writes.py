"""Writes that wait at the same time are committed at the same time.

Every commit waits for the disk, so under load one for all is much cheaper than one for each.
Nobody is told that something is written before it is.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.errors import StorageError

Work = Callable[[Database], Any]


@dataclass(frozen=True)
class _Write:
    """A piece of *work*, and who waits for what it returns."""

    work: Work
    result: asyncio.Future[Any]

    def tell(self, outcome: Any) -> None:
        """Hand over what came of it, unless nobody waits any more."""
        if self.result.done():
            return
        if isinstance(outcome, BaseException):
            self.result.set_exception(outcome)
        else:
            self.result.set_result(outcome)


class Writes:
    """What waits to be written; *carry_out* runs a piece of work on the thread of the database."""

    def __init__(self, carry_out: Callable[[Work], Any]) -> None:
        self._carry_out = carry_out
        self._waiting: deque[_Write] = deque()

    def add(self, work: Work) -> asyncio.Future[Any]:
        """Have *work* done by the next `flush`, and return what comes to its result."""
        write = _Write(work, asyncio.get_running_loop().create_future())
        self._waiting.append(write)
        return write.result

    def flush(self) -> None:
        """Do all that waits, on the thread of the database."""
        writes: list[_Write] = []
        while self._waiting:
            writes.append(self._waiting.popleft())
        if writes:
            loop = writes[0].result.get_loop()
            loop.call_soon_threadsafe(_tell, writes, self._outcomes(writes))

    def _outcomes(self, writes: list[_Write]) -> list[Any]:
        if len(writes) > 1:
            try:
                return list(self._carry_out(lambda db: _together(db, writes)))
            except Exception:  # noqa: BLE001, S110 - who is to blame shows when each is done by itself
                pass
        return [self._alone(write) for write in writes]

    def _alone(self, write: _Write) -> Any:
        try:
            return self._carry_out(write.work)
        except Exception as error:  # noqa: BLE001 - it is raised where the work came from
            return error


def _together(db: Database, writes: list[_Write]) -> list[Any]:
    """Do *writes* in one transaction; what a piece of work refuses by itself stops no other."""
    outcomes: list[Any] = []
    with db.atomic():
        for write in writes:
            try:
                outcomes.append(write.work(db))
            except StorageError as error:
                outcomes.append(error)
    return outcomes


def _tell(writes: list[_Write], outcomes: list[Any]) -> None:
    for write, outcome in zip(writes, outcomes, strict=True):
        write.tell(outcome)
