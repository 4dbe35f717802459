"""Rows and columns as a phone shows them: at most forty cells wide, numbers aligned."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wcwidth import wcswidth

from handlers.render.html import visible
from handlers.render.number import (
    NO_VALUE,
    UNKNOWN,
    Style,
    as_number,
    decimals_for,
    write,
)

WIDTH = 40
LABEL_LEAST = 12
ROWS_MOST = 30
SIGNS_MOST = 2800
# Most that an honest name needs: an emoji of a family has up to eleven signs in two cells.
SIGNS_PER_CELL = 8
# More of a name or a value is never read: a line has no room for it.
SIGNS_READ = WIDTH * SIGNS_PER_CELL + 1
HEADING_MOST = 8

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """Rows with *labels* (columns that name a row) and *measures* (columns of figures)."""

    rows: Sequence[Row]
    labels: tuple[str, ...]
    measures: tuple[str, ...]
    totals: Row | None = None
    total_label: str = ""


def lay_out(table: Table, *, style: Style) -> tuple[list[str], int]:
    """Return the lines of *table* and how many of its rows they show."""
    rows = table.rows[:ROWS_MOST]
    cells = _Cells(table, rows, style)
    is_low = len(_headings(table)) <= HEADING_MOST
    if is_low and _names_fit(table, rows, WIDTH - cells.grid_width()):
        head, groups, tail = _grid(table, rows, cells)
    else:
        head, groups, tail = _cards(table, rows, cells)
    room = SIGNS_MOST - sum(len(line) + 1 for line in head + tail)
    lines: list[str] = []
    count = 0
    for group in groups:
        room -= sum(len(line) + 1 for line in group)
        if room < 0 and count:
            break
        lines += group
        count += 1
    return head + lines + tail, count


class _Cells:
    """The figures of a table as text, every column with its own number of decimals."""

    def __init__(self, table: Table, rows: Sequence[Row], style: Style) -> None:
        self.style = style
        self.measures = table.measures
        everything = [*rows, *([table.totals] if table.totals else [])]
        self.decimals = {name: _decimals(everything, name) for name in table.measures}
        self.figure_widths = {
            name: max([wcswidth(self.text(row, name)) for row in everything], default=0)
            for name in table.measures
        }
        self.widths = {
            name: max([width, *(wcswidth(word) for word in _read(name).split("_"))])
            for name, width in self.figure_widths.items()
        }

    def text(self, row: Row, name: str) -> str:
        """Return one figure: a number, – for no value, ? for a column that is not there."""
        if name not in row:
            return UNKNOWN
        value = row[name]
        number = as_number(value)
        if number is not None:
            return write(number, decimals=self.decimals[name], style=self.style)
        return NO_VALUE if value is None or value == "" else cut(_read(value), WIDTH // 2)

    def grid_width(self) -> int:
        """Return the cells that the columns of figures take, with a gap before each."""
        return sum(width + 1 for width in self.widths.values())


def _decimals(rows: Sequence[Row], name: str) -> int:
    numbers = [as_number(row.get(name)) for row in rows]
    return decimals_for([number for number in numbers if isinstance(number, Decimal)])


def _grid(
    table: Table, rows: Sequence[Row], cells: _Cells
) -> tuple[list[str], list[list[str]], list[str]]:
    width = _label_width(table, rows, WIDTH - cells.grid_width())

    def line(label: str, texts: Sequence[str]) -> str:
        columns = zip(texts, table.measures, strict=True)
        figures = "".join(f" {pad_left(text, cells.widths[name])}" for text, name in columns)
        return cut((pad(cut(label, width), width) + figures).rstrip(), WIDTH)

    def figures(row: Row) -> list[str]:
        return [cells.text(row, name) for name in table.measures]

    heads = [line(words[0], words[1:]) for words in _headings(table)]
    body = [[line(label_of(row, table.labels), figures(row))] for row in rows]
    rule = "─" * (width + cells.grid_width())
    tail = [rule, line(table.total_label, figures(table.totals))] if table.totals else []
    return [*heads, rule], body, tail


def _names_fit(table: Table, rows: Sequence[Row], room: int) -> bool:
    """Tell whether the names of rows keep what tells them apart in *room* cells.

    One long name may be cut; of several, such as a campaign and a day, the last would be lost.
    """
    if len(table.labels) == 1:
        return room >= LABEL_LEAST
    longest = max([wcswidth(label_of(row, table.labels)) for row in rows], default=0)
    return room >= max(LABEL_LEAST, longest)


def _label_width(table: Table, rows: Sequence[Row], most: int) -> int:
    longest = max(
        [wcswidth(label_of(row, table.labels)) for row in rows]
        + [wcswidth(table.total_label), wcswidth(_label_heading(table))],
        default=0,
    )
    return max(1, min(longest, most))


def _label_heading(table: Table) -> str:
    return " ".join(_read(name) for name in table.labels[:WIDTH])[:SIGNS_READ]


def _headings(table: Table) -> list[list[str]]:
    """Return the lines of the heading: long names are broken at their underscores."""
    words = [_read(name).split("_") for name in table.measures]
    height = max([len(parts) for parts in words], default=1)
    columns = [[""] * (height - len(parts)) + parts for parts in words]
    first = [""] * (height - 1) + [_label_heading(table)]
    return [list(line) for line in zip(first, *columns, strict=True)]


def _cards(
    table: Table, rows: Sequence[Row], cells: _Cells
) -> tuple[list[str], list[list[str]], list[str]]:
    """Lay every row out as its name and, below it, figures with their own names."""

    def card(label: str, row: Row) -> list[str]:
        figures = (_figure_lines(row, cells, 2), _figure_lines(row, cells, 1))
        fits = max(map(wcswidth, figures[0]), default=0) <= WIDTH
        return [cut(label, WIDTH), *(cut(line, WIDTH) for line in figures[0 if fits else 1])]

    groups = [card(label_of(row, table.labels), row) for row in rows]
    tail = card(table.total_label, table.totals) if table.totals else []
    return [], groups, ["─" * WIDTH, *tail] if tail else []


def _figure_lines(row: Row, cells: _Cells, across: int) -> list[str]:
    """Return the figures of *row*, *across* of them on a line, columns aligned."""
    columns = [cells.measures[start::across] for start in range(across)]
    widths = [max((cells.figure_widths[name] for name in column), default=0) for column in columns]
    # Where the two do not fit on a line, the name is cut: a figure cut short would be another.
    names = [
        max((min(wcswidth(_read(name)), WIDTH - 2 - width) for name in column), default=0)
        for column, width in zip(columns, widths, strict=True)
    ]
    parts = [
        f" {pad(cut(_read(name), names[place % across]), names[place % across])} "
        f"{pad_left(cells.text(row, name), widths[place % across])}"
        for place, name in enumerate(cells.measures)
    ]
    return [
        " ".join(parts[place : place + across]).rstrip() for place in range(0, len(parts), across)
    ]


def label_of(row: Row, labels: Sequence[str]) -> str:
    """Return the name of a row: the values of its *labels*, one after the other."""
    texts = [UNKNOWN if name not in row else _label_text(row[name]) for name in labels[:WIDTH]]
    return " ".join(texts)[:SIGNS_READ]


def _label_text(value: Any) -> str:
    return NO_VALUE if value is None or value == "" else _read(value)


def _read(value: Any) -> str:
    """Return *value* as one line without hidden characters, and without what nobody reads."""
    return visible(str(value)[:SIGNS_READ])[:SIGNS_READ]


def cut(text: str, width: int) -> str:
    """Return *text* in at most *width* cells, with … where something is left out."""
    kept = text[: width * SIGNS_PER_CELL]
    if kept == text and wcswidth(text) <= width:
        return text
    # Measured as a whole: an emoji or a vowel sign can be wider than the sum of its parts.
    while kept and (excess := wcswidth(f"{kept}…") - width) > 0:
        # No sign takes more than two cells.
        kept = kept[: -max(1, excess // 2)]
    return kept + "…"


def pad(text: str, width: int) -> str:
    """Return *text* with blanks behind it, *width* cells in all."""
    return text + " " * (width - wcswidth(text))


def pad_left(text: str, width: int) -> str:
    """Return *text* with blanks before it, *width* cells in all."""
    return " " * (width - wcswidth(text)) + text
