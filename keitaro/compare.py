"""Whether a tracker shows what it was sent, in spite of its loose types."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
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

    Fields the tracker does not show are passed over. Trackers turn "100" into 100, true into 1
    and one kind of emptiness into another; none of this counts.
    """
    return tuple(
        Difference(field, value, shown[field])
        for field, value in sent.items()
        if field in shown and not _same_field(field, value, shown[field])
    )


def _same_field(field: str, sent: Any, shown: Any) -> bool:
    identity = _IDENTITY.get(field)
    if identity and _are_rows(sent) and _are_rows(shown):
        return _same_rows(sent, shown, identity)
    return _same(sent, shown)


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _same_rows(
    sent: list[dict[str, Any]], shown: list[dict[str, Any]], identity: tuple[str, ...]
) -> bool:
    rest = list(shown)
    for row in sent:
        for index, other in enumerate(rest):
            if _same_row(row, other, identity):
                del rest[index]
                break
        else:
            return False
    return not rest


def _same_row(sent: dict[str, Any], shown: dict[str, Any], identity: tuple[str, ...]) -> bool:
    return all(_same(sent.get(field), shown.get(field)) for field in identity) and all(
        _same(value, shown[field]) for field, value in sent.items() if field in shown
    )


def _same(sent: Any, shown: Any) -> bool:
    if _is_empty(sent) or _is_empty(shown):
        return _is_empty(sent) and _is_empty(shown)
    sent, shown = _decoded(sent, shown), _decoded(shown, sent)
    if isinstance(sent, dict) and isinstance(shown, dict):
        return sent.keys() <= shown.keys() and all(
            _same(value, shown[name]) for name, value in sent.items()
        )
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and _same_items(sent, shown)
    if isinstance(sent, str) and isinstance(shown, str):
        return sent == shown
    return bool(_number(sent) == _number(shown))


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def _decoded(value: Any, other: Any) -> Any:
    # A nested object may come back as JSON text, and once more encoded at that.
    if not isinstance(value, str) or not isinstance(other, dict | list):
        return value
    try:
        return _decoded(json.loads(value), other)
    except (ValueError, RecursionError):
        return value


def _same_items(sent: list[Any], shown: list[Any]) -> bool:
    if all(map(_same, sent, shown)):
        return True
    if any(isinstance(item, dict | list) for item in [*sent, *shown]):
        return False
    return sorted(map(_text, sent)) == sorted(map(_text, shown))


def _text(value: Any) -> str:
    return str(_number(value))


def _number(value: Any) -> Any:
    """Return *value* as an exact number if it is one in any writing."""
    if isinstance(value, bool | int):
        return Decimal(int(value))
    if isinstance(value, float):
        value = repr(value)
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
