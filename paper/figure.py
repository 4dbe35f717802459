"""Figures on a chart, as the language writes them."""

import math

from paper.chart import Chart

# More digits than this make no axis readable.
WRITTEN_MOST = 1e15
WHOLE_FROM = 1000


def as_figure(value: float | None) -> float:
    """Return *value* as it is drawn: what is none, or beyond drawing, is a gap."""
    try:
        number = math.nan if value is None else float(value)
    except (OverflowError, ValueError, TypeError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def written(value: float, kind: str, chart: Chart) -> str:
    """Return *value* with grouped digits and no more decimals than tell something."""
    if abs(value) >= WRITTEN_MOST:
        digits = f"{abs(value):.1e}"
    elif kind == "money" and abs(value) < WHOLE_FROM:
        digits = f"{abs(value):.2f}"
    else:
        digits = f"{abs(value):,.2f}".rstrip("0").rstrip(".")
        if abs(value) >= WHOLE_FROM:
            digits = f"{abs(value):,.0f}"
    swapped = digits.replace(",", "\0").replace(".", chart.point).replace("\0", chart.group)
    sign = "−" if value < 0 and any(digit in "123456789" for digit in digits) else ""
    return f"{sign}{swapped}{_unit(kind, chart)}"


def _unit(kind: str, chart: Chart) -> str:
    return chart.percent if kind == "percent" else ""
