"""What an answer means to the operation that asked."""

from collections.abc import Mapping
from typing import Any

import httpx

from keitaro.errors import NotKeitaroError, UnreadableError, UnreadableReason
from keitaro.exchange import Answer
from keitaro.mask import Mask
from keitaro.operation import Operation
from keitaro.reading import is_crowded, is_overfull, is_page, parse_json
from keitaro.refusals import refusal

# These verbs answer with the very object that was asked for.
_SAME_OBJECT = {"get", "update", "disable", "enable", "delete", "restore"}


def read_answer(
    operation: Operation, answer: Answer, *, mask: Mask, path: Mapping[str, int | str]
) -> Any:
    """Return the value in *answer*, in the shape *operation* promises, with the key masked.

    A file comes byte for byte.

    Raises:
        ExchangeError: The tracker refused, or the answer is not one of the Admin API's.
    """
    if not httpx.codes.is_success(answer.status):
        raise refusal(answer, mask)
    if answer.flaw is not None:
        raise answer.flaw
    if operation.answer == "bytes":
        return _file(answer)
    if not answer.content.strip():
        if operation.changes:
            return None
        raise UnreadableError("not_json", answer.status, "empty")
    value = _unwrapped(operation, _value(answer))
    if operation.answer == "object" and not operation.rows and is_overfull(answer.content):
        raise UnreadableError("too_large", answer.status)
    if not _fits(operation, value):
        raise UnreadableError("shape", answer.status, type(value).__name__)
    if operation.verb in _SAME_OBJECT and not _is_same(value, path.get("id")):
        raise UnreadableError("shape", answer.status, "id")
    return mask.value(value) if mask.may_be_in(answer.content) else value


def _file(answer: Answer) -> bytes:
    if is_page(answer.content) and "html" in answer.headers.get("content-type", ""):
        raise NotKeitaroError(answer.status)
    return answer.content


def _value(answer: Answer) -> Any:
    try:
        return parse_json(answer.content)
    except ValueError:
        page = is_page(answer.content)
    # Outside the clause, since the parser's error may quote the answer.
    if page:
        raise NotKeitaroError(answer.status)
    reason: UnreadableReason = "too_large" if is_crowded(answer.content) else "not_json"
    raise UnreadableError(reason, answer.status)


def _unwrapped(operation: Operation, value: Any) -> Any:
    # Clones come as a list of one, although they are described as objects.
    wrapped = operation.changes and operation.answer == "object"
    return value[0] if wrapped and isinstance(value, list) and len(value) == 1 else value


def _fits(operation: Operation, value: Any) -> bool:
    match operation.answer:
        case "object":
            rows = not operation.rows or _is_table(value)
            return isinstance(value, dict) and rows
        case "list":
            return isinstance(value, list) and all(isinstance(item, dict) for item in value)
        case _:
            return True


def _is_table(value: Any) -> bool:
    rows = value.get("rows") if isinstance(value, dict) else None
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _is_same(value: Any, asked: int | str | None) -> bool:
    return not isinstance(value, dict) or str(value.get("id", asked)) == str(asked)
