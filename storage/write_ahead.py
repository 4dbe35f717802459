"""Whether the write-ahead log is still as long as its index says.

SQLite takes a log that was cut off for one that was not written further, and silently forgets
what stood behind the cut. Its index tells them apart: it is written after the log has been synced.
"""

import struct
from pathlib import Path

from storage.errors import DamagedError

# The formats are laid down in https://sqlite.org/walformat.html; the index has the machine's order.
_LOG_HEADER = struct.Struct(">IIII8s8x")
_INDEX_HEADER = struct.Struct("=I8xBxHIIII8s8x")
_INDEX_VERSION = 3_007_000
_FRAME_HEADER_BYTES = 24
_COPIED_AT = 2 * _INDEX_HEADER.size


def refuse_cut(log: Path, index: Path) -> None:
    """Refuse a log that has lost what its index knows of.

    Raises:
        DamagedError: Something is missing that is not in the database either.
    """
    if not log.exists() or not index.exists():
        return
    known, copied, salt = _read_index(index)
    with log.open("rb") as file:
        header = file.read(_LOG_HEADER.size)
    if len(header) < _LOG_HEADER.size:
        return
    *_, page_bytes, _, salt_there = _LOG_HEADER.unpack(header)
    frames = (log.stat().st_size - len(header)) // (page_bytes + _FRAME_HEADER_BYTES)
    # Another salt is that of another log: the index is one of an earlier day.
    if salt == salt_there and frames < known and copied < known:
        raise DamagedError(f"{log}: the end of the log is missing ({frames} pages of {known})")


def _read_index(index: Path) -> tuple[int, int, bytes]:
    """Return how many pages the log has, how many of them are in the database, and the salt."""
    content = index.read_bytes()[: _COPIED_AT + 4]
    if len(content) < _COPIED_AT + 4:
        return 0, 0, b""
    version, is_ready, _, known, *_, salt = _INDEX_HEADER.unpack_from(content)
    if version != _INDEX_VERSION or not is_ready:
        return 0, 0, b""
    (copied,) = struct.unpack_from("=I", content, _COPIED_AT)
    return known, copied, salt
