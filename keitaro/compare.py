"""Whether a tracker shows what it was sent, and whether it still shows what it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keitaro.rows import TRACKERS_OWN, Row, are_rows, same_rows, spelt
from keitaro.values import alike, is_empty, same

# What makes a row of a list the same row; the order of rows means nothing.
_IDENTITY = {
    "offers": ("offer_id",),
    "landings": ("landing_id",),
    "filters": ("name", "mode"),
    "triggers": ("condition", "action"),
}
# What a row says of the thing it binds: to be read, and no part of the stream.
ROW_TITLES = {"offers": ("name", "offer"), "landings": ("name", "landing")}


@dataclass(frozen=True)
class Difference:
    """A field that the tracker shows otherwise than it was sent."""

    field: str
    sent: Any
    shown: Any


def differences(sent: Mapping[str, Any], shown: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Name the fields of *sent* that *shown* has with another value.

    Fields the tracker does not show are passed over, but not those of a stream's offers,
    landings, filters and triggers: whatever is said there and not shown is a difference, except
    for what the tracker alone writes. Other ways to write the same value do not count.

    An answer has its mask in place of the tracker's API key, so a payload that holds the very
    key differs from it.
    """
    return tuple(
        Difference(field, value, shown[field])
        for field, value in sent.items()
        if field in shown and not _same_field(field, value, shown[field])
    )


def moved(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the fields that differ between two showings of one stream.

    A field or a row more on either side is a difference; the order of rows, and what the tracker
    alone writes, are none.
    """
    fields = [*before, *(field for field in now if field not in before)]
    return tuple(
        field
        for field in fields
        if field not in TRACKERS_OWN and _has_moved(field, before.get(field), now.get(field))
    )


def _same_field(field: str, sent: Any, shown: Any) -> bool:
    identity = _IDENTITY.get(field)
    if identity and are_rows(sent) and are_rows(shown):
        return same_rows(sent, shown, identity)
    return same(sent, shown)


def _has_moved(field: str, before: Any, now: Any) -> bool:
    if before == now or (is_empty(before) and is_empty(now)):
        return False
    identity = _IDENTITY.get(field)
    if not identity or not are_rows(before) or not are_rows(now):
        return not alike(before, now)
    ours, theirs = _bare(field, before), _bare(field, now)
    return not (same_rows(ours, theirs, identity) and same_rows(theirs, ours, identity))


def _bare(field: str, rows: list[Row]) -> list[Row]:
    """Return *rows* in one spelling and without the names of what they bind."""
    dropped = {*ROW_TITLES.get(field, ()), "taget"}
    return [
        {name: value for name, value in spelt(row).items() if name not in dropped} for row in rows
    ]
