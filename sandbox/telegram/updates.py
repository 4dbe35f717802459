"""The queue of updates: what the bot has yet to confirm, and who waits for more."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Update = dict[str, Any]

MESSAGE_LIFETIME_SECONDS = 86_400
CALLBACK_LIFETIME_SECONDS = 150
BATCH_BYTES = 4 * 1024 * 1024
# A poll that repeats its offset so soon gets one update, in case a large batch was the trouble.
REPEAT_SECONDS = 0.5
HASTY_SECONDS = 3
_ONLY_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True)
class _Waiting:
    update: Update
    expires_at: float
    offset_then: int


class Turn:
    """One poll for at most *limit* updates; it ends with news, or by being displaced.

    A *hasty* one asks the same as the poll shortly before.
    """

    def __init__(self, *, limit: int, is_hasty: bool) -> None:
        self.limit = limit
        self.is_hasty = is_hasty
        self.woken = asyncio.Event()
        self.displaced_by: str | None = None


class UpdateQueue:
    """Updates in the order they happened, kept until confirmed or too old."""

    def __init__(self, *, now: Callable[[], float], first_id: int) -> None:
        self.next_id = first_id
        self.all: list[Update] = []
        self.confirmed: list[int] = []
        self.allowed: tuple[str, ...] = ()
        self.news = asyncio.Event()
        self._now = now
        self._used: set[int] = set()
        self._waiting: list[_Waiting] = []
        self._turn: Turn | None = None
        self._last_offset = 0
        self._last_poll_at = float("-inf")

    def __len__(self) -> int:
        return len(self._alive())

    @property
    def is_polled(self) -> bool:
        """Say whether a poll waits for news."""
        return self._turn is not None

    def publish(self, kind: str, payload: dict[str, Any], *, lifetime_seconds: float) -> int | None:
        """Queue an update of this *kind*, if the bot wants such; return its id."""
        if kind not in self.allowed if self.allowed else kind in _ONLY_ON_REQUEST:
            return None
        return self.push({kind: payload}, lifetime_seconds=lifetime_seconds)

    def push(self, update: Update, *, update_id: int | None = None, lifetime_seconds: float) -> int:
        """Queue *update* whatever it is, under *update_id* or the next one."""
        if update_id is None:
            update_id = self.next_id
        if update_id not in self._used:
            self.next_id = update_id + 1
        self._used.add(update_id)
        numbered = {"update_id": update_id, **update}
        self.all.append(numbered)
        self._waiting.append(_Waiting(numbered, self._now() + lifetime_seconds, self._last_offset))
        self.news.set()
        if self._turn is not None:
            self._turn.woken.set()
        return update_id

    def put_back(self, update_id: int) -> None:
        """Forget that an update was confirmed: it waits again, before all others."""
        update = next(one for one in reversed(self.all) if one["update_id"] == update_id)
        entry = _Waiting(update, self._now() + MESSAGE_LIFETIME_SECONDS, self._last_offset)
        self._waiting.insert(0, entry)
        self.news.set()
        if self._turn is not None:
            self._turn.woken.set()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Restrict updates to *kinds* from now on; None leaves it as it was."""
        if kinds is not None:
            self.allowed = tuple(kinds)

    def confirm(self, offset: int) -> None:
        """Forget the updates before *offset*; a negative one keeps only the last few."""
        alive = self._alive()
        if offset < 0:
            done = alive[:offset]
        else:
            # Numbering that starts anew is lower than the offset the bot still asks with.
            below = [
                place
                for place, entry in enumerate(alive, start=1)
                if entry.update["update_id"] < offset != entry.offset_then
            ]
            done = alive[: max(below, default=0)]
        self.remove([entry.update["update_id"] for entry in done])

    def remove(self, ids: Sequence[int]) -> None:
        """Mark the updates with these *ids* as received by the bot."""
        self.confirmed.extend(ids)
        gone = set(ids)
        self._waiting = [one for one in self._waiting if one.update["update_id"] not in gone]
        if not self._waiting:
            self.news.clear()

    def drop(self) -> None:
        """Throw away everything that waits."""
        self._waiting.clear()
        self.news.clear()

    def batch(self, limit: int) -> list[Update]:
        """Return the oldest updates, at most *limit* and four megabytes of them."""
        taken: list[Update] = []
        size = 0
        for entry in self._alive()[:limit]:
            size += len(json.dumps(entry.update, ensure_ascii=False).encode())
            if taken and size > BATCH_BYTES:
                break
            taken.append(entry.update)
        return taken

    def take_turn(self, offset: int, limit: int) -> Turn:
        """Begin a poll, ending the one before it."""
        self.displace("other getUpdates request; make sure that only one bot instance is running")
        pause_seconds = self._now() - self._last_poll_at
        is_repeated = offset == self._last_offset
        if is_repeated and pause_seconds < REPEAT_SECONDS:
            limit = 1
        self._last_offset = offset
        self._last_poll_at = self._now()
        self._turn = Turn(limit=limit, is_hasty=is_repeated and pause_seconds < HASTY_SECONDS)
        return self._turn

    def displace(self, reason: str) -> None:
        """End the poll that waits, because of *reason*."""
        if self._turn is not None:
            self._turn.displaced_by = reason
            self._turn.woken.set()
            self._turn = None

    def end_turn(self, turn: Turn) -> None:
        """Note that *turn* has been answered or abandoned."""
        if self._turn is turn:
            self._turn = None

    def _alive(self) -> list[_Waiting]:
        now = self._now()
        self._waiting = [entry for entry in self._waiting if entry.expires_at > now]
        return self._waiting
