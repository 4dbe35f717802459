"""Values as files: CSV that spreadsheets open as it is, JSON that can be sent back."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from handlers.render.number import as_number
from handlers.render.page import File

# A spreadsheet runs what begins like this as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def write_csv(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> bytes:
    """Return *rows* as UTF-8 with a byte order mark, the names of the *columns* first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([defused(name) for name in columns])
    writer.writerows([defused(row.get(name)) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def defused(value: Any) -> Any:
    """Return *value* so that no spreadsheet takes it for a formula; numbers stay numbers."""
    if value is None or isinstance(value, bool | int | float) or as_number(value) is not None:
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def json_file(name: str, value: Any) -> File:
    """Return *value* as a JSON file."""
    return File(
        name, json.dumps(value, ensure_ascii=False, indent=2).encode(errors="backslashreplace")
    )
