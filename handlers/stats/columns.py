"""A report as a file has it: typed columns, and what the figures are of."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.render.html import plain
from handlers.render.report import Report
from handlers.render.spans import span_line
from handlers.stats.dimensions import DIMENSIONS
from handlers.stats.measures import MEASURES
from handlers.texts import Texts
from paper import Column, Kind

# A workbook has room for 16,384; who has more has rows with columns of their own.
COLUMNS_MOST = 1000


def columns_of(report: Report, texts: Texts, *, has_headings: bool) -> Sequence[Column]:
    """Return the columns of the file: those that were asked for first, then what else was sent.

    There are at most a thousand.

    They are called as the tracker calls them, unless it *has_headings* for people.
    """
    names = [name for name in report.labels + report.figures if name in report.sent]
    columns = [_column(name, texts) for name in names[:COLUMNS_MOST]]
    return columns if has_headings else [replace(one, heading=one.name) for one in columns]


def _column(name: str, texts: Texts) -> Column:
    measure, dimension = MEASURES.get(name), DIMENSIONS.get(name)
    if measure:
        return Column(name, measure.headings[texts.figures_language], measure.kind)
    if dimension:
        kind: Kind = "day" if name == "day" else "text"
        return Column(name, dimension.headings[texts.figures_language], kind)
    return Column(name, name, "text")


def about_of(report: Report, texts: Texts) -> Sequence[tuple[str, str]]:
    """Return what the file says of itself: what was asked, of which tracker, when."""
    at = texts.report_as_of.format(at=f"{report.at:%Y-%m-%d %H:%M}", zone=str(report.at.tzinfo))
    lines = [
        ("", report.words),
        (texts.tracker, report.tracker),
        ("", plain(span_line(report.payload.get("range"), report.at, texts))),
        ("", at),
    ]
    return [line for line in lines if line[1]]
