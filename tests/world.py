"""The real bot as a process between both servers of the sandbox, with one person who talks to it."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from sandbox.keitaro import Keitaro
from sandbox.process import BotProcess, bot_settings
from sandbox.serving import serving
from sandbox.telegram import Chat, Person, Telegram
from tests.unasked import never_ask

Message = dict[str, Any]

KEY = "fake-key-1111-2222"
OWED = (
    "SELECT (SELECT count(*) FROM inbox WHERE done_at IS NULL)"
    " + (SELECT count(*) FROM outbox WHERE done_at IS NULL AND body IS NOT NULL)"
)


@dataclass
class World:
    """Both servers on loopback, and the bot."""

    ANSWER_SECONDS: ClassVar[float] = 10.0

    telegram: Telegram
    keitaro: Keitaro
    bot: BotProcess
    settings: dict[str, str]
    owner: Person
    address: str

    @property
    def home(self) -> Chat:
        return self.telegram.private(self.owner)

    @property
    def database(self) -> Path:
        return Path(self.settings["BOT_DATABASE"])

    def say(self, text: str | None, **how: Any) -> Message:
        return self.telegram.say(self.owner, self.home, text, **how)

    async def answer_to(self, message: Message, *, seconds: float | None = None) -> str:
        seconds = self.ANSWER_SECONDS if seconds is None else seconds
        return (await self.telegram.answer_to(message, timeout_seconds=seconds))["text"]

    async def ask(self, text: str | None, **how: Any) -> str:
        return await self.answer_to(self.say(text, **how))

    async def link(self) -> None:
        """Link the owner's chat to the tracker; changes there run at once."""
        assert (await self.ask(f"/link {self.address} {KEY}")).startswith("✅")
        never_ask(self.database, self.home.id)

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what the database answers, without writing to it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def count(self, sql: str) -> Any:
        return self.read(sql)[0][0]

    async def all_done(self) -> None:
        """Wait until every update is taken and done, and every answer delivered."""
        while len(self.telegram.updates) or self.count(OWED):
            await asyncio.sleep(0.01)

    def answers(self, after: Message | None = None) -> list[str]:
        """Return the texts of the finished answers, those after a message if one is given."""
        first = after["message_id"] if after else 0
        return [
            one["text"]
            for one in self.telegram.messages(self.home)
            if one["message_id"] > first
            and one["from"]["is_bot"]
            and not one["text"].startswith("⏳")
        ]


AnyWorld = TypeVar("AnyWorld", bound=World)


@contextlib.asynccontextmanager
async def world_in(folder: Path, kind: type[AnyWorld], **more: str) -> AsyncIterator[AnyWorld]:
    """Set both servers up, and a bot that is not started, with *more* settings."""
    telegram, keitaro = Telegram(), Keitaro(key=KEY)
    owner = telegram.person("Olga")
    async with (
        serving(telegram.app) as api_url,
        serving(keitaro.app) as address,
    ):
        settings = bot_settings(
            token=telegram.token,
            owners=[owner.id],
            database=folder / "data" / "bot.db",
            api_url=api_url,
            trackers=[address],
            **more,
        )
        bot = BotProcess(settings, folder)
        yield kind(telegram, keitaro, bot, settings, owner, address)
        with contextlib.suppress(ProcessLookupError):
            await bot.kill()
        await telegram.close()
