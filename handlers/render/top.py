"""What stands above the rows of a report: its totals, and how its first figure went."""

from collections.abc import Sequence
from decimal import Decimal

from handlers.render.asked import Report
from handlers.render.cells import WIDTH, cut
from handlers.render.figure import Figure
from handlers.render.footer import counted
from handlers.render.label import paired
from handlers.render.number import UNKNOWN
from handlers.render.spark import Clock, clock, series
from handlers.render.totals import Total, summed, total_lines
from handlers.render.trend import trend_lines
from handlers.texts import Texts


def top_lines(report: Report, figures: Sequence[Figure], texts: Texts) -> list[str]:
    """Return the lines of totals, and of the first of *figures* over time, if there are any."""
    # Of some of the rows a line would show a rise or a fall that is none.
    time = None
    if report.is_whole:
        time = clock(report.held, report.labels, report.payload.get("range"))
    others = [name for name in report.labels if time is None or name not in time.columns]
    heading, totals = _totals(report, figures, texts)
    if time and not others:
        totals = [_over_time(report, total, time) for total in totals]
    lines = [cut(heading, WIDTH), *total_lines(totals, texts)] if totals else []
    if time and others and figures:
        trend = trend_lines(report.held, paired(others), figures[0], time, texts)
        lines += ["", *trend] if lines and trend else trend
    return lines


def is_bare(report: Report) -> bool:
    """Tell whether the only row of *report* has no name: it is the total."""
    return len(report.rows) == 1 and not any(name in report.sent for name in report.labels)


def _totals(report: Report, figures: Sequence[Figure], texts: Texts) -> tuple[str, Sequence[Total]]:
    summary = report.rows[0] if report.summary is None and is_bare(report) else report.summary
    before = report.previous if report.has_totals else None
    if summary is not None:
        totals = [Total(figure, figure.value(summary)) for figure in figures]
        heading = texts.total
    elif len(report.held) > 1 or report.is_compared:
        totals = [Total(figure, summed(report.held, figure)) for figure in figures]
        heading = _sum_of(report, texts)
        if not any(isinstance(total.value, Decimal) for total in totals):
            return "", ()
    else:
        return "", ()
    return heading, [
        Total(total.figure, total.value, UNKNOWN if before is None else total.figure.value(before))
        for total in totals
    ]


def _sum_of(report: Report, texts: Texts) -> str:
    if report.is_whole:
        return texts.figures_sum
    held, found = counted(len(report.held), texts), counted(report.total, texts)
    return texts.figures_sum_part.format(held=held, found=found)


def _over_time(report: Report, total: Total, time: Clock) -> Total:
    return Total(total.figure, total.value, total.before, series(report.held, total.figure, time))
