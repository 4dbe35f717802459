"""What a chart shows; it is drawn elsewhere."""

from dataclasses import dataclass
from typing import Any, Literal

SERIES_MOST = 8
# Bars of one panel, and the names they stand at.
BARS_MOST, ROWS_MOST, ROWS_LEAST = 24, 15, 3
FigureKind = Literal["count", "money", "percent", "number"]
PANELS: tuple[FigureKind, ...] = ("count", "money", "percent", "number")


@dataclass(frozen=True)
class Series:
    """One figure for each label of its chart; None where there is none.

    Only figures of one *kind* share an axis.
    """

    name: str
    values: tuple[float | None, ...]
    kind: FigureKind = "count"


@dataclass(frozen=True)
class Chart:
    """Lines through the *labels*, which are moments in their order, or bars at each of them.

    Of many *series* the first eight are drawn, of many labels with bars the first that fit; how
    many things are missing then is said by *left_out*, in which `{count}` stands for it. *group*,
    *point* and *percent* are how the language writes numbers, *footer* are lines below.
    """

    kind: Literal["lines", "bars"]
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    footer: tuple[str, ...] = ()
    left_out: str = ""
    group: str = ","
    point: str = "."
    percent: str = "%"

    @property
    def drawn(self) -> tuple[Series, ...]:
        """The series that are drawn."""
        return self.series[:SERIES_MOST]

    @property
    def panels(self) -> list[tuple[Series, ...]]:
        """The series that are drawn, those of a kind together."""
        together = (tuple(one for one in self.drawn if one.kind == kind) for kind in PANELS)
        return [panel for panel in together if panel]

    @property
    def rows(self) -> int:
        """How many of the labels are drawn."""
        if self.kind == "lines":
            return len(self.labels)
        most = BARS_MOST // max((len(panel) for panel in self.panels), default=1)
        return min(len(self.labels), max(ROWS_LEAST, min(ROWS_MOST, most)))

    @property
    def missing(self) -> int:
        """How many series and labels are not drawn."""
        return len(self.series) - len(self.drawn) + len(self.labels) - self.rows


def read_chart(raw: dict[str, Any]) -> Chart:
    """Return the chart of which *raw* is the JSON."""
    series = tuple(Series(one["name"], tuple(one["values"]), one["kind"]) for one in raw["series"])
    lists = {"labels": tuple(raw["labels"]), "series": series, "footer": tuple(raw["footer"])}
    return Chart(**{**raw, **lists})
