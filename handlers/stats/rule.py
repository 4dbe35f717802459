"""When something is done again: every day, on some days, or every hour, at a local time."""

from dataclasses import dataclass
from typing import Literal, cast

Rhythm = Literal[
    "hour",
    "day",
    "weekday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]


@dataclass(frozen=True)
class Rule:
    """At *hour*:*minute* of each day that *every* names; every hour at *minute*."""

    every: Rhythm
    hour: int = 9
    minute: int = 0

    @property
    def time(self) -> str:
        """The time by the clock on the wall; of an hour, what comes behind the colon."""
        return f":{self.minute:02}" if self.every == "hour" else f"{self.hour:02}:{self.minute:02}"


def pack_rule(rule: Rule) -> str:
    """Return *rule* as a piece of text, the same for rules that mean the same."""
    hour = 0 if rule.every == "hour" else rule.hour
    return f"{rule.every} {hour}:{rule.minute:02}"


def unpack_rule(raw: str) -> Rule:
    """Return the rule that `pack_rule` has packed."""
    every, _, time = raw.partition(" ")
    hour, _, minute = time.partition(":")
    return Rule(cast("Rhythm", every), int(hour), int(minute))
