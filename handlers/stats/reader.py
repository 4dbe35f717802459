"""A phrase is read: word by word, each of them doing what its role is."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches

from handlers.faults import PhraseError
from handlers.stats.conditions import Filter, read_figure, read_values
from handlers.stats.groupings import Grouping
from handlers.stats.measures import MEASURES, Measure
from handlers.stats.period import Period
from handlers.stats.period_words import read_period
from handlers.stats.query import Kind
from handlers.stats.rule_words import read_time, rule_examples
from handlers.stats.said import LOG_ROWS_MOST, REPORT_ROWS_MOST, TOP, Either, Said
from handlers.stats.tokens import SHOWN_MOST, Line
from handlers.stats.words import Word, vocabulary

FILTERS_MOST = 20
_NEAR, _NEAR_MOST = 0.7, 3
_COUNT = re.compile("[0-9]{1,9}")
_RANKED = re.compile("(top|топ)-?([0-9]{1,9})")


def read(text: str, *, kind: Kind, today: date) -> Said:
    """Return what *text* says of a request of *kind*.

    Raises:
        PhraseError: A word cannot be read, or does not fit.
    """
    return _Reader(text, kind, today).read()


class _Reader:
    def __init__(self, text: str, kind: Kind, today: date) -> None:
        self.line: Line[Word] = Line(text, vocabulary(kind))
        self.kind: Kind = kind
        self.today = today
        self.said = Said()

    def read(self) -> Said:
        said = self.said
        while self.line.token:
            if not (self.line.skip_comma() or self._read_number() or self._read_word()):
                self._refuse()
        said.settle()
        if said.time and not said.rhythm:
            raise PhraseError(_clock(said.time), "every", rule_examples())
        if self.line.tokens and said == Said():
            raise PhraseError(self.line.shown(), "place")
        return said

    def _read_number(self) -> bool:
        """Read what begins with a number: a period, a time, or a ranking in one word."""
        period = read_period(self.line, self.today)
        if period:
            self._set_period(period)
            return True
        time = read_time(self.line, is_expected=False)
        if time:
            self._set_time(time)
            return True
        ranked = _RANKED.fullmatch(self.line.word())
        if ranked:
            self.line.skip()
            self._set_rank("top", int(ranked[2]))
        return bool(ranked)

    def _read_word(self) -> bool:
        found = self.line.meaning()
        if found is None:
            return False
        word, length = found
        self.line.skip(length)
        _ACTS[word.role](self, word)
        return True

    def _refuse(self) -> None:
        token = self.line.token
        word = token.text[:SHOWN_MOST] if token else ""
        if token and token.kind == "word":
            if word.startswith(("{", "[")):
                raise PhraseError(word, "json")
            if self.kind != "report" and token.folded in vocabulary("report"):
                raise PhraseError(word, "log")
            near = get_close_matches(
                token.folded[:SHOWN_MOST], self.line.vocabulary, n=_NEAR_MOST, cutoff=_NEAR
            )
            raise PhraseError(word, "unknown", tuple(near))
        raise PhraseError(word, "place")

    def _set_period(self, period: Period) -> None:
        if self.said.period not in {None, period}:
            raise PhraseError(self.line.shown(), "twice")
        self.said.period = period

    def _set_time(self, time: tuple[int, int]) -> None:
        if self.said.time:
            raise PhraseError(self.line.shown(), "twice")
        self.said.time = time

    def _set_rank(self, rank: str, count: int | None) -> None:
        if self.said.rank:
            raise PhraseError(self.line.shown(), "twice")
        self.said.rank = rank
        self._set_limit(TOP if count is None else count)

    def _set_limit(self, count: int) -> None:
        most = REPORT_ROWS_MOST if self.kind == "report" else LOG_ROWS_MOST
        if not 0 < count <= most:
            raise PhraseError(self.line.shown(), "limit", (str(most),))
        if self.said.limit is not None:
            raise PhraseError(self.line.shown(), "twice")
        self.said.limit = count

    def _set_sort(self, name: str, order: str) -> None:
        if self.said.sort:
            raise PhraseError(self.line.shown(), "twice")
        self.said.sort = name, order

    def _add_filter(self, found: Filter) -> None:
        same = (found["name"], found["operator"])
        if same in {(each["name"], each["operator"]) for each in self.said.filters}:
            raise PhraseError(self.line.shown(), "twice")
        if len(self.said.filters) >= FILTERS_MOST:
            raise PhraseError(self.line.shown(), "many", (str(FILTERS_MOST),))
        self.said.filters.append(found)

    def _count(self) -> int | None:
        word = self.line.word()
        if not _COUNT.fullmatch(word):
            return None
        self.line.skip()
        return int(word)

    def _period(self, word: Word) -> None:
        self._set_period(word.value)

    def _either(self, word: Word) -> None:
        period, grouping = word.value
        found = read_values(self.line, grouping)
        if found:
            self._add_filter(found)
        else:
            self.said.groupings.append(Either(period, grouping))

    def _grouping(self, word: Word) -> None:
        found = read_values(self.line, word.value)
        if found:
            self._add_filter(found)
        else:
            self.said.groupings.append(word.value)

    def _measure(self, word: Word) -> None:
        name = word.value.name
        found = read_figure(self.line, name)
        if found:
            self._add_filter(found)
        elif name not in self.said.measures:
            self.said.measures.append(name)

    def _output(self, word: Word) -> None:
        if self.said.output not in {"", word.value}:
            raise PhraseError(self.line.shown(), "twice")
        self.said.output = word.value

    def _rank(self, word: Word) -> None:
        self._set_rank(word.value, self._count())

    def _limit(self, _word: Word) -> None:
        said, count = self.line.shown(), self._count()
        if count is None:
            raise PhraseError(said, "number")
        self._set_limit(count)

    def _sort(self, _word: Word) -> None:
        said, found = self.line.shown(), self.line.meaning()
        if found and found[0].role == "by":
            self.line.skip(found[1])
            found = self.line.meaning()
        if not found or found[0].role not in {"measure", "grouping", "either"}:
            raise PhraseError(said, "sort", ("sort by profit", "sort by cost asc"))
        self.line.skip(found[1])
        self._set_sort(_column(found[0]), self._order())

    def _order(self) -> str:
        found = self.line.meaning()
        if not found or found[0].role != "order":
            return ""
        self.line.skip(found[1])
        return str(found[0].value)

    def _ordered(self, word: Word) -> None:
        sort = self.said.sort
        if not sort or sort[1]:
            raise PhraseError(self.line.shown(), "sort", ("sort by profit", "sort by cost asc"))
        self.said.sort = sort[0], word.value

    def _by(self, _word: Word) -> None:
        said, found = self.line.shown(), self.line.meaning()
        if not found or found[0].role not in {"measure", "grouping", "either"}:
            raise PhraseError(said, "by", ("by country", "by day", "по странам"))
        word, length = found
        self.line.skip(length)
        if isinstance(word.value, Measure):
            self._set_sort(word.value.name, self._order())
            return
        grouping = word.value[1] if word.role == "either" else word.value
        self.said.groupings.append(grouping)
        found_filter = read_values(self.line, grouping)
        if found_filter:
            self._add_filter(found_filter)

    def _where(self, word: Word) -> None:
        found = self.line.meaning()
        if not found or found[0].role not in {"measure", "grouping", "either", "not", "losing"}:
            raise PhraseError(self.line.shown(), "value", ("where clicks > 100", "где roi < 0"))

    def _not(self, _word: Word) -> None:
        said, found = self.line.shown(), self.line.meaning()
        if not found or found[0].role not in {"grouping", "either"}:
            raise PhraseError(said, "value", ("not country DE", "кроме страны DE"))
        self.line.skip(found[1])
        grouping: Grouping = found[0].value[1] if found[0].role == "either" else found[0].value
        denied = read_values(self.line, grouping, is_denied=True)
        if denied:
            self._add_filter(denied)

    def _losing(self, word: Word) -> None:
        self._add_filter({"name": "profit", "operator": word.value, "expression": 0})
        self._set_sort("profit", "ASC" if word.value == "LESS_THAN" else "DESC")

    def _rule(self, word: Word) -> None:
        if self.said.rhythm:
            raise PhraseError(self.line.shown(), "twice")
        self.said.rhythm = word.value
        time = read_time(self.line, is_expected=True)
        if time:
            self._set_time(time)

    def _clear(self, _word: Word) -> None:
        self.said.is_cleared = True

    def _all(self, word: Word) -> None:
        self.said.cleared.append(word.value)

    def _misplaced(self, word: Word) -> None:
        fits = rule_examples() if word.role == "every" else ()
        reasons = {"every": "every", "or": "or", "at": "time"}
        raise PhraseError(self.line.shown(), reasons.get(word.role, "place"), fits)  # type: ignore[arg-type]  # the reasons above

    def _pass(self, _word: Word) -> None:
        """Pass over a word that says nothing."""


_ACTS: Mapping[str, Callable[[_Reader, Word], None]] = {
    "period": _Reader._period,
    "either": _Reader._either,
    "grouping": _Reader._grouping,
    "measure": _Reader._measure,
    "output": _Reader._output,
    "rank": _Reader._rank,
    "limit": _Reader._limit,
    "sort": _Reader._sort,
    "order": _Reader._ordered,
    "by": _Reader._by,
    "where": _Reader._where,
    "operator": _Reader._misplaced,
    "not": _Reader._not,
    "losing": _Reader._losing,
    "rule": _Reader._rule,
    "at": _Reader._misplaced,
    "clear": _Reader._clear,
    "all": _Reader._all,
    "every": _Reader._misplaced,
    "or": _Reader._misplaced,
    "noise": _Reader._pass,
}


def _column(word: Word) -> str:
    """Return the column that sorting by *word* means."""
    if isinstance(word.value, Measure):
        return word.value.name
    grouping: Grouping = word.value[1] if word.role == "either" else word.value
    return grouping.columns[-1]


def _clock(time: tuple[int, int]) -> str:
    return f"{time[0]}:{time[1]:02}"
