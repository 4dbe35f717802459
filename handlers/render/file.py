"""Values as JSON files, which can be sent back."""

from typing import Any

from handlers.render.json_text import compact, indented
from handlers.render.page import File

INDENTED_SIGNS = 256 * 1024


def json_file(name: str, value: Any) -> File:
    """Return *value* as a JSON file, with a line for every member unless it is large."""
    text = indented(value, indent=2, most=INDENTED_SIGNS) or compact(value)
    return File(name, text.encode(errors="backslashreplace"))
