"""Kinds of objects and what the Admin API does with each of them alike."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.keitaro.answers import missing, not_found
from sandbox.keitaro.state import Call, Row, State


def is_blank(value: Any) -> bool:
    """Tell whether *value* counts as not given."""
    return value is None or value == ""


def as_number(value: Any) -> Any:
    """Return *value* as an integer where it is one in writing, else unchanged."""
    if isinstance(value, str) and value.strip().lstrip("-").isdigit():
        return int(value)
    return value


@dataclass(frozen=True)
class Shelf:
    """One kind of object: where it stands, what it is called, what may be written.

    *fields* are all fields that can be written, with the values they start from.
    *numbers* are those that come back as integers however they were sent.
    """

    name: str
    model: str
    fields: Mapping[str, Any]
    required: tuple[str, ...] = ("name",)
    numbers: frozenset[str] = field(default=frozenset())

    def rows(self, state: State) -> dict[int, Row]:
        """Return all rows of this kind, archived ones included."""
        rows: dict[int, Row] = getattr(state, self.name)
        return rows

    def find(self, state: State, number: int) -> Row:
        """Return the row with the id *number*, or refuse."""
        row = self.rows(state).get(number)
        if row is None:
            raise not_found(self.model, number)
        return row

    def written(self, body: Row) -> Row:
        """Return the part of *body* that can be written, in the tracker's own types."""
        known = {name: body[name] for name in self.fields if name in body}
        return {
            name: as_number(value) if name in self.numbers else copy.deepcopy(value)
            for name, value in known.items()
        }

    def check(self, state: State, body: Row, *, complete: bool) -> None:
        """Refuse a *body* that leaves required fields blank; *complete* ones need them all."""
        names = [
            name
            for name in self.required
            if (complete or name in body) and is_blank(body.get(name))
        ]
        if names:
            raise missing(names, status=state.validation_status)

    def listed(self, state: State, _call: Call) -> Any:
        """Return everything that is not in the archive."""
        return [row for row in self.rows(state).values() if row.get("state") != "deleted"]

    def deleted(self, state: State, _call: Call) -> Any:
        """Return the archive."""
        return [row for row in self.rows(state).values() if row.get("state") == "deleted"]

    def get(self, state: State, call: Call) -> Any:
        """Return one row, archived or not."""
        return self.find(state, call.id)

    def create(self, state: State, call: Call) -> Any:
        """Add a row."""
        self.check(state, call.body, complete=True)
        return self.add(state, call.body)

    def add(self, state: State, body: Row, *, number: int | None = None) -> Row:
        """Put a row made of *body* on the shelf, unchecked."""
        row: Row = {
            "id": number or state.new_id(),
            **copy.deepcopy(dict(self.fields)),
            **self.written(body),
            "created_at": state.stamp(),
            "updated_at": state.stamp(),
        }
        self.rows(state)[row["id"]] = row
        return row

    def update(self, state: State, call: Call) -> Any:
        """Change the fields that were sent, and only those."""
        row = self.find(state, call.id)
        self.check(state, call.body, complete=False)
        row.update(self.written(call.body), updated_at=state.stamp())
        return row

    def archive(self, state: State, call: Call) -> Any:
        """Put a row in the archive; what is already there counts as missing."""
        row = self.find(state, call.id)
        if row.get("state") == "deleted":
            raise not_found(self.model, call.id)
        row["state"] = "deleted"
        return row

    def activate(self, state: State, call: Call) -> Any:
        """Make a row active again, from the archive or from being off."""
        row = self.find(state, call.id)
        row["state"] = "active"
        return row

    def disable(self, state: State, call: Call) -> Any:
        """Turn a row off."""
        row = self.find(state, call.id)
        row["state"] = "disabled"
        return row

    def copied(self, state: State, number: int) -> Row:
        """Return a new row that repeats another under ``Copy of ...``."""
        row = copy.deepcopy(self.find(state, number))
        row.update(
            id=state.new_id(),
            name=f"Copy of {row['name']}",
            created_at=state.stamp(),
            updated_at=state.stamp(),
        )
        self.rows(state)[row["id"]] = row
        return row

    def clone(self, state: State, call: Call) -> Any:
        """Copy a row; the answer is a list of one."""
        return [self.copied(state, call.id)]
