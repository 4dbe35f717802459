"""A report as a chart: lines where it goes over time, bars for the rest."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from handlers.render.cells import cut
from handlers.render.figure import Figure, Row, figure
from handlers.render.footer import FIGURES_MOST, counted
from handlers.render.html import plain
from handlers.render.label import label_of, paired
from handlers.render.report import Report
from handlers.render.spans import span_line
from handlers.render.spark import Clock, clock, series
from handlers.render.times import HOURS, slot_name
from handlers.texts import Texts
from paper import SERIES_MOST, Chart, Series

LABEL_CELLS = 40
# Figures that tell the same story in other words only crowd a chart.
OF_A_KIND = {"count": 1, "money": 3, "percent": 1}

Line = Sequence[Decimal | None]


def chart_for(report: Report, texts: Texts) -> Chart | None:
    """Return the chart of *report*, or None if there is nothing to draw."""
    figures = [figure(name, report.currency, texts) for name in report.figures[:FIGURES_MOST]]
    figures = [one for one in figures if any(_is_known(one, row) for row in report.held)]
    if not figures:
        return None
    time = clock(report.held, report.labels, report.payload.get("range"))
    if time is None:
        return _bars(report, _lead(report, figures), texts)
    others = [name for name in report.labels if name not in time.columns]
    if others:
        lines = _lines_by_name(report, _lead(report, figures), others, time)
    else:
        chosen = _chosen(figures)
        lines = [_series(one.heading, one, series(report.held, one, time)) for one in chosen]
    heading = _lead(report, figures).heading if others else ""
    return _chart(report, "lines", _moments(time), lines, texts, heading)


def _bars(report: Report, lead: Figure, texts: Texts) -> Chart:
    names = paired([name for name in report.labels if name in report.sent])
    rows = [row for row in report.held if _is_known(lead, row)]
    labels = tuple(cut(label_of(row, names), LABEL_CELLS) for row in rows)
    values = [value if isinstance(value := lead.value(row), Decimal) else None for row in rows]
    only = _series(lead.heading, lead, values)
    return _chart(report, "bars", labels, [only], texts, "")


def _lines_by_name(report: Report, lead: Figure, others: list[str], time: Clock) -> list[Series]:
    """Return a line for each name, those with most of *lead* first."""
    names = paired(others)
    groups: dict[str, list[Row]] = {}
    for row in report.held:
        groups.setdefault(label_of(row, names), []).append(row)
    known = {label: series(rows, lead, time) for label, rows in groups.items()}
    if lead.is_added:
        known = dict(sorted(known.items(), key=lambda one: -_sum(one[1])))
    return [_series(cut(label, LABEL_CELLS), lead, values) for label, values in known.items()]


def _chart(
    report: Report,
    kind: Literal["lines", "bars"],
    labels: tuple[str, ...],
    lines: list[Series],
    texts: Texts,
    heading: str,
) -> Chart:
    title = " · ".join(part for part in (report.words or report.tracker, heading) if part)
    span = plain(span_line(report.payload.get("range"), report.at, texts))
    return Chart(
        kind,
        title,
        labels,
        tuple(lines),
        footer=(f"{report.tracker} · {span}", *_part(report, texts)),
        left_out=texts.stats_chart_left.format(count="{count}"),
        group=texts.numbers.group,
        point=texts.numbers.point,
    )


def _part(report: Report, texts: Texts) -> list[str]:
    """Return of how many rows the chart is, where there are more."""
    if report.is_whole:
        return []
    shown, found = counted(len(report.held), texts), counted(report.total, texts)
    return [texts.report_rows.format(shown=shown, found=found)]


def _lead(report: Report, figures: Sequence[Figure]) -> Figure:
    """Return the figure that rows are sorted by, or the first."""
    order: Any = report.payload.get("sort")
    wished = [one.get("name") for one in order if isinstance(one, dict)] if order else []
    return next((one for name in wished for one in figures if one.name == name), figures[0])


def _chosen(figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures to draw over time: of each kind as many as can be told apart."""
    chosen: list[Figure] = []
    for kind, most in OF_A_KIND.items():
        chosen += [one for one in figures if _kind(one) == kind][:most]
    return chosen[:SERIES_MOST]


def _series(name: str, lead: Figure, values: Line) -> Series:
    numbers = tuple(None if value is None else float(value) for value in values)
    return Series(name, numbers, _kind(lead))


def _kind(lead: Figure) -> Literal["count", "money", "percent"]:
    match lead.kind:
        case "money" | "percent" as kind:
            return kind
        case _:
            return "count"


def _moments(time: Clock) -> tuple[str, ...]:
    """Return what the times of *time* are called."""
    slots = range(time.first, time.first + time.count)
    match time.columns:
        case ("day",):
            return tuple(_day(slot) for slot in slots)
        case ("hour",):
            return tuple(f"{slot:02d}:00" for slot in slots)
        case ("week" | "month" as column,):
            return tuple(slot_name(slot, column) for slot in slots)
        case _:
            return tuple(f"{_day(slot // HOURS)} {slot % HOURS:02d}:00" for slot in slots)


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).strftime("%m-%d")


def _is_known(lead: Figure, row: Row) -> bool:
    return isinstance(lead.value(row), Decimal)


def _sum(values: Line) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))
