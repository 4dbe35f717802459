"""The tracker's front door: every request is written down, checked and answered here."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

from starlette.requests import Request as HttpRequest
from starlette.types import Receive, Scope, Send

from sandbox.keitaro.answers import (
    Answer,
    RefusedError,
    admin_page,
    forbidden,
    in_json,
    refused,
)
from sandbox.keitaro.faults import Fault
from sandbox.keitaro.requests import Request
from sandbox.keitaro.routes import Rule, find_rule
from sandbox.keitaro.state import Call
from sandbox.serving import Cut

if TYPE_CHECKING:
    from sandbox.keitaro.tracker import Keitaro

_ROOT = "/admin_api/v1/"
# A body of the wrong shape breaks the real tracker's code as it breaks this one.
_BREAKDOWNS = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)


class Door:
    """The ASGI app in front of a tracker."""

    def __init__(self, keitaro: "Keitaro") -> None:
        self._keitaro = keitaro
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one HTTP request."""
        request = await _received(HttpRequest(scope, receive), at=self._keitaro.now())
        self._keitaro.requests.append(request)
        self._in_flight += 1
        self._keitaro.most_in_flight = max(self._keitaro.most_in_flight, self._in_flight)
        try:
            await self._serve(request, send)
        finally:
            self._in_flight -= 1

    async def _serve(self, request: Request, send: Send) -> None:
        fault = self._keitaro.script.take(request)
        await self._keitaro.witness("received", request)
        if self._keitaro.delay_seconds:
            await asyncio.sleep(self._keitaro.delay_seconds)
        if fault is None:
            await _send(await self._done(request), request, send)
        else:
            await self._serve_badly(fault, request, send)
        await self._keitaro.witness("answered", request)

    async def _serve_badly(self, fault: Fault, request: Request, send: Send) -> None:
        if not fault.after_effect:
            await fault.wait()
        if fault.after_effect or not fault.replaces:
            answer = await self._done(request)
        if fault.after_effect:
            await fault.wait()
        if fault.replaces:
            await _send_fault(fault, request, send)
        else:
            await _send(answer, request, send, headers=fault.headers)

    async def _done(self, request: Request) -> Answer:
        answer = self._answer(request)
        await self._keitaro.witness("done", request)
        return answer

    def _answer(self, request: Request) -> Answer:
        found = find_rule(request.method, request.path)
        if found is None:
            return admin_page()
        rule, number = found
        try:
            self._admit(request, rule)
            body = request.body if isinstance(request.body, dict) else {}
            value = rule.action(self._keitaro, Call(number, request.query, body))
        except RefusedError as error:
            return error.answer
        except _BREAKDOWNS as error:
            self._keitaro.breakdowns.append(error)
            return in_json({"error": "Internal server error"}, status=500)
        if rule.changes:
            self._keitaro.mutations.append(request)
        return in_json(value, status=rule.status)

    def _admit(self, request: Request, rule: Rule) -> None:
        if request.headers.get("api-key") != self._keitaro.key:
            raise refused("Access denied", status=401)
        if self._keitaro.license_missing:
            raise refused("Admin API is not available in your edition", status=402)
        if rule.resource in self._keitaro.restricted:
            raise forbidden(rule.resource)


async def _received(http: HttpRequest, *, at: float) -> Request:
    raw = await http.body()
    path = http.url.path
    return Request(
        method=http.method,
        path=path.removeprefix(_ROOT).rstrip("/") if path.startswith(_ROOT) else path,
        query=dict(http.query_params),
        headers=dict(http.headers),
        body=_parsed(raw),
        raw=raw,
        at=at,
    )


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_constant=_no_constant) if raw else None
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> None:
    raise ValueError(name)


async def _send(
    answer: Answer, request: Request, send: Send, *, headers: dict[str, str] | None = None
) -> None:
    request.status = answer.status
    named = {"content-type": answer.content_type, "content-length": str(len(answer.content))}
    await _start(answer.status, named | (headers or {}), send)
    await send({"type": "http.response.body", "body": answer.content})


async def _send_fault(fault: Fault, request: Request, send: Send) -> None:
    content, content_type = fault.content()
    if fault.cut and not content:
        raise Cut
    request.status = fault.status or 200
    length = len(content) + (1000 if fault.cut else 0)
    headers = {"content-type": content_type, "content-length": str(length)} | fault.headers
    await _start(request.status, headers, send)
    await send({"type": "http.response.body", "body": content, "more_body": fault.cut})
    if fault.cut:
        raise Cut


async def _start(status: int, headers: dict[str, str], send: Send) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
