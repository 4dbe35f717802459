"""The web door: the webhook and a sign of health. It is opened only when something uses it."""

import asyncio
import hmac
import json
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Update
from telegram.error import NetworkError

from bot.settings import DEFAULT_LISTEN, Settings
from bot.telegram_requests import Polling
from bot.unreadable import has_id
from handlers import ALLOWED_UPDATES, SERVICES, Bot, is_readable, set_aside

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
BODY_BYTES, BODY_SECONDS = 1024 * 1024, 10.0
JSON_TYPE = "application/json"
PATH_LETTERS = 32
REFUSED = (404, 405)
SILENCE_SECONDS = 120.0
CLOSE_SECONDS = 1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Webhook:
    """Where Telegram brings updates, and how it shows that it is Telegram."""

    application: Bot
    url: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings, application: Bot) -> Self:
        """Return the webhook that *settings* describe."""
        if settings.webhook_url is None or settings.webhook_secret is None:
            raise TypeError("a webhook has an address and a secret")
        secret = settings.webhook_secret.get_secret_value()
        return cls(application, settings.webhook_url, secret)

    @property
    def address(self) -> str:
        """Where Telegram brings updates: below *url*, under a name that nobody can guess."""
        name = hmac.digest(self.secret.encode(), b"the path of the webhook", "sha256").hex()
        return f"{self.url.rstrip('/')}/{name[:PATH_LETTERS]}"

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.address).path

    async def announce(self) -> None:
        """Tell Telegram the address."""
        await self.application.bot.set_webhook(
            self.address, secret_token=self.secret, allowed_updates=ALLOWED_UPDATES
        )

    async def receive(self, request: Request) -> Response:
        """Take one update; what does not come from Telegram gets an empty 403."""
        offered = request.headers.getlist(SECRET_HEADER)
        if len(offered) != 1 or not hmac.compare_digest(offered[0].encode(), self.secret.encode()):
            return Response(status_code=403)
        if request.headers.get("content-type", "").partition(";")[0].strip() != JSON_TYPE:
            return Response(status_code=415)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except TimeoutError:
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413)
        try:
            await self._take(body)
        except NetworkError as error:
            log.warning("Telegram will bring it again: %s", error)
            return Response(status_code=500)
        return Response(status_code=200)

    async def _take(self, body: bytes) -> None:
        """Store one update; what cannot be read is set aside, or it would be brought for ever."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return
        if is_readable(raw):
            update = Update.de_json(raw, self.application.bot)
            await self.application.update_queue.put(update)
        elif has_id(raw):
            await set_aside(raw, self.application.bot_data[SERVICES].store.inbox)


async def _body(request: Request) -> bytes | None:
    """Return the body, or None if it is larger than an update can be."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > BODY_BYTES:
        return None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


@asynccontextmanager
async def door(
    settings: Settings, polling: Polling, webhook: Webhook | None
) -> AsyncIterator[None]:
    """Keep the door open.

    Raises:
        OSError: The address is taken or not ours.
    """
    app = Starlette(
        routes=_routes(polling, webhook), exception_handlers=dict.fromkeys(REFUSED, _empty)
    )
    with closing(_listener(settings.listen or DEFAULT_LISTEN)) as listener:
        server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=CLOSE_SECONDS,
            )
        )
        task = asyncio.create_task(server.serve(sockets=[listener]))
        task.add_done_callback(lambda _: _closed(server, polling))
        try:
            await server.open.wait()
            yield
        finally:
            server.should_exit = True
            await asyncio.gather(task, return_exceptions=True)


def _closed(server: "_Server", polling: Polling) -> None:
    """Have the process end if nobody has asked *server* to: it would be deaf."""
    server.open.set()
    if not server.should_exit:
        polling.lose("the web server has failed")


def _listener(place: str) -> socket.socket:
    host, _, port = place.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    listener = socket.create_server((host.strip("[]"), int(port)), family=family)
    # Connections inherit it. asyncio leaves it out here, and each answer would wait for 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _routes(polling: Polling, webhook: Webhook | None) -> list[Route]:
    async def health(_: Request) -> Response:
        silence = polling.silence_seconds if webhook is None else 0.0
        is_well = silence < SILENCE_SECONDS
        state = {"status": "ok" if is_well else "silent", "silence_seconds": round(silence, 1)}
        return JSONResponse(state, status_code=200 if is_well else 503)

    routes = [Route("/health", health, methods=["GET"])]
    if webhook:
        routes.append(Route(webhook.path, webhook.receive, methods=["POST"]))
    return routes


async def _empty(_request: Request, error: Exception) -> Response:
    """Say nothing to who has come to the wrong door."""
    return Response(status_code=error.status_code if isinstance(error, HTTPException) else 500)


class _Server(uvicorn.Server):
    """A server that leaves the signals of the process alone, and says when it is open."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.open = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none: the process stops in its own order."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.open.set()
