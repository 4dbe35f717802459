"""A saved report as JSON that can be read, sent on, and saved again in another chat."""

from typing import Any, cast, get_args

from handlers.faults import WrongPayloadError
from handlers.stats.period import pack_period, unpack_period
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
    period = {PERIOD: pack_period(query.period)} if query.period else {}
    return {**kind, **period, **output, **query.body}


def read_document(raw: Any) -> Phrase:
    """Return what `document` has written; any other object is a request to `report/build`.

    Raises:
        WrongPayloadError: It cannot be read.
        PhraseError: Its words cannot.
    """
    if not isinstance(raw, dict):
        raise WrongPayloadError("object")
    body = {key: value for key, value in raw.items() if key not in {KIND, OUTPUT, PERIOD, WORDS}}
    kind, output = raw.get(KIND, "report"), raw.get(OUTPUT, "")
    if kind not in get_args(Kind) or output not in get_args(Output):
        raise WrongPayloadError("object")
    if WORDS in raw:
        phrase = read_phrase(str(raw[WORDS]), kind=cast("Kind", kind))
        return Phrase(phrase.query, cast("Output", output) or phrase.output)
    try:
        period = unpack_period(raw[PERIOD]) if PERIOD in raw else None
    except (KeyError, TypeError, ValueError):
        raise WrongPayloadError("object") from None
    return Phrase(Query(cast("Kind", kind), body, period), cast("Output", output))


def pack_phrase(phrase: Phrase) -> dict[str, Any]:
    """Return what is kept of *phrase*, as JSON."""
    return {"query": phrase.query.packed(), "output": phrase.output}
