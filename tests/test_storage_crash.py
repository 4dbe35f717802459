"""What a process that was killed leaves behind."""

import shutil
from pathlib import Path

import pytest

from storage import SecretKeyError, open_store

KEY, OTHER = b"k" * 32, b"o" * 32


def files(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file but the lock, with its bytes and the time it was written."""
    return {
        file.name: (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(directory.iterdir())
        if file.suffix != ".lock"
    }


def crash(path: Path, directory: Path, *, suffixes: tuple[str, ...] = ("", "-wal", "-shm")) -> Path:
    """Copy the files of an open database, as they would lie there after a power cut."""
    directory.mkdir()
    for suffix in suffixes:
        shutil.copy(f"{path}{suffix}", directory / f"bot.db{suffix}")
    return directory / "bot.db"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "bot.db"


@pytest.fixture
async def used(path):
    """Leave a database in which a chat is linked, closed again."""
    store = await open_store(path, keys=[KEY])
    await store.chats.link(1, address="https://tracker.example", key="fake-key-1111", user_id=7)
    await store.close()
    return path


@pytest.mark.parametrize("suffixes", [("", "-wal", "-shm"), ("", "-wal")])
async def test_a_wrong_key_after_a_crash_leaves_the_log_alone(used, tmp_path, suffixes):
    store = await open_store(used, keys=[KEY])
    await store.people.add_owner(7)
    path = crash(used, tmp_path / "crashed", suffixes=suffixes)
    await store.close()
    before = files(path.parent)

    with pytest.raises(SecretKeyError):
        await open_store(path, keys=[OTHER])
    assert files(path.parent) == before
    assert len(before["bot.db-wal"][0]) > 0


async def test_an_empty_log_is_no_obstacle(used):
    """A process killed just after its log was erased leaves one without a byte."""
    used.with_name("bot.db-wal").touch()
    used.with_name("bot.db-shm").write_bytes(b"stale" * 1000)
    before = files(used.parent)

    with pytest.raises(SecretKeyError):
        await open_store(used, keys=[OTHER])
    assert files(used.parent) == before

    store = await open_store(used, keys=[KEY])
    assert await store.chats.linked(1) is not None
    await store.close()


async def test_an_inspection_that_was_cut_off_is_begun_again(used, tmp_path):
    store = await open_store(used, keys=[KEY])
    path = crash(used, tmp_path / "crashed")
    await store.close()
    aside = path.with_name("bot.db.inspection")
    aside.mkdir()
    aside.joinpath("db").touch()
    store = await open_store(path, keys=[KEY])
    await store.close()

    assert not aside.exists()


@pytest.mark.parametrize("suffixes", [("", "-wal", "-shm"), ("", "-wal")])
async def test_what_was_answered_before_a_crash_is_there_after_it(used, tmp_path, suffixes):
    store = await open_store(used, keys=[KEY])
    await store.people.add_owner(7)
    path = crash(used, tmp_path / "crashed", suffixes=suffixes)
    await store.close()

    reopened = await open_store(path, keys=[KEY])
    owners = await reopened.people.owners()
    await reopened.close()

    assert owners == {7}


async def test_a_creation_that_was_cut_off_is_begun_again(path):
    path.parent.mkdir()
    for suffix in (".new", ".new-wal", ".new-shm"):
        path.with_name(path.name + suffix).write_bytes(b"half written")
    store = await open_store(path, keys=[KEY])
    owners = await store.people.owners()
    await store.close()

    assert owners == frozenset()
    assert sorted(file.name for file in path.parent.iterdir()) == ["bot.db", "bot.db.lock"]
