"""The lines and the bars of one panel, whose figures share an axis."""

import math
from collections.abc import Container, Sequence

from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import blended_transform_factory

from paper.chart import Chart, Series
from paper.figure import as_figure, written
from paper.glyphs import showable

# Dark enough on white, and told apart by people who see no red or no green.
COLOURS = (
    "#0057b7",
    "#d1495b",
    "#00806a",
    "#b26a00",
    "#7b3fa0",
    "#008fb5",
    "#5b6770",
    "#a8327e",
)
STYLES = ("-", "-", "-", "-", "--", "--", "--", "--")
MARKED_MOST = 40
NAME_SIGNS, HALF_SIGNS, ROW_SIGNS, TICK_SIGNS = 40, 16, 20, 12
ZERO = "#14171a"
# How much of the width beside the names one sign of a figure takes, and all of them at most.
SIGN_WIDTH, SIGNS_WIDTH_MOST = 0.024, 0.4
# How many signs have room below a panel.
AXIS_SIGNS = 42


def draw_lines(
    axes: Axes, chart: Chart, panel: Sequence[Series], *, number: int, glyphs: Container[int]
) -> None:
    """Draw a line for each series of *panel*; the first is the chart's series *number*."""
    places = range(len(chart.labels))
    drawn = []
    for shift, one in enumerate(panel, number):
        style = shift % len(COLOURS)
        [line] = axes.plot(
            places,
            _values(one, len(places)),
            color=COLOURS[style],
            linestyle=STYLES[style],
            marker="o" if len(places) <= MARKED_MOST else "",
            markersize=7,
        )
        drawn.append(line)
    _name_moments(axes, chart, glyphs)
    _scale(axes, chart, panel, is_upright=True)
    _name_series(axes, panel, drawn, glyphs)


def draw_bars(
    axes: Axes, chart: Chart, panel: Sequence[Series], *, number: int, glyphs: Container[int]
) -> None:
    """Draw bars from left to right, those of the first label on top, with their figures."""
    rows = chart.rows
    thickness = 0.8 / len(panel)
    drawn, least, most, longest = [], 0.0, 0.0, 1
    for place, one in enumerate(panel):
        values = _values(one, rows)
        at = [row + (place - (len(panel) - 1) / 2) * thickness for row in range(rows)]
        lengths = [0.0 if math.isnan(value) else value for value in values]
        colour = COLOURS[(number + place) % len(COLOURS)]
        bars = axes.barh(at, lengths, height=thickness * 0.9, color=colour)
        said = ["–" if math.isnan(value) else written(value, one.kind, chart) for value in values]
        axes.bar_label(bars, said, padding=5, fontsize=13)
        drawn.append(bars)
        least, most = min(least, *lengths, 0.0), max(most, *lengths, 0.0)
        longest = max(longest, *map(len, said), 1)
    names = [showable(label, ROW_SIGNS, glyphs=glyphs) for label in chart.labels[:rows]]
    axes.set_yticks(range(rows), names, fontsize=14)
    axes.set_ylim(max(rows, 1) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    _scale(axes, chart, panel, is_upright=False)
    _make_room(axes, least, most, longest)
    _name_series(axes, panel, drawn, glyphs)


def _values(series: Series, count: int) -> list[float]:
    values = [as_figure(value) for value in series.values[:count]]
    return values + [math.nan] * (count - len(values))


def _scale(axes: Axes, chart: Chart, panel: Sequence[Series], *, is_upright: bool) -> None:
    """Put figures at their axis; where none is negative it begins with zero."""
    kind = panel[0].kind
    axis = axes.yaxis if is_upright else axes.xaxis
    figures = [as_figure(value) for one in panel for value in one.values]
    seen = [value for value in figures if not math.isnan(value)]
    whole = kind == "count" and all(value.is_integer() for value in seen)
    axis.set_major_locator(MaxNLocator(5 if is_upright else 4, integer=whole))
    axis.set_major_formatter(FuncFormatter(lambda value, _: written(value, kind, chart)))
    if is_upright:
        axes.grid(visible=True, axis="y", linewidth=1.2)
        axes.margins(y=0.12)
        if seen and min(seen) >= 0:
            axes.set_ylim(bottom=0, top=None if max(seen) else 1)
        if seen and min(seen) < 0 < max(seen):
            axes.axhline(0, color=ZERO, linewidth=1.5)
    else:
        axes.axvline(0, color=ZERO, linewidth=1.5)
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.set_xticks([])


def _make_room(axes: Axes, least: float, most: float, signs: int) -> None:
    """Leave room for figures of so many *signs* beyond the ends of their bars."""
    share = min(SIGN_WIDTH * (signs + 1), SIGNS_WIDTH_MOST)
    sides = 2 if least else 1
    room = (most - least or 1.0) * share / (1 - sides * share)
    axes.set_xlim(least - room if least else 0.0, most + room)


def _name_moments(axes: Axes, chart: Chart, glyphs: Container[int]) -> None:
    """Write as many of the labels as have room, the first among them."""
    names = [showable(label, TICK_SIGNS, glyphs=glyphs) for label in chart.labels]
    longest = max(map(len, names), default=1) + 2
    step = max(1, math.ceil(len(names) * longest / AXIS_SIGNS))
    places = range(0, len(names), step)
    axes.set_xticks(places, [names[place] for place in places])


def _name_series(
    axes: Axes,
    panel: Sequence[Series],
    drawn: Sequence[Line2D | BarContainer],
    glyphs: Container[int],
) -> None:
    names = [showable(one.name, NAME_SIGNS, glyphs=glyphs) for one in panel]
    axes.legend(
        drawn,
        names,
        loc="lower left",
        # From the left edge of the picture, where there is most room, just above the panel.
        bbox_to_anchor=(0.0, 1.0),
        bbox_transform=blended_transform_factory(axes.figure.transFigure, axes.transAxes),
        ncols=2 if len(names) > 1 and max(map(len, names)) <= HALF_SIGNS else 1,
        frameon=False,
        fontsize=14,
        handlelength=1.4,
        borderaxespad=0.2,
        labelspacing=0.3,
    )
