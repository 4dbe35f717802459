"""What stands below a report: what it covers, how much of it is here, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.render.asked import Report
from handlers.render.cells import short
from handlers.render.html import code, shown
from handlers.render.number import UNKNOWN, as_number
from handlers.render.spans import dates, span_line
from handlers.texts import Texts

MISSING_MOST = 10
FIGURES_MOST = 12


@dataclass(frozen=True)
class Part:
    """The rows from *first* on, *count* of them, on *page*, from 0, of *pages*."""

    first: int
    count: int
    page: int = 0
    pages: int = 1


def footer(report: Report, part: Part, texts: Texts, *, is_tracker_said: bool) -> list[str]:
    """Return the lines below a report."""
    tracker = [] if is_tracker_said else [f"{texts.tracker}: {code(report.tracker)}"]
    return [
        *_dropped(report.dropped, texts),
        *tracker,
        span_line(report.payload.get("range"), report.at, texts),
        *(_compared(report, texts) if part.page == 0 else []),
        *_rows(report, part, texts),
        *_columns(report, texts),
        texts.report_as_of.format(at=f"{report.at:%Y-%m-%d %H:%M}", zone=shown(report.at.tzinfo)),
    ]


def counted(number: int | None, texts: Texts) -> str:
    """Return a *number* of rows with grouped digits; ? if it is not known."""
    return UNKNOWN if number is None else f"{number:,}".replace(",", texts.numbers.group)


def _dropped(names: Sequence[str], texts: Texts) -> list[str]:
    if not names:
        return []
    told = ", ".join(code(short(name)) for name in names[:MISSING_MOST])
    more = f" … +{len(names) - MISSING_MOST}" if len(names) > MISSING_MOST else ""
    return [f"<b>{texts.report_dropped}</b> {told}{more}"]


def _compared(report: Report, texts: Texts) -> list[str]:
    if not report.is_compared or report.compared is None or not report.has_totals:
        return []
    span = dates(report.compared)
    if report.previous is None:
        return [texts.figures_not_compared.format(span=span)]
    return [texts.figures_compared.format(span=span)]


def _rows(report: Report, part: Part, texts: Texts) -> list[str]:
    found = counted(report.total, texts)
    if part.pages == 1:
        return [texts.report_rows.format(shown=counted(part.count, texts), found=found)]
    before = int(max(as_number(report.payload.get("offset")) or 0, 0))
    rows = texts.figures_rows.format(
        first=counted(before + part.first + 1, texts),
        last=counted(before + part.first + part.count, texts),
        found=found,
    )
    page = texts.figures_page.format(page=part.page + 1, pages=part.pages)
    held = texts.figures_held.format(held=counted(len(report.held), texts))
    return [f"{rows} · {page}", *([] if report.is_whole or before else [held])]


def _columns(report: Report, texts: Texts) -> list[str]:
    found = len(report.figures)
    if found <= FIGURES_MOST:
        return []
    return [texts.report_columns.format(shown=FIGURES_MOST, found=counted(found, texts))]
