"""A report: the table, what it covers, and the file with all of its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handlers.render.file import json_file
from handlers.render.html import block, code, inert, shown
from handlers.render.page import File, Page, page
from handlers.render.table import Table, lay_out
from handlers.texts import Texts
from paper import write_csv

LABEL_OPTIONS = ("dimensions", "grouping")
FIGURE_OPTIONS = ("measures", "metrics", "columns")
MISSING_MOST = 10
FIGURES_MOST = 12
# A table of more cells is mostly empty: every row has columns of its own.
CELLS_MOST = 500_000
DAY = "%Y-%m-%d"


@dataclass(frozen=True)
class Report:
    """What was asked of one tracker and what it answered.

    *rows* are flat objects, *total* is how many the tracker found, *summary* its own totals;
    *at* is when the answer came, in the time zone of the chat.
    """

    payload: Mapping[str, Any]
    rows: Sequence[dict[str, Any]]
    total: int
    summary: dict[str, Any] | None
    tracker: str
    at: datetime

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The columns that name a row, in the order they were asked for."""
        return self._asked(LABEL_OPTIONS)

    @cached_property
    def asked_figures(self) -> tuple[str, ...]:
        """The other columns that were asked for."""
        labels = frozenset(self.labels)
        return tuple(name for name in self._asked(FIGURE_OPTIONS) if name not in labels)

    @cached_property
    def sent(self) -> Mapping[str, None]:
        """The columns that the tracker sent, in their order."""
        return dict.fromkeys(name for row in self.rows for name in row)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The columns of figures to show: asked for and sent, then sent without being asked."""
        asked = tuple(name for name in self.asked_figures if name in self.sent)
        known = frozenset(asked + self.labels)
        return asked + tuple(name for name in self.sent if name not in known)

    @cached_property
    def dropped(self) -> tuple[str, ...]:
        """The columns that were asked for and that no row has; unknown while there is no row."""
        if not self.rows:
            return ()
        return tuple(name for name in self.labels + self.asked_figures if name not in self.sent)

    def _asked(self, options: Sequence[str]) -> tuple[str, ...]:
        names = [name for option in options for name in _list(self.payload.get(option))]
        return tuple(dict.fromkeys(names))


def report_page(report: Report, texts: Texts) -> Page:
    """Return the answer to a request for figures."""
    if not report.rows:
        return page("✅", f"<b>{texts.report_empty}</b>", "", *_footer(report, 0, texts))
    labels = tuple(name for name in report.labels if name in report.sent)
    figures = report.figures[:FIGURES_MOST]
    table = Table(report.rows, labels, figures, report.summary, texts.total)
    lines, count = lay_out(table, style=texts.numbers)
    is_whole = count == len(report.rows) and figures == report.figures
    return page(
        "✅",
        code(report.tracker),
        block("\n".join(lines)),
        *_dropped(report, texts),
        *_footer(report, count, texts),
        file=None if is_whole else _file(report),
    )


def _file(report: Report) -> File:
    known = report.labels + report.figures
    columns = [name for name in known if name in report.sent]
    name = f"report-{report.at:%Y%m%d-%H%M%S}"
    if len(report.rows) * len(columns) > CELLS_MOST:
        return json_file(f"{name}.json", report.rows)
    return File(f"{name}.csv", write_csv(report.rows, columns))


def _dropped(report: Report, texts: Texts) -> list[str]:
    if not report.dropped:
        return []
    names = ", ".join(code(name) for name in report.dropped[:MISSING_MOST])
    more = f" … +{len(report.dropped) - MISSING_MOST}" if len(report.dropped) > MISSING_MOST else ""
    return [f"<b>{texts.report_dropped}</b> {names}{more}"]


def _footer(report: Report, count: int, texts: Texts) -> list[str]:
    shown_rows = texts.report_rows.format(shown=count, found=report.total)
    as_of = texts.report_as_of.format(
        at=f"{report.at:%Y-%m-%d %H:%M}", zone=shown(report.at.tzinfo)
    )
    tracker = [] if report.rows else [f"{texts.tracker}: {code(report.tracker)}"]
    file = [texts.report_file] if count < len(report.rows) else []
    return [*tracker, _period(report, texts), shown_rows, *_columns(report, texts), *file, as_of]


def _columns(report: Report, texts: Texts) -> list[str]:
    found = len(report.figures)
    if found <= FIGURES_MOST:
        return []
    return [texts.report_columns.format(shown=FIGURES_MOST, found=found)]


def _period(report: Report, texts: Texts) -> str:
    span = report.payload.get("range")
    if not isinstance(span, Mapping):
        return texts.period_default
    zone = span.get("timezone")
    where = inert(zone) if zone else texts.zone_of_tracker
    if "from" in span or "to" in span:
        return f"{inert(span.get('from', '…'))} – {inert(span.get('to', '…'))} · {where}"
    if "interval" in span:
        return f"{_interval(str(span['interval']), report, zone)} · {where}"
    return f"{texts.period_default} · {where}"


def _interval(name: str, report: Report, zone: Any) -> str:
    """Return an interval with the dates it stands for, where these are beyond doubt."""
    try:
        today = report.at.astimezone(ZoneInfo(zone)).date() if isinstance(zone, str) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        today = None
    days_ago = {"today": 0, "yesterday": 1}.get(name)
    if today is None or days_ago is None:
        return code(name)
    return f"{(today - timedelta(days=days_ago)).strftime(DAY)} ({code(name)})"


def _list(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
