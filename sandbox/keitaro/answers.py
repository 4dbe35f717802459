"""The shapes in which Keitaro answers and refuses.

The Admin API is uneven: a wrong key and a missing right come as JSON, a missing
object as plain text, a failed validation as a list of messages per field, and a
path that does not exist as the panel's own page with status 200.
"""

import json
from dataclasses import dataclass
from typing import Any

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Keitaro</title></head>
<body><div id="app">Loading...</div><script src="/admin/assets/app.js"></script></body>
</html>
"""


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    content: bytes
    content_type: str = "application/json"


class RefusedError(Exception):
    """The tracker refuses the request with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


def in_json(value: Any, *, status: int = 200) -> Answer:
    """Return *value* as a JSON answer; bytes stay as they are."""
    if isinstance(value, bytes):
        return Answer(status, value, "application/octet-stream")
    return Answer(status, json.dumps(value, ensure_ascii=False).encode())


def admin_page() -> Answer:
    """Return the panel's page, which stands for every unknown path."""
    return Answer(200, _PAGE.encode(), "text/html; charset=UTF-8")


def refused(message: str, *, status: int = 400) -> RefusedError:
    """Return a refusal with *message* under ``error``."""
    return RefusedError(in_json({"error": message}, status=status))


def forbidden(resource: str) -> RefusedError:
    """Return the refusal for a key whose user may not touch *resource*."""
    message = f"You have no permission to access this page to {resource}"
    return RefusedError(in_json({"error": message, "stacktrace": None}, status=403))


def not_found(model: str, number: int) -> RefusedError:
    """Return the plain-text refusal for an object that is not there."""
    text = f"{model} #{number} not found"
    return RefusedError(Answer(404, text.encode(), "text/plain; charset=UTF-8"))


def invalid(fields: dict[str, list[str]], *, status: int) -> RefusedError:
    """Return the refusal of a body, with messages field by field."""
    return RefusedError(in_json(fields, status=status))


def missing(names: list[str], *, status: int) -> RefusedError:
    """Return the refusal of a body that lacks the fields *names*."""
    fields = {name: [f"{name.replace('_', ' ').title()} is required"] for name in names}
    return invalid(fields, status=status)
