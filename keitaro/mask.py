"""The API key, and everything that keeps it from being seen."""

import html
import json
import re
import urllib.parse
from typing import Any

from keitaro.errors import KeyFormatError

_DOTS = "••••"
_KEY = re.compile(r"[!-~]{1,500}")
# Four characters of a shorter key would give away too much of it.
_MIN_HINTED_CHARACTERS = 8


class Mask:
    """Replaces one key in whatever comes back from outside."""

    def __init__(self, key: str) -> None:
        if not _KEY.fullmatch(key):
            raise KeyFormatError
        self.hint = _DOTS + (key[-4:] if len(key) >= _MIN_HINTED_CHARACTERS else "")
        shapes = {key, html.escape(key), json.dumps(key)[1:-1], urllib.parse.quote(key, safe="")}
        longest_first = sorted(shapes, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
        written = {*shapes, *(json.dumps(shape)[1:-1] for shape in shapes)}
        self._in_bytes = re.compile("|".join(map(re.escape, written)).encode(), re.IGNORECASE)

    def may_be_in(self, content: bytes) -> bool:
        """Tell whether the JSON in *content* may hold the key, which is far quicker than to mask.

        Letters of ASCII can be written as escapes, and a zero means that it is not UTF-8.
        """
        if b"\\u00" in content or b"\x00" in content:
            return True
        return bool(self._in_bytes.search(content.replace(b"\\/", b"/")))

    def text(self, text: str) -> str:
        """Return *text* with the mask in place of the key."""
        return self._pattern.sub(lambda _: self.hint, text)

    def value(self, value: Any) -> Any:
        """Return the JSON *value* with the mask in place of the key, names included."""
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.value(item) for item in value]
            case dict():
                return {self.text(name): self.value(item) for name, item in value.items()}
            case _:
                return value
