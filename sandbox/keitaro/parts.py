"""What is nested in a stream: landings and offers with shares, filters, triggers.

The list of offers replaces the whole set. An offer that stays keeps the id of its
binding, the time it was bound and its place; new ones go last; one named twice is
bound once. Nobody knows whether the real tracker replaces the other lists or merges
them, so this one does as told: `replace` makes the rows anew, `merge` changes those
with a known id, adds the others and leaves the rest. Shares and ids are not checked:
the real tracker does not.
"""

import copy
from typing import Any

from sandbox.keitaro.shelves import as_number
from sandbox.keitaro.state import Nested, Row, State

LISTS = {
    "landings": "landing_id",
    "offers": "offer_id",
    "filters": "name",
    "triggers": "condition",
}
_ROWS = ("landings", "filters", "triggers")


def write_parts(state: State, stream: Row, body: Row, *, nested: Nested) -> None:
    """Write the lists in *body* into *stream*."""
    if "offers" in body:
        stream["offers"] = _bound(state, stream, body["offers"] or [])
    for name in _ROWS:
        if name in body:
            rows = _rows(state, stream, name, body[name] or [])
            if nested == "merge":
                rows = {part["id"]: part for part in stream[name]} | rows
            stream[name] = list(rows.values())


def _bound(state: State, stream: Row, sent: list[Row]) -> list[Row]:
    wanted = {as_number(part["offer_id"]): part for part in sent}
    bound = {part["offer_id"]: part for part in stream["offers"]}
    kept = [number for number in bound if number in wanted]
    added = [number for number in wanted if number not in bound]
    return [
        _binding(state, stream, {"offer_id": number}, wanted[number], bound.get(number))
        for number in kept + added
    ]


def _binding(state: State, stream: Row, target: Row, sent: Row, old: Row | None) -> Row:
    former: Row = old or {"share": 0, "state": "active"}
    return {
        "id": former.get("id") or state.new_part_id(),
        "stream_id": stream["id"],
        **target,
        "share": as_number(sent.get("share", former["share"])),
        "state": sent.get("state", former["state"]),
        "created_at": former.get("created_at") or state.stamp(),
        "updated_at": state.stamp(),
    }


def _rows(state: State, stream: Row, name: str, sent: list[Row]) -> dict[int, Row]:
    """Return *sent* by id, with known ids kept and new ones given."""
    known = {part["id"]: part for part in stream[name]}
    rows = {}
    for part in sent:
        number: Any = as_number(part.get("id"))
        old = known.get(number) if isinstance(number, int) else None
        if name == "landings":
            target = {"landing_id": as_number(part["landing_id"])}
            row = _binding(state, stream, target, part, old)
        else:
            row = _row(state, part, old)
        rows[row["id"]] = row
    return rows


def _row(state: State, part: Row, old: Row | None) -> Row:
    rest = copy.deepcopy({name: value for name, value in part.items() if name != "id"})
    if "condition" not in part:
        rest.setdefault("payload", None if old is None else old["payload"])
    return {"id": state.new_part_id() if old is None else old["id"], **rest}
