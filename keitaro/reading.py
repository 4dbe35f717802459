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


def parse_json(content: bytes) -> Any:
    """Return the JSON value in *content*.

    Raises:
        ValueError: It is no JSON in UTF-8, nested too deeply, or has a number without end.
    """
    value = from_json(content.removeprefix(_BOM), allow_inf_nan=False)
    if _LARGE_EXPONENT.search(content) and not _is_finite(value):
        raise ValueError("infinite number")
    return value


def is_page(content: bytes) -> bool:
    """Tell whether *content* is HTML, whatever its headers claim."""
    return _PAGE.search(content[:_PAGE_HEAD_BYTES].removeprefix(_BOM)) is not None


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
