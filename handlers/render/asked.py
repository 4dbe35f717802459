"""What was asked of a tracker, and what came: rows, columns, totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from handlers.stats.period import Span

LABEL_OPTIONS = ("dimensions", "grouping")
FIGURE_OPTIONS = ("measures", "metrics", "columns")
# More rows than these are read in a file.
HELD_MOST = 1000


@dataclass(frozen=True)
class Report:
    """What was asked of one tracker and what it answered.

    *rows* are flat objects, *total* is how many the tracker found, None if it does not say so;
    *summary* are its own totals;
    *at* is when the answer came, in the time zone of the chat. *previous* is the summary of the
    period before, *compared*; None although it *is_compared* means that it could not be had.
    *currency* is that of all money, *words* is what was asked for in words.
    """

    payload: Mapping[str, Any]
    rows: Sequence[dict[str, Any]]
    total: int | None
    summary: Mapping[str, Any] | None
    tracker: str
    at: datetime
    previous: Mapping[str, Any] | None = None
    compared: Span | None = None
    is_compared: bool = False
    currency: str = ""
    words: str = ""

    @cached_property
    def held(self) -> Sequence[dict[str, Any]]:
        """The rows of which pages are made."""
        return self.rows[:HELD_MOST]

    @property
    def is_whole(self) -> bool:
        """Whether pages can be made of all the rows that there are."""
        return self.total is not None and len(self.held) >= self.total

    @property
    def has_totals(self) -> bool:
        """Whether there are totals of all rows, which may be compared with others."""
        return bool(self.rows) and (self.summary is not None or self.is_whole)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The columns that name a row, in the order they were asked for."""
        return self._asked(LABEL_OPTIONS)

    @cached_property
    def asked_figures(self) -> tuple[str, ...]:
        """The other columns that were asked for."""
        labels = frozenset(self.labels)
        return tuple(name for name in self._asked(FIGURE_OPTIONS) if name not in labels)

    @cached_property
    def sent(self) -> Mapping[str, None]:
        """The columns that the tracker sent, in their order."""
        return dict.fromkeys(name for row in self.rows for name in row)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The columns of figures to show: asked for and sent, then sent without being asked."""
        asked = tuple(name for name in self.asked_figures if name in self.sent)
        known = frozenset(asked + self.labels)
        return asked + tuple(name for name in self.sent if name not in known)

    @cached_property
    def dropped(self) -> tuple[str, ...]:
        """The columns that were asked for and that no row has; unknown while there is no row."""
        if not self.rows:
            return ()
        return tuple(name for name in self.labels + self.asked_figures if name not in self.sent)

    def _asked(self, options: Sequence[str]) -> tuple[str, ...]:
        names = [name for option in options for name in _list(self.payload.get(option))]
        return tuple(dict.fromkeys(names))


def _list(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
