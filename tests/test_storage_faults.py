"""What the memory does when the disk or another program is in its way."""

import asyncio
import os
import shutil
import sqlite3
import struct
import sys
from contextlib import closing

import pytest

from storage import (
    DamagedError,
    DiskError,
    DiskFullError,
    LockedError,
    StorageError,
    Vault,
    open_store,
)
from storage.database import Connection
from storage.errors import translated

KEY = b"k" * 32
FILES = ("", "-wal", "-shm")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "bot.db"


@pytest.fixture
async def killed(path, tmp_path):
    """Leave a database as a process leaves it that is killed with three owners in its log."""
    store = await open_store(path, keys=[KEY])
    for user_id in (7, 8, 9):
        await store.people.add_owner(user_id)
    left = tmp_path / "killed" / "bot.db"
    left.parent.mkdir()
    for suffix in FILES:
        shutil.copy(f"{path}{suffix}", f"{left}{suffix}")
    await store.close()
    return left


def contents(path):
    return {
        file.name: file.read_bytes() for file in path.parent.iterdir() if "lock" not in file.name
    }


async def owners(path):
    store = await open_store(path, keys=[KEY])
    try:
        return await store.people.owners()
    finally:
        await store.close()


async def test_a_log_without_its_index_is_read(killed):
    killed.with_name("bot.db-shm").unlink()

    assert await owners(killed) == {7, 8, 9}


@pytest.mark.parametrize("left_bytes", [40, 5000, -1])
async def test_a_log_that_was_cut_is_refused_and_left_as_it_is(killed, left_bytes):
    """SQLite alone would go on without what stood behind the cut."""
    log = killed.with_name("bot.db-wal")
    log.write_bytes(log.read_bytes()[:left_bytes])
    before = contents(killed)

    with pytest.raises(DamagedError, match=r"bot\.db-wal: the end of the log is missing"):
        await owners(killed)
    assert contents(killed) == before


async def test_a_cut_log_without_its_index_is_read_as_far_as_it_goes(killed):
    """Then nobody can tell it from a log that was not written further."""
    log = killed.with_name("bot.db-wal")
    log.write_bytes(log.read_bytes()[:-1])
    killed.with_name("bot.db-shm").unlink()

    assert await owners(killed) == {7, 8}


def another_salt(index):
    index[32:40] = b"x" * 8


def another_version(index):
    index[:4] = b"x" * 4


def not_ready(index):
    index[12] = 0


def all_copied(index):
    index[96:100] = struct.pack("=I", 100)


def half(index):
    del index[50:]


@pytest.mark.parametrize("change", [another_salt, another_version, not_ready, all_copied, half])
async def test_an_index_that_says_nothing_about_this_log_is_no_obstacle(killed, change):
    log, index = killed.with_name("bot.db-wal"), killed.with_name("bot.db-shm")
    log.write_bytes(log.read_bytes()[:-1])
    content = bytearray(index.read_bytes())
    change(content)
    index.write_bytes(content)

    assert await owners(killed) == {7, 8}


async def test_a_lock_that_passes_is_waited_for(path):
    connection = await Connection.open(path, Vault([KEY]))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(connection.run(lambda db: db.execute("DELETE FROM owners")))
        done, _ = await asyncio.wait({writing}, timeout=1.2)
        other.execute("ROLLBACK")
    await writing
    await connection.close()

    assert not done
    assert connection.failure is None


async def test_a_lock_that_stays_is_the_end_of_it(path):
    """What comes behind it does not wait, too, and does not even try."""
    connection = await Connection.open(path, Vault([KEY]), busy_seconds=0.6)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockedError):
            await connection.run(lambda db: db.execute("DELETE FROM owners"))
    with pytest.raises(LockedError):
        await connection.run(lambda db: db.execute("DELETE FROM owners"))
    await connection.close()

    assert connection.failed.is_set()
    assert isinstance(connection.failure, LockedError)


async def test_closing_does_not_wait_for_a_lock(path):
    connection = await Connection.open(path, Vault([KEY]), busy_seconds=60.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(connection.run(lambda db: db.execute("DELETE FROM owners")))
        await asyncio.sleep(0.1)
        await asyncio.wait_for(connection.close(), 5)

    with pytest.raises(LockedError):
        await writing


async def test_a_database_that_is_locked_at_the_start_is_waited_for(killed):
    with closing(sqlite3.connect(killed, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        opening = asyncio.create_task(Connection.open(killed, Vault([KEY]), busy_seconds=0.6))
        with pytest.raises(LockedError):
            await opening
        opening = asyncio.create_task(Connection.open(killed, Vault([KEY])))
        done, _ = await asyncio.wait({opening}, timeout=0.7)
        other.execute("ROLLBACK")
    await (await opening).close()

    assert not done


async def test_no_space_leaves_all_undone_and_is_no_end(path):
    """SQLite says so itself here, at a size it is told not to exceed."""
    connection = await Connection.open(path, Vault([KEY]))

    def fill(db):
        with db.atomic():
            db.execute("INSERT INTO owners VALUES (7, 0)")
            db.execute("INSERT INTO meta VALUES ('large', zeroblob(1000000))")

    await connection.run(lambda db: db.execute("PRAGMA max_page_count = 1"))
    with pytest.raises(DiskFullError):
        await connection.run(fill)
    is_failed = connection.failed.is_set()
    await connection.run(lambda db: db.execute("PRAGMA max_page_count = 100000"))
    before = await connection.run(lambda db: db["owners"].count)
    await connection.run(fill)
    after = await connection.run(lambda db: db["owners"].count)
    await connection.close()

    assert (is_failed, before, after) == (False, 0, 1)


async def test_damage_found_at_work_is_the_end_of_it(path):
    store = await open_store(path, keys=[KEY])
    for number in range(300):
        await store.inbox.put(number, "x" * 2000)
    await store.close()
    content = path.read_bytes()
    store = await open_store(path, keys=[KEY])
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    with pytest.raises(DamagedError):
        await store.inbox.owed()
    with pytest.raises(DamagedError):
        await store.people.owners()
    await store.close()

    assert store.connection.failed.is_set()


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (OSError(28, "No space left on device"), DiskFullError),
        (OSError(122, "Disk quota exceeded"), DiskFullError),
        (OSError(5, "Input/output error"), DiskError),
        (OSError(13, "Permission denied"), StorageError),
        (OverflowError("too large"), StorageError),
        (sqlite3.ProgrammingError("closed"), StorageError),
    ],
)
def test_what_the_system_says_is_told_apart(error, ours, path):
    with pytest.raises(StorageError) as caught, translated(path):
        raise error

    assert type(caught.value) is ours


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may write what nobody may")
async def test_rights_are_taken_from_others_and_not_given_to_us(killed):
    killed.chmod(0o444)

    assert await owners(killed) == {7, 8, 9}
    assert killed.stat().st_mode & 0o777 == 0o400


MIGRATION = """
import asyncio, os, signal, sys
from storage import migrations, open_store

def m999_die(db):
    db.execute("CREATE TABLE half (x)")
    db.execute("INSERT INTO half VALUES (zeroblob(10000000))")
    os.kill(os.getpid(), signal.SIGKILL)

migrations.STEPS = (*migrations.STEPS, m999_die)
asyncio.run(open_store(sys.argv[1], keys=[b"k" * 32]))
"""


async def test_a_process_that_is_killed_in_a_migration_leaves_the_one_before(killed):
    """The new step has written more than fits in memory by then; the old version goes on."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATION, str(killed))

    assert await process.wait() == -9
    assert await owners(killed) == {7, 8, 9}
    with closing(sqlite3.connect(killed)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert "half" not in tables
