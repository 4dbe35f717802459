"""Every row of the table of operations, against an answer recorded for it."""

import json
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from keitaro import OPERATIONS, Network, Tracker, find, parse_address
from keitaro.models import (
    CampaignCosts,
    CampaignCreate,
    CampaignUpdate,
    ClicksClean,
    ClicksCosts,
    LabelsUpdate,
    LandingPageCreate,
    LandingPageUpdate,
    LogRequest,
    OfferCreate,
    OfferUpdate,
    ReportRequest,
    StreamCreate,
    StreamUpdate,
)

ANSWERS = Path(__file__).parent / "answers"
KEY = "fake-key-of-the-tracker-1111"
PERIOD = {"from": "2026-11-16", "to": "2026-11-22", "timezone": "Europe/Kyiv"}
BODIES = {
    None: None,
    CampaignCreate: {"name": "Осень", "alias": "k3j9x2ab"},
    CampaignUpdate: {"name": "Autumn", "new_field": 0},
    CampaignCosts: {
        "start_date": "2026-11-20 00:00",
        "end_date": "2026-11-20 23:59",
        "timezone": "UTC",
        "cost": "12.5",
        "currency": "USD",
    },
    StreamCreate: {
        "campaign_id": 501,
        "schema": "redirect",
        "type": "regular",
        "name": "Main",
        "action_type": "http",
        "action_payload": "https://landing.example/?c={subid}",
        "weight": 0,
        "filter_or": False,
        "comments": None,
    },
    StreamUpdate: {"offers": [{"offer_id": 71, "share": "100"}]},
    OfferCreate: {"name": "Sample"},
    OfferUpdate: {"state": "disabled"},
    LandingPageCreate: {"name": "Sample"},
    LandingPageUpdate: {"notes": "kept"},
    ReportRequest: {"range": PERIOD, "dimensions": ["campaign"], "measures": ["clicks"]},
    LogRequest: {"range": PERIOD, "columns": ["sub_id"], "limit": 1000},
    LabelsUpdate: {"campaign_id": 501, "ref_name": "ip", "items": {"203.0.113.9": "blacklist"}},
    ClicksClean: {"start_date": "2026-11-01", "end_date": "2026-11-02"},
    ClicksCosts: {"campaign_ids": [501], "costs": [{"cost": 1}]},
}
by_name = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


@pytest.fixture
async def dial():
    """Return a function that gives a tracker whose every answer is the recorded one."""
    trackers = []

    def connect(recorded):
        requests = []

        async def answer(request):
            requests.append((request, await request.body()))
            body = recorded["body"]
            is_json = recorded["content_type"] == "application/json"
            text = json.dumps(body) if is_json else body
            content = b"" if body is None else text.encode()
            return Response(content, recorded["status"], media_type=recorded["content_type"])

        methods = ["GET", "POST", "PUT", "DELETE"]
        app = Starlette(routes=[Route("/{path:path}", answer, methods=methods)])
        network = Network(transport=httpx.ASGITransport(app))
        tracker = Tracker(parse_address("tracker.example"), KEY, network=network)
        trackers.append(tracker)
        return tracker, requests

    yield connect
    for tracker in trackers:
        await tracker.close()


def expected_value(operation, recorded):
    """Return what is to be read; the token of a campaign's Click API is for nobody to see."""
    body = recorded["body"]
    if body is not None and operation.answer != "bytes":
        body = json.loads(json.dumps(body).replace("fake-click-token-2222", "••••"))
    if operation.answer == "bytes":
        return body.encode()
    if operation.changes and operation.answer == "object" and isinstance(body, list):
        return body[0]
    return body


@by_name
async def test_a_row_sends_what_it_says_and_reads_its_answer(operation, dial):
    recorded = json.loads((ANSWERS / f"{operation.name}.json").read_text())
    tracker, requests = dial(recorded)
    body = BODIES[operation.body]
    path = {"id": 45} if "{id}" in operation.path else {}
    query = {name: f"{name} 1&2" for name in operation.query}

    value = await tracker.call(operation, body=body, query=query, **path)

    assert value == expected_value(operation, recorded)
    [(request, sent)] = requests
    assert request.method == operation.method
    assert request.url.path == "/admin_api/v1/" + operation.path.format(id=45)
    assert dict(request.query_params) == query
    assert request.headers["api-key"] == KEY
    assert (json.loads(sent) if sent else None) == body
    assert request.headers.get("content-type") == (None if body is None else "application/json")


def test_answers_belong_to_rows():
    assert {path.stem for path in ANSWERS.glob("*.json")} == {row.name for row in OPERATIONS}


def test_no_row_stands_twice():
    assert len({row.name for row in OPERATIONS}) == len(OPERATIONS)
    assert len({(row.method, row.path) for row in OPERATIONS}) == len(OPERATIONS)


@by_name
def test_a_row_can_be_found_by_its_words(operation):
    assert find(operation.resource, operation.verb) is operation


def test_unknown_words_find_nothing():
    assert find("stream", "explode") is None


@by_name
def test_reads_are_repeatable_and_creations_are_not(operation):
    if not operation.changes:
        assert operation.repeatable
    elif operation.method == "POST" or operation.verb == "clone":
        assert not operation.repeatable
    else:
        assert operation.repeatable


@by_name
def test_methods_that_must_not_read_only_read_where_the_api_says_so(operation):
    reads_by_post = {"report.build", "click.log", "conversion.log"}

    if operation.method != "GET":
        assert operation.changes == (operation.name not in reads_by_post)
    assert set(operation.needs) <= set(operation.query)
    assert operation.method not in {"GET", "DELETE"} or operation.body is None


async def test_the_body_goes_out_as_it_was_given(dial):
    """Zero, null, false and letters of any language arrive; nothing is added."""
    tracker, requests = dial({"status": 200, "content_type": "application/json", "body": {}})
    body = {"name": "Осень 🍂", "weight": 0, "comments": None, "filter_or": False, "x": 0.1}

    await tracker.call(find("stream", "update"), body=body, id="45")

    expected = '{"name":"Осень 🍂","weight":0,"comments":null,"filter_or":false,"x":0.1}'
    assert requests[0][1].decode() == expected


async def test_what_was_sent_can_be_shown_without_the_key(dial):
    tracker, requests = dial({"status": 200, "content_type": "application/json", "body": []})

    sent = tracker.sent(find("stream", "search"), query={"query": "мобайл"})

    assert sent.operation == "stream.search"
    assert sent.method == "GET"
    assert sent.url == (
        "https://tracker.example/admin_api/v1/streams/search"
        "?query=%D0%BC%D0%BE%D0%B1%D0%B0%D0%B9%D0%BB"
    )
    assert sent.body is None
    assert sent.key_hint == "••••1111"
    assert KEY not in repr(sent) + repr(tracker) + str(tracker)
    assert requests == []
