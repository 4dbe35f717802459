"""Answers that are owed: what is kept of them, and how long."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from storage import OwedAnswer, open_store

KEYS = [b"k" * 32]
SECRET = "fake-words-that-nobody-may-find"
ANSWER = OwedAnswer(
    "u7",
    -100,
    5,
    SECRET,
    thread_id=3,
    reply_to=70,
    progress_id=71,
    owed_at=1000.0,
    keep_until=4600.0,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bot.db"


@pytest.fixture
async def store(path, clock):
    store = await open_store(path, keys=KEYS, now=clock)
    yield store
    await store.close()


def edit(path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(sql)
        database.commit()


async def rows(store, columns: str) -> list[tuple]:
    query = f"SELECT {columns} FROM outbox ORDER BY rowid"  # noqa: S608 - columns of this file
    return await store.connection.run(lambda db: [tuple(row) for row in db.execute(query)])


async def test_an_answer_is_owed_as_it_was_given(store):
    assert await store.outbox.owe(ANSWER)
    assert await store.outbox.owed() == [ANSWER]


async def test_an_answer_is_owed_and_its_updates_are_done_in_one_breath(store):
    for number in (7, 8, 9):
        await store.inbox.put(number, "{}")
    await store.outbox.owe(ANSWER, ends=(7, 8))

    assert [one.update_id for one in await store.inbox.owed()] == [9]
    assert len(await store.outbox.owed()) == 1


async def test_if_it_cannot_be_owed_its_updates_are_not_done(store):
    """Half of it would be a message that nobody answers."""
    await store.inbox.put(7, "{}")
    await store.connection.run(
        lambda db: db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON outbox"
            " BEGIN SELECT raise(ABORT, 'disk full'); END"
        ).close()
    )
    with pytest.raises(Exception, match="disk full"):
        await store.outbox.owe(ANSWER, ends=(7,))

    assert [one.update_id for one in await store.inbox.owed()] == [7]
    assert await store.outbox.owed() == []


async def test_what_became_of_the_updates_is_noted_with_the_answer(store):
    await store.inbox.put(7, "{}")
    await store.outbox.owe(ANSWER, ends=(7,), fate="given_up")
    fates = await store.connection.run(
        lambda db: db.execute("SELECT fate FROM inbox").fetchone()[0]
    )

    assert fates == "given_up"


async def test_the_first_answer_stands(store):
    await store.outbox.owe(ANSWER)

    assert not await store.outbox.owe(replace(ANSWER, body="another"))
    assert await store.outbox.owed() == [ANSWER]


async def test_an_answer_that_was_delivered_is_not_owed_again(store):
    await store.outbox.owe(ANSWER)
    await store.outbox.end("u7", "sent")

    assert not await store.outbox.owe(ANSWER)
    assert await store.outbox.owed() == []


async def test_answers_come_back_in_the_order_in_which_they_were_made(store):
    for number, at in ((1, 30.0), (2, 10.0), (3, 20.0), (0, 20.0)):
        await store.outbox.owe(replace(ANSWER, key=f"u{number}", owed_at=at))

    assert [one.key for one in await store.outbox.owed()] == ["u2", "u0", "u3", "u1"]


# ⏳


async def test_a_message_that_says_it_is_being_made_is_no_answer(store):
    await store.outbox.note_progress(ANSWER, 81)

    assert await store.outbox.owed() == []
    assert await store.outbox.progress_id("u7") == 81
    assert await store.outbox.progress_id("u8") is None


async def test_an_answer_takes_the_place_that_was_noted_before(store):
    await store.outbox.note_progress(ANSWER, 81)

    assert await store.outbox.owe(replace(ANSWER, progress_id=None))
    assert await store.outbox.owed() == [replace(ANSWER, progress_id=81)]
    assert await store.outbox.progress_id("u7") is None


async def test_an_answer_takes_the_place_that_is_noted_after(store):
    await store.outbox.owe(replace(ANSWER, progress_id=None))
    await store.outbox.note_progress(ANSWER, 81)

    assert await store.outbox.owed() == [replace(ANSWER, progress_id=81)]


async def test_what_is_delivered_takes_no_place_any_more(store):
    await store.outbox.owe(ANSWER)
    await store.outbox.end("u7", "sent")
    await store.outbox.note_progress(ANSWER, 81)

    assert await rows(store, "progress_id, fate") == [(71, "sent")]


# Tries


async def test_a_try_that_was_begun_is_known_to_the_next_process(store):
    await store.outbox.owe(replace(ANSWER, is_begun=True))
    await store.outbox.owe(replace(ANSWER, key="u8"))
    before = [one.is_begun for one in await store.outbox.owed()]
    await store.outbox.begin("u8")

    assert before == [True, False]
    assert [one.is_begun for one in await store.outbox.owed()] == [True, True]


async def test_a_try_that_ended_is_put_off(store):
    await store.outbox.owe(replace(ANSWER, is_begun=True))
    await store.outbox.postpone("u7", due_at=1030.0, is_repeat=True)

    assert await store.outbox.owed() == [replace(ANSWER, due_at=1030.0, is_repeat=True)]


async def test_an_answer_may_be_put_off_from_the_beginning(store):
    await store.outbox.owe(replace(ANSWER, due_at=1030.0))

    assert await store.outbox.owed() == [replace(ANSWER, due_at=1030.0)]


async def test_a_part_that_arrived_is_not_sent_again(store):
    await store.outbox.owe(replace(ANSWER, is_begun=True))
    await store.outbox.postpone("u7", due_at=None, is_repeat=True)
    await store.outbox.go_on("u7", 1)

    assert await store.outbox.owed() == [replace(ANSWER, part=1)]


@pytest.mark.parametrize("fate", ["sent", "refused", "unreachable", "stale"])
async def test_what_became_of_it_is_kept_and_its_words_are_not(store, clock, fate):
    await store.outbox.owe(ANSWER)
    await store.outbox.end("u7", fate, "why")

    assert await rows(store, "fate, note, length(body), done_at") == [(fate, "why", 0, clock.at)]


async def test_a_reason_that_is_none_is_not_kept(store):
    await store.outbox.owe(ANSWER)
    await store.outbox.end("u7", "sent")

    assert await rows(store, "note") == [(None,)]


# Another address


async def test_a_chat_that_moves_takes_along_what_it_is_owed(store):
    """Topics and messages are counted anew there."""
    await store.outbox.owe(ANSWER)
    await store.outbox.owe(replace(ANSWER, key="u8", chat_id=-200))
    await store.outbox.owe(replace(ANSWER, key="u9"))
    await store.outbox.end("u9", "sent")
    await store.outbox.move(-100, -300)
    moved = replace(ANSWER, chat_id=-300, thread_id=None, reply_to=None, progress_id=None)

    assert await store.outbox.owed() == [moved, replace(ANSWER, key="u8", chat_id=-200)]
    assert (await rows(store, "chat_id"))[2] == (-100,)


# Secrets


async def test_the_words_of_an_answer_are_sealed(store, path):
    await store.outbox.owe(ANSWER)
    await store.close()

    assert SECRET.encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())


async def test_words_that_were_altered_are_not_believed(store, path):
    await store.outbox.owe(ANSWER)
    edit(path, "UPDATE outbox SET body = zeroblob(length(body))")

    assert await store.outbox.owed() == []
    assert await rows(store, "fate") == [("refused",)]


async def test_words_of_another_answer_are_not_believed(store, path):
    for key in ("u7", "u8"):
        await store.outbox.owe(replace(ANSWER, key=key))
    edit(path, "UPDATE outbox SET body = (SELECT body FROM outbox WHERE key = 'u8')")

    assert [owed.key for owed in await store.outbox.owed()] == ["u8"]


def test_the_words_of_an_answer_are_not_shown_by_accident():
    assert SECRET not in repr(ANSWER)


# What is looked up, and what is forgotten


async def test_only_what_arrived_lately_counts_for_the_pace(store, clock):
    for key, fate in (("u1", "sent"), ("u2", "refused"), ("u3", "sent"), ("u4", None)):
        clock.at += 10
        await store.outbox.owe(replace(ANSWER, key=key))
        if fate:
            await store.outbox.end(key, fate)

    assert await store.outbox.delivered_since(clock.at - 20) == [(-100, clock.at - 10)]
    assert await store.outbox.delivered_since(clock.at - 30) == [
        (-100, clock.at - 30),
        (-100, clock.at - 10),
    ]


async def test_old_answers_are_forgotten_and_owed_ones_never(store, clock):
    await store.outbox.owe(replace(ANSWER, key="owed", owed_at=clock.at))
    await store.outbox.owe(replace(ANSWER, key="done"))
    await store.outbox.end("done", "sent")
    await store.outbox.note_progress(replace(ANSWER, key="never made"), 81)
    clock.at += 100
    await store.outbox.owe(replace(ANSWER, key="new"))
    await store.outbox.end("new", "sent")
    early = await store.outbox.forget(older_than_seconds=101, most=10)
    removed = [await store.outbox.forget(older_than_seconds=99, most=1) for _ in range(3)]

    assert (early, removed) == (0, [1, 1, 0])
    assert await rows(store, "key") == [("owed",), ("new",)]


# What a text has become


async def message_id(store) -> int | None:
    [(found,)] = await rows(store, "message_id")
    return found


async def test_the_message_of_an_answer_is_known_once_it_has_arrived(store):
    await store.outbox.owe(ANSWER)
    before = await message_id(store)
    await store.outbox.end("u7", "sent", message_id=71)

    assert (before, await message_id(store)) == (None, 71)


async def test_the_message_of_a_text_is_not_forgotten_for_its_file(store):
    await store.outbox.owe(ANSWER)
    await store.outbox.go_on("u7", 1, message_id=71)
    await store.outbox.go_on("u7", 2)
    await store.outbox.end("u7", "sent")

    assert await message_id(store) == 71


async def test_what_never_arrived_has_no_message(store):
    await store.outbox.owe(ANSWER)
    await store.outbox.end("u7", "stale")

    assert await message_id(store) is None
