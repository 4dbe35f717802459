"""A person, a bot, a Telegram and two trackers: everything real but the wire."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Update

from bot.app import assembled
from bot.settings import Settings
from handlers import SERVICES, Bot
from keitaro import Limits
from sandbox.keitaro import Keitaro
from sandbox.telegram import Chat, Person, Telegram
from storage import new_key

NOON = 1_795_348_800.0  # 2026-11-22 12:00:00 UTC
SETTLE_SECONDS = 0.05
KEY = "fake-key-1111-2222"
OTHER_KEY = "fake-key-3333-4444"
TRACKER = "https://tracker.example"
OTHER_TRACKER = "https://other.example"


class Clock:
    """A clock that stands still unless told to move; seconds since 1970 in UTC."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> float:
        return self.at


class Hosts(httpx.AsyncBaseTransport):
    """Hands each request to the app that stands for its host; unknown hosts cannot be reached."""

    def __init__(self, **apps: Any) -> None:
        self.apps = {name.replace("_", "."): app for name, app in apps.items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        app = self.apps.get(request.url.host)
        if app is None:
            raise httpx.ConnectError("no such host")
        return await httpx.ASGITransport(app=app).handle_async_request(request)


@dataclass
class Room:
    """A running bot and the people who talk to it; *owner* is its owner."""

    telegram: Telegram
    keitaro: Keitaro
    bot: Bot
    owner: Person
    clock: Clock
    settings: Settings
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def home(self) -> Chat:
        """The owner's private chat."""
        return self.telegram.private(self.owner)

    async def say(
        self,
        text: str | None = None,
        *,
        by: Person | None = None,
        to: Chat | None = None,
        **how: Any,
    ) -> list[dict[str, Any]]:
        """Say something and return the bot's messages that came after it in that chat."""
        person = by or self.owner
        chat = to or self.telegram.private(person)
        message = self.telegram.say(person, chat, text, **how)
        await self.settle()
        return self.since(chat, message)

    async def ask(self, text: str | None = None, **how: Any) -> str:
        """Say something that gets exactly one answer, and return its text."""
        answers = await self.say(text, **how)
        assert len(answers) == 1, [answer.get("text") for answer in answers]
        return answers[0]["text"]

    def since(self, chat: Chat, message: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the bot's messages in *chat* after *message*, as they are now."""
        return [
            found
            for found in self.telegram.messages(chat)
            if found["message_id"] > message["message_id"] and found["from"]["is_bot"]
        ]

    async def press(self, message: dict[str, Any], label: str, *, by: Person | None = None) -> str:
        """Press a button and return what its message says then."""
        chat = self.telegram.chats[message["chat"]["id"]]
        self.telegram.press(by or self.owner, chat, message["message_id"], label)
        await self.settle()
        return chat.messages[message["message_id"]]["text"]

    async def settle(self) -> None:
        """Let the bot handle everything that waits for it."""
        while batch := self.telegram.updates.batch(100):
            self.telegram.updates.remove([update["update_id"] for update in batch])
            for update in batch:
                await self.bot.process_update(Update.de_json(update, self.bot.bot))
        await self.delivered()

    async def delivered(self) -> None:
        """Wait until everything that is owed has been said."""
        services = self.bot.bot_data[SERVICES]
        await services.late.settled()
        await services.outbox.settled()

    async def link(self, *, to: Chat | None = None, tracker: str = TRACKER, key: str = KEY) -> None:
        """Link the owner's private chat, or another one behind the bot's back."""
        store = self.bot.bot_data["services"].store
        chat = to or self.home
        await store.chats.link(chat.id, address=tracker, key=key, user_id=self.owner.id)

    async def never_ask(self, chat: Chat | None = None) -> None:
        """Let changes in the owner's private chat, or in *chat*, run at once."""
        store = self.bot.bot_data["services"].store
        await store.chats.set_confirmations((chat or self.home).id, "never")

    async def grant(self, person: Person, chat: Chat, role: str) -> None:
        """Give *person* a role in *chat* behind the bot's back."""
        store = self.bot.bot_data["services"].store
        await store.people.grant(chat.id, person.id, role, granted_by=self.owner.id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telegram(clock: Clock) -> Telegram:
    return Telegram(now=clock, username="keitaro_test_bot")


@pytest.fixture
def keitaro(clock: Clock) -> Keitaro:
    return Keitaro(key=KEY, now=clock)


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    return Keitaro(key=OTHER_KEY, now=clock, seed=8)


@pytest.fixture
def owner(telegram: Telegram) -> Person:
    return telegram.person("Olga")


@pytest.fixture
def settings(tmp_path: Path, telegram: Telegram, owner: Person) -> Settings:
    """Settings of a bot that does not take a minute to settle what is in doubt."""
    return Settings(
        _env_file=None,
        token=telegram.token,
        secret_key=new_key(),
        owners=frozenset({owner.id}),
        database=tmp_path / "bot.db",
        pace="none",
    ).model_copy(update={"settle_seconds": SETTLE_SECONDS})


@pytest.fixture
def limits() -> Limits:
    return Limits(deadline_seconds=5.0, pause_seconds=0.01, link_failure_seconds=0.0)


@pytest.fixture
async def room(
    settings: Settings,
    telegram: Telegram,
    keitaro: Keitaro,
    other_keitaro: Keitaro,
    owner: Person,
    clock: Clock,
    limits: Limits,
) -> AsyncIterator[Room]:
    """A bot that runs, in a chat that is not linked yet."""
    async with AsyncExitStack() as stack:
        application, _ = await stack.enter_async_context(
            assembled(
                settings,
                telegram=httpx.ASGITransport(app=telegram.app),
                tracker=Hosts(tracker_example=keitaro.app, other_example=other_keitaro.app),
                limits=limits,
                now=clock,
            )
        )
        await application.initialize()
        stack.push_async_callback(application.shutdown)
        yield Room(telegram, keitaro, application, owner, clock, settings)


@pytest.fixture
async def linked(room: Room) -> Room:
    """A bot that runs, in a private chat that is linked to the tracker."""
    await room.link()
    return room


@pytest.fixture
async def unasked(linked: Room) -> Room:
    """The same, and changes there run at once."""
    await linked.never_ask()
    return linked


@pytest.fixture
def canary() -> str:
    """A key that is nowhere else."""
    return secrets.token_hex(16)
