"""A process at the lowest level of its log, people with trackers that mean ill, and what is left."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sandbox.keitaro import Keitaro
from sandbox.process import BotProcess, bot_settings, environment
from sandbox.serving import serving
from sandbox.telegram import Chat, Person, Telegram
from tests.canary import misfortunes
from tests.canary.recorder import Recorder, telegram_strip, tracker_strip
from tests.canary.scanner import Find, Scanner
from tests.canary.seeds import Seed, bot_token, made, master_key

ANSWER_SECONDS = 30.0
ANSWERS = frozenset({"sendMessage", "editMessageText", "sendDocument", "sendPhoto"})
COMMANDS = ("/stream 45", "/stats today by campaign", "/stream 45 off", "/status")
CREATE = (
    '/stream {"campaign_id": 12, "type": "regular", "schema": "action", "name": "New", '
    '"action_type": "do_nothing"}'
)


@dataclass
class Spot:
    """A person, a tracker of their own and its key; *next_key* is one that it gets later."""

    name: str
    person: Person
    chat: Chat
    keitaro: Keitaro
    recorder: Recorder
    key: Seed
    next_key: Seed
    url: str = ""


@dataclass
class Play:
    """Everything on the stage."""

    folder: Path
    telegram: Telegram
    recorder: Recorder
    secrets: list[Seed]
    spots: dict[str, Spot]
    bot: BotProcess | None = None
    settings: dict[str, str] = field(default_factory=dict)
    cmdlines: list[bytes] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)

    async def ask(self, spot: Spot, text: str, **how: Any) -> dict[str, Any]:
        """Say *text* and return the answer."""
        message = self.telegram.say(spot.person, spot.chat, text, **how)
        return await self.telegram.answer_to(message, timeout_seconds=ANSWER_SECONDS)

    async def press(self, spot: Spot, message: dict[str, Any], label: str) -> None:
        """Press a button and wait for what is said to that."""
        calls = len(self.telegram.calls)
        self.telegram.press(spot.person, spot.chat, message["message_id"], label)
        await self.spoken(calls)

    async def spoken(self, calls: int) -> None:
        """Wait until the bot has said something, or tried to, after so many *calls*."""
        await self.telegram.settled(
            lambda telegram: any(
                call.method in ANSWERS and not str(call.parameters.get("text", "")).startswith("⏳")
                for call in telegram.calls[calls:]
            ),
            timeout_seconds=ANSWER_SECONDS,
        )

    async def start(self) -> None:
        """Start the bot, or start it again."""
        assert self.bot is not None
        await self.bot.start()
        self.cmdlines.append(Path(f"/proc/{self.bot.pid}/cmdline").read_bytes())

    async def command(self, *arguments: str) -> None:
        """Keep what the command line says."""
        assert self.bot is not None
        process = await asyncio.create_subprocess_exec(
            *BotProcess.COMMAND,
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment(self.settings),
            cwd=self.folder,
        )
        output, _ = await process.communicate()
        self.said.append(output)

    async def health(self) -> None:
        """Keep what the web door says."""
        async with httpx.AsyncClient() as client:
            url = f"http://{self.settings['BOT_LISTEN']}"
            wrong = {"X-Telegram-Bot-Api-Secret-Token": "x" * 40}
            answers = [
                await client.get(f"{url}/health"),
                await client.get(f"{url}/nowhere"),
                await client.post(f"{url}/hook", headers=wrong, json={"update_id": 1}),
            ]
        self.said += [repr(one.headers.raw).encode() + one.content for one in answers]

    def finds(self) -> Iterator[Find]:
        """Yield every secret that lies where none belongs."""
        scanner = Scanner([*self.secrets, *self._keys()])
        yield from scanner.search(bytes(self.recorder.heard), "Telegram")
        for spot in self.spots.values():
            yield from scanner.search(bytes(spot.recorder.heard), f"tracker: {spot.name}")
        yield from scanner.search(b"\n".join(self.cmdlines), "command lines")
        yield from scanner.search(b"\n".join(self.said), "command line and /health")
        yield from scanner.search_folder(self.folder)
        for message in self.telegram.sent:
            if "document" in message:
                content = self.telegram.document(message)
                yield from scanner.search_file(content, message["document"]["file_name"])

    def _keys(self) -> Iterator[Seed]:
        for spot in self.spots.values():
            yield from (spot.key, spot.next_key)


@contextlib.asynccontextmanager
async def staged(
    folder: Path, *, language: str = "en", has_webhook: bool = False
) -> AsyncIterator[Play]:
    """Set everything up, a tracker for each misfortune and a well one, and start the bot."""
    token, master, hook = bot_token(), master_key(), made("webhook secret", 40)
    telegram = Telegram(token=token.value)
    recorder = Recorder(telegram.app, telegram_strip(token.value), hook.value.encode())
    play = Play(folder, telegram, recorder, [token, master, hook], {})
    async with contextlib.AsyncExitStack() as stack:
        for name in ("well", *misfortunes.of_tracker("")):
            play.spots[name] = await _spot(stack, play, name, language)
        listen = f"127.0.0.1:{_free_port()}"
        settings = bot_settings(
            token=token.value,
            secret=master.value,
            owners=[spot.person.id for spot in play.spots.values()],
            database=folder / "data" / "bot.db",
            api_url=await stack.enter_async_context(serving(recorder)),
            trackers=[spot.url for spot in play.spots.values()],
            BOT_WEBHOOK_SECRET=hook.value,
            BOT_LOG_LEVEL="DEBUG",
            BOT_LISTEN=listen,
            BOT_WEBHOOK_URL=f"http://{listen}/hook" if has_webhook else "",
            BOT_SETTLE_SECONDS="1",
            TMPDIR=str(folder / "tmp"),
            PYTHONDEVMODE="1",
            PYTHONWARNINGS="default",
        )
        (folder / "tmp").mkdir()
        play.settings, play.bot = settings, BotProcess(settings, folder)
        await play.start()
        yield play
        with contextlib.suppress(ProcessLookupError):
            await play.bot.kill()
        await telegram.close()


async def _spot(stack: contextlib.AsyncExitStack, play: Play, name: str, language: str) -> Spot:
    key, next_key = made(f"key: {name}"), made(f"next key: {name}")
    keitaro = Keitaro(key=key.value)
    recorder = Recorder(keitaro.app, tracker_strip({key.value, next_key.value}))
    person = play.telegram.person(f"P{len(play.spots)}", language_code=language)
    spot = Spot(name, person, play.telegram.private(person), keitaro, recorder, key, next_key)
    spot.url = await stack.enter_async_context(serving(recorder))
    return spot


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


# What befalls them.


async def suffer(play: Play, spot: Spot, commands: tuple[str, ...]) -> None:
    """Link *spot* to its tracker, which then answers every command with its misfortune."""
    assert (await play.ask(spot, f"/link {spot.url} {spot.key.value}"))["text"].startswith("✅")
    fault = misfortunes.of_tracker(spot.key.value)[spot.name]
    spot.keitaro.fail_when(lambda _: True, **fault)
    for command in commands:
        await play.ask(spot, command)
    await play.ask(spot, f"/link {spot.url} {spot.next_key.value}")
    spot.keitaro.script.clear()


async def show(play: Play, spot: Spot) -> None:
    """Have a tracker that is well show its key, and secrets of its own, in all that it has."""
    keitaro, key = spot.keitaro, spot.key.value
    click, bot = made("token of the Click API"), bot_token()
    play.secrets += [click, bot]
    for campaign in keitaro.campaigns.values():
        campaign["token"] = click.value
        campaign["notes"] = f"key {key}"
        campaign["postbacks"] = [
            {"method": "GET", "url": f"https://api.telegram.org/bot{bot.value}/sendMessage"}
        ]
    keitaro.campaigns[12]["name"] = f"Named {key}"
    keitaro.streams[45]["name"] = key
    keitaro.streams[45]["comments"] = f"see {key.upper()}, {key}"
    assert (await play.ask(spot, f"/link {spot.url} {key}"))["text"].startswith("✅")
    for command in ("/stream 45", "/streams 11", "/streams 12", *COMMANDS, "/clicks", "/history"):
        await play.ask(spot, command)


async def change(play: Play, spot: Spot) -> None:
    """Make changes, take them back, ask for files and for the journal."""
    report = await play.ask(spot, "/stats today by campaign")
    for label in ("CSV", "XLSX", "Chart"):
        if label in str(report.get("reply_markup")):
            await play.press(spot, report, label)
    for command in (
        CREATE,
        '/stream 45 {"name": "Other"}',
        '/stream 45 {"comments": "x"}',
        "/undo",
    ):
        asked = await play.ask(spot, command)
        if "Apply" in str(asked.get("reply_markup")):
            await play.press(spot, asked, "Apply")
    for command in ("/history", "/stream 45", "/stream 45 json", "/stream 45 history"):
        await play.ask(spot, command)


async def blab(play: Play, spot: Spot) -> None:
    """Type keys in a group, in every shape; the bot may delete them."""
    group = play.telegram.group("Team", spot.person, supergroup=True)
    play.telegram.promote(group, play.telegram.bot)
    for text in (
        f"/link {spot.url} {spot.next_key.value}",
        f"/link@{play.telegram.bot.username} {spot.next_key.value}",
        spot.key.value,
        f"/stats {spot.key.value}",
        f'/stream {{"name": "{spot.key.value}"}}',
    ):
        said = play.telegram.say(spot.person, group, text)
        await play.telegram.answer_to(said, timeout_seconds=ANSWER_SECONDS)


async def disturb(play: Play, spot: Spot) -> None:
    """Let Telegram echo the token at every turn; some answers it never takes."""
    for fault in misfortunes.of_telegram(play.telegram.token).values():
        for method in (*ANSWERS, "getUpdates", "deleteMessage"):
            play.telegram.fail(method, **fault)
        calls = len(play.telegram.calls)
        play.telegram.say(spot.person, spot.chat, "/stream 45")
        await play.spoken(calls)
        play.telegram.faults.queue.clear()
        await play.ask(spot, "/status")


async def end(play: Play, spot: Spot) -> None:
    """Kill the process at work, start it again, link anew and unlink."""
    assert play.bot is not None
    gate = asyncio.Event()
    spot.keitaro.fail(1, until=gate, status=500, body={"error": spot.key.value})
    before = len(spot.keitaro.requests)
    said = play.telegram.say(spot.person, spot.chat, "/stream 45")
    while len(spot.keitaro.requests) == before:
        await asyncio.sleep(0.01)
    await play.bot.kill()
    gate.set()
    await play.start()
    await play.telegram.answer_to(said, timeout_seconds=ANSWER_SECONDS)
    spot.keitaro.key = spot.next_key.value
    await play.ask(spot, "/stream 45")
    await play.ask(spot, f"/link {spot.url} {spot.next_key.value}")
    await play.ask(spot, "/status")
    await play.health()
    await play.command("check")
    await play.command("health")
    await play.command("backup", str(play.folder / "backup.db"))
    await play.ask(spot, "/unlink")
    await play.bot.stop()


async def played(play: Play, *, commands: tuple[str, ...]) -> None:
    """Let it all happen."""
    well = play.spots["well"]
    ill = [spot for spot in play.spots.values() if spot is not well]
    await asyncio.gather(*(suffer(play, spot, commands) for spot in ill), show(play, well))
    await change(play, well)
    await blab(play, well)
    await disturb(play, well)
    await end(play, well)
