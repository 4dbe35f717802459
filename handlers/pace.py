"""How fast messages go out: what Telegram allows a bot in all, in a chat and in a group.

The Bot API's documentation names about 30 messages a second in all, one a second in a chat and
20 a minute in a group. Edits count only in all.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

# What is sent on time may still arrive a little closer together than it left.
SLACK = 1.05


@dataclass(frozen=True)
class Rate:
    """At most *messages* in *seconds*."""

    messages: int
    seconds: float


OVERALL = Rate(30, 1.0)
# What may be left unsaid never takes the places of answers.
SPARE = Rate(10, 1.0)
PER_CHAT = Rate(1, 1.0)
PER_GROUP = Rate(20, 60.0)


class Pace:
    """Lets messages go when there is room for them; with *is_free* there always is."""

    def __init__(
        self, *, is_free: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._is_free = is_free
        self._clock = clock
        self._overall: deque[float] = deque(maxlen=OVERALL.messages)
        self._chats: dict[int, deque[float]] = {}

    def recall(self, sent: Iterable[tuple[int, float]]) -> None:
        """Take into account what went to which chat how many seconds ago, the oldest first."""
        for chat_id, seconds_ago in sent:
            self._note(chat_id, self._clock() - seconds_ago)

    def take_now(self, chat_id: int) -> bool:
        """Take a place for a message to a chat if there is one at this moment."""
        if self._is_free:
            return True
        moment = self._clock()
        if self._free_at(chat_id) > moment or _free_at(self._overall, OVERALL) > moment:
            return False
        self._note(chat_id, moment)
        return True

    def take_spare(self, chat_id: int) -> bool:
        """Take a place for what need not be said, if most places of this second are free."""
        if not self._is_free and _free_at(self._overall, SPARE) > self._clock():
            return False
        return self.take_now(chat_id)

    async def take(self, chat_id: int) -> None:
        """Wait for a place for a message to a chat, and take it."""
        if self._is_free:
            return
        # In a chat messages wait for each other anyway, so this place is nobody else's.
        await self._until(self._free_at(chat_id))
        await self.take_edit()
        self._note_chat(chat_id, self._clock())

    async def take_edit(self) -> None:
        """Wait for a place for an edit, and take it."""
        if self._is_free:
            return
        # The place is taken before it comes, or all who wait would come at once.
        moment = max(self._clock(), _free_at(self._overall, OVERALL))
        self._overall.append(moment)
        await self._until(moment)

    async def _until(self, moment: float) -> None:
        seconds = moment - self._clock()
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _note(self, chat_id: int, moment: float) -> None:
        self._overall.append(moment)
        self._note_chat(chat_id, moment)

    def _note_chat(self, chat_id: int, moment: float) -> None:
        self._forget(moment)
        self._chats.setdefault(chat_id, deque(maxlen=PER_GROUP.messages)).append(moment)

    def _free_at(self, chat_id: int) -> float:
        times = self._chats.get(chat_id, deque())
        # Telegram gives groups and channels negative ids.
        rates = (PER_CHAT,) if chat_id > 0 else (PER_CHAT, PER_GROUP)
        return max(_free_at(times, rate) for rate in rates)

    def _forget(self, moment: float) -> None:
        """Drop, now and then, the chats in which nothing was said lately."""
        if len(self._chats) % FORGET_EVERY == FORGET_EVERY - 1:
            old = moment - PER_GROUP.seconds * SLACK
            self._chats = {key: times for key, times in self._chats.items() if times[-1] > old}


FORGET_EVERY = 1000


def _free_at(times: deque[float], rate: Rate) -> float:
    """Return when there is room for one more message after those of *times*."""
    if len(times) < rate.messages:
        return 0.0
    return times[-rate.messages] + rate.seconds * SLACK
