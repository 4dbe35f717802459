"""A request that was made, changed by words or by a piece of JSON."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from handlers.stats.dimensions import LOG_TIMES
from handlers.stats.groupings import family
from handlers.stats.measures import MEASURES, USUAL
from handlers.stats.phrase import Phrase, latest_day, rule_of
from handlers.stats.query import Query
from handlers.stats.reader import read
from handlers.stats.said import Said, rows_of, usual_sort, with_sorted

Body = dict[str, Any]
# The names of today, and those of older trackers, which are still taken.
_NAMES = (("dimensions", "grouping"), ("measures", "metrics"))


def patched(query: Query, text: str, *, today: date | None = None) -> Phrase:
    """Return *query* with what *text* says in the place of what it said before.

    Conditions on other columns stay; a period takes the place of typed dates.

    Raises:
        PhraseError: A word cannot be read, or does not fit.
    """
    said = read(text, kind=query.kind, today=today or latest_day())
    body = {key: value for key, value in query.body.items() if key != "offset"}
    if said.period:
        body.pop("range", None)
    filters = _filters(_list(body, "filters"), said)
    if filters or "filters" in body:
        body["filters"] = filters
    body = (_report if query.kind == "report" else _log)(body, said, query)
    if said.limit is not None:
        body["limit"] = said.limit
    changed = replace(query, body=_bare(body), period=said.period or query.period)
    return Phrase(changed, said.output, rule_of(said))


def merged(query: Query, fragment: Body) -> Query:
    """Return *query* with the keys of *fragment*, a piece of JSON, in the place of its own."""
    body = {**query.body}
    for pair in _NAMES:
        if any(name in fragment for name in pair):
            for name in pair:
                body.pop(name, None)
    body.update(fragment)
    is_resorted = query.period and "sort" not in fragment and query.kind == "report"
    if is_resorted and any(name in fragment for pair in _NAMES for name in pair):
        body["sort"] = _fitting_sort(body, query.body)
    return replace(query, body=body, period=None if "range" in fragment else query.period)


def _filters(known: list[Any], said: Said) -> list[Any]:
    if said.is_cleared:
        known = []
    names = {
        *(name for each in said.filters for name in family(each["name"])),
        *(name for each in said.cleared for name in family(each.exact) | family(each.text)),
    }
    kept = [each for each in known if not isinstance(each, dict) or each.get("name") not in names]
    return kept + said.filters


def _report(body: Body, said: Said, query: Query) -> Body:
    dimensions, measures = (_key(body, pair) for pair in _NAMES)
    has_rows = body.get(dimensions) or body.get("columns")
    columns = said.columns or ([] if has_rows else rows_of(said))
    if columns:
        body[dimensions] = columns
        if "columns" in body:
            body["columns"] = [name for name in _list(body, "columns") if name in MEASURES]
    if said.measures:
        body[measures] = said.measures
    if said.rank and not said.sort:
        said.sort = _ranked(_list(body, "sort"), said.rank, _list(body, measures)), ""
    if said.sort:
        body["sort"] = said.order(_list(body, measures) or list(USUAL))
        body[measures] = with_sorted(_list(body, measures), body["sort"])
    elif columns or said.measures:
        body["sort"] = _fitting_sort(body, query.body)
    return body


def _ranked(sort: Iterable[Any], rank: str, measures: list[Any]) -> str:
    """Return the measure that is ranked by: the one before, else the usual one."""
    names = [each["name"] for each in sort if isinstance(each, dict) and "name" in each]
    named = [name for name in names if name in MEASURES]
    if named:
        return str(named[0])
    return "profit" if rank == "worst" else str(next(iter(measures), "clicks"))


def _fitting_sort(body: Body, before: Body) -> list[Any]:
    """Return the sort as it was, or the usual one if it was that, or does not fit any more."""
    dimensions, measures = (_words(body, _key(body, pair)) for pair in _NAMES)
    sort = _list(before, "sort")
    usual = usual_sort(*(_words(before, _key(before, pair)) for pair in _NAMES))
    fits = {*dimensions, *MEASURES}
    names = {str(each.get("name")) for each in sort if isinstance(each, dict)}
    if sort and sort != usual and names <= fits:
        return sort
    return usual_sort(dimensions, measures)


def _log(body: Body, said: Said, query: Query) -> Body:
    if said.columns:
        body["columns"] = list(dict.fromkeys([LOG_TIMES[query.kind], *said.columns]))
    if said.sort:
        body["sort"] = said.order([LOG_TIMES[query.kind]])
        names = [each["name"] for each in body["sort"]]
        body["columns"] = list(dict.fromkeys([*_list(body, "columns"), *names]))
    return body


def _key(body: Body, names: tuple[str, str]) -> str:
    """Return which of two *names* for the same *body* has; the first if it has neither."""
    now, before = names
    return before if before in body and now not in body else now


def _list(body: Body, key: str) -> list[Any]:
    value = body.get(key)
    return list(value) if isinstance(value, list) else []


def _words(body: Body, key: str) -> list[str]:
    # JSON that does not fit is refused when it is about to be sent.
    return [name for name in _list(body, key) if isinstance(name, str)]


def _bare(body: Body) -> Body:
    """Return *body* without lists that have become empty and say nothing."""
    return {key: value for key, value in body.items() if value != [] or key == "dimensions"}
