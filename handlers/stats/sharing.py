"""A saved report as JSON that can be read, sent on, and saved again in another chat."""

from dataclasses import replace
from datetime import date
from typing import Any, cast, get_args

from handlers.faults import WrongPayloadError
from handlers.stats.faults import PhraseError
from handlers.stats.patch import merged
from handlers.stats.period import Period
from handlers.stats.period_words import period_words
from handlers.stats.phrase import Phrase, read_phrase
from handlers.stats.query import Kind, Query
from handlers.stats.said import Output
from handlers.stats.written import written

WORDS, KIND, OUTPUT, PERIOD = "words", "kind", "output", "period"


def document(phrase: Phrase) -> dict[str, Any]:
    """Return *phrase* as JSON: in words where words can say it, else as the request itself."""
    query = phrase.query
    words = written(query)
    kind = {} if query.kind == "report" else {KIND: query.kind}
    output = {OUTPUT: phrase.output} if phrase.output else {}
    if words:
        return {**kind, WORDS: words, **output}
    period = {PERIOD: period_words(query.period)} if query.period else {}
    return {**kind, **period, **output, **query.body}


def read_document(raw: Any, *, today: date | None = None) -> Phrase:
    """Return what `document` has written; any other object is a request to `report/build`.

    What stands beside words takes the place of what they came to; dates without a year in them
    are the last ones until *today*.

    Raises:
        WrongPayloadError: It cannot be read.
        PhraseError: Its words cannot.
    """
    if not isinstance(raw, dict):
        raise WrongPayloadError("object")
    body = {key: value for key, value in raw.items() if key not in {KIND, OUTPUT, PERIOD, WORDS}}
    kind, output = raw.get(KIND, "report"), raw.get(OUTPUT, "")
    words, period = raw.get(WORDS), raw.get(PERIOD)
    if kind not in get_args(Kind) or output not in get_args(Output):
        raise WrongPayloadError("object")
    if not isinstance(words, str | None) or not isinstance(period, str | None):
        raise WrongPayloadError("object")
    if words is not None:
        phrase = read_phrase(words, kind=cast("Kind", kind), today=today)
        query = merged(phrase.query, body) if body else phrase.query
        return replace(phrase, query=query, output=cast("Output", output) or phrase.output)
    span = None if period is None else _period(period)
    return Phrase(Query(cast("Kind", kind), body, span), cast("Output", output))


def _period(text: str) -> Period:
    """Return the period that *text* names, and nothing besides.

    Raises:
        PhraseError: It is none.
    """
    phrase = read_phrase(text)
    period = phrase.query.period
    if period is None or phrase != _alone(period):
        raise PhraseError(text, "place")
    return period


def _alone(period: Period) -> Phrase:
    """Return what is asked for by a period without another word."""
    nothing = read_phrase("")
    return replace(nothing, query=replace(nothing.query, period=period))


def pack_phrase(phrase: Phrase) -> dict[str, Any]:
    """Return what is kept of *phrase*, as JSON."""
    return {"query": phrase.query.packed(), "output": phrase.output}
