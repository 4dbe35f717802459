"""Writes that wait at the same time are committed at the same time, and each is told its own."""

import asyncio
import threading

import pytest

from storage import StorageError, TamperedError, open_store


@pytest.fixture
async def store(tmp_path):
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32])
    yield store
    await store.close()


async def held(store) -> tuple[threading.Event, asyncio.Task[None]]:
    """Keep the thread of the database busy until the event is set."""
    begun, go = threading.Event(), threading.Event()

    def wait(_db) -> None:
        begun.set()
        go.wait(10)

    task = asyncio.create_task(store.connection.run(wait))
    while not begun.is_set():
        await asyncio.sleep(0)
    return go, task


async def traced(store) -> list[str]:
    """Return a list of the statements from now on, which grows."""
    statements: list[str] = []
    await store.connection.run(lambda db: db.conn.set_trace_callback(statements.append))
    return statements


def put(store, number: int) -> asyncio.Task[bool]:
    return asyncio.create_task(store.inbox.put(number, "{}"))


async def waiting(tasks: list[asyncio.Task]) -> None:
    """Let *tasks* get as far as they can without the database."""
    for _ in range(len(tasks) + 2):
        await asyncio.sleep(0)


async def owed(store) -> list[int]:
    return [row.update_id for row in await store.inbox.owed()]


async def test_what_waits_together_is_committed_together(store):
    statements = await traced(store)
    go, busy = await held(store)
    tasks = [put(store, number) for number in range(20)]
    await waiting(tasks)
    go.set()

    assert await asyncio.gather(*tasks) == [True] * 20
    await busy
    assert statements.count("COMMIT") == 1
    assert sorted(await owed(store)) == list(range(20))


async def test_nobody_is_told_before_it_is_committed(store):
    go, busy = await held(store)
    task = put(store, 1)
    await waiting([task])

    assert not task.done()
    go.set()
    await asyncio.gather(task, busy)


@pytest.mark.parametrize("error", [TamperedError("x"), ValueError("x")])
async def test_what_fails_takes_nothing_else_with_it(store, error):
    def fail(db) -> None:
        db.execute("INSERT INTO inbox (update_id, body, got_at) VALUES (99, x'00', 0)")
        raise error

    def broken(db) -> None:
        db.execute("INSERT INTO inbox (update_id) VALUES (100)")

    go, busy = await held(store)
    first, last = put(store, 1), put(store, 2)
    writes = [store.connection.write(work) for work in (broken, fail)]
    failing = [asyncio.ensure_future(write) for write in writes]
    await waiting([first, last, *failing])
    go.set()
    told = await asyncio.gather(first, last, busy, *failing, return_exceptions=True)

    assert told[:2] == [True, True]
    assert isinstance(told[3], StorageError)
    assert type(told[4]) is type(error)
    assert {1, 2} <= set(await owed_ids(store))
    assert 100 not in await owed_ids(store)


async def owed_ids(store) -> list[int]:
    return await store.connection.run(
        lambda db: [row[0] for row in db.execute("SELECT update_id FROM inbox").fetchall()]
    )


async def test_who_does_not_wait_any_more_disturbs_nobody(store):
    go, busy = await held(store)
    gone, stays = put(store, 1), put(store, 2)
    await waiting([gone, stays])
    gone.cancel()
    go.set()

    assert await stays is True
    await busy
    assert sorted(await owed(store)) == [1, 2]


async def test_what_comes_after_the_end_is_refused(store):
    await store.close()

    with pytest.raises(StorageError, match="closed"):
        await store.inbox.put(1, "{}")
