"""JSON with several streams: an array, or a line for each, becomes items."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from handlers.changes.intent import Intent
from handlers.faults import JsonError, ListError, ListFault
from handlers.lists.item import Item
from handlers.payload import AROUND, is_crowded, parse, unfence
from handlers.request import is_object_id
from keitaro import STREAM_CREATE, STREAM_UPDATE, Operation

ITEMS_MOST = 500


def parse_payload(text: str) -> Any:
    """Return the JSON value in *text*; JSON Lines, an object in each line, become a list.

    Raises:
        JsonError: It is neither.
    """
    if is_crowded(text):
        raise JsonError("crowded")
    lines = [
        (number, line.strip(AROUND))
        for number, line in enumerate(unfence(text).split("\n"), 1)
        if line.strip(AROUND)
    ]
    # No other JSON has lines of which each one is in braces.
    are_objects = all(line.startswith("{") and line.endswith("}") for _, line in lines)
    if len(lines) > 1 and are_objects:
        return [_line(line, number) for number, line in lines]
    return parse(text)


def _line(line: str, number: int) -> Any:
    try:
        return parse(line)
    except JsonError as error:
        raise replace(error, line=number if error.line else 0) from error


def read_items(operation: Operation, payload: list[Any]) -> tuple[Item, ...]:
    """Return what *payload* wants: streams to create, or to update by the `id` in each.

    Raises:
        ListError: It does not fit; which items do not is told by their numbers.
    """
    if not payload:
        raise ListError("empty")
    if len(payload) > ITEMS_MOST:
        raise ListError("many", (len(payload),))
    _refuse("objects", payload, lambda row: not isinstance(row, dict))
    if operation is STREAM_CREATE:
        intents = [Intent(STREAM_CREATE, row) for row in payload]
    else:
        intents = [_update(row) for row in _with_ids(payload)]
    return tuple(Item(number, intent) for number, intent in enumerate(intents, 1))


def _with_ids(payload: list[dict[str, Any]]) -> list[dict[str, Any]]:
    _refuse("id", payload, lambda row: _id_of(row) is None)
    times = Counter(map(_id_of, payload))
    _refuse("twice", payload, lambda row: times[_id_of(row)] > 1)
    _refuse("fields", payload, lambda row: len(row) == 1)
    return payload


def _update(row: dict[str, Any]) -> Intent:
    written = {name: value for name, value in row.items() if name != "id"}
    return Intent(STREAM_UPDATE, written, _id_of(row) or 0)


def _id_of(row: dict[str, Any]) -> int | None:
    given = row.get("id")
    if not isinstance(given, int | str) or isinstance(given, bool):
        return None
    return int(given) if is_object_id(str(given)) else None


def _refuse(fault: ListFault, payload: Iterable[Any], is_wrong: Callable[[Any], bool]) -> None:
    wrong = tuple(number for number, row in enumerate(payload, 1) if is_wrong(row))
    if wrong:
        raise ListError(fault, wrong)
