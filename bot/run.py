"""Start and stop: from the settings to `ready:`, from a signal to exit."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import cast

from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.app import assembled
from bot.complaints import line_of
from bot.output import say
from bot.pauses import shorten_pauses
from bot.polling import fetching
from bot.settings import Settings
from bot.telegram_requests import Polling
from bot.tidying import Keeping, tidying
from bot.watchdog import end_within, watched
from handlers import (
    COMMANDS,
    SERVICES,
    Bot,
    InOrder,
    Redaction,
    StoredQueue,
    expiring,
    scheduling,
    set_menus,
)
from storage import DiskError

# A container is killed ten seconds after it was asked to stop; eight are ours.
END_SECONDS = 7.5
STOP_SECONDS = 5.0
OUTBOX_SECONDS = 1.0
PAUSES_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
TOKEN_TRIES = 3
DONE, LOST, WRONG = 0, 1, 2

log = logging.getLogger(__name__)


async def run(settings: Settings, redaction: Redaction, *, adopts: bool = False) -> int:
    """Run the bot until SIGTERM or SIGINT and return the exit status.

    0 after a signal, 1 if Telegram is lost for good or the database fails, 2 if Telegram refuses
    the token at the start, or knows it as that of another bot than the database is of.
    """
    stop = _stop_on_signals()
    opened = assembled(settings, redaction=redaction)
    async with watched(), opened as (application, polling):
        try:
            if not await _initialize(application, stop):
                return DONE
        except InvalidToken:
            log.error("Telegram refuses the token: check BOT_TOKEN")  # noqa: TRY400 - the line says it all
            return WRONG
        try:
            if not await _is_at_home(application, adopts=adopts):
                return WRONG
            status = await _serve(settings, application, polling, stop)
        finally:
            await application.shutdown()
        failure = application.bot_data[SERVICES].store.connection.failure
    if isinstance(failure, DiskError):
        # An orderly end would have SQLite write to that disk once more.
        os._exit(LOST)
    return status


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()

    def begin() -> None:
        if not stop.is_set():
            end_within(END_SECONDS, DONE)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, begin)
    return stop


async def _initialize(application: Bot, stop: asyncio.Event) -> bool:
    """Ask Telegram who we are until it answers; False if a signal came first."""
    refusals = 0
    tries = 0
    while not stop.is_set():
        try:
            await application.initialize()
        except InvalidToken:
            refusals += 1
            if refusals == TOKEN_TRIES:
                raise
        except (NetworkError, RetryAfter) as error:
            log.warning("cannot reach Telegram: %s", error)
        else:
            return True
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSES_SECONDS[min(tries, len(PAUSES_SECONDS) - 1)])
        tries += 1
    return False


async def _is_at_home(application: Bot, *, adopts: bool) -> bool:
    """Tell whether the database is that of this bot; a new or adopted one is from now on."""
    bot, meta = application.bot, application.bot_data[SERVICES].store.meta
    known = await meta.bot_id()
    if known is None or adopts:
        await meta.remember_bot_id(bot.id)
    elif known != bot.id:
        log.error(
            "BOT_DATABASE belongs to the bot with the id %d, BOT_TOKEN to @%s with the id %d:"
            " use another BOT_DATABASE, or the token of that bot",
            known,
            bot.username,
            bot.id,
        )
    return adopts or known in (None, bot.id)


async def _serve(
    settings: Settings, application: Bot, polling: Polling, stop: asyncio.Event
) -> int:
    await _offer_claim(settings, application)
    await _set_menus(application)
    queue = cast("StoredQueue", application.update_queue)
    services = application.bot_data[SERVICES]
    connection = services.store.connection
    services.warm_up()
    shorten_pauses()
    await services.outbox.adopt()
    await queue.adopt(application.bot)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(services.outbox.close, OUTBOX_SECONDS)
        await stack.enter_async_context(tidying(services.store, Keeping.of(settings)))
        await stack.enter_async_context(expiring(services))
        await stack.enter_async_context(_started(application))
        await stack.enter_async_context(scheduling(application))
        mode = await _listen(settings, application, polling, stack)
        say(f"ready: @{application.bot.username}, {mode}")
        await _first(stop, polling.lost, queue.failed, connection.failed)
        queue.rest()
        if not stop.is_set():
            end_within(END_SECONDS, LOST)
    if connection.failure:
        log.error("%s", line_of(connection.failure))
        return LOST
    if stop.is_set() and not queue.failed.is_set():
        return DONE
    log.error("%s", queue.reason or polling.reason)
    return LOST


async def _listen(
    settings: Settings, application: Bot, polling: Polling, stack: AsyncExitStack
) -> str:
    if settings.webhook_url or settings.listen:
        await _open_door(settings, application, polling, stack)
    if settings.webhook_url:
        return "webhook"
    await stack.enter_async_context(fetching(application, polling))
    return "polling"


async def _open_door(
    settings: Settings, application: Bot, polling: Polling, stack: AsyncExitStack
) -> None:
    """Open the web door, with the webhook if there is one."""
    from bot.web import Webhook, door  # noqa: PLC0415 - a web server that most have no use for

    webhook = Webhook.of(settings, application) if settings.webhook_url else None
    await stack.enter_async_context(door(settings, polling, webhook))
    if webhook:
        await webhook.announce()


@asynccontextmanager
async def _started(application: Bot) -> AsyncIterator[None]:
    await application.start()
    try:
        yield
    finally:
        stopping = asyncio.create_task(application.stop())
        _, late = await asyncio.wait({stopping}, timeout=STOP_SECONDS)
        if late:
            log.warning("stopped with commands still at work; the next start takes them up")
            await cast("InOrder", application.update_processor).abandon()
            stopping.cancel()


async def _set_menus(application: Bot) -> None:
    try:
        await set_menus(application.bot, COMMANDS)
    except TelegramError as error:
        log.warning("menus not set: %s", error)


async def _offer_claim(settings: Settings, application: Bot) -> None:
    """Print a code for the first owner, if nobody is one yet."""
    people = application.bot_data[SERVICES].store.people
    if settings.owners or await people.owners():
        return
    code = await people.new_claim()
    # The code must be seen, and by nobody who only reads the log.
    say(f"no owner yet: within 15 minutes send\n  /start {code}\nto @{application.bot.username}")


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of *events* is set."""
    tasks = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
