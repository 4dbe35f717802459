"""Finds secrets in bytes: whole, or six signs of them in a row, however they are written."""

import base64
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.canary.seeds import Seed

SIGNS = 6


def _base64(offset: int) -> Callable[[bytes], bytes]:
    """Return how text is written that begins *offset* bytes after the beginning of a group."""

    def write(text: bytes) -> bytes:
        whole = base64.b64encode(b"\0" * offset + text)
        # The first and the last signs also carry what stands beside the text.
        first = -(-offset * 4 // 3)
        return whole[first : (offset + len(text)) * 8 // 6]

    return write


WRITINGS: dict[str, Callable[[bytes], bytes]] = {
    "raw": lambda text: text,
    "hex": lambda text: text.hex().encode(),
    "HEX": lambda text: text.hex().upper().encode(),
    **{f"base64, {offset} before": _base64(offset) for offset in range(3)},
    "address": lambda text: "".join(f"%{sign:02X}" for sign in text).encode(),
    "address, small": lambda text: "".join(f"%{sign:02x}" for sign in text).encode(),
    "JSON": lambda text: "".join(f"\\u{sign:04x}" for sign in text).encode(),
    "JSON, large": lambda text: "".join(f"\\u{sign:04X}" for sign in text).encode(),
    "UTF-16": lambda text: text.decode().encode("utf-16-le"),
}


@dataclass(frozen=True)
class Find:
    """Where a secret was found, and in which writing."""

    seed: str
    writing: str
    place: str
    around: str


class Scanner:
    """Searches for the secret parts of *seeds*."""

    def __init__(self, seeds: Iterable[Seed]) -> None:
        self._needles: dict[bytes, set[tuple[bytes, str, str]]] = defaultdict(set)
        for seed in seeds:
            for writing, write in WRITINGS.items():
                for needle in _needles(seed.part.encode(), write):
                    self._needles[needle[:SIGNS]].add((needle, seed.name, writing))

    def search(self, content: bytes, place: str) -> Iterator[Find]:
        """Yield a find for each secret and writing in *content*, which was found at *place*."""
        needles, seen = self._needles, set()
        for at in range(len(content) - SIGNS + 1):
            # One look for every byte, however many secrets there are.
            known = needles.get(content[at : at + SIGNS])
            for needle, name, writing in known or ():
                if (name, writing) not in seen and content.startswith(needle, at):
                    seen.add((name, writing))
                    around = content[max(0, at - 60) : at + 60].decode(errors="backslashreplace")
                    yield Find(name, writing, place, around)

    def search_file(self, content: bytes, place: str) -> Iterator[Find]:
        """Yield the same, for the parts of a workbook, too."""
        yield from self.search(content, place)
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                for name in parts.namelist():
                    yield from self.search(parts.read(name), f"{place}: {name}")

    def search_folder(self, folder: Path) -> Iterator[Find]:
        """Yield the same for every file below *folder*, and for its name."""
        for path in sorted(folder.rglob("*")):
            yield from self.search(str(path).encode(), f"name of {path.name}")
            if path.is_file():
                yield from self.search_file(path.read_bytes(), str(path.relative_to(folder)))


def _needles(text: bytes, write: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """Yield the writing of every six signs in a row of *text*; base64 has two alphabets."""
    for start in range(len(text) - SIGNS + 1):
        needle = write(text[start : start + SIGNS])
        yield needle
        yield needle.replace(b"+", b"-").replace(b"/", b"_")
