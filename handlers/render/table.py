"""Rows and columns as a phone shows them: at most forty cells wide, numbers aligned."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from handlers.render.cells import WIDTH, cells, cut, pad, pad_left, units
from handlers.render.columns import Columns
from handlers.render.figure import Figure, Row
from handlers.render.headings import narrowed
from handlers.render.label import Names, label_of
from handlers.render.leaves import Size
from handlers.render.number import Style

HEADING_MOST = 8
RULE = "─"


@dataclass(frozen=True)
class Table:
    """Rows that have *names*, under the *heading* of these, and *figures*.

    The columns are as wide as all of the rows need, so that every page of them looks the same.
    """

    rows: Sequence[Row]
    names: Names
    heading: str
    figures: tuple[Figure, ...]
    style: Style

    def lines(self, place: int) -> list[str]:
        """Return the row at *place*: in one line, in two where its name is long, or as a card."""
        label, texts = self._labels[place], self._columns.texts(place)
        if not self._is_grid:
            return [cut(label, WIDTH), *self._card(texts)]
        if cells(label) <= self._label_width:
            return [self._line(label, texts)]
        return [cut(label, WIDTH), self._line("", texts)]

    def size(self, place: int) -> Size:
        """Return how many lines the row at *place* takes, and how many signs at most."""
        label = cut(self._labels[place], WIDTH)
        if not self._is_grid:
            lines = 1 - -len(self.figures) // len(self._across)
        else:
            lines = 1 if cells(label) <= self._label_width else 2
        headings = 0 if self._is_grid else self._headings_excess
        longer = units(label) - cells(label) + self._columns.excess(place) + headings
        return Size(lines, lines * (WIDTH + 1) + longer)

    @cached_property
    def head(self) -> list[str]:
        """The lines above the rows; cards have none."""
        if not self._is_grid:
            return []
        fits = cells(self.heading) <= self._label_width
        # The last words of all headings stand on one line.
        columns = [lines[::-1] for lines in self._headings]
        rows = [*zip_longest(*columns, fillvalue="")][::-1] or [()]
        labels = [""] * (len(rows) - 1) + [self.heading if fits else ""]
        lines = [self._line(label, texts) for label, texts in zip(labels, rows, strict=True)]
        above = [] if fits else [cut(self.heading, WIDTH)]
        rule = RULE * (self._indent + self._grid_width)
        return [*above, *filter(None, lines), rule]

    @cached_property
    def _labels(self) -> list[str]:
        return [label_of(row, self.names) for row in self.rows]

    @cached_property
    def _layout(self) -> tuple[Columns, list[list[str]] | None]:
        """The columns, and the headings over them; cards have none."""
        exact, rough = (
            Columns(self.rows, self.figures, self.style, each) for each in (False, True)
        )
        for columns in (exact, rough):
            headings = self._headings_over(columns.widths)
            if headings is not None and max(map(len, headings), default=0) <= HEADING_MOST:
                return columns, headings
        return exact, None

    def _headings_over(self, widths: list[int]) -> list[list[str]] | None:
        """Return the headings in as few lines as there is room for, over columns so wide."""
        whole = [cells(figure.heading) for figure in self.figures]
        spread = sum(max(sides) + 1 for sides in zip(whole, widths, strict=True))
        longest = max(cells(text) for text in (self.heading, *self._labels))
        if spread + longest <= WIDTH:
            return [[figure.heading] for figure in self.figures]
        return narrowed(self.figures, widths, WIDTH)

    @property
    def _columns(self) -> Columns:
        return self._layout[0]

    @property
    def _headings(self) -> list[list[str]]:
        return self._layout[1] or []

    @property
    def _is_grid(self) -> bool:
        return self._layout[1] is not None

    @cached_property
    def _headings_excess(self) -> int:
        headings = [figure.heading for figure in self.figures]
        return sum(max(0, units(heading) - cells(heading)) for heading in headings)

    @cached_property
    def _widths(self) -> list[int]:
        columns = zip(self._columns.widths, self._headings, strict=True)
        return [max([width, *map(cells, lines)]) for width, lines in columns]

    @cached_property
    def _grid_width(self) -> int:
        return sum(self._widths) + max(0, len(self._widths) - 1)

    @cached_property
    def _label_width(self) -> int:
        """The cells for names beside figures: what the longest needs that has room there.

        Longer names have a line of their own; if all are longer, figures begin where names do.
        """
        room = WIDTH - self._grid_width - bool(self._widths)
        widths = [width for width in map(cells, self._labels) if width <= room]
        if self.rows and not widths:
            return 0
        return max(
            [*widths, *(width for width in [cells(self.heading)] if width <= room)], default=0
        )

    @property
    def _indent(self) -> int:
        """The cells before the figures."""
        return self._label_width + bool(self._label_width and self._widths)

    def _line(self, label: str, texts: Sequence[str]) -> str:
        columns = zip(texts, self._widths, strict=True)
        figures = " ".join(pad_left(text, width) for text, width in columns)
        # A sign that joins the one before it may be wider there than it is alone.
        return cut((pad(label, self._indent) + figures).rstrip(), WIDTH)

    @cached_property
    def _across(self) -> list[tuple[int, int]]:
        """The widths of heading and figure in a card, for one or two figures on a line."""
        headings, widths = [cells(one.heading) for one in self.figures], self._columns.widths
        two = [(max(headings[at::2]), max(widths[at::2])) for at in (0, 1) if headings[at:]]
        if sum(map(sum, two)) + 2 * len(two) + 1 <= WIDTH:
            return two
        heading, width = max(headings), max(widths)
        # The heading is cut: a figure cut short would be another.
        return [(max(1, min(heading, WIDTH - 2 - width)), width)]

    def _card(self, texts: Sequence[str]) -> list[str]:
        across = len(self._across)
        parts = []
        for place, (figure, text) in enumerate(zip(self.figures, texts, strict=True)):
            room, width = self._across[place % across]
            parts.append(f" {pad(cut(figure.heading, room), room)} {pad_left(text, width)}")
        return [
            cut(" ".join(parts[place : place + across]).rstrip(), WIDTH)
            for place in range(0, len(parts), across)
        ]
