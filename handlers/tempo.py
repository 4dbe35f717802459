"""How fast a person may command, kept in memory for a bounded number of people."""

from collections import OrderedDict

from handlers.allowance import PEOPLE_REMEMBERED

PER_SECOND, BURST = 1.0, 10.0


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
