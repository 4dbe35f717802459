"""What is sent again, what is not, and when a tracker is left in peace."""

import asyncio
import socket
import ssl
import time
from contextlib import AsyncExitStack

import httpx
import pytest

from keitaro import (
    CAMPAIGN_LIST,
    OFFER_LIST,
    REPORT_BUILD,
    STREAM_CREATE,
    STREAM_DELETE,
    STREAM_DISABLE,
    STREAM_GET,
    STREAM_UPDATE,
    Address,
    ExchangeError,
    Limits,
    Network,
    NoAnswerError,
    NotFoundError,
    PausedError,
    RateLimitedError,
    ServerError,
    Tracker,
    UnreachableError,
    examine,
)
from sandbox.keitaro import Keitaro
from sandbox.serving import serving
from tests.conftest import Clock

KEY = "fake-key-of-the-tracker-1111"
NEW = {
    "campaign_id": 12,
    "type": "regular",
    "schema": "action",
    "name": "Main",
    "action_type": "do_nothing",
}
READS = {
    "get": (STREAM_GET, {"id": 45}),
    "list": (CAMPAIGN_LIST, {}),
    "report": (REPORT_BUILD, {"body": {"measures": ["clicks"]}}),
}
CHANGES = {
    "create": (STREAM_CREATE, {"body": NEW}),
    "update": (STREAM_UPDATE, {"body": {"name": "New"}, "id": 45}),
    "switch": (STREAM_DISABLE, {"id": 45}),
    "archive": (STREAM_DELETE, {"id": 45}),
}
CALLS = READS | CHANGES
DOWN = {
    "500": ({"status": 500, "body": {"error": "Oops"}}, ServerError),
    "502": ({"status": 502, "body": "<html>Bad gateway</html>"}, ServerError),
    "503": ({"status": 503, "headers": {"retry-after": "1"}}, ServerError),
    "cut": ({"cut": True}, NoAnswerError),
    "cut inside": ({"cut": True, "body": b'{"id": 45, "na'}, NoAnswerError),
    "cut in a failure": ({"cut": True, "status": 500, "body": b'{"err'}, ServerError),
}
DATE = "Sun, 22 Nov 2026 12:00:00 GMT"
each_fault = pytest.mark.parametrize(("fault", "kind"), DOWN.values(), ids=DOWN.keys())


@pytest.fixture
def keitaro(clock):
    keitaro = Keitaro(key=KEY, now=clock)
    keitaro.buckets = []
    return keitaro


@pytest.fixture
async def dial(keitaro):
    """Return a function that gives a tracker behind a real connection, with short pauses."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(keitaro.app))

        def connect(*, clock=time.monotonic, transport=None, **limits):
            limits = Limits(**{"deadline_seconds": 5.0, "pause_seconds": 0.01} | limits)
            private = frozenset({url.partition("://")[2]})
            network = Network(private=private, limits=limits, clock=clock, transport=transport)
            tracker = Tracker(
                Address("http", "127.0.0.1", httpx.URL(url).port), KEY, network=network
            )
            stack.push_async_callback(tracker.close)
            return tracker

        yield connect


async def ask(tracker, name):
    operation, arguments = CALLS[name]
    return await tracker.call(operation, **arguments)


async def fail(tracker, name, kind=ExchangeError):
    """Make a call that must fail, and return its error, which tells what was to be sent."""
    operation, arguments = CALLS[name]
    with pytest.raises(kind) as caught:
        await tracker.call(operation, **arguments)

    assert caught.value.sent == tracker.sent(operation, **arguments)
    return caught.value


def arrived(keitaro):
    """Return how many requests and changes arrived since this was last asked."""
    counts = len(keitaro.requests), len(keitaro.mutations)
    keitaro.script.clear()
    del keitaro.requests[:], keitaro.mutations[:]
    return counts


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


def limited(wait, **headers):
    return {
        "status": 429,
        "body": {"error": "Slow down"},
        "headers": {"retry-after": wait} | headers,
    }


# What is sent again


@each_fault
async def test_a_question_outlasts_two_failures(fault, kind, dial, keitaro):
    sent = {}
    for name in READS:
        keitaro.fail(2, **fault)
        await ask(dial(), name)
        sent[name] = arrived(keitaro)

    assert sent == dict.fromkeys(READS, (3, 0))


@each_fault
async def test_a_question_is_asked_three_times_at_most(fault, kind, dial, keitaro):
    sent = {}
    for name in READS:
        keitaro.fail(9, **fault)
        await fail(dial(), name, kind)
        sent[name] = arrived(keitaro)

    assert sent == dict.fromkeys(READS, (3, 0))


@each_fault
@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_change_that_reached_the_tracker_is_sent_once(
    fault, kind, after_effect, dial, keitaro
):
    sent = {}
    for name in CHANGES:
        keitaro.fail(9, after_effect=after_effect, **fault)
        error = await fail(dial(), name, kind)
        sent[name] = (*arrived(keitaro), error.in_doubt)

    assert sent == dict.fromkeys(CHANGES, (1, int(after_effect), True))


CLEAR = {
    "400": {"status": 400, "body": {"error": "No"}},
    "401": {"status": 401, "body": {"error": "No"}},
    "402": {"status": 402, "body": {"error": "No"}},
    "403": {"status": 403, "body": {"error": "No"}},
    "404": {"status": 404, "body": {"error": "No"}},
    "404 page": {"status": 404, "body": "<html>No</html>"},
    "406": {"status": 406, "body": {"name": ["No"]}},
    "422": {"status": 422, "body": {"name": ["No"]}},
    "cut in a refusal": {"status": 422, "cut": True, "body": b'{"na'},
    "302": {"status": 302, "headers": {"location": "https://elsewhere.example/"}},
    "page": {"status": 200, "body": "<html>Log in</html>"},
    "half": {"status": 200, "body": b'{"id": 45, "na'},
    "429": {"status": 429},
}


@pytest.mark.parametrize("fault", CLEAR.values(), ids=CLEAR.keys())
async def test_whatever_else_is_said_is_said_once(fault, dial, keitaro):
    """Nothing of this is remembered either."""
    sent = {}
    for name in ("get", "create"):
        keitaro.fail(**fault)
        tracker = dial()
        await fail(tracker, name)
        sent[name] = arrived(keitaro)
        await ask(tracker, "list")
        arrived(keitaro)

    assert sent == dict.fromkeys(("get", "create"), (1, 0))


@pytest.mark.parametrize("name", ["get", "create"])
async def test_who_is_too_slow_is_not_asked_again(name, dial, keitaro):
    keitaro.fail(9, until=asyncio.Event())

    error = await fail(dial(deadline_seconds=0.3), name, NoAnswerError)
    assert error.cause == "timeout"
    assert arrived(keitaro) == (1, 0)


async def test_all_tries_share_one_deadline(dial, keitaro):
    """The third would have less than a third of it left."""
    keitaro.fail(9, status=504, delay_seconds=0.8)
    began = time.monotonic()

    await fail(dial(deadline_seconds=2.1), "get", ServerError)
    assert len(keitaro.requests) == 2
    assert time.monotonic() - began < 2.1 + 1


async def test_the_last_try_has_what_is_left_of_the_deadline(dial, keitaro):
    """So has its handshake, which must end before."""
    keitaro.fail(status=500, delay_seconds=0.8)
    keitaro.fail(until=asyncio.Event())
    wire = Dialling()
    began = time.monotonic()

    await fail(dial(transport=wire, deadline_seconds=1.5), "get", NoAnswerError)
    assert time.monotonic() - began < 1.5 + 0.5
    assert wire.connect_seconds[0] <= 0.5
    assert wire.connect_seconds[1] <= (1.5 - 0.8) / 3


# What cannot be reached


class Dialling(httpx.AsyncBaseTransport):
    """Fails to connect in the ways that it is given, one after the other, then connects."""

    def __init__(self, *errors, seconds=0.0):
        self.errors = list(errors)
        self.seconds = seconds
        self.dials = 0
        self.connect_seconds = []
        self.wire = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request):
        self.dials += 1
        self.connect_seconds.append(request.extensions["timeout"]["connect"])
        if self.errors:
            await asyncio.sleep(self.seconds)
            raise self.errors.pop(0)
        return await self.wire.handle_async_request(request)

    async def aclose(self):
        await self.wire.aclose()


def caused_by(cause):
    error = httpx.ConnectError("x")
    error.__cause__ = cause
    return error


NO_CONNECTION = {
    "dns": caused_by(socket.gaierror(-3, "Temporary failure in name resolution")),
    "refused": caused_by(ConnectionRefusedError()),
    "no route": caused_by(OSError("No route to host")),
    "timeout": httpx.ConnectTimeout("x"),
}


@pytest.mark.parametrize("error", NO_CONNECTION.values(), ids=NO_CONNECTION.keys())
async def test_nothing_was_sent_so_it_is_sent_again(error, dial, keitaro):
    sent = {}
    for name in CALLS:
        wire = Dialling(error, error)
        await ask(dial(transport=wire), name)
        sent[name] = (wire.dials, *arrived(keitaro))

    assert sent == {name: (3, 1, int(name in CHANGES)) for name in CALLS}


@pytest.mark.parametrize("error", NO_CONNECTION.values(), ids=NO_CONNECTION.keys())
async def test_three_times_is_enough(error, dial, keitaro):
    sent = {}
    for name in CALLS:
        wire = Dialling(*[error] * 9)
        await fail(dial(transport=wire), name, UnreachableError)
        sent[name] = (wire.dials, *arrived(keitaro))

    assert sent == dict.fromkeys(CALLS, (3, 0, 0))


@pytest.mark.parametrize("name", ["get", "create"])
async def test_a_bad_certificate_does_not_get_better(name, dial):
    cause = ssl.SSLCertVerificationError("x")
    cause.verify_message = "certificate has expired"
    wire = Dialling(*[caused_by(cause)] * 9)

    error = await fail(dial(transport=wire), name, UnreachableError)
    assert (error.cause, wire.dials) == ("tls", 1)


async def test_who_was_slow_to_fail_is_told_at_once(dial):
    """Nobody waits for long to hear that a tracker cannot be reached."""
    wire = Dialling(*[httpx.ConnectTimeout("x")] * 9, seconds=0.2)

    await fail(dial(transport=wire, connect_seconds=0.2), "get", UnreachableError)
    assert wire.dials == 1


@pytest.mark.parametrize("name", ["get", "create"])
async def test_a_library_that_waited_long_enough_is_believed(name, dial):
    wire = Dialling(*[httpx.ReadTimeout("x")] * 9)

    await fail(dial(transport=wire), name, NoAnswerError)
    assert wire.dials == 1


# Too many requests


async def test_a_wish_to_wait_is_granted_twice(dial, keitaro):
    sent = {}
    for name in CALLS:
        keitaro.fail(2, **limited("0"))
        await ask(dial(), name)
        sent[name] = arrived(keitaro)

    assert sent == {name: (3, int(name in CHANGES)) for name in CALLS}


async def test_a_wish_to_wait_is_not_granted_for_ever(dial, keitaro):
    sent = {}
    for name in CALLS:
        keitaro.fail(9, **limited("0"))
        error = await fail(dial(), name, RateLimitedError)
        sent[name] = (*arrived(keitaro), error.in_doubt)

    assert sent == dict.fromkeys(CALLS, (3, 0, False))


@pytest.mark.parametrize(
    "fault",
    [limited("1"), limited("Sun, 22 Nov 2026 12:00:01 GMT", date=DATE)],
    ids=["seconds", "date"],
)
async def test_a_second_is_waited(fault, dial, keitaro):
    keitaro.fail(**fault)
    began = time.monotonic()

    await ask(dial(), "create")
    assert time.monotonic() - began >= 1
    assert arrived(keitaro) == (2, 1)


@pytest.mark.parametrize(
    ("fault", "told", "kept"),
    [
        (limited("40"), 40, 40),
        (limited("4"), 4, 4),
        (limited("Sun, 22 Nov 2026 12:00:40 GMT", date=DATE), 40, 40),
        (limited("999999"), 999999, 600),
        (limited("999999999"), 999999999, 600),
        (limited("Fri, 31 Dec 9999 23:59:59 GMT", date=DATE), 251606951999, 600),
    ],
    ids=["40", "no time left", "date", "many", "more", "last date"],
)
@pytest.mark.parametrize("name", ["get", "create"])
async def test_a_long_wish_to_wait_is_kept(name, fault, told, kept, dial, keitaro):
    """Nothing is sent until then, but for ten minutes at most."""
    keitaro.fail(**fault)
    clock = Clock()
    tracker = dial(clock=clock)

    assert (await fail(tracker, name, RateLimitedError)).retry_after_seconds == told
    assert (await fail(tracker, name, RateLimitedError)).retry_after_seconds == kept
    clock.at += kept - 0.5
    assert (await fail(tracker, "list", RateLimitedError)).retry_after_seconds == 1
    assert len(keitaro.requests) == 1
    clock.at += 0.5
    await ask(tracker, name)
    assert len(keitaro.requests) == 2


@pytest.mark.parametrize("wait", ["", "-1", "soon", "1.5", "9" * 30, f"Sun, 22 Nov {'9' * 30}"])
async def test_a_wish_that_cannot_be_read_is_none(wait, dial, keitaro):
    keitaro.fail(**limited(wait))
    tracker = dial()

    assert (await fail(tracker, "create", RateLimitedError)).retry_after_seconds is None
    assert len(keitaro.requests) == 1
    assert await ask(tracker, "create")


async def test_nobody_else_calls_while_one_waits(dial, keitaro):
    """Those who come then wait as well."""
    keitaro.fail(**limited("1"))
    tracker = dial(calls_in_flight=1)
    began = time.monotonic()
    first = asyncio.create_task(ask(tracker, "get"))
    queued = asyncio.create_task(ask(tracker, "list"))
    await until(lambda: keitaro.requests)
    await asyncio.gather(first, queued, ask(tracker, "create"))

    assert time.monotonic() - began >= 1
    assert len(keitaro.requests) == 4


async def test_a_long_wish_is_not_waited_for_even_at_its_end(dial, keitaro):
    """Who was told to come back later is not kept waiting instead."""
    keitaro.fail(**limited("40"))
    passed = 0.0
    tracker = dial(clock=lambda: time.monotonic() + passed)
    await fail(tracker, "get", RateLimitedError)
    passed = 38.5

    await fail(tracker, "get", RateLimitedError)
    assert len(keitaro.requests) == 1


async def test_who_waits_for_a_place_hears_the_wish_too(dial, keitaro):
    held = asyncio.Event()
    keitaro.fail(until=held, **limited("40"))
    tracker = dial(calls_in_flight=1)
    calls = [asyncio.create_task(fail(tracker, "get", RateLimitedError)) for _ in range(3)]
    await until(lambda: tracker.waiting == 2 and keitaro.requests)
    held.set()

    await asyncio.gather(*calls)
    assert len(keitaro.requests) == 1


async def test_who_waited_in_vain_is_told_why(dial, keitaro):
    """No place came in what the wish had left of the deadline."""
    held = asyncio.Event()
    keitaro.fail(**limited("1"))
    keitaro.fail(until=held)
    tracker = dial(calls_in_flight=1, deadline_seconds=3.0)
    first = asyncio.create_task(ask(tracker, "get"))
    await until(lambda: keitaro.requests)
    await asyncio.sleep(0.2)  # so that the first is also the first to go on
    await fail(tracker, "list", RateLimitedError)
    held.set()

    await first
    assert {one.path for one in keitaro.requests} == {"streams/45"}


async def test_a_wish_heard_by_another_stops_a_repeat(dial, keitaro):
    """What the tracker said to the call itself is told."""
    keitaro.fail(status=500, path="streams/45")
    keitaro.fail(**limited("40"), path="offers")
    tracker = dial(pause_seconds=0.3)
    call = asyncio.create_task(fail(tracker, "get", ServerError))
    await until(lambda: keitaro.requests)
    with pytest.raises(RateLimitedError):
        await tracker.call(OFFER_LIST)

    await call
    assert len(keitaro.requests) == 2


# Places


async def test_a_pause_holds_no_place(dial, keitaro):
    keitaro.fail(status=500, path="streams/45")
    tracker = dial(calls_in_flight=1, pause_seconds=0.3)
    paused = asyncio.create_task(ask(tracker, "get"))
    await until(lambda: keitaro.requests)
    await asyncio.gather(paused, ask(tracker, "list"))

    assert [one.path for one in keitaro.requests] == ["streams/45", "campaigns", "streams/45"]


async def test_a_repeat_does_not_wait_for_a_place_beyond_its_deadline(dial, keitaro):
    keitaro.fail(status=500, path="streams/45")
    keitaro.fail(until=asyncio.Event(), path="campaigns")
    tracker = dial(calls_in_flight=1, deadline_seconds=0.6, pause_seconds=0.1)
    repeated = asyncio.create_task(fail(tracker, "get", ServerError))
    await until(lambda: keitaro.requests)

    await asyncio.gather(repeated, fail(tracker, "list", NoAnswerError))
    assert [one.path for one in keitaro.requests] == ["streams/45", "campaigns"]


async def test_it_is_known_how_many_wait(dial, keitaro):
    held = asyncio.Event()
    keitaro.fail(4, until=held)
    tracker = dial()
    calls = [asyncio.create_task(ask(tracker, "list")) for _ in range(7)]
    await until(lambda: len(keitaro.requests) == 4)
    waiting = tracker.waiting
    calls[-1].cancel()
    await asyncio.sleep(0)
    fewer = tracker.waiting
    held.set()
    await asyncio.gather(*calls, return_exceptions=True)

    assert (waiting, fewer, tracker.waiting) == (3, 2, 0)


async def test_a_repeat_finds_the_tracker_closed(dial, keitaro):
    keitaro.fail(status=500)
    tracker = dial(pause_seconds=0.1)
    call = asyncio.create_task(fail(tracker, "get", ServerError))
    await until(lambda: keitaro.requests)
    await tracker.close()

    await call
    assert len(keitaro.requests) == 1


# A tracker that is down


@each_fault
@pytest.mark.parametrize(("name", "tries"), [("get", 3), ("create", 1)])
async def test_after_five_failures_the_tracker_is_left_in_peace(
    name, tries, fault, kind, dial, keitaro
):
    """A call counts once, however often it was tried."""
    keitaro.fail(5 * tries, **fault)
    clock = Clock()
    tracker = dial(clock=clock)
    for _ in range(5):
        await fail(tracker, name, kind)
    error = await fail(tracker, name, PausedError)
    clock.at += 29.5
    later = await fail(tracker, "list", PausedError)

    assert (error.seconds, error.failures, error.in_doubt) == (30, 5, False)
    assert later.seconds == 1
    assert len(keitaro.requests) == 5 * tries
    clock.at += 0.5
    await ask(tracker, name)
    await ask(tracker, "list")
    assert len(keitaro.requests) == 5 * tries + 2


async def test_who_cannot_be_reached_is_left_in_peace(dial):
    wire = Dialling(*[caused_by(ConnectionRefusedError())] * 99)
    tracker = dial(transport=wire)
    for _ in range(5):
        await fail(tracker, "create", UnreachableError)

    await fail(tracker, "create", PausedError)
    assert wire.dials == 15


async def test_failures_that_are_not_in_a_row_do_not_count(dial, keitaro):
    tracker = dial()
    for count in (4, 4):
        keitaro.fail(count, status=500)
        for _ in range(count):
            await fail(tracker, "switch", ServerError)
        keitaro.fail(status=404, body={"error": "No"})
        await fail(tracker, "switch", NotFoundError)

    assert await ask(tracker, "switch")


async def down(tracker, keitaro):
    """Let *tracker* find out that it is down."""
    keitaro.fail(5, status=502, method="DELETE")
    for _ in range(5):
        await fail(tracker, "archive", ServerError)
    del keitaro.requests[:]


async def test_a_probe_that_fails_is_one_request(dial, keitaro):
    """Be it a question; the pause then starts anew."""
    clock = Clock()
    tracker = dial(clock=clock)
    await down(tracker, keitaro)
    keitaro.fail(9, status=502)

    for failures in (6, 7):
        clock.at += 30
        await fail(tracker, "get", ServerError)
        error = await fail(tracker, "get", PausedError)
        assert (error.seconds, error.failures) == (30, failures)
    assert len(keitaro.requests) == 2


async def test_one_probe_at_a_time(dial, keitaro):
    clock, held = Clock(), asyncio.Event()
    tracker = dial(clock=clock)
    await down(tracker, keitaro)
    clock.at += 31
    keitaro.fail(until=held)
    calls = [asyncio.create_task(ask(tracker, "list")) for _ in range(9)]
    await until(lambda: sum(call.done() for call in calls) == 8 and keitaro.requests)
    held.set()
    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    refused = [error for error in outcomes if isinstance(error, PausedError)]
    assert {error.seconds for error in refused} == {1}
    assert (len(refused), len(keitaro.requests)) == (8, 1)
    assert await ask(tracker, "list")


async def test_a_probe_that_is_broken_off_leaves_the_way_to_the_next(dial, keitaro):
    clock = Clock()
    tracker = dial(clock=clock)
    await down(tracker, keitaro)
    clock.at += 30
    keitaro.fail(until=asyncio.Event())
    probe = asyncio.create_task(ask(tracker, "list"))
    await until(lambda: keitaro.requests)
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)

    assert await ask(tracker, "list")
    assert len(keitaro.requests) == 2


async def test_a_probe_that_is_refused_shows_that_the_tracker_is_up(dial, keitaro):
    clock = Clock()
    tracker = dial(clock=clock)
    await down(tracker, keitaro)
    clock.at += 30
    keitaro.fail(status=422, body={"name": ["No"]})
    await fail(tracker, "create")

    assert await ask(tracker, "create")


async def test_a_call_under_way_may_show_that_the_tracker_is_up(dial, keitaro):
    held = asyncio.Event()
    keitaro.fail(until=held, path="campaigns")
    tracker = dial(clock=Clock())
    under_way = asyncio.create_task(ask(tracker, "list"))
    await until(lambda: keitaro.requests)
    await down(tracker, keitaro)
    await fail(tracker, "get", PausedError)
    held.set()
    await under_way

    assert await ask(tracker, "get")


async def test_a_call_under_way_does_not_make_the_pause_longer(dial, keitaro):
    held, clock = asyncio.Event(), Clock()
    keitaro.fail(until=held, status=502, path="streams/45/disable")
    tracker = dial(clock=clock)
    under_way = asyncio.create_task(fail(tracker, "switch", ServerError))
    await until(lambda: keitaro.requests)
    await down(tracker, keitaro)
    clock.at += 20
    held.set()
    await under_way

    assert (await fail(tracker, "get", PausedError)).seconds == 10
    clock.at += 10
    assert await ask(tracker, "get")


async def test_whoever_waits_for_a_place_is_told_at_once(dial, keitaro):
    held = asyncio.Event()
    keitaro.fail(until=held, status=502)
    tracker = dial(calls_in_flight=1, failures_in_a_row=1)
    first = asyncio.create_task(fail(tracker, "create", ServerError))
    await until(lambda: keitaro.requests)
    waiting = [asyncio.create_task(fail(tracker, "create", PausedError)) for _ in range(5)]
    await until(lambda: tracker.waiting == 5)
    held.set()

    await asyncio.gather(first, *waiting)
    assert len(keitaro.requests) == 1


async def test_a_pause_stops_a_repeat(dial, keitaro):
    """What the tracker said to the call itself is told."""
    keitaro.fail(2, status=500, body={"error": "Oops"})
    tracker = dial(pause_seconds=0.3, failures_in_a_row=1)
    call = asyncio.create_task(fail(tracker, "get", ServerError))
    await until(lambda: keitaro.requests)
    await fail(tracker, "create", ServerError)

    await call
    assert len(keitaro.requests) == 2


async def test_the_doctor_does_not_claim_to_have_looked(dial, keitaro):
    tracker = dial()
    await down(tracker, keitaro)

    found = {finding.step: finding for finding in await examine(tracker)}
    assert {step: finding.ok for step, finding in found.items() if finding.ok is not None} == {
        "dns": True,
        "keitaro": False,
    }
    assert isinstance(found["keitaro"].error, PausedError)
    assert keitaro.requests == []
