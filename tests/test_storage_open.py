"""Opening the database, and the key it takes."""

import os
from pathlib import Path

import pytest

from storage import SecretKeyError, StorageError, open_store

KEY, OTHER = b"k" * 32, b"o" * 32


def files(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file but the lock, with its bytes and the time it was written."""
    return {
        file.name: (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(directory.iterdir())
        if file.suffix != ".lock"
    }


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


async def test_what_is_remembered_is_there_after_a_restart(used):
    store = await open_store(str(used), keys=[KEY])
    link = await store.chats.linked(1)
    await store.close()

    assert link is not None
    assert (link.address, link.key.get_secret_value()) == (
        "https://tracker.example",
        "fake-key-1111",
    )


async def test_files_are_for_their_owner_alone(path):
    before = os.umask(0)
    try:
        store = await open_store(path, keys=[KEY])
        await store.people.add_owner(7)
    finally:
        os.umask(before)
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    await store.close()

    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert modes == dict.fromkeys(("bot.db", "bot.db-wal", "bot.db-shm", "bot.db.lock"), 0o600)


async def test_a_mode_that_was_loosened_is_tightened(used):
    used.chmod(0o644)
    store = await open_store(used, keys=[KEY])
    await store.close()

    assert used.stat().st_mode & 0o777 == 0o600


async def test_the_connection_is_set_up_for_durability_and_forgetting(path):
    store = await open_store(path, keys=[KEY])
    names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
    settings = await store.connection.run(
        lambda db: [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    )
    await store.close()

    assert settings == ["wal", 2, 1, 1, 500]


async def test_closing_twice_is_harmless_and_nothing_runs_afterwards(path):
    store = await open_store(path, keys=[KEY])
    await store.close()
    await store.close()

    with pytest.raises(StorageError, match=r"bot\.db: the database is closed"):
        await store.people.owners()
    assert sorted(file.name for file in path.parent.iterdir()) == ["bot.db", "bot.db.lock"]


async def test_without_a_key_not_even_the_directory_is_made(path):
    with pytest.raises(SecretKeyError) as caught:
        await open_store(path, keys=())

    assert caught.value.reason == "missing"
    assert not path.parent.exists()


async def test_without_a_key_an_existing_database_is_left_alone(used):
    before = files(used.parent)

    with pytest.raises(SecretKeyError):
        await open_store(used, keys=())
    assert files(used.parent) == before


async def test_a_wrong_key_is_refused_and_nothing_touched(used):
    before = files(used.parent)

    with pytest.raises(SecretKeyError) as caught:
        await open_store(used, keys=[OTHER])
    assert caught.value.reason == "wrong"
    assert files(used.parent) == before


async def test_a_new_key_in_front_of_the_old_one_opens_everything(used):
    store = await open_store(used, keys=[OTHER, KEY])
    link = await store.chats.linked(1)
    await store.close()

    assert link is not None
    assert link.key.get_secret_value() == "fake-key-1111"


async def test_a_key_that_seals_only_some_rows_is_still_needed(used):
    """The canary is sealed with the old key, the second link with the new one."""
    store = await open_store(used, keys=[OTHER, KEY])
    await store.chats.link(2, address="https://tracker.example", key="fake-key-2222", user_id=7)
    await store.close()
    before = files(used.parent)

    for keys in ([KEY], [OTHER]):
        with pytest.raises(SecretKeyError) as caught:
            await open_store(used, keys=keys)
        assert caught.value.reason == "wrong"
    assert files(used.parent) == before


@pytest.mark.parametrize("chat_id", [2**63, -(2**63) - 1])
async def test_a_number_that_does_not_fit_is_an_error_of_ours(path, chat_id):
    store = await open_store(path, keys=[KEY])

    with pytest.raises(StorageError):
        await store.chats.get(chat_id)
    await store.close()


async def test_a_text_that_does_not_fit_is_an_error_of_ours(path):
    store = await open_store(path, keys=[KEY])

    with pytest.raises(StorageError):
        await store.chats.set_language(1, "\ud800")
    with pytest.raises(StorageError):
        await store.chats.link(1, address="https://tracker.example", key="\ud800", user_id=7)
    assert await store.chats.linked(1) is None
    await store.close()


async def test_the_bot_is_remembered(path):
    store = await open_store(path, keys=[KEY])
    first = await store.meta.bot_id()
    await store.meta.remember_bot_id(123456789)
    await store.meta.remember_bot_id(987654321)
    second = await store.meta.bot_id()
    await store.close()

    assert (first, second) == (None, 987654321)
