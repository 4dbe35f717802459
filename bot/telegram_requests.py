"""How the bot talks to the Bot API server, and how it notices that nobody listens any more."""

import json
import time
from asyncio import Event
from collections.abc import Callable
from typing import Any

import httpx
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.alone import Alone
from bot.settings import TELEGRAM, Settings
from bot.unreadable import readable
from handlers import NotSentError
from storage import Inbox

READ_SECONDS = 20.0
CONNECT_SECONDS = 10.0
KEEPALIVE_SECONDS = 120.0
CONNECTIONS = 32
REFUSALS_MOST = 3
CONFLICT_SECONDS = 60.0
PAUSE_MOST_SECONDS = 60
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def calls_request(
    settings: Settings, transport: httpx.AsyncBaseTransport | None = None
) -> HTTPXRequest:
    """Return the request for calls; *transport* stands in for the wire."""
    return Calling(pool_timeout=READ_SECONDS, **_options(settings, transport))


def polling_request(
    settings: Settings, transport: httpx.AsyncBaseTransport | None, inbox: Inbox
) -> "Polling":
    """Return the request for polling; what it cannot read goes into *inbox*."""
    return Polling(inbox=inbox, **_options(settings, transport))


def server_urls(settings: Settings) -> tuple[str, str]:
    """Return where the server's methods and its files are, up to the token."""
    url = settings.api_url.rstrip("/")
    return f"{url}/bot", f"{url}/file/bot"


def _options(settings: Settings, transport: httpx.AsyncBaseTransport | None) -> dict[str, Any]:
    options: dict[str, Any] = {
        # A Bot API server of one's own is reached directly, whatever proxies are set.
        "trust_env": settings.api_url == TELEGRAM,
        "limits": httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEEPALIVE_SECONDS),
    }
    if transport:
        options["transport"] = transport
    return {
        "httpx_kwargs": options,
        "read_timeout": READ_SECONDS,
        "connect_timeout": CONNECT_SECONDS,
    }


def impatient(answer: bytes) -> bytes:
    """Return a 429 that asks for no longer pause than a minute.

    Polling once a minute does no harm, and nobody would notice a bot that waits for a day.
    """
    try:
        fault = json.loads(answer)
        asked = fault["parameters"]["retry_after"]
        fault["parameters"]["retry_after"] = min(asked, PAUSE_MOST_SECONDS)
    except (ValueError, LookupError, TypeError):
        return answer
    return json.dumps(fault).encode()


class Calling(HTTPXRequest):
    """The request for calls: it tells what was certainly not sent from what may have been."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send one request.

        Raises:
            NotSentError: There was no connection to send it over.
            NetworkError: It may have arrived.
        """
        try:
            return await super().do_request(*args, **kwargs)
        except NetworkError as error:
            if isinstance(error.__cause__, NEVER_SENT):
                raise NotSentError(str(error)) from error
            raise


class Polling(HTTPXRequest):
    """The request that polls: it keeps the pulse, and says when polling is over for good.

    A single 401 may come from a server that restarts, and a 409 from a predecessor that has not
    quite stopped; the library would stop polling at the first, and poll for ever at the second.
    *lost* is set, with *reason*, after three refusals in a row or a minute of conflict.
    Updates that cannot be read are moved to *inbox*.
    """

    def __init__(
        self, *, inbox: Inbox, clock: Callable[[], float] = time.monotonic, **options: Any
    ) -> None:
        super().__init__(**options)
        self._inbox = inbox
        self.alone = Alone(clock=clock)
        self.lost = Event()
        self.reason = ""
        self._clock = clock
        self._answered_at = clock()
        self._refusals = 0
        self._conflict_since: float | None = None

    @property
    def silence_seconds(self) -> float:
        """How long ago Telegram last answered a poll."""
        return self._clock() - self._answered_at

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send one request, and take note of what came back."""
        self.alone.polls()
        status, body = await super().do_request(*args, **kwargs)
        self.alone.answered(status)
        match status:
            case 200:
                self._answered_at, self._refusals, self._conflict_since = self._clock(), 0, None
                body = await readable(body, self._inbox)
            case 401 | 404:
                return self._refused(status)
            case 429:
                body = impatient(body)
            case 409:
                self._conflicted()
        return status, body

    def _refused(self, status: int) -> tuple[int, bytes]:
        self._refusals += 1
        if self._refusals >= REFUSALS_MOST:
            self._lose(f"Telegram refuses the token ({status})")
        # The library retries a fault of the server, and gives up at a refused token.
        fault = {"ok": False, "error_code": 500, "description": f"refused with {status}"}
        return 500, json.dumps(fault).encode()

    def _conflicted(self) -> None:
        self._conflict_since = self._conflict_since or self._clock()
        if self._clock() - self._conflict_since >= CONFLICT_SECONDS:
            self._lose("another process polls with the same token (409)")

    def _lose(self, reason: str) -> None:
        self.reason = reason
        self.lost.set()
