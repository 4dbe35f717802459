"""The real bot process on an ill disk, with too little of everything, and told to stop."""

import asyncio
import contextlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
from telegram import Update

from bot.alone import Alone
from bot.app import assembled
from handlers import SERVICES
from handlers.letter import Letter
from handlers.render.page import Page
from sandbox.process import BotProcess, environment, running
from storage import OwedAnswer, open_store, parse_keys
from tests.tracing import needs_strace, traced
from tests.world import KEY, World, world_in

HOOK_SECRET = "fake-webhook-secret-0123456789-abcdef"
MIB = 1024 * 1024
NO_SPACE = ("-e", "trace=pwrite64,pwritev", "-e", "inject=pwrite64,pwritev:error=ENOSPC")
NO_SYNC = ("-e", "trace=fdatasync,fsync,pwrite64", "-e", "inject=fdatasync:error=EIO:when=1")


@dataclass
class Tried(World):
    """A world in which the process and its machine are made ill."""

    ANSWER_SECONDS: ClassVar[float] = 20.0

    async def ended(self, *, seconds: float = 20.0) -> int:
        return await asyncio.wait_for(self.bot.wait(), seconds)

    async def stopped(self, *signals: int) -> tuple[int, float]:
        """Send *signals*, and return the exit status and how long it took."""
        began = time.monotonic()
        for number in signals:
            os.kill(self.bot.pid, number)
            await asyncio.sleep(0.05)
        return await self.ended(), time.monotonic() - began

    async def at_the_tracker(self, path: str) -> None:
        while not any(request.path == path for request in self.keitaro.requests):
            await asyncio.sleep(0.01)

    async def taken(self) -> None:
        """Wait until Telegram has nothing left for the bot."""
        await self.telegram.settled(lambda telegram: not len(telegram.updates))

    def warnings(self) -> list[str]:
        return [line for line in self.bot.output.splitlines() if not line.startswith("ready:")]


@pytest.fixture
async def quiet(tmp_path):
    """Both servers, and a bot that has not been started."""
    async with world_in(tmp_path, Tried) as world:
        yield world


@pytest.fixture
async def world(quiet):
    """The same with a bot that runs and is linked."""
    await quiet.bot.start()
    await quiet.link()
    await quiet.all_done()
    return quiet


@contextlib.asynccontextmanager
async def interfered(world, *options: str):
    """Have strace interfere with the running bot; what it saw is in the file."""
    out = world.bot.folder / "strace.log"
    async with traced(world.bot.pid, *options, out=out):
        yield out


# No space, no disk.


@needs_strace
async def test_a_full_disk_acknowledges_nothing_and_is_waited_for(world):
    async with interfered(world, *NO_SPACE) as out:
        said = world.say("/stream 12 off")
        while out.read_text().count("ENOSPC") < 3:
            await asyncio.sleep(0.05)
        waiting, lines = len(world.telegram.updates), world.warnings()
    answer = await world.answer_to(said)

    assert (waiting, len(lines)) == (1, 1)
    assert lines[0].endswith(f"not stored: {world.database}: database or disk is full")
    assert answer.startswith("✅ Stream 12 is off")
    assert len(world.keitaro.mutations) == 1


@needs_strace
async def test_a_webhook_on_a_full_disk_answers_500(quiet):
    world = quiet
    async with serving_hook(world) as hook:
        async with interfered(world, *NO_SPACE):
            refused = [await hook(update(world, 1)) for _ in range(3)]
        taken = await hook(update(world, 1))

    assert (refused, taken) == ([500, 500, 500], 200)
    assert world.count("SELECT count(*) FROM inbox") == 1
    assert len(world.warnings()) == 1


@needs_strace
async def test_a_change_that_cannot_be_noted_is_not_sent(world):
    """It is made once there is room, by the process that is started then."""
    gate = world.telegram.hold("sendMessage")
    said = world.say("/stream 12 off")
    while world.telegram.faults.queue:
        await asyncio.sleep(0.01)
    async with interfered(world, *NO_SPACE):
        gate.set()
        status = await world.ended()
    sent = len(world.keitaro.mutations)
    lines = [line for line in world.warnings() if "bot.run" in line]
    await world.bot.start()
    answer = await world.answer_to(said)

    assert (status, sent) == (1, 0)
    assert len(lines) == 1
    assert lines[0].endswith(f"{world.database}: database or disk is full")
    assert answer.startswith("✅ Stream 12 is off")
    assert len(world.keitaro.mutations) == 1
    assert not any("disk" in text for text in world.answers())


async def test_a_file_that_may_not_grow_ends_the_process_with_one_line(world):
    resource.prlimit(world.bot.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    said = world.say("/stream 12 off")
    status = await world.ended()
    waiting, sent = len(world.telegram.updates), len(world.keitaro.mutations)
    lines = [line for line in world.warnings() if "ERROR" in line]
    await world.bot.start()
    answer = await world.answer_to(said)

    assert (status, waiting, sent) == (1, 1, 0)
    assert [line.partition("bot.run: ")[2] for line in lines] == [
        f"{world.database}: disk I/O error; the disk has failed: look at it, then start the bot again"
    ]
    assert answer.startswith("✅ Stream 12 is off")


async def test_a_start_without_room_fails_with_one_line(quiet):
    quiet.bot.COMMAND = ("sh", "-c", 'ulimit -f 2; exec "$@"', "sh", *BotProcess.COMMAND)

    status, output = await command(quiet)

    assert status == 1
    # What measures coverage finds no room either, and says so at length afterwards.
    assert f"{quiet.database}: disk I/O error; the disk has failed" in output.split("\n")[0]


@needs_strace
async def test_a_sync_that_fails_is_not_tried_again(world):
    """The second one would succeed, and what the first one has lost would be taken for safe."""
    async with interfered(world, *NO_SYNC) as out:
        said = world.say("/help")
        status = await world.ended()
    waiting = len(world.telegram.updates)
    calls = [line.split()[2].partition("(")[0] for line in out.read_text().splitlines()]
    failed_at = next(i for i, line in enumerate(out.read_text().splitlines()) if "EIO" in line)
    await world.bot.start()

    assert (status, waiting) == (1, 1)
    assert calls[failed_at:] == ["fdatasync"]
    assert "the disk has failed: look at it" in world.bot.output
    assert await world.answer_to(said)


@needs_strace
async def test_an_update_is_synced_before_it_is_acknowledged(world):
    watch = ("-e", "trace=fdatasync,sendto,recvfrom", "-e", "signal=none")
    async with interfered(world, *watch) as out:
        await world.ask("/help")
        await world.taken()
        lines = out.read_text().splitlines()
    got_id = world.telegram.updates.all[-1]["update_id"]
    came = next(i for i, line in enumerate(lines) if re.search(rf"update_id\W+{got_id}\b", line))
    acknowledged = next(i for i, line in enumerate(lines) if f"offset={got_id + 1}" in line)
    synced = [i for i, line in enumerate(lines) if "fdatasync" in line and line.endswith("= 0")]

    assert came < synced[0] < acknowledged


# Another program, another process.


@contextlib.contextmanager
def locked(world):
    with contextlib.closing(sqlite3.connect(world.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


async def test_a_lock_that_passes_is_not_noticed(world):
    with locked(world):
        said = world.say("/help")
        await asyncio.sleep(3)
        before = len(world.answers())
    await world.answer_to(said)

    assert (before, len(world.answers())) == (1, 2)
    assert world.warnings() == []


async def test_a_lock_that_stays_ends_the_process_with_one_line(world):
    with locked(world):
        said = world.say("/help")
        status = await world.ended(seconds=60)
    lines = [line for line in world.warnings() if "ERROR" in line]
    await world.bot.start()
    await world.answer_to(said)

    assert status == 1
    assert len(lines) == 1
    assert lines[0].endswith(
        f"bot.run: {world.database}: database is locked; another program holds it: end that one, "
        "then start the bot again"
    )
    assert not any("locked" in text for text in world.answers())


async def test_a_second_process_ends_at_once_and_the_next_may_start(world):
    began = time.monotonic()
    status, output = await command(world)
    seconds = time.monotonic() - began
    await world.bot.kill()
    await world.bot.start()

    assert (status, seconds < 5) == (2, True)
    assert output.count("\n") == 1
    assert "already in use by process" in output


async def test_two_bots_with_one_token_make_no_change_twice(world, tmp_path):
    """Both may be handed the same update; neither makes a change before the other one is gone."""
    second = {**world.settings, "BOT_DATABASE": str(tmp_path / "second" / "bot.db")}
    await link_behind_its_back(second, world.address, world.owner)
    (tmp_path / "there").mkdir()
    async with running(second, tmp_path / "there") as other:
        while "terminated by other getUpdates request" not in world.bot.output + other.output:
            await asyncio.sleep(0.05)
        for number in range(12):
            world.say(creation(f"c{number}"))
            await asyncio.sleep(0.1)
        await world.taken()
        meanwhile = len(world.keitaro.mutations)
        await asyncio.gather(other.kill(), world.bot.kill())
    await world.bot.start()
    await world.all_done()
    made = Counter(request.body["name"] for request in world.keitaro.mutations)
    taken = world.count("SELECT count(*) FROM journal")

    assert meanwhile == 0
    assert set(made.values()) <= {1}
    assert len(made) == taken
    assert len(world.warnings()) <= 2


async def test_a_change_waits_until_nobody_else_polls():
    """The clock of this test goes a hundred times as fast as others."""
    alone = Alone(clock=lambda: time.monotonic() * 100)
    began = time.monotonic()
    await alone.certain()
    before = time.monotonic() - began
    alone.polls()
    alone.answered(200)
    alone.answered(409)
    await alone.certain()
    after = time.monotonic() - began

    assert after - before >= 0.39


# A database that is not sound.


def break_header(path):
    path.write_bytes(b"Sqlite" + path.read_bytes()[6:])


def flip_a_page(path):
    content = bytearray(path.read_bytes())
    content[4096] ^= 0xFF
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def cut_the_log(path):
    log = path.with_name("bot.db-wal")
    log.write_bytes(log.read_bytes()[:-1])


def lose_the_database(path):
    path.unlink()


def come_from_tomorrow(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('keitaro_bot', 'm999_from_tomorrow', '')"
        )
        database.commit()


DAMAGE = {
    break_header: "not a database; it was left as it is: put a good copy in its place",
    flip_a_page: "put a good copy in its place",
    empty: "not a database; it was left as it is: put a good copy in its place",
    cut_the_log: "bot.db-wal: the end of the log is missing",
    lose_the_database: "the database is gone, but bot.db-wal is there",
    come_from_tomorrow: "m999_from_tomorrow); it was left as it is: start that version",
}


async def test_what_is_not_sound_is_not_started_and_left_as_it_is(world, tmp_path):
    await world.bot.kill()
    folders = [world.database.parent]
    for damage in DAMAGE:
        folders.append(tmp_path / damage.__name__)
        shutil.copytree(world.database.parent, folders[-1])
        damage(folders[-1] / "bot.db")
    before = [contents(folder) for folder in folders[1:]]
    found = await asyncio.gather(*(start_in(world, folder) for folder in folders[1:]))

    for folder, words, (status, output) in zip(folders[1:], DAMAGE.values(), found, strict=True):
        assert (status, output.count("\n")) == (2, 1), output
        assert output.startswith(str(folder / "bot.db"))
        assert words in output
    assert [contents(folder) for folder in folders[1:]] == before


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix != ".lock"}


async def start_in(world, folder, **settings):
    return await command(world, BOT_DATABASE=str(folder / "bot.db"), **settings)


async def test_what_may_not_be_written_is_not_started(world, tmp_path):
    """The rights hold for root, too, once it has given up to be above them."""
    await world.bot.kill()
    drop = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("setpriv is not installed")
        world.bot.COMMAND = (*drop, *BotProcess.COMMAND)
    shutil.copytree(world.database.parent, tmp_path / "file")
    (tmp_path / "file" / "bot.db").chmod(0o400)
    shutil.copytree(world.database.parent, tmp_path / "folder")
    (tmp_path / "folder").chmod(0o500)
    before = [contents(tmp_path / name) for name in ("file", "folder")]
    found = await asyncio.gather(
        start_in(world, tmp_path / "file"),
        start_in(world, tmp_path / "folder"),
        start_in(world, Path("/proc/nowhere")),
    )
    (tmp_path / "folder").chmod(0o700)

    for place, (status, output) in zip(("file", "folder", "/proc"), found, strict=True):
        assert (status, output.count("\n")) == (2, 1), output
        assert place in output
    assert [contents(tmp_path / name) for name in ("file", "folder")] == before


async def test_wrong_settings_end_the_start_with_one_line_and_no_secret(quiet):
    token, key = quiet.settings["BOT_TOKEN"], quiet.settings["BOT_SECRET_KEY"]
    wrong = {
        "BOT_TOKEN (or BOT_TOKEN_FILE) is required": {"BOT_TOKEN": ""},
        "BOT_TOKEN must be the token": {"BOT_TOKEN": f"x{token}"},
        "BOT_SECRET_KEY (or BOT_SECRET_KEY_FILE) is required": {"BOT_SECRET_KEY": ""},
        "BOT_SECRET_KEY must be made by": {"BOT_SECRET_KEY": key[:-3]},
    }
    found = await asyncio.gather(*(command(quiet, **settings) for settings in wrong.values()))

    for words, (status, output) in zip(wrong, found, strict=True):
        assert (status, output.count("\n")) == (2, 1)
        assert output.startswith(words)
        assert token[-9:] not in output
        assert key[:9] not in output


async def test_a_backup_is_brought_back(world, tmp_path):
    """What was under way when it was made is looked at, and what is late is not made."""
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/12/disable", until=gate, after_effect=True)
    world.say("/stream 12 off")
    world.say("/stream 11 off")
    await world.at_the_tracker("streams/12/disable")
    await world.taken()
    copy = tmp_path / "copy.db"
    with (
        contextlib.closing(sqlite3.connect(world.database)) as database,
        contextlib.closing(sqlite3.connect(copy)) as backup,
    ):
        database.backup(backup)
        yesterday = time.time() - 86400
        backup.execute("UPDATE inbox SET got_at = ?", (yesterday,))
        backup.execute("UPDATE journal SET begun_at = ?", (yesterday,))
        backup.commit()
    gate.set()
    await world.all_done()
    await world.bot.stop()
    first, told = len(world.keitaro.mutations), world.answers()
    copy.replace(world.database)
    await world.bot.start()
    await world.all_done()
    await world.telegram.settled(lambda _: len(world.answers()) > len(told))

    assert (first, len(world.keitaro.mutations)) == (2, 2)
    assert [text for text in world.answers() if text.startswith("✅ Stream 12")] == [
        text for text in world.answers() if "\nNo clear answer came (I was restarted" in text
    ]
    assert world.answers()[-1].startswith("❌ Not run, because I was away when it came.")
    assert "/stream 11 off" in world.answers()[-1]


# Clocks.


async def test_a_process_that_was_stopped_for_a_while_goes_on(world):
    """It asks Telegram once, not for every moment it has missed, and is not ended as stuck."""
    os.kill(world.bot.pid, signal.SIGSTOP)
    said = [world.say("/help") for _ in range(3)]
    await asyncio.sleep(2)
    polls = len(polled(world))
    os.kill(world.bot.pid, signal.SIGCONT)
    for one in said:
        await world.answer_to(one)
    await world.all_done()

    assert len(world.answers()) == 4
    assert len(polled(world)) - polls <= 4
    assert world.warnings() == []


HOUR, DAY = 3600, 86400


@pytest.mark.parametrize("shift_seconds", [-HOUR, 30 * DAY])
async def test_a_clock_that_is_wrong_keeps_no_fresh_change_from_being_made(
    settings, telegram, keitaro, owner, clock, shift_seconds
):
    wires = {
        "telegram": httpx.ASGITransport(app=telegram.app),
        "tracker": httpx.ASGITransport(app=keitaro.app),
    }
    async with assembled(settings, **wires, now=lambda: clock() + shift_seconds) as (bot, _):
        await bot.initialize()
        services = bot.bot_data[SERVICES]
        home = telegram.private(owner)
        link = {"address": "https://tracker.example", "key": KEY, "user_id": owner.id}
        await services.store.chats.link(home.id, **link)
        await services.store.chats.set_confirmations(home.id, "never")
        telegram.say(owner, home, "/stream 12 off")
        for raw in telegram.updates.batch(100):
            await bot.process_update(Update.de_json(raw, bot.bot))
        await services.outbox.settled()
        await bot.shutdown()

    assert telegram.sent[-1]["text"].startswith("✅ Stream 12 is off")
    assert len(keitaro.mutations) == 1


async def test_a_clock_that_is_set_back_makes_no_answer_wait_longer(settings, telegram, owner):
    """Telegram asked for a second; by the clock of the next process that was a month ago."""
    wire = {"telegram": httpx.ASGITransport(app=telegram.app)}
    home = telegram.private(owner)
    telegram.say(owner, home, "/start")
    async with assembled(settings, **wire) as (bot, _):
        store = bot.bot_data[SERVICES].store
        letter = Letter(OwedAnswer("u1", home.id, owner.id, body=""), Page("✅ late"))
        now = time.time()
        await store.outbox.owe(replace(letter.owed, body=letter.body(), owed_at=now))
        await store.outbox.postpone("u1", due_at=now + 1, is_repeat=False)
    async with assembled(settings, **wire, now=lambda: time.time() - 30 * DAY) as (bot, _):
        await bot.initialize()
        outbox = bot.bot_data[SERVICES].outbox
        await outbox.adopt()
        await asyncio.wait_for(outbox.settled(), 20)
        await bot.shutdown()

    assert [message["text"] for message in telegram.sent] == ["✅ late"]


def polled(world):
    return [call for call in world.telegram.calls if call.method == "getUpdates"]


# Little of everything.


async def test_without_descriptors_nothing_spins_and_nothing_is_lost(quiet):
    """Each person has a tracker that no connection is open to, and that refuses the key."""
    world = quiet
    people = [world.telegram.person(f"P{number}") for number in range(10)]
    world.settings["BOT_OWNERS"] = ",".join(str(person.id) for person in people)
    await link_behind_its_back(world.settings, world.address, people[0])
    await link_behind_its_back(world.settings, world.address, *people[1:], own_key=True)
    await world.bot.start()
    first = world.telegram.say(people[0], world.telegram.private(people[0]), "/stream 12")
    await world.answer_to(first)
    limits = resource.prlimit(world.bot.pid, resource.RLIMIT_NOFILE)
    used = cpu_seconds(world.bot.pid)
    resource.prlimit(world.bot.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
    said = [
        world.telegram.say(person, world.telegram.private(person), "/stream 12")
        for person in people[1:]
    ]
    await world.taken()
    await asyncio.sleep(2)
    used = cpu_seconds(world.bot.pid) - used
    resource.prlimit(world.bot.pid, resource.RLIMIT_NOFILE, limits)
    texts = [await world.answer_to(one, seconds=30) for one in said]
    again = world.telegram.say(people[0], world.telegram.private(people[0]), "/stream 12")

    assert used < 2
    assert {text[0] for text in texts} == {"❌"}
    assert (await world.answer_to(again)).startswith("✅")
    assert len(world.warnings()) <= 2


async def link_behind_its_back(settings, address, *people, own_key=False) -> None:
    store = await open_store(settings["BOT_DATABASE"], keys=parse_keys(settings["BOT_SECRET_KEY"]))
    for person in people:
        key = f"fake-key-{person.id}" if own_key else KEY
        await store.chats.link(person.id, address=address, key=key, user_id=person.id)
    await store.close()


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_little_memory_is_told_or_ends_the_process(world):
    """Either way nothing is lost: the bot goes on, or the next process does."""
    pages = int(Path(f"/proc/{world.bot.pid}/statm").read_text().split()[0])
    size = pages * resource.getpagesize()
    large = json.dumps({"name": "x", "list": [[] for _ in range(150_000)]}).encode()
    resource.prlimit(world.bot.pid, resource.RLIMIT_AS, (size + MIB, resource.RLIM_INFINITY))
    for _ in range(3):
        world.telegram.say(world.owner, world.home, "/stream", attach=large)
    said = world.say("/help")
    try:
        await world.answer_to(said, seconds=10)
    except TimeoutError:
        assert await world.ended() != 0
        await world.bot.start()
    else:
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(world.bot.pid, resource.RLIMIT_AS, unlimited)

    await world.all_done()
    assert (await world.ask("/stream 12")).startswith("✅")


# Output.


class Piped(BotProcess):
    """A bot whose output goes somewhere else; it is ready when it polls."""

    def __init__(self, world, out: int) -> None:
        super().__init__(world.settings, world.bot.folder)
        self._world, self._out = world, out

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *self.COMMAND,
            "run",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=self._out,
            stderr=self._out,
            env=environment(self._settings),
            cwd=self.folder,
        )
        await self._world.telegram.settled(lambda telegram: telegram.is_polled, timeout_seconds=30)


def unread_pipe() -> int:
    """Return an end of a pipe that is full."""
    _, end = os.pipe()
    os.set_blocking(end, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(end, b"x" * 4096)
    os.set_blocking(end, True)
    return end


def torn_pipe() -> int:
    """Return an end of a pipe that has no other end."""
    other, end = os.pipe()
    os.close(other)
    return end


def full_disk() -> int:
    return os.open("/dev/full", os.O_WRONLY)


@pytest.mark.parametrize("out", [unread_pipe, torn_pipe, full_disk])
async def test_a_log_that_nobody_takes_stops_nothing(quiet, out):
    world = quiet
    end = out()
    world.bot = Piped(world, end)
    await world.bot.start()
    await world.link()
    for number in range(5):
        world.telegram.fail("getUpdates", status=500, description=f"trouble {number}")
    world.telegram.push({"message": {"chat": "nonsense"}})
    answer = await world.ask("/stream 12")
    status, seconds = await world.stopped(signal.SIGTERM)
    os.close(end)

    assert answer.startswith("✅")
    assert (status, seconds < 8) == (0, True)


# The end.


async def test_sigterm_with_a_hundred_commands_waiting(world):
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/11", until=gate)
    world.say("/stream 11")
    for _ in range(99):
        world.say("/help stats")
    await world.at_the_tracker("streams/11")
    await world.taken()
    asyncio.get_running_loop().call_later(0.3, gate.set)
    status, seconds = await world.stopped(signal.SIGTERM)
    before = len(world.answers())
    await world.bot.start()
    await world.all_done()

    assert (status, seconds < 8) == (0, True)
    assert (before, len(world.answers())) == (2, 101)


async def test_sigterm_twice_with_answers_waiting_for_the_pace(quiet):
    world = quiet
    world.settings["BOT_PACE"] = "telegram"
    await world.bot.start()
    await world.link()
    for _ in range(4):
        world.say("/help stats")
    await world.taken()
    status, seconds = await world.stopped(signal.SIGTERM, signal.SIGTERM)
    before = len(world.answers())
    await world.bot.start()
    await world.all_done()

    assert (status, seconds < 8) == (0, True)
    assert (before < 5, len(world.answers())) == (True, 5)


async def test_sigint_with_a_change_at_the_tracker(world):
    """The change has some seconds to come to its end."""
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/12/disable", until=gate)
    said = world.say("/stream 12 off")
    await world.at_the_tracker("streams/12/disable")
    asyncio.get_running_loop().call_later(0.5, gate.set)
    status, seconds = await world.stopped(signal.SIGINT)

    assert (status, seconds < 8) == (0, True)
    assert (await world.answer_to(said)).startswith("✅ Stream 12 is off")
    assert len(world.keitaro.mutations) == 1


async def test_sigterm_while_the_database_is_locked(world):
    with locked(world):
        said = world.say("/help")
        await asyncio.sleep(0.5)
        status, seconds = await world.stopped(signal.SIGTERM)
    await world.bot.start()

    assert (status, seconds < 8) == (0, True)
    assert await world.answer_to(said)


# A loop that stands still.

LOOP = """
import asyncio, re, signal, sys, threading, time
from bot.log import set_up_log
from handlers import Redaction
from bot.watchdog import end_within, watched

def sleep(): time.sleep(60)
def hog(): re.match("(a+)+$", "a" * 60 + "b")
def calm(): pass
def stay(): end_within(0.3, 0); time.sleep(60)

async def main():
    async with watched(1.0):
        await asyncio.sleep(0.3)
        print("ready", flush=True)
        globals()[sys.argv[1]]()
        await asyncio.sleep(float(sys.argv[2]))

set_up_log(level="INFO", style="text", redaction=Redaction())
asyncio.run(main())
"""


async def looping(how: str, seconds: float):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOOP, how, str(seconds)),
        env=environment({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert await process.stdout.readline() == b"ready\n"
    return process


async def test_a_loop_that_waits_is_ended_with_a_line_that_says_where():
    process = await looping("sleep", 0)
    _, errors = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 1
    assert re.search(
        r"^.* CRITICAL bot\.watchdog: nothing has moved for 1 seconds: sleep \(<string>:\d+\) < main ",
        errors.decode(),
    )
    assert errors.count(b"\n") == 1


async def test_a_loop_that_lets_nobody_else_in_is_ended_all_the_same():
    process = await looping("hog", 0)
    _, errors = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == -signal.SIGPROF
    assert b"in hog" in errors


async def test_a_loop_that_was_only_stopped_goes_on():
    process = await looping("calm", 1.0)
    process.send_signal(signal.SIGSTOP)
    await asyncio.sleep(2.5)
    process.send_signal(signal.SIGCONT)
    _, errors = await asyncio.wait_for(process.communicate(), 20)

    assert (process.returncode, errors) == (0, b"")


async def test_an_end_that_does_not_come_is_made():
    process = await looping("stay", 0)
    _, errors = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 0
    assert b"not stopped in time, at work in stay" in errors


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


async def command(world: World, **settings: str) -> tuple[int, str]:
    """Run a bot to its end and return its status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *world.bot.COMMAND,
        "run",
        env=environment({**world.settings, **settings}),
        cwd=world.bot.folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 40)
    return process.returncode, output.decode()


@contextlib.asynccontextmanager
async def serving_hook(world):
    """Run the bot behind a webhook, and return what brings it an update."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    world.settings |= {
        "BOT_LISTEN": f"127.0.0.1:{port}",
        "BOT_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "BOT_WEBHOOK_SECRET": HOOK_SECRET,
    }
    await world.bot.start()
    headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:

        async def bring(update) -> int:
            return (await client.post(world.telegram.webhook.url, json=update)).status_code

        yield bring


def update(world, number: int):
    person = world.owner
    return {
        "update_id": number,
        "message": {
            "message_id": 1,
            "date": int(time.time()),
            "chat": {"id": person.id, "type": "private", "first_name": person.first_name},
            "from": {"id": person.id, "is_bot": False, "first_name": person.first_name},
            "text": "/help",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        },
    }
