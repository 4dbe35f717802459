"""The figures of many rows as columns: what each value is, and how wide they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from handlers.render.cells import cells, units
from handlers.render.figure import Figure, Row, Value
from handlers.render.number import Style


@dataclass(frozen=True)
class Columns:
    """The *figures* of *rows*; each column has its own number of decimals.

    Where it *is_rough*, percent and large amounts of money have none.
    Only the widest values are written to find out how wide a column is: of a thousand rows
    thirty are looked at.
    """

    rows: Sequence[Row]
    figures: Sequence[Figure]
    style: Style
    is_rough: bool = False

    def texts(self, place: int) -> list[str]:
        """Return the figures of the row at *place* as they are shown."""
        columns = zip(self.figures, self._values, self._decimals, strict=True)
        return [
            figure.written(values[place], decimals, self.style)
            for figure, values, decimals in columns
        ]

    def excess(self, place: int) -> int:
        """Return by how much the figures at *place* are longer for Telegram than they are wide."""
        values = (self._values[column][place] for column in self._worded)
        return sum(units(value) - cells(value) for value in values if isinstance(value, str))

    @cached_property
    def widths(self) -> list[int]:
        """How wide each column of figures is."""
        columns = zip(self.figures, self._values, self._decimals, strict=True)
        return [
            max((cells(figure.written(value, decimals, self.style)) for value in found), default=0)
            for figure, values, decimals in columns
            for found in [widest(values)]
        ]

    @cached_property
    def _values(self) -> list[list[Value]]:
        return [[figure.value(row) for row in self.rows] for figure in self.figures]

    @cached_property
    def _decimals(self) -> list[int]:
        columns = zip(self.figures, self._values, strict=True)
        return [figure.decimals(values, is_rough=self.is_rough) for figure, values in columns]

    @cached_property
    def _worded(self) -> list[int]:
        """The places of columns with words that may be longer than they are wide."""
        return [
            place
            for place, values in enumerate(self._values)
            if any(isinstance(value, str) and len(value) > 1 for value in values)
        ]


def widest(values: Sequence[Value]) -> list[Value]:
    """Return those of *values* one of which is the widest when they are written."""
    numbers = [value for value in values if isinstance(value, Decimal)]
    texts = {value for value in values if isinstance(value, str)}
    # What is nearly nothing has a sign before it.
    small = [min(sizes, key=abs) for sizes in _signed(numbers) if sizes]
    return [*texts, *([min(numbers), max(numbers)] if numbers else []), *small]


def _signed(numbers: Sequence[Decimal]) -> tuple[list[Decimal], list[Decimal]]:
    return [each for each in numbers if each > 0], [each for each in numbers if each < 0]
