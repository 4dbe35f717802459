"""Charts as pictures that can be read on a phone, whether it is light or dark around them."""

import io
import textwrap
from collections.abc import Container
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font

from paper.chart import Chart
from paper.glyphs import showable
from paper.panel import draw_bars, draw_lines

PIXELS_WIDE, DOTS_PER_INCH = 1080, 150
WIDTH = PIXELS_WIDE / DOTS_PER_INCH
BACKGROUND, INK, FAINT = "#ffffff", "#14171a", "#4a5259"
TITLE_SIGNS, TITLE_LINE, FOOTER_SIGNS = 120, 40, 62
LINES_INCHES, BAR_INCHES, LEGEND_INCHES, LINE_INCHES = 4.2, 0.36, 0.36, 0.26
HEIGHT_LEAST, HEIGHT_MOST = 4.5, 18.0
CROWDED = 3
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 15,
    # A dollar sign in a name is a dollar sign.
    "text.parse_math": False,
    "text.usetex": False,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": "#d5dade",
    "lines.linewidth": 3.2,
}


def draw(chart: Chart) -> bytes:
    """Return *chart* as a PNG, 1080 pixels wide."""
    with mpl.rc_context(STYLE):
        figure = laid_out(chart)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=DOTS_PER_INCH, facecolor=BACKGROUND)
        return out.getvalue()


def laid_out(chart: Chart) -> Figure:
    """Return the figure of *chart*: a title, a panel for each kind of figures, lines below."""
    glyphs = get_font(findfont("DejaVu Sans")).get_charmap()
    size = (WIDTH, _height(chart))
    figure = Figure(figsize=size, dpi=DOTS_PER_INCH, facecolor=BACKGROUND, layout="constrained")
    FigureCanvasAgg(figure)
    title = textwrap.fill(showable(chart.title, TITLE_SIGNS, glyphs=glyphs), TITLE_LINE)
    figure.suptitle(title, x=0.02, ha="left", fontsize=19, fontweight="bold")
    panels = chart.panels
    heights = [_panel_inches(chart, len(panel)) for panel in panels]
    if panels:
        grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)
        for place, panel in enumerate(panels):
            axes: Axes = grid[place][0]
            axes.set_facecolor(BACKGROUND)
            number = sum(len(one) for one in panels[:place])
            paint = draw_lines if chart.kind == "lines" else draw_bars
            paint(axes, chart, panel, number=number, glyphs=glyphs)
    _sign(figure, chart, glyphs)
    return figure


def _height(chart: Chart) -> float:
    inches = sum(_panel_inches(chart, len(panel)) for panel in chart.panels)
    around = 1.2 + LINE_INCHES * (len(chart.footer) + (chart.missing > 0))
    return min(max(inches + around, HEIGHT_LEAST), HEIGHT_MOST)


def _panel_inches(chart: Chart, series: int) -> float:
    legend = LEGEND_INCHES * series
    if chart.kind == "lines":
        shared = LINES_INCHES if len(chart.panels) < CROWDED else LINES_INCHES * 0.8
        return shared + legend
    return 0.6 + legend + max(chart.rows, 1) * (series * BAR_INCHES + 0.16)


def _sign(figure: Figure, chart: Chart, glyphs: Container[int]) -> None:
    """Write what the chart is of below it, and how much is missing."""
    lines = list(chart.footer)
    if chart.missing and chart.left_out:
        lines.append(chart.left_out.replace("{count}", str(chart.missing)))
    if lines:
        text = "\n".join(showable(line, FOOTER_SIGNS, glyphs=glyphs) for line in lines)
        figure.supxlabel(text, x=0.02, ha="left", fontsize=12, color=FAINT)
