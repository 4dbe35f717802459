"""All lines of a log as a file, in which nobody finds more than they may see."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, cast

from handlers.context import Context
from handlers.render.json_text import compact
from handlers.render.page import File
from handlers.stats.dimensions import DIMENSIONS
from handlers.stats.log_pages import LogView, ShownLog
from handlers.stats.sight import seen
from paper import Column, Kind

Form = Literal["csv", "xlsx"]
FORMS = ("csv", "xlsx")
# Masking more lines in one go would keep everybody else waiting.
LINES_TOGETHER = 500
KINDS: dict[str, Kind] = {"time": "moment", "number": "number"}


async def log_file(context: Context, log: ShownLog, view: LogView, form: str) -> File:
    """Return *log* as a file of a *form*.

    Raises:
        NotPrintedError: It could not be made.
    """
    name = f"{log.kind}-{datetime.fromtimestamp(log.at, UTC):%Y%m%d-%H%M%S}.{form}"
    columns = [_column(name, view, form) for name in log.columns]
    sheets = (view.texts.stats_sheets["rows"], view.texts.stats_sheets["about"])
    pages = _pages(log, view)
    content = await context.services.printer.printed(
        cast("Form", form), columns, pages, chat_id=context.chat_id, sheets=sheets
    )
    return File(name, content)


def _column(name: str, view: LogView, form: str) -> Column:
    known = DIMENSIONS.get(name)
    if known is None or form == "csv":
        return Column(name, name)
    heading = known.headings[view.texts.figures_language]
    return Column(name, heading, KINDS.get(known.values, "text"))


async def _pages(log: ShownLog, view: LogView) -> AsyncIterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(log.rows), LINES_TOGETHER):
        rows = seen(log.rows[start : start + LINES_TOGETHER], view.sight)
        yield [{name: _cell(value) for name, value in row.items()} for row in rows]


def _cell(value: Any) -> Any:
    return compact(value) if isinstance(value, dict | list) else value
