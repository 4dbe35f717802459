"""The command line: run it, look after it, look after its memory."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
from telegram import Bot
from telegram.error import TelegramError

from bot import __version__
from bot.app import assembled
from bot.complaints import line_of, status_of
from bot.hardening import harden
from bot.log import log_strays, set_up_log
from bot.output import STDERR, put
from bot.run import run
from bot.settings import DEFAULT_LISTEN, Settings, SettingsError, load_settings
from bot.telegram_requests import calls_request, server_urls
from bot.upkeep import put_back, rotate_key
from handlers import SERVICES, Redaction
from storage import AlreadyRunningError, StorageError, back_up, new_key

DONE, FAILED, WRONG = 0, 1, 2
HEALTH_SECONDS = 3.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return the exit status.

    2 stands for wrong settings, with one line on standard error that says which.
    """
    asked = _parser().parse_args(arguments)
    command = asked.command
    if command == "new-key":
        print(new_key())
        return DONE
    try:
        settings = load_settings()
    except SettingsError as error:
        return _fail(str(error), WRONG)
    redaction = Redaction(settings.secrets)
    set_up_log(level=settings.log_level, style=settings.log_format, redaction=redaction)
    log_strays()
    commands: dict[str, Callable[[Settings], int]] = {
        "run": lambda settings: _run(settings, redaction, adopts=asked.adopt),
        "check": lambda settings: asyncio.run(_check(settings)),
        "health": _health,
        "delete-webhook": lambda settings: asyncio.run(_delete_webhook(settings)),
        "rotate-key": rotate_key,
        "backup": lambda settings: _back_up(settings, asked.file),
        "restore": lambda settings: put_back(settings, asked.file),
    }
    try:
        return commands[command](settings)
    except (StorageError, OSError) as error:
        return _fail(line_of(error), status_of(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keitaro-bot", description="A Telegram bot for Keitaro trackers."
    )
    parser.add_argument("--version", action="version", version=f"keitaro-bot {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    runs = commands.add_parser("run", help="run the bot until SIGTERM or SIGINT")
    runs.add_argument(
        "--adopt",
        action="store_true",
        help="take over the database of another bot, whose token is not used any more",
    )
    commands.add_parser("check", help="check the settings, the database and the token")
    commands.add_parser("health", help="ask the running bot at BOT_LISTEN whether it is well")
    commands.add_parser("delete-webhook", help="have Telegram keep messages until the bot polls")
    commands.add_parser("new-key", help="print a new BOT_SECRET_KEY")
    commands.add_parser("rotate-key", help="seal everything with the first BOT_SECRET_KEY")
    copy = commands.add_parser(
        "backup", help="copy the database to FILE, while the bot runs or not"
    )
    copy.add_argument("file", type=Path, metavar="FILE")
    back = commands.add_parser("restore", help="put the copy FILE in the place of the database")
    back.add_argument("file", type=Path, metavar="FILE")
    return parser


def _run(settings: Settings, redaction: Redaction, *, adopts: bool) -> int:
    harden()
    try:
        return asyncio.run(run(settings, redaction, adopts=adopts))
    except TelegramError as error:
        return _fail(redaction.text(f"Telegram: {error}"), FAILED)


async def _check(settings: Settings) -> int:
    """Check everything that can be checked without touching anything."""
    print("settings: right")
    if not settings.database.exists():
        print(f"database: {settings.database} will be made by the first run")
        return await _check_telegram(settings)
    known = None
    try:
        async with assembled(settings) as (application, _):
            known = await application.bot_data[SERVICES].store.meta.bot_id()
            print(f"database: {settings.database} opens")
    except AlreadyRunningError:
        print(f"database: {settings.database} is in use by the running bot")
    except (StorageError, OSError) as error:
        return _fail(line_of(error), status_of(error))
    return await _check_telegram(settings, known)


async def _check_telegram(settings: Settings, known: int | None = None) -> int:
    """Check the token, and that the bot is the one with the id *known* to the database."""
    try:
        async with _bot(settings) as bot:
            print(f"Telegram: @{bot.username}")
    except TelegramError as error:
        return _fail(f"Telegram: {type(error).__name__}", FAILED)
    if known not in (None, bot.id):
        return _fail(f"database: it belongs to another bot, with the id {known}", WRONG)
    return DONE


async def _delete_webhook(settings: Settings) -> int:
    """Take the webhook away; nothing that waits is thrown away with it."""
    try:
        async with _bot(settings) as bot:
            await bot.delete_webhook()
            print(f"Telegram: @{bot.username} has no webhook")
    except TelegramError as error:
        return _fail(f"Telegram: {type(error).__name__}", FAILED)
    return DONE


def _bot(settings: Settings) -> Bot:
    return Bot(
        settings.token.get_secret_value(),
        base_url=server_urls(settings)[0],
        request=calls_request(settings, redaction=Redaction(settings.secrets)),
    )


def _back_up(settings: Settings, target: Path) -> int:
    back_up(settings.database, target)
    print(f"{target}: a copy of {settings.database}, sealed with the same BOT_SECRET_KEY")
    return DONE


def _health(settings: Settings) -> int:
    url = f"http://{settings.listen or DEFAULT_LISTEN}/health"
    try:
        answer = httpx.get(url, timeout=HEALTH_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        return _fail(f"health: {type(error).__name__}", FAILED)
    print(answer.text)
    return DONE if answer.is_success else FAILED


def _fail(line: str, status: int) -> int:
    put(STDERR, line)
    return status
