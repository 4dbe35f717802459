"""Runs an ASGI app on 127.0.0.1 inside the running loop, and cuts connections when asked.

An app that raises `Cut` loses its connection without a further byte, be it before or after
the answer has begun. Starlette turns exceptions into answers of its own, so a Starlette app
names the handler that keeps it from doing so:

    Starlette(routes=..., exception_handlers={Cut: hang_up})

Over real sockets the peer then sees the connection close. Without sockets (an ASGI transport
in the same process) nothing can be closed, and `Cut` reaches the caller as it is.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_EXTENSION = "sandbox.cut"


class Cut(Exception):  # noqa: N818 - it is an order, not an error
    """The app wants the connection closed without an answer."""


async def hang_up(_request: Request, _error: Exception) -> Response:
    """Answer `Cut` in a Starlette app by closing the connection."""
    return _Silence()


@contextlib.asynccontextmanager
async def serving(app: App, *, port: int = 0) -> AsyncIterator[str]:
    """Serve *app* under the address given, until the block is left.

    Port 0 is any free port. Long polls still open at the end are cancelled.
    """
    listener = socket.create_server(("127.0.0.1", port))
    # Connections inherit it. asyncio leaves it out here, and each answer would wait for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = _Server(_config(app))
    task = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        await server.is_ready(task)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.leave()
        await task
        listener.close()


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="auto",
        log_config=None,
        log_level="critical",
        access_log=False,
        date_header=False,
        timeout_graceful_shutdown=0,
    )


class _Server(uvicorn.Server):
    """A server that leaves the signals of the process alone and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ready = asyncio.Event()
        self._left = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        await self._left.wait()

    def leave(self) -> None:
        self._left.set()

    async def is_ready(self, task: asyncio.Future[None]) -> None:
        ready = asyncio.ensure_future(self._ready.wait())
        waiting: set[asyncio.Future[Any]] = {ready, task}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if task.done():
            task.result()


class _Protocol(H11Protocol):
    """A connection which the app may close."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library has it
        super().connection_made(transport)
        # asyncio does so only for sockets that name their protocol, which accepted ones do not;
        # head and body of an answer would come forty milliseconds apart.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app = _Severable(self.app, transport)


class _Severable:
    """Around the app: closes the connection on `Cut`, and offers to do so in the scope."""

    def __init__(self, app: Any, transport: asyncio.Transport) -> None:
        self._app = app
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[_EXTENSION] = self._transport.abort
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            # Starlette wraps what is raised once its answer has begun.
            if not isinstance(error, Cut) and not isinstance(error.__cause__, Cut):
                raise
            self._transport.abort()
            await _closed(receive)


class _Silence(Response):
    """No answer at all."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del send
        abort = scope.get("extensions", {}).get(_EXTENSION)
        if abort is None:
            raise Cut
        abort()
        await _closed(receive)


async def _closed(receive: Receive) -> None:
    """Wait until the server has noticed, or it would report a missing answer."""
    while (await receive())["type"] != "http.disconnect":
        pass
