"""What each role of a word does to a phrase that is being read."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from handlers.stats.conditions import read_condition
from handlers.stats.dimensions import DIMENSIONS
from handlers.stats.draft import Draft
from handlers.stats.faults import PhraseFault
from handlers.stats.groupings import Grouping
from handlers.stats.measures import Measure
from handlers.stats.operators import read_figure
from handlers.stats.period_words import is_counted, is_period
from handlers.stats.rule import Rhythm
from handlers.stats.rule_words import Time, is_time, read_minute, read_time, rule_examples
from handlers.stats.said import Either
from handlers.stats.tokens import Line
from handlers.stats.words import Role, Word

_COLUMNS = frozenset({"measure", "grouping", "either"})


def _period(draft: Draft, word: Word) -> None:
    draft.set_period(word.value)


def _either(draft: Draft, word: Word) -> None:
    period, grouping = word.value
    found = read_condition(draft.line, grouping)
    if found:
        draft.add_filter(found)
    else:
        draft.said.groupings.append(Either(period, grouping))


def _grouping(draft: Draft, word: Word) -> None:
    found = read_condition(draft.line, word.value)
    if found:
        draft.add_filter(found)
    else:
        draft.said.groupings.append(word.value)


def _measure(draft: Draft, word: Word) -> None:
    name = word.value.name
    found = read_figure(draft.line, name)
    if found:
        draft.add_filter(found)
    elif name not in draft.said.measures:
        draft.said.measures.append(name)


def _output(draft: Draft, word: Word) -> None:
    if draft.said.output not in {"", word.value}:
        raise draft.refuse("twice")
    draft.said.output = word.value


def _rank(draft: Draft, word: Word) -> None:
    draft.set_rank(word.value, draft.read_count())


def _limit(draft: Draft, _word: Word) -> None:
    count = draft.read_count()
    if count is None:
        raise draft.refuse("number")
    draft.set_limit(count)


def _sort(draft: Draft, _word: Word) -> None:
    line = draft.line
    found = line.meaning()
    if found and found[0].role == "by":
        line.skip(found[1])
        found = line.meaning()
    if not found or found[0].role not in _COLUMNS:
        raise draft.refuse("sort", "sort by profit", "sort by cost asc")
    line.skip(found[1])
    word = found[0]
    name = word.value.name if isinstance(word.value, Measure) else _of(word).columns[-1]
    draft.set_sort(name, _read_order(draft))


def _read_order(draft: Draft) -> str:
    found = draft.line.meaning()
    if not found or found[0].role != "order":
        return ""
    draft.line.skip(found[1])
    return str(found[0].value)


def _order(draft: Draft, word: Word) -> None:
    sort = draft.said.sort
    if not sort or sort[1]:
        raise draft.refuse("sort", "sort by profit", "sort by cost asc")
    draft.said.sort = sort[0], word.value


def _by(draft: Draft, _word: Word) -> None:
    found = draft.line.meaning()
    if not found or found[0].role not in _COLUMNS:
        raise draft.refuse("by", "by country", "by day", "по странам")
    word, length = found
    draft.line.skip(length)
    if isinstance(word.value, Measure):
        draft.set_sort(word.value.name, _read_order(draft))
        return
    if _is_amount(_of(word)):
        draft.set_sort(_of(word).exact, _read_order(draft))
        return
    draft.said.groupings.append(_of(word))
    condition = read_condition(draft.line, _of(word))
    if condition:
        draft.add_filter(condition)


def _is_amount(grouping: Grouping) -> bool:
    """Tell whether it is a figure of a log, by which lines are sorted."""
    dimension = DIMENSIONS[grouping.exact]
    return dimension.where != "report" and dimension.values == "number"


def _of(word: Word) -> Grouping:
    grouping: Grouping = word.value[1] if word.role == "either" else word.value
    return grouping


def _where(draft: Draft, _word: Word) -> None:
    found = draft.line.meaning()
    if not found or found[0].role not in _COLUMNS | {"not", "losing"}:
        raise draft.refuse("value", "where clicks > 100", "где roi < 0")
    word, length = found
    if isinstance(word.value, Measure):
        draft.line.skip(length)
        condition = read_figure(draft.line, word.value.name)
        if condition is None:
            raise draft.refuse("value", "where clicks > 100", "где roi < 0")
        draft.add_filter(condition)


def _not(draft: Draft, _word: Word) -> None:
    found = draft.line.meaning()
    if not found or found[0].role not in _COLUMNS:
        raise draft.refuse("value", "not country DE", "кроме страны DE")
    word, length = found
    draft.line.skip(length)
    if isinstance(word.value, Measure):
        condition = read_figure(draft.line, word.value.name, is_denied=True)
    else:
        condition = read_condition(draft.line, _of(word), is_denied=True)
    if condition is None:
        raise draft.refuse("value", "not country DE", "кроме страны DE")
    draft.add_filter(condition)


def _losing(draft: Draft, word: Word) -> None:
    draft.add_filter({"name": "profit", "operator": word.value, "expression": 0})
    draft.set_sort("profit", "ASC" if word.value == "LESS_THAN" else "DESC")


def _rule(draft: Draft, word: Word) -> None:
    if draft.said.rhythm:
        raise draft.refuse("twice")
    draft.said.rhythm = word.value
    time = _read_time(draft.line, word.value)
    if time:
        draft.set_time(time)


def _often(draft: Draft, word: Word) -> None:
    rhythm, grouping = word.value
    time = _read_time(draft.line, rhythm)
    if not (time or draft.said.time or draft.repeats):
        draft.said.groupings.append(grouping)
        return
    _rule(draft, Word("rule", rhythm))
    if time:
        draft.set_time(time)


def _read_time(line: Line[Word], rhythm: Rhythm) -> Time | None:
    """Read the time right behind *rhythm*; there 9.05 is one, and no date."""
    if is_counted(line) or (is_period(line) and not is_time(line)):
        return None
    if rhythm == "hour":
        minute = read_minute(line)
        if minute:
            return minute
    return read_time(line, is_expected=True)


def _clear(draft: Draft, _word: Word) -> None:
    draft.said.is_cleared = True


def _all(draft: Draft, word: Word) -> None:
    draft.said.cleared.append(word.value)


def _refused(reason: PhraseFault, *fits: str) -> "Callable[[Draft, Word], None]":
    def refuse(draft: Draft, _word: Word) -> None:
        raise draft.refuse(reason, *fits)

    return refuse


def _pass(_draft: Draft, _word: Word) -> None:
    """Pass over a word that says nothing."""


ACTS: Mapping[Role, Callable[[Draft, Word], None]] = MappingProxyType(
    {
        "period": _period,
        "either": _either,
        "grouping": _grouping,
        "measure": _measure,
        "output": _output,
        "rank": _rank,
        "limit": _limit,
        "sort": _sort,
        "order": _order,
        "by": _by,
        "where": _where,
        "operator": _refused("place"),
        "not": _not,
        "losing": _losing,
        "rule": _rule,
        "often": _often,
        "at": _refused("time", "9:00", "18:30"),
        "clear": _clear,
        "all": _all,
        "every": _refused("every", *rule_examples()),
        "or": _refused("or"),
        "noise": _pass,
    }
)
