"""Secrets in use, and texts without them: what the log and Telegram get to see.

A secret is found by its core, the longest run of letters and digits in it, which is the same
in JSON, in HTML and in an address; and by the core in hexadecimal and in base64.
"""

import base64
import re
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

MASK = "••••"
# What looks like the token of a bot is hidden whoever's it is.
TOKEN = re.compile(r"(?<!\d)\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
CORE = re.compile(r"[A-Za-z0-9_-]+")
SHORTEST = 12
RUN = re.compile(rf"[A-Za-z0-9_+/-]{{{SHORTEST},}}")
STEM = 8
# A word that somebody links as a key must not vanish from every chat.
RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_-]{16,}")
KEYS_MOST = 10_000


class Redaction:
    """Hides *secrets*, and the keys that are added while the bot runs, the latest 10,000."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._stems: dict[str, tuple[str, ...]] = {}
        self._keys: OrderedDict[str, None] = OrderedDict()
        for secret in secrets:
            self._index(secret)

    def __repr__(self) -> str:
        return f"Redaction({len(self._keys)} keys)"

    def add(self, key: str) -> None:
        """Hide *key* from now on, if it is random enough to be one."""
        if not RANDOM.fullmatch(key):
            return
        if key not in self._keys:
            self._index(key)
        self._keys[key] = None
        self._keys.move_to_end(key)
        if len(self._keys) > KEYS_MOST:
            self._drop(self._keys.popitem(last=False)[0])

    def hides(self, text: str) -> bool:
        """Tell whether there is a secret in *text*."""
        return TOKEN.search(text) is not None or bool(self._found(text))

    def text(self, text: str) -> str:
        """Return *text* with the mask in place of every secret.

        None of the signs that HTML is made of is ever replaced.
        """
        text = TOKEN.sub(MASK, text)
        found = sorted(self._found(text), key=len, reverse=True)
        if not found:
            return text
        return re.sub("|".join(map(re.escape, found)), MASK, text, flags=re.IGNORECASE)

    def value(self, value: Any) -> Any:
        """Return a JSON *value* with the mask in place of every secret, names included."""
        match value:
            case str():
                return self.text(value)
            case list() | tuple():
                return [self.value(item) for item in value]
            case dict():
                return {self.value(name): self.value(item) for name, item in value.items()}
            case _:
                return value

    def content(self, content: bytes) -> bytes:
        """Return a file's *content* with the mask in place of every secret, if it is text."""
        try:
            return self.text(content.decode()).encode()
        except UnicodeDecodeError:
            return content

    def _found(self, text: str) -> set[str]:
        """Return the shapes of secrets in *text*: each stretch of letters is looked at once."""
        stems, found = self._stems, set[str]()
        if not stems:
            return found
        for run in set(RUN.findall(text)):
            small = run.lower()
            for place in range(len(small) - SHORTEST + 1):
                shapes = stems.get(small[place : place + STEM])
                if shapes:
                    found.update(shape for shape in shapes if small.startswith(shape, place))
        return found

    def _index(self, secret: str) -> None:
        for shape in _shapes(secret):
            known = self._stems.get(shape[:STEM], ())
            self._stems[shape[:STEM]] = tuple({*known, shape})

    def _drop(self, key: str) -> None:
        for shape in _shapes(key):
            left = tuple(one for one in self._stems.get(shape[:STEM], ()) if one != shape)
            if left:
                self._stems[shape[:STEM]] = left
            else:
                self._stems.pop(shape[:STEM], None)


def _shapes(secret: str) -> set[str]:
    """Return what is looked for, in small letters; nothing where a secret is too short for it."""
    core = max(CORE.findall(secret), key=len, default="")
    if len(core) < SHORTEST:
        return set()
    shapes = {core, core.encode().hex()}
    for offset in range(3):
        # What stands at the edges depends on what stands around it.
        coded = base64.b64encode(b"\0" * offset + core.encode())[4 if offset else 0 : -4]
        shapes |= {coded.decode(), coded.decode().replace("+", "-").replace("/", "_")}
    return {shape.lower() for shape in shapes if len(shape) >= SHORTEST}
