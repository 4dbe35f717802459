"""A file that came with a message: whole, or not at all."""

import asyncio

from telegram import Document
from telegram.error import NetworkError, TelegramError

from handlers.faults import FileLostError, TooLargeError

TRIES = 2
SECONDS = 30.0


class OverlongError(NetworkError):
    """A file has no end, or one that is too far off; the rest of it was not taken."""


async def download(document: Document, *, limit_bytes: int, seconds: float = SECONDS) -> bytes:
    """Return the content of *document*.

    What is not as long as Telegram said is not all of it, or is something else. The place of a
    file is asked for anew before the second try, since it is not good for ever.

    Raises:
        TooLargeError: It is larger than *limit_bytes*, by its declared or its real size.
        FileLostError: Telegram did not hand it over in so many *seconds*.
    """
    if (document.file_size or 0) > limit_bytes:
        raise TooLargeError(limit_bytes)
    try:
        async with asyncio.timeout(seconds):
            for _ in range(TRIES):
                content = await _fetch(document)
                if content is not None and len(content) > limit_bytes:
                    raise TooLargeError(limit_bytes)
                if content is not None and len(content) == (document.file_size or len(content)):
                    return content
    except OverlongError as error:
        raise TooLargeError(limit_bytes) from error
    except TimeoutError as error:
        raise FileLostError from error
    raise FileLostError


async def _fetch(document: Document) -> bytes | None:
    try:
        file = await document.get_file()
        # The library reads a file of this machine where there is one at the path that it is told.
        if not (file.file_path or "").startswith(document.get_bot().base_file_url):
            return None
        return bytes(await file.download_as_bytearray())
    except OverlongError:
        raise
    except TelegramError:
        return None
