"""A tracker that is down is left in peace for a while, then asked by one call alone."""

import contextlib
import math
from collections.abc import Callable, Iterator

from keitaro.errors import (
    ExchangeError,
    NoAnswerError,
    PausedError,
    ServerError,
    UnreachableError,
)
from keitaro.network import Limits

_DOWN = (ServerError, UnreachableError, NoAnswerError)


class Breaker:
    """Pauses after a number of calls in a row that found the tracker down.

    Once the pause is over, one call at a time may try; the first that finds the tracker up ends
    it, be it such a probe or a call that was under way when the pause began.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._failures = 0
        self._paused_until: float | None = None
        self._has_probe = False

    def refusal(self) -> PausedError | None:
        """Return why no call may begin now, if so."""
        if self._paused_until is None:
            return None
        left = self._paused_until - self._clock()
        if left <= 0 and not self._has_probe:
            return None
        return PausedError(max(1, math.ceil(left)), self._failures)

    @contextlib.contextmanager
    def passage(self) -> Iterator[bool]:
        """Learn from the error that leaves the block; yields whether this try is the probe.

        A try that is broken off teaches nothing, and the next one may be the probe.
        """
        is_probe = self._paused_until is not None
        self._has_probe = self._has_probe or is_probe
        try:
            yield is_probe
        except _DOWN:
            self._fail(is_probe=is_probe)
            raise
        except ExchangeError:
            # Whatever else it says, the tracker answers.
            self.succeed()
            raise
        finally:
            if is_probe:
                self._has_probe = False

    def succeed(self) -> None:
        """Note that the tracker answers."""
        self._failures = 0
        self._paused_until = None

    def _fail(self, *, is_probe: bool) -> None:
        self._failures += 1
        is_due = self._paused_until is None and self._failures >= self._limits.failures_in_a_row
        # What was under way when the pause began does not make it longer.
        if is_probe or is_due:
            self._paused_until = self._clock() + self._limits.paused_seconds
