"""What has come over a connection and was not read yet."""

import asyncio
from typing import cast

# More is left to the network until somebody has read what is here.
_HELD_BYTES = 128 * 1024


class Arrivals(asyncio.Protocol):
    """The receiving side of a connection: *news* is set whenever something has changed."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.is_over = False
        self.error: Exception | None = None
        self.news = asyncio.Event()
        self.can_write = asyncio.Event()
        self.can_write.set()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the other side."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Keep *data* until it is read."""
        self.data += data
        self.news.set()
        if len(self.data) >= _HELD_BYTES and self.transport:
            self.transport.pause_reading()

    def eof_received(self) -> None:
        """Note that nothing more will come."""
        self.is_over = True
        self.news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the connection is gone, and why."""
        self.is_over = True
        self.error = exc
        self.news.set()
        self.can_write.set()

    def pause_writing(self) -> None:
        """Note that what is written does not get away."""
        self.can_write.clear()

    def resume_writing(self) -> None:
        """Note that it does again."""
        self.can_write.set()

    def drop(self, count: int) -> bytes:
        """Return the first *count* bytes and forget them."""
        taken = bytes(self.data[:count])
        del self.data[:count]
        if len(self.data) < _HELD_BYTES and self.transport and not self.transport.is_closing():
            self.transport.resume_reading()
        return taken
