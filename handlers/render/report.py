"""A report as a message: totals, a page of its rows, what it covers; and as a file."""

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from handlers.render.asked import FIGURE_OPTIONS, LABEL_OPTIONS, Report
from handlers.render.cells import units
from handlers.render.direction import directed
from handlers.render.figure import figure
from handlers.render.file import json_file
from handlers.render.footer import FIGURES_MOST, Part, footer
from handlers.render.html import block, bold, code, length
from handlers.render.label import heading, paired
from handlers.render.leaves import LINES_LEAST, LINES_MOST, Size, page_of, starts
from handlers.render.page import File, Page, page
from handlers.render.table import Table
from handlers.render.top import is_bare, top_lines
from handlers.texts import Texts
from paper import write_csv

# A table of more cells is mostly empty: every row has columns of its own.
CELLS_MOST = 500_000
MESSAGE_MOST = 4096
# For the numbers of other pages, and for what the caller adds.
SLACK = 400
TOP_MOST = 2000
WORDS_MOST = 200


@dataclass(frozen=True)
class Leaf:
    """The *page* with the rows from *first* on, *shown* of them; *starts* are those of all pages.

    It has neither buttons nor a file.
    """

    page: Page
    first: int
    shown: int
    starts: tuple[int, ...]


def report_leaf(report: Report, texts: Texts, *, first: int = 0, is_filed: bool = False) -> Leaf:
    """Return the page of *report* on which the row *first* is.

    It says that all rows are in a file where it *is_filed*, which the caller attaches.
    """
    sheet = _Sheet(report, texts)
    place = page_of(sheet.starts, first)
    begin, end = (*sheet.starts, len(report.held))[place : place + 2]
    part = Part(begin, end - begin, place, len(sheet.starts))
    return Leaf(sheet.page(part, is_filed=is_filed), begin, part.count, sheet.starts)


def report_file(report: Report) -> File:
    """Return all rows and columns of *report*, those that were asked for first."""
    columns = [name for name in report.labels + report.figures if name in report.sent]
    name = f"report-{report.at:%Y%m%d-%H%M%S}"
    if len(report.rows) * len(columns) > CELLS_MOST:
        return json_file(f"{name}.json", report.rows)
    return File(f"{name}.csv", write_csv(report.rows, columns))


class _Sheet:
    """A report laid out: the lines of every row, and where pages begin."""

    def __init__(self, report: Report, texts: Texts) -> None:
        self.report, self.texts = report, texts
        self.figures = [figure(name, report.currency, texts) for name in report.figures]
        shown = tuple(self.figures[:FIGURES_MOST])
        labels = paired([name for name in report.labels if name in report.sent])
        self.table = Table(
            report.held, labels, heading(labels, texts.figures_language), shown, texts.numbers
        )
        self.top = _fitting(top_lines(report, shown, texts)) if report.rows else []
        # The one row without a name stands among the totals.
        self.has_rows = not (self.top and is_bare(report))
        self.head = self.table.head if self.has_rows else []

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The first row of every page."""
        frame = length("\n".join([self.title, *self.footer(Part(0, 0))])) + _size(self.head)
        room = MESSAGE_MOST - SLACK - frame
        first = Size(max(LINES_LEAST, LINES_MOST - len(self.top)), room - _size(self.top))
        rows = map(self.table.size, range(len(self.report.held)))
        return starts(rows, first=first, others=Size(LINES_MOST, room))

    @cached_property
    def title(self) -> str:
        """What was asked for, or at least of which tracker."""
        words = self.report.words
        return bold(words[:WORDS_MOST]) if words else code(self.report.tracker)

    def footer(self, part: Part) -> list[str]:
        """Return the lines below the rows of *part*."""
        return footer(self.report, part, self.texts, is_tracker_said=not self.report.words)

    def lines(self, part: Part) -> list[str]:
        """Return the lines of the rows of *part*."""
        places = range(part.first, part.first + part.count)
        return [line for place in places for line in self.table.lines(place)]

    def page(self, part: Part, *, is_filed: bool) -> Page:
        """Return the page with the rows of *part*."""
        if not self.report.rows:
            nothing = [f"<b>{self.texts.report_empty}</b>", ""]
            return page(
                "✅", *nothing, *footer(self.report, part, self.texts, is_tracker_said=False)
            )
        top = self.top if part.first == 0 else []
        rows = self.lines(part) if self.has_rows else []
        below = self.footer(part)
        if is_filed:
            below.insert(-1, self.texts.report_file)
        gap = [""] if top and rows else []
        table = directed(block("\n".join([*top, *gap, *self.head, *rows])))
        return page("✅", self.title, table, *below)


def _fitting(lines: list[str]) -> list[str]:
    """Return as many *lines* as leave room for rows: all, unless names are made of emoji."""
    sizes = accumulate(units(line) + 1 for line in lines)
    return [line for line, size in zip(lines, sizes, strict=True) if size <= TOP_MOST]


def _size(lines: list[str]) -> int:
    return sum(units(line) + 1 for line in lines)


__all__ = [
    "FIGURE_OPTIONS",
    "LABEL_OPTIONS",
    "Leaf",
    "Report",
    "report_file",
    "report_leaf",
]
