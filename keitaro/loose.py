"""JSON that may be anything, read without ever raising: what cannot be read is not there."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_MOST = 10**18
_SIGNS_MOST = 32


def rows(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects in the list *value*."""
    items = value if isinstance(value, list | tuple) else ()
    return [row for row in items if isinstance(row, Mapping)]


def number(value: Any) -> Decimal | None:
    """Return the number in *value*, which may be written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and len(value) > _SIGNS_MOST:
        return None
    try:
        found = Decimal(value) if isinstance(value, int) else Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < _MOST else None


def whole(value: Any) -> int | None:
    """Return the whole number in *value*, which may be written as text."""
    found = number(value)
    return int(found) if found is not None and found == found.to_integral_value() else None


def word(value: Any) -> str:
    """Return the text in *value* without the blanks around it."""
    return value.strip() if isinstance(value, str) else ""


def plain(amount: Decimal) -> int | float:
    """Return *amount* as JSON can hold it."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)
