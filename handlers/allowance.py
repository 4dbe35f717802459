"""How often somebody may have something, kept in memory for a bounded number of people."""

from collections import OrderedDict, deque
from collections.abc import Callable

PEOPLE_REMEMBERED = 10_000


class Allowance:
    """At most *most* times in *seconds* for each person; the clock *now* is in seconds."""

    def __init__(self, most: int, seconds: float, *, now: Callable[[], float]) -> None:
        self._seconds = seconds
        self._now = now
        self._most = most
        self._times: OrderedDict[int, deque[float]] = OrderedDict()

    def returns_at(self, user_id: int) -> float:
        """Return when this person may again what they may not now."""
        times = self._times.get(user_id)
        return times[0] + self._seconds if times else self._now()

    def allows(self, user_id: int) -> bool:
        """Tell whether this person may once more, and count it if so."""
        now = self._now()
        times = self._times.setdefault(user_id, deque())
        while times and now - times[0] >= self._seconds:
            times.popleft()
        if len(times) >= self._most:
            return False
        times.append(now)
        self._times.move_to_end(user_id)
        if len(self._times) > PEOPLE_REMEMBERED:
            self._times.popitem(last=False)
        return True

    def give_back(self, user_id: int) -> None:
        """Forget the last time, which was no misuse."""
        times = self._times.get(user_id)
        if times:
            times.pop()
