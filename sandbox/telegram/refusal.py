"""The errors the Bot API server answers with, in its own wording."""

from typing import Any


class RefusalError(Exception):
    """A request is not carried out; the caller is told why."""

    def __init__(
        self, status: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad_request(reason: str, **parameters: Any) -> RefusalError:
    """Return the refusal of something that cannot be done as asked."""
    return RefusalError(400, f"Bad Request: {reason}", parameters or None)


def forbidden(reason: str) -> RefusalError:
    """Return the refusal of something the bot may not do."""
    return RefusalError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> RefusalError:
    """Return the refusal of one of two ways of receiving updates."""
    return RefusalError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> RefusalError:
    """Return the request to wait for so many *seconds*."""
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
