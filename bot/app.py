"""The one place where things are put together and taken apart."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
from telegram.ext import Application
from telegram.request import HTTPXRequest

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
    Redaction,
    Services,
    Settling,
    StoredQueue,
    Tempo,
    Trackers,
    register,
)
from keitaro import Catalogues, Limits, Network, Resolver, system_addresses
from storage import Store, open_store, parse_keys

SIDE_BY_SIDE = 256


@asynccontextmanager
async def assembled(  # noqa: PLR0913 - each stands in for something of its own
    settings: Settings,
    *,
    telegram: httpx.AsyncBaseTransport | None = None,
    tracker: httpx.AsyncBaseTransport | None = None,
    resolve: Resolver = system_addresses,
    limits: Limits | None = None,
    now: Callable[[], float] = time.time,
    redaction: Redaction | None = None,
) -> AsyncIterator[tuple[Bot, Polling]]:
    """Open everything the bot needs and close it in the end; nothing is sent yet.

    The transports stand in for the wire to Telegram and to trackers; *resolve* says where the
    names of trackers lead. *redaction*, which the log may share, comes to know the keys that are
    opened.

    Raises:
        StorageError: The database cannot be opened; it is left as it was.
        OSError: The file of certificates cannot be read.
    """
    redaction = redaction or Redaction(settings.secrets)
    network = _network(settings, tracker, resolve, limits or Limits())
    keys = parse_keys(settings.secret_key.get_secret_value())
    store = await open_store(settings.database, keys=keys, now=now)
    trackers = Trackers(network, redaction)
    try:
        calls = calls_request(settings, telegram, redaction=redaction)
        polling = polling_request(settings, telegram, store.inbox, redaction=redaction)
        application = _application(settings, store, calls, polling, now)
        queue = cast("StoredQueue", application.update_queue)
        pace = Pace(is_free=settings.pace == "none")
        outbox = Outbox(application.bot, store, queue, pace=pace, now=now)
        late = LateCommands(outbox, queue)
        services = _services(settings, store, outbox, late, trackers, polling, redaction, now)
        register(application, services)
        try:
            yield application, polling
        finally:
            late.close()
            await outbox.close()
    finally:
        await trackers.close()
        await store.close()


def _network(
    settings: Settings,
    transport: httpx.AsyncBaseTransport | None,
    resolve: Resolver,
    limits: Limits,
) -> Network:
    network = Network(
        private=settings.private_trackers,
        ca_file=settings.tracker_ca_file,
        resolve=resolve,
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
    redaction: Redaction,
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
        printer=Printer(redaction),
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
    calls: HTTPXRequest,
    polling: Polling,
    now: Callable[[], float],
) -> Bot:
    queue = StoredQueue(store.inbox, now=now)
    store.connection.welcomes.listen(queue.strangers.forget)
    methods_url, files_url = server_urls(settings)
    builder: Any = Application.builder()
    application = (
        builder.token(settings.token.get_secret_value())
        .base_url(methods_url)
        .base_file_url(files_url)
        .request(calls)
        .get_updates_request(polling)
        .context_types(CONTEXT_TYPES)
        .updater(None)
        .update_queue(queue)
        .concurrent_updates(InOrder(SIDE_BY_SIDE, queue))
        .job_queue(None)
        .build()
    )
    return cast("Bot", application)
