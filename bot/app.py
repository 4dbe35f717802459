"""The one place where things are put together and taken apart."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
from telegram.ext import Application

from bot.settings import Settings
from bot.telegram_requests import Polling, calls_request, polling_request, server_urls
from handlers import (
    CONTEXT_TYPES,
    Bot,
    Directory,
    InOrder,
    LateCommands,
    Names,
    Outbox,
    Pace,
    Printer,
    Services,
    Settling,
    StoredQueue,
    Tempo,
    Trackers,
    register,
)
from keitaro import Catalogues, Limits, Network
from storage import Store, open_store, parse_keys

SIDE_BY_SIDE = 256


@asynccontextmanager
async def assembled(
    settings: Settings,
    *,
    telegram: httpx.AsyncBaseTransport | None = None,
    tracker: httpx.AsyncBaseTransport | None = None,
    limits: Limits | None = None,
    now: Callable[[], float] = time.time,
) -> AsyncIterator[tuple[Bot, Polling]]:
    """Open everything the bot needs and close it in the end; nothing is sent yet.

    The transports stand in for the wire to Telegram and to trackers.

    Raises:
        StorageError: The database cannot be opened; it is left as it was.
        OSError: The file of certificates cannot be read.
    """
    network = _network(settings, tracker, limits or Limits())
    keys = parse_keys(settings.secret_key.get_secret_value())
    store = await open_store(settings.database, keys=keys, now=now)
    trackers = Trackers(network)
    try:
        application, polling = _application(settings, store, telegram, now)
        queue = cast("StoredQueue", application.update_queue)
        pace = Pace(is_free=settings.pace == "none")
        outbox = Outbox(application.bot, store, queue, pace=pace, now=now)
        late = LateCommands(outbox, queue)
        register(application, _services(settings, store, outbox, late, trackers, polling, now))
        try:
            yield application, polling
        finally:
            late.close()
            await outbox.close()
    finally:
        await trackers.close()
        await store.close()


def _network(
    settings: Settings, transport: httpx.AsyncBaseTransport | None, limits: Limits
) -> Network:
    network = Network(
        private=settings.private_trackers,
        ca_file=settings.tracker_ca_file,
        limits=limits,
        transport=transport,
    )
    if settings.tracker_ca_file:
        # Read now, so that a bad file is found at the start and not by the first command.
        _ = network.tls
    return network


def _services(  # noqa: PLR0913, PLR0917 - one for each of the things put together
    settings: Settings,
    store: Store,
    outbox: Outbox,
    late: LateCommands,
    trackers: Trackers,
    polling: Polling,
    now: Callable[[], float],
) -> Services:
    return Services(
        store=store,
        outbox=outbox,
        late=late,
        trackers=trackers,
        names=Names(),
        catalogues=Catalogues(),
        directory=Directory(),
        printer=Printer(),
        owners=settings.owners,
        language=settings.language or "",
        time_zone=settings.timezone,
        max_payload_bytes=settings.max_payload,
        settling=Settling(settings.settle_seconds),
        tempo=Tempo(is_free=settings.pace == "none"),
        now=now,
        alone=polling.alone.certain,
    )


def _application(
    settings: Settings,
    store: Store,
    transport: httpx.AsyncBaseTransport | None,
    now: Callable[[], float],
) -> tuple[Bot, Polling]:
    polling = polling_request(settings, transport, store.inbox)
    queue = StoredQueue(store.inbox, now=now)
    store.connection.welcomes.listen(queue.strangers.forget)
    methods_url, files_url = server_urls(settings)
    builder: Any = Application.builder()
    application = (
        builder.token(settings.token.get_secret_value())
        .base_url(methods_url)
        .base_file_url(files_url)
        .request(calls_request(settings, transport))
        .get_updates_request(polling)
        .context_types(CONTEXT_TYPES)
        .updater(None)
        .update_queue(queue)
        .concurrent_updates(InOrder(SIDE_BY_SIDE, queue))
        .job_queue(None)
        .build()
    )
    return cast("Bot", application), polling
