"""The right to send is a row."""

import asyncio

import pytest

from storage import Change, Entry, open_store

CHANGE = Change(
    key="u7",
    chat_id=1,
    user_id=2,
    address="https://tracker.example",
    operation="stream.create",
    request={"name": "Main", "comments": "fake-secret-7777"},
    before=[11, 12],
)


@pytest.fixture
async def store(tmp_path):
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32], now=lambda: 1000.0)
    yield store
    await store.close()


async def test_the_right_to_send_is_given_once(store):
    given = await asyncio.gather(*(store.journal.begin(CHANGE) for _ in range(50)))

    assert given.count(True) == 1


async def test_a_change_is_in_doubt_until_it_ends(store):
    await store.journal.begin(CHANGE)
    before = await store.journal.entry("u7")
    await store.journal.end("u7", "done", {"id": 45})

    assert before == Entry(CHANGE, 1000.0, None, None)
    assert await store.journal.entry("u7") == Entry(CHANGE, 1000.0, "done", {"id": 45})


async def test_the_first_outcome_stands(store):
    await store.journal.begin(CHANGE)
    await store.journal.end("u7", "done", {"id": 45})
    await store.journal.end("u7", "unknown", None)

    assert (await store.journal.entry("u7")).outcome == "done"


async def test_what_was_never_begun_is_not_known(store):
    assert await store.journal.entry("u8") is None


async def test_what_was_sent_is_not_legible_in_the_files(store, tmp_path):
    await store.journal.begin(CHANGE)
    await store.journal.end("u7", "done", {"token": "fake-secret-8888"})

    found = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"fake-secret" not in found


def test_a_change_does_not_show_what_it_sends():
    assert "fake-secret" not in repr(CHANGE)
