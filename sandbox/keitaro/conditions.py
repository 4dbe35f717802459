"""The filters of reports and logs: an operator and an expression become a question."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.keitaro.answers import refused

Question = Callable[[Any], bool]


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _same(value: Any, other: Any) -> bool:
    left, right = _number(value), _number(other)
    if left is not None and right is not None:
        return left == right
    return _text(value) == _text(other)


def _order(value: Any, other: Any) -> int | None:
    """Return the sign of a comparison, by number where both are numbers."""
    left, right = _number(value), _number(other)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    if value is None or other is None:
        return None
    return (_text(value) > _text(other)) - (_text(value) < _text(other))


def _within(value: Any, borders: Any) -> bool:
    low, high = _order(value, borders[0]), _order(value, borders[1])
    return low in (0, 1) and high in (0, -1)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUALS": _same,
    "NOT_EQUAL": lambda value, other: not _same(value, other),
    "EQUALS_OR_GREATER_THAN": lambda value, other: _order(value, other) in (0, 1),
    "EQUALS_OR_LESS_THAN": lambda value, other: _order(value, other) in (0, -1),
    "GREATER_THAN": lambda value, other: _order(value, other) == 1,
    "LESS_THAN": lambda value, other: _order(value, other) == -1,
    "BEGINS_WITH": lambda value, other: _text(value).startswith(_text(other)),
    "ENDS_WITH": lambda value, other: _text(value).endswith(_text(other)),
    "CONTAINS": lambda value, other: _text(other) in _text(value),
    "NOT_CONTAIN": lambda value, other: _text(other) not in _text(value),
    "IN_LIST": lambda value, other: any(_same(value, item) for item in other),
    "NOT_IN_LIST": lambda value, other: not any(_same(value, item) for item in other),
    "BETWEEN": _within,
    "IS_SET": lambda value, _other: value not in (None, "", 0),
    "IS_NOT_SET": lambda value, _other: value in (None, "", 0),
    "IS_TRUE": lambda value, _other: bool(value),
    "IS_FALSE": lambda value, _other: not value,
}
_LISTS = {"IN_LIST", "NOT_IN_LIST", "BETWEEN"}


def question(operator: str, expression: Any) -> Question:
    """Return the test that *operator* makes with *expression*, or refuse an unknown one."""
    if operator in ("MATCH_REGEXP", "NOT_MATCH_REGEXP"):
        pattern = _pattern(_text(expression))
        wanted = operator == "MATCH_REGEXP"
        return lambda value: (pattern.search(_text(value)) is not None) is wanted
    if operator not in _TESTS:
        raise refused(f"Unknown operator '{operator}'")
    if operator in _LISTS and not isinstance(expression, list):
        expression = _text(expression).split(",")
    if operator == "BETWEEN" and len(expression) != 2:  # noqa: PLR2004 - two borders
        raise refused("BETWEEN needs two values")
    test = _TESTS[operator]
    return lambda value: test(value, expression)


def _pattern(text: str) -> re.Pattern[str]:
    """Compile an expression, with or without slashes around it; case matters."""
    delimited = re.fullmatch(r"/(.*)/([a-z]*)", text, re.DOTALL)
    flags = re.IGNORECASE if delimited and "i" in delimited[2] else re.NOFLAG
    try:
        return re.compile(delimited[1] if delimited else text, flags)
    except re.error as error:
        raise refused(f"Invalid regular expression '{text}'") from error
