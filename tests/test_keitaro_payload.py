"""Requests that do not fit their operation never leave."""

import traceback

import httpx
import pytest

from keitaro import (
    CAMPAIGN_LIST,
    CAMPAIGN_UPDATE,
    CLICK_UPDATE_COSTS,
    LANDING_PAGE_UPDATE,
    REPORT_BUILD,
    STREAM_CREATE,
    STREAM_DISABLE,
    STREAM_GET,
    STREAM_SEARCH,
    STREAM_UPDATE,
    KeyFormatError,
    Network,
    PayloadError,
    Problem,
    Tracker,
    parse_address,
)

KEY = "fake-key-of-the-tracker-1111"
STREAM = {
    "campaign_id": 501,
    "schema": "action",
    "type": "default",
    "name": "x",
    "action_type": "y",
}


class NoWire(httpx.AsyncBaseTransport):
    """A wire nothing may be sent over."""

    async def handle_async_request(self, request):
        raise AssertionError


def tracker_with(key=KEY):
    return Tracker(parse_address("tracker.example"), key, network=Network(transport=NoWire()))


async def problems_of(operation, body=None, query=None, **path):
    with pytest.raises(PayloadError) as caught:
        await tracker_with().call(operation, body=body, query=query, **path)
    shown = "".join(traceback.format_exception(caught.value))
    assert "canary" not in shown
    return [(problem.field, problem.kind) for problem in caught.value.problems]


async def test_missing_fields_are_named_without_their_neighbours():
    with pytest.raises(PayloadError) as caught:
        await tracker_with().call(STREAM_CREATE, body=STREAM | {"schema": "canary"})

    [problem] = caught.value.problems
    assert problem == Problem(
        field="schema",
        kind="literal_error",
        expected="'landings', 'redirect' or 'action'",
        message="Input should be 'landings', 'redirect' or 'action'",
    )


BODIES = [
    (STREAM_CREATE, {"name": "canary"}, [("campaign_id", "missing"), ("schema", "missing"), ("type", "missing"), ("action_type", "missing")]),
    (STREAM_CREATE, STREAM | {"campaign_id": True}, [("campaign_id", "int_type")]),
    (STREAM_CREATE, STREAM | {"campaign_id": "canary"}, [("campaign_id", "int_parsing")]),
    (STREAM_CREATE, STREAM | {"campaign_id": None}, [("campaign_id", "int_type")]),
    (STREAM_CREATE, STREAM | {"name": ""}, [("name", "string_too_short")]),
    (STREAM_CREATE, None, [("", "model_type")]),
    (STREAM_CREATE, [STREAM], [("", "model_type")]),
    (STREAM_UPDATE, {"offers": [{"offer_id": 71}, {"offer_id": 72, "share": 0.5}]}, [("offers.0.share", "missing"), ("offers.1.share", "int_from_float")]),
    (STREAM_UPDATE, {"filters": [{"name": "country", "mode": "canary"}]}, [("filters.0.mode", "literal_error")]),
    (STREAM_UPDATE, {"landings": {"canary": 1}}, [("landings", "list_type")]),
    (STREAM_UPDATE, {"x": float("nan")}, [("", "json_invalid")]),
    (STREAM_UPDATE, {"x": float("inf")}, [("", "json_invalid")]),
    (STREAM_UPDATE, {"x": "canary\ud800"}, [("", "json_invalid")]),
    (STREAM_UPDATE, {"x": {"canary"}}, [("", "json_invalid")]),
    (REPORT_BUILD, {"range": "canary"}, [("range", "model_type")]),
    (REPORT_BUILD, {"sort": [{"name": "clicks", "order": "canary"}]}, [("sort.0.order", "literal_error")]),
    (CLICK_UPDATE_COSTS, {"campaign_ids": [True], "costs": []}, [("campaign_ids.0", "int_type")]),
    (LANDING_PAGE_UPDATE, {"state": "canary"}, [("state", "literal_error")]),
    (STREAM_UPDATE, {"filters": [{}] * 300_000}, [("filters", "too_long")]),
    (STREAM_UPDATE, {"offers": ["canary"] * 1001, "landings": [{}] * 1001, "triggers": [1] * 1001}, [("triggers", "too_long"), ("landings", "too_long"), ("offers", "too_long")]),
    (REPORT_BUILD, {name: [0] * 1001 for name in ("columns", "filters", "sort", "dimensions", "measures", "grouping", "metrics")}, [(name, "too_long") for name in ("columns", "filters", "sort", "dimensions", "measures", "grouping", "metrics")]),
    (CAMPAIGN_UPDATE, {"postbacks": [{}] * 1001}, [("postbacks", "too_long")]),
    (CLICK_UPDATE_COSTS, {"campaign_ids": [1] * 1001, "costs": [{}] * 1001}, [("campaign_ids", "too_long"), ("costs", "too_long")]),
    (STREAM_DISABLE, {"canary": 1}, [("", "extra_forbidden")]),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "body", "problems"), BODIES)
async def test_bodies_that_do_not_fit(operation, body, problems):
    path = {"id": 45} if "{id}" in operation.path else {}

    assert await problems_of(operation, body, **path) == problems


async def test_a_list_may_have_a_thousand_rows_and_the_limit_is_named():
    offers = [{"offer_id": number, "share": 1} for number in range(1001)]
    tracker = tracker_with()

    assert tracker.sent(STREAM_UPDATE, body={"offers": offers[:1000]}, id=45)
    with pytest.raises(PayloadError) as caught:
        tracker.sent(STREAM_UPDATE, body={"offers": offers}, id=45)
    [problem] = caught.value.problems
    assert (problem.field, problem.kind, problem.expected) == ("offers", "too_long", "1000")


async def test_a_body_without_end_is_no_json():
    endless = {}
    endless["self"] = endless
    deep = []
    for _ in range(100_000):
        deep = [deep]

    for body in [{"x": endless}, {"x": deep}]:
        assert await problems_of(STREAM_UPDATE, body, id=45) == [("", "json_invalid")]


@pytest.mark.parametrize("text", ["..", "45/disable", "", "4 5", "45?x=1", "%2e", "x" * 65, "ї"])
async def test_an_id_cannot_leave_its_place(text):
    assert await problems_of(STREAM_GET, id=text) == [("id", "string_pattern_mismatch")]


async def test_the_path_and_the_query_are_complete():
    assert await problems_of(STREAM_GET) == [("id", "missing")]
    assert await problems_of(STREAM_GET, id=1, other=2) == [("other", "extra_forbidden")]
    assert await problems_of(STREAM_SEARCH) == [("query", "missing")]
    assert await problems_of(CAMPAIGN_LIST, query={"page": 1}) == [("page", "extra_forbidden")]
    assert await problems_of(STREAM_SEARCH, query={"query": "\ud800canary"}) == [
        ("query", "string_unicode")
    ]


async def test_what_cannot_be_sent_cannot_be_shown_either():
    with pytest.raises(PayloadError):
        tracker_with().sent(STREAM_CREATE, body={})


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "ключ", "nul\x00", "x" * 501])
def test_what_is_no_key_is_not_taken(key):
    with pytest.raises(KeyFormatError) as caught:
        tracker_with(key)

    assert str(caught.value) == ""


@pytest.mark.parametrize(
    ("key", "hint"), [("f-1111", "••••"), ("fake-key-1111", "••••1111")], ids=["short", "long"]
)
def test_a_key_is_known_by_its_end_unless_it_is_short(key, hint):
    tracker = tracker_with(key)

    assert tracker.key_hint == tracker.sent(CAMPAIGN_LIST).key_hint == hint
