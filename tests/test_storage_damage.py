"""What is not a sound database of ours is refused and left as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage import NewerSchemaError, StorageError, TamperedError, open_store

KEY, OTHER = b"k" * 32, b"o" * 32


def files(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file but the lock, with its bytes and the time it was written."""
    return {
        file.name: (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(directory.iterdir())
        if file.suffix != ".lock"
    }


def edit(path: Path, *statements: str) -> None:
    """Change a closed database as somebody with a shell would."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


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


def break_header(path: Path) -> None:
    path.write_bytes(b"Sqlite" + path.read_bytes()[6:])


def break_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096] ^= 0xFF
    path.write_bytes(content)


def break_schema(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100] ^= 0xFF
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def put_another_program_s_database(path: Path) -> None:
    path.unlink()
    edit(path, "CREATE TABLE notes (text TEXT)")


def lose_the_canary(path: Path) -> None:
    edit(path, "DELETE FROM meta WHERE name = 'canary'")


def swap_the_canary(path: Path) -> None:
    edit(path, "UPDATE meta SET value = (SELECT api_key FROM trackers) WHERE name = 'canary'")


def come_from_tomorrow(path: Path) -> None:
    edit(
        path,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('keitaro_bot', 'm999_from_tomorrow', '')",
    )


def remove_all_but_the_log(path: Path) -> None:
    path.rename(f"{path}-wal")


@pytest.mark.parametrize(
    ("damage", "error", "words"),
    [
        (break_header, StorageError, "not a database"),
        (empty, StorageError, "not a database"),
        (break_page, StorageError, "damaged"),
        (break_schema, StorageError, r"bot\.db: "),
        (cut_in_half, StorageError, r"bot\.db: "),
        (put_another_program_s_database, StorageError, "not a database of this bot"),
        (lose_the_canary, StorageError, r"bot\.db: the canary"),
        (swap_the_canary, TamperedError, "meta:canary"),
        (come_from_tomorrow, NewerSchemaError, "m999_from_tomorrow"),
        (remove_all_but_the_log, StorageError, "bot.db-wal is there"),
    ],
)
async def test_what_is_not_sound_is_refused_and_left_as_it_is(used, damage, error, words):
    damage(used)
    before = files(used.parent)

    with pytest.raises(error, match=words):
        await open_store(used, keys=[KEY])
    assert files(used.parent) == before


async def test_a_directory_in_place_of_the_file_is_refused(path):
    path.mkdir(parents=True)

    with pytest.raises(StorageError, match=r"bot\.db: .*directory"):
        await open_store(path, keys=[KEY])


async def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "data").write_text("a file")

    with pytest.raises(StorageError, match=r"data/bot\.db: "):
        await open_store(tmp_path / "data" / "bot.db", keys=[KEY])


async def test_the_later_migrations_are_named(used):
    come_from_tomorrow(used)

    with pytest.raises(NewerSchemaError) as caught:
        await open_store(used, keys=[KEY])
    assert caught.value.path == used
    assert caught.value.migrations == ("m999_from_tomorrow",)


async def test_steps_that_are_lacking_are_applied(used):
    edit(
        used,
        "DROP TABLE link_requests",
        "DELETE FROM _sqlite_migrations WHERE name = 'm004_create_link_requests'",
    )
    store = await open_store(used, keys=[KEY])
    pending = await store.link_tokens.pending(7)
    link = await store.chats.linked(1)
    await store.close()

    assert pending is None
    assert link is not None


async def test_a_step_that_fails_changes_nothing_and_lets_go_of_the_file(used):
    edit(
        used,
        "CREATE TABLE aside AS SELECT * FROM _sqlite_migrations",
        "DELETE FROM _sqlite_migrations WHERE name = 'm004_create_link_requests'",
    )
    before = used.read_bytes()

    with pytest.raises(StorageError, match="link_requests already exists"):
        await open_store(used, keys=[KEY])
    assert used.read_bytes() == before

    edit(used, "INSERT OR IGNORE INTO _sqlite_migrations SELECT * FROM aside")
    store = await open_store(used, keys=[KEY])
    await store.close()
