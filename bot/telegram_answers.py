"""Answers of the Bot API server, made fit for the library before it reads them.

It logs whole what it cannot read, breaks at a pause that is no number, and takes what was
refused for something that may have been done.
"""

import json
from http import HTTPStatus
from typing import Any

PAUSE_MOST_SECONDS = 60
PAUSE_SECONDS = 1


def fit_call(status: int, body: bytes) -> tuple[int, bytes]:
    """Return the answer to a call: what is none, like the page of a gateway, is a fault.

    A pause is always one that can be kept. What is too large was not taken, so it is not sent
    again.
    """
    answer = _read(body)
    match status:
        case HTTPStatus.OK if answer is None:
            # Whoever answered, it may have been passed on before.
            return _fault(HTTPStatus.BAD_GATEWAY, "an answer that is none")
        case HTTPStatus.TOO_MANY_REQUESTS if _pause(answer) <= 0:
            return _fault(status, "Too Many Requests", retry_after=PAUSE_SECONDS)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _fault(HTTPStatus.BAD_REQUEST, "Bad Request: the request is too large")
        case _ if answer is None:
            return _fault(status, f"{_phrase(status)} ({status})")
    return status, body


def fit_poll(status: int, body: bytes) -> tuple[int, bytes]:
    """Return the answer to a poll as that to a call, with no pause longer than a minute.

    Polling once a minute does no harm, and nobody would notice a bot that waits for a day.
    """
    status, body = fit_call(status, body)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer = _read(body) or {}
        if _pause(answer) > PAUSE_MOST_SECONDS:
            return _fault(status, "Too Many Requests", retry_after=PAUSE_MOST_SECONDS)
    return status, body


def is_about_webhook(body: bytes) -> bool:
    """Tell whether a conflict is with a webhook, not with another process that polls."""
    return "webhook" in str((_read(body) or {}).get("description", "")).lower()


def refused(status: int) -> tuple[int, bytes]:
    """Return a refused token as a fault of the server, which the library does not give up at."""
    return _fault(HTTPStatus.INTERNAL_SERVER_ERROR, f"refused with {status}")


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _pause(answer: dict[str, Any] | None) -> float:
    parameters = (answer or {}).get("parameters")
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return asked if isinstance(asked, (int, float)) else 0


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"


def _fault(status: int, description: str, **parameters: int) -> tuple[int, bytes]:
    fault = {"ok": False, "error_code": status, "description": description}
    return status, json.dumps(fault | ({"parameters": parameters} if parameters else {})).encode()
