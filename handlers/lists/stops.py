"""When a list begins nothing new: what an answer says of all that would follow."""

from typing import Literal

from keitaro import (
    BlockedError,
    ExchangeError,
    ForbiddenError,
    KeyRefusedError,
    LicenceError,
    PausedError,
    RateLimitedError,
    ServerError,
    UnreachableError,
)

FAILURES_IN_A_ROW = 5
Stop = Literal["refused", "failing", "away", "quiet"]


class Stops:
    """Answers in the order in which they came; *reason* is why the list goes no further."""

    def __init__(self) -> None:
        self.reason: Stop | None = None
        self._failures = 0

    def succeed(self) -> None:
        """Note that the tracker has answered as it should."""
        self._failures = 0

    def fail(self, error: ExchangeError) -> None:
        """Note an answer that was none, or a refusal."""
        self._failures = self._failures + 1 if isinstance(error, ServerError) else 0
        self.reason = self.reason or self._stop(error)

    def give_up(self, error: ExchangeError) -> None:
        """Go no further because of *error*, whatever it is."""
        self.fail(error)
        self.reason = self.reason or "away"

    def _stop(self, error: ExchangeError) -> Stop | None:
        match error:
            case KeyRefusedError() | LicenceError() | ForbiddenError() | BlockedError():
                return "refused"
            case PausedError() | UnreachableError():
                return "away"
            case RateLimitedError():
                return "quiet"
            case _:
                return "failing" if self._failures >= FAILURES_IN_A_ROW else None
