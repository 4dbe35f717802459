"""The API key, and everything that keeps it and other secrets of a tracker from being seen."""

import html
import json
import re
import urllib.parse
from typing import Any

from keitaro import hidden_fields
from keitaro.errors import KeyFormatError
from keitaro.hidden_fields import DOTS

_KEY = re.compile(r"[!-~]{1,500}")
# Four characters of a shorter key would give away too much of it.
_MIN_HINTED_CHARACTERS = 8


class Mask:
    """Replaces one key in whatever comes back from outside, and secrets in fields of their own."""

    def __init__(self, key: str) -> None:
        if not _KEY.fullmatch(key):
            raise KeyFormatError
        self.hint = DOTS + (key[-4:] if len(key) >= _MIN_HINTED_CHARACTERS else "")
        shapes = {key, html.escape(key), json.dumps(key)[1:-1], urllib.parse.quote(key, safe="")}
        longest_first = sorted(shapes, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
        written = {*shapes, *(json.dumps(shape)[1:-1] for shape in shapes)}
        self._in_bytes = re.compile("|".join(map(re.escape, written)).encode(), re.IGNORECASE)

    def may_be_in(self, content: bytes) -> bool:
        """Tell whether the JSON in *content* may hold a secret, which is far quicker than to mask.

        Letters of ASCII can be written as escapes, and a zero means that it is not UTF-8.
        """
        if b"\\u00" in content or b"\x00" in content:
            return True
        if self._in_bytes.search(content.replace(b"\\/", b"/")):
            return True
        return hidden_fields.may_be_in(content)

    def text(self, text: str) -> str:
        """Return *text* with the mask in place of the key."""
        return self._pattern.sub(lambda _: self.hint, text)

    def words(self, text: str) -> str:
        """Return *text* of an answer that may be no JSON, without what looks like a secret."""
        return hidden_fields.without_pairs(self.text(text))

    def value(self, value: Any, around: str = "") -> Any:
        """Return the JSON *value* with the mask in place of the key, names included.

        So are the values of secret fields; *around* is the field that the value stands in.
        """
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.value(item, around) for item in value]
            case dict():
                return {
                    self.text(name): hidden_fields.hidden(item)
                    if hidden_fields.is_hidden(name, around)
                    else self.value(item, name)
                    for name, item in value.items()
                }
            case _:
                return value
