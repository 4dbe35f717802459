"""Keeps every byte that arrives at a server, but for the places where a secret belongs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# A request line, its headers by name, and its body.
Strip = Callable[[bytes, dict[bytes, bytes]], tuple[bytes, dict[bytes, bytes]]]


@dataclass
class Recorder:
    """An app in front of *app*; *strip* takes out what may be there.

    *told* may be in the body of the call that sets the webhook, once.
    """

    app: Any
    strip: Strip
    told: bytes = b""
    heard: bytearray = field(default_factory=bytearray)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        target = scope.get("raw_path", b"") + b"?" + scope["query_string"]
        target, headers = self.strip(target, dict(scope["headers"]))
        self.heard += scope["method"].encode() + b" " + target + b"\n"
        for name, value in headers.items():
            self.heard += name + b": " + value + b"\n"

        async def hear() -> Any:
            event = await receive()
            body = event.get("body", b"")
            if self.told and target.endswith(b"/setWebhook?"):
                body = body.replace(self.told, b"", 1)
            # A body in pieces is still one: nothing is put between them.
            self.heard.extend(body)
            return event

        await self.app(scope, hear, send)
        self.heard += b"\n"


def telegram_strip(token: str) -> Strip:
    """Return what takes the token out of the path, once, where the Bot API has it."""

    def strip(target: bytes, headers: dict[bytes, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
        for start in (b"/bot", b"/file/bot"):
            if target.startswith(start + token.encode()):
                return start + target[len(start) + len(token) :], headers
        return target, headers

    return strip


def tracker_strip(keys: set[str]) -> Strip:
    """Return what takes the keys of this very tracker out of the header that is for them."""
    right = {key.encode() for key in keys}

    def strip(target: bytes, headers: dict[bytes, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
        kept = {
            name: value
            for name, value in headers.items()
            if name != b"api-key" or value not in right
        }
        return target, kept

    return strip
