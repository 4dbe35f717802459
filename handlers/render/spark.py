"""How figures went over days or hours, in a line of bars; nothing known is a dot, not a zero."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from handlers.render.figure import Figure, Row

BARS = "▁▂▃▄▅▆▇█"
GAP = "·"
TIMES = ("day", "day_hour", "hour")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
HOUR = re.compile(r"(\d{1,2})(?::\d\d)*")
HOURS = 24
# Ten years of days, or five months of hours: more of them is no line but a mistake.
SLOTS_MOST = 3660

Known = Sequence[Decimal | None]


@dataclass(frozen=True)
class Clock:
    """The days or hours of a report: *first* of them, how many (*count*), and their *columns*."""

    columns: tuple[str, ...]
    first: int
    count: int

    def slot(self, row: Row) -> int | None:
        """Return which of its days or hours *row* is of."""
        time = _time(row, self.columns)
        return None if time is None else time - self.first


def clock(rows: Sequence[Row], labels: Sequence[str], span: Any) -> Clock | None:
    """Return the days or hours among *labels*; days of the *span* that was asked for all count.

    There is none without such a column, or with fewer than two days or hours.
    """
    columns = tuple(name for name in TIMES if name in labels)
    times = [time for row in rows if (time := _time(row, columns)) is not None]
    if not times:
        return None
    if columns == ("day",) and isinstance(span, Mapping):
        times += [day for key in ("from", "to") if (day := _day(span.get(key))) is not None]
    first, count = min(times), max(times) - min(times) + 1
    return Clock(columns, first, count) if 1 < count <= SLOTS_MOST else None


def series(rows: Sequence[Row], figure: Figure, clock: Clock) -> list[Decimal | None]:
    """Return what *figure* was on every day or hour of *clock*, None where that is not known."""
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


def _time(row: Row, columns: Sequence[str]) -> int | None:
    """Return the day of *row* as a number, or its hour, counted from some beginning."""
    match columns:
        case ("day",):
            return _day(row.get("day"))
        case ("hour",):
            return _hour(row.get("hour"))
        case ("day", "hour"):
            day, hour = _day(row.get("day")), _hour(row.get("hour"))
        case ("day_hour",) | ("day", "day_hour"):
            written, _, wall = str(row.get("day_hour")).partition(" ")
            day, hour = _day(written), _hour(wall)
        case _:
            return None
    return None if day is None or hour is None else day * HOURS + hour


def _day(value: Any) -> int | None:
    found = DAY.search(value) if isinstance(value, str) else None
    try:
        return date(*map(int, found.groups())).toordinal() if found else None
    except ValueError:
        return None


def _hour(value: Any) -> int | None:
    found = HOUR.fullmatch(str(value))
    hour = int(found.group(1)) if found else HOURS
    return hour if hour < HOURS else None
