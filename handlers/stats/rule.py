"""When something is done again: every day, on some days, or every hour, at a local time."""

from dataclasses import dataclass
from typing import Literal

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
