"""The link doctor: which steps of the way to a tracker work."""

import socket

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from keitaro import (
    Address,
    ForbiddenError,
    KeyRefusedError,
    LicenceError,
    Limits,
    Network,
    NoAnswerError,
    NotFoundError,
    RateLimitedError,
    Tracker,
    UnreachableError,
    UnreadableError,
    examine,
)

KEY = "fake-key-of-the-tracker-1111"
SOON = Limits(pause_seconds=0.01)
WELL = {
    "campaigns": [{"id": 1}, {"id": 2}],
    "offers": [{"id": 3}],
    "landing_pages": [],
    "report/build": {"rows": [{"clicks": 5}], "total": 1},
}
AFTER_KEY = ["key", "edition", "campaigns", "offers", "landing_pages", "report"]


async def findings(address, network):
    tracker = Tracker(address, KEY, network=network)
    found = await examine(tracker)
    await tracker.close()
    return found


async def look(**changed):
    """Examine a tracker that is well, but for what *changed* says about its paths."""

    async def answer(request):
        path = request.path_params["path"]
        value = changed.get(path.replace("/", "_"), WELL[path])
        if isinstance(value, int):
            return JSONResponse({"error": "no"}, value)
        return PlainTextResponse(value) if isinstance(value, str) else JSONResponse(value)

    app = Starlette(routes=[Route("/admin_api/v1/{path:path}", answer, methods=["GET", "POST"])])
    network = Network(transport=httpx.ASGITransport(app))
    return await findings(Address("https", "tracker.example", 443), network)


def outline(found):
    return {finding.step: finding.ok for finding in found}


def failures(found):
    return [(finding.step, type(finding.error)) for finding in found if finding.error]


async def test_all_is_well():
    found = await look()

    assert outline(found) == dict.fromkeys(["tls", "keitaro", *AFTER_KEY], True)
    assert {finding.step: finding.count for finding in found if finding.count is not None} == {
        "campaigns": 2,
        "offers": 1,
        "landing_pages": 0,
        "report": 1,
    }


async def test_a_wrong_key():
    found = await look(campaigns=401)

    assert outline(found) == {"tls": True, "keitaro": True, "key": False} | dict.fromkeys(
        AFTER_KEY[1:]
    )
    assert failures(found) == [("key", KeyRefusedError)]


async def test_an_edition_without_the_api_says_nothing_about_the_key():
    found = await look(campaigns=402)

    assert outline(found) == {
        "tls": True,
        "keitaro": True,
        "key": None,
        "edition": False,
    } | dict.fromkeys(AFTER_KEY[2:])
    assert failures(found) == [("edition", LicenceError)]


async def test_another_site():
    found = await look(campaigns="hello")

    assert outline(found) == {"tls": True, "keitaro": False} | dict.fromkeys(AFTER_KEY)
    assert failures(found) == [("keitaro", UnreadableError)]


async def test_missing_rights_do_not_stop_the_examination():
    found = await look(campaigns=403, offers=403, landing_pages=404)

    assert failures(found) == [
        ("campaigns", ForbiddenError),
        ("offers", ForbiddenError),
        ("landing_pages", NotFoundError),
    ]
    assert outline(found)["report"]


async def test_being_told_to_wait_stops_it():
    found = await look(offers=429)

    assert failures(found) == [("offers", RateLimitedError)]
    assert outline(found)["report"] is None


@pytest.mark.parametrize(
    ("error", "step", "kind"),
    [
        (httpx.ConnectError("x"), "tls", UnreachableError),
        (httpx.ReadError("x"), "keitaro", NoAnswerError),
    ],
)
async def test_a_broken_wire(error, step, kind):
    class Broken(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            raise error

    found = await findings(
        Address("https", "tracker.example", 443), Network(limits=SOON, transport=Broken())
    )

    assert failures(found) == [(step, kind)]


async def test_a_closed_port_without_encryption():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        network = Network(limits=SOON, private=frozenset({f"127.0.0.1:{port}"}))
        found = await findings(Address("http", "127.0.0.1", port), network)

    assert outline(found) == {"dns": True, "keitaro": False} | dict.fromkeys(AFTER_KEY)
    assert found[0].count == 1
    assert found[1].error.cause == "refused"


async def test_a_name_that_does_not_resolve():
    """The name is longer than names may be, so no resolver is asked."""
    host = ".".join(["x" * 63] * 5)

    found = await findings(Address("https", host, 443), Network())

    assert outline(found) == {"dns": False} | dict.fromkeys(["tls", "keitaro", *AFTER_KEY])
    assert found[0].error.cause == "dns"
    assert found[0].error.sent.operation == "campaign.list"


async def test_a_name_that_takes_too_long():
    network = Network(limits=Limits(connect_seconds=0))

    found = await findings(Address("https", "127.0.0.1", 1), network)

    assert (found[0].step, found[0].error.cause) == ("dns", "timeout")


async def test_a_name_that_leads_to_no_public_address():
    """Nothing is dialled, and the step that shows it is that of the name."""
    network = Network(resolve=lambda *_: ["10.0.0.5"])

    found = await findings(Address("https", "tracker.example", 443), network)

    assert outline(found) == {"dns": False} | dict.fromkeys(["tls", "keitaro", *AFTER_KEY])
    assert found[0].error.cause == "private"
