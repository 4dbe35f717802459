"""How often somebody may have something, kept in memory for a bounded number of people."""

from collections import OrderedDict, deque
from collections.abc import Callable

PEOPLE_REMEMBERED = 10_000
PER_SECOND, BURST = 1.0, 10.0


class Allowance:
    """At most *most* times in *seconds* for each person; the clock *now* is in seconds."""

    def __init__(self, most: int, seconds: float, *, now: Callable[[], float]) -> None:
        self._seconds = seconds
        self._now = now
        self._most = most
        self._times: OrderedDict[int, deque[float]] = OrderedDict()

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

    def returns_at(self, user_id: int) -> float:
        """Return when this person may again what they may not now."""
        times = self._times.get(user_id)
        return times[0] + self._seconds if times else self._now()


class Tempo:
    """One command a second for each person, and *BURST* at once; with *is_free* any number.

    What was sent while nobody listened is counted by when it was sent, not by when it came.
    """

    def __init__(self, *, is_free: bool = False) -> None:
        self._is_free = is_free
        # How many are left to a person, and when they were counted.
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def allows(self, user_id: int, at: float) -> bool:
        """Tell whether this person may have one more that was sent at the moment *at*."""
        if self._is_free:
            return True
        left, counted_at = self._left.pop(user_id, (BURST, at))
        left = min(BURST, left + max(0.0, at - counted_at) * PER_SECOND)
        is_allowed = left >= 1
        self._left[user_id] = (left - is_allowed, max(at, counted_at))
        if len(self._left) > PEOPLE_REMEMBERED:
            self._left.popitem(last=False)
        return is_allowed
