"""How figures went over time, in a line of bars; nothing known is a dot, not a zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handlers.render.figure import Figure, Row
from handlers.render.times import day_of, time_of, time_on

BARS = "▁▂▃▄▅▆▇█"
GAP = "·"
TIMES = ("day", "day_hour", "hour")
# Beside days these are names; alone they are times.
LONG_TIMES = ("week", "month")
# Ten years of days, or five months of hours: more of them is no line but a mistake.
SLOTS_MOST = 3660

Known = Sequence[Decimal | None]


@dataclass(frozen=True)
class Clock:
    """The times of a report, such as days: *first* of them, how many (*count*), their *columns*."""

    columns: tuple[str, ...]
    first: int
    count: int

    def slot(self, row: Row) -> int | None:
        """Return which of its times *row* is of."""
        time = time_of(row, self.columns)
        return None if time is None else time - self.first


def clock(rows: Sequence[Row], labels: Sequence[str], span: Any) -> Clock | None:
    """Return the times among *labels*; those of the *span* of days that was asked for all count.

    There is none without such a column, or with fewer than two times.
    """
    columns = tuple(name for name in TIMES if name in labels)
    columns = columns or tuple(name for name in LONG_TIMES if name in labels)[:1]
    times = [time for row in rows if (time := time_of(row, columns)) is not None]
    if not times:
        return None
    if isinstance(span, Mapping):
        days = [day for key in ("from", "to") if (day := day_of(span.get(key))) is not None]
        times += [time for day in days if (time := time_on(day, columns)) is not None]
    first, count = min(times), max(times) - min(times) + 1
    return Clock(columns, first, count) if 1 < count <= SLOTS_MOST else None


def series(rows: Sequence[Row], figure: Figure, clock: Clock) -> list[Decimal | None]:
    """Return what *figure* was at every time of *clock*, None where that is not known."""
    known: list[Decimal | None] = [None] * clock.count
    for row in rows:
        slot, value = clock.slot(row), figure.value(row)
        if slot is None or isinstance(value, str):
            continue
        before = known[slot]
        known[slot] = value if before is None else before + value
    return known


def spark(known: Known, most: int) -> str:
    """Return a bar for each value, or for a few neighbours together, in *most* cells.

    Bars stand on zero, or on the lowest where that is below it.
    """
    each = max(1, -(-len(known) // most))
    groups = [known[start : start + each] for start in range(0, len(known), each)]
    means = [_mean(group) for group in groups]
    values = [mean for mean in means if mean is not None]
    if not values:
        return ""
    low, high = min(*values, Decimal(0)), max(*values, Decimal(0))
    return "".join(GAP if mean is None else _bar(mean, low, high) for mean in means)


def _bar(value: Decimal, low: Decimal, high: Decimal) -> str:
    if low == high:
        return BARS[0]
    return BARS[int((value - low) / (high - low) * (len(BARS) - 1) + Decimal("0.5"))]


def _mean(group: Known) -> Decimal | None:
    values = [value for value in group if value is not None]
    return sum(values, Decimal(0)) / len(values) if values else None
