"""The journal of a chat, page by page."""

from dataclasses import replace

import pytest

from storage import NAMES_READ_MOST, Change, Sought, open_store
from storage.history import _page

ALL = Sought()
CHANGE = Change(
    key="u1",
    chat_id=1,
    user_id=2,
    address="https://tracker.example",
    operation="stream.update",
    request={"id": 45, "body": {"name": "fake-secret-7777"}},
    before={"name": "old"},
    person="Olga @olga",
)


class Ticking:
    """A clock that moves on by a *step* at every look."""

    def __init__(self):
        self.at = 1000.0
        self.step = 1.0

    def __call__(self):
        self.at += self.step
        return self.at


@pytest.fixture
def clock():
    return Ticking()


@pytest.fixture
async def store(tmp_path, clock):
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32], now=clock)
    yield store
    await store.close()


async def write(store, key, outcome="done", *, undoes="", **other):
    """Have the journal hold a change; without an outcome it is still open."""
    await store.journal.begin(replace(CHANGE, key=key, **other))
    if outcome:
        await store.journal.end(key, outcome, {"id": 45}, note="Said")
    if undoes:

        def link(db):
            db.execute("UPDATE journal SET undoes = ? WHERE key = ?", (undoes, key))

        await store.connection.write(link)


async def keys(store, sought=ALL, *, chat_id=1, most=100, **place):
    return [one.key for one in await store.history.page(chat_id, sought, most=most, **place)]


async def test_a_page_holds_whole_entries_the_newest_first(store):
    await write(store, "u1")
    await write(store, "u2", "refused")

    found = await store.history.page(1, ALL, most=5)

    assert [one.entry for one in found] == [await store.journal.entry(key) for key in ("u2", "u1")]
    assert [(one.undoes, one.undone_by, one.counts) for one in found] == [("", "", {})] * 2


async def test_pages_join_whatever_comes_in_meanwhile(store):
    for number in range(25):
        await write(store, f"u{number}")
    seen, place = [], {}
    while found := await keys(store, most=10, **place):
        seen.append(found)
        place = {"before": found[-1]}
        await write(store, f"u{100 + len(seen)}")

    assert [len(page) for page in seen] == [10, 10, 5]
    assert [key for page in seen for key in page] == [f"u{number}" for number in range(24, -1, -1)]

    back = [seen[-1]]
    while found := await keys(store, most=10, after=back[-1][0]):
        back.append(found)
    assert back[1:3] == [seen[1], seen[0]]
    assert back[3:] == [["u103", "u102", "u101"]]


async def test_entries_of_one_moment_are_told_apart_by_key(store, clock):
    clock.step = 0.0
    for number in range(10, 17):
        await write(store, f"u{number}")

    first = await keys(store, most=3)
    second = await keys(store, most=3, before=first[-1])
    third = await keys(store, most=3, before=second[-1])

    assert [*first, *second, *third] == [f"u{number}" for number in range(16, 9, -1)]
    assert await keys(store, most=3, after=third[0]) == second


async def test_another_chat_has_its_own(store):
    await write(store, "u1")
    await write(store, "u2", chat_id=9)

    assert await keys(store) == ["u1"]
    assert await keys(store, before="u2") == []
    assert await keys(store, after="u2") == []
    assert await keys(store, chat_id=9) == ["u2"]
    assert await store.history.record(1, "u2") is None
    assert (await store.history.record(9, "u2")).key == "u2"


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        (Sought(outcomes=frozenset({"refused"})), ["u2"]),
        (Sought(outcomes=frozenset({"unknown", None})), ["u4", "u3"]),
        (Sought(stream_id=46), ["u5", "u2"]),
        (Sought(stream_id=7), []),
        (Sought(stream_id=46, outcomes=frozenset({"refused"})), ["u2"]),
        (Sought(user_ids=frozenset({3, 4})), ["u5", "u3"]),
        (Sought(user_ids=frozenset()), []),
    ],
    ids=["refused", "in doubt", "stream", "no stream", "both", "people", "nobody"],
)
async def test_what_is_looked_for(store, sought, expected):
    await write(store, "u1")
    await write(store, "u2", "refused", request={"id": 46})
    await write(store, "u3", "unknown", user_id=3)
    await write(store, "u4", None)
    await write(store, "u5", user_id=4, request={"id": 46})
    await write(store, "u6", operation="offer.update", request={"id": 7})

    assert await keys(store, sought) == expected


async def list_of(store, name, outcomes):
    for number, outcome in enumerate(outcomes):
        await write(store, f"{name}.{number}", outcome, request={"id": 40 + number})


async def test_a_list_is_one_line_with_its_counts(store):
    await write(store, "u1")
    await list_of(store, "u2", ["done"] * 11 + ["refused", "unknown", None])
    await write(store, "u20")

    found = await store.history.page(1, ALL, most=10)

    assert [one.key for one in found] == ["u20", "u2", "u1"]
    assert found[1].counts == {"done": 11, "refused": 1, "unknown": 1, None: 1}
    assert await keys(store, before=found[1].entry.change.key) == ["u1"]
    assert await keys(store, after=found[1].entry.change.key) == ["u20"]


async def test_a_list_stands_where_any_item_is_looked_for(store):
    await list_of(store, "u2", ["done", "done", "refused", "refused"])
    await list_of(store, "u3", ["done"])

    [found] = await store.history.page(1, Sought(outcomes=frozenset({"refused"})), most=10)

    assert (found.key, found.counts) == ("u2", {"done": 2, "refused": 2})


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        (Sought(items_of="u2"), ["u2.2", "u2.1", "u2.0"]),
        (Sought(items_of="u2", outcomes=frozenset({"refused"})), ["u2.1"]),
        (Sought(stream_id=41), ["u20.1", "u2.1"]),
        (Sought(is_apart=True), ["u20.1", "u20.0", "u2.2", "u2.1", "u2.0", "u1"]),
        (Sought(items_of="u1"), []),
    ],
    ids=["of a list", "failed of a list", "of a stream", "apart", "of no list"],
)
async def test_items_are_told_one_by_one_where_that_is_wanted(store, sought, expected):
    await write(store, "u1")
    await list_of(store, "u2", ["done", "refused", "done"])
    await list_of(store, "u20", ["done", "done"])

    found = await store.history.page(1, sought, most=10)

    assert [one.key for one in found] == expected
    assert all(not one.counts for one in found)


async def test_one_record(store):
    await list_of(store, "u2", ["done", "refused"])

    item, whole = [await store.history.record(1, key) for key in ("u2.1", "u2")]

    assert (item.key, item.entry.outcome, item.counts) == ("u2.1", "refused", {})
    assert (whole.key, whole.counts) == ("u2", {"done": 1, "refused": 1})
    assert await store.history.record(1, "u3") is None
    assert await store.history.record(1, "u") is None


async def test_what_was_taken_back_says_so(store):
    """Only by a change that is done, and of the same chat."""
    for key in ("u1", "u2", "u3"):
        await write(store, key)
    await write(store, "u4", undoes="u1")
    await write(store, "u5", "refused", undoes="u2")
    await write(store, "u6", chat_id=9, undoes="u3")

    found = await store.history.page(1, ALL, most=10)

    assert [(one.key, one.undoes, one.undone_by) for one in found] == [
        ("u5", "u2", ""),
        ("u4", "u1", ""),
        ("u3", "", ""),
        ("u2", "", ""),
        ("u1", "", "u4"),
    ]


async def test_a_list_is_taken_back_as_a_whole_or_item_by_item(store):
    await list_of(store, "u1", ["done", "done"])
    await list_of(store, "u2", ["done", "done"])
    await write(store, "u3", undoes="u1")
    await write(store, "u4", undoes="u2.0")

    found = {one.key: one.undone_by for one in await store.history.page(1, ALL, most=10)}
    items = await store.history.page(1, Sought(is_apart=True), most=10)

    assert (found["u1"], found["u2"]) == ("u3", "")
    assert {one.key: one.undone_by for one in items if one.undone_by} == {
        "u1.0": "u3",
        "u1.1": "u3",
        "u2.0": "u4",
    }


async def test_names_are_those_of_the_chat(store):
    await write(store, "u1")
    await write(store, "u2", person="Olga K. @olga")
    await write(store, "u3", user_id=3, person="")
    await write(store, "u4", chat_id=9, user_id=4, person="Ann")

    assert await store.history.names(1) == (
        frozenset({(2, "Olga @olga"), (2, "Olga K. @olga"), (3, "")}),
        True,
    )
    assert await store.history.names(5) == (frozenset(), True)


async def test_names_are_read_from_the_newest_entries_only(store):
    await write(store, "u1", user_id=7, person="Ann")

    def copy(db):
        with db.atomic():
            for number in range(NAMES_READ_MOST):
                db.execute(
                    "INSERT INTO journal (key, begun_at, chat_id, user_id, address, operation,"
                    " request, before) SELECT ?, ?, chat_id, user_id, address, operation, request,"
                    " before FROM journal WHERE key = 'u1'",
                    (f"x{number}", 2000.0 + number),
                )

    await store.connection.write(copy)

    assert await store.history.names(1) == (frozenset({(7, "")}), False)


async def test_a_page_is_found_without_reading_the_whole_journal(store):
    await write(store, "u1")

    def plan(db):
        statement, values = _page(Sought(), is_apart=False, is_newer=False)
        return db.execute(f"EXPLAIN QUERY PLAN {statement}", (1, 1.0, "", *values, 10)).fetchall()

    steps = [step[-1] for step in await store.connection.run(plan)]
    assert any("entry USING INDEX journal_by_chat (chat_id=?" in step for step in steps), steps
    assert any("earlier USING INDEX sqlite_autoindex_journal_1" in step for step in steps), steps
    assert not any(step.startswith("SCAN entry") for step in steps)
