"""Shares that are being edited: a draft of one person in one chat, kept with the plans."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from keitaro import are_rows, label, number

LISTS: dict[str, str] = {"offers": "offer_id", "landings": "landing_id"}
ALL = 100
Which = Literal["offers", "landings"]


@dataclass(frozen=True)
class Part:
    """One offer or landing page of a stream, and its *share* in whole percent; *was* is as read."""

    id: int
    name: str
    share: int
    was: int
    is_active: bool


@dataclass(frozen=True)
class Draft:
    """The shares of a stream in the tracker at *address*; the list *at* is being edited."""

    stream_id: int
    title: str
    address: str
    language: str
    at: str
    lists: dict[str, tuple[Part, ...]]

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is being edited."""
        return self.lists[self.at]

    @property
    def total(self) -> int:
        """The sum of the shares that count: those of what is active."""
        return sum(part.share for part in self.parts if part.is_active)

    @property
    def others(self) -> tuple[str, ...]:
        """The lists that could be edited instead."""
        return tuple(name for name in self.lists if name != self.at)

    @property
    def changed(self) -> tuple[str, ...]:
        """The lists whose shares are other than they were."""
        return tuple(
            name
            for name, parts in self.lists.items()
            if any(part.share != part.was for part in parts)
        )

    def stepped(self, place: int, step: int) -> "Draft":
        """Return it with one share larger by *step*, within 0 and 100."""
        parts = list(self.parts)
        share = min(ALL, max(0, parts[place].share + step))
        parts[place] = replace(parts[place], share=share)
        return self._with(parts)

    def filled(self, place: int) -> "Draft":
        """Return it with one share so large that the sum is 100, as far as it can be."""
        missing = ALL - self.total if self.parts[place].is_active else 0
        return self.stepped(place, missing)

    def evened(self) -> "Draft":
        """Return it with equal shares for all that is active, in sum exactly 100."""
        count = sum(part.is_active for part in self.parts)
        shares = iter(even(count))
        return self._with(
            [replace(part, share=next(shares)) if part.is_active else part for part in self.parts]
        )

    def turned(self, name: str) -> "Draft":
        """Return it with another list to be edited."""
        return replace(self, at=name)

    def stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)

    def _with(self, parts: list[Part]) -> "Draft":
        return replace(self, lists={**self.lists, self.at: tuple(parts)})


def even(count: int) -> list[int]:
    """Return so many whole shares that differ by one at most, and are 100 in sum."""
    return [ALL // count + (place < ALL % count) for place in range(count)]


def read_draft(raw: dict[str, Any]) -> Draft:
    """Return what `Draft.stored` has made JSON of."""
    lists = {name: tuple(Part(**part) for part in parts) for name, parts in raw["lists"].items()}
    return Draft(**{**raw, "lists": lists})


def parts_of(stream: dict[str, Any], field: str) -> tuple[Part, ...]:
    """Return the rows of a list of *stream*, which may have names."""
    rows, id_field = stream.get(field), LISTS[field]
    if not are_rows(rows) or not all(label(row.get(id_field)).isdecimal() for row in rows):
        return ()
    return tuple(_part(row, int(label(row[id_field]))) for row in rows)


def _part(row: dict[str, Any], part_id: int) -> Part:
    share = label(row.get("share"))
    whole = int(number(share)) if share.isdecimal() else 0
    name = row.get("name")
    is_active = row.get("state") in (None, "active")
    return Part(part_id, name if isinstance(name, str) else "", whole, whole, is_active)
