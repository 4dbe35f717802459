"""How an update came to this process."""

from dataclasses import dataclass

# How often it is begun again, and then how often it is tried to tell that it was given up.
TRIES_MOST, TELLINGS_MOST = 3, 4


@dataclass(frozen=True)
class Arrival:
    """How an update came to this process: when, and whether an earlier process left it.

    *waited_seconds* is how long it was stored before, *tries* how often it was begun again, this
    time included.
    """

    at: float
    is_left_over: bool = False
    tries: int = 0
    waited_seconds: float = 0.0

    @property
    def began_at(self) -> float:
        """When it first came to a process of this bot."""
        return self.at - self.waited_seconds

    @property
    def is_suspect(self) -> bool:
        """Tell whether a process has ended while it was handled again: it may be what ends them."""
        return self.tries > 0

    @property
    def is_given_up(self) -> bool:
        """Tell whether it was begun so often without being done that it is not tried again."""
        return self.tries > TRIES_MOST
