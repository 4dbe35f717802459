"""The door of the page: for this machine alone, and for whoever has its address."""

import hmac
import json
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.page.acts import attach, carry_out
from sandbox.page.feed import events
from sandbox.page.room import Room
from sandbox.telegram.refusal import RefusalError

STATIC = Path(__file__).parent / "static"
FILE_BYTES_MOST = 20 * 1024 * 1024
ACT_BYTES_MOST = 256 * 1024
PICTURES = ("image/png", "image/jpeg")
HOSTS = ("127.0.0.1", "localhost", "[::1]")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page_app(room: Room, token: str) -> ASGIApp:
    """Return the app that serves the page under ``/token/``, and nothing to anybody else."""
    routes = [
        Route("/", _index),
        Route("/events", partial(_events, room)),
        Route("/do/{name}", partial(_do, room), methods=["POST"]),
        Route("/attach", partial(_attach, room), methods=["POST"]),
        Route("/files/{file_id}", partial(_file, room)),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    inner = Starlette(routes=routes)
    return _Guarded(Starlette(routes=[Mount("/{token}", _Known(inner, token))]))


class _Guarded:
    """Lets requests in that name this machine, and sends the headers that keep a page to itself.

    A page of somebody else's may lead its own name to this machine; it cannot lie about the name.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if request.headers.get("host", "").rpartition(":")[0] not in HOSTS:
            await Response(status_code=421)(scope, receive, send)
            return
        await self._app(scope, receive, partial(_with_headers, send))


async def _with_headers(send: Send, message: Any) -> None:
    if message["type"] == "http.response.start":
        fixed = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
        message = {**message, "headers": [*message.get("headers", []), *fixed]}
    await send(message)


class _Known:
    """Answers 404 to whoever does not know the *token* in the address."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        offered = str(scope["path_params"]["token"]).encode()
        if hmac.compare_digest(offered, self._token):
            await self._app(scope, receive, send)
        else:
            await Response(status_code=404)(scope, receive, send)


async def _index(_: Request) -> Response:
    return FileResponse(STATIC / "index.html")


async def _events(room: Room, _: Request) -> Response:
    return StreamingResponse(events(room), media_type="text/event-stream")


async def _do(room: Room, request: Request) -> Response:
    content = await _content(request, ACT_BYTES_MOST)
    if content is None:
        return _refused("too large", 413)
    try:
        return JSONResponse(carry_out(room, request.path_params["name"], json.loads(content)))
    except LookupError as error:
        return _refused(str(error), 404)
    except ValueError as error:
        return _refused(str(error), 400)


async def _attach(room: Room, request: Request) -> Response:
    content = await _content(request, FILE_BYTES_MOST)
    if content is None:
        return _refused("too large", 413)
    try:
        attach(room, request.query_params, content)
    except LookupError as error:
        return _refused(str(error), 404)
    except ValueError as error:
        return _refused(str(error), 400)
    return JSONResponse({})


async def _file(room: Room, request: Request) -> Response:
    try:
        stored = room.stage.telegram.files.get(request.path_params["file_id"])
    except RefusalError:
        return Response(status_code=404)
    is_picture = stored.mime_type in PICTURES
    # Whatever else somebody has sent is kept, never shown, and never taken for a page.
    return Response(
        stored.content,
        media_type=stored.mime_type if is_picture else "application/octet-stream",
        headers={"Content-Disposition": "inline" if is_picture else "attachment"},
    )


async def _content(request: Request, most: int) -> bytes | None:
    """Return the body, or None if it is longer than *most* bytes."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            return None
    return bytes(content)


def _refused(words: str, status: int) -> Response:
    return JSONResponse({"error": words}, status_code=status)
