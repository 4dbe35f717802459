"""A filter of a request in words: country DE AT, roi < 0, страна не DE."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from handlers.stats.groupings import Grouping, groupings
from handlers.stats.measures import MEASURES
from handlers.stats.operators import may_be_thousands
from handlers.stats.query import Kind

_SIGNS = {
    "EQUALS": "=",
    "NOT_EQUAL": "!=",
    "GREATER_THAN": ">",
    "LESS_THAN": "<",
    "EQUALS_OR_GREATER_THAN": ">=",
    "EQUALS_OR_LESS_THAN": "<=",
    "CONTAINS": "~",
    "NOT_CONTAIN": "!~",
}
_WORDS = {
    "en": {
        "BEGINS_WITH": "begins with",
        "ENDS_WITH": "ends with",
        "IN_LIST": "in",
        "NOT_IN_LIST": "not in",
        "IS_SET": "is set",
        "IS_NOT_SET": "is not set",
        "IS_TRUE": "yes",
        "IS_FALSE": "no",
    },
    "ru": {
        "BEGINS_WITH": "начинается с",
        "ENDS_WITH": "заканчивается на",
        "IN_LIST": "в",
        "NOT_IN_LIST": "не в",
        "IS_SET": "не пусто",
        "IS_NOT_SET": "пусто",
        "IS_TRUE": "да",
        "IS_FALSE": "нет",
    },
}
_NOT = {"en": "not", "ru": "не"}
_QUOTES = (('"', '"'), ("«", "»"), ("“", "”"), ("‘", "’"))


def written_filter(filter_: Mapping[str, Any], kind: Kind, language: str) -> str:
    """Return *filter_* in words."""
    name, operator = str(filter_.get("name")), str(filter_.get("operator"))
    value = filter_.get("expression")
    values = [] if value is None else value if isinstance(value, list) else [value]
    measure = MEASURES.get(name)
    if measure and kind == "report":
        sign = _SIGNS.get(operator) or _WORDS[language].get(operator, operator)
        return " ".join(
            [measure.words[language][0], sign, ", ".join(map(_written, values))]
        ).strip()
    grouping = _grouping(name, kind)
    sign = _operator(operator, grouping, language)
    if values[:1] == ["IN"]:
        # It is a country only after a sign.
        sign = {"": "=", _NOT[language]: "!="}.get(sign, sign)
    words = [grouping.name(language) if grouping else name, sign]
    # A code needs no quotes; two letters of a name do.
    is_name = grouping is not None and grouping.values == "code" and name != grouping.exact
    said = (_quoted(one) if is_name and isinstance(one, str) else _written(one) for one in values)
    return " ".join(part for part in (*words, ", ".join(said)) if part)


def _grouping(name: str, kind: Kind) -> Grouping | None:
    """Return what is said for the column *name* before a value."""
    known = [each for each in groupings(kind) if name in {each.exact, each.text}]
    wide = [each for each in known if len(each.columns) > 1 or each.exact != each.text]
    return next(iter([*wide, *known]), None)


def _operator(operator: str, grouping: Grouping | None, language: str) -> str:
    is_time = grouping is not None and grouping.values == "time"
    match operator:
        case "EQUALS" | "IN_LIST" if not is_time:
            return ""
        case "NOT_EQUAL" | "NOT_IN_LIST" if not is_time:
            return _NOT[language]
    return _SIGNS.get(operator) or _WORDS[language].get(operator, operator)


def _written(value: Any) -> str:
    if isinstance(value, str):
        # A code of a country needs no quotes, and means something else with them.
        is_code = len(value) == len("DE") and value.isascii() and value.isupper()
        return value if is_code else _quoted(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    number = format(Decimal(repr(value)), "f")
    return f"{number}0" if may_be_thousands(number) else number


def _quoted(text: str) -> str:
    for left, right in _QUOTES:
        if left not in text and right not in text:
            return f"{left}{text}{right}"
    return f'"{text}"'
