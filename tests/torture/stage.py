"""The two servers, the people, and the bot as a process of its own."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.keitaro import Keitaro
from sandbox.process import BotProcess, bot_settings
from sandbox.serving import serving
from sandbox.telegram import Chat, Person, Telegram
from tests.torture.plan import Job
from tests.unasked import never_ask

KEY = "fake-key-1111-2222"
HOOK_SECRET = "fake-webhook-secret-fake-webhook-secret"
PRIVATE_CHATS, GROUPS, GROUP_MEMBERS = 40, 4, 3
# In every fourth private chat, and in the first group, changes ask first.
ASKING_EVERY = 4
LINK_SECONDS = 60
# Who is killed leaves no figures behind, and being counted makes every start slower.
COVERAGE = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")


class NaiveProcess(BotProcess):
    """A bot that is not ours, see `tests.torture.naive`."""

    COMMAND = (sys.executable, "-m", "tests.torture.naive")


@dataclass(frozen=True)
class Stage:
    """Everything that takes part; *groups* are chats with the people who write in them.

    *database* is None where the bot keeps none that we can read.
    """

    telegram: Telegram
    keitaro: Keitaro
    bot: BotProcess
    people: tuple[Person, ...]
    groups: tuple[tuple[Chat, tuple[Person, ...]], ...]
    address: str
    database: Path | None

    @property
    def asking(self) -> frozenset[int]:
        """The chats in which a change asks first."""
        if self.database is None:
            return frozenset()
        chats = [self.telegram.private(person) for person in self.people[::ASKING_EVERY]]
        return frozenset(chat.id for chat in (*chats, self.groups[0][0]))

    async def link(self) -> None:
        """Link every chat to the tracker, as people do it; in most of them changes run at once.

        Raises:
            TimeoutError: The bot did not say that it is done.
        """
        said = [self._type_link(person) for person in self.people]
        async with asyncio.timeout(LINK_SECONDS):
            for message in said:
                await self.telegram.answer_to(message, timeout_seconds=LINK_SECONDS)
            for chat, members in self.groups:
                await self._link_group(chat, members[0])
        if self.database is not None:
            chats = [self.telegram.private(person) for person in self.people]
            chats += [chat for chat, _ in self.groups]
            asking = self.asking
            never_ask(self.database, *(chat.id for chat in chats if chat.id not in asking))

    def _type_link(self, person: Person) -> dict[str, object]:
        chat = self.telegram.private(person)
        return self.telegram.say(person, chat, f"/link {self.address} {KEY}")

    async def _link_group(self, chat: Chat, person: Person) -> None:
        telegram = self.telegram
        asked = telegram.say(person, chat, "/link")
        keyboard = (await telegram.answer_to(asked))["reply_markup"]["inline_keyboard"]
        await telegram.answer_to(telegram.start_link(person, keyboard[0][0]["url"]))
        typed = telegram.say(person, telegram.private(person), f"{self.address} {KEY}")
        answer = await telegram.answer_to(typed)
        if not answer["text"].startswith("✅"):
            raise TimeoutError(answer["text"])


@asynccontextmanager
async def staged(job: Job, folder: Path) -> AsyncIterator[Stage]:
    """Set the stage for *job*: both servers run, the bot does not yet."""
    telegram, keitaro = Telegram(seed=job.seed), Keitaro(key=KEY)
    people = tuple(telegram.person(f"Person{number}") for number in range(PRIVATE_CHATS))
    async with serving(telegram.app) as api_url, serving(keitaro.app) as address:
        database = folder / "data" / "bot.db"
        settings = _settings(job, people, address=address, api_url=api_url, database=database)
        is_ours = job.subject == "bot"
        bot = (BotProcess if is_ours else NaiveProcess)(settings, folder)
        groups = _groups(telegram, people) if is_ours else ()
        stage = Stage(
            telegram, keitaro, bot, people, groups, address, database if is_ours else None
        )
        try:
            yield stage
        finally:
            with suppress(ProcessLookupError):
                await bot.kill()
            await telegram.close()


def _groups(
    telegram: Telegram, people: tuple[Person, ...]
) -> tuple[tuple[Chat, tuple[Person, ...]], ...]:
    found = []
    for number in range(GROUPS):
        members = people[number * GROUP_MEMBERS : (number + 1) * GROUP_MEMBERS]
        found.append((telegram.group(f"Team {number}", *members), members))
    return tuple(found)


def _settings(
    job: Job, people: tuple[Person, ...], *, address: str, api_url: str, database: Path
) -> dict[str, str]:
    settings = bot_settings(
        token=Telegram().token,
        owners=[person.id for person in people],
        database=database,
        api_url=api_url,
        trackers=[address],
        BOT_LOG_LEVEL="WARNING",
        BOT_SETTLE_SECONDS="2",
        **dict.fromkeys(COVERAGE, ""),
    )
    if job.subject != "bot":
        return settings | {"NAIVE": job.subject, "NAIVE_TRACKER": address, "NAIVE_KEY": KEY}
    if job.mode == "polling":
        return settings
    place = f"127.0.0.1:{_free_port()}"
    hook = {"BOT_WEBHOOK_URL": f"http://{place}/hook", "BOT_LISTEN": place}
    return settings | hook | {"BOT_WEBHOOK_SECRET": HOOK_SECRET}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
