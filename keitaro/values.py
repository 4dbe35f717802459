"""Whether two JSON values are the same to a tracker, in spite of its loose types.

Trackers turn "100" into 100, true into 1 and one kind of emptiness into another.
"""

import json
import re
from collections import Counter
from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from keitaro.hidden_fields import DOTS

_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def same(sent: Any, shown: Any) -> bool:
    """Tell whether *shown* is *sent*, perhaps written otherwise and with more in its objects.

    What is hidden behind a mask cannot be compared, and counts as the same.
    """
    if DOTS in (sent, shown):
        return not is_empty(sent) and not is_empty(shown)
    if is_empty(sent) or is_empty(shown):
        return is_empty(sent) and is_empty(shown)
    sent, shown = _decoded(sent, shown), _decoded(shown, sent)
    if isinstance(sent, dict) and isinstance(shown, dict):
        return sent.keys() <= shown.keys() and all(
            same(value, shown[name]) for name, value in sent.items()
        )
    if isinstance(sent, list) and isinstance(shown, list):
        return len(sent) == len(shown) and _same_items(sent, shown)
    if isinstance(sent, str) and isinstance(shown, str):
        return sent == shown
    return bool(number(sent) == number(shown))


def alike(one: Any, other: Any) -> bool:
    """Tell whether two values are the same and neither has more in its objects."""
    return same(one, other) and same(other, one)


def is_empty(value: Any) -> bool:
    """Tell whether *value* is one of the ways to write nothing; zero and false are not."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def form(value: Any) -> Hashable:
    """Return what can be looked up in place of *value*: values of one form are `same`.

    The same may have several forms. Numbers become text, since outsiders can choose numbers
    whose hashes collide.
    """
    if is_empty(value):
        return ""
    match value:
        case str():
            return value
        case dict():
            return "dict", frozenset((name, form(item)) for name, item in value.items())
        case list() if _is_flat(value):
            return "flat", frozenset(Counter(map(form, value)).items())
        case list():
            return "list", tuple(map(form, value))
        case _:
            return label(value)


def label(value: Any) -> str:
    """Return a text that is equal for plain values that are `same`, and for some others."""
    if is_empty(value):
        return ""
    exact = number(value)
    if not isinstance(exact, Decimal):
        return str(exact)
    text = f"{exact or 0:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: Any) -> Any:
    """Return *value* as an exact number if it is one in any writing."""
    if isinstance(value, bool | int):
        return Decimal(int(value))
    if isinstance(value, float):
        value = repr(value)
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _decoded(value: Any, other: Any) -> Any:
    # A nested object may come back as JSON text, and once more encoded at that.
    if not isinstance(value, str) or not isinstance(other, dict | list):
        return value
    try:
        return _decoded(json.loads(value), other)
    except (ValueError, RecursionError):
        return value


def _same_items(sent: list[Any], shown: list[Any]) -> bool:
    if all(map(same, sent, shown)):
        return True
    if not _is_flat(sent) or not _is_flat(shown):
        return False
    return Counter(map(label, sent)) == Counter(map(label, shown))


def _is_flat(items: list[Any]) -> bool:
    return not any(isinstance(item, dict | list) for item in items)
