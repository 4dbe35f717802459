"""What a phrase has said, piece by piece, and the request that comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from handlers.stats.dimensions import LOG_COLUMNS, LOG_TIMES, TIMES
from handlers.stats.groupings import Grouping, groupings
from handlers.stats.measures import MEASURES, USUAL, WORSE_WHEN_HIGH
from handlers.stats.period import Period
from handlers.stats.query import Kind
from handlers.stats.rule import Rhythm
from handlers.stats.rule_words import Time

Output = Literal["", "csv", "xlsx", "chart"]
LOG_ROWS, LOG_ROWS_MOST, REPORT_ROWS_MOST, TOP = 50, 10_000, 100_000, 10


@dataclass(frozen=True)
class Either:
    """A word that is a *period*, or a *grouping* where another period is said."""

    period: Period
    grouping: Grouping


@dataclass
class Said:
    """The pieces of a phrase; what nobody has said is empty."""

    period: Period | None = None
    groupings: list[Grouping | Either] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    filters: list[dict[str, Any]] = field(default_factory=list)
    sort: tuple[str, str] | None = None
    rank: str = ""
    limit: int | None = None
    output: Output = ""
    rhythm: Rhythm | None = None
    time: Time | None = None
    cleared: list[Grouping] = field(default_factory=list)
    is_cleared: bool = False

    def settle(self) -> None:
        """Decide for each word that is a period or a grouping which of the two it is."""
        settled: list[Grouping | Either] = []
        for each in self.groupings:
            if isinstance(each, Grouping):
                settled.append(each)
            elif self.period is None:
                self.period = each.period
            else:
                settled.append(each.grouping)
        self.groupings = settled

    @property
    def columns(self) -> list[str]:
        """The columns of all groupings, each once; those of one grouping stay together."""
        columns: list[str] = []
        for each in self.groupings:
            if isinstance(each, Grouping):
                there = [columns.index(name) for name in each.columns if name in columns]
                place = min(there, default=len(columns))
                columns = [name for name in columns if name not in each.columns]
                columns[place:place] = each.columns
        return columns

    def order(self, measures: list[str]) -> list[dict[str, str]]:
        """Return the sort that was said, of a report of *measures*."""
        name, order = self.sort or ("", "")
        if not name and self.rank == "worst":
            name = "profit"
        if not name and self.rank:
            name = measures[0] if measures else "clicks"
        return [{"name": name, "order": order or _order(name, self.rank)}] if name else []


def _order(name: str, rank: str) -> str:
    if name not in MEASURES and not rank:
        is_amount = name in {"cost", "revenue", *LOG_TIMES.values()}
        return "DESC" if is_amount else "ASC"
    is_low = rank == "bottom" or (
        rank in {"best", "worst"} and (rank == "worst") is (name not in WORSE_WHEN_HIGH)
    )
    return "ASC" if is_low else "DESC"


def body_of(said: Said, kind: Kind) -> dict[str, Any]:
    """Return the request for what was *said*, in Keitaro's words."""
    if kind != "report":
        return _log_body(said, kind)
    dimensions = _dated(said.columns or rows_of(said), said.period)
    measures = said.measures or list(USUAL)
    sort = said.order(measures)
    body: dict[str, Any] = {
        "dimensions": dimensions,
        "measures": with_sorted(measures, sort),
        "filters": said.filters,
        "sort": sort or usual_sort(dimensions, measures),
        "limit": said.limit,
        "summary": True,
    }
    return {key: value for key, value in body.items() if value or key in {"dimensions", "summary"}}


def _dated(dimensions: list[str], period: Period | None) -> list[str]:
    """Return *dimensions*, in a period of hours with their dates: it reaches over midnight."""
    if period is None or period.unit != "hour" or "day" in dimensions:
        return dimensions
    return ["day_hour" if name == "hour" else name for name in dimensions]


def rows_of(said: Said) -> list[str]:
    """Return what a phrase without a grouping is of, if it makes sense only with rows.

    That is what is sorted by, or campaigns.
    """
    is_of_rows = said.rank or said.sort or any(each["name"] in MEASURES for each in said.filters)
    if not is_of_rows:
        return []
    if said.sort and said.sort[0] not in MEASURES:
        return [said.sort[0]]
    return list(next(each.columns for each in groupings("report") if "campaign" in each.columns))


def with_sorted(measures: list[str], sort: Iterable[dict[str, Any]]) -> list[str]:
    """Return *measures* with what is sorted by, so that it is seen."""
    names = (each["name"] for each in sort if each["name"] in MEASURES)
    return list(dict.fromkeys([*measures, *names]))


def usual_sort(dimensions: list[str], measures: list[str]) -> list[dict[str, str]]:
    """Return the sort where nobody has said any: by time, else the most first."""
    sort = [{"name": name, "order": "ASC"} for name in dimensions if name in TIMES]
    if len(sort) < len(dimensions) and measures:
        sort.append({"name": measures[0], "order": "DESC"})
    return sort


def _log_body(said: Said, kind: Kind) -> dict[str, Any]:
    time = LOG_TIMES[kind]
    columns = list(dict.fromkeys([time, *said.columns])) if said.columns else [*LOG_COLUMNS[kind]]
    sort = said.order([time]) if said.sort else []
    body = {
        "columns": list(dict.fromkeys([*columns, *(each["name"] for each in sort)])),
        "filters": said.filters,
        "sort": sort or [{"name": time, "order": "DESC"}],
        "limit": said.limit or LOG_ROWS,
    }
    return {key: value for key, value in body.items() if value}
