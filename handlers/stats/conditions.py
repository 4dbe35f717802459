"""Conditions: what follows the name of a column and says which rows are meant."""

from typing import Any

from handlers.faults import PhraseError
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


def read_operator(line: Line[Word]) -> str:
    """Read an operator, as a sign or in words; return an empty string if none stands here."""
    token = line.token
    if token and token.kind == "sign":
        line.skip()
        return SIGNS[token.folded]
    found = line.meaning()
    if found and found[0].role == "operator":
        line.skip(found[1])
        return str(found[0].value)
    if found and found[0].role == "not":
        return _negated(line, found[1])
    return ""


def _negated(line: Line[Word], length: int) -> str:
    """Read what is denied: another operator, or a value."""
    after = line.meaning(length)
    token = line.ahead(length)
    if after and after[0].role == "operator" and after[0].value in _OPPOSITES:
        line.skip(length + after[1])
        return _OPPOSITES[str(after[0].value)]
    if token and token.kind == "sign" and SIGNS[token.folded] in _OPPOSITES:
        line.skip(length + 1)
        return _OPPOSITES[SIGNS[token.folded]]
    if token and (not after or token.kind == "quoted" or _is_code(token)):
        line.skip(length)
        return "NOT_EQUAL"
    return ""


def _is_code(token: Token) -> bool:
    return token.text.isupper() and bool(_CODE.fullmatch(token.text))


def read_figure(line: Line[Word], name: str) -> Filter | None:
    """Read what the figure *name* is compared with, if anything.

    Raises:
        PhraseError: No number follows, or it cannot be compared so.
    """
    operator = read_operator(line)
    if not operator:
        return None
    said = line.shown()
    if operator in _NO_VALUE:
        return {"name": name, "operator": operator}
    if operator in _TEXT_ONLY:
        raise PhraseError(said, "operator", (">", "<", "=", "!="))
    values: list[Any] = []
    while (number := _number(line)) is not None:
        values.append(number)
        if operator not in {"IN_LIST", "NOT_IN_LIST"}:
            break
        line.skip_comma()
    if not values:
        raise PhraseError(said, "number")
    return _filter(name, operator, values)


def _number(line: Line[Word]) -> int | float | None:
    token = line.token
    if token is None or token.kind == "comma":
        return None
    text = token.folded.strip(_SIGNS_OF_AMOUNTS).replace("−", "-")
    if not _NUMBER.fullmatch(text):
        return None
    line.skip()
    comma, after = line.token, line.ahead(1)
    is_decimal = (
        comma and after and comma.text == "," and comma.start == token.end == after.start - 1
    )
    if is_decimal and after and after.text.rstrip(_SIGNS_OF_AMOUNTS).isdecimal():
        line.skip(2)
        text = f"{text}.{after.text.rstrip(_SIGNS_OF_AMOUNTS)}"
    number = float(text)
    return int(number) if number.is_integer() else number


def read_values(line: Line[Word], grouping: Grouping, *, is_denied: bool = False) -> Filter | None:
def read_condition(
    line: Line[Word], grouping: Grouping, *, is_denied: bool = False
) -> Filter | None:
    """Read the values that *grouping* is to have, if any follow; *is_denied* if it is not to.

    Raises:
        PhraseError: A value is missing, or makes no sense.
    """
    operator = read_operator(line)
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
