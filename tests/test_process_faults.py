"""The real bot process on an ill disk, with too little of everything, and told to stop."""

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandbox.keitaro import Keitaro
from sandbox.process import BotProcess, secret_key
from sandbox.serving import serving
from sandbox.telegram import Chat, Person, Telegram

KEY = "fake-key-1111-2222"
MIB = 1024 * 1024


@dataclass
class World:
    """Both servers on loopback, and a bot that runs and is linked."""

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

    def say(self, text: str):
        return self.telegram.say(self.owner, self.home, text)

    async def answer_to(self, message, *, seconds: float = 20.0) -> str:
        return (await self.telegram.answer_to(message, timeout_seconds=seconds))["text"]

    async def ask(self, text: str) -> str:
        return await self.answer_to(self.say(text))

    async def ended(self, *, seconds: float) -> int:
        return await asyncio.wait_for(self.bot.wait(), seconds)


@pytest.fixture
async def world(tmp_path):
    telegram, keitaro = Telegram(), Keitaro(key=KEY)
    owner = telegram.person("Olga")
    async with (
        asyncio.timeout(100),
        serving(telegram.app) as api_url,
        serving(keitaro.app) as address,
    ):
        settings = {
            "BOT_TOKEN": telegram.token,
            "BOT_SECRET_KEY": secret_key(),
            "BOT_OWNERS": str(owner.id),
            "BOT_DATABASE": str(tmp_path / "data" / "bot.db"),
            "BOT_API_URL": api_url,
            "BOT_PRIVATE_TRACKERS": urlsplit(address).netloc,
            "BOT_PACE": "none",
        }
        world = World(telegram, keitaro, BotProcess(settings, tmp_path), settings, owner, address)
        await world.bot.start()
        assert (await world.ask(f"/link {address} {KEY}")).startswith("✅")
        yield world
        with contextlib.suppress(ProcessLookupError):
            await world.bot.kill()
        await telegram.close()


@contextlib.asynccontextmanager
async def tampered(world, *options: str):
    """Have strace interfere with the calls of the running bot while the block runs."""
    out = world.bot.folder / "strace.log"
    tracer = await asyncio.create_subprocess_exec(
        "strace", "-f", "-qq", "-o", str(out), *options, "-p", str(world.bot.pid)
    )
    try:
        while not all(is_traced(task) for task in Path(f"/proc/{world.bot.pid}/task").iterdir()):
            await asyncio.sleep(0.01)
        yield out
    finally:
        with contextlib.suppress(ProcessLookupError):
            tracer.terminate()
        await tracer.wait()


def is_traced(task: Path) -> bool:
    return "TracerPid:\t0\n" not in (task / "status").read_text()


async def test_x_full(world):
    async with tampered(world, "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC"):
        said = world.say("/help")
        await asyncio.sleep(5)
        print(world.bot.output)
    t=time.monotonic()
    print(await world.answer_to(said), time.monotonic()-t)
    print(world.bot.output)
    assert 0

async def test_x_eio(world):
    async with tampered(world, "-e", "trace=fdatasync,pwrite64,fsync", "-e", "inject=fdatasync:error=EIO:when=1") as out:
        said = world.say("/help")
        print(await world.ended(seconds=20))
    print(out.read_text())
    print(world.bot.output)
    await world.bot.start()
    print(await world.answer_to(said))
    assert 0

async def test_x_efbig(world):
    size=0
    resource.prlimit(world.bot.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    said = world.say("/help")
    print(await world.ended(seconds=20))
    print(world.bot.output)
    await world.bot.start()
    print(await world.answer_to(said))
    assert 0

async def test_x_full_handler(world):
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/12", until=gate)
    said = world.say("/stream 12 off")
    while not [r for r in world.keitaro.requests if r.path.startswith("streams/12")]: await asyncio.sleep(.01)
    t=time.monotonic()
    async with tampered(world, "-tt", "-e", "trace=pwrite64,fdatasync,sendto,recvfrom,connect", "-e", "inject=pwrite64:error=ENOSPC") as out:
        print(time.monotonic()-t)
        gate.set()
        print(await world.ended(seconds=40))
        print(time.monotonic()-t)
    print(out.read_text())
    print(world.bot.output)
    assert 0
