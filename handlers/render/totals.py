"""The totals of a report, a line for each figure: its value, its change, how it went."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.render.cells import WIDTH, cells, cut, pad, pad_left
from handlers.render.figure import Figure, Row, Value
from handlers.render.number import NO_VALUE, UNKNOWN, Style, write
from handlers.render.spark import Known, spark
from handlers.texts import Texts

UP, DOWN, SAME = "▲", "▼", "="
HEADING_MOST = 18
INDENT = "  "
# A change in percent is told to a tenth below ten, and not at all beyond a thousand.
ROUGH, HUGE, SLIGHT = Decimal(10), Decimal(1000), Decimal("0.1")


@dataclass(frozen=True)
class Total:
    """The total of *figure*: its value, the one *before* it, and how it went over time."""

    figure: Figure
    value: Value
    before: Value = UNKNOWN
    series: Known = ()


def summed(rows: Sequence[Row], figure: Figure) -> Value:
    """Return the sum of *figure* over *rows*; there is none of ratios, or if one is not known."""
    if not figure.is_added:
        return NO_VALUE
    values = [figure.value(row) for row in rows]
    numbers = [value for value in values if isinstance(value, Decimal)]
    if any(isinstance(value, str) and value != NO_VALUE for value in values):
        return UNKNOWN
    return sum(numbers, Decimal(0)) if numbers else NO_VALUE


def total_lines(totals: Sequence[Total], texts: Texts) -> list[str]:
    """Return the lines of *totals*, aligned."""
    values = [_written(total, texts.numbers) for total in totals]
    changes = [change(total, texts) for total in totals]
    width = max(map(cells, values))
    most = max(1, min(HEADING_MOST, WIDTH - 1 - width))
    headings = [cut(total.figure.heading, most) for total in totals]
    left = max(map(cells, headings))
    starts = [
        f"{pad(heading, left)} {pad_left(value, width)}"
        for heading, value in zip(headings, values, strict=True)
    ]
    lines = _joined([[start] for start in starts], changes)
    return [cut(line, WIDTH) for group in _joined(lines, _sparks(totals)) for line in group]


def change(total: Total, texts: Texts) -> str:
    """Return how a total has changed, such as `▲ 12 %`; nothing where that cannot be said."""
    value, before = total.value, total.before
    if isinstance(value, str) or isinstance(before, str):
        return ""
    if value == before:
        return SAME
    sign = UP if value > before else DOWN
    difference = abs(value - before)
    if total.figure.is_percent:
        return f"{sign} {_rough(difference, texts.numbers)} {texts.figures_points}"
    if before == 0:
        return f"{sign} {texts.figures_new}"
    percent = difference * 100 / abs(before)
    if percent >= HUGE:
        return f"{sign} >999 %"
    return f"{sign} {_rough(percent, texts.numbers)} %"


def _rough(number: Decimal, style: Style) -> str:
    if number < SLIGHT:
        return f"<{write(SLIGHT, decimals=1, style=style)}"
    return write(number, decimals=0 if number >= ROUGH else 1, style=style)


def _written(total: Total, style: Style) -> str:
    decimals = total.figure.decimals([total.value])
    return total.figure.written(total.value, decimals, style)


def _sparks(totals: Sequence[Total]) -> list[str]:
    return [spark(total.series, WIDTH - len(INDENT)) if total.series else "" for total in totals]


def _joined(groups: list[list[str]], ends: list[str]) -> list[list[str]]:
    """Put *ends* behind the last lines of *groups*, all in one column, or all below them."""
    width = max(cells(group[-1]) for group in groups)
    if width + 1 + max(map(cells, ends)) > WIDTH:
        return [
            [*group, f"{INDENT}{end}"] if end else group
            for group, end in zip(groups, ends, strict=True)
        ]
    return [
        [*group[:-1], f"{pad(group[-1], width)} {end}".rstrip()]
        for group, end in zip(groups, ends, strict=True)
    ]
