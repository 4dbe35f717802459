"""Operators and numbers in a phrase, and the filters that are made of them."""

import re
from typing import Any

from handlers.stats.date_words import is_within
from handlers.stats.faults import PhraseError
from handlers.stats.tokens import Line, Token
from handlers.stats.words import SIGNS, Word

Filter = dict[str, Any]
Number = int | float
NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
CODE = re.compile("[A-Za-z]{2}")
_SIGNS_OF_AMOUNTS = "$€₽£₴%"
_LISTS = {"EQUALS": "IN_LIST", "NOT_EQUAL": "NOT_IN_LIST"}
LIST_OPERATORS = {"IN_LIST": "EQUALS", "NOT_IN_LIST": "NOT_EQUAL"}
COMPARISONS = frozenset(
    {"GREATER_THAN", "LESS_THAN", "EQUALS_OR_GREATER_THAN", "EQUALS_OR_LESS_THAN"}
)
TEXT_ONLY = frozenset({"CONTAINS", "NOT_CONTAIN", "BEGINS_WITH", "ENDS_WITH"})
NO_VALUE = frozenset({"IS_SET", "IS_NOT_SET"})
_PAIRS = {
    "EQUALS": "NOT_EQUAL",
    "IN_LIST": "NOT_IN_LIST",
    "CONTAINS": "NOT_CONTAIN",
    "IS_SET": "IS_NOT_SET",
    "GREATER_THAN": "EQUALS_OR_LESS_THAN",
    "LESS_THAN": "EQUALS_OR_GREATER_THAN",
}


def opposite(operator: str, word: str) -> str:
    """Return the operator that is true where *operator* is not.

    Raises:
        PhraseError: There is none; *word* is how it was said.
    """
    for one, other in _PAIRS.items():
        if operator in {one, other}:
            return other if operator == one else one
    raise PhraseError(word, "operator", ("=", "!=", "~", "!~"))


def read_operator(line: Line[Word]) -> str:
    """Read an operator, as a sign or in words; return an empty string if none stands here."""
    if is_within(line):
        return ""
    token = line.token
    if token and token.kind == "sign":
        line.skip()
        return SIGNS[token.folded]
    found = line.meaning()
    if found and found[0].role == "operator":
        line.skip(found[1])
        return str(found[0].value)
    if found and found[0].role == "not":
        return _denied(line, found[1])
    return ""


def _denied(line: Line[Word], length: int) -> str:
    """Read what is denied: another operator, or a value."""
    after, token = line.meaning(length), line.ahead(length)
    if after and after[0].role == "operator":
        line.skip(length + after[1])
        return opposite(str(after[0].value), line.shown())
    if token and token.kind == "sign":
        line.skip(length + 1)
        return opposite(SIGNS[token.folded], line.shown())
    if token and (not after or token.kind == "quoted" or _is_code(token)):
        line.skip(length)
        return "NOT_EQUAL"
    return ""


def _is_code(token: Token) -> bool:
    return token.text.isupper() and bool(CODE.fullmatch(token.text))


def read_figure(line: Line[Word], name: str, *, is_denied: bool = False) -> Filter | None:
    """Read what the figure *name* is compared with, if anything.

    Raises:
        PhraseError: No number follows, or it cannot be compared so.
    """
    operator = read_operator(line)
    if not operator:
        return None
    said = line.shown()
    if is_denied:
        operator = opposite(operator, said)
    if operator in NO_VALUE:
        return {"name": name, "operator": operator}
    if operator in TEXT_ONLY:
        raise PhraseError(said, "operator", (">", "<", "=", "!="))
    values = read_numbers(line, is_many=operator in LIST_OPERATORS)
    if not values:
        raise PhraseError(said, "number")
    return filter_of(name, operator, values)


def read_numbers(line: Line[Word], *, is_many: bool) -> list[Number]:
    """Read a number, or as many as follow one another."""
    values: list[Number] = []
    while is_number(line.token):
        values.append(_number(line, has_comma=not is_many))
        if not is_many:
            break
        comma = line.token
        if comma and comma.text == "," and is_number(line.ahead(1)):
            line.skip()
    return values


def is_number(token: Token | None) -> bool:
    """Tell whether *token* is a number, or an amount with its sign."""
    return bool(token and token.kind == "word" and NUMBER.fullmatch(_bare(token)))


def _bare(token: Token) -> str:
    return token.folded.strip(_SIGNS_OF_AMOUNTS).replace("−", "-")


def _number(line: Line[Word], *, has_comma: bool) -> Number:
    """Read the number that stands here; a comma right within it is a decimal one.

    Raises:
        PhraseError: It may be thousands as well.
    """
    token = line.tokens[line.place]
    text = _bare(token)
    line.skip()
    said, comma, after = token.text, line.token, line.ahead(1)
    if has_comma and comma and after and comma.text == "," and "." not in text:
        decimals = _bare(after)
        if decimals.isdecimal() and token.end == comma.start == after.start - 1:
            line.skip(2)
            said, text = f"{said},{after.text}", f"{text}.{decimals}"
    if may_be_thousands(text):
        raise PhraseError(said, "amount", (text.replace(".", ""), f"{text}0"))
    number = float(text)
    return int(number) if number.is_integer() else number


def may_be_thousands(text: str) -> bool:
    """Tell whether the number *text* is a thousand to one and a fraction to another."""
    return bool(_THOUSANDS.fullmatch(text))


def filter_of(name: str, operator: str, values: list[Any]) -> Filter:
    """Return the filter of one value, or of a list."""
    if len(values) == 1:
        operator = LIST_OPERATORS.get(operator, operator)
        return {"name": name, "operator": operator, "expression": values[0]}
    return {"name": name, "operator": _LISTS.get(operator, operator), "expression": values}
