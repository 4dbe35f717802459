"""What is nested in a stream: landings and offers with shares, filters, triggers.

A list that is sent replaces the whole set. A landing or offer that stays keeps the
id of its binding, the time it was bound and its place; new ones go last; one named
twice is bound once. Shares and ids are not checked: the real tracker does not.
"""

import copy
from typing import Any

from sandbox.keitaro.shelves import as_number
from sandbox.keitaro.state import Row, State

LISTS = {
    "landings": "landing_id",
    "offers": "offer_id",
    "filters": "name",
    "triggers": "condition",
}


def bind(state: State, stream: Row, name: str, sent: list[Row]) -> list[Row]:
    """Return the bindings of *stream* after the list *sent* replaced those under *name*."""
    key = LISTS[name]
    wanted = {as_number(part[key]): part for part in sent}
    bound = {part[key]: part for part in stream[name]}
    kept = [number for number in bound if number in wanted]
    added = [number for number in wanted if number not in bound]
    return [
        _binding(state, stream, {key: number}, wanted[number], bound.get(number))
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


def number_rows(state: State, old: list[Row], sent: list[Row]) -> list[Row]:
    """Return *sent* as the new list, with known ids kept and new ones given."""
    known = [part["id"] for part in old]
    return [_numbered(state, part, known) for part in sent]


def _numbered(state: State, part: Row, known: list[Any]) -> Row:
    rest = copy.deepcopy({name: value for name, value in part.items() if name != "id"})
    if "condition" not in part:
        rest.setdefault("payload", None)
    number = as_number(part.get("id"))
    return {"id": number if number in known else state.new_part_id(), **rest}
