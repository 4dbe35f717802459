"""What can happen on the wire, over real sockets on this machine."""

import asyncio
import contextlib
import gzip
import socket
import ssl
import traceback

import httpx
import pytest

from keitaro import (
    CAMPAIGN_LIST,
    STREAM_CREATE,
    STREAM_GET,
    Address,
    ExchangeError,
    ForbiddenError,
    Limits,
    Network,
    NoAnswerError,
    NotFoundError,
    RedirectError,
    ServerError,
    Tracker,
    UnreachableError,
    UnreadableError,
)
from tests.wire import CHUNKED, HEAD, Wire, answer, certificate, dripping, packed, reset, saying

KEY = "fake-key-of-the-tracker-1111"
NEW_STREAM = {
    "campaign_id": 501,
    "schema": "action",
    "type": "default",
    "name": "Fallback",
    "action_type": "do_nothing",
}
SHORT = Limits(deadline_seconds=1.5, connect_seconds=5)
SMALL = Limits(answer_bytes=1000)
SOON = Limits(pause_seconds=0.01)


class Dialled(Wire):
    """A server, and trackers that dial it."""

    def __init__(self, behave, stack):
        super().__init__(behave)
        self.stack = stack

    def tracker(self, *, scheme="http", host="127.0.0.1", limits=SOON, **options):
        private = frozenset({f"{host}:{self.port}"})
        network = Network(limits=limits, private=private, **options)
        tracker = Tracker(Address(scheme, host, self.port), KEY, network=network)
        self.stack.push_async_callback(tracker.close)
        return tracker


@pytest.fixture
async def listen():
    """Return a function that starts a server with one behaviour; true ends a connection."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(behave, *, tls=None):
            return await stack.enter_async_context(Dialled(behave, stack).listening(tls=tls))

        yield start


async def fail(tracker, operation=STREAM_CREATE, **arguments):
    if operation is STREAM_CREATE:
        arguments = {"body": NEW_STREAM}
    with pytest.raises(ExchangeError) as caught:
        await tracker.call(operation, **arguments)
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert KEY not in shown
    assert caught.value.sent.operation == operation.name
    return caught.value


ECHO = b"HTTP/9 Api-Key: " + KEY.encode() + b"\r\n\r\n"
# A behaviour, and which way there is no answer.
SILENCE = {
    "closed": (saying(close=True), "cut"),
    "reset": (reset, "cut"),
    "cut in the headers": (saying(HEAD, close=True), "cut"),
    "cut in the body": (saying(HEAD, b"\r\n", b'{"id"', close=True), "cut"),
    "cut in a chunk": (saying(CHUNKED, b"ff\r\n{", close=True), "cut"),
    "bad chunk": (saying(CHUNKED, b"zz\r\n{", close=True), "garbled"),
    "no http": (saying(ECHO, close=True), "garbled"),
    "bad header": (saying(HEAD, b"Api-Key " + KEY.encode() + b"\r\n\r\n", close=True), "garbled"),
    "long header": (saying(HEAD, b"X: ", b"x" * 300_000, close=True), "garbled"),
    "two lengths": (saying(HEAD, b"Content-Length: 3\r\n\r\n{}", close=True), "garbled"),
    "silent": (saying(stall=True), "timeout"),
    "stalled in the headers": (saying(HEAD, stall=True), "timeout"),
    "stalled in the body": (saying(HEAD, b'\r\n{"id": 45', stall=True), "timeout"),
    "unasked 101": (saying(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", close=True), "garbled"),
    "a few 1xx": (saying(b"HTTP/1.1 100 Continue\r\n\r\n" * 50, stall=True), "timeout"),
    "many 1xx": (saying(b"HTTP/1.1 100 Continue\r\n\r\n" * 500, stall=True), "garbled"),
    "many headers": (saying(HEAD, b"X: y\r\n" * 300, b"\r\n", b" " * 20, stall=True), "garbled"),
    "many trailers": (saying(CHUNKED, b"0\r\n", b"X: y\r\n" * 300, b"\r\n", stall=True), "garbled"),
    "a length and chunks": (
        saying(HEAD, b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", stall=True),
        "garbled",
    ),
}


@pytest.mark.parametrize(("behave", "cause"), SILENCE.values(), ids=SILENCE.keys())
async def test_no_whole_answer_leaves_a_change_in_doubt(behave, cause, listen):
    """The request is sent once, and never again."""
    wire = await listen(behave)

    error = await fail(wire.tracker(limits=SHORT if cause == "timeout" else SOON))

    assert isinstance(error, NoAnswerError)
    assert (error.cause, error.in_doubt) == (cause, True)
    assert len(wire.requests) == 1


async def test_an_answer_that_drips_is_too_slow(listen):
    drip = dripping(CHUNKED, b"1\r\n \r\n", every=0.005)

    error = await fail((await listen(drip)).tracker(limits=SHORT))

    assert (type(error), error.cause) == (NoAnswerError, "timeout")


@pytest.mark.parametrize(
    ("count", "reason"), [(20_000, "not_json"), (20_001, "too_large")], ids=["many", "too many"]
)
async def test_an_answer_comes_in_so_many_pieces_at_most(count, reason, listen):
    wire = await listen(saying(CHUNKED + b"1\r\n \r\n" * count + b"0\r\n\r\n"))

    error = await fail(wire.tracker(), STREAM_GET, id=45)

    assert (type(error), error.reason, error.status) == (UnreadableError, reason, 200)


ODD_LOCATIONS = ["https://xn--/", "https://xn--a.example/", "https://[", "//a:b", "http://a:999999"]


@pytest.mark.parametrize("location", ODD_LOCATIONS)
async def test_a_redirect_to_nowhere_is_a_redirect(location, listen):
    """The HTTP library reads where a redirect leads although it is not followed."""
    wire = await listen(
        saying(answer(b"", status="302 Found", headers=f"Location: {location}\r\n"))
    )

    error = await fail(wire.tracker())

    assert (type(error), error.status, error.location) == (RedirectError, 302, location)
    assert not error.in_doubt


async def test_a_broken_body_does_not_hide_its_status(listen):
    """After 3xx and 4xx it is certain that nothing was done, whatever became of the body."""
    length = "\r\nContent-Length: 2000\r\n\r\n"
    cases = [
        (f"404 Not Found{length}cut", True, NotFoundError, False),
        (f"403 Forbidden{length}stalled", False, ForbiddenError, False),
        (f"403 Forbidden\r\nContent-Encoding: br{length}", False, ForbiddenError, False),
        (f"302 Found{length}", True, RedirectError, False),
        (f"404 Not Found{length}{'x' * 2000}", False, NotFoundError, False),
        (f"502 Bad Gateway{length}cut", True, ServerError, True),
    ]
    limits = Limits(deadline_seconds=0.5, answer_bytes=1000)

    for text, close, kind, in_doubt in cases:
        wire = await listen(saying(b"HTTP/1.1 " + text.encode(), close=close, stall=not close))
        error = await fail(wire.tracker(limits=limits))

        assert type(error) is kind
        assert error.in_doubt is in_doubt
        assert KEY not in str(error)


LIST = b'[{"id": 1}]'
OTHER = answer(b'[{"id": 666}]')
IN_CHUNKS = CHUNKED + b"b\r\n" + LIST + b"\r\n0\r\n\r\n"
# An answer, and what comes behind it although nobody has asked.
FOLLOWED = {
    "an answer": answer(LIST) + OTHER,
    "an answer in chunks": IN_CHUNKS + OTHER,
    "an answer after lines behind the last chunk": IN_CHUNKS[:-2] + b"X: y\r\n\r\n" + OTHER,
    "an answer after a bare end of line": IN_CHUNKS[:-2] + b"\n" + OTHER,
    "an answer in chunks behind another": IN_CHUNKS + CHUNKED + b"d\r\n" + OTHER[-13:] + b"\r\n0\r\n\r\n",
    "an answer after a promise": b"HTTP/1.1 100 Continue\r\n\r\n" + answer(LIST) + OTHER,
    "a promise": answer(LIST) + b"HTTP/1.1 100 Continue\r\n\r\n",
    "one byte": answer(LIST) + b"\n",
    "a megabyte": answer(LIST) + b" " * 1_000_000,
}  # fmt: skip


@pytest.mark.parametrize("is_split", [False, True], ids=["at once", "a moment later"])
@pytest.mark.parametrize("is_secure", [False, True], ids=["plain", "encrypted"])
@pytest.mark.parametrize("raw", FOLLOWED.values(), ids=FOLLOWED.keys())
async def test_what_follows_an_answer_is_not_the_next_one(
    raw, is_secure, is_split, listen, tmp_path
):
    """The next question goes through a connection of its own, and gets its own answer."""
    pem, context = certificate(tmp_path)

    async def behave(writer):
        first, rest = (raw[: len(raw) // 2], raw[len(raw) // 2 :]) if is_split else (raw, b"")
        with contextlib.suppress(ConnectionError):
            if wire.connections == 1:
                writer.write(first)
                await writer.drain()
                writer.write(rest)
                await writer.drain()
            else:
                writer.write(answer(b'[{"id": 2}]'))

    wire = await listen(behave, tls=context if is_secure else None)
    tracker = wire.tracker(scheme="https" if is_secure else "http", ca_file=pem)

    assert await tracker.call(CAMPAIGN_LIST) == [{"id": 1}]
    assert await tracker.call(CAMPAIGN_LIST) == [{"id": 2}]
    assert (wire.connections, len(wire.requests)) == (2, 2)


KEPT = {
    "a length": answer(LIST),
    "the same length twice": answer(LIST, headers=f"Content-Length: {len(LIST)}\r\n"),
    "chunks": IN_CHUNKS,
    "chunks with extensions": CHUNKED + b"B;x=y\r\n" + LIST + b"\r\n00;z\r\nX: y\r\n\r\n",
    "bytes that look like an end": CHUNKED + b"5\r\n0\r\n\r\n\r\n" + IN_CHUNKS[len(CHUNKED) :],
    "a chunk of its own for each byte": CHUNKED
    + b"".join(b"1\r\n%c\r\n" % byte for byte in LIST)
    + b"0\r\n\r\n",
    "a few promises": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 3 + answer(LIST),
    "many headers": answer(LIST, headers="X: y\r\n" * 200),
    "a long header": answer(LIST, headers=f"X: {'y' * 60_000}\r\n"),
}


SHORT_ONES = [name for name in KEPT if len(KEPT[name]) < 2000]
DELIVERIES = [(name, 0) for name in KEPT] + [(name, n) for name in SHORT_ONES for n in (1, 7)]


@pytest.mark.parametrize(("name", "every"), DELIVERIES)
async def test_a_connection_is_kept_whatever_an_answer_is_made_of(name, every, listen):
    """It may come at once, or in pieces of so many bytes."""
    raw = KEPT[name]
    size = every or len(raw)

    async def behave(writer):
        for at in range(0, len(raw), size):
            writer.write(raw[at : at + size])
            await writer.drain()
            await asyncio.sleep(0)

    wire = await listen(behave)
    tracker = wire.tracker()

    for _ in range(3):
        if name == "bytes that look like an end":
            assert (await fail(tracker, CAMPAIGN_LIST)).reason == "not_json"
        else:
            assert await tracker.call(CAMPAIGN_LIST) == [{"id": 1}]
    assert wire.connections == 1


HUGE = b" " * 50_000_000
READ_WELL = {
    "gzip": packed(LIST),
    "GZIP": packed(LIST, encoding="GZIP"),
    "identity": answer(LIST, headers="Content-Encoding: identity\r\n"),
    "chunked": CHUNKED + b"b\r\n" + LIST + b"\r\n0\r\n\r\n",
    "until close": b"HTTP/1.0 200 OK\r\n\r\n" + LIST,
    "at the limit": answer(LIST + b" " * (1000 - len(LIST))),
    "gzip at the limit": packed(LIST + b" " * (1000 - len(LIST))),
}


@pytest.mark.parametrize("raw", READ_WELL.values(), ids=READ_WELL.keys())
async def test_encodings_and_framings_that_are_read(raw, listen):
    wire = await listen(saying(raw, close=True))

    assert await wire.tracker(limits=SMALL).call(CAMPAIGN_LIST) == [{"id": 1}]


TOO_MUCH = {
    "a length": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 2000, "too_large"),
    "no length": (CHUNKED + b"ffff\r\n" + b"x" * 65535 + b"\r\n", "too_large"),
    "one too many": (answer(b" " * 1001), "too_large"),
    "gzip one too many": (packed(b" " * 1001), "too_large"),
    "gzip bomb": (packed(HUGE), "too_large"),
    "double gzip": (packed(HUGE, encoding="gzip, gzip", times=2), "encoding"),
    "hidden double gzip": (packed(LIST, times=2), "not_json"),
    "two headers": (packed(LIST, encoding="gzip\r\nContent-Encoding: gzip", times=2), "encoding"),
    "br": (packed(LIST, encoding="br"), "encoding"),
    "zstd": (packed(LIST, encoding="zstd"), "encoding"),
    "no gzip": (answer(LIST, headers="Content-Encoding: gzip\r\n"), "encoding"),
    "half a gzip": (answer(gzip.compress(LIST)[:-9], headers="Content-Encoding: gzip\r\n"), "encoding"),
    "gzip and more": (answer(gzip.compress(LIST) + b"x", headers="Content-Encoding: gzip\r\n"), "encoding"),
    "nothing in gzip": (answer(b"", headers="Content-Encoding: gzip\r\n"), "not_json"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "reason"), TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_bombs_and_riddles_are_put_down(raw, reason, listen):
    """What was not read to its end does not leak into the next answer either."""
    answers = iter([raw, answer(LIST)])

    async def behave(writer):
        with contextlib.suppress(ConnectionError):
            writer.write(next(answers))
            await writer.drain()

    wire = await listen(behave)
    tracker = wire.tracker(limits=SMALL)

    error = await fail(tracker, CAMPAIGN_LIST)

    assert isinstance(error, UnreadableError)
    assert (error.reason, error.status, error.in_doubt) == (reason, 200, True)
    assert await tracker.call(CAMPAIGN_LIST) == [{"id": 1}]
    assert len(wire.requests) == 2


async def test_a_refused_connection_is_certain(listen):
    wire = await listen(saying())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        wire.port = taken.getsockname()[1]
        error = await fail(wire.tracker())

    assert (type(error), error.cause, error.in_doubt) == (UnreachableError, "refused", False)


async def test_a_name_that_does_not_resolve_is_certain(listen):
    """The name is longer than names may be, so no resolver is asked."""
    wire = await listen(saying())

    error = await fail(wire.tracker(host=".".join(["x" * 63] * 5)))

    assert (type(error), error.cause, error.in_doubt) == (UnreachableError, "dns", False)
    assert error.detail
    assert wire.requests == []


async def test_a_certificate_file_makes_its_tracker_trusted(listen, tmp_path):
    pem, context = certificate(tmp_path)
    wire = await listen(saying(answer(LIST)), tls=context)

    tracker = wire.tracker(scheme="https", ca_file=pem)

    assert await tracker.call(CAMPAIGN_LIST) == [{"id": 1}]


@pytest.mark.parametrize(
    ("options", "is_trusted", "detail"),
    [
        ({}, False, "self-signed certificate"),
        ({"name": "127.0.0.2"}, True, "mismatch"),
        ({"days": -1}, True, "certificate has expired"),
    ],
    ids=["self-signed", "another host", "expired"],
)
async def test_a_bad_certificate_stops_everything(options, is_trusted, detail, listen, tmp_path):
    pem, context = certificate(tmp_path, **options)
    wire = await listen(saying(), tls=context)

    error = await fail(wire.tracker(scheme="https", ca_file=pem if is_trusted else None))

    assert (type(error), error.cause, error.in_doubt) == (UnreachableError, "tls", False)
    assert detail in error.detail
    assert wire.requests == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_old_encryption_is_refused(listen, tmp_path):
    pem, context = certificate(tmp_path)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    wire = await listen(saying(), tls=context)

    error = await fail(wire.tracker(scheme="https", ca_file=pem))

    assert (type(error), error.cause) == (UnreachableError, "tls")
    assert wire.requests == []


@pytest.mark.parametrize("hello", [b"SSH-2.0-x\r\n", b""], ids=["another protocol", "closed"])
async def test_a_port_that_does_not_speak_tls(hello, listen):
    async def greet(reader, writer):
        await reader.read(1)
        writer.write(hello)
        writer.close()

    wire = await listen(saying())
    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    async with server:
        error = await fail(wire.tracker(scheme="https"))

    assert (type(error), error.cause, error.in_doubt) == (UnreachableError, "tls", False)


@pytest.mark.parametrize(
    "limits",
    [Limits(connect_seconds=0.05), Limits(deadline_seconds=0.12)],
    ids=["connecting", "whole"],
)
async def test_a_stalled_handshake_is_certain(limits, listen):
    """Whichever clock runs out, no byte of the request has left."""
    gone = asyncio.Event()

    async def stall(reader, writer):
        while await reader.read(1000):
            pass
        writer.close()
        gone.set()

    wire = await listen(saying())
    server = await asyncio.start_server(stall, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    async with server:
        error = await fail(wire.tracker(scheme="https", limits=limits))
        await gone.wait()

    assert (type(error), error.cause, error.detail) == (UnreachableError, "timeout", "tls")
    assert not error.in_doubt


class Failing(httpx.AsyncBaseTransport):
    """A wire that fails in one way, without telling how far the request got."""

    def __init__(self, error):
        self.error = error

    async def handle_async_request(self, request):
        raise self.error


LIBRARY_ERRORS = [
    (httpx.ConnectError("x"), UnreachableError, "other"),
    (httpx.ConnectTimeout("x"), UnreachableError, "timeout"),
    (httpx.PoolTimeout("x"), UnreachableError, "timeout"),
    (httpx.WriteError("x"), NoAnswerError, "cut"),
    (httpx.WriteTimeout("x"), NoAnswerError, "timeout"),
    (httpx.ReadError("x"), NoAnswerError, "cut"),
    (httpx.ReadTimeout("x"), NoAnswerError, "timeout"),
    (httpx.LocalProtocolError(KEY), NoAnswerError, "cut"),
    (httpx.RemoteProtocolError(KEY), NoAnswerError, "garbled"),
    (ConnectionResetError(KEY), NoAnswerError, "cut"),
    (ssl.SSLError(KEY), NoAnswerError, "cut"),
    (TimeoutError(KEY), NoAnswerError, "timeout"),
    (httpx.DecodingError(KEY), NoAnswerError, "cut"),
    (httpx.TooManyRedirects(KEY), NoAnswerError, "cut"),
    (httpx.InvalidURL(KEY), NoAnswerError, "cut"),
    (httpx.StreamConsumed(), NoAnswerError, "cut"),
    (ValueError(KEY), NoAnswerError, "cut"),
    (UnicodeError(KEY), NoAnswerError, "cut"),
]


@pytest.mark.parametrize(("raised", "kind", "cause"), LIBRARY_ERRORS)
async def test_every_failure_of_the_library_is_translated(raised, kind, cause):
    network = Network(limits=SOON, transport=Failing(raised))
    tracker = Tracker(Address("https", "tracker.example", 443), KEY, network=network)

    error = await fail(tracker)

    assert (type(error), error.cause) == (kind, cause)


@pytest.mark.parametrize(
    ("last", "cause"), [(ConnectionRefusedError("b"), "refused"), (OSError("b"), "other")]
)
async def test_several_addresses_that_fail_are_one_failure(last, cause):
    """A name with several addresses fails with a group of errors inside."""
    error = httpx.ConnectError("x")
    error.__cause__ = OSError("all failed")
    error.__cause__.__cause__ = ExceptionGroup("all", [OSError("a"), last])
    network = Network(limits=SOON, transport=Failing(error))

    told = await fail(Tracker(Address("https", "tracker.example", 443), KEY, network=network))

    assert (type(told), told.cause) == (UnreachableError, cause)


async def test_at_most_four_calls_are_in_flight(listen):
    """The fifth waits, and its waiting does not count as slowness of the tracker."""
    four = asyncio.Barrier(4)
    active, most = 0, 0

    async def behave(writer):
        nonlocal active, most
        active += 1
        most = max(most, active)
        await four.wait()
        active -= 1
        writer.write(answer(b'{"id": 45}'))

    wire = await listen(behave)
    tracker = wire.tracker()

    async with asyncio.TaskGroup() as group:
        calls = [group.create_task(tracker.call(STREAM_GET, id=45)) for _ in range(12)]

    assert [call.result() for call in calls] == [{"id": 45}] * 12
    assert most == 4
    assert wire.connections <= 4


async def test_calls_under_way_end_before_the_tracker_closes(listen):
    """So do those that wait for a place; what comes later is not sent."""
    four, go = asyncio.Barrier(5), asyncio.Event()

    async def behave(writer):
        if not go.is_set():
            await four.wait()
        await go.wait()
        writer.write(answer(b'{"id": 45}'))

    wire = await listen(behave)
    tracker = wire.tracker()
    calls = [asyncio.create_task(tracker.call(STREAM_GET, id=45)) for _ in range(6)]
    await four.wait()
    closing = asyncio.create_task(tracker.close())
    go.set()

    assert await asyncio.gather(*calls) == [{"id": 45}] * 6
    await closing
    assert isinstance(await fail(tracker), UnreachableError)
    assert len(wire.requests) == 6


async def test_nothing_is_sent_to_a_tracker_that_is_closed(listen):
    wire = await listen(saying(answer(LIST)))
    tracker = wire.tracker()
    await tracker.close()
    await tracker.close()

    for _ in range(6):
        error = await fail(tracker)
        assert isinstance(error, UnreachableError)
        assert (error.cause, error.detail, error.in_doubt) == ("other", "closed", False)
    assert wire.connections == 0


async def test_a_connection_is_used_again_and_cookies_are_not_kept(listen):
    wire = await listen(saying(answer(LIST, headers="Set-Cookie: a=b; Path=/\r\n")))
    tracker = wire.tracker()

    for _ in range(2):
        await tracker.call(CAMPAIGN_LIST)

    assert wire.connections == 1
    assert b"cookie" not in wire.requests[1].lower()


async def test_a_connection_that_dies_under_a_request_is_not_tried_again(listen):
    turns = iter([False, True])

    async def behave(writer):
        if next(turns):
            return True
        writer.write(answer(LIST))
        return False

    wire = await listen(behave)
    tracker = wire.tracker()
    await tracker.call(CAMPAIGN_LIST)

    error = await fail(tracker)

    assert (type(error), error.cause) == (NoAnswerError, "cut")
    assert len(wire.requests) == 2


async def test_requests_say_who_asks(listen):
    wire = await listen(saying(answer(LIST)))

    await wire.tracker().call(CAMPAIGN_LIST)

    lines = wire.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /admin_api/v1/campaigns HTTP/1.1"
    headers = dict(line.split(": ", 1) for line in lines[1:] if line)
    assert headers.pop("User-Agent").startswith("keitaro-bot")
    assert headers == {
        "Host": f"127.0.0.1:{wire.port}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Connection": "keep-alive",
        "Api-Key": KEY,
    }


async def test_the_environment_has_no_say(listen, monkeypatch, tmp_path):
    """Proxies, logins and certificates of the environment are not used."""
    trap = await listen(saying(close=True))
    pem, context = certificate(tmp_path)
    wire = await listen(saying(answer(LIST)))
    secure = await listen(saying(answer(LIST)), tls=context)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login canary password canary\n")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{trap.port}")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))

    assert await wire.tracker().call(CAMPAIGN_LIST) == [{"id": 1}]
    error = await fail(secure.tracker(scheme="https"))

    assert trap.connections == 0
    assert b"authorization" not in wire.requests[0].lower()
    assert error.cause == "tls"
    assert not (tmp_path / "keys").exists()


COSTLY = {
    "empty objects": b"[" + b"{}," * 120_000 + b"{}]",
    "values": b"[" + b"1," * 400_000 + b"1]",
    "names that differ": b"{" + b",".join(b'"key%d":1' % n for n in range(70_000)) + b"}",
    "rows of names that differ": b"["
    + b",".join(b'{"a%d":1,"b%d":1,"c%d":1}' % (n, n, n) for n in range(30_000))
    + b"]",
}


@pytest.mark.parametrize("content", COSTLY.values(), ids=COSTLY.keys())
async def test_what_takes_long_to_read_is_not_read(content, listen):
    wire = await listen(saying(answer(content)))

    error = await fail(wire.tracker(), CAMPAIGN_LIST)

    assert (type(error), error.reason) == (UnreadableError, "too_large")


async def test_a_number_of_thousands_of_digits_is_not_read(listen):
    wire = await listen(saying(answer(b'[{"id": 0.' + b"1" * 10_000 + b"}]")))

    error = await fail(wire.tracker(), CAMPAIGN_LIST)

    assert (type(error), error.reason) == (UnreadableError, "not_json")


async def test_many_rows_with_the_same_names_are_read(listen):
    row = b'{"campaign":"x","clicks":1,"cost":2}'
    wire = await listen(saying(answer(b"[" + b",".join([row] * 100_000) + b"]")))

    assert len(await wire.tracker().call(CAMPAIGN_LIST)) == 100_000


async def test_a_large_answer_to_a_change_is_read(listen):
    stream = b'{"id": 45, "name": "' + b"x" * 900_000 + b'"}'
    wire = await listen(saying(answer(stream)))

    found = await wire.tracker().call(STREAM_CREATE, body=NEW_STREAM)

    assert len(found["name"]) == 900_000
