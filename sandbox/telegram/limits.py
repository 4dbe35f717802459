"""How fast the bot may send: what Telegram asks of bots, enforced on request."""

from collections import deque
from collections.abc import Callable
from math import ceil

from sandbox.telegram.cast import Chat
from sandbox.telegram.refusal import too_many_requests

# Messages, in so many seconds: to everybody, to one chat, to one group.
OVERALL = (30, 1.0)
PER_CHAT = (1, 1.0)
PER_GROUP = (20, 60.0)


class Limits:
    """Counts the messages sent lately."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        self.is_enforced = False
        self._now = now
        self._sent: dict[int | None, deque[float]] = {}

    def count(self, chat: Chat) -> None:
        """Count a message to *chat*, or refuse it until there is room."""
        if not self.is_enforced:
            return
        rules = [(None, *OVERALL), (chat.id, *PER_CHAT)]
        if not chat.is_private:
            rules.append((chat.id, *PER_GROUP))
        wait_seconds = max(self._wait(key, allowed, span) for key, allowed, span in rules)
        if wait_seconds > 0:
            raise too_many_requests(ceil(wait_seconds))
        for key in (None, chat.id):
            self._sent.setdefault(key, deque(maxlen=OVERALL[0])).append(self._now())

    def _wait(self, key: int | None, allowed: int, span_seconds: float) -> float:
        times = self._sent.get(key, ())
        if len(times) < allowed:
            return 0.0
        return times[-allowed] + span_seconds - self._now()
