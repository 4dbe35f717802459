"""A tracker that asks not to be called for a while is not called."""

import math
from collections.abc import Callable

from keitaro.errors import ExchangeError, RateLimitedError
from keitaro.network import Limits


class Quiet:
    """The time for which a tracker has asked for no further calls, as far as it is believed."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._until = clock()
        self._is_short = True

    def note(self, error: ExchangeError) -> None:
        """Remember until when the tracker asks for quiet, if *error* says so."""
        if not isinstance(error, RateLimitedError) or not error.retry_after_seconds:
            return
        seconds = min(error.retry_after_seconds, self._limits.quiet_most_seconds)
        until = self._clock() + seconds
        if until > self._until:
            self._until = until
            self._is_short = seconds <= self._limits.deadline_seconds - self._limits.answer_seconds

    @property
    def is_short(self) -> bool:
        """Whether the time was short enough from its beginning to be waited out."""
        return self._is_short

    def refusal(self) -> RateLimitedError | None:
        """Return why nothing may be sent now, if so."""
        left = self._until - self._clock()
        if left <= 0:
            return None
        error = RateLimitedError(429)
        error.retry_after_seconds = math.ceil(left)
        return error
