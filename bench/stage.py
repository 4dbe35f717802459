"""One bot between a Telegram and a tracker, with people who are linked and may do everything."""

import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.contenders import KEY, Name, Places, contender
from bench.distance import far_away
from bench.ears import Ears
from bench.machine import Cores, pin
from bench.tracker import COUNT
from sandbox.process import PROJECT, BotProcess, environment
from sandbox.serving import serving
from sandbox.telegram import Person, Telegram

START_SECONDS = 30.0
ANSWER_SECONDS = 60.0
# A tracker gets four calls at a time, whoever asks; so the people are spread over several.
ADDRESSES = 8
DONE: dict[Name, tuple[str, ...]] = {"this": ("✅",), "minimal": ("Report", "Stream")}


class BenchError(Exception):
    """A bot did not do what was asked of it, so its figures would say nothing."""


@dataclass(frozen=True)
class Network:
    """How far away the servers are, in seconds for a request and its answer.

    The tracker works for *call_seconds* on every request.
    """

    name: str
    telegram_seconds: float
    tracker_seconds: float
    call_seconds: float = 0.0


@dataclass(frozen=True)
class Start:
    """How long after its start a bot first asked for updates, and said that it is ready."""

    first_poll_seconds: float
    ready_seconds: float


@dataclass(frozen=True)
class Stage:
    """What a measurement works with; the tracker is the process *tracker_pid* at *tracker*."""

    name: Name
    telegram: Telegram
    ears: Ears
    people: tuple[Person, ...]
    bot: BotProcess
    start: Start
    tracker: str
    tracker_pid: int

    async def ask(self, person: Person, text: str) -> float:
        """Say *text* and return how many seconds the finished answer took.

        Raises:
            BenchError: There is no answer in a minute, or it says that something went wrong.
        """
        chat = self.telegram.private(person)
        answer = self.ears.listen(chat.id)
        said_at = time.perf_counter()
        self.telegram.say(person, chat, text)
        try:
            answered_at, words = await asyncio.wait_for(answer, ANSWER_SECONDS)
        except TimeoutError:
            raise BenchError(f"{self.name}: no answer to {text}\n{self.bot.output}") from None
        if not words.startswith(DONE[self.name]):
            raise BenchError(f"{self.name}: {text} was answered with {words}")
        return answered_at - said_at

    async def tracker_requests(self) -> int:
        """Return how many requests the tracker has had."""
        async with httpx.AsyncClient(trust_env=False) as client:
            return int((await client.get(self.tracker + COUNT)).json())


@asynccontextmanager
async def staged(
    name: Name, network: Network, people: int, cores: Cores, *, asks_names: bool
) -> AsyncIterator[Stage]:
    """Set everything up anew around the bot *name*, and take it down in the end."""
    telegram, ears = Telegram(), Ears()
    telegram.calls = ears
    crowd = tuple(telegram.person(f"Person {number}") for number in range(people))
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keitaro-bench-")))
        app = far_away(telegram.app, network.telegram_seconds)
        api_url = await stack.enter_async_context(serving(app))
        pid, trackers = await stack.enter_async_context(_tracker(network, cores))
        places = Places(api_url, trackers, telegram.token, tuple(person.id for person in crowd))
        bot = contender(name, places, folder, asks_names=asks_names)
        stack.push_async_callback(_stopped, bot)
        start = await _started(bot, telegram, cores)
        stage = Stage(name, telegram, ears, crowd, bot, start, trackers[0], pid)
        if name == "this":
            links = zip(crowd, itertools.cycle(trackers))
            await asyncio.gather(*(stage.ask(one, f"/link {url} {KEY}") for one, url in links))
        yield stage


@asynccontextmanager
async def _tracker(network: Network, cores: Cores) -> AsyncIterator[tuple[int, tuple[str, ...]]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.tracker", KEY),
        *map(str, (network.tracker_seconds, network.call_seconds, ADDRESSES)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment({}),
        cwd=PROJECT,
    )
    pin(process.pid, cores.tracker)
    try:
        if process.stdout is None:
            raise BenchError("the tracker has no output")
        line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        yield process.pid, tuple(line.decode().split())
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _started(bot: BotProcess, telegram: Telegram, cores: Cores) -> Start:
    begun_at = time.perf_counter()
    ready = asyncio.create_task(bot.start())
    pin(await _pid(bot), cores.bot)
    await telegram.settled(lambda one: one.is_polled, timeout_seconds=START_SECONDS)
    polled_at = time.perf_counter()
    await ready
    return Start(polled_at - begun_at, time.perf_counter() - begun_at)


async def _pid(bot: BotProcess) -> int:
    """Return the bot's process as soon as there is one: its threads run where it is pinned then."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            with suppress(ProcessLookupError):
                return bot.pid
            await asyncio.sleep(0.001)


async def _stopped(bot: BotProcess) -> None:
    with suppress(ProcessLookupError):
        await bot.stop()
