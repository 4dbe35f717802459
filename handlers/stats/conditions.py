"""Conditions: what follows the name of a column and says which rows are meant."""

from typing import Any

from handlers.stats.faults import PhraseError
from handlers.stats.groupings import Grouping
from handlers.stats.operators import (
    COMPARISONS,
    LIST_OPERATORS,
    NO_VALUE,
    TEXT_ONLY,
    Filter,
    filter_of,
    is_number,
    opposite,
    read_numbers,
    read_operator,
)
from handlers.stats.period_words import is_period
from handlers.stats.tokens import Line
from handlers.stats.values import read_list
from handlers.stats.words import Word


def read_condition(
    line: Line[Word], grouping: Grouping, *, is_denied: bool = False
) -> Filter | None:
    """Read the values that *grouping* is to have, if any follow; *is_denied* if it is not to.

    Raises:
        PhraseError: A value is missing, or makes no sense.
    """
    operator = "" if _is_india(line, grouping) else read_operator(line)
    word = line.shown()
    if is_denied:
        operator = opposite(operator or "EQUALS", word)
    if operator in NO_VALUE:
        return {"name": grouping.exact, "operator": operator}
    if operator in TEXT_ONLY:
        return _matching(line, grouping, operator, word)
    if operator in COMPARISONS and grouping.values not in {"number", "time"}:
        raise PhraseError(word, "operator", ("=", "!=", "~", "!~"))
    name, values = _values(line, grouping, operator)
    if values:
        return _found(name, operator or "EQUALS", values)
    if operator:
        raise PhraseError(word, "number" if grouping.values == "number" else "value")
    return None


def _is_india(line: Line[Word], grouping: Grouping) -> bool:
    """Tell whether IN is a country here: in capitals, and no code of another one follows."""
    token, after = line.token, line.ahead(1)
    if grouping.values != "code" or token is None or token.text != "IN":
        return False
    return not (after and after.kind in {"word", "quoted"} and line.meaning(1) is None)


def _values(line: Line[Word], grouping: Grouping, operator: str) -> tuple[str, list[Any]]:
    is_one = operator in COMPARISONS
    if grouping.values == "number" and is_number(line.token):
        if is_period(line) and not operator:
            return "", []
        return grouping.exact, list(read_numbers(line, is_many=not is_one))
    is_list = operator in LIST_OPERATORS
    return read_list(line, grouping, is_said=bool(operator), is_list=is_list)


def _found(name: str, operator: str, values: list[Any]) -> Filter:
    if isinstance(values[0], bool):
        is_wanted = values[0] is (operator not in {"NOT_EQUAL", "NOT_IN_LIST"})
        return {"name": name, "operator": "IS_TRUE" if is_wanted else "IS_FALSE"}
    return filter_of(name, operator, values)


def _matching(line: Line[Word], grouping: Grouping, operator: str, word: str) -> Filter:
    """Read the part of a name that is looked for."""
    token = line.token
    if token is None or token.kind not in {"word", "quoted"} or not token.text:
        raise PhraseError(word, "value")
    line.skip()
    return {"name": grouping.text, "operator": operator, "expression": token.text}
