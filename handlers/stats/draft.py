"""A phrase while it is being read: its words, and what they have said so far."""

import re
from datetime import date

from handlers.stats.faults import PhraseError, PhraseFault
from handlers.stats.operators import Filter
from handlers.stats.period import Period
from handlers.stats.query import Kind
from handlers.stats.rule_words import Time
from handlers.stats.said import LOG_ROWS_MOST, REPORT_ROWS_MOST, TOP, Said
from handlers.stats.tokens import Line
from handlers.stats.words import Word, vocabulary

FILTERS_MOST = 20
_COUNT = re.compile("[0-9]{1,9}")


class Draft:
    """The *line* that is read, of a request of *kind*, and what was *said* in it.

    One that *repeats* is for a schedule.

    Whatever is set twice, or cannot be set, is a PhraseError.
    """

    def __init__(self, text: str, kind: Kind, today: date, *, repeats: bool) -> None:
        self.line: Line[Word] = Line(text, vocabulary(kind))
        self.kind: Kind = kind
        self.today = today
        self.repeats = repeats
        self.said = Said()

    def refuse(self, reason: PhraseFault, *fits: str) -> PhraseError:
        """Return the error for the last word."""
        return PhraseError(self.line.shown(), reason, fits)

    def set_period(self, period: Period) -> None:
        """Set the time that figures are of."""
        if self.said.period not in {None, period}:
            raise self.refuse("twice")
        self.said.period = period

    def set_time(self, time: Time) -> None:
        """Set at what time of the day it is done again."""
        if self.said.time:
            raise self.refuse("twice")
        self.said.time = time

    def set_rank(self, rank: str, count: int | None) -> None:
        """Set from which end how many rows are shown."""
        if self.said.rank:
            raise self.refuse("twice")
        self.said.rank = rank
        self.set_limit(TOP if count is None else count)

    def set_limit(self, count: int) -> None:
        """Set how many rows are shown."""
        most = REPORT_ROWS_MOST if self.kind == "report" else LOG_ROWS_MOST
        if not 0 < count <= most:
            raise self.refuse("limit", str(most))
        if self.said.limit is not None:
            raise self.refuse("twice")
        self.said.limit = count

    def set_sort(self, name: str, order: str) -> None:
        """Set what rows are sorted by; an empty *order* is what is usual for it."""
        if self.said.sort:
            raise self.refuse("twice")
        self.said.sort = name, order

    def add_filter(self, found: Filter) -> None:
        """Add one more condition."""
        known = {(each["name"], each["operator"]) for each in self.said.filters}
        if (found["name"], found["operator"]) in known:
            raise self.refuse("twice")
        if len(self.said.filters) >= FILTERS_MOST:
            raise self.refuse("many", str(FILTERS_MOST))
        self.said.filters.append(found)

    def read_count(self) -> int | None:
        """Read a whole number, if one stands here."""
        word = self.line.word()
        if not _COUNT.fullmatch(word):
            return None
        self.line.skip()
        return int(word)
