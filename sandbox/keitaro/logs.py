"""The logs of single clicks and conversions, drawn out of the same buckets as reports.

A page holds at most 1000 lines. Some columns come back under another name than they
were asked for. A conversion is filed under its own time here, under its click's time
in reports.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.keitaro.answers import refused
from sandbox.keitaro.buckets import Bucket
from sandbox.keitaro.dimensions import reader
from sandbox.keitaro.events import REACH, Event, clicks_of, conversions_of, own_columns
from sandbox.keitaro.query import Condition, Query, page, read_query, sort_rows, undefined
from sandbox.keitaro.state import Call, Row, State

_OPTIONS = frozenset({"range", "columns", "filters", "sort", "limit", "offset"})
_PAGE = 1000
_RENAMED = {
    "click": {"click_id": "event_id"},
    "conversion": {"conversion_id": "event_id", "postback_datetime": "datetime"},
}
_DEFAULT_COLUMNS = {
    "click": ["event_id", "sub_id", "datetime", "campaign_id", "stream_id"],
    "conversion": ["event_id", "sub_id", "status", "revenue", "datetime"],
}


def log_clicks(state: State, call: Call) -> Any:
    """Return single clicks; a range or a limit must be given."""
    if not call.body.get("range") and not call.body.get("limit"):
        raise refused("Range or limit is required")
    return _log(state, call, "click", clicks_of)


def log_conversions(state: State, call: Call) -> Any:
    """Return single conversions."""
    return _log(state, call, "conversion", lambda bucket: conversions_of(bucket, state.now()))


def _log(
    state: State, call: Call, kind: str, events_of: Callable[[Bucket], Iterable[Event]]
) -> Any:
    query = read_query(state, call.body, options=_OPTIONS)
    columns = [str(name) for name in call.body.get("columns") or _DEFAULT_COLUMNS[kind]]
    read = _line_reader(state, kind, query, [*columns, *(name for name, _ in query.sort)])
    events = [
        event
        for bucket in state.buckets
        if query.period.start - REACH <= bucket.at <= query.period.end
        for event in events_of(bucket)
        if query.period.start <= event.at <= query.period.end
    ]
    for condition in query.filters:
        events = _passing(state, kind, query, condition, events)
    if not query.sort:
        shown = [read(event) for event in page(events, query, at_most=_PAGE)]
    else:
        shown = page(sort_rows([read(e) for e in events], query.sort), query, at_most=_PAGE)
    renamed = _RENAMED[kind]
    rows = [{renamed.get(name, name): line[name] for name in columns} for line in shown]
    return {"rows": rows, "total": len(events)}


def _line_reader(state: State, kind: str, query: Query, names: list[str]) -> Callable[[Event], Row]:
    readers = {name: _event_reader(state, kind, name, query.period.zone) for name in names}
    return lambda event: {name: read(event) for name, read in readers.items()}


def _passing(
    state: State, kind: str, query: Query, condition: Condition, events: list[Event]
) -> list[Event]:
    read = _event_reader(state, kind, condition.name, condition.zone(query.period))
    test = condition.question(state)
    return [event for event in events if test(read(event), event.bucket.campaign_id)]


def _event_reader(state: State, kind: str, name: str, zone: Any) -> Callable[[Event], Any]:
    own = own_columns(kind, zone).get(name)
    if own is not None:
        return own
    read = reader(state, name, zone)
    if read is None:
        raise undefined(name)
    return lambda event: read(event.bucket)
