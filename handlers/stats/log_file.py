"""All lines of a log as a file, in which nobody finds more than they may see."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from handlers.render.json_text import compact
from handlers.render.page import File
from handlers.stats.log_pages import LogView, ShownLog
from handlers.stats.sight import seen
from paper import write_csv

FORMS = ("csv",)


async def log_file(log: ShownLog, view: LogView, form: str) -> File:
    """Return *log* as a file of a *form*."""
    name = f"{log.kind}-{datetime.fromtimestamp(log.at, UTC):%Y%m%d-%H%M%S}.{form}"
    # Ten thousand lines would keep everybody else waiting.
    return File(name, await asyncio.to_thread(_csv, log, view))


def _csv(log: ShownLog, view: LogView) -> bytes:
    rows = [
        {name: _cell(value) for name, value in row.items()} for row in seen(log.rows, view.sight)
    ]
    return write_csv(rows, log.columns)


def _cell(value: Any) -> Any:
    return compact(value) if isinstance(value, dict | list) else value
