"""When the tracker fails: what is said must be true, and nothing is sent twice.

Every fault meets four commands: two that read, one that creates and one that changes. Faults
after which a change may have been made meet the last two once before and once after the deed.
"""

import contextlib
import gzip
import json
import logging
import re
import sqlite3
from asyncio import Event
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any, get_args

import httpx
import pytest

import keitaro as api
from bot.app import assembled
from bot.settings import Settings
from handlers.answer import Answer, Place
from handlers.errors import explain
from handlers.faults import (
    AlbumError,
    AmbiguousPayloadError,
    EmptyFileError,
    FileLostError,
    FindingsError,
    GivenUpError,
    HandlerError,
    JsonError,
    JsonFault,
    LeakedError,
    LinkTriesError,
    ListError,
    ListRefusedError,
    NothingToUndoError,
    NotLinkedError,
    NotTextError,
    OtherStreamError,
    PayloadMissingError,
    RefusedError,
    RestingError,
    SwapError,
    TooLargeError,
    UndoError,
    UsageError,
    WrongPayloadError,
)
from handlers.render.html import plain
from handlers.roles import Role
from handlers.stats.faults import (
    NotPrintedError,
    PhraseError,
    PhraseFault,
    SavedError,
    WideReportError,
)
from handlers.texts import ENGLISH, RUSSIAN, Texts
from handlers.turn import Sender, Turn
from keitaro import (
    BlockedError,
    ExchangeError,
    Finding,
    ForbiddenError,
    InvalidError,
    KeyRefusedError,
    LicenceError,
    Limits,
    NoAnswerError,
    NotFoundError,
    NotKeitaroError,
    PausedError,
    RateLimitedError,
    RedirectError,
    ResponseError,
    ServerError,
    UnreachableError,
    UnreadableError,
)
from sandbox.keitaro import Keitaro
from sandbox.serving import serving
from sandbox.telegram import Person, Telegram
from storage import Chat
from tests.conftest import KEY, SETTLE_SECONDS, Clock, Room

NEW = {
    "campaign_id": 12,
    "type": "regular",
    "schema": "action",
    "name": "Main",
    "action_type": "do_nothing",
    "collect_clicks": True,
}
REPORT = {"measures": ["clicks"]}
# The command, and the request it comes to.
SCENES = {
    "stats": (f"/stats {json.dumps(REPORT)}", "POST", "report/build", "report.build", REPORT),
    "card": ("/stream 45", "GET", "streams/45", "stream.get", None),
    "create": (f"/stream {json.dumps(NEW)}", "POST", "streams", "stream.create", NEW),
    "change": ("/stream 45 off", "POST", "streams/45/disable", "stream.disable", None),
}
FIRST_NEW = 1001
READS = ("stats", "card")
CHANGES = ("create", "change")
UNKNOWN = "I do not know whether the change was made. I did not send it again."
UNDONE = {
    "create": ("The stream was not created", "It is not there."),
    "change": ("Stream 45 was not changed", "It is as it was before."),
}
SEND_AGAIN = "Send it again if you still want it."
CARD = (
    "CA/US main · stream 45\nCampaign: 11 Camping CA\n🔴 off · regular · position 1 · weight 70\n"
)
PAGE = "<!DOCTYPE html><html><body>Bad gateway <b>secret of the proxy</b></body></html>"
MISSING = "Traffic\\Model\\Stream #45 not found"
LATER = "Try again in a minute; /status says where it fails."
NEW_KEY = "An owner or admin can link the chat again with a new key: /link"
RIGHTS = "Give the user of this key the right in the tracker: Maintenance → Users."
CLOUDFLARE = "Allow the path /admin_api/ in Cloudflare for the server of this bot."
ADDRESS = "Check the address of the tracker and link it again: /link"
CHECK_ID = "Check the id; what is in another tracker is not found here."
IN_TRACKER = "Look at it in the tracker: it has more in it than I can handle."
SMALLER = "Ask for less: a shorter period, fewer columns, fewer rows."
FIX = "Correct it and send it again."
WAIT = "Too many requests. Wait a minute."
WAIT_FOR = "The tracker asks for a break. Please try again in"
FAILED = "the tracker failed"
NO_RIGHT = "the user of this key has no right to this"
STRANGE = "this host does not answer as the Admin API"
BAN = {
    "title": "Error 1010: Access denied",
    "status": 403,
    "error_code": 1010,
    "error_name": "browser_signature_banned",
    "cloudflare_error": True,
}


@dataclass(frozen=True)
class Row:
    """A fault, and what is said of it.

    *said* are the tracker's own words, *response* is what is shown of its answer. Where *doubt*,
    a change may have been made.
    """

    kind: type[ExchangeError]
    fault: dict[str, Any]
    headline: str
    advice: str
    said: tuple[str, ...] = ()
    response: Any = ""
    doubt: bool = False
    only: tuple[str, ...] = (*READS, *CHANGES)


@pytest.fixture
async def linked(linked: Room) -> Room:
    """Changes of streams run at once here: what is asked before them is tested elsewhere."""
    await linked.never_ask()
    return linked


def refused(
    kind: type[ExchangeError], status: str, advice: str, error: str, *, of: str = ""
) -> Row:
    """Return the row of a refusal in the tracker's usual form."""
    body = {"error": error}
    fault = {"status": int(status[:3]), "body": body}
    return Row(kind, fault, f"{status}{of and ': '}{of}", advice, (error,), body)


def fields(status: str, body: dict[str, Any], *said: str) -> Row:
    """Return the row of a validation that failed, field by field."""
    return Row(InvalidError, {"status": int(status[:3]), "body": body}, status, FIX, said, body)


def limited(wait: str | None, advice: str, **headers: str) -> Row:
    """Return the row of too many requests."""
    asked = {} if wait is None else {"retry-after": wait}
    fault = {"status": 429, "body": {"error": "Slow down"}, "headers": asked | headers}
    return Row(
        RateLimitedError, fault, "429 Too Many Requests", advice, ("Slow down",), fault["body"]
    )


def moved(status: str, to: str) -> Row:
    """Return the row of a redirect."""
    fault = {"status": int(status[:3]), "headers": {"location": to}}
    where = f"{status}: it redirects to {to or '?'}, I did not follow"
    return Row(RedirectError, fault, where, ADDRESS)


def gateway(status: str) -> Row:
    """Return the row of a page that a proxy shows in the place of the tracker."""
    fault = {"status": int(status[:3]), "body": PAGE}
    return Row(ServerError, fault, f"{status}: {FAILED}", LATER, doubt=True)


def unreadable(headline: str, body: bytes, *, advice: str = LATER, **headers: str) -> Row:
    """Return the row of a yes that cannot be read."""
    fault = {"status": 200, "body": body, "headers": headers}
    return Row(UnreadableError, fault, headline, advice, doubt=True)


NOT_JSON = "The answer is not what the Admin API sends"
SHAPE = "The answer does not match the question"
PACKED = "The answer is packed in a way I do not read"
MANY = {f"field_{number}": ["is wrong", "is <b>late</b>"] for number in range(6)}
NO_PERMISSION = "You have no permission to access this page to streams"
DATES = {"retry-after": "Sun, 22 Nov 2026 12:00:40 GMT", "date": "Sun, 22 Nov 2026 12:00:00 GMT"}
ROWS = {
    "400": refused(InvalidError, "400 Bad Request", FIX, "Unknown option group"),
    "400 fields": fields("400 Bad Request", {"name": ["Too long"]}, "name: Too long"),
    "400 text": Row(
        InvalidError,
        {"status": 400, "body": "No <b>body", "content_type": "text/plain"},
        "400 Bad Request",
        FIX,
        ("No <b>body",),
        "No <b>body",
    ),
    "400 empty": Row(InvalidError, {"status": 400}, "400 Bad Request", FIX),
    "401": refused(
        KeyRefusedError,
        "401 Unauthorized",
        NEW_KEY,
        "Access denied",
        of="the tracker refuses the key",
    ),
    "402": refused(
        LicenceError,
        "402 Payment Required",
        "Check edition and licence in the tracker's panel.",
        "Not in your edition",
        of="the licence of the tracker has no Admin API",
    ),
    "403": Row(
        ForbiddenError,
        {"status": 403, "body": {"error": NO_PERMISSION, "stacktrace": None}},
        f"403 Forbidden: {NO_RIGHT}",
        RIGHTS,
        (NO_PERMISSION,),
        {"error": NO_PERMISSION, "stacktrace": None},
    ),
    "403 page": Row(
        ForbiddenError, {"status": 403, "body": PAGE}, f"403 Forbidden: {NO_RIGHT}", RIGHTS
    ),
    "403 Cloudflare": Row(
        BlockedError,
        {"status": 403, "body": BAN},
        "403 Forbidden: Cloudflare in front of the tracker blocked me",
        CLOUDFLARE,
        ("Error 1010: Access denied",),
        BAN,
    ),
    "403 page of Cloudflare": Row(
        BlockedError,
        {"status": 403, "body": PAGE, "headers": {"server": "cloudflare"}},
        "403 Forbidden: Cloudflare in front of the tracker blocked me",
        CLOUDFLARE,
    ),
    "404 text": Row(
        NotFoundError,
        {"status": 404, "body": MISSING, "content_type": "text/plain"},
        "404 Not Found",
        CHECK_ID,
        (MISSING,),
        MISSING,
    ),
    "404 JSON": refused(NotFoundError, "404 Not Found", CHECK_ID, "Not found"),
    "404 page": Row(
        NotKeitaroError, {"status": 404, "body": PAGE}, f"404 Not Found: {STRANGE}", ADDRESS
    ),
    "405": refused(
        ResponseError, "405 Method Not Allowed", "Look at the message of the tracker.", "No"
    ),
    "406": fields(
        "406 Not Acceptable", {"alias": ["Alias has already used"]}, "alias: Alias has already used"
    ),
    "409": refused(ResponseError, "409 Conflict", "Look at the message of the tracker.", "Off"),
    "422": fields(
        "422 Unprocessable Entity",
        {"name": ["Name is required", "<i>"], "stacktrace": "#0 index.php"},
        "name: Name is required",
        "name: <i>",
    ),
    "422 many": fields(
        "422 Unprocessable Entity",
        MANY,
        *[f"field_{n}: {text}" for n in range(5) for text in ("is wrong", "is <b>late</b>")],
        "… +2",
    ),
    "429": limited(None, WAIT),
    "429 2": limited("2", f"{WAIT_FOR} 2 s."),
    "429 0": limited("0", f"{WAIT_FOR} 0 s."),
    "429 -1": limited("-1", WAIT),
    "429 999999": limited("999999", f"{WAIT_FOR} 278 h."),
    "429 date": limited(None, f"{WAIT_FOR} 40 s.", **DATES),
    "429 garbage": limited("soon, <b>", WAIT),
    "499": refused(ResponseError, "499", "Look at the message of the tracker.", "Gone away"),
    "500": Row(
        ServerError,
        {"status": 500, "body": {"error": "SQLSTATE[HY000] <br>"}},
        f"500 Internal Server Error: {FAILED}",
        LATER,
        ("SQLSTATE[HY000] <br>",),
        {"error": "SQLSTATE[HY000] <br>"},
        doubt=True,
    ),
    "500 with the key": Row(
        ServerError,
        {"status": 500, "body": {"error": f"Api-Key {KEY} at {KEY.upper()}", KEY: [KEY]}},
        f"500 Internal Server Error: {FAILED}",
        LATER,
        ("Api-Key ••••2222 at ••••2222", "••••2222: ••••2222"),
        {"error": "Api-Key ••••2222 at ••••2222", "••••2222": ["••••2222"]},
        doubt=True,
    ),
    "502": gateway("502 Bad Gateway"),
    "503": gateway("503 Service Unavailable"),
    "504": gateway("504 Gateway Timeout"),
    "520": gateway("520"),
    "301": moved("301 Moved Permanently", "https://tracker.example/admin_api/v1/"),
    "302": moved("302 Found", "https://elsewhere.example/<b>"),
    "303": moved("303 See Other", "http://127.0.0.1/"),
    "307": moved("307 Temporary Redirect", "file:///etc/passwd"),
    "308": moved("308 Permanent Redirect", f"https://elsewhere.example/?key={'•' * 4}2222"),
    "302 nowhere": moved("302 Found", ""),
    "200 page": Row(
        NotKeitaroError, {"status": 200, "body": PAGE}, f"200 OK: {STRANGE}", ADDRESS, doubt=True
    ),
    "200 half": unreadable(NOT_JSON, b'{"id": 45, "na'),
    "200 text": unreadable(NOT_JSON, b"OK"),
    "200 list": unreadable(SHAPE, b"[1, 2]"),
    "200 another stream": Row(
        UnreadableError,
        {"status": 200, "body": {"id": 46, "state": "disabled", "name": "Other"}},
        SHAPE,
        LATER,
        doubt=True,
        only=("card", "change"),
    ),
    "200 large": replace(
        unreadable("The answer is too large", b" " * 100_001, advice=SMALLER), only=("stats",)
    ),
    "200 large stream": replace(
        unreadable("The answer is too large", b" " * 100_001, advice=IN_TRACKER),
        only=("card", *CHANGES),
    ),
    "200 large inside": replace(
        unreadable(
            "The answer is too large",
            gzip.compress(b" " * 100_001),
            advice=IN_TRACKER,
            **{"content-encoding": "gzip"},
        ),
        only=("card", *CHANGES),
    ),
    "200 packed twice": unreadable(
        PACKED, gzip.compress(gzip.compress(b"{}")), **{"content-encoding": "gzip, gzip"}
    ),
    "200 packed wrongly": unreadable(PACKED, b"{}", **{"content-encoding": "gzip"}),
    "200 packed unasked": unreadable(PACKED, b"{}", **{"content-encoding": "br"}),
}


@pytest.fixture
def keitaro(keitaro: Keitaro) -> Keitaro:
    keitaro.buckets = []
    return keitaro


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(now=clock, empty=True)


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> Limits:
    """Every failure stands alone here: none is repeated, and none is remembered."""
    return Limits(
        deadline_seconds=getattr(request, "param", 5.0),
        answer_bytes=100_000,
        repeats=0,
        quiet_most_seconds=0,
        failures_in_a_row=1000,
    )


def told(row: Row, scene: str, *middle: str) -> str:
    """Return the answer to a failed *scene* with what stands between headline and request."""
    return "\n".join([row.headline, *row.said, "", *middle, *requested(row, scene)])


def requested(row: Row, scene: str) -> list[str]:
    """Return the lines about the request of *scene* and what came back."""
    _, method, path, operation, body = SCENES[scene]
    url = f"https://tracker.example/admin_api/v1/{path}"
    lines = ["Request", f"{method} {url}"]
    lines += ["Api-Key: ••••2222", f"Operation: {operation}"]
    lines += [json.dumps(body, indent=1)] if body else []
    if row.response:
        lines += ["Response", _text(row.response)]
    return lines


def undone(headline: str, scene: str) -> str:
    """Return how the answer begins when the tracker was found not to hold the change."""
    title, seen = UNDONE[scene]
    looked_until = f"No clear answer came ({headline}), so I looked until {SETTLE_SECONDS} s"
    return f"❌ {title}\n{looked_until} had passed. {seen}\n"


def _text(response: Any) -> str:
    if isinstance(response, str):
        return response
    return json.dumps(response, indent=1, ensure_ascii=False)


def path_of(scene: str) -> str:
    """Return the path on which the fault of *scene* is to happen."""
    return SCENES[scene][2]


def sent(keitaro: Keitaro, scene: str) -> int:
    """Return how often the tracker got the request of *scene*."""
    _, method, path, _, _ = SCENES[scene]
    return sum((one.method, one.path) == (method, path) for one in keitaro.requests)


KINDS = {row.kind.__name__: row.kind for row in ROWS.values()}
DOUBTFUL = {row.kind.__name__: row.kind for row in ROWS.values() if row.doubt}


def rows_of(kind: str) -> list[tuple[str, Row, str]]:
    """Return the rows of a *kind* of failure with the scenes they are for, and their names."""
    rows = [(name, row) for name, row in ROWS.items() if row.kind.__name__ == kind]
    return [(name, row, scene) for name, row in rows for scene in row.only]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_fails_says_what_came(linked: Room, kind: str):
    """Status, the tracker's own words, what to do or what was seen, the request without the key.

    A change that was refused is ❌ at once, one that got no clear answer after a look.
    """
    expected, said, times = {}, {}, {}
    for name, row, scene in rows_of(kind):
        if row.doubt and scene in CHANGES:
            lines = [*row.said, SEND_AGAIN, *requested(row, scene)]
            expected[name, scene] = undone(row.headline, scene) + "\n".join(lines)
        else:
            expected[name, scene] = f"❌ {told(row, scene, row.advice)}"
        del linked.keitaro.requests[:]
        linked.keitaro.fail(path=path_of(scene), **row.fault)
        said[name, scene] = await linked.ask(SCENES[scene][0])
        times[name, scene] = sent(linked.keitaro, scene)

    assert said == expected
    assert set(times.values()) == {1}
    assert linked.keitaro.mutations == []
    assert KEY not in str(linked.telegram.calls)


@pytest.mark.parametrize("kind", DOUBTFUL)
async def test_a_change_that_was_made_and_not_confirmed(linked: Room, kind: str):
    """✅ since the tracker shows it: a creation, since nothing like it was there before."""
    keitaro = linked.keitaro
    cases = [(row, scene) for _, row, scene in rows_of(kind) if row.doubt and scene in CHANGES]
    for row, scene in cases:
        keitaro.streams = {key: value for key, value in keitaro.streams.items() if key < FIRST_NEW}
        del keitaro.requests[:], keitaro.mutations[:]
        keitaro.fail(path=path_of(scene), after_effect=True, **row.fault)
        answer = await linked.ask(SCENES[scene][0])

        assert answer.startswith(looked(row.headline, scene, max(keitaro.streams)))
        assert sent(keitaro, scene) == 1
        assert len(keitaro.mutations) == 1


def looked(headline: str, scene: str, new_id: int = FIRST_NEW) -> str:
    """Return how the answer begins when the tracker was found to hold the change."""
    title, card = {
        "create": (f"Stream {new_id} is created", f"Main · stream {new_id}\nCampaign: 12 "),
        "change": ("Stream 45 is off", CARD),
    }[scene]
    return f"✅ {title}\nNo clear answer came ({headline}), so I looked: it is done.\n{card}"


@pytest.mark.parametrize("scene", CHANGES)
async def test_where_the_look_fails_too_nothing_is_claimed(linked: Room, scene: str):
    failed = "I could not look either: the tracker cannot be read now."
    again = {"create": "/streams 12", "change": "/stream 45"}[scene]
    middle = (UNKNOWN, f"{failed}\nLook again: {again}")
    rows = [row for row in ROWS.values() if row.doubt and scene in row.only]
    for count, row in enumerate(rows, start=1):
        linked.keitaro.fail(method="GET")
        linked.keitaro.fail(9, method="GET", **row.fault)
        linked.keitaro.fail(path=path_of(scene), after_effect=True, **row.fault)
        linked.keitaro.streams[45]["state"] = "active"

        assert await linked.ask(SCENES[scene][0]) == f"⚠️ {told(row, scene, *middle)}"
        assert sent(linked.keitaro, scene) == count
        linked.keitaro.script.clear()


def test_every_kind_of_failure_has_a_row():
    kinds = {kind for kind in vars(api).values() if isinstance(kind, type)}
    failures = {kind for kind in kinds if issubclass(kind, ExchangeError)} - {ExchangeError}

    assert failures - {row.kind for row in ROWS.values()} == {
        NoAnswerError,
        PausedError,
        UnreachableError,
    }


async def test_a_stream_that_is_not_there_is_not_deleted(linked: Room):
    """A slip in the number must not look like a deed; nothing is sent."""
    keitaro = linked.keitaro
    answer = await linked.ask("/stream 99999 delete")

    assert answer.startswith("❌ 404 Not Found\nTraffic\\Model\\Stream #99999 not found\n")
    assert [one.method for one in keitaro.requests] == ["GET"]


async def test_a_stream_that_has_gone_was_not_certainly_deleted(linked: Room):
    """Somebody else may have made it disappear."""
    row = ROWS["502"]
    linked.keitaro.fail(method="GET")
    linked.keitaro.fail(9, method="GET", status=404, body=MISSING, content_type="text/plain")
    linked.keitaro.fail(method="DELETE", **row.fault)
    answer = await linked.ask("/stream 45 delete")

    assert answer.startswith(
        f"⚠️ {row.headline}\n\n{UNKNOWN}\n"
        "I looked: the tracker does not show this stream.\n"
        "Look again: /stream 45\nRequest\nDELETE "
    )
    assert linked.keitaro.mutations == []


async def test_every_failure_is_told_in_russian(linked: Room):
    """The status and the tracker's words stay as they are."""
    await linked.say("/settings language ru")
    english = {line for line in vars(ENGLISH).values() if isinstance(line, str)}
    for row in ROWS.values():
        linked.keitaro.fail(path="streams/45", **row.fault)
        lines = (await linked.ask("/stream 45")).splitlines()

        assert lines[0].startswith("❌ ")
        assert [line for line in lines if line in english] == []
        assert [line for line in row.said if line not in lines] == []
        assert RUSSIAN.request in lines


@dataclass(frozen=True)
class Line:
    """The address under which the tracker is served until *stack* is closed."""

    url: str
    stack: AsyncExitStack


@pytest.fixture
async def line(keitaro: Keitaro) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        yield Line(await stack.enter_async_context(serving(keitaro.app)), stack)


@pytest.fixture
async def wired(
    line: Line,
    settings: Settings,
    telegram: Telegram,
    keitaro: Keitaro,
    owner: Person,
    clock: Clock,
    limits: Limits,
) -> AsyncIterator[Room]:
    """A bot in a linked private chat that talks to its tracker over a real connection."""
    async with AsyncExitStack() as stack:
        private = frozenset({line.url.removeprefix("http://")})
        settings = settings.model_copy(update={"private_trackers": private})
        transport = httpx.ASGITransport(app=telegram.app)
        application, _ = await stack.enter_async_context(
            assembled(settings, telegram=transport, limits=limits, now=clock)
        )
        await application.initialize()
        stack.push_async_callback(application.shutdown)
        room = Room(telegram, keitaro, application, owner, clock, settings)
        await room.link(tracker=line.url)
        await room.never_ask()
        yield room


CUTS = {
    "before the answer": {"cut": True},
    "within a yes": {"cut": True, "body": b'{"id": 45, "state": "disabled", "na'},
    "within a failure": {"cut": True, "status": 500, "body": b'{"error": "Serv'},
}
BROKEN_OFF = "The tracker broke off the connection"


@pytest.mark.parametrize("name", CUTS)
async def test_a_connection_that_is_cut(wired: Room, name: str):
    """Whatever the bot says of a change holds, and the next request goes well."""
    keitaro = wired.keitaro
    headline = f"500 Internal Server Error: {FAILED}" if "status" in CUTS[name] else BROKEN_OFF
    heads = {}
    for scene in SCENES:
        for after_effect in (False, True) if scene in CHANGES else (False,):
            del keitaro.requests[:], keitaro.mutations[:]
            keitaro.streams[45]["state"] = "active"
            keitaro.fail(path=path_of(scene), after_effect=after_effect, **CUTS[name])
            heads[scene, after_effect] = (await wired.ask(SCENES[scene][0])).splitlines()[:5]

            assert sent(keitaro, scene) == 1
            assert len(keitaro.mutations) == after_effect

    assert (await wired.ask("/stream 46")).startswith("✅ CA direct · stream 46\n")
    for scene in READS:
        assert heads[scene, False][0] == f"❌ {headline}"
    for scene in CHANGES:
        assert "\n".join(heads[scene, False]).startswith(undone(headline, scene))
        assert "\n".join(heads[scene, True]).startswith(looked(headline, scene).rstrip())


async def test_a_refusal_whose_words_are_cut_off_is_still_a_refusal(wired: Room):
    for scene in SCENES:
        wired.keitaro.fail(path=path_of(scene), cut=True, status=422, body=b'{"name": ["Na')
        answer = await wired.ask(SCENES[scene][0])

        assert answer.startswith("❌ 422 Unprocessable Entity\n")
        assert sent(wired.keitaro, scene) == 1
    assert wired.keitaro.mutations == []


@pytest.mark.parametrize("limits", [0.3], indirect=True)
async def test_a_tracker_that_does_not_answer_in_time(linked: Room):
    keitaro = linked.keitaro
    never = Event()
    late = "The tracker did not answer in time"
    for scene in ("card", *CHANGES):
        keitaro.fail(path=path_of(scene), until=never)
        answer = await linked.ask(SCENES[scene][0])

        if scene in READS:
            assert answer.startswith(f"❌ {late}\n\n{LATER}\n")
        else:
            assert answer.startswith(f"{undone(late, scene)}{SEND_AGAIN}\n")
        assert sent(keitaro, scene) == 1
    assert keitaro.mutations == []


@pytest.mark.parametrize("limits", [0.3], indirect=True)
async def test_a_tracker_that_does_the_deed_and_does_not_answer_in_time(linked: Room):
    late = "The tracker did not answer in time"
    linked.keitaro.fail(path="streams", method="POST", until=Event(), after_effect=True)
    created = await linked.ask(SCENES["create"][0])
    linked.keitaro.fail(path="streams/45/disable", until=Event(), after_effect=True)
    changed = await linked.ask(SCENES["change"][0])

    assert created.startswith(looked(late, "create"))
    assert changed.startswith(looked(late, "change"))
    assert len(linked.keitaro.mutations) == 2


async def test_a_tracker_that_cannot_be_reached(room: Room):
    """Nothing was sent, so nothing was changed."""
    await room.link(tracker="https://unknown.example")
    await room.never_ask()
    for scene in SCENES:
        answer = await room.ask(SCENES[scene][0])

        assert answer.startswith(f"❌ The tracker cannot be reached\n\n{LATER}\nRequest\n")
    assert room.keitaro.requests == []


async def test_a_tracker_that_does_not_listen(wired: Room, line: Line):
    await line.stack.aclose()
    for scene in SCENES:
        answer = await wired.ask(SCENES[scene][0])

        assert answer.startswith(f"❌ The tracker refuses the connection\n\n{LATER}\nRequest\n")
    assert wired.keitaro.requests == []


async def test_a_tracker_that_speaks_no_tls(wired: Room, line: Line):
    """It is not asked over plain HTTP instead."""
    await wired.link(tracker=line.url.replace("http:", "https:"))
    for scene in SCENES:
        answer = await wired.ask(SCENES[scene][0])

        assert answer.startswith(
            f"❌ {ENGLISH.unreachable['tls']}\n\n{ENGLISH.advice_unreachable}\nRequest\n"
        )
    assert wired.keitaro.requests == []


async def test_a_tracker_whose_address_is_no_longer_allowed(room: Room):
    """A link outlives the settings that once allowed it."""
    await room.link(tracker="http://127.0.0.1:8080")
    said = [await room.ask(text) for text, *_ in SCENES.values()]

    refused = (
        "❌ The tracker must answer over https. Whoever runs the bot can allow plain http for one "
        "address.\n"
        "For example: https://tracker.example"
    )
    assert said == [refused] * len(SCENES)


async def test_a_key_that_can_be_none(room: Room):
    await room.link(key="fake key")
    said = [await room.ask(text) for text, *_ in SCENES.values()]

    refused = "❌ This cannot be an API key: it has blanks or other signs that no key has."
    assert said == [refused] * len(SCENES)


REASONS = [
    RefusedError("role", "operator"),
    RefusedError("forwarded"),
    *map(RefusedError, ("chat", "author", "used", "undone", "draft", "closed", "unknown")),
    FindingsError((Finding("share_sum", "error", {"field": "offers", "sum": 90, "missing": 10}),)),
    ListRefusedError(((2, Finding("other_id", "error", {"id": 45, "written": 46})),)),
    NothingToUndoError(),
    UndoError("elsewhere"),
    UndoError("unknown"),
    *(SwapError(reason, 71) for reason in ("none", "gone", "there")),
    OtherStreamError(45, "46"),
    GivenUpError(),
    NotLinkedError(),
    LinkTriesError(5),
    RestingError(7),
    UsageError("stream", "<b>"),
    UsageError("stream"),
    *[PhraseError("<b>", fault, ("csv",)) for fault in get_args(PhraseFault)],
    *(SavedError(reason, "a") for reason in ("unknown", "taken", "full", "gone", "nothing")),
    SavedError("name", ""),
    WideReportError(200),
    PayloadMissingError("stream"),
    AmbiguousPayloadError(),
    AlbumError(),
    WrongPayloadError("object"),
    ListError("many", (501,)),
    TooLargeError(1024),
    FileLostError(),
    LeakedError(),
    EmptyFileError(),
    NotTextError(),
    NotPrintedError("slow"),
    NotPrintedError("failed"),
    *[JsonError(fault) for fault in get_args(JsonFault)],
]


def turn_of(room: Room, texts: Texts) -> Turn:
    """Return the turn of somebody who reads *texts*."""
    sender = Sender(room.owner.id, "Olga", "en", Role.OWNER, is_forwarding=False)
    place = Place(room.home.id, room.owner.id)
    answer = Answer(room.bot.bot_data["services"].outbox, place, key="u1", texts=texts)
    return Turn(sender, Chat(room.home.id, None, None), texts, answer)


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_every_reason_to_carry_nothing_out_has_a_sentence_of_its_own(room: Room, texts: Texts):
    """None is logged as a fault of ours."""
    pages = [explain(reason, turn_of(room, texts)).html for reason in REASONS]

    assert {type(reason) for reason in REASONS} == set(HandlerError.__subclasses__())
    assert [page for page in pages if not page.startswith("❌ ") or re.search(r"{\w", page)] == []
    assert len(set(pages)) == len(REASONS)


def test_a_reason_without_a_sentence_is_a_fault(room: Room):
    with pytest.raises(TypeError, match="HandlerError"):
        explain(HandlerError(), turn_of(room, ENGLISH))


def error_id(pattern: str, answer: str, caplog: pytest.LogCaptureFixture) -> str:
    """Return the id in *answer*, which must be in the log once, with a traceback."""
    found = re.fullmatch(pattern, answer)
    assert found, answer
    said = [record for record in caplog.records if found[1] in record.getMessage()]
    assert [(record.levelno, bool(record.exc_info)) for record in said] == [(logging.ERROR, True)]
    return found[1]


def fault(mark: str, sentence: str) -> str:
    """Return the pattern of an answer with an id in it."""
    return re.escape(f"{mark} {plain(sentence)}").replace(re.escape("{id}"), "([0-9a-f]{8})")


FAULT = fault("❌", ENGLISH.unforeseen)
FAULT_ON_THE_WAY = fault("⚠️", ENGLISH.unforeseen_after_change)


async def test_a_fault_of_our_own_before_anything_was_sent(
    linked: Room, caplog: pytest.LogCaptureFixture
):
    """Half of the database is gone."""
    with contextlib.closing(sqlite3.connect(linked.settings.database)) as database:
        database.execute("DROP TABLE links")
    ids = {error_id(FAULT, await linked.ask(text), caplog) for text, *_ in SCENES.values()}

    assert len(ids) == len(SCENES)
    assert linked.keitaro.requests == []


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_fault_of_our_own_once_a_change_was_sent(
    linked: Room, caplog: pytest.LogCaptureFixture, *, after_effect: bool
):
    """Within one process a cut connection is an exception that nobody has foreseen."""
    for scene in SCENES:
        del linked.keitaro.mutations[:]
        linked.keitaro.fail(path=path_of(scene), cut=True, after_effect=after_effect)
        answer = await linked.ask(SCENES[scene][0])

        error_id(FAULT_ON_THE_WAY if scene in CHANGES else FAULT, answer, caplog)
        assert sent(linked.keitaro, scene) == 1
        assert len(linked.keitaro.mutations) == (after_effect and scene in CHANGES)
    assert KEY not in caplog.text
