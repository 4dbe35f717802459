"""Whether a request fits its operation, before anything is sent."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from keitaro.errors import PayloadError, Problem
from keitaro.hidden_fields import masked_field
from keitaro.operation import Operation

_PLACE = re.compile(r"\{(\w+)\}")
# Anything else could climb out of its place in the path.
_PATH_VALUE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def fill_path(operation: Operation, values: Mapping[str, int | str]) -> str:
    """Put *values* into the operation's path.

    Raises:
        PayloadError: One is missing, too many, or no id.
    """
    names = _PLACE.findall(operation.path)
    _check_names(values, allowed=names, needed=names)
    problems = tuple(
        Problem(name, "string_pattern_mismatch", _PATH_VALUE.pattern, "This is not an id")
        for name, value in values.items()
        if not _PATH_VALUE.fullmatch(str(value))
    )
    if problems:
        raise PayloadError(problems)
    return operation.path.format(**values)


def check_query(operation: Operation, query: Mapping[str, Any]) -> dict[str, str]:
    """Return *query* as text, if the operation takes it.

    Raises:
        PayloadError: A parameter is missing, unknown, or cannot be written down.
    """
    _check_names(query, allowed=operation.query, needed=operation.needs)
    texts = {name: str(value) for name, value in query.items()}
    for name, text in texts.items():
        if not _is_encodable(text):
            raise PayloadError((Problem(name, "string_unicode", None, "This is not Unicode"),))
    return texts


def encode_body(operation: Operation, body: Any) -> bytes | None:
    """Check *body* against the operation's model and return it, unchanged, as JSON.

    Raises:
        PayloadError: It does not fit, or is no JSON at all.
    """
    if operation.body is None:
        if body is not None:
            raise PayloadError((Problem("", "extra_forbidden", None, "This takes no body"),))
        return None
    _check_model(operation.body, body)
    try:
        text = json.dumps(body, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except (ValueError, TypeError, RecursionError):
        problem = Problem("", "json_invalid", None, "This cannot be written as JSON")
    # Outside the clause, since the error carries the text that could not be encoded.
    raise PayloadError((problem,))


def check_unmasked(body: Any) -> None:
    """See to it that no mask is written to a tracker in place of what it hides.

    Raises:
        PayloadError: *body* holds one.
    """
    field = masked_field(body)
    if field is not None:
        raise PayloadError((Problem(field, "masked", None, "A secret is hidden here"),))


def _check_names(
    given: Mapping[str, Any], *, allowed: Collection[str], needed: Collection[str]
) -> None:
    missing = [
        Problem(name, "missing", None, "This is required") for name in needed if name not in given
    ]
    extra = [
        Problem(name, "extra_forbidden", None, "This is not known")
        for name in given
        if name not in allowed
    ]
    if missing or extra:
        raise PayloadError((*missing, *extra))


def _expected(context: Mapping[str, Any]) -> str | None:
    found = context.get("expected", context.get("max_length"))
    return None if found is None else str(found)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_model(model: type[BaseModel], body: Any) -> None:
    try:
        model.model_validate(body)
    except ValidationError as error:
        # The error itself would print the values that were given.
        problems = tuple(
            Problem(
                field=".".join(map(str, detail["loc"])),
                kind=detail["type"],
                expected=_expected(detail.get("ctx", {})),
                message=detail["msg"],
            )
            for detail in error.errors(include_url=False, include_input=False)
        )
    else:
        return
    raise PayloadError(problems)
