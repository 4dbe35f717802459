"""What counts as the same in a tracker's loose types, and what does not."""

import json
import time

import httpx
import pytest

from keitaro import (
    STREAM_CREATE,
    STREAM_GET,
    STREAM_UPDATE,
    Difference,
    Network,
    Tracker,
    differences,
    moved,
    parse_address,
)
from sandbox.keitaro import Keitaro

OFFERS = [{"offer_id": 71, "share": 50, "state": "active"}, {"offer_id": 72, "share": 50}]
FILTERS = [
    {"name": "country", "mode": "accept", "payload": ["DE", "AT"]},
    {"name": "bot", "mode": "reject", "payload": None},
    {"name": "parameter", "mode": "accept", "payload": {"name": "p", "value": ["v"]}},
]
SAME = [
    ("weight", "100", 100),
    ("weight", 100, "100.0"),
    ("weight", 0.1, "0.1"),
    ("weight", 0, "0"),
    ("collect_clicks", True, 1),
    ("collect_clicks", False, "0"),
    ("comments", None, ""),
    ("comments", "", None),
    ("action_options", {}, []),
    ("filters", [], None),
    ("parameters", {"a": 1}, '{"a": "1"}'),
    ("parameters", '{"a": 1}', {"a": 1}),
    ("parameters", {"a": [1]}, '"{\\"a\\": [1]}"'),
    ("payload", {"a": {"b": 1}}, {"a": {"b": "1", "c": 2}, "d": 3}),
    ("countries", ["DE", "AT"], ["AT", "DE"]),
    ("ids", [1, 2], ["2", "1"]),
    ("offers", OFFERS, [{"id": 1, "offer_id": "72", "share": "50"}, {"id": 2, "offer_id": 71, "share": 50, "state": "active"}]),
    ("offers", [{"offer_id": 71, "share": 60}], [{"id": 1, "stream_id": 45, "offer_id": 71, "share": 60, "state": "active", "created_at": "2026-11-20 10:00:00"}]),
    ("offers", [{"offer_id": 71, "share": 50, "new": None}, {"offer_id": 71, "share": 50, "new": []}], [{"offer_id": 71, "share": 50}] * 2),
    ("landings", [{"landing_id": 31, "share": 60, "a": None, "b": "", "c": [], "d": {}}], [{"landing_id": 31, "share": 60}]),
    ("landings", [{"landing_id": "031", "share": "60.0"}], [{"landing_id": 31, "share": 60}]),
    ("filters", FILTERS, [{"id": 9} | row for row in reversed(FILTERS)]),
    ("filters", [FILTERS[0]], [FILTERS[0] | {"payload": ["AT", "DE"]}]),
    ("filters", [FILTERS[0]] * 2, [FILTERS[0] | {"payload": '["DE", "AT"]'}, FILTERS[0] | {"id": 9}]),
    ("filters", [FILTERS[2]], [FILTERS[2] | {"payload": {"name": "p", "value": ["v"], "new": 0}}]),
    ("filters", [FILTERS[1]], [{"name": "bot", "mode": "reject"}]),
    ("filters", [FILTERS[0] | {"name": "limit", "payload": {"per_hour": 5, "total": None}}], [FILTERS[0] | {"name": "limit", "payload": {"total": "", "per_hour": "5"}}]),
    ("filters", [{"name": "country", "mode": "accept"}, FILTERS[0] | {"payload": None}], [FILTERS[0], FILTERS[0] | {"payload": []}]),
    ("filters", [{"name": "bot", "mode": "reject"}], [FILTERS[1] | {"id": 9}]),
    ("filters", [FILTERS[0] | {"payload": [{"a": 1}]}], [FILTERS[0] | {"payload": [{"a": 1}]}]),
    ("triggers", [{"condition": "always", "action": "disable", "target": "stream", "pattern": ""}], [{"id": 9, "condition": "always", "action": "disable", "target": "stream", "interval": 5}]),
    ("triggers", [{"condition": "always", "action": "disable", "target": "stream"}], [{"condition": "always", "action": "disable", "taget": "stream"}]),
    ("filters", [FILTERS[0] | {"id": 9}], [FILTERS[0] | {"id": 12}]),
    ("filters", [FILTERS[0] | {"id": 9}], [FILTERS[0]]),
    ("offers", [OFFERS[0] | {"id": 1, "stream_id": 45, "created_at": "a", "updated_at": "b"}], [OFFERS[0] | {"id": 2, "stream_id": 46, "updated_at": "c"}]),
    ("triggers", [{"id": 1, "condition": "always", "action": "disable", "stream_id": 0}], [{"id": 2, "condition": "always", "action": "disable", "stream_id": 45}]),
]  # fmt: skip
OTHER = [
    ("weight", 100, 101),
    ("weight", 0, None),
    ("collect_clicks", True, 0),
    ("collect_clicks", False, None),
    ("name", "007", "7"),
    ("name", "Main", None),
    ("name", "1e2", 100),
    ("name", "NaN", float("nan")),
    ("parameters", {"a": 1}, "{a"),
    ("parameters", {"a": 1}, "text"),
    ("parameters", {"a": 1}, {"b": 1}),
    ("parameters", {"a": 1}, '{"a": 2}'),
    ("parameters", {"a": 1}, 5),
    ("ids", [1, 2], [1, 3]),
    ("ids", [1, 2], [1]),
    ("rows", [{"a": 1}], [{"a": 2}]),
    ("offers", OFFERS, OFFERS[:1]),
    ("offers", OFFERS[:1], OFFERS),
    ("offers", OFFERS[:1], [OFFERS[0] | {"share": 40}]),
    ("offers", OFFERS[:1], [{"share": 50, "state": "active"}]),
    ("offers", OFFERS[:1], "text"),
    ("offers", "text", OFFERS),
    ("filters", FILTERS[:1], [FILTERS[0] | {"mode": "reject"}]),
    ("filters", FILTERS[:1], [FILTERS[0] | {"payload": ["DE"]}]),
    ("filters", FILTERS[:1], [FILTERS[0] | {"payload": ["DE", "DE"]}]),
    ("filters", [FILTERS[0] | {"payload": ["007"]}], [FILTERS[0] | {"payload": [["007"]]}]),
    ("filters", [FILTERS[0] | {"payload": "007"}], [FILTERS[0] | {"payload": "7"}]),
    ("filters", [{"name": "country", "mode": "accept", "payloads": ["US"]}], [{"id": 9, "name": "country", "mode": "accept", "payload": None}]),
    ("filters", [FILTERS[0]], [{"name": "country", "mode": "accept"}]),
    ("filters", [FILTERS[0]], [{"name": ["country"], "mode": {"accept": 1}, "payload": ["DE", "AT"]}]),
    ("filters", FILTERS[:2], [FILTERS[0], FILTERS[0]]),
    ("offers", [{"offer_id": 71, "share": 60, "sate": "disabled"}], [{"offer_id": 71, "share": 60, "state": "active"}]),
    ("landings", [{"landing_id": 31, "share": 60, "new": 0}], [{"landing_id": 31, "share": 60}]),
    ("triggers", [{"condition": "always", "action": "disable", "traget": "stream"}], [{"condition": "always", "action": "disable", "target": "stream"}]),
    ("triggers", [{"condition": "always", "action": "disable", "target": "stream"}], [{"condition": "always", "action": "disable", "target": "offers", "taget": "stream"}]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "sent", "shown"), SAME)
def test_other_writings_of_the_same_are_no_difference(field, sent, shown):
    assert differences({field: sent}, {field: shown, "id": 1}) == ()


@pytest.mark.parametrize(("field", "sent", "shown"), OTHER)
def test_another_value_is_a_difference(field, sent, shown):
    assert differences({"id": 1, field: sent}, {"id": "1", field: shown}) == (
        Difference(field, sent, shown),
    )


def test_what_the_tracker_does_not_show_is_passed_over():
    assert differences({"secret": 1, "name": "a"}, {"name": "b"}) == (Difference("name", "a", "b"),)


@pytest.fixture
async def tracker():
    keitaro = Keitaro()
    network = Network(transport=httpx.ASGITransport(keitaro.app))
    tracker = Tracker(parse_address("tracker.example"), keitaro.key, network=network)
    yield tracker
    await tracker.close()


LANDINGS = [{"landing_id": 31, "share": 60, "state": "active"}, {"landing_id": 32, "share": 40}]
TRIGGERS = [
    {
        "condition": "not_contains",
        "action": "disable",
        "target": "stream",
        "stream_id": 0,
        "pattern": "ok",
        "interval": 5,
        "reverse": False,
    }
]
NEW_STREAM = {
    "campaign_id": 501,
    "type": "regular",
    "schema": "landings",
    "name": "Split",
    "action_type": "http",
    "weight": "100",
    "collect_clicks": True,
    "filter_or": False,
}
LISTS = [
    {},
    {
        "offers": [
            {"offer_id": 71, "share": 60},
            {"offer_id": 72, "share": "40", "state": "disabled"},
        ]
    },
    {"offers": OFFERS, "landings": LANDINGS, "offer_selection": "before_click"},
    {"filters": FILTERS, "comments": ""},
    {"filters": [{"name": "bot", "mode": "accept", "payload": None}], "action_payload": ""},
    {"filters": [], "triggers": TRIGGERS, "offers": [], "landings": None},
]


@pytest.mark.parametrize("lists", LISTS)
async def test_an_ordinary_stream_is_shown_as_it_was_sent(lists, tracker):
    body = NEW_STREAM | lists

    created = await tracker.call(STREAM_CREATE, body=body)
    updated = await tracker.call(STREAM_UPDATE, body=lists, id=created["id"])
    shown = await tracker.call(STREAM_GET, id=created["id"])

    assert [differences(body, stream) for stream in (created, updated, shown)] == [(), (), ()]


async def test_a_misspelt_field_in_a_row_is_seen_at_the_tracker(tracker):
    offers = [{"offer_id": 71, "share": 60, "sate": "disabled"}]

    created = await tracker.call(STREAM_CREATE, body=NEW_STREAM | {"offers": offers})

    found = differences({"offers": offers}, created)
    assert [difference.field for difference in found] == ["offers"]


ROW = {"id": 1, "stream_id": 45, "offer_id": 71, "share": 50, "updated_at": "2026-11-20 10:00:00"}
UNMOVED = [
    ({"id": 45, "updated_at": "a"}, {"id": "45", "updated_at": "b", "created_at": "c"}),
    ({"name": "Main", "weight": "100"}, {"weight": 100, "name": "Main"}),
    ({"comments": None}, {}),
    ({}, {"filters": []}),
    ({"offers": [ROW, {"offer_id": 72}]}, {"offers": [{"offer_id": "72"}, ROW | {"id": 2, "updated_at": "x"}]}),
    ({"offers": [ROW | {"name": "Old"}]}, {"offers": [ROW | {"name": "New", "offer": "New"}]}),
    ({"triggers": [{"condition": "always", "taget": "stream"}]}, {"triggers": [{"target": "stream", "condition": "always"}]}),
    ({"offers": ["odd"]}, {"offers": ["odd"]}),
]  # fmt: skip
MOVED = [
    ({"name": "Main"}, {"name": "Other"}),
    ({"weight": 0}, {}),
    ({"offers": [ROW]}, {"offers": [ROW | {"share": 60}]}),
    ({"offers": [ROW]}, {"offers": [ROW | {"state": "disabled"}]}),
    ({"offers": [ROW]}, {"offers": [ROW, ROW]}),
    ({"offers": [ROW]}, {"offers": None}),
    ({"offers": [ROW]}, {"offers": ["odd"]}),
    ({"filters": [FILTERS[0]]}, {"filters": [FILTERS[0] | {"name": "region"}]}),
    ({"filters": [FILTERS[2]]}, {"filters": [FILTERS[2] | {"payload": FILTERS[2]["payload"] | {"new": 0}}]}),
    ({"action_options": {"a": 1}}, {"action_options": {"a": 1, "b": 2}}),
]  # fmt: skip


@pytest.mark.parametrize(("before", "now"), UNMOVED)
def test_what_the_tracker_alone_writes_and_other_writings_are_no_move(before, now):
    assert (moved(before, now), moved(now, before)) == ((), ())


@pytest.mark.parametrize(("before", "now"), MOVED)
def test_more_or_less_on_either_side_is_a_move(before, now):
    field = next(iter(before))

    assert (moved(before, now), moved(now, before)) == ((field,), (field,))


def test_every_field_that_moved_is_named_once():
    before = {"name": "Main", "weight": 1, "state": "active"}

    assert moved(before, {"weight": 2, "comments": "x", "state": "active"}) == (
        "name",
        "weight",
        "comments",
    )


def same_named(count):
    return [{"name": "country", "mode": "accept", "payload": [f"C{n}"]} for n in range(count)]


def test_many_rows_in_another_order_are_soon_found_equal():
    filters = same_named(3000)
    start = time.process_time()

    found = differences({"filters": filters}, {"filters": [{"id": 9} | f for f in filters[::-1]]})

    assert found == ()
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("count", "is_same"), [(50, True), (400, False), (3000, False)], ids=["few", "many", "most"]
)
def test_many_rows_of_one_kind_in_an_odd_writing_are_not_compared_for_ever(count, is_same):
    """Text inside text must be read to be compared, each row with each other."""
    filters = same_named(count)
    shown = [row | {"payload": json.dumps(row["payload"])} for row in reversed(filters)]
    start = time.process_time()

    found = differences({"filters": filters}, {"filters": shown})

    assert (found == ()) is is_same
    assert time.process_time() - start < 3


def test_few_but_long_rows_are_not_compared_for_ever_either():
    sent = [[str(item) for item in range(999)] + [f"x{row}"] for row in range(150)]
    shown = [[*payload[1:], "y"] for payload in sent]
    row = {"name": "country", "mode": "accept"}
    start = time.process_time()

    found = differences(
        {"filters": [row | {"payload": payload} for payload in sent]},
        {"filters": [row | {"payload": payload} for payload in shown]},
    )

    assert [difference.field for difference in found] == ["filters"]
    assert time.process_time() - start < 3
