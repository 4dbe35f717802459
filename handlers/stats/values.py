"""Values in a phrase: an id, a code of a country, yes or no, a name in quotes or without."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from handlers.stats.faults import PhraseError
from handlers.stats.groupings import Grouping
from handlers.stats.operators import CODE
from handlers.stats.period_words import is_apart, is_period
from handlers.stats.tokens import SHOWN_MOST, Line, Token
from handlers.stats.words import NO, YES, Word
from keitaro import COUNTRIES, likely_country

_ID = re.compile("#?[0-9]{1,15}")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)+")
# Words that mean something by their form: a ranking, a time of the day.
_OTHER = re.compile("(?:top|топ)-?[0-9]{1,9}|[0-9]{1,2}:[0-9]{2}(?:am|pm)?")
_NEAR, _NEAR_MOST = 0.85, 3


@dataclass(frozen=True)
class Spot:
    """Where a value stands: *is_first* of several, *is_said* if an operator demands it.

    Where it *is_loose* a word without quotes may be one.
    """

    is_first: bool
    is_said: bool
    is_loose: bool


def read_list(
    line: Line[Word], grouping: Grouping, *, is_said: bool, is_list: bool
) -> tuple[str, list[Any]]:
    """Read the column that is meant, and its values.

    Raises:
        PhraseError: What stands here looks like a value, and cannot be one.
    """
    name, values = "", list[Any]()
    while True:
        place = line.place
        has_comma = line.skip_comma() if values or is_said else False
        is_first = not values
        spot = Spot(is_first, is_said and is_first, is_first or has_comma or is_list)
        found = _value(line, grouping, spot)
        if found is None or (name and found[0] != name):
            line.place = place
            return name, values
        name = found[0]
        if found[1] not in values:
            values.append(found[1])
        line.skip()


def _value(line: Line[Word], grouping: Grouping, spot: Spot) -> tuple[str, Any] | None:
    """Return the column and the value that stand here, without moving on."""
    token = line.token
    if token is None or token.kind not in {"word", "quoted"}:
        return None
    if token.kind == "quoted":
        return _quoted(token, grouping)
    match grouping.values:
        case "id":
            is_free = spot.is_said or not is_period(line) or is_apart(line)
            is_id = is_free and _ID.fullmatch(token.folded)
            if is_id:
                return grouping.exact, int(token.folded.lstrip("#"))
            # After a sign a name of one word needs no quotes.
            return (grouping.text, token.text) if spot.is_said and not line.meaning() else None
        case "code":
            code = _code(line, token, is_said=spot.is_said)
            return (grouping.exact, code) if code else None
        case "flag":
            return (grouping.exact, token.folded in YES) if token.folded in YES | NO else None
        case "time":
            return (grouping.text, token.text) if spot.is_said else None
        case "number":
            return None
    return _loose(line, token, grouping, spot)


def _quoted(token: Token, grouping: Grouping) -> tuple[str, str]:
    """Return a name in quotes; the code of a country is one with them, too."""
    if not token.text:
        raise PhraseError('""', "value")
    code = token.text.upper()
    if grouping.values == "code" and CODE.fullmatch(token.text) and code in COUNTRIES:
        return grouping.exact, code
    return grouping.text, token.text


def _code(line: Line[Word], token: Token, *, is_said: bool) -> str:
    """Return the code of a country: a word that means something else is one in capitals."""
    found = line.meaning()
    # Austria, unless a time follows.
    is_austria = found and found[0].role == "at" and not line.word(1)[:1].isdigit()
    if not is_said and found and not is_austria:
        before = line.ahead(-1)
        is_shouted = bool(before and len(before.text) > len("DE") and before.text.isupper())
        if is_shouted or not token.text.isupper():
            return ""
    code = token.folded.upper()
    if code in COUNTRIES:
        return code
    likely = likely_country(code)
    if likely or is_said or CODE.fullmatch(token.text):
        raise PhraseError(token.text[:SHOWN_MOST], "country", (likely,) if likely else ())
    return ""


def _loose(
    line: Line[Word], token: Token, grouping: Grouping, spot: Spot
) -> tuple[str, str] | None:
    """Return a value without quotes: a word that means nothing else, nor looks like it does."""
    if spot.is_said:
        return grouping.text, token.text
    # A version looks like a date.
    is_version = grouping.exact.endswith("_version") and _VERSION.fullmatch(token.text)
    if line.meaning() or _OTHER.fullmatch(token.folded) or (is_period(line) and not is_version):
        return None
    shown = token.text[:SHOWN_MOST]
    if not spot.is_loose:
        raise PhraseError(shown, "values")
    if spot.is_first and token.text.isalpha():
        near = near_words(line, token.folded, cutoff=_NEAR)
        if near:
            raise PhraseError(shown, "near", near)
    return grouping.text, token.text


def near_words(line: Line[Word], word: str, *, cutoff: float) -> tuple[str, ...]:
    """Return the words of the grammar that look like *word*, the likest first."""
    names = [name for name, known in line.vocabulary.items() if known.role != "noise"]
    return tuple(get_close_matches(word[:SHOWN_MOST], names, n=_NEAR_MOST, cutoff=cutoff))
