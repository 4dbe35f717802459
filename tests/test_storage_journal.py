"""The right to send is a row."""

import asyncio
import itertools
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


async def begin(store, key: str, **facts) -> None:
    await store.journal.begin(replace(CHANGE, key=key, **facts))


@pytest.mark.parametrize(
    ("key", "is_begun"), [("u1", True), ("u10", False), ("u", False), ("u1.0", True), ("u2", False)]
)
async def test_a_list_is_begun_with_any_of_its_items(store, key, is_begun):
    """A longer number is another command."""
    await begin(store, "u1.0")
    await begin(store, "u21.3")

    assert await store.journal.is_begun(key) is is_begun


async def test_a_command_is_begun_by_itself_alone(store):
    await begin(store, "u10")

    assert [await store.journal.is_begun(key) for key in ("u10", "u1", "u100")] == [
        True,
        False,
        False,
    ]


async def test_what_a_change_takes_back_is_kept(store):
    await begin(store, "u1")
    await begin(store, "u2", undoes="u1")

    assert (await store.journal.entry("u2")).change.undoes == "u1"
    assert (await store.journal.entry("u1")).change.undoes is None


async def last(store, chat_id: int = 1, user_id: int = 2) -> str | None:
    entry = await store.journal.last(chat_id, user_id)
    return None if entry is None else entry.change.key


@pytest.fixture
async def timed(tmp_path):
    """A store in which every moment is later than the one before."""
    moments = itertools.count(1000)
    store = await open_store(
        tmp_path / "bot.db", keys=[b"k" * 32], now=lambda: float(next(moments))
    )
    yield store
    await store.close()


async def test_the_last_change_is_that_of_the_person_in_the_chat(timed):
    await begin(timed, "u9")
    await begin(timed, "u10")
    await begin(timed, "u11", user_id=3)
    await begin(timed, "u12", chat_id=9)

    assert [await last(timed), await last(timed, 1, 3), await last(timed, 9)] == [
        "u10",
        "u11",
        "u12",
    ]
    assert await last(timed, 9, 3) is None


async def test_what_was_refused_is_nothing_to_take_back(timed):
    """What is in doubt may have been made."""
    for key, outcome in (("u1", "done"), ("u2", "unknown"), ("u3", "refused")):
        await begin(timed, key)
        await timed.journal.end(key, outcome, None)

    assert await last(timed) == "u2"


@pytest.mark.parametrize(
    ("outcome", "is_undone"), [(None, True), ("done", True), ("unknown", True), ("refused", False)]
)
async def test_a_change_is_taken_back_once(timed, outcome, is_undone):
    """By whoever it was, unless the tracker has refused that."""
    await begin(timed, "u1")
    await begin(timed, "u2")
    await begin(timed, "u3", undoes="u2", user_id=5)
    if outcome:
        await timed.journal.end("u3", outcome, None)

    assert await timed.journal.undone_by("u2") == ("u3" if is_undone else None)
    assert await timed.journal.undone_by("u1") is None
    assert await last(timed) == ("u1" if is_undone else "u2")
    assert await last(timed, 1, 5) is None
