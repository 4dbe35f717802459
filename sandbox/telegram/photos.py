"""Pictures as Telegram takes them: looked at, refused where they are none, shown in sizes."""

import struct
from typing import Any

from sandbox.telegram.files import StoredFile
from sandbox.telegram.refusal import bad_request

_HEADER = struct.Struct(">8s4x4sII")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIDES_MOST, RATIO_MOST = 10_000, 20
# The boxes into which a picture is made to fit.
BOXES = (90, 320, 800, 1280)


def read_sizes(stored: StoredFile) -> list[dict[str, Any]]:
    """Return the sizes in which messages describe a picture, the largest last; PNG alone is read.

    Every one of them is fetched as it was sent.
    """
    width, height = _sides(stored.content)
    if width + height > SIDES_MOST or max(width, height) > RATIO_MOST * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    longest = max(width, height)
    shrunk = [box for box in BOXES[:-1] if box < longest]
    return [
        {
            "file_id": stored.file_id,
            "file_unique_id": f"{stored.unique_id}{number}",
            "width": max(1, width * side // longest),
            "height": max(1, height * side // longest),
            "file_size": stored.size * side // longest,
        }
        for number, side in enumerate((*shrunk, min(longest, BOXES[-1])))
    ]


def _sides(content: bytes) -> tuple[int, int]:
    if len(content) < _HEADER.size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    signature, kind, width, height = _HEADER.unpack_from(content)
    if (signature, kind) != (_SIGNATURE, b"IHDR") or not (width and height):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return int(width), int(height)
