"""A copy is made while the bot works, and is put back without doing anything again."""

import asyncio
import json
import sqlite3
import stat
import time
from contextlib import closing

import pytest

from bot.cli import main
from sandbox.process import secret_key
from storage import (
    AlreadyRunningError,
    OwedAnswer,
    SecretKeyError,
    StorageError,
    back_up,
    open_store,
    parse_keys,
    restore,
)
from tests.test_rotation import API_KEY, NEW, OLD, fill, settings  # noqa: F401 - a fixture
from tests.world import KEY, World, world_in


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "bot.db"


async def test_a_copy_is_whole_although_others_write(path):
    store = await open_store(path, keys=[OLD])
    numbers = iter(range(1, 10**6))
    is_over = asyncio.Event()

    async def write() -> int:
        last = 0
        while not is_over.is_set():
            last = next(numbers)
            await store.inbox.put(last, json.dumps({"update_id": last}))
        return last

    await store.inbox.put(next(numbers), "{}")
    writers = [asyncio.create_task(write()) for _ in range(4)]
    copies = []
    for number in range(5):
        copies.append(path.with_name(f"copy{number}.db"))
        await asyncio.to_thread(back_up, path, copies[-1])
    is_over.set()
    await asyncio.gather(*writers)
    await store.close()

    counts = []
    for copy in copies:
        with closing(sqlite3.connect(copy)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = [number for (number,) in db.execute("SELECT update_id FROM inbox ORDER BY 1")]
        # Nothing that was written before is missing: at most what four were just writing.
        assert len(rows) >= rows[-1] - 4
        counts.append(len(rows))
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert counts == sorted(counts)
    assert sorted(file.name for file in path.parent.iterdir()) == sorted(
        ["bot.db", "bot.db.lock", *(copy.name for copy in copies)]
    )


async def test_no_file_is_ever_overwritten(path):
    await fill(path, [OLD])
    target = path.with_name("notes.txt")
    target.write_text("mine")
    with pytest.raises(StorageError, match="it is there already"):
        await asyncio.to_thread(back_up, path, target)

    assert target.read_text() == "mine"
    assert not list(path.parent.glob("*.new"))


async def test_a_copy_takes_the_place_of_what_came_after(path):
    await fill(path, [OLD], count=2)
    copy = path.with_name("copy.db")
    await asyncio.to_thread(back_up, path, copy)
    store = await open_store(path, keys=[OLD])
    await store.chats.unlink(-1)
    await store.close()
    restored = await asyncio.to_thread(restore, path, copy, keys=[OLD])
    store = await open_store(path, keys=[OLD])
    link = await store.chats.linked(-1)
    owed = (await store.inbox.owed(), await store.outbox.owed())
    question = await store.questions.asked(-1, 8)
    await store.close()
    before = await open_store(restored.aside, keys=[OLD])
    unlinked = await before.chats.linked(-1)
    await before.close()

    assert (link.key.get_secret_value(), unlinked) == (f"{API_KEY}-1", None)
    assert (owed, question) == (([], []), None)
    assert [one.update_id for one in restored.left] == [1, 2]
    assert (restored.answers, restored.plans) == (2, 2)
    assert copy.exists()


async def test_what_fell_due_since_does_not_come_once_more(path):
    store = await open_store(path, keys=[OLD])
    how = {"thread_id": None, "rule": "day 9 0", "time_zone": "UTC", "body": {}}
    await store.schedules.add(-1, 7, **how, next_at=1.0)
    await store.close()
    copy = path.with_name("copy.db")
    await asyncio.to_thread(back_up, path, copy)
    await asyncio.to_thread(restore, path, copy, keys=[OLD])
    store = await open_store(path, keys=[OLD])
    [due] = await store.schedules.due(most=9)
    now = time.time()
    await store.close()

    # What is due in a time that cannot be is reckoned anew, and not done.
    assert due.next_at > now + 10**9


async def test_a_damaged_database_is_kept_beside_the_copy(path):
    await fill(path, [OLD])
    copy = path.with_name("copy.db")
    await asyncio.to_thread(back_up, path, copy)
    path.write_bytes(b"broken")
    path.with_name("bot.db-wal").write_bytes(b"of it")
    restored = await asyncio.to_thread(restore, path, copy, keys=[OLD])
    store = await open_store(path, keys=[OLD])
    link = await store.chats.linked(-1)
    await store.close()

    assert link.key.get_secret_value() == f"{API_KEY}-1"
    assert restored.aside.read_bytes() == b"broken"
    assert restored.aside.with_name(f"{restored.aside.name}-wal").read_bytes() == b"of it"


async def test_what_is_no_copy_of_ours_is_refused_and_nothing_touched(path):
    await fill(path, [OLD])
    copy = path.with_name("copy.db")
    await asyncio.to_thread(back_up, path, copy)
    bad = path.with_name("bad.db")
    bad.write_bytes(b"SQLite format 3\x00 and no more")
    before = path.read_bytes()

    for source, keys, error in (
        (copy, [NEW], SecretKeyError),
        (bad, [OLD], StorageError),
        (path.with_name("nowhere.db"), [OLD], StorageError),
    ):
        with pytest.raises(error):
            await asyncio.to_thread(restore, path, source, keys=keys)
    store = await open_store(path, keys=[OLD])
    with pytest.raises(AlreadyRunningError):
        await asyncio.to_thread(restore, path, copy, keys=[OLD])
    await store.close()

    assert path.read_bytes() == before


def test_the_commands_say_what_they_did_and_list_what_is_not_done(settings, path, capsys):  # noqa: F811 - the fixture
    asyncio.run(_left(path))
    settings(OLD)
    copy = path.with_name("copy.db")
    status = main(["backup", str(copy)])
    made = capsys.readouterr().out
    back = main(["restore", str(copy)])
    lines = capsys.readouterr().out.splitlines()

    assert (status, back) == (0, 0)
    assert made == f"{copy}: a copy of {path}, sealed with the same BOT_SECRET_KEY\n"
    assert lines[0].startswith(f"{path} is the copy of 20")
    assert lines[1].startswith(f"What was there before is {path}.before-")
    assert lines[2] == "Commands that were not done: 4"
    assert [line.partition("UTC  ")[2] for line in lines[3:7]] == [
        "chat -100, person 7: /stream 26 off",
        "chat 7, person 7: /link",
        "chat 7, person 7: a button",
        "chat 7, person 7: … tracker",
    ]
    assert lines[7:] == [
        "Answers that were not delivered: 1",
        "Questions that waited for a yes: 0",
        "None of this is done any more. Schedules go on with their next times.",
    ]


async def _left(path) -> None:
    store = await open_store(path, keys=[OLD])
    person = {"id": 7}
    told = (
        {"message": {"chat": {"id": -100}, "from": person, "text": "/stream 26 off"}},
        {"message": {"chat": {"id": 7}, "from": person, "text": f"/link x.example {API_KEY}"}},
        {"callback_query": {"from": person, "message": {"chat": {"id": 7}}, "data": "secret"}},
        {"message": {"chat": {"id": 7}, "from": person, "text": f"{API_KEY} tracker"}},
    )
    for number, update in enumerate(told, 1):
        await store.inbox.put(number, json.dumps({"update_id": number, **update}))
    await store.outbox.owe(OwedAnswer("u9", 7, 7, "{}"))
    await store.close()


async def test_a_restored_bot_does_nothing_again(tmp_path):
    """A command that was open in the copy never reaches the tracker, and the bot goes on."""
    async with world_in(tmp_path, World) as world:
        await world.bot.start()
        await world.link()
        gate = asyncio.Event()
        world.keitaro.fail(until=gate, method="POST")
        world.say("/stream 26 off")
        async with asyncio.timeout(10):
            while not any(one.method == "POST" for one in world.keitaro.requests):
                await asyncio.sleep(0.01)
        copy = tmp_path / "copy.db"
        await asyncio.to_thread(back_up, world.database, copy)
        await world.bot.kill()
        gate.set()
        world.keitaro.script.clear()
        keys = parse_keys(world.settings["BOT_SECRET_KEY"])
        restored = await asyncio.to_thread(restore, world.database, copy, keys=keys)
        asked = len(world.keitaro.requests)
        await world.bot.start()
        answer = await world.ask("/streams 1")
        posts = [one for one in world.keitaro.requests[asked:] if one.method == "POST"]

        assert len(restored.left) == 1
        assert posts == []
        assert answer.startswith("✅")
        assert KEY not in world.bot.output


def test_a_key_of_another_bot_does_not_open_a_copy(settings, path, capfd):  # noqa: F811 - the fixture
    asyncio.run(fill(path, [OLD]))
    settings(OLD)
    copy = path.with_name("copy.db")
    assert main(["backup", str(copy)]) == 0
    settings(*parse_keys(secret_key()))
    status = main(["restore", str(copy)])

    assert status == 2
    assert capfd.readouterr().err == "BOT_SECRET_KEY is wrong: it does not open the database\n"
