"""From Telegram to the handlers: stored first, acknowledged then, done once answered."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, cast

from telegram import Bot, Update
from telegram.error import NetworkError

from handlers.arrival import TELLINGS_MOST, TRIES_MOST, Arrival
from handlers.strangers import Strangers, Worth
from storage import Fate, Inbox, StorageError

NUMBER_MOST = 2**63 - 1

log = logging.getLogger(__name__)


class StoredQueue(asyncio.Queue[object]):
    """The queue between Telegram and the handlers, which keeps updates in the database.

    The library awaits `put` before it acknowledges an update, and so does the webhook. *failed*
    is set, with *reason*, once the database has failed in a way that only a new start mends.
    *strangers* were refused lately: what they say is acknowledged, and no more.
    """

    def __init__(
        self,
        inbox: Inbox,
        *,
        now: Callable[[], float] = time.time,
        strangers: Strangers | None = None,
    ) -> None:
        super().__init__()
        self.strangers = strangers or Strangers(now=now)
        self.failed = asyncio.Event()
        self.reason = ""
        self._inbox = inbox
        self._now = now
        self._arrivals: dict[int, Arrival] = {}
        self._is_resting = False

    async def put(self, item: object) -> None:
        """Store an update, then pass it on unless it was delivered before or is worth nothing.

        Raises:
            NetworkError: It could not be stored, so it must not be acknowledged.
        """
        await self.put_all((item,))

    async def put_all(self, items: Iterable[object]) -> None:
        """Store updates together, then pass them on, as `put` does with one.

        Raises:
            NetworkError: Not all could be stored; those that were are passed on all the same.
        """
        # What is no update is there to be passed on.
        kept = [(item, self._worth(item)) for item in items]
        kept = [(item, worth) for item, worth in kept if worth != "nothing"]
        stored = await asyncio.gather(
            *(self._store(item) for item, worth in kept if worth == "all"), return_exceptions=True
        )
        outcomes = iter(stored)
        for item, worth in kept:
            if worth == "look" or next(outcomes) is True:
                await super().put(item)
        for error in stored:
            if isinstance(error, BaseException):
                raise error

    def _worth(self, item: object) -> Worth:
        return self.strangers.worth(item) if isinstance(item, Update) else "look"

    async def _store(self, item: object) -> bool:
        """Store an update, and tell whether it is new."""
        update = cast("Update", item)
        try:
            is_new = await self._inbox.put(update.update_id, update.to_json())
        except StorageError as error:
            raise NetworkError(f"not stored: {error}") from error
        if is_new:
            self._arrivals[update.update_id] = Arrival(self._now())
        return is_new

    async def admit(self, update: Update) -> None:
        """Pass on an update that this process has stored by itself."""
        self._arrivals[update.update_id] = Arrival(self._now())
        await super().put(update)

    async def adopt(self, bot: Bot) -> int:
        """Take over what earlier processes left, and return how much that is."""
        owed = await self._inbox.owed()
        for row in owed:
            try:
                update = Update.de_json(json.loads(row.body), bot)
            except Exception:  # noqa: BLE001 - whatever the library makes of what it once wrote
                log.error("update %d cannot be read any more", row.update_id)  # noqa: TRY400 - it may quote a message
                await self._inbox.finish(row.update_id, "unreadable")
                continue
            self._arrivals[row.update_id] = Arrival(
                self._now(), True, row.tries, self._now() - row.got_at
            )
            await super().put(update)
        return len(owed)

    def arrival(self, update: Update) -> Arrival:
        """Return how *update* came; one that was not put here comes now."""
        return self._arrivals.get(update.update_id) or Arrival(self._now())

    async def begin(self, update: Update) -> bool:
        """Tell whether *update* is to be handled now; if not, it stays as it is."""
        arrival = self.arrival(update)
        if self._is_resting:
            return False
        if not arrival.is_left_over:
            return True
        try:
            tries = await self._inbox.begin_again(update.update_id)
        except StorageError as error:
            self.fail(update, error)
            return False
        arrival = replace(arrival, tries=tries)
        self._arrivals[update.update_id] = arrival
        # From then on it is handled only to tell that it was given up; at last not even that.
        if tries <= TRIES_MOST + TELLINGS_MOST:
            return True
        log.error("update %d was given up unanswered", update.update_id)
        await self.finish(update)
        return False

    async def forgive(self, update_id: int) -> None:
        """Count the tries of an update anew, once it has got on in this process."""
        arrival = self._arrivals.get(update_id)
        if arrival is not None and arrival.tries:
            self._arrivals[update_id] = replace(arrival, tries=0)
            await self._inbox.forgive(update_id)

    async def finish(self, update: Update, fate: Fate | None = None) -> None:
        """Note that *update* was handled, unless its answer has done so."""
        if update.update_id not in self._arrivals:
            return
        ends = (update.update_id,)
        fate = fate or self.fate(ends)
        self.ended(ends)
        try:
            await self._inbox.finish(update.update_id, fate)
        except StorageError as error:
            self.lose(error)

    def fate(self, update_ids: Iterable[int]) -> Fate:
        """Return what becomes of updates that are answered now."""
        arrivals = [self._arrivals.get(update_id) for update_id in update_ids]
        is_given_up = any(arrival.is_given_up for arrival in arrivals if arrival)
        return "given_up" if is_given_up else "done"

    def ended(self, update_ids: Iterable[int]) -> None:
        """Forget updates that the database knows to be done."""
        for update_id in update_ids:
            self._arrivals.pop(update_id, None)

    def fail(self, update: Update, error: StorageError) -> None:
        """Leave *update* to the next process, and have this one end because of *error*."""
        self._arrivals.pop(update.update_id, None)
        self.lose(error)

    def lose(self, error: Exception) -> None:
        """Have this process end because of *error*; the next one goes on from what is stored."""
        what = "the database" if isinstance(error, StorageError) else "a delivery"
        self.reason = self.reason or f"{what} failed, a new start is needed: {error}"
        self.failed.set()

    def rest(self) -> None:
        """Begin no update from now on; they stay stored."""
        self._is_resting = True


async def set_aside(raw: dict[str, Any], inbox: Inbox) -> None:
    """Keep an update that the library cannot read, so that it can be acknowledged.

    Raises:
        NetworkError: It could not be stored.
    """
    try:
        await inbox.set_aside(raw["update_id"], json.dumps(raw))
    except StorageError as error:
        raise NetworkError(f"not stored: {error}") from error
    log.error("update %d cannot be read, and was set aside", raw["update_id"])


def is_due(update: Update) -> bool:
    """Tell whether *update* was made here, of a due time: those of Telegram have positive ids."""
    return update.update_id < 0


def is_readable(raw: Any) -> bool:
    """Tell whether the library can make an update of *raw*, and the database can hold its ids."""
    if not _has_sound_numbers(raw):
        return False
    try:
        return isinstance(Update.de_json(raw, None).update_id, int)
    except Exception:  # noqa: BLE001 - strange JSON fails in every way there is
        return False


def _has_sound_numbers(raw: Any) -> bool:
    left = [raw]
    while left:
        match left.pop():
            case dict() as fields:
                left.extend(fields.values())
            case list() as items:
                left.extend(items)
            case int(number) if abs(number) > NUMBER_MOST:
                return False
    return True
