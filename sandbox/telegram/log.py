"""What the bot asked of the server, in order."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Upload:
    """A file that came with a request."""

    filename: str
    mime_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Call:
    """One request of the bot, with what came of it.

    Values are decoded: numbers are numbers and JSON is objects, however they were sent.
    *result* is None and *error* the description when the server refused; both are None when
    the connection was cut.
    """

    method: str
    parameters: dict[str, Any]
    at: float
    result: Any = None
    error: str | None = None
