"""Conditions: what follows the name of a column and says which rows are meant."""

import re
from difflib import get_close_matches
from typing import Any

from handlers.faults import PhraseError
from handlers.stats.groupings import Grouping
from handlers.stats.period_words import is_period
from handlers.stats.tokens import Line, Token
from handlers.stats.words import NO, SIGNS, YES, Word
from keitaro import COUNTRIES, likely_country

Filter = dict[str, Any]
_ID = re.compile("#?[0-9]{1,16}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_CODE = re.compile("[A-Za-z]{2}")
_SIGNS_OF_AMOUNTS = "$€₽£₴%"
_NEAR = 0.85
_LISTS = {"EQUALS": "IN_LIST", "NOT_EQUAL": "NOT_IN_LIST"}
_OPPOSITES = {
    "EQUALS": "NOT_EQUAL",
    "IN_LIST": "NOT_IN_LIST",
    "CONTAINS": "NOT_CONTAIN",
    "IS_SET": "IS_NOT_SET",
}
_SINGLE = {"IN_LIST": "EQUALS", "NOT_IN_LIST": "NOT_EQUAL"}
_COMPARISONS = frozenset(
    {"GREATER_THAN", "LESS_THAN", "EQUALS_OR_GREATER_THAN", "EQUALS_OR_LESS_THAN"}
)
_TEXT_ONLY = frozenset({"CONTAINS", "NOT_CONTAIN", "BEGINS_WITH", "ENDS_WITH"})
_NO_VALUE = frozenset({"IS_SET", "IS_NOT_SET"})


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
    is_decimal = comma and after and comma.text == "," and comma.start == token.end == after.start - 1
    if is_decimal and after and after.text.rstrip(_SIGNS_OF_AMOUNTS).isdecimal():
        line.skip(2)
        text = f"{text}.{after.text.rstrip(_SIGNS_OF_AMOUNTS)}"
    number = float(text)
    return int(number) if number.is_integer() else number


def read_values(line: Line[Word], grouping: Grouping, *, is_denied: bool = False) -> Filter | None:
    """Read the values that *grouping* is to have, if any follow; *is_denied* if it is not to.

    Raises:
        PhraseError: A value is missing, or makes no sense.
    """
    word = line.shown()
    operator = read_operator(line)
    if operator:
        word = line.shown()
    elif is_denied:
        operator = "EQUALS"
    is_said = bool(operator)
    if is_denied and operator:
        operator = _OPPOSITES.get(operator, operator)
    if operator in _NO_VALUE:
        return {"name": grouping.exact, "operator": operator}
    kind = grouping.values
    if kind == "number" and (is_said or _is_number(line.token)):
        return _numbers(line, grouping, operator, word)
    if operator in _TEXT_ONLY:
        return _matching(line, grouping, operator, word)
    name, values = _values(line, grouping, is_said=is_said, is_list=operator in _SINGLE)
    if not values:
        if is_said:
            raise PhraseError(word, "value")
        return None
    if operator in _COMPARISONS and kind != "time":
        raise PhraseError(word, "operator", ("=", "!=", "~", "!~"))
    if kind == "flag":
        return _flag(grouping, operator, values)
    return _filter(name, operator or "EQUALS", values)


def _is_number(token: Token | None) -> bool:
    return bool(token and token.kind == "word" and _NUMBER.fullmatch(token.folded))


def _numbers(line: Line[Word], grouping: Grouping, operator: str, word: str) -> Filter | None:
    values: list[Any] = []
    while not (is_period(line) and not values and not operator) and _is_number(line.token):
        if values and is_period(line):
            break
        number = _number(line)
        values.append(number)
        if operator in _COMPARISONS:
            break
        place = line.place
        line.skip_comma()
        if not _is_number(line.token):
            line.place = place
            break
    if not values:
        if operator:
            raise PhraseError(word, "number")
        return None
    return _filter(grouping.exact, operator or "EQUALS", values)


def _matching(line: Line[Word], grouping: Grouping, operator: str, word: str) -> Filter:
    token = line.token
    if token is None or token.kind not in {"word", "quoted"} or not token.text:
        raise PhraseError(word, "value")
    line.skip()
    return {"name": grouping.text, "operator": operator, "expression": token.text}


def _values(
    line: Line[Word], grouping: Grouping, *, is_said: bool, is_list: bool
) -> tuple[str, list[Any]]:
    """Return the column that is meant, and its values."""
    name, values = "", list[Any]()
    while True:
        place = line.place
        has_comma = bool(values) and line.skip_comma()
        if not values:
            line.skip_comma()
        found = _value(
            line,
            grouping,
            is_first=not values,
            is_said=is_said and not values,
            is_loose=not values or has_comma or is_list,
        )
        if found is None or (name and found[0] != name):
            line.place = place
            return name, values
        name = found[0]
        if found[1] not in values:
            values.append(found[1])
        line.skip()


def _value(
    line: Line[Word], grouping: Grouping, *, is_first: bool, is_said: bool, is_loose: bool
) -> tuple[str, Any] | None:
    """Return the column and the value that stand here, without moving on."""
    token = line.token
    if token is None or token.kind not in {"word", "quoted"}:
        return None
    if token.kind == "quoted":
        if not token.text:
            raise PhraseError('""', "value")
        return grouping.text, token.text
    match grouping.values:
        case "id":
            if _ID.fullmatch(token.folded) and (is_said or not is_period(line)):
                return grouping.exact, int(token.folded.lstrip("#"))
            return None
        case "code":
            code = _code(line, token, is_said=is_said)
            return (grouping.exact, code) if code else None
        case "flag":
            return (grouping.exact, token.folded in YES) if token.folded in YES | NO else None
        case "time":
            return (grouping.text, token.text) if is_said else None
    return _loose(line, token, grouping, is_first=is_first, is_said=is_said, is_loose=is_loose)


def _code(line: Line[Word], token: Token, *, is_said: bool) -> str:
    """Return the code of a country; a small word that means something is none."""
    found = line.meaning()
    before = line.ahead(-1) if line.place else None
    is_shouted = bool(before and before.text.isupper() and len(before.text) > len("DE"))
    if found and not is_said and (is_shouted or not token.text.isupper()):
        return ""
    likely = likely_country(token.folded)
    if token.folded.upper() in COUNTRIES:
        return token.folded.upper()
    if found and not is_said:
        return ""
    if likely or _CODE.fullmatch(token.text):
        raise PhraseError(token.text, "country", (likely,) if likely else ())
    if is_said:
        raise PhraseError(token.text, "country")
    return ""


def _loose(
    line: Line[Word],
    token: Token,
    grouping: Grouping,
    *,
    is_first: bool,
    is_said: bool,
    is_loose: bool,
) -> tuple[str, str] | None:
    """Return a value without quotes: a word that means nothing else, nor looks like it does."""
    if is_said:
        return grouping.text, token.text
    if line.meaning() or is_period(line):
        return None
    if not is_loose:
        raise PhraseError(token.text[:40], "values")
    near = get_close_matches(token.folded[:40], line.vocabulary, n=3, cutoff=_NEAR)
    if is_first and near and token.text.isalpha():
        raise PhraseError(token.text[:40], "near", tuple(near))
    return grouping.text, token.text


def _flag(grouping: Grouping, operator: str, values: list[Any]) -> Filter:
    is_wanted = bool(values[0]) is (operator not in {"NOT_EQUAL", "NOT_IN_LIST"})
    return {"name": grouping.exact, "operator": "IS_TRUE" if is_wanted else "IS_FALSE"}


def _filter(name: str, operator: str, values: list[Any]) -> Filter:
    if len(values) == 1:
        operator = _SINGLE.get(operator, operator)
        return {"name": name, "operator": operator, "expression": values[0]}
    return {"name": name, "operator": _LISTS.get(operator, operator), "expression": values}
