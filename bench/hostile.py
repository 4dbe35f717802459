"""`make bench-hostile`: what attackers cost the bot, and whoever only wants an answer meanwhile.

The real process, a Telegram and trackers on loopback. While an attack goes on,
others ask for a stream now and then, and somebody knocks at the door all the time: what the door
waits is what the event loop was held up.
"""

import argparse
import asyncio
import gzip
import http.client
import json
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import Receive, Scope, Send

from bench.machine import cpu_seconds, described, divided, forget_peak, memory, pin
from bench.stage import BenchError
from sandbox.keitaro import Keitaro
from sandbox.process import BotProcess, bot_settings, running
from sandbox.serving import App, serving
from sandbox.telegram import Person, Telegram

KEY = "fake-key-1111-2222"
CARD, LIST = "/stream 12", "/streams 1"
MIB = 1024 * 1024
BOMB_MIB = 512
WITHOUT_END_MIB = 1024
BYSTANDERS, TURN_SECONDS, KNOCK_SECONDS = 20, 1.5, 0.01
ANSWER_SECONDS = 60.0
# How long an attack goes on, and how often it is repeated meanwhile: nobody may be faster.
ATTACK_SECONDS, WAVE_SECONDS = 8.0, 1.2
FILES, FILE_MIB, LIE_BYTES = 8, 20, 1000
STUCK_COMMANDS, STUCK_SECONDS, FLOOD_MESSAGES = 50, 8.0, 500
STRANGERS, STRANGER_SECONDS, STRANGERS_A_TURN, STRANGER_TURN_SECONDS = 1000, 5.0, 50, 0.1
FILES_AIM_MIB, ANSWERS_AIM_MIB, P95_AIM_MS, STALL_AIM_MS = 5.0, 40.0, 1000.0, 100.0
SHAPES = {
    "many objects": "[" + "{}," * 199_000 + "{}]",
    "many names": json.dumps({f"name {number}": number for number in range(40_000)}),
    "quotes of a phone": '{"a": "' + "“" * 300_000 + '"',
    "deep and wide": "[" * 60 + '"x",' * 190_000,
    "a long number": "9" * (MIB - 1),
}


@dataclass(frozen=True)
class Outcome:
    """What an attack took: memory above what was held before, and what others waited."""

    name: str
    mib: float
    aim_mib: float
    stall_ms: float
    waits_ms: Sequence[float]
    note: str

    @property
    def p95_ms(self) -> float:
        """The wait of a bystander that one in twenty exceeds."""
        if len(self.waits_ms) < 2:  # noqa: PLR2004 - of one there is no quantile
            return max(self.waits_ms, default=0.0)
        return statistics.quantiles(self.waits_ms, n=20)[-1]

    @property
    def is_met(self) -> bool:
        """Whether it stays within the aims."""
        return (
            self.mib <= self.aim_mib and self.stall_ms <= STALL_AIM_MS and self.p95_ms <= P95_AIM_MS
        )


@dataclass(frozen=True)
class Attack:
    """Something hostile; what it returns is told with the figures."""

    name: str
    begin: Callable[["Scene"], Awaitable[str]]
    aim_mib: float = ANSWERS_AIM_MIB


@dataclass
class Scene:
    """Both servers, the bot, and its people; *scale* is how much of everything is done."""

    telegram: Telegram
    bot: BotProcess
    door: str
    linked: list[Person]
    attackers: list[Person]
    bombed: dict[str, Person]
    silent: Keitaro
    silent_url: str
    scale: float
    waits_ms: list[float] = field(default_factory=list)

    async def ask(self, person: Person, text: str) -> str:
        """Say something in private and return the answer."""
        return await self.answer(self.telegram.say(person, self.telegram.private(person), text))

    async def answer(self, said: dict[str, object]) -> str:
        """Wait for the answer to a message."""
        answer = await self.telegram.answer_to(said, timeout_seconds=ANSWER_SECONDS)
        return str(answer.get("text"))

    async def under(self, attack: Attack) -> Outcome:
        """Carry out an attack while the others ask and knock, and return what it took."""
        self.waits_ms = []
        crowd = [
            asyncio.create_task(self._asks(person, number * TURN_SECONDS / len(self.linked)))
            for number, person in enumerate(self.linked)
        ]
        notes: list[str] = []
        async with _knocking(self.door) as knocks_ms:
            forget_peak(self.bot.pid)
            before = memory(self.bot.pid).now
            until = time.perf_counter() + ATTACK_SECONDS * self.scale
            # On a slow machine it takes longer until there is anything to tell.
            latest = until + ANSWER_SECONDS
            while time.perf_counter() < (until if len(self.waits_ms) > 1 else latest):
                wave = asyncio.create_task(asyncio.sleep(WAVE_SECONDS))
                notes.append(await attack.begin(self))
                await wave
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        held = (memory(self.bot.pid).peak - before) / MIB
        note = f"{len(notes)} times: {notes[0]}"
        return Outcome(
            attack.name, held, attack.aim_mib, max(knocks_ms), tuple(self.waits_ms), note
        )

    async def _asks(self, person: Person, delay_seconds: float) -> None:
        await asyncio.sleep(delay_seconds)
        while True:
            began = time.perf_counter()
            await self.ask(person, CARD)
            seconds = time.perf_counter() - began
            self.waits_ms.append(seconds * 1000)
            await asyncio.sleep(max(0.0, TURN_SECONDS - seconds))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make bench-hostile", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="a part of it, such as 0.1")
    parser.add_argument("--knock-at", metavar="HOST:PORT", help="only ask for /health there")
    asked = parser.parse_args(arguments)
    if asked.knock_at:
        print(json.dumps(_knock(asked.knock_at)))
        return 0
    cores = divided()
    pin(0, cores.harness | cores.tracker)
    print(described(cores))
    outcomes = asyncio.run(measured(asked.scale))
    peace_ms = outcomes[0].p95_ms
    print("                                    MiB    stall ms    p95 ms   to peace")
    for one in outcomes:
        print(
            f"{one.name:32}{one.mib:7.1f}{one.stall_ms:12.1f}{one.p95_ms:10.1f}"
            f"{one.p95_ms / peace_ms:11.1f}  {one.note}"
        )
    print(
        f"aims: files {FILES_AIM_MIB:g} MiB, everything else {ANSWERS_AIM_MIB:g} MiB, no stall"
        f" above {STALL_AIM_MS:g} ms, p95 of bystanders below {P95_AIM_MS:g} ms: ",
        end="",
    )
    missed = [one.name for one in outcomes if not one.is_met]
    print(f"missed by {', '.join(missed)}" if missed else "met")
    return 0


async def measured(scale: float) -> list[Outcome]:
    """Return what each attack took; the first is none."""
    async with _scene(scale) as scene:
        attacks = [
            Attack("nothing", _peace),
            Attack(f"{FILES} files of {FILE_MIB} MB", _files, FILES_AIM_MIB),
            Attack(f"{FILES} files that lie about it", _lying_files),
            *(Attack(f"a tracker sends {name}", _bomb(name)) for name in scene.bombed),
            *(Attack(f"JSON: {name}", _payloads(SHAPES[name])) for name in SHAPES),
            Attack("a stuck tracker, a chat floods", _flood),
            Attack(f"{STRANGERS} strangers", _strangers),
        ]
        return [await scene.under(attack) for attack in attacks]


@asynccontextmanager
async def _scene(scale: float) -> AsyncIterator[Scene]:
    telegram, keitaro, silent = Telegram(), Keitaro(key=KEY), Keitaro(key=KEY)
    linked = [telegram.person(f"Person {number}") for number in range(BYSTANDERS)]
    attackers = [telegram.person(f"Attacker {number}") for number in range(FILES)]
    apps = _bombs(scale)
    bombed = {name: telegram.person(name) for name in apps}
    everyone = [*linked, *attackers, *bombed.values()]
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keitaro-bench-")))
        api_url = await enter(serving(telegram.app))
        address, silent_url = await enter(serving(keitaro.app)), await enter(serving(silent.app))
        bombs = {name: await enter(serving(app)) for name, app in apps.items()}
        with socket.create_server(("127.0.0.1", 0)) as probe:
            place = f"127.0.0.1:{probe.getsockname()[1]}"
        settings = bot_settings(
            token=telegram.token,
            owners=[person.id for person in everyone],
            database=folder / "bot.db",
            api_url=api_url,
            trackers=[address, silent_url, *bombs.values()],
            BOT_PACE="telegram",
            BOT_LISTEN=place,
        )
        bot = await enter(running(settings, folder))
        pin(bot.pid, divided().bot)
        scene = Scene(telegram, bot, place, linked, attackers, bombed, silent, silent_url, scale)
        urls = {person.id: bombs[name] for name, person in bombed.items()}
        await asyncio.gather(
            *(scene.ask(one, f"/link {urls.get(one.id, address)} {KEY}") for one in everyone)
        )
        # What is imported and made once is not what an attack takes.
        await asyncio.gather(*(scene.ask(one, CARD) for one in everyone))
        await asyncio.gather(*(scene.ask(one, LIST) for one in attackers))
        yield scene


def _bombs(scale: float) -> dict[str, App]:
    packed = gzip.compress(b"[" + b" " * int(BOMB_MIB * MIB * scale))
    thrice = gzip.compress(gzip.compress(packed))
    length = str(WITHOUT_END_MIB * MIB)
    return {
        "1 GB": _Bomb({"content-length": length}, None),
        "without end": _Bomb({}, None),
        f"{BOMB_MIB} MB in gzip": _Bomb({"content-encoding": "gzip"}, packed),
        "gzip in gzip in gzip": _Bomb({"content-encoding": "gzip, gzip, gzip"}, thrice),
    }


class _Bomb:
    """A tracker that links as any other, and lists no streams but what it wants to."""

    def __init__(self, headers: dict[str, str], content: bytes | None) -> None:
        self._app = Keitaro(key=KEY).app
        self._headers = {"content-type": "application/json", **headers}
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/streams"):
            await self._app(scope, receive, send)
            return
        headers = [(name.encode(), value.encode()) for name, value in self._headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if self._content is not None:
            await send({"type": "http.response.body", "body": self._content})
            return
        for _ in range(WITHOUT_END_MIB):
            await send({"type": "http.response.body", "body": b"[" * MIB, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def _knocking(place: str) -> AsyncIterator[list[float]]:
    """Ask for /health all the time, in a process of its own; in the end, note the waits in ms."""
    waits_ms: list[float] = []
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.hostile", "--knock-at", place),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    pin(process.pid, divided().harness)
    if process.stdout is None:
        raise BenchError("whoever knocks has no output")
    try:
        # It has been answered once.
        await asyncio.wait_for(process.stdout.readline(), ANSWER_SECONDS)
        yield waits_ms
    finally:
        output, _ = await process.communicate(b"")
        waits_ms.extend(json.loads(output))


def _knock(place: str) -> list[float]:
    """Ask for /health until standard input ends; return what each answer took, in ms."""
    waits_ms: list[float] = []
    over = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=listen, daemon=True).start()
    door = http.client.HTTPConnection(place, timeout=ANSWER_SECONDS)
    while not over.wait(KNOCK_SECONDS):
        began = time.perf_counter()
        door.request("GET", "/health")
        door.getresponse().read()
        waits_ms.append((time.perf_counter() - began) * 1000)
        if len(waits_ms) == 1:
            print("begun", flush=True)
    door.close()
    return waits_ms


async def _peace(_: Scene) -> str:
    return "-"


async def _files(scene: Scene) -> str:
    """Send files that are too long, as Telegram says at once."""
    return await _sent(scene, b"{}", declared_size=FILE_MIB * MIB)


async def _lying_files(scene: Scene) -> str:
    """Send files that are longer than what is said of them."""
    return await _sent(scene, b" " * (FILE_MIB * MIB), declared_size=LIE_BYTES)


def _payloads(shape: str) -> Callable[[Scene], Awaitable[str]]:
    async def sent(scene: Scene) -> str:
        return await _sent(scene, shape.encode()[: MIB - 1])

    return sent


async def _sent(scene: Scene, content: bytes, *, declared_size: int | None = None) -> str:
    """Let all attackers send a file at once, and tell how many were refused."""
    telegram = scene.telegram
    calls = len(telegram.calls)
    began = time.perf_counter()
    said = [
        telegram.say(
            one,
            telegram.private(one),
            "/stream",
            attach=content,
            declared_size=declared_size,
        )
        for one in scene.attackers
    ]
    answers = await asyncio.gather(*map(scene.answer, said))
    refused = sum(text.startswith("❌") for text in answers)
    asked = sum(call.method == "getFile" for call in list(telegram.calls)[calls:])
    return f"{refused} refused, {asked} fetched, {time.perf_counter() - began:.1f} s"


def _bomb(name: str) -> Callable[[Scene], Awaitable[str]]:
    """Let whoever is linked to this tracker ask it."""

    async def asked(scene: Scene) -> str:
        began = time.perf_counter()
        answer = await scene.ask(scene.bombed[name], LIST)
        return f"{answer.partition(chr(10))[0]} after {time.perf_counter() - began:.1f} s"

    return asked


async def _flood(scene: Scene) -> str:
    """Ask a tracker that has fallen silent for much, and say hundreds of things in a chat."""
    telegram, (stuck, loud) = scene.telegram, scene.attackers[:2]
    await asyncio.gather(
        *(scene.ask(one, f"/link {scene.silent_url} {KEY}") for one in (stuck, loud))
    )
    scene.silent.fail_when(lambda _: True, delay_seconds=STUCK_SECONDS)
    for _ in range(int(STUCK_COMMANDS * scene.scale)):
        telegram.say(stuck, telegram.private(stuck), LIST)
    count = int(FLOOD_MESSAGES * scene.scale)
    for _ in range(count):
        telegram.say(loud, telegram.private(loud), CARD)
    await asyncio.sleep(STUCK_SECONDS * scene.scale)
    scene.silent.script.clear()
    return f"{count} messages"


async def _strangers(scene: Scene) -> str:
    """Have people nobody knows write as fast as a webhook brings it."""
    telegram = scene.telegram
    people = [telegram.person("Stranger") for _ in range(int(STRANGERS * scene.scale))]
    before, sent = cpu_seconds(scene.bot.pid), 0
    until = time.perf_counter() + STRANGER_SECONDS * scene.scale
    while time.perf_counter() < until:
        for _ in range(STRANGERS_A_TURN):
            person = people[sent % len(people)]
            telegram.say(person, telegram.private(person), "hello?")
            sent += 1
        await asyncio.sleep(STRANGER_TURN_SECONDS)
    used_ms = (cpu_seconds(scene.bot.pid) - before) * 1000
    return f"{sent} messages, at most {used_ms / max(sent, 1):.2f} ms of processor each"


if __name__ == "__main__":
    sys.exit(main())
