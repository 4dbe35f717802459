"""Whether a tracker shows what it was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keitaro.rows import same_rows
from keitaro.values import same

# What makes a row of a list the same row; the order of rows means nothing.
_IDENTITY = {
    "offers": ("offer_id",),
    "landings": ("landing_id",),
    "filters": ("name", "mode"),
    "triggers": ("condition", "action"),
}


@dataclass(frozen=True)
class Difference:
    """A field that the tracker shows otherwise than it was sent."""

    field: str
    sent: Any
    shown: Any


def differences(sent: Mapping[str, Any], shown: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Name the fields of *sent* that *shown* has with another value.

    Fields the tracker does not show are passed over, but not those of a stream's offers,
    landings, filters and triggers: whatever is said there and not shown is a difference. Other
    ways to write the same value do not count.

    An answer has its mask in place of the tracker's API key, so a payload that holds the very
    key differs from it.
    """
    return tuple(
        Difference(field, value, shown[field])
        for field, value in sent.items()
        if field in shown and not _same_field(field, value, shown[field])
    )


def _same_field(field: str, sent: Any, shown: Any) -> bool:
    identity = _IDENTITY.get(field)
    if identity and _are_rows(sent) and _are_rows(shown):
        return same_rows(sent, shown, identity)
    return same(sent, shown)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)
