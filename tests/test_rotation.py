"""The master key is changed: at rest, beside a bot that runs, and by a process that is killed."""

import asyncio
import os
import signal
import sqlite3
import sys
from base64 import urlsafe_b64encode
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from sandbox.process import PROJECT, environment
from storage import (
    Change,
    OwedAnswer,
    SecretKeyError,
    StaleBotError,
    StorageError,
    open_store,
    rotate,
)
from storage.sealed import SEALED
from storage.vault import Vault

# Longer and longer, so that it is killed at many places and ends in the end.
PAUSES_SECONDS = [0.002 * 1.15**step for step in range(60)]
OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32
ADDRESS, API_KEY = "https://tracker.example", "fake-key-1111-2222"


async def fill(path: Path, keys, *, count: int = 1) -> None:
    """Have something in every sealed column."""
    store = await open_store(path, keys=keys)
    for number in range(1, count + 1):
        chat, key = -number, f"u{number}"
        await store.chats.link(chat, address=ADDRESS, key=f"{API_KEY}-{number}", user_id=7)
        await store.inbox.put(number, '{"update_id": 1}')
        change = Change(key, chat, 7, ADDRESS, "stream.update", {"id": 26}, {"id": 26}, "Olga")
        await store.journal.begin(change)
        await store.journal.end(key, "done", {"id": 26}, note="a note")
        await store.outbox.owe(OwedAnswer(key, chat, 7, '{"text": "hello"}'))
        await store.plans.make(
            "update", {"id": 26}, chat_id=chat, user_id=7, shown_by=key, seconds=600
        )
        await store.people.grant(chat, 100 + number, "viewer", granted_by=7, name="Vera")
        await store.questions.ask(chat, 8, "offer", {"id": 26}, asked_by=key)
        await store.shown.keep(chat, {"query": 1}, {"rows": []})
        await store.saved.save(chat, "Profit", {"query": 1}, user_id=7, most=9)
        await store.schedules.add(
            chat, 7, thread_id=None, rule="day 9 0", time_zone="UTC", body={"q": 1}, next_at=4e9
        )
    await store.close()


async def read_all(path: Path, keys, *, count: int = 1) -> list[object]:
    """Return what is read back, through the same verbs."""
    store = await open_store(path, keys=keys)
    found: list[object] = []
    for number in range(1, count + 1):
        chat, key = -number, f"u{number}"
        entry = await store.journal.entry(key)
        [plan] = await store.plans.withdraw(chat_id=chat, user_id=7, kinds={"update"})
        found.append(
            (
                (await store.chats.linked(chat)).key.get_secret_value(),
                (entry.change.request, entry.change.before, entry.change.person),
                (entry.answer, entry.note),
                plan.plan.body,
                [member.name for member in await store.people.members(chat)],
                (await store.questions.asked(chat, 8)).body,
                (await store.shown.get(chat, number)).answer,
                [(one.name, one.body) for one in await store.saved.all(chat)],
                [one.body for one in await store.schedules.of_chat(chat)],
                await store.saved.save(chat, "PROFIT", {}, user_id=7, most=9),
            )
        )
    found.append([one.body for one in await store.inbox.owed()])
    found.append([one.body for one in await store.outbox.owed()])
    await store.close()
    return found


def headers(path: Path) -> set[str]:
    """Return what the sealed values begin with, all columns together."""
    with closing(sqlite3.connect(path)) as db:
        found = set()
        for table, column in SEALED:
            where = " WHERE name = 'canary'" if table == "meta" else ""
            rows = db.execute(f"SELECT substr({column}, 1, 9) FROM {table}{where}").fetchall()  # noqa: S608 - our own names
            assert rows, (table, column)
            found |= {header.hex() for (header,) in rows}
    return found


def header(key: bytes) -> str:
    return Vault([key]).headers[0]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bot.db"


async def test_everything_is_sealed_with_the_new_key_and_reads_the_same(path):
    await fill(path, [OLD], count=3)
    old = sorted(value for value in _values(path))
    rotated = await asyncio.to_thread(rotate, path, [NEW, OLD])
    again = await asyncio.to_thread(rotate, path, [NEW, OLD])

    assert (rotated.sealed, rotated.altered) == (1 + 3 * (len(SEALED) - 1), 0)
    assert (again.sealed, again.altered) == (0, 0)
    assert headers(path) == {header(NEW)}
    with pytest.raises(SecretKeyError):
        await open_store(path, keys=[OLD])
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert not [value for value in old if value in content]
    assert (await read_all(path, [NEW], count=3))[0] == (
        f"{API_KEY}-1",
        ({"id": 26}, {"id": 26}, "Olga"),
        ({"id": 26}, "a note"),
        {"id": 26},
        ["Vera"],
        {"id": 26},
        {"rows": []},
        [("Profit", {"query": 1})],
        [{"q": 1}],
        "taken",
    )


def _values(path: Path) -> list[bytes]:
    with closing(sqlite3.connect(path)) as db:
        return [
            value
            for table, column in SEALED
            for (value,) in db.execute(f"SELECT {column} FROM {table}").fetchall()  # noqa: S608 - our own names
            if isinstance(value, bytes) and len(value) > 30
        ]


async def test_a_link_made_again_after_it_is_the_same_tracker(path):
    await fill(path, [OLD])
    await asyncio.to_thread(rotate, path, [NEW, OLD])
    store = await open_store(path, keys=[NEW])
    before = await store.chats.linked(-1)
    again = await store.chats.link(-9, address=ADDRESS, key=f"{API_KEY}-1", user_id=7)
    await store.close()

    assert again.tracker_id == before.tracker_id


async def test_what_a_missing_key_has_sealed_stops_it_before_anything_is_written(path):
    await fill(path, [OLD])
    before = path.read_bytes()
    with pytest.raises(SecretKeyError):
        await asyncio.to_thread(rotate, path, [NEW, OTHER])

    assert path.read_bytes() == before


async def test_beside_a_bot_that_has_both_keys(path):
    await fill(path, [OLD], count=20)
    store = await open_store(path, keys=[NEW, OLD])
    work = asyncio.create_task(asyncio.to_thread(rotate, path, [NEW, OLD]))
    number = 1000
    while not work.done():
        number += 1
        await store.inbox.put(number, "{}")
        assert (await store.chats.linked(-20)).key.get_secret_value() == f"{API_KEY}-20"
    rotated = await work
    owed = len(await store.inbox.owed())
    await store.close()

    assert rotated.altered == 0
    assert owed == 20 + number - 1000
    assert headers(path) == {header(NEW)}


async def test_beside_a_bot_that_lacks_the_new_key_it_is_refused(path):
    await fill(path, [OLD])
    store = await open_store(path, keys=[OLD])
    with pytest.raises(StaleBotError):
        await asyncio.to_thread(rotate, path, [NEW, OLD])
    await store.close()

    assert headers(path) == {header(OLD)}


async def test_an_altered_value_is_counted_and_left(path):
    await fill(path, [OLD])
    with closing(sqlite3.connect(path)) as db, db:
        [(name,)] = db.execute("SELECT name FROM members").fetchall()
        db.execute("UPDATE members SET name = ?", (name[:-1] + bytes([name[-1] ^ 1]),))
    rotated = await asyncio.to_thread(rotate, path, [NEW, OLD])

    assert (rotated.sealed, rotated.altered) == (len(SEALED) - 1, 1)


def test_a_database_that_is_not_there_is_not_made(path):
    with pytest.raises(StorageError):
        rotate(path, [NEW, OLD])

    assert list(path.parent.iterdir()) == []


# The alarm is not handled: the system ends the process where it is, as SIGKILL would.
KILLED = """
import signal
import sys
from pathlib import Path
from storage import rotate
signal.setitimer(signal.ITIMER_REAL, float(sys.argv[2]))
rotate(Path(sys.argv[1]), [b"n" * 32, b"o" * 32])
"""


async def test_killed_at_any_moment_it_goes_on_where_it_was(path):
    """Everything can be read with both keys after each kill, and with the new one in the end."""
    count = int(os.environ.get("ROTATION_ROWS", "40"))
    await fill(path, [OLD], count=count)
    expected = await read_all(path, [OLD], count=count)
    await fill_again(path, count)
    kills = 0
    for pause in PAUSES_SECONDS:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", KILLED, str(path), str(pause)),
            env=environment({}),
            cwd=PROJECT,
        )
        status = await process.wait()
        if status == 0:
            break
        assert status == -signal.SIGALRM
        kills += 1
        store = await open_store(path, keys=[NEW, OLD])
        links = [
            (await store.chats.linked(-number)).key.get_secret_value()
            for number in range(1, count + 1)
        ]
        await store.close()
        assert links == [f"{API_KEY}-{number}" for number in range(1, count + 1)]

    assert kills > 2
    assert headers(path) == {header(NEW)}
    assert await read_all(path, [NEW], count=count) == expected


async def fill_again(path: Path, count: int) -> None:
    """Open the plans again that reading has withdrawn."""
    with closing(sqlite3.connect(path)) as db, db:
        changed = db.execute("UPDATE plans SET state = 'open'").rowcount
    assert changed == count


@pytest.fixture
def settings(monkeypatch, path):
    """The environment of a command; keys in it are spelt as in the settings."""

    def spell(*keys: bytes) -> str:
        return ",".join(urlsafe_b64encode(key).decode() for key in keys)

    def set_keys(*keys: bytes) -> None:
        monkeypatch.setenv("BOT_TOKEN", "1000001:fake-token-1111")
        monkeypatch.setenv("BOT_DATABASE", str(path))
        monkeypatch.setenv("BOT_SECRET_KEY", spell(*keys))
        path.parent.mkdir(exist_ok=True)
        monkeypatch.chdir(path.parent)

    return set_keys


def test_the_command_says_what_it_did_and_what_to_do_next(settings, path, capsys):
    asyncio.run(fill(path, [OLD]))
    settings(NEW, OLD)
    status = main(["rotate-key"])
    first = capsys.readouterr().out
    again = main(["rotate-key"])

    assert (status, again) == (0, 0)
    assert first == (
        f"{len(SEALED)} values are sealed with the first key now.\n"
        "Take the other keys out of BOT_SECRET_KEY and start the bot again.\n"
    )
    assert capsys.readouterr().out.startswith("Everything was sealed with the first key already.\n")


def test_the_command_says_in_one_line_why_not(settings, path, capfd):
    asyncio.run(fill(path, [OLD]))
    settings(NEW)
    status = main(["rotate-key"])

    assert status == 2
    assert capfd.readouterr().err == ("BOT_SECRET_KEY is wrong: it does not open the database\n")
