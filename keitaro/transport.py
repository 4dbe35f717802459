"""From the client to connections that are dialled with care, by public interfaces alone."""

import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator
from typing import cast

import httpcore
import httpx

from keitaro.connection import Connection
from keitaro.framing import Body

_NO_BODY = frozenset({204, 304})
_ERRORS: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.WriteTimeout: httpx.WriteTimeout,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.WriteError: httpx.WriteError,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
}


class Transport(httpx.AsyncBaseTransport):
    """The wire: connections that are kept and used again, each for one answer at a time."""

    def __init__(
        self,
        backend: httpcore.AsyncNetworkBackend,
        tls: ssl.SSLContext,
        *,
        connections: int,
        keepalive_seconds: float,
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=connections,
            keepalive_expiry=keepalive_seconds,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request* and return the answer once its head has come."""
        with _translated():
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
            connection = cast("Connection", response.extensions["network_stream"])
            try:
                connection.begin_body(body_of(response))
            except httpcore.RemoteProtocolError:
                await response.aclose()
                raise
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response, connection),
            extensions={"http_version": response.extensions["http_version"]},
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    """The body of an answer as it comes."""

    def __init__(self, response: httpcore.Response, connection: Connection) -> None:
        self._response = response
        self._connection = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for piece in self._response.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        self._connection.end()
        await self._response.aclose()


def body_of(response: httpcore.Response) -> Body:
    """Return how the end of the body is told.

    Raises:
        RemoteProtocolError: It is told in two ways.
    """
    found = {name.lower(): value for name, value in response.headers}
    length = found.get(b"content-length")
    if b"transfer-encoding" in found:
        if length is not None:
            raise httpcore.RemoteProtocolError("both a length and chunks")
        return "chunked"
    if response.status in _NO_BODY:
        return 0
    return "until close" if length is None else int(length)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except tuple(_ERRORS) as error:
        raise _ERRORS[type(error)](str(error)) from error
