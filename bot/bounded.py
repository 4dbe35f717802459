"""Answers of the Bot API server, taken only as far as they may reach."""

from collections.abc import AsyncIterator
from typing import cast

import httpx

FILES = "/file/bot"
# A hundred updates in one answer have four megabytes at most.
ANSWER_BYTES = 16 * 1024 * 1024


class Overlong(httpx.ReadError):
    """An answer does not end where it must."""


class _Bounded(httpx.AsyncByteStream):
    """A stream of which no more than *most* bytes are taken."""

    def __init__(self, inner: httpx.AsyncByteStream, most: int) -> None:
        self._inner = inner
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._left -= len(chunk)
            if self._left < 0:
                raise Overlong("longer than it may be")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


async def bounded(response: httpx.Response, *, file_bytes: int) -> None:
    """Let no more of *response* be read than a file, or any other answer, may have.

    The library reads an answer whole, and a size that was declared need not be true.
    """
    most = file_bytes if FILES in response.request.url.path else ANSWER_BYTES
    response.stream = _Bounded(cast("httpx.AsyncByteStream", response.stream), most)
