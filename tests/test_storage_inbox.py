"""Updates that are stored before they are acknowledged."""

import pytest

from storage import Owed, open_store

SECRET = "/link https://tracker.example fake-key-1111-2222"


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store(tmp_path, clock):
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32], now=clock)
    yield store
    await store.close()


async def test_an_update_is_owed_until_it_is_done(store, clock):
    first = await store.inbox.put(8, "eight")
    clock.seconds += 1
    second = await store.inbox.put(7, "seven")
    owed = await store.inbox.owed()
    await store.inbox.finish(8)

    assert (first, second) == (True, True)
    assert owed == [Owed(8, "eight", 1000.0, 0), Owed(7, "seven", 1001.0, 0)]
    assert await store.inbox.owed() == [Owed(7, "seven", 1001.0, 0)]


async def test_an_update_that_comes_twice_is_new_once(store):
    await store.inbox.put(7, "seven")
    again = await store.inbox.put(7, "seven")
    await store.inbox.finish(7)

    assert not again
    assert not await store.inbox.put(7, "seven")
    assert await store.inbox.owed() == []


async def test_tries_are_counted(store):
    await store.inbox.put(7, "seven")

    assert [await store.inbox.begin_again(7) for _ in range(3)] == [1, 2, 3]
    assert (await store.inbox.owed())[0].tries == 3


@pytest.mark.parametrize(
    ("fate", "is_kept"), [("done", False), ("unreadable", True), ("given_up", True)]
)
async def test_a_body_is_erased_once_nobody_needs_it(store, fate, is_kept):
    await store.inbox.put(7, SECRET)
    await store.inbox.finish(7, fate)
    row = await store.connection.run(
        lambda db: db.execute("SELECT fate, length(body) > 0 FROM inbox").fetchone()
    )

    assert row == (fate, is_kept)


async def test_what_is_set_aside_is_kept_and_not_owed(store):
    await store.inbox.set_aside(7, SECRET)
    again = await store.inbox.put(7, "seven")
    row = await store.connection.run(
        lambda db: db.execute("SELECT fate, done_at, length(body) > 0 FROM inbox").fetchall()
    )

    assert not again
    assert row == [("unreadable", 1000.0, True)]
    assert await store.inbox.owed() == []


async def test_a_key_in_a_message_is_nowhere_in_the_files(store, tmp_path):
    await store.inbox.put(7, SECRET)

    found = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"fake-key" not in found


async def test_an_altered_body_is_set_aside_and_the_others_are_handled(store):
    await store.inbox.put(7, "seven")
    await store.inbox.put(8, "eight")
    await store.connection.run(
        lambda db: db.execute(
            "UPDATE inbox SET body = (SELECT body FROM inbox WHERE update_id = 8)"
            " WHERE update_id = 7"
        ).close()
    )

    assert [(one.update_id, one.body) for one in await store.inbox.owed()] == [(8, "eight")]
    assert await store.connection.run(
        lambda db: db.execute("SELECT fate FROM inbox ORDER BY update_id").fetchall()
    ) == [("unreadable",), (None,)]


async def test_old_updates_are_forgotten_in_small_numbers(store, clock):
    for update_id in range(5):
        await store.inbox.put(update_id, "x")
    for update_id in range(4):
        await store.inbox.finish(update_id)
    clock.seconds += 100

    removed = [await store.inbox.forget(older_than_seconds=50, most=3) for _ in range(3)]

    assert removed == [3, 1, 0]
    assert [owed.update_id for owed in await store.inbox.owed()] == [4]


async def test_an_open_update_under_another_key_refuses_to_open(tmp_path):
    first = await open_store(tmp_path / "data" / "bot.db", keys=[b"k" * 32])
    await first.inbox.put(7, "seven")
    await first.close()
    both = await open_store(tmp_path / "data" / "bot.db", keys=[b"o" * 32, b"k" * 32])

    assert (await both.inbox.owed())[0].body == "seven"
    await both.close()
