"""How the bot talks to the Bot API server, and how it notices that nobody listens any more."""

import time
from asyncio import Event
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

import httpx
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.alone import PEACE_SECONDS, Alone
from bot.bounded import Overlong, bounded
from bot.outgoing import masked
from bot.settings import TELEGRAM, Settings
from bot.telegram_answers import fit_call, fit_poll, is_about_webhook, refused
from bot.unreadable import readable
from handlers import NotSentError, OverlongError, Redaction
from storage import Inbox

READ_SECONDS = 20.0
CONNECT_SECONDS = 10.0
KEEPALIVE_SECONDS = 120.0
CONNECTIONS = 32
REFUSALS_MOST = 3
CONFLICT_SECONDS = 60.0
DOWNLOAD = "GET"
WEBHOOK = (
    "a webhook is set for this bot, so it cannot poll: set BOT_WEBHOOK_URL,"
    " or take the webhook away with `keitaro-bot delete-webhook`"
)
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def calls_request(
    settings: Settings,
    transport: httpx.AsyncBaseTransport | None = None,
    *,
    redaction: Redaction,
) -> HTTPXRequest:
    """Return the request for calls, without secrets; *transport* stands in for the wire."""
    options = _options(settings, transport)
    return Calling(pool_timeout=READ_SECONDS, redaction=redaction, **options)


def polling_request(
    settings: Settings,
    transport: httpx.AsyncBaseTransport | None,
    inbox: Inbox,
    *,
    redaction: Redaction,
) -> "Polling":
    """Return the request for polling; what it cannot read goes into *inbox*."""
    return Polling(inbox=inbox, redaction=redaction, **_options(settings, transport))


def server_urls(settings: Settings) -> tuple[str, str]:
    """Return where the server's methods and its files are, up to the token."""
    url = settings.api_url.rstrip("/")
    return f"{url}/bot", f"{url}/file/bot"


def _options(settings: Settings, transport: httpx.AsyncBaseTransport | None) -> dict[str, Any]:
    options: dict[str, Any] = {
        # A Bot API server of one's own is reached directly, whatever proxies are set.
        "trust_env": settings.api_url == TELEGRAM,
        "event_hooks": {"response": [partial(bounded, file_bytes=settings.max_payload)]},
        "limits": httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=KEEPALIVE_SECONDS),
    }
    if transport:
        options["transport"] = transport
    return {
        "httpx_kwargs": options,
        "read_timeout": READ_SECONDS,
        "connect_timeout": CONNECT_SECONDS,
    }


class Calling(HTTPXRequest):
    """The request for calls: it tells what was certainly not sent from what may have been.

    *redaction* hides the secrets that are in what is sent.
    """

    def __init__(self, *, redaction: Redaction, **options: Any) -> None:
        super().__init__(**options)
        self._redaction = redaction

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send one request.

        Raises:
            NotSentError: There was no connection to send it over.
            NetworkError: It may have arrived.
        """
        data = kwargs.get("request_data")
        kwargs["request_data"] = await masked(kwargs["url"], data, self._redaction)
        try:
            status, body = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            if isinstance(error.__cause__, NEVER_SENT):
                raise NotSentError(str(error)) from error
            if isinstance(error.__cause__, Overlong):
                raise OverlongError(str(error)) from error
            raise
        is_file = DOWNLOAD in (*args, kwargs.get("method")) and status == HTTPStatus.OK
        return (
            (status, body) if is_file else fit_call(status, _quoted(status, body, self._redaction))
        )


class Polling(HTTPXRequest):
    """The request that polls: it keeps the pulse, and says when polling is over for good.

    A single 401 may come from a server that restarts, and a 409 from a predecessor that has not
    quite stopped. *lost* is set, with *reason*, after three refusals in a row, after a minute in
    which conflicts went on, and at once where a webhook is set.
    Updates that cannot be read are moved to *inbox*.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        redaction: Redaction | None = None,
        clock: Callable[[], float] = time.monotonic,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._inbox = inbox
        self._redaction = redaction or Redaction()
        self.alone = Alone(clock=clock)
        self.lost = Event()
        self.reason = ""
        self._clock = clock
        self._answered_at = clock()
        self._refusals = 0
        self._conflict_since = self._conflict_at = -PEACE_SECONDS

    @property
    def silence_seconds(self) -> float:
        """How long ago Telegram last answered a poll."""
        return self._clock() - self._answered_at

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send one request, and take note of what came back."""
        self.alone.polls()
        status, body = await super().do_request(*args, **kwargs)
        self.alone.answered(status)
        status, body = fit_poll(status, _quoted(status, body, self._redaction))
        match status:
            case HTTPStatus.OK:
                self._answered_at, self._refusals = self._clock(), 0
                body = await readable(body, self._inbox)
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
                self._refused(status)
                return refused(status)
            case HTTPStatus.CONFLICT if is_about_webhook(body):
                self.lose(WEBHOOK)
            case HTTPStatus.CONFLICT:
                self._conflicted()
        return status, body

    def lose(self, reason: str) -> None:
        """Have the process end, since nobody listens to Telegram any more."""
        self.reason = self.reason or reason
        self.lost.set()

    def _refused(self, status: int) -> None:
        self._refusals += 1
        if self._refusals >= REFUSALS_MOST:
            self.lose(f"Telegram refuses the token ({status})")

    def _conflicted(self) -> None:
        """Count how long conflicts go on; between two of them a poll may well succeed."""
        now = self._clock()
        if now - self._conflict_at >= PEACE_SECONDS:
            self._conflict_since = now
        self._conflict_at = now
        if now - self._conflict_since >= CONFLICT_SECONDS:
            self.lose("another process polls with the same token (409)")


def _quoted(status: int, body: bytes, redaction: Redaction) -> bytes:
    """Return *body*, without secrets where it is a complaint: those are logged, cut short."""
    return body if status == HTTPStatus.OK else redaction.content(body)
