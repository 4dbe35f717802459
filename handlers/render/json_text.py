"""JSON as text: on one line, or with a line for every member where that stays short."""

import json
from typing import Any


def compact(value: Any) -> str:
    """Return *value* as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def indented(value: Any, *, indent: int, most: int) -> str | None:
    """Return *value* as JSON with a line for every member, or None if that has over *most* signs.

    A small answer that is nested deeply would fill the memory with blanks: the writing stops as
    soon as the text is too long.
    """
    if len(compact(value)) > most:
        return None
    parts: list[str] = []
    room = most
    for part in json.JSONEncoder(ensure_ascii=False, indent=indent).iterencode(value):
        room -= len(part)
        if room < 0:
            return None
        parts.append(part)
    return "".join(parts)
