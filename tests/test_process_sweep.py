"""The process killed at one call to the system after the other, as SQLite tests itself.

`make sweep` goes through every call of every scenario; without SWEEP a few of each are tried.
strace counts the calls of each thread by itself, so those to disk and network go separately.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import os
import sqlite3

import pytest

from sandbox.process import BotProcess, StartError
from tests.tracing import needs_strace, traced
from tests.world import KEY, World, world_in

IS_WHOLE = bool(os.environ.get("SWEEP"))
DISK = "openat,pwrite64,fdatasync,fsync,ftruncate,unlink,rename,link"
NETWORK = "connect,sendto,recvfrom"
HOURS = 4 * 3600

log = logging.getLogger(__name__)
pytestmark = [needs_strace, *([pytest.mark.timeout(HOURS)] if IS_WHOLE else [])]


@pytest.fixture
def sampled(sample):
    """Skip a scenario of which no sample is taken."""
    if not sample and not IS_WHOLE:
        pytest.skip("only in `make sweep`")


@pytest.fixture
async def world(tmp_path):
    async with world_in(tmp_path, World) as world:
        await world.bot.start()
        await world.link()
        await world.all_done()
        yield world


def moments(sample: tuple[int, ...]):
    """Return at which calls the process is killed: some, or one after the other without end."""
    return itertools.count(1) if IS_WHOLE else iter(sample)


def lethal(calls: str, when: int) -> tuple[str, ...]:
    """Return how strace is told to kill at one of *calls*."""
    return ("-e", f"inject={calls}:signal=KILL:when={when}")


async def killed_at(world, calls: str, when: int, command) -> bool:
    """Carry out *command* and tell whether the process was killed while it was at it."""
    async with traced(world.bot.pid, *lethal(calls, when)):
        command()
        ended = asyncio.create_task(world.bot.wait())
        done = asyncio.create_task(world.all_done())
        await asyncio.wait({ended, done}, return_when=asyncio.FIRST_COMPLETED)
        is_killed = ended.done()
        for task in (ended, done):
            task.cancel()
        await asyncio.gather(ended, done, return_exceptions=True)
        return is_killed


def complaints(world, said, texts: list[str], done: int, *, is_change: bool) -> list[str]:
    """Return what breaks the promise: one answer at least, one change at most, no false word."""
    marks = {text[0] for text in texts}
    found = [] if texts else ["unanswered"]
    if done > 1:
        found.append(f"done {done} times")
    if is_change and "✅" in marks and not done:
        found.append("said to be done")
    if is_change and "❌" in marks and done:
        found.append("said not to be done")
    if world.count("PRAGMA quick_check") != "ok":
        found.append("damaged")
    return found


def creation(name: str) -> str:
    payload = {
        "campaign_id": 1,
        "type": "regular",
        "schema": "redirect",
        "name": name,
        "action_type": "http",
        "action_payload": "https://offer.example/",
    }
    return f"/stream {json.dumps(payload)}"


SCENARIOS = {
    "read": ("/stream 12", False),
    "create": (creation, True),
    "switch": ("/stream 12 off", True),
    "settings": ("/settings language ru", False),
    "link": ("/link {address} {key}", False),
}


@pytest.mark.parametrize(
    ("scenario", "calls", "sample"),
    [
        ("read", DISK, ()),
        ("read", NETWORK, ()),
        ("create", DISK, (9, 17)),
        ("create", NETWORK, (12,)),
        ("switch", DISK, ()),
        ("switch", NETWORK, (9,)),
        ("settings", DISK, ()),
        ("link", DISK, ()),
    ],
)
async def test_killed_at_a_call_while_at_work(sampled, world, scenario, calls, sample):
    words, is_change = SCENARIOS[scenario]
    points = 0
    for when in moments(sample):
        name = f"c{when}"
        text = words(name) if callable(words) else words.format(address=world.address, key=KEY)
        world.keitaro.streams[12]["state"] = "active"
        before = len(world.keitaro.mutations)
        said = []

        def command(text=text, said=said):
            said.append(world.telegram.say(world.owner, world.home, text))

        is_killed = await killed_at(world, calls, when, command)
        if is_killed:
            points += 1
            await world.bot.start()
            await world.all_done()
        done = len(world.keitaro.mutations) - before
        texts = world.answers(said[0])

        assert complaints(world, said, texts, done, is_change=is_change) == [], (when, texts)
        if not is_killed:
            break
    assert points
    log.info("%s: %d kills at %s", scenario, points, calls)


def nothing(world):
    world.database.unlink()


def an_older_version(world):
    with contextlib.closing(sqlite3.connect(world.database)) as database:
        later = ("shown_reports", "saved_reports", "schedules", "due_runs")
        for table in ("journal", "outbox", "plans", "questions", *later):
            database.execute(f"DROP TABLE {table}")
        for column in ("unreachable_at", "confirmations", "readers"):
            database.execute(f"ALTER TABLE chats DROP COLUMN {column}")
        database.execute("ALTER TABLE members DROP COLUMN name")
        database.execute("ALTER TABLE links DROP COLUMN seal")
        database.execute("DELETE FROM _sqlite_migrations WHERE name >= 'm006'")
        database.commit()


def what_is_there(world):
    del world


@pytest.mark.parametrize(
    ("leave", "sample"),
    [(nothing, (40,)), (an_older_version, (10,)), (what_is_there, ())],
)
async def test_killed_at_a_call_while_it_starts(sampled, world, leave, sample):
    """Whatever is there then is whole, and the next start goes through."""
    points = 0
    await world.bot.stop()
    for when in moments(sample):
        leave(world)
        inject = lethal("pwrite64,fdatasync,fsync,ftruncate,unlink,rename,link", when)
        world.bot.COMMAND = (
            "strace",
            "-D",
            "-f",
            "-qq",
            "-o",
            os.devnull,
            *inject,
            *BotProcess.COMMAND,
        )
        try:
            await world.bot.start()
        except StartError:
            points += 1
        else:
            await world.bot.kill()
            break
        world.bot.COMMAND = BotProcess.COMMAND
        await world.bot.start()
        assert world.count("PRAGMA quick_check") == "ok"
        assert world.count("SELECT count(*) FROM chats") in {0, 1}
        await world.bot.stop()
    assert points
    log.info("%s: %d kills at the start", leave.__name__, points)
