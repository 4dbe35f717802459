"""How far a list has got: what came of which item, and what is still open."""

from dataclasses import dataclass, field
from typing import Any

from handlers.lists.item import Item
from handlers.lists.result import UNTRIED, Result
from handlers.lists.stops import Stops
from keitaro import ExchangeError


@dataclass
class Course:
    """The *items* of the list *key*, by their place in it, and what is known of each.

    *results* are final. *made* are creations to which the tracker has said yes, with its answer
    as far as that is known, and *doubts* what got no clear answer: the tracker has to be looked
    at. *finished* counts what came to an end in this process.
    """

    key: str
    items: tuple[Item, ...]
    results: dict[int, Result] = field(default_factory=dict)
    made: dict[int, dict[str, Any]] = field(default_factory=dict)
    doubts: dict[int, ExchangeError] = field(default_factory=dict)
    stops: Stops = field(default_factory=Stops)
    finished: int = 0

    def key_of(self, place: int) -> str:
        """Return what the item at *place* is called in the journal."""
        return f"{self.key}.{place}"

    @property
    def todo(self) -> list[int]:
        """The places of items that were not begun."""
        known = self.results.keys() | self.made.keys() | self.doubts.keys()
        return [place for place in range(len(self.items)) if place not in known]

    @property
    def begun(self) -> int:
        """How many items have got an answer, or none in time."""
        return len(self.results) + len(self.made) + len(self.doubts)

    def count(self, came: str) -> int:
        """Return of how many items this came."""
        return sum(self.result(place).came == came for place in range(len(self.items)))

    def result(self, place: int) -> Result:
        """Return what came of the item at *place*."""
        return self.results.get(place, UNTRIED)
