"""What counts as the same in a tracker's loose types, and what does not."""

import pytest

from keitaro import Difference, differences

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
    ("landings", [{"landing_id": 31, "share": 60, "new": 1}], [{"landing_id": 31, "share": 60}]),
    ("filters", FILTERS, [{"id": 9} | row for row in reversed(FILTERS)]),
    ("filters", [FILTERS[0]], [FILTERS[0] | {"payload": ["AT", "DE"]}]),
    ("triggers", [{"condition": "always", "action": "disable", "target": "stream"}], [{"condition": "always", "action": "disable", "taget": "stream"}]),
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
