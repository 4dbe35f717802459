"""Shares that are being edited: a draft of one person in one chat, kept with the plans."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from handlers.request import is_id
from keitaro import ITEMS, are_rows, label

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
    """The shares of a stream in the tracker at *address*; the list *at* is being edited.

    *is_saved* says that there is a plan of it as it stands.
    """

    stream_id: int
    title: str
    address: str
    language: str
    at: str
    lists: dict[str, tuple[Part, ...]]
    is_saved: bool = False

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
        return replace(self, lists={**self.lists, self.at: tuple(parts)}, is_saved=False)


def even(count: int) -> list[int]:
    """Return so many whole shares that differ by one at most, and are 100 in sum."""
    return [ALL // count + (place < ALL % count) for place in range(count)]


def read_draft(raw: dict[str, Any]) -> Draft:
    """Return what `Draft.stored` has made JSON of."""
    lists = {name: tuple(Part(**part) for part in parts) for name, parts in raw["lists"].items()}
    return Draft(**{**raw, "lists": lists})


def parts_of(stream: dict[str, Any], field: str) -> tuple[Part, ...]:
    """Return the rows of a list of *stream*, which may have names.

    There are none where a row could not be shown as it is, or not be told from another one.
    """
    rows, id_field = stream.get(field), ITEMS[field]
    if not are_rows(rows):
        return ()
    ids = [label(row.get(id_field)) for row in rows]
    is_plain = all(map(is_id, ids)) and all(map(_is_plain_share, rows))
    if not is_plain or len({*ids}) < len(ids):
        return ()
    return tuple(_part(row, int(row_id)) for row, row_id in zip(rows, ids, strict=True))


def has_rows(stream: dict[str, Any]) -> bool:
    """Tell whether *stream* has offers or landing pages at all."""
    return any(bool(rows) and are_rows(rows) for rows in map(stream.get, ITEMS))


def _is_plain_share(row: dict[str, Any]) -> bool:
    share = label(row.get("share"))
    return not share or (is_id(share) and int(share) <= ALL)


def _part(row: dict[str, Any], part_id: int) -> Part:
    whole = int(label(row.get("share")) or 0)
    name = row.get("name")
    is_active = row.get("state") in (None, "active")
    return Part(part_id, name if isinstance(name, str) else "", whole, whole, is_active)
