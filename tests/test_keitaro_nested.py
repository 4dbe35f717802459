"""Rows of a stream: which is which, what is sent for an update, and the way back."""

import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keitaro import (
    STREAM_GET,
    STREAM_UPDATE,
    Network,
    Tracker,
    applied,
    completed,
    differences,
    moved,
    pairs,
    parse_address,
    restored,
    unrestorable,
)
from sandbox.keitaro import Keitaro

COUNTRY = {"name": "country", "mode": "accept", "payload": ["DE"]}
CANADA = COUNTRY | {"payload": ["CA"]}
TRIGGER = {"condition": "always", "action": "disable", "target": "stream"}
COMPLETED = [
    ("filters", [COUNTRY | {"id": 9}], [COUNTRY | {"payload": ["AT"]}], [9]),
    ("filters", [COUNTRY | {"id": 9}], [COUNTRY | {"mode": "reject"}], [9]),
    ("filters", [COUNTRY | {"id": 9}], [COUNTRY | {"name": "region"}], [None]),
    ("filters", [COUNTRY | {"id": 9}], [COUNTRY, COUNTRY], [9, None]),
    ("filters", [COUNTRY | {"id": 9}, CANADA | {"id": 8}], [CANADA, COUNTRY], [8, 9]),
    ("filters", [COUNTRY | {"id": 9}, CANADA | {"id": 8}], [CANADA], [8]),
    ("filters", [COUNTRY | {"id": 9, "mode": "reject"}, COUNTRY | {"id": 8}], [COUNTRY], [8]),
    ("filters", [COUNTRY | {"id": 9}], [COUNTRY | {"id": 7}], [7]),
    ("filters", [COUNTRY | {"id": 9}], [COUNTRY, COUNTRY | {"id": 9}], [None, 9]),
    ("filters", [COUNTRY | {"id": 9}], [COUNTRY | {"id": None}], [9]),
    ("filters", [COUNTRY], [COUNTRY], [None]),
    ("filters", None, [COUNTRY], [None]),
    ("filters", ["odd"], [COUNTRY], [None]),
    ("landings", [{"id": 3, "landing_id": 31}], [{"landing_id": "31"}, {"landing_id": 32}], [3, None]),
    ("landings", [{"id": 3, "share": 50}], [{"share": 50}], [None]),
    ("triggers", [TRIGGER | {"id": 5}], [TRIGGER | {"interval": 9}], [5]),
    ("triggers", [TRIGGER | {"id": 5}], [TRIGGER | {"target": "offers"}], [None]),
    ("triggers", [{"id": 5, "condition": "always", "action": "disable", "taget": "stream"}], [TRIGGER], [5]),
    ("offers", [{"id": 1, "offer_id": 71}], [{"offer_id": 71}], [None]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "shown", "written", "ids"), COMPLETED)
def test_rows_that_are_there_already_get_their_ids(field, shown, written, ids):
    body = {"name": "X", field: written}
    copy = json.dumps(body)

    found = completed({"name": "Main", "weight": 5, field: shown}, body)

    assert [row.get("id") for row in found[field]] == ids
    assert [{**row, "id": 0} for row in found[field]] == [{**row, "id": 0} for row in written]
    assert found.keys() == body.keys()
    assert json.dumps(body) == copy


@pytest.mark.parametrize("written", [None, [], "text", ["odd"], {"a": 1}])
def test_what_is_no_list_of_rows_goes_out_as_written(written):
    assert completed({"filters": [COUNTRY | {"id": 9}]}, {"filters": written}) == {
        "filters": written
    }


def test_rows_that_are_gone_come_last():
    old, new = {"offer_id": 71, "share": 50}, {"offer_id": "72", "share": 60}

    assert pairs("offers", [old, new], [{"offer_id": 73}, new]) == [
        (None, {"offer_id": 73}),
        (new, new),
        (old, None),
    ]


BEFORE = {
    "id": 45,
    "name": "Main",
    "comments": None,
    "triggers": None,
    "updated_at": "a",
    "filters": [COUNTRY | {"id": 9, "stream_id": 45, "created_at": "a"}, CANADA | {"id": 8}],
    "offers": [{"id": 1, "offer_id": 71, "share": 50, "name": "Crypto", "updated_at": "a"}],
    "landings": [{"id": 3, "landing_id": 31, "share": 50, "landing": "Quiz"}],
}
BACK = {
    "filters": [COUNTRY | {"id": 9}, CANADA | {"id": 8}],
    "offers": [{"offer_id": 71, "share": 50}],
    "landings": [{"id": 3, "landing_id": 31, "share": 50}],
    "triggers": [],
    "comments": None,
}


def test_the_way_back_has_whole_lists_without_what_the_tracker_writes():
    fields = [*BACK, "id", "updated_at", "nmae"]

    assert restored(BEFORE, fields) == BACK
    assert unrestorable(BEFORE, fields) == ("nmae",)


def test_ids_that_are_there_no_more_do_not_go_back():
    now = {"filters": [CANADA | {"id": "8"}], "landings": []}

    assert restored(BEFORE, ["filters", "landings"], now=now) == {
        "filters": [COUNTRY, CANADA | {"id": 8}],
        "landings": [{"landing_id": 31, "share": 50}],
    }


def test_what_is_no_list_of_rows_goes_back_as_it_was():
    assert restored({"filters": ["odd"]}, ["filters"]) == {"filters": ["odd"]}


ID = st.one_of(st.none(), st.integers(1, 4))
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.text("ab1", max_size=2)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "id": ID,
            "offer_id": ID,
            "landing_id": ID,
            "share": VALUE,
            "name": VALUE,
            "mode": VALUE,
            "payload": VALUE,
            "updated_at": VALUE,
        },
    ),
    max_size=4,
)
LISTS = ("offers", "landings", "filters", "triggers")
STREAMS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "name", "weight", "updated_at"), VALUE)
    | dict.fromkeys(LISTS, ROWS | VALUE),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(STREAMS, STREAMS)
def test_what_is_undone_is_as_it_was(before, written):
    body = completed(before, written)
    after = applied(before, body)

    undone = applied(after, restored(before, body))

    assert moved(before, undone) == moved(
        before, before | {field: body[field] for field in unrestorable(before, body)}
    )


@settings(max_examples=200, deadline=None)
@given(STREAMS, STREAMS)
def test_a_move_looks_alike_from_both_sides(one, other):
    assert set(moved(one, other)) == set(moved(other, one))
    assert moved(one, one) == ()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(LISTS), ROWS, ROWS)
def test_every_row_is_matched_once(field, before, written):
    found = pairs(field, before, written)

    assert [new for _, new in found if new is not None] == written
    olds = [old for old, _ in found if old is not None]
    assert sorted(map(json.dumps, olds)) == sorted(map(json.dumps, before))


@pytest.fixture
async def tracker():
    keitaro = Keitaro()
    network = Network(transport=httpx.ASGITransport(keitaro.app))
    tracker = Tracker(parse_address("tracker.example"), keitaro.key, network=network)
    yield tracker
    await tracker.close()


async def test_a_list_that_was_changed_comes_back_at_the_tracker(tracker):
    """The ids of rows that stay are kept, and those of rows that went are not asked for."""
    await tracker.call(STREAM_UPDATE, body={"filters": [COUNTRY, CANADA]}, id=45)
    before = await tracker.call(STREAM_GET, id=45)
    written = completed(before, {"filters": [COUNTRY | {"payload": ["AT"]}], "offers": []})
    await tracker.call(STREAM_UPDATE, body=written, id=45)
    changed = await tracker.call(STREAM_GET, id=45)
    back = restored(before, written, now=changed)
    await tracker.call(STREAM_UPDATE, body=back, id=45)
    now = await tracker.call(STREAM_GET, id=45)

    assert moved(before, changed) == ("filters", "offers")
    assert changed["filters"][0]["id"] == before["filters"][0]["id"]
    assert differences(written, changed) == ()
    assert moved(before, now) == ()
