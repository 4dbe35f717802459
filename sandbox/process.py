"""The unmodified bot as a process of its own, set up to talk to this machine alone."""

import asyncio
import base64
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

READY_SECONDS = 30.0
STOP_SECONDS = 15.0
LOG_TAIL = 40
PROJECT = Path(__file__).resolve().parent.parent
SETTINGS = "BOT_"


class StartError(Exception):
    """The bot did not become ready; the text is the end of what it printed."""


class BotProcess:
    """`python -m bot run` with *settings* and nothing else of its kind from the environment.

    *folder* is where it runs, so that no .env of this checkout is read; its log goes to
    `bot.log` there.
    """

    COMMAND: tuple[str, ...] = (sys.executable, "-m", "bot")
    OPTIONS: tuple[str, ...] = ()

    def __init__(self, settings: Mapping[str, str], folder: Path) -> None:
        self.folder = folder
        self.log = folder / "bot.log"
        self.ready_line = ""
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._running().pid

    @property
    def output(self) -> str:
        """Everything it has printed so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    async def start(self) -> None:
        """Start it and wait until it says that it is ready.

        Raises:
            StartError: It ended, or took longer than half a minute.
        """
        begins_at = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.COMMAND,
                "run",
                *self.OPTIONS,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(self._settings),
                cwd=self.folder,
            )
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._ready(begins_at)
        except TimeoutError:
            await self.kill()
            raise StartError(self._tail()) from None

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit status."""
        process = self._running()
        with suppress(ProcessLookupError):
            process.send_signal(number)
        try:
            return await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            return await self.kill()

    async def kill(self) -> int:
        """End it at once, as a power cut would, and return its exit status."""
        process = self._running()
        with suppress(ProcessLookupError):
            process.kill()
        return await process.wait()

    async def wait(self) -> int:
        """Wait until it ends by itself and return its exit status."""
        return await self._running().wait()

    async def _ready(self, begins_at: int) -> None:
        process = self._running()
        while True:
            lines = self._printed_since(begins_at).splitlines()
            self.ready_line = next((line for line in lines if line.startswith("ready:")), "")
            if self.ready_line:
                return
            if process.returncode is not None:
                raise StartError(self._tail())
            await asyncio.sleep(0.02)

    def _printed_since(self, place: int) -> str:
        with self.log.open("rb") as log:
            log.seek(place)
            return log.read().decode(errors="replace")

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise ProcessLookupError("the bot has not been started")
        return self._process

    def _tail(self) -> str:
        return "\n".join(self.output.splitlines()[-LOG_TAIL:])


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with *settings* for the bot in place of any other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return {**kept, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1", **settings}


def secret_key() -> str:
    """Return a throw-away key for a database."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def bot_settings(
    *,
    token: str,
    owners: Iterable[int],
    database: Path,
    api_url: str,
    trackers: Iterable[str],
    secret: str | None = None,
    **more: str,
) -> dict[str, str]:
    """Return the settings of a bot between servers on this machine.

    *trackers* are their addresses. This Telegram sets no limits, so the bot takes no care of
    them. Without a *secret* a throw-away key is made; *more* are settings by their full names.
    """
    return {
        "BOT_TOKEN": token,
        "BOT_SECRET_KEY": secret or secret_key(),
        "BOT_OWNERS": ",".join(map(str, owners)),
        "BOT_DATABASE": str(database),
        "BOT_API_URL": api_url,
        "BOT_PRIVATE_TRACKERS": ",".join(urlsplit(url).netloc for url in trackers),
        "BOT_PACE": "none",
        **more,
    }


@asynccontextmanager
async def running(settings: Mapping[str, str], folder: Path) -> AsyncIterator[BotProcess]:
    """Keep the bot running while the block runs."""
    bot = BotProcess(settings, folder)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()
