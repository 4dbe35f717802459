"""Somebody has the files of the bot, or can write in them: nothing is read, nothing believed."""

import asyncio
import base64
import shutil
import sqlite3
import stat
from contextlib import closing

import pytest

from storage import TamperedError, back_up, open_store
from storage.sealed import SEALED
from tests.test_rotation import ADDRESS, API_KEY, OLD, fill

SECRETS = (f"{API_KEY}-1", f"{API_KEY}-2", '"query"', "Olga", "Vera", "a note", "Profit")


def shapes(secret: str) -> dict[str, bytes]:
    raw = secret.encode()
    found = {"raw": raw, "hex": raw.hex().encode(), "utf-16": secret.encode("utf-16-le")}
    for offset in range(3):
        found[f"base64 {offset}"] = base64.b64encode(b"\0" * offset + raw)[4:-4]
    return {name: shape for name, shape in found.items() if len(shape) > 3}


@pytest.fixture
async def stolen(tmp_path):
    """The files of a bot that is still running, and a backup of them, in a folder of their own."""
    folder = tmp_path / "data"
    await fill(folder / "bot.db", [OLD], count=2)
    store = await open_store(folder / "bot.db", keys=[OLD])
    await store.chats.link(-3, address=ADDRESS, key=f"{API_KEY}-2", user_id=7)
    await asyncio.to_thread(back_up, folder / "bot.db", folder / "backup.db")
    yield folder
    await store.close()


async def test_a_thief_of_the_files_and_of_a_backup_reads_nothing(stolen):
    files = {file.name: file.read_bytes() for file in stolen.iterdir()}
    found = [
        (name, secret, shape)
        for name, content in files.items()
        for secret in SECRETS
        for shape, needle in shapes(secret).items()
        if needle in content
    ]

    assert {"bot.db", "bot.db-wal", "backup.db"} <= files.keys()
    assert found == []


async def test_nobody_else_on_the_machine_may_look(stolen):
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in stolen.iterdir()}

    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(stolen.stat().st_mode) == 0o700


READS = {
    "trackers": lambda store: store.chats.linked(-1),
    "links": lambda store: store.chats.linked(-1),
    "journal": lambda store: store.journal.entry("u1"),
    "questions": lambda store: store.questions.asked(-1, 8),
    "shown_reports": lambda store: store.shown.get(-1, 1),
    "inbox": lambda store: store.inbox.owed(),
    "outbox": lambda store: store.outbox.owed(),
    "plans": lambda store: store.plans.withdraw(chat_id=-1, user_id=7, kinds={"update"}),
    "members": lambda store: store.people.members(-1),
    "saved_reports": lambda store: store.saved.all(-1),
    "schedules": lambda store: store.schedules.of_chat(-1),
}
# Where many are read at once, what was altered is left out, and the others are not held up.
LEFT_OUT = {"inbox", "outbox", "saved_reports", "schedules"}


def edit(path, sql, *parameters):
    with closing(sqlite3.connect(path)) as db, db:
        return db.execute(sql, parameters).fetchall()


async def read(path, table):
    """Return what is read of the first row, and of others where several are read at once."""
    store = await open_store(path, keys=[OLD])
    try:
        return await READS[table](store)
    except TamperedError:
        return "refused"
    finally:
        await store.close()


@pytest.mark.parametrize(("table", "column"), sorted(set(SEALED) - {("meta", "value")}))
async def test_a_value_that_was_altered_or_swapped_is_never_believed(tmp_path, table, column):
    await fill(tmp_path / "bot.db", [OLD], count=2)
    select = f"SELECT {column} FROM {table}"  # noqa: S608 - our own names
    values = [value for (value,) in edit(tmp_path / "bot.db", select)]
    # A flipped byte of the head names another key, and the bot does not start.
    places = range(9, len(values[0]), max(1, len(values[0]) // 8))
    flips = [
        (value, value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :])
        for value in values
        for place in places
    ]
    found = []
    for number, (value, altered) in enumerate([tuple(values), tuple(values[::-1]), *flips]):
        path = tmp_path / f"{number}.db"
        shutil.copy(tmp_path / "bot.db", path)
        edit(path, f"UPDATE {table} SET {column} = ? WHERE {column} = ?", altered, value)  # noqa: S608 - our own names
        found.append(await read(path, table))
    right = await read(tmp_path / "bot.db", table)

    assert right not in ("refused", None, [])
    # Each row is read in half of the cases, and where many are read at once, in all of them.
    assert sum(one != right for one in found) >= len(found) // 2
    assert all(
        one in ("refused", right) or table in LEFT_OUT | {"plans", "members"} for one in found
    )
    if table in LEFT_OUT:
        assert "refused" not in found


async def test_a_link_cannot_be_bent_to_the_tracker_of_another_chat(tmp_path):
    path = tmp_path / "bot.db"
    await fill(path, [OLD], count=2)
    edit(path, "UPDATE links SET tracker_id = 2 WHERE chat_id = -1")
    store = await open_store(path, keys=[OLD])
    with pytest.raises(TamperedError):
        await store.chats.linked(-1)
    moved = await store.chats.migrate(-1, -1001)
    with pytest.raises(TamperedError):
        await store.chats.linked(-1001)
    other = await store.chats.linked(-2)
    again = await store.chats.link(-1001, address=ADDRESS, key=f"{API_KEY}-1", user_id=7)
    await store.close()

    assert moved == "moved"
    assert (other.key.get_secret_value(), again.key.get_secret_value()) == (
        f"{API_KEY}-2",
        f"{API_KEY}-1",
    )


async def test_a_seal_that_was_taken_away_is_not_made_again(tmp_path):
    """Links of an older version are sealed once; who takes the seals away gains nothing."""
    path = tmp_path / "bot.db"
    await fill(path, [OLD], count=2)
    edit(path, "UPDATE links SET seal = NULL, tracker_id = 2")
    store = await open_store(path, keys=[OLD])
    with pytest.raises(TamperedError):
        await store.chats.linked(-1)
    await store.close()
