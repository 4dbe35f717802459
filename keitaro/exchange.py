"""One request and its answer, under one deadline and within bounds.

Whether a change may have been carried out hangs on one question: did the request begin to
leave this machine? The HTTP library reports every step it takes, and `Course` remembers how
far it got. A transport that reports nothing counts as having sent.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import httpx

from keitaro.content import read_content
from keitaro.errors import (
    ExchangeError,
    NoAnswerCause,
    NoAnswerError,
    UnreachableError,
    UnreadableError,
)
from keitaro.guard import NotPublicError
from keitaro.network import Limits

# Odd names and addresses that come in headers also end in errors of Python's own.
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError)

_PEER_LEFT = ("Server disconnected", "peer closed connection")


@dataclass(frozen=True)
class Answer:
    """What came back: *flaw* says why *content* is missing although a status came."""

    status: int
    headers: httpx.Headers
    content: bytes = b""
    flaw: ExchangeError | None = None


class Course:
    """How far a request has got on its way."""

    stage: Literal["unknown", "connecting", "tls", "sent"] = "unknown"
    redirect: Answer | None = None

    async def note(self, event: str, details: dict[str, Any]) -> None:
        """Take a report of the HTTP library about its next step."""
        if event.endswith("receive_response_headers.complete"):
            _, status, _, headers = details["return_value"]
            if httpx.codes.is_redirect(status):
                self.redirect = Answer(status, httpx.Headers(headers))
        elif event.endswith("send_request_headers.started"):
            self.stage = "sent"
        elif event == "connection.connect_tcp.started":
            self.stage = "connecting"
        elif event == "connection.start_tls.started":
            self.stage = "tls"


async def exchange(
    client: httpx.AsyncClient, request: httpx.Request, limits: Limits, *, ends: float
) -> Answer:
    """Send *request* once and return the answer, whatever its status.

    *ends* is the time of the running loop at which the deadline is over.

    Raises:
        UnreachableError: Nothing was sent.
        NoAnswerError: The request went out, and not even a status came back.
    """
    course = Course()
    timeout = _timeout(request, ends)
    request.extensions = {**request.extensions, "timeout": timeout, "trace": course.note}
    head: Answer | None = None
    try:
        async with asyncio.timeout_at(ends):
            response = await client.send(request, stream=True)
            head = Answer(response.status_code, response.headers)
            async with contextlib.aclosing(response):
                return replace(head, content=await read_content(response, limits.answer_bytes))
    except UnreadableError as error:
        failure: ExchangeError = error
    except _FAILURES as error:
        failure = _failure(error, course)
    # The library reads at once where a redirect leads, and fails if that is no address.
    head = head or course.redirect
    # Raised here, outside the clause: a protocol error quotes the wire, which may echo the key.
    if head is None:
        raise failure
    return replace(head, flaw=failure)


def _timeout(request: httpx.Request, ends: float) -> dict[str, Any]:
    """Return the request's timeouts, so that the deadline does not run out under a handshake."""
    timeout = request.extensions["timeout"]
    left = ends - asyncio.get_running_loop().time()
    return {**timeout, "connect": min(timeout["connect"], left / 3)}


def _failure(error: Exception, course: Course) -> ExchangeError:
    is_timeout = isinstance(error, TimeoutError | httpx.TimeoutException)
    before = httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
    if not isinstance(error, before) and course.stage not in {"connecting", "tls"}:
        return NoAnswerError("timeout" if is_timeout else _interruption(error))
    if is_timeout:
        return UnreachableError("timeout", course.stage)
    for cause in _causes(error):
        failure = _unreachable(cause)
        if failure is not None:
            return failure
    return UnreachableError("tls" if course.stage == "tls" else "other")


def _interruption(error: Exception) -> NoAnswerCause:
    # The library has one class for a peer that leaves and for one that does not speak HTTP.
    is_protocol = isinstance(error, httpx.RemoteProtocolError)
    return "garbled" if is_protocol and not str(error).startswith(_PEER_LEFT) else "cut"


def _unreachable(cause: BaseException) -> UnreachableError | None:
    match cause:
        case NotPublicError():
            return UnreachableError("private")
        case socket.gaierror():
            return UnreachableError("dns", cause.strerror or "")
        case ssl.SSLCertVerificationError():
            return UnreachableError("tls", cause.verify_message)
        case ssl.SSLError():
            return UnreachableError("tls", cause.reason or "")
        case ConnectionRefusedError():
            return UnreachableError("refused")
        case _:
            return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from *error* down to what the operating system said."""
    if error is None:
        return
    yield error
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _causes(member)
    yield from _causes(error.__cause__ or error.__context__)
