"""Reading the text of answers: strict JSON, or a page meant for people."""

import math
import re
from typing import Any

from pydantic_core import from_json

_BOM = b"\xef\xbb\xbf"
# A float as large as 1e999 becomes infinite, which no other JSON parser reads back.
_LARGE_EXPONENT = re.compile(rb"[0-9][eE]\+?[0-9]{3}")
_PAGE = re.compile(rb"\A\s*<|<(?:!doctype|html|body)\b", re.IGNORECASE)
_PAGE_HEAD_BYTES = 4096
# Possessive, so that each byte is looked at once; a text without end reaches to the end.
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = b"[]{}"
_SQUARE = bytes.maketrans(_BRACKETS, b"[][]")
_NO_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))
_MAX_DEPTH = 64
_MAX_SIGNS = 400_000
_MAX_BRACKETS = 120_000
# One thing of a tracker, such as a stream, is looked at from all sides while nobody is served.
_MAX_BYTES_OF_ONE = 1024 * 1024
_MAX_SIGNS_OF_ONE = 30_000
_MAX_BRACKETS_OF_ONE = 2_000
_MAX_DIGITS = 5000
# Names that come again and again are cheap, so only names that do not are counted.
_MAX_NAMES = 60_000
_NAMES_LOOKED_AT = 256


def parse_json(content: bytes) -> Any:
    """Return the JSON value in *content*.

    Raises:
        ValueError: It is no JSON in UTF-8, has too many values, is nested too deeply, or has a
            number without end or of thousands of digits.
    """
    if is_crowded(content):
        raise ValueError("crowded")
    if _is_deep(content):
        raise ValueError("deep")
    if _has_endless_number(content):
        raise ValueError("endless number")
    value = from_json(content.removeprefix(_BOM), allow_inf_nan=False)
    if _LARGE_EXPONENT.search(content) and not _is_finite(value):
        raise ValueError("infinite number")
    return value


def is_crowded(content: bytes) -> bool:
    """Tell whether *content* may hold more values than anybody wants to keep in memory.

    Two bytes can be a value of a hundred, and nobody is served while they are made. Signs inside
    of texts count, since to tell them apart would take longer.
    """
    if not _is_below(content, _MAX_SIGNS, _MAX_BRACKETS):
        return True
    return content.count(b'":') > _MAX_NAMES and _has_ever_new_names(content)


def is_overfull(content: bytes) -> bool:
    """Tell whether *content* is larger than a single thing of a tracker, such as a stream, can be.

    Other than in `is_crowded` signs inside of texts do not count: a stream may show a whole page.
    """
    if len(content) > _MAX_BYTES_OF_ONE:
        return True
    if _is_below(content, _MAX_SIGNS_OF_ONE, _MAX_BRACKETS_OF_ONE):
        return False
    return not _is_below(_TEXT.sub(b"", content), _MAX_SIGNS_OF_ONE, _MAX_BRACKETS_OF_ONE)


def is_page(content: bytes) -> bool:
    """Tell whether *content* is HTML, whatever its headers claim."""
    return _PAGE.search(content[:_PAGE_HEAD_BYTES].removeprefix(_BOM)) is not None


def _is_below(content: bytes, signs: int, brackets: int) -> bool:
    found = content.count(b"{") + content.count(b"[")
    return found <= brackets and found + content.count(b",") <= signs


def _is_deep(content: bytes) -> bool:
    if content.count(b"[") + content.count(b"{") <= _MAX_DEPTH:
        return False
    brackets = _TEXT.sub(b"", content).translate(_SQUARE, _NO_BRACKETS)
    if brackets.count(b"[") != brackets.count(b"]"):
        return True
    # Each turn takes away what is innermost; brackets without a partner stay, and are no JSON.
    for _ in range(_MAX_DEPTH):
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _has_ever_new_names(content: bytes) -> bool:
    """Tell whether most names of members differ, by a few from all over *content*."""
    found = set()
    step = len(content) // _NAMES_LOOKED_AT
    for at in range(0, step * _NAMES_LOOKED_AT, step):
        end = content.find(b'":', at)
        found.add(content[content.rfind(b'"', 0, end) : end])
    return len(found) > _NAMES_LOOKED_AT * 3 // 4


def _has_endless_number(content: bytes) -> bool:
    # One that is twice as long fills one of these pieces, wherever it begins.
    pieces = range(0, len(content), _MAX_DIGITS)
    return any(content[at : at + _MAX_DIGITS].isdigit() for at in pieces[:-1])


def _is_finite(value: Any) -> bool:
    match value:
        case float():
            return math.isfinite(value)
        case list():
            return all(map(_is_finite, value))
        case dict():
            return all(map(_is_finite, value.values()))
        case _:
            return True
