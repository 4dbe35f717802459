"""Checks of the names of fields: what nobody knows is passed on, a slip is worth a word."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from pydantic import BaseModel

from keitaro.facts import Case, Finding, warning
from keitaro.loose import rows
from keitaro.models import StreamCreate, StreamFilter, StreamLanding, StreamOffer

_SIGNS_MOST = 40
_GUESSES_MOST = 10
_ROWS_MOST = 100
# "nmae" has three quarters of "name", "payload" two thirds of "action_payload".
_LIKENESS = 0.7
_ALWAYS = frozenset({"id", "stream_id", "created_at", "updated_at"})
# In no description of a body, but taken.
_UNDESCRIBED = frozenset({"action_payload"})
_ROWS: Mapping[str, tuple[type[BaseModel], frozenset[str]]] = {
    "offers": (StreamOffer, frozenset({"name"})),
    "landings": (StreamLanding, frozenset({"name"})),
    "filters": (StreamFilter, frozenset({"payload", "oid"})),
}


def misspelt(case: Case) -> Iterator[Finding]:
    """Find fields that nobody knows, but that come close to one that is known and not written."""
    if case.verb not in {"create", "update"}:
        return
    before = case.before or {}
    names = _slips(case.written, _fields(StreamCreate) | _UNDESCRIBED, before)
    for field, (model, more) in _ROWS.items():
        shown = {name for row in rows(before.get(field))[:_ROWS_MOST] for name in row}
        for row in rows(case.written.get(field))[:_ROWS_MOST]:
            slips = _slips(row, _fields(model) | more, shown)
            names |= {f"{field}.{slip}": f"{field}.{meant}" for slip, meant in slips.items()}
    if names:
        yield warning("misspelt", names=names)


def _slips(
    written: Collection[str], known: Collection[str], shown: Collection[str]
) -> dict[str, str]:
    """Return which names *written* probably mean another one; what was *shown* is no slip."""
    fields = {*known, *_ALWAYS}
    odd = [name for name in written if name not in fields and name not in shown]
    free = sorted(fields.difference(written))
    likely = {
        name: get_close_matches(name[:_SIGNS_MOST].lower(), free, n=1, cutoff=_LIKENESS)
        for name in odd[:_GUESSES_MOST]
    }
    return {name: found[0] for name, found in likely.items() if found}


def _fields(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())
