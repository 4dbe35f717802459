"""Delivering updates to the address the bot has named."""

import asyncio
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sandbox.telegram.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 60.0
ANSWER_SECONDS = 60.0
GONE_SECONDS = 23 * 3600
_OK = range(200, 300)
_GONE = 410


@dataclass
class Webhook:
    """An address that is told of every update, one after the other, until it says yes."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str | None = None
    last_error_at: float | None = None
    last_error: str = ""
    _gone_since: float | None = None
    _task: asyncio.Task[None] | None = None

    def start(self, world: "World") -> None:
        """Begin to deliver in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._deliver_all(world))

    async def stop(self) -> None:
        """Deliver no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def info(self) -> dict[str, Any]:
        """Return the webhook as getWebhookInfo shows it."""
        info: dict[str, Any] = {"url": self.url, "max_connections": self.max_connections}
        if self.ip_address is not None:
            info["ip_address"] = self.ip_address
        if self.last_error_at is not None:
            info["last_error_date"] = int(self.last_error_at)
            info["last_error_message"] = self.last_error
        return info

    async def _deliver_all(self, world: "World") -> None:
        pause_seconds = FIRST_PAUSE_SECONDS
        while world.webhook is self:
            await world.updates.news.wait()
            batch = world.updates.batch(1)
            if batch and await self._is_taken(world, batch[0]):
                world.updates.remove([batch[0]["update_id"]])
                world.pulse.beat()
                pause_seconds = FIRST_PAUSE_SECONDS
            elif not batch:
                world.updates.drop()
            else:
                await asyncio.sleep(pause_seconds)
                pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    async def _is_taken(self, world: "World", update: dict[str, Any]) -> bool:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        body = json.dumps(update, ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                status = await world.deliver(self.url, headers, body)
        except OSError as error:
            status = 0
            reason = f"Connection failed: {type(error).__name__}"
        else:
            reason = f"Wrong response from the webhook: {status}"
        if status in _OK:
            self._gone_since = None
            return True
        self.last_error = reason
        self.last_error_at = world.now()
        self._note_gone(world, status)
        world.pulse.beat()
        return False

    def _note_gone(self, world: "World", status: int) -> None:
        """Give the webhook up after 23 hours of "410 Gone"."""
        if status != _GONE:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = world.now()
        elif world.now() - self._gone_since > GONE_SECONDS:
            world.webhook = None


async def post(
    url: str,
    headers: dict[str, str],
    body: bytes,
    *,
    on_sent: Callable[[], None] | None = None,
) -> int:
    """Send *body* to *url* and return the status of the answer.

    *on_sent* is called when all has been handed over and nothing has come back.
    """
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    context = ssl.create_default_context() if is_secure else None
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=context)
    try:
        path = parts.path or "/"
        target = f"{path}?{parts.query}" if parts.query else path
        lines = {
            "Host": parts.netloc,
            "Content-Length": str(len(body)),
            "Connection": "close",
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"POST {target} HTTP/1.1\r\n{head}\r\n".encode() + body)
        await writer.drain()
        if on_sent is not None:
            on_sent()
        answer = await reader.readline()
        if not answer.startswith(b"HTTP/"):
            raise ConnectionError("no answer")
        return int(answer.split()[1])
    finally:
        writer.close()
