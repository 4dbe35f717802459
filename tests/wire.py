"""Servers that do with each request what a test says, below HTTP where that is wanted."""

import asyncio
import contextlib
import datetime as dt
import gzip
import ipaddress
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# Answers a request; "stall" waits for the peer to leave, whatever else is true ends the connection.
Behaviour = Callable[[asyncio.StreamWriter], Awaitable[bool | str | None]]


class Wire:
    """A server that does with each request what the test says."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.connections = 0
        self.requests: list[bytes] = []
        self.tasks: list[asyncio.Task] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection."""
        self.connections += 1
        self.tasks.append(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                self.requests.append(await _request(reader))
                outcome = await self.behave(writer)
                if outcome == "stall":
                    await reader.read()
                if outcome:
                    break
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    @contextlib.asynccontextmanager
    async def listening(self, *, tls: ssl.SSLContext | None = None) -> AsyncIterator["Wire"]:
        """Listen on a free port until the block is left, then wait for the last connection."""
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            if self.tasks:
                await asyncio.wait(self.tasks, timeout=5)
            server.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    lengths = (int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    return head + await reader.readexactly(next(lengths, 0))


def saying(*pieces: bytes, close: bool = False, stall: bool = False) -> Behaviour:
    """Behave by writing *pieces*, then going on, closing, or never saying more."""

    async def behave(writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return "stall" if stall else close

    return behave


def dripping(*pieces: bytes, every: float, most: int = 1000) -> Behaviour:
    """Behave by writing the first of *pieces* at once, then the last again and again."""

    async def behave(writer):
        writer.write(pieces[0])
        for _ in range(most):
            writer.write(pieces[-1])
            await writer.drain()
            await asyncio.sleep(every)
        return True

    return behave


async def reset(writer: asyncio.StreamWriter) -> bool:
    """Behave by resetting the connection."""
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    writer.transport.abort()
    return True


def answer(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    """Return an answer of HTTP."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def packed(body: bytes, *, encoding: str = "gzip", times: int = 1) -> bytes:
    """Return an answer with *body* compressed so many *times*."""
    for _ in range(times):
        body = gzip.compress(body)
    return answer(body, headers=f"Content-Encoding: {encoding}\r\n")


def full_backlog() -> tuple[str, Callable[[], None]]:
    """Return the address of a port that takes no further connection, and what frees it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    waiting = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", port))
        waiting.append(client)

    def free():
        for one in (*waiting, listener):
            one.close()

    return f"http://127.0.0.1:{port}", free


def closed_port() -> tuple[str, Callable[[], None]]:
    """Return the address of a port at which nobody listens, and what frees it."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return f"http://127.0.0.1:{taken.getsockname()[1]}", taken.close


def certificate(
    folder: Path, *, name: str = "127.0.0.1", begins: int = -1, days: int = 1
) -> tuple[Path, ssl.SSLContext]:
    """Write a self-signed certificate and return its file and a server's context.

    It is valid until so many *days* from now, and *begins* the day before at the latest.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    # Two of one name cannot be told apart where both are trusted.
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, folder.name)])
    now = dt.datetime.now(dt.UTC)
    ends = now + dt.timedelta(days=days)
    day = dt.timedelta(days=1)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now + begins * day, ends - day))
        .not_valid_after(ends)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "tracker.pem", folder / "tracker.key"
    pem.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return pem, context
