"""The files of local offers and landing pages; parameters come in the query string."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from sandbox.keitaro.answers import missing, refused
from sandbox.keitaro.shelves import Shelf
from sandbox.keitaro.state import Call, State


@dataclass(frozen=True)
class Folder:
    """The files that belong to one object of a shelf."""

    shelf: Shelf

    def files(self, state: State, call: Call) -> dict[str, str]:
        """Return the files of the object in the path."""
        self.shelf.find(state, call.id)
        return state.files.setdefault((self.shelf.name, call.id), {"index.html": "<h1>Hello</h1>"})

    def structure(self, state: State, call: Call) -> Any:
        """List the files."""
        return [
            {"name": path.rsplit("/", 1)[-1], "path": path, "type": "file"}
            for path in self.files(state, call)
        ]

    def get(self, state: State, call: Call) -> Any:
        """Return one file's text."""
        return {"data": self.files(state, call)[self._existing(state, call)]}

    def add(self, state: State, call: Call) -> Any:
        """Add an empty file."""
        self.files(state, call).setdefault(self._path(state, call), "")
        return self.structure(state, call)

    def update(self, state: State, call: Call) -> Any:
        """Replace a file's text."""
        if "data" not in call.query:
            raise missing(["data"], status=state.validation_status)
        self.files(state, call)[self._existing(state, call)] = call.query["data"]
        return {"data": call.query["data"]}

    def remove(self, state: State, call: Call) -> Any:
        """Remove a file."""
        del self.files(state, call)[self._existing(state, call)]
        return self.structure(state, call)

    def download(self, state: State, call: Call) -> Any:
        """Return all files as a ZIP archive."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path, text in self.files(state, call).items():
                archive.writestr(zipfile.ZipInfo(path), text)
        return packed.getvalue()

    def _path(self, state: State, call: Call) -> str:
        if not call.query.get("path"):
            raise missing(["path"], status=state.validation_status)
        return call.query["path"]

    def _existing(self, state: State, call: Call) -> str:
        path = self._path(state, call)
        if path not in self.files(state, call):
            raise refused(f"File {path} not found", status=404)
        return path
