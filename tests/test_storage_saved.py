"""Saved reports: one name is one report of a chat, and what they are stays sealed."""

import sqlite3
from contextlib import closing

import pytest

from storage import SavedReport, TamperedError, open_store

CHAT, OTHER, MOST = -5, -6, 3
BODY = {"query": {"kind": "report", "body": {"dimensions": ["Ж-country"]}, "period": None}}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bot.db"


@pytest.fixture
async def store(path):
    opened = await open_store(path, keys=[b"k" * 32])
    yield opened
    await opened.close()


async def save(store, name, *, chat_id=CHAT, body=BODY):
    """Save a report in the name of person 7."""
    return await store.saved.save(chat_id, name, body, user_id=7, most=MOST)


async def names(store, chat_id=CHAT):
    """Return the names of a chat's saved reports."""
    return [one.name for one in await store.saved.all(chat_id)]


async def test_a_report_is_kept_for_its_chat(store):
    number = await save(store, "Morning")

    assert await store.saved.get(CHAT, number) == SavedReport(number, CHAT, "Morning", BODY, 7)
    assert await store.saved.get(OTHER, number) is None
    assert await names(store, OTHER) == []


@pytest.mark.parametrize("name", ["Größe ﬁ", "GRÖSSE  FI", " größe fi ", "Ｇröße\u00a0fi"])
async def test_names_that_look_alike_are_one(store, name):
    await save(store, "Größe fi")

    assert await save(store, name) == "taken"
    assert await names(store) == ["Größe fi"]


async def test_another_chat_has_names_of_its_own(store):
    numbers = [await save(store, "Morning", chat_id=chat_id) for chat_id in (CHAT, OTHER)]

    assert len({*numbers} - {"taken"}) == 2


async def test_there_is_room_for_so_many_in_each_chat(store):
    answers = [await save(store, name) for name in "abcd"]

    assert answers[MOST] == "full"
    assert await save(store, "d", chat_id=OTHER) != "full"
    await store.saved.remove(CHAT, answers[0])
    assert await save(store, "d") != "full"
    assert await names(store) == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("chat_id", "name", "refusal", "left"),
    [
        (CHAT, "Evening", None, ["Evening", "Noon"]),
        (CHAT, "MORNING", None, ["MORNING", "Noon"]),
        (CHAT, "noon", "taken", ["Morning", "Noon"]),
        (OTHER, "Evening", "gone", ["Morning", "Noon"]),
    ],
)
async def test_a_report_is_called_otherwise(store, chat_id, name, refusal, left):
    number = await save(store, "Morning")
    await save(store, "Noon")

    assert await store.saved.rename(chat_id, number, name) == refusal
    assert await names(store) == left


async def test_a_report_is_removed_by_its_chat_once(store):
    number = await save(store, "Morning")

    removals = [await store.saved.remove(chat_id, number) for chat_id in (OTHER, CHAT, CHAT)]
    assert removals == [False, True, False]
    assert await store.saved.rename(CHAT, number, "Evening") == "gone"


async def test_a_number_is_given_once(store):
    first = await save(store, "Morning")
    await store.saved.remove(CHAT, first)

    assert await save(store, "Morning") != first


async def test_reports_go_with_the_group_and_those_of_the_supergroup_stand(store):
    """Even where the group has nothing else."""
    kept = await save(store, "Morning", chat_id=OTHER, body={"query": "its own"})
    for name in ("morning", "Noon"):
        await save(store, name)
    await store.chats.migrate(CHAT, OTHER)

    assert await names(store, OTHER) == ["Morning", "Noon"]
    assert (await store.saved.get(OTHER, kept)).body == {"query": "its own"}
    assert (await store.saved.all(OTHER))[1].body == BODY


async def test_what_is_saved_is_sealed(store, path):
    number = await save(store, "Morning")
    secret = "Ж-country".encode()

    assert all(secret not in file.read_bytes() for file in path.parent.iterdir())
    with closing(sqlite3.connect(path)) as connection, connection:
        [[sealed]] = connection.execute("SELECT body FROM saved_reports").fetchall()
        flipped = bytes([*sealed[:-1], sealed[-1] ^ 1])
        connection.execute("UPDATE saved_reports SET body = ?", [flipped])
    with pytest.raises(TamperedError):
        await store.saved.get(CHAT, number)
