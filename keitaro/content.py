"""The body of an answer, read piece by piece so that none can fill the memory.

HTTP libraries undo any number of stacked encodings at once, which turns a few hundred bytes
into gigabytes. Here at most one gzip is undone, and never more of it than is allowed.
"""

import asyncio
import zlib

import httpx

from keitaro.errors import UnreadableError

_GZIP = 16 + zlib.MAX_WBITS
# A byte may come in a chunk of its own, which takes a thousand times the work of a byte.
_MAX_CHUNKS = 20_000
# Those of one delivery are taken apart without a pause, unless one is made.
_CHUNKS_AT_ONCE = 500


async def read_content(response: httpx.Response, limit: int) -> bytes:
    """Return the body of *response*, decompressed.

    Raises:
        UnreadableError: It is longer than *limit* bytes, in too many chunks, or encoded in an
            unknown way.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip"}:
        raise UnreadableError("encoding", response.status_code)
    inflater = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
    content = bytearray()
    chunks = received = 0
    async for chunk in response.aiter_raw():
        chunks += 1
        received += len(chunk)
        content += _inflate(inflater, chunk, limit + 1 - len(content), response.status_code)
        if len(content) > limit or chunks > _MAX_CHUNKS:
            raise UnreadableError("too_large", response.status_code)
        if not chunks % _CHUNKS_AT_ONCE:
            await asyncio.sleep(0)
    if inflater and received and not inflater.eof:
        raise UnreadableError("encoding", response.status_code, "gzip")
    return bytes(content)


def _inflate(inflater: "zlib._Decompress | None", chunk: bytes, limit: int, status: int) -> bytes:
    if inflater is None:
        return chunk
    try:
        piece = inflater.decompress(chunk, limit)
    except zlib.error as error:
        raise UnreadableError("encoding", status, "gzip") from error
    if inflater.unused_data:
        raise UnreadableError("encoding", status, "gzip")
    return piece
