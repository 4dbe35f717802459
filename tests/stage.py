"""The bot as a process of its own, and people of whom each has a tracker with a trouble."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

from sandbox.keitaro import Keitaro
from sandbox.process import BotProcess, bot_settings, running, secret_key
from sandbox.serving import serving
from sandbox.telegram import Chat, Person, Telegram
from storage import open_store, parse_keys
from tests.wire import Behaviour, Wire, answer

KEY = "fake-key-1111-2222"
ANSWER_SECONDS = 75.0


@dataclass
class Spot:
    """A person in a private chat that is linked to a tracker at *url*.

    *keitaro* is that tracker, as far as it is one; *wire* is what stands before it, *neighbour*
    what it sends people to.
    """

    person: Person
    chat: Chat
    url: str
    keitaro: Keitaro
    wire: Wire | None = None
    neighbour: Wire | None = None
    is_healed: bool = False

    @property
    def place(self) -> str:
        """Host and port of the tracker."""
        return self.url.partition("://")[2]

    def heal(self) -> None:
        """Let the tracker answer well from now on."""
        self.is_healed = True
        self.keitaro.script.clear()

    def calls(self, method: str = "", path: str = "") -> int:
        """Return how many requests came, of this method and path where they are given."""
        return sum(
            (not method or found == method) and (not path or where == path)
            for found, where in self.arrived()
        )

    def arrived(self) -> list[tuple[str, str]]:
        """Return method and path of every request that came."""
        if self.wire is None:
            return [(one.method, one.path) for one in self.keitaro.requests]
        lines = [request.split(b" ", 2) for request in self.wire.requests]
        return [
            (method.decode(), target.decode().partition("/admin_api/v1/")[2].partition("?")[0])
            for method, target, _ in lines
        ]

    @property
    def changes_sent(self) -> int:
        """How many requests came that are to change something."""
        return sum(method != "GET" and path != "report/build" for method, path in self.arrived())


@dataclass(frozen=True)
class Told:
    """What a person sees after a command: *messages* as they are, *seconds* it took."""

    messages: tuple[dict[str, Any], ...]
    seconds: float

    @property
    def text(self) -> str:
        """The text of the only message, or of the first."""
        return str(self.messages[0].get("text"))

    @property
    def lines(self) -> list[str]:
        """The lines of that."""
        return self.text.splitlines()


@dataclass
class Stage:
    """A Telegram, a bot that is started last, and the spots that it is to know."""

    folder: Path
    language: str = "en"
    telegram: Telegram = field(default_factory=Telegram)
    spots: dict[str, Spot] = field(default_factory=dict)
    trusted: list[Path] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    _stack: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _servers: list[asyncio.Task[None]] = field(default_factory=list)
    _bot: BotProcess | None = None

    @property
    def bot(self) -> BotProcess:
        """The process."""
        if self._bot is None:
            raise LookupError("not started")
        return self._bot

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._stack.__aexit__(*failure)
        self._over.set()
        await asyncio.gather(*self._servers)
        await self.telegram.close()

    async def tracker(self, name: str) -> Spot:
        """Return a new spot with a healthy tracker."""
        keitaro = self._keitaro()
        return self._add(name, await self._served(keitaro.app), keitaro)

    async def wired(
        self, name: str, behave: Behaviour, *, spoils: str = "", done: bool = False
    ) -> Spot:
        """Return a new spot with a tracker whose answers are spoilt by *behave*.

        That befalls requests with the method *spoils*, or all of them, which are carried out all
        the same if they are *done*.
        """
        keitaro = self._keitaro()
        wire = await self.listening(behave)
        spot = self._add(name, f"http://127.0.0.1:{wire.port}", keitaro, wire)

        async def spoilt(writer):
            request = wire.requests[-1]
            method = request.split(b" ", 1)[0].decode()
            is_hit = not spot.is_healed and (not spoils or method == spoils)
            passed = await relayed(keitaro, request) if done or not is_hit else b""
            if is_hit:
                return await behave(writer)
            writer.write(passed)
            return None

        wire.behave = spoilt
        return spot

    def elsewhere(self, name: str, url: str, wire: Wire | None = None) -> Spot:
        """Return a new spot whose tracker is said to be at *url*."""
        return self._add(name, url, self._keitaro(), wire)

    async def listening(self, behave: Behaviour, *, tls: ssl.SSLContext | None = None) -> Wire:
        """Return a server that runs to the end."""
        return await self._stack.enter_async_context(Wire(behave).listening(tls=tls))

    async def greeting(self, hello: bytes | None) -> int:
        """Return a port that says *hello* to whatever it hears, then closes; or never anything."""

        async def greet(reader, writer):
            self.heard.append(await reader.read(1000))
            if hello is None:
                await reader.read()
            else:
                writer.write(hello)
            writer.close()

        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        self._stack.callback(server.close)
        return server.sockets[0].getsockname()[1]

    def keep(self, closing: Callable[[], object]) -> None:
        """Call *closing* in the end."""
        self._stack.callback(closing)

    async def _served(self, app: Any) -> str:
        """Return the address of a server that runs to the end; all of them close at one time."""
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def serve() -> None:
            async with serving(app) as url:
                ready.set_result(url)
                await self._over.wait()

        self._servers.append(asyncio.create_task(serve()))
        return await ready

    def _keitaro(self) -> Keitaro:
        keitaro = Keitaro(key=KEY)
        keitaro.buckets = []
        return keitaro

    def _add(self, name: str, url: str, keitaro: Keitaro, wire: Wire | None = None) -> Spot:
        person = self.telegram.person(f"P{len(self.spots)}", language_code=self.language)
        self.spots[name] = Spot(person, self.telegram.private(person), url, keitaro, wire)
        return self.spots[name]

    def beside(self, name: str, spot: Spot) -> Spot:
        """Return a new spot with the same tracker as *spot*."""
        return self._add(name, spot.url, spot.keitaro, spot.wire)

    async def start(self) -> None:
        """Link every chat, let changes there run at once, and start the bot."""
        database, secret = self.folder / "bot.db", secret_key()
        store = await open_store(database, keys=parse_keys(secret))
        for spot in self.spots.values():
            user_id = spot.person.id
            await store.chats.link(spot.chat.id, address=spot.url, key=KEY, user_id=user_id)
            await store.chats.set_confirmations(spot.chat.id, "never")
        await store.close()
        api_url = await self._served(self.telegram.app)
        trusted = self.folder / "trusted.pem"
        trusted.write_bytes(b"".join(pem.read_bytes() for pem in self.trusted))
        settings = bot_settings(
            token=self.telegram.token,
            secret=secret,
            owners=[spot.person.id for spot in self.spots.values()],
            database=database,
            api_url=api_url,
            trackers={spot.url for spot in self.spots.values() if ":" in spot.place},
            BOT_SETTLE_SECONDS="1",
            # Nobody waits long for the name servers of this machine.
            RES_OPTIONS="timeout:1 attempts:1",
            **({"BOT_TRACKER_CA_FILE": str(trusted)} if self.trusted else {}),
        )
        self._bot = await self._stack.enter_async_context(running(settings, self.folder))

    async def ask(self, spot: Spot, text: str, **how: Any) -> Told:
        """Let the person of *spot* say *text*, and return the answer once it is whole."""
        begun = time.monotonic()
        said = self.telegram.say(spot.person, spot.chat, text, **how)
        first = await self.telegram.answer_to(said, timeout_seconds=ANSWER_SECONDS)
        seconds = time.monotonic() - begun
        later = [
            message
            for message in self.telegram.messages(spot.chat)
            if message["message_id"] >= first["message_id"]
        ]
        return Told(tuple(later), seconds)


async def relayed(keitaro: Keitaro, request: bytes) -> bytes:
    """Return what the tracker answers to *request*, byte for byte."""
    head, _, body = request.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    method, target, _ = line.split(" ")
    headers = dict(one.split(": ", 1) for one in fields)
    transport = httpx.ASGITransport(app=keitaro.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        found = await client.request(method, target, headers=headers, content=body)
    kind = f"Content-Type: {found.headers['content-type']}\r\n"
    return answer(found.content, status=f"{found.status_code} OK", headers=kind)


def most_memory(pid: int) -> int:
    """Return the most memory that a process has had, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    raise LookupError(pid)
