"""Streams: created, changed and found with everything nested in them."""

from typing import Any

from sandbox.keitaro.answers import refused
from sandbox.keitaro.parts import LISTS, write_parts
from sandbox.keitaro.shelves import Shelf
from sandbox.keitaro.state import Call, Nested, Row, State

STREAMS = Shelf(
    name="streams",
    model="Traffic\\Model\\Stream",
    fields={
        "type": "regular",
        "name": "",
        "campaign_id": None,
        "position": 1,
        "weight": 100,
        "action_options": None,
        "comments": None,
        "state": "active",
        "action_type": "http",
        "action_payload": "",
        "schema": "landings",
        "collect_clicks": False,
        "filter_or": False,
        "offer_selection": "before_click",
    },
    required=("campaign_id", "schema", "type", "name", "action_type"),
    numbers=frozenset({"campaign_id", "position", "weight"}),
)


def create_stream(state: State, call: Call) -> Any:
    """Add a stream; only the required fields are checked, not what they say."""
    STREAMS.check(state, call.body, complete=True)
    _refuse_misshapen(call.body)
    return add_stream(state, call.body)


def add_stream(state: State, body: Row, *, number: int | None = None) -> Row:
    """Put a stream on its shelf, unchecked."""
    row = STREAMS.add(state, body, number=number)
    del row["created_at"]
    row.update(filters=[], triggers=[], landings=[], offers=[])
    _write_nested(state, row, body, nested="replace")
    return row


def update_stream(state: State, call: Call) -> Any:
    """Change the fields that were sent; what becomes of lists is told in `parts`."""
    row = STREAMS.find(state, call.id)
    _refuse_misshapen(call.body)
    return change_stream(state, row, call.body, nested=state.nested)


def change_stream(state: State, row: Row, body: Row, *, nested: Nested) -> Row:
    """Write *body* into the stream *row*, unchecked."""
    row.update(STREAMS.written(body), updated_at=state.stamp())
    _write_nested(state, row, body, nested=nested)
    return row


def clone_stream(state: State, call: Call) -> Any:
    """Copy a stream; the answer is a list of one."""
    row = STREAMS.copied(state, call.id)
    del row["created_at"]
    for name in LISTS:
        for part in row[name]:
            part.update(id=state.new_part_id())
            if "stream_id" in part:
                part["stream_id"] = row["id"]
    return [row]


def search_streams(state: State, call: Call) -> Any:
    """Return the streams whose name or payload contains the query."""
    words = call.query.get("query", "").lower()
    if not words:
        raise refused("Query is required")
    return [
        row
        for row in state.streams.values()
        if row["state"] != "deleted"
        and (words in str(row["name"]).lower() or words in str(row["action_payload"]).lower())
    ]


def stream_events(state: State, call: Call) -> Any:
    """Return what the monitoring of a stream has noticed."""
    STREAMS.find(state, call.id)
    return state.events.get(call.id, [])


def _write_nested(state: State, row: Row, body: Row, *, nested: Nested) -> None:
    row["comments"] = row["comments"] or None
    write_parts(state, row, body, nested=nested)


def _refuse_misshapen(body: Row) -> None:
    """Break as PHP code does on lists that are none, after nothing was written."""
    for name, key in LISTS.items():
        rows = body.get(name) or []
        if not isinstance(rows, list) or not all(
            isinstance(part, dict) and isinstance(part.get(key), (int, str)) for part in rows
        ):
            raise refused(f"Internal server error: {name}", status=500)
