"""Where one answer of HTTP/1.1 ends among the bytes of a connection.

The HTTP library takes whatever has come, and would read what follows an answer as the next one.
So it is handed no byte more than belongs to the answer under way.
"""

import re
from typing import Literal

import httpcore

# Of a head with all that comes before it, such as "100 Continue" again and again.
HEAD_BYTES = 64 * 1024
HEAD_LINES = 256
_BLANK_LINE = re.compile(rb"\n\r?\n")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,20})[ \t]*(?:;[^\r\n]*)?\r\n")
_CHUNK_LINE_BYTES = 4096
_END_OF_CHUNK = len(b"\r\n")

Body = int | Literal["chunked", "until close"]
_Part = Literal["head", "length", "chunks", "trailer", "over", "all"]


class Framing:
    """The bytes of one answer: first its head, then its body once somebody has read the head."""

    def __init__(self) -> None:
        self._part: _Part = "head"
        self._left = HEAD_BYTES
        self._lines = HEAD_LINES
        self._searched = 0

    def begin_body(self, body: Body) -> None:
        """Go on with a body of so many bytes, in chunks, or as long as there is something."""
        match body:
            case "chunked":
                self._part, self._left = "chunks", 0
            case "until close":
                self._part = "all"
            case length:
                self._part, self._left = "length", length

    def take(self, data: bytearray) -> int:
        """Return how many bytes of *data* may be handed over; 0 if more must come first.

        Raises:
            RemoteProtocolError: The head is too long, or has too many lines.
        """
        match self._part:
            case "head":
                return self._head(data)
            case "length":
                return self._spend(len(data))
            case "chunks":
                return self._chunks(data)
            case "trailer":
                return self._trailer(data, 0)
            case "over":
                return 0
            case "all":
                return len(data)

    def _spend(self, count: int) -> int:
        taken = min(count, self._left)
        self._left -= taken
        return taken

    def _head(self, data: bytearray) -> int:
        end = self._blank_line(data)
        if end > self._left or (not end and len(data) >= self._left):
            raise httpcore.RemoteProtocolError("the head is too long")
        self._lines -= data.count(b"\n", 0, end)
        if self._lines < 0:
            raise httpcore.RemoteProtocolError("the head has too many lines")
        return self._spend(end)

    def _blank_line(self, data: bytearray) -> int:
        """Return where the first blank line ends; 0 if none is there yet."""
        found = _BLANK_LINE.search(data, self._searched)
        self._searched = 0 if found else max(0, len(data) - 2)
        return found.end() if found else 0

    def _chunks(self, data: bytearray) -> int:
        end = self._spend(len(data))
        while end < len(data) and not self._left:
            found = _CHUNK_SIZE.match(data, end)
            if found is None:
                return self._odd(data, end)
            size = int(found[1], 16)
            end = found.end()
            if not size:
                self._part, self._left = "trailer", HEAD_BYTES
                return self._trailer(data, end)
            self._left = size + _END_OF_CHUNK
            end += self._spend(len(data) - end)
        return end

    def _odd(self, data: bytearray, end: int) -> int:
        """Wait for the rest of a line that tells a size; what cannot be one is for the library."""
        if b"\n" in data[end : end + _CHUNK_LINE_BYTES] or len(data) - end >= _CHUNK_LINE_BYTES:
            self._part = "all"
            return len(data)
        return end

    def _trailer(self, data: bytearray, begin: int) -> int:
        """Take the lines after the last chunk, which are as good as always none."""
        rest = data[begin:]
        if rest.startswith((b"\n", b"\r\n")):
            end = rest.index(b"\n") + 1
        elif len(rest) < _END_OF_CHUNK:
            return begin
        else:
            end = self._head(rest)
        if end:
            self._part = "over"
        return begin + end
