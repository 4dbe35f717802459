"""A column of figures: its heading, what its values mean, and how they are written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handlers.render.cells import WIDTH, cut, read
from handlers.render.number import (
    NO_VALUE,
    TINY,
    UNKNOWN,
    Style,
    as_number,
    decimals_for,
    write,
)
from handlers.stats.dimensions import DIMENSIONS
from handlers.stats.measures import MEASURES
from handlers.texts import Texts

# Below ten cents, what a click costs or earns needs more than cents.
SMALL_PRICE = Decimal("0.1")
# From here on, nobody misses what stands behind the point.
LARGE = Decimal(100)
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "RUB": "₽", "UAH": "₴"}
CURRENCY_MOST = 8
NO_NUMBERS = frozenset({"", "nan", "inf", "infinity"})

Row = Mapping[str, Any]
# A number, or what is shown in place of one.
Value = Decimal | str


@dataclass(frozen=True)
class Figure:
    """The column *name*, of which a ratio over nothing has no value.

    *over* is the column it is divided by, where that is known; figures that are *added* may be
    summed up over rows.
    """

    name: str
    heading: str
    kind: str = ""
    over: str = ""
    is_added: bool = False

    @property
    def is_percent(self) -> bool:
        """Whether it is a share of something, in percent."""
        return self.kind == "percent"

    def value(self, row: Row) -> Value:
        """Return the number in *row*: – where it has no value, ? where the column is not there."""
        if self.name not in row:
            return UNKNOWN
        raw = row[self.name]
        number = as_number(raw)
        if number is None:
            return NO_VALUE if _is_nothing(raw) else cut(read(raw), WIDTH // 2)
        if self.over in row and as_number(row[self.over]) == 0:
            return NO_VALUE
        return number

    def decimals(self, values: Iterable[Value], *, is_rough: bool = False) -> int:
        """Return how many decimals all of *values* are written with.

        Where it *is_rough* percent have none, nor has money if some of it is large.
        """
        numbers = [value for value in values if isinstance(value, Decimal)]
        if self.is_percent:
            return int(
                not is_rough
                and any(abs(each) < LARGE and each != each.to_integral_value() for each in numbers)
            )
        is_money = self.kind == "money"
        if is_rough and is_money and any(abs(each) >= LARGE for each in numbers):
            return 0
        return decimals_for(numbers, tiny=SMALL_PRICE if is_money and self.over else TINY)

    def written(self, value: Value, decimals: int, style: Style) -> str:
        """Return *value* as it is shown; what is not zero is never shown as zero."""
        if isinstance(value, str):
            return value
        end = "%" if self.is_percent else ""
        least = Decimal(1).scaleb(-decimals).copy_sign(value)
        if 0 < abs(value) * 2 <= abs(least):
            sign = "<" if value > 0 else ">"
            return f"{sign}{write(least, decimals=decimals, style=style)}{end}"
        return f"{write(value, decimals=decimals, style=style)}{end}"


def figure(name: str, currency: str, texts: Texts) -> Figure:
    """Return the column *name*; amounts of money are in *currency* where it is known."""
    measure = MEASURES.get(name)
    if measure is None:
        label = DIMENSIONS.get(name)
        return Figure(name, label.headings[texts.figures_language] if label else read(name))
    heading = measure.headings[texts.figures_language]
    if measure.kind == "money" and currency:
        heading += f" {cut(SIGNS.get(currency, read(currency)), CURRENCY_MOST)}"
    return Figure(name, heading, measure.kind, measure.over, measure.is_added)


def _is_nothing(raw: Any) -> bool:
    return raw is None or (
        isinstance(raw, float | str) and str(raw).strip().lower().lstrip("+-") in NO_NUMBERS
    )
