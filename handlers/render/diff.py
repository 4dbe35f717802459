"""What a plan would change, in words: old → new, a line for each thing."""

from collections.abc import Mapping
from typing import Any

from handlers.render.html import inert
from handlers.render.row import ROW_LISTS
from handlers.render.rows import change_lines
from handlers.render.value import ABSENT, changes
from handlers.texts import Texts
from keitaro import alike, are_rows, is_empty

LINES_MOST = 40
STAMPS = ("created_at", "updated_at")


def diff_lines(
    before: Mapping[str, Any] | None,
    written: Mapping[str, Any],
    texts: Texts,
    *,
    most: int = LINES_MOST,
) -> list[str]:
    """Return what becomes of *before*, as far as it is known, when *written* is sent.

    What stays as it is has no line; there is none at all where nothing would change.
    """
    known = before or {}
    lines = [
        line
        for field, value in written.items()
        if field not in STAMPS
        for line in _field_lines(field, known.get(field, ABSENT), value, texts)
    ]
    return [*lines[:most], *([f"… +{len(lines) - most}"] if len(lines) > most else [])]


def _field_lines(field: str, old: Any, new: Any, texts: Texts) -> list[str]:
    if field in ROW_LISTS and are_rows(new) and new and old is ABSENT:
        return change_lines(field, None, new, texts)
    if field in ROW_LISTS and _may_be_rows(old) and _may_be_rows(new):
        return change_lines(field, old or [], new or [], texts)
    if old is not ABSENT and alike(old, new):
        return []
    return [f"{inert(name)}: {text}" for name, text in changes(field, old, new, texts)]


def _may_be_rows(value: Any) -> bool:
    return is_empty(value) or are_rows(value)
