"""The bot, the people, the chats, and what was said and pressed."""

import asyncio
import contextvars
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from telegram import Update

from bot.app import assembled
from bot.settings import Settings
from handlers import SERVICES, Services
from keitaro import Limits
from sandbox.keitaro import Keitaro
from sandbox.telegram import Chat, Person, Telegram
from storage import new_key
from tests.conftest import KEY, Clock, Room
from tests.weaving.gate import TURN, Gate

# All that the bot does here it does at once, but for what it asks of the tracker.
LIMITS = Limits(
    deadline_seconds=60.0, pause_seconds=0.0, calls_in_flight=64, failures_in_a_row=10_000
)
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
QUIET_ROUNDS = 14
SPIN = 6

Place = tuple[int, int]


@dataclass(eq=False)
class Turn:
    """Something that somebody said, or pressed under a plan with this *token*.

    *wish* is what the streams fields would be, as far as the script knows.
    """

    number: int
    person: Person
    chat: Chat
    verb: str
    task: "asyncio.Task[None]"
    stream_id: int = 0
    token: str = ""
    wish: dict[str, Any] = field(default_factory=dict)
    query_id: str = ""


@dataclass
class Weave:
    """A room with a gate before its tracker; *is_ordered* puts the bot's own order of updates.

    Without it even what one person says in one chat is handled side by side.
    """

    room: Room
    gate: Gate
    oleg: Person
    vera: Person
    group: Chat
    is_ordered: bool
    turns: dict[int, Turn] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        """The services of the bot."""
        return self.room.bot.bot_data[SERVICES]

    @property
    def telegram(self) -> Telegram:
        """The Telegram that everybody uses."""
        return self.room.telegram

    def say(self, person: Person, chat: Chat, text: str, **known: Any) -> None:
        """Say something, which the bot begins to handle."""
        self.telegram.say(person, chat, text)
        self._hand_over(person, chat, "say", **known)

    def press(self, person: Person, message: dict[str, Any], data: str, verb: str) -> None:
        """Press a button, whether or not it still stands there."""
        chat = self.telegram.chats[message["chat"]["id"]]
        query_id = self.telegram.press(person, chat, message["message_id"], data, forged=True)
        self._hand_over(person, chat, verb, token=data.rpartition(":")[2], query_id=query_id)

    def _hand_over(self, person: Person, chat: Chat, verb: str, **known: Any) -> None:
        [raw] = self.telegram.updates.batch(100)
        self.telegram.updates.remove([raw["update_id"]])
        context = contextvars.copy_context()
        context.run(TURN.set, raw["update_id"])
        task = asyncio.create_task(self._handle(raw), context=context)
        self.turns[raw["update_id"]] = Turn(raw["update_id"], person, chat, verb, task, **known)

    async def _handle(self, raw: dict[str, Any]) -> None:
        bot = self.room.bot
        update = Update.de_json(raw, bot.bot)
        if self.is_ordered:
            await bot.update_processor.process_update(update, bot.process_update(update))
        else:
            await bot.process_update(update)

    async def quiet(self) -> None:
        """Wait until nobody can go on by themselves."""
        seen, rounds = self._signs(), 0
        while rounds < QUIET_ROUNDS:
            await self.services.store.connection.run(lambda _: None)
            for _ in range(SPIN):
                await asyncio.sleep(0)
            now = self._signs()
            rounds = rounds + 1 if now == seen else 0
            seen = now

    def _signs(self) -> tuple[int, ...]:
        done = sum(turn.task.done() for turn in self.turns.values())
        return len(self.gate.asked), len(self.gate.waiting), len(self.telegram.calls), done


@asynccontextmanager
async def woven(*, is_ordered: bool) -> AsyncIterator[Weave]:
    """Open a bot with two operators and a viewer in a group; one of them has it in private too."""
    clock = Clock()
    telegram = Telegram(now=clock, username="keitaro_test_bot")
    keitaro = Keitaro(key=KEY, now=clock)
    gate = Gate(keitaro)
    owner, oleg, vera = (telegram.person(name) for name in ("Olga", "Oleg", "Vera"))
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        )
        settings = Settings(
            _env_file=None,
            token=telegram.token,
            secret_key=new_key(),
            owners=frozenset({owner.id}),
            database=Path(folder) / "bot.db",
            pace="none",
        ).model_copy(update={"settle_seconds": 0.0})
        application, _ = await stack.enter_async_context(
            assembled(
                settings,
                telegram=httpx.ASGITransport(app=telegram.app),
                tracker=gate,
                limits=LIMITS,
                now=clock,
            )
        )
        await application.initialize()
        stack.push_async_callback(application.shutdown)
        room = Room(telegram, keitaro, application, owner, clock, settings)
        group = telegram.group("Buyers", owner, oleg, vera)
        for chat in (room.home, group):
            await room.link(to=chat)
        await room.grant(oleg, group, "operator")
        await room.grant(vera, group, "viewer")
        # Whoever was let in by a group is no update of this script.
        telegram.updates.remove([one["update_id"] for one in telegram.updates.batch(100)])
        yield Weave(room, gate, oleg, vera, group, is_ordered)
