"""Reports that were shown, and how long they can be turned and changed."""

import secrets
import sqlite3
from contextlib import closing

import pytest

from storage import ShownReport, open_store, shown

HOUR, MONTH = 3600.0, 30 * 86_400.0
QUERY = {"kind": "report", "body": {"dimensions": ["campaign"]}, "period": None}
ANSWER = {"rows": [{"campaign": "Ж", "clicks": 7}], "total": 1}


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        """Return the time it has been set to."""
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bot.db"


@pytest.fixture
async def store(path, clock):
    opened = await open_store(path, keys=[b"k" * 32], now=clock)
    yield opened
    await opened.close()


async def test_a_report_is_for_its_chat(store):
    number = await store.shown.keep(-5, QUERY, ANSWER)

    assert await store.shown.get(-5, number) == ShownReport(number, -5, QUERY, ANSWER)
    assert await store.shown.get(-6, number) is None
    assert await store.shown.get(-5, number + 1) is None


async def test_every_showing_has_a_number_of_its_own(store):
    numbers = [await store.shown.keep(-5, QUERY, answer) for answer in (ANSWER, {}, ANSWER)]

    assert len(set(numbers)) == 3


@pytest.mark.parametrize(
    ("later", "query", "answer"),
    [
        (HOUR - 1, QUERY, ANSWER),
        (HOUR, QUERY, None),
        (MONTH - 1, QUERY, None),
        (MONTH, None, None),
    ],
)
@pytest.mark.parametrize("is_tidied", [False, True])
async def test_the_answer_stays_an_hour_and_the_query_a_month(
    store, clock, later, query, answer, is_tidied
):
    number = await store.shown.keep(-5, QUERY, ANSWER)
    clock.seconds += later
    if is_tidied:
        await store.shown.forget(older_than_seconds=0, most=10)

    found = await store.shown.get(-5, number)

    assert (found and found.query, found and found.answer) == (query, answer)


async def test_a_chat_keeps_only_so_many(store, path, monkeypatch):
    """Its oldest lose their answers first, then go; those of other chats stay."""
    monkeypatch.setattr(shown, "ANSWERS_MOST", 2)
    monkeypatch.setattr(shown, "QUERIES_MOST", 4)
    other = await store.shown.keep(-6, QUERY, ANSWER)
    numbers = [await store.shown.keep(-5, QUERY, ANSWER) for _ in range(6)]

    found = [await store.shown.get(-5, number) for number in numbers]

    assert found[:2] == [None, None]
    assert [one.query for one in found[2:]] == [QUERY] * 4
    assert [one.answer for one in found[2:]] == [None, None, ANSWER, ANSWER]
    assert (await store.shown.get(-6, other)).answer == ANSWER
    await store.close()
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT chat_id, count(*), count(answer) FROM shown_reports GROUP BY 1")
        assert rows.fetchall() == [(-6, 1, 1), (-5, 4, 2)]


async def test_a_very_large_answer_is_not_kept(store):
    """A thousand long names that cannot be packed would fill the disk, a megabyte a second."""
    number = await store.shown.keep(-5, QUERY, {"rows": [secrets.token_urlsafe(2000)] * 2})
    large = await store.shown.keep(-5, QUERY, {"rows": [secrets.token_urlsafe(1_500_000)]})

    assert (await store.shown.get(-5, number)).answer is not None
    assert await store.shown.get(-5, large) == ShownReport(large, -5, QUERY, None)


async def test_what_is_forgotten_is_gone(store, clock, path):
    for _ in range(3):
        await store.shown.keep(-5, QUERY, ANSWER)
    clock.seconds += HOUR + 1
    assert [await store.shown.forget(older_than_seconds=0, most=2) for _ in range(3)] == [2, 1, 0]
    clock.seconds += MONTH
    assert [await store.shown.forget(older_than_seconds=0, most=2) for _ in range(3)] == [2, 1, 0]
    await store.close()

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM shown_reports").fetchone() == (0,)


async def test_nothing_of_it_is_readable_in_the_file(store, path):
    await store.shown.keep(-5, QUERY, ANSWER)
    await store.close()

    content = path.read_bytes()
    assert b"campaign" not in content
    assert b"clicks" not in content


async def test_a_report_goes_with_its_group(store):
    await store.chats.set_language(-5, "ru")
    number = await store.shown.keep(-5, QUERY, ANSWER)

    await store.chats.migrate(-5, -1005)

    assert await store.shown.get(-5, number) is None
    assert (await store.shown.get(-1005, number)).query == QUERY
