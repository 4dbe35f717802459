"""The right to send is a row."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace

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
    person="Olga fake-secret-6666",
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
    await store.journal.end("u7", "done", {"id": 45}, note="Looked", object_id=45)

    ended = Entry(CHANGE, 1000.0, "done", {"id": 45}, "Looked", 45)
    assert before == Entry(CHANGE, 1000.0, None, None)
    assert await store.journal.entry("u7") == ended


async def test_the_first_outcome_stands(store):
    await store.journal.begin(CHANGE)
    await store.journal.end("u7", "done", {"id": 45})
    await store.journal.end("u7", "unknown", None)

    assert (await store.journal.entry("u7")).outcome == "done"


async def test_what_is_unknown_may_become_clear(store):
    """And what is clear stays so; the object is not forgotten."""
    await store.journal.begin(CHANGE)
    await store.journal.end("u7", "unknown", None, note="Open", object_id=45)
    await store.journal.end("u7", "refused", "No")
    await store.journal.end("u7", "done", "Yes", object_id=46)

    assert await store.journal.entry("u7") == Entry(CHANGE, 1000.0, "refused", "No", "", 45)


async def test_the_object_of_a_change_is_known_from_its_request(store):
    await store.journal.begin(replace(CHANGE, operation="stream.disable", request={"id": 45}))

    assert (await store.journal.entry("u7")).object_id == 45


async def test_what_others_have_made_is_known(store):
    """By the same operation in the same tracker, whatever the chat."""
    others = {
        "u1": (replace(CHANGE, chat_id=9, user_id=9), 101),
        "u2": (replace(CHANGE, address="https://other.example"), 102),
        "u3": (replace(CHANGE, operation="stream.update"), 103),
        "u4": (CHANGE, None),
        "u7": (CHANGE, 104),
    }
    for key, (change, object_id) in others.items():
        await store.journal.begin(replace(change, key=key))
        await store.journal.end(key, "done", {}, object_id=object_id)

    assert await store.journal.claimed("u7") == {101}
    assert await store.journal.claimed("u8") == frozenset()


async def test_recent_changes_of_a_tracker_are_found_without_reading_all(store):
    query = "SELECT key FROM journal WHERE address = ? AND operation = ? AND begun_at > ?"

    def plan(db):
        return db.execute(f"EXPLAIN QUERY PLAN {query}", ("a", "b", 0.0)).fetchall()

    steps = [step[-1] for step in await store.connection.run(plan)]
    assert len(steps) == 1
    assert "USING INDEX journal_by_tracker" in steps[0]


async def test_a_journal_from_before_is_read_as_it_is(tmp_path):
    """Rows written by the version before have no person, no note, no object."""
    path = tmp_path / "bot.db"
    store = await open_store(path, keys=[b"k" * 32], now=lambda: 1000.0)
    await store.journal.begin(CHANGE)
    await store.close()
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("DROP INDEX journal_by_tracker")
        for column in ("person", "note", "object_id"):
            old.execute(f"ALTER TABLE journal DROP COLUMN {column}")
        old.execute("DELETE FROM _sqlite_migrations WHERE name = 'm009_widen_journal'")
    store = await open_store(path, keys=[b"k" * 32])
    entry = await store.journal.entry("u7")
    await store.close()

    assert entry == Entry(replace(CHANGE, person=""), 1000.0, None, None)


async def test_what_was_never_begun_is_not_known(store):
    assert await store.journal.entry("u8") is None


async def test_what_was_sent_is_not_legible_in_the_files(store, tmp_path):
    await store.journal.begin(CHANGE)
    await store.journal.end("u7", "done", {"token": "fake-secret-8888"}, note="fake-secret-9999")

    found = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"fake-secret" not in found


def test_a_change_does_not_show_what_it_sends():
    assert "fake-secret" not in repr(CHANGE)
