"""One connection to a tracker, which knows whether anything came that nobody asked for."""

import asyncio
import select
import ssl
from typing import Any

import httpcore

from keitaro.arrivals import Arrivals
from keitaro.framing import Body, Framing


class Connection(httpcore.AsyncNetworkStream):
    """A stream for the HTTP library, which is handed one answer at a time and no byte more."""

    def __init__(self, arrivals: Arrivals, transport: asyncio.Transport) -> None:
        self._arrivals = arrivals
        self._transport = transport
        self._framing: Framing | None = None
        self._granted = 0

    def begin_body(self, body: Body) -> None:
        """Go on with the body of the answer whose head has been read."""
        if self._framing:
            self._framing.begin_body(body)

    def end(self) -> None:
        """Note that the answer has come; what comes now has not been asked for."""
        self._framing = None

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library asks so
    ) -> bytes:
        """Return something of the answer under way, or nothing if there is no more."""
        arrivals = self._arrivals
        try:
            async with asyncio.timeout(timeout):
                while not self._grant() and not arrivals.is_over:
                    arrivals.news.clear()
                    await arrivals.news.wait()
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        if not self._granted and arrivals.error:
            raise httpcore.ReadError from arrivals.error
        taken = arrivals.drop(min(self._granted or len(arrivals.data), max_bytes))
        self._granted = max(0, self._granted - len(taken))
        return taken

    def _grant(self) -> int:
        """Return how much may be read now."""
        if not self._granted and self._framing:
            self._granted = self._framing.take(self._arrivals.data)
        return self._granted

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 - the library asks so
    ) -> None:
        """Send a part of a request."""
        if self._framing is None:
            if self._arrivals.data:
                raise httpcore.RemoteProtocolError("something came unasked")
            self._framing, self._granted = Framing(), 0
        if self._arrivals.is_over:
            raise httpcore.WriteError from self._arrivals.error
        self._transport.write(buffer)
        try:
            async with asyncio.timeout(timeout):
                await self._arrivals.can_write.wait()
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error

    async def aclose(self) -> None:
        """Drop the connection, whatever is still coming."""
        self._transport.abort()
        # The socket itself is closed in the next round of the loop.
        await asyncio.sleep(0)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library asks so
    ) -> "Connection":
        """Encrypt the connection; one that cannot be is closed."""
        arrivals, loop = Arrivals(), asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(
                    self._transport, arrivals, ssl_context, server_hostname=server_hostname
                )
        except BaseException as error:
            await self.aclose()
            match error:
                case TimeoutError():
                    raise httpcore.ConnectTimeout from error
                case OSError():
                    raise httpcore.ConnectError from error
                case _:
                    raise
        if transport is None:
            raise httpcore.ConnectError("closed")
        return Connection(arrivals, transport)

    def get_extra_info(self, info: str) -> Any:
        """Tell the library about the socket; "is_readable" means unfit for a next request."""
        match info:
            case "is_readable":
                return self._is_spoilt()
            case "client_addr":
                return self._transport.get_extra_info("sockname")
            case "server_addr":
                return self._transport.get_extra_info("peername")
            case _:
                return self._transport.get_extra_info(info)

    def _is_spoilt(self) -> bool:
        if self._arrivals.data or self._arrivals.is_over or self._transport.is_closing():
            return True
        # What has arrived since the loop last looked.
        look = select.poll()
        look.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        return bool(look.poll(0))


async def connect(address: str, port: int) -> Connection:
    """Connect to *address*, which is no name.

    Raises:
        OSError: There is no way, or nobody takes the call.
    """
    loop = asyncio.get_running_loop()
    transport, arrivals = await loop.create_connection(Arrivals, address, port)
    return Connection(arrivals, transport)
