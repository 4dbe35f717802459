"""Whether a call that went wrong may be sent once more, and after how long a pause.

A change is repeated only if it has certainly not been carried out: no connection came about, or
the tracker was too busy to look at it. What only reads may also be repeated after a failure.
"""

import asyncio
import random

from keitaro.errors import (
    ExchangeError,
    NoAnswerError,
    RateLimitedError,
    ServerError,
    UnreachableError,
)
from keitaro.network import Network


class Tries:
    """The tries of one call, which share one deadline; *last* is what the last one came to."""

    def __init__(self, network: Network, *, changes: bool) -> None:
        self._limits = network.limits
        self._connect_seconds = network.connect_seconds
        self._changes = changes
        self._pauses = 0
        self._ends: float | None = None
        self.last: ExchangeError | None = None
        self.pause_seconds = 0.0

    def begin(self) -> float:
        """Return when the deadline ends, by the running loop; it starts when first asked for."""
        if self._ends is None:
            self._ends = asyncio.get_running_loop().time() + self._limits.deadline_seconds
        return self._ends

    @property
    def latest(self) -> float | None:
        """When the next try must begin at the latest; the first one may take its time."""
        return None if self._ends is None else self._ends - self._limits.answer_seconds

    def refuse(self, refusal: ExchangeError | None) -> None:
        """Give up, if there is a *refusal*: with it, or with what an earlier try came to."""
        if refusal:
            raise self.last or refusal from None

    def go_on(self, error: ExchangeError) -> bool:
        """Tell whether there may be another try after *error*, once *pause_seconds* are over."""
        latest = self.begin() - self._limits.answer_seconds
        pause = self._pause_after(error)
        if pause is None or self._pauses >= self._limits.repeats:
            return False
        if asyncio.get_running_loop().time() + pause > latest:
            return False
        self._pauses += 1
        self.pause_seconds = pause
        return True

    def _pause_after(self, error: ExchangeError) -> float | None:
        longest = self._limits.pause_seconds * 2**self._pauses
        pause = random.uniform(longest / 2, longest)  # noqa: S311  # spreads load, hides nothing
        match error:
            case RateLimitedError():
                asked = error.retry_after_seconds
                return None if asked is None else asked + pause
            case UnreachableError():
                return pause if self._is_worth_dialling(error) else None
            case ServerError() | NoAnswerError(cause="cut") if not self._changes:
                return pause
            case _:
                return None

    def _is_worth_dialling(self, error: UnreachableError) -> bool:
        # Whoever cannot be reached shall be told so within one and a half times that time.
        spent = asyncio.get_running_loop().time() - self.begin() + self._limits.deadline_seconds
        return error.cause not in {"tls", "private"} and spent < self._connect_seconds / 2
