"""The files that have passed through, by id and by the path they are fetched from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.refusal import bad_request

DOWNLOAD_BYTES = 20 * 1024 * 1024
LINK_SECONDS = 3600


@dataclass(frozen=True)
class StoredFile:
    """A file and how large it is said to be."""

    file_id: str
    filename: str
    mime_type: str
    content: bytes = field(repr=False)
    size: int

    @property
    def unique_id(self) -> str:
        """Return the id that is the same for every bot."""
        return f"AgAD{self.file_id[-6:]}"

    def as_document(self) -> dict[str, Any]:
        """Return the file as messages describe a document."""
        return {
            "file_name": self.filename,
            "mime_type": self.mime_type,
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": self.size,
        }


class Files:
    """Everything uploaded by people and by the bot."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        self._now = now
        self._by_id: dict[str, StoredFile] = {}
        self._links: dict[str, tuple[StoredFile, float]] = {}

    def add(
        self, content: bytes, *, filename: str, mime_type: str, size: int | None = None
    ) -> StoredFile:
        """Keep *content*; *size* is what Telegram says of it, the truth if None."""
        file_id = f"BQACAgIAAxkBAAI{len(self._by_id) + 1:06d}"
        stored = StoredFile(
            file_id, filename, mime_type, content, len(content) if size is None else size
        )
        self._by_id[file_id] = stored
        return stored

    def get(self, file_id: object) -> StoredFile:
        """Return the file with this id, or refuse as the server does."""
        found = self._by_id.get(str(file_id))
        if found is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return found

    def link(self, file_id: object) -> dict[str, Any]:
        """Return the answer to getFile: where the file can be fetched for an hour."""
        found = self.get(file_id)
        if found.size > DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        ending = found.filename.rpartition(".")[2] if "." in found.filename else "bin"
        path = f"documents/file_{len(self._links)}.{ending}"
        self._links[path] = (found, self._now() + LINK_SECONDS)
        return {
            "file_id": found.file_id,
            "file_unique_id": found.unique_id,
            "file_size": found.size,
            "file_path": path,
        }

    def fetch(self, path: str) -> bytes | None:
        """Return what lies under *path*, as long as the link is good."""
        found = self._links.get(path)
        return None if found is None or found[1] < self._now() else found[0].content
