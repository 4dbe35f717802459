"""Faults on order: what goes wrong, in which method, how often."""

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """Something that goes wrong in the next calls of a method."""

    method: str
    times: int
    status: int = 200
    description: str = ""
    parameters: dict[str, Any] | None = None
    raw: bytes | None = None
    is_cut: bool = False
    gate: asyncio.Event | None = None
    after_effect: bool = False
    is_early: bool = False


@dataclass
class Faults:
    """The faults still to come, in the order they were asked for."""

    queue: list[Fault] = field(default_factory=list)

    def take(self, method: str, *, is_early: bool = False) -> Fault | None:
        """Return the next fault of *method*, counting it off; "*" stands for any method.

        An *early* one happens before the request is read.
        """
        for fault in self.queue:
            if fault.method.lower() in {method.lower(), "*"} and fault.is_early == is_early:
                fault.times -= 1
                if fault.times <= 0:
                    self.queue.remove(fault)
                return fault
        return None
