"""The misfortunes of trackers as tables: the fault, and what a person is to read of it."""

import asyncio
import gzip
import json
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.stage import Spot, Stage
from tests.wire import (
    CHUNKED,
    HEAD,
    Behaviour,
    answer,
    certificate,
    closed_port,
    dripping,
    full_backlog,
    packed,
    reset,
    saying,
)

SEND_AGAIN = "Send it again if you still want it."
UNREACHED = "Try again in a minute. If that does not help, check the address: /status"
LATER = "Try again in a minute; /status says where it fails."
NEW_KEY = "An owner or admin can link the chat again with a new key: /link"
LICENCE = "Check edition and licence in the tracker's panel."
RIGHTS = "Give the user of this key the right in the tracker: Maintenance → Users."
CLOUDFLARE = "Allow the path /admin_api/ in Cloudflare for the server of this bot."
ADDRESS = "Check the address of the tracker and link it again: /link"
CHECK_ID = "Check the id; what is in another tracker is not found here."
IN_TRACKER = "Look at it in the tracker: it has more in it than I can handle."
SMALLER = "Ask for less: a shorter period, fewer columns, fewer rows."
FIX = "Correct it and send it again."
PAGE = "<!DOCTYPE html><html><body>Bad gateway <b>secret of the proxy</b></body></html>"
LOGIN = "<!DOCTYPE html><html><title>Keitaro</title><form>Login</form></html>"
FAILED = "the tracker failed"
STRANGE = "this host does not answer as the Admin API"
NOT_JSON = "The answer is not what the Admin API sends"
SHAPE = "The answer does not match the question"
PACKED = "The answer is packed in a way I do not read"
TOO_LARGE = "The answer is too large"
BROKEN_OFF = "The tracker broke off the connection"
LATE = "The tracker did not answer in time"
MANY = {f"field_{number}": ["is wrong", "is <b>late</b>"] for number in range(6)}


NEW = {
    "campaign_id": 12,
    "type": "regular",
    "schema": "action",
    "name": "Main",
    "action_type": "do_nothing",
    "collect_clicks": True,
}


@dataclass(frozen=True)
class Row:
    """A fault of one request, and what is said of it.

    It comes as *fault*, ordered from the made-up tracker, or as *raw* bytes. *said* are the
    tracker's own words. A question is asked *tries* times; a change may have been made where
    there is *doubt*.
    """

    headline: str
    advice: str
    fault: dict[str, Any] = field(default_factory=dict)
    raw: Behaviour | None = None
    said: tuple[str, ...] = ()
    tries: int = 1
    doubt: bool = False
    only: tuple[str, ...] = ()


def refused(
    status: str, advice: str, body: Any, *said: str, meaning: str = "", **fault: Any
) -> Row:
    """Return the row of a refusal, after which it is certain that nothing was done."""
    headline = f"{status}: {meaning}" if meaning else status
    return Row(headline, advice, {"status": int(status[:3]), "body": body, **fault}, said=said)


def fields(status: str, body: dict[str, Any], *said: str) -> Row:
    return refused(status, FIX, body, *said)


def failing(status: str, body: Any, *said: str) -> Row:
    """Return the row of a failure, after which questions are repeated and changes looked for."""
    fault = {"status": int(status[:3]), "body": body}
    return Row(f"{status}: {FAILED}", LATER, fault, said=said, tries=3, doubt=True)


def moved(status: str, to: str) -> Row:
    fault = {"status": int(status[:3]), "headers": {"location": to}}
    return Row(f"{status}: it redirects to {to}, I did not follow", ADDRESS, fault)


def unreadable(headline: str, body: Any, *, only: tuple[str, ...] = (), **fault: Any) -> Row:
    """Return the row of a yes that cannot be read, or is an answer to something else."""
    return Row(headline, LATER, {"status": 200, "body": body, **fault}, doubt=True, only=only)


def bytes_of(headline: str, raw: Behaviour, *, tries: int = 1) -> Row:
    """Return the row of an answer that is no whole answer."""
    return Row(headline, LATER, raw=raw, tries=tries, doubt=True)


class Flood:
    """Behaves by writing *piece* after *head*, so many *times* or until the peer has enough."""

    def __init__(self, head: bytes, piece: bytes, *, times: int) -> None:
        self.head = head
        self.piece = piece
        self.times = times
        self.written = 0

    async def __call__(self, writer: asyncio.StreamWriter) -> bool:
        writer.write(self.head)
        for _ in range(self.times):
            writer.write(self.piece)
            await writer.drain()
            self.written += len(self.piece)
        return True


MISSING = "Traffic\\Model\\Stream #45 not found"
BAN = {"title": "Error 1010: Access denied", "status": 403, "cloudflare_error": True}
PLAIN = {"content_type": "text/plain"}
REFUSALS = {
    "the key is refused": refused("401 Unauthorized", NEW_KEY, {"error": "Access denied"}, "Access denied", meaning="the tracker refuses the key"),
    "the licence is not paid": refused("402 Payment Required", LICENCE, {"error": "No"}, "No", meaning="the licence of the tracker has no Admin API"),
    "the key has no right": refused("403 Forbidden", RIGHTS, {"error": "Not you"}, "Not you", meaning="the user of this key has no right to this"),
    "Cloudflare says no": refused("403 Forbidden", CLOUDFLARE, BAN, "Error 1010: Access denied", meaning="Cloudflare in front of the tracker blocked me"),
    "Cloudflare shows a page": refused("403 Forbidden", CLOUDFLARE, PAGE, headers={"server": "cloudflare"}, meaning="Cloudflare in front of the tracker blocked me"),
    "not found, in JSON": refused("404 Not Found", CHECK_ID, {"error": "Not found"}, "Not found"),
    "not found, in plain text": refused("404 Not Found", CHECK_ID, MISSING, MISSING, **PLAIN),
    "not found, on a page": refused("404 Not Found", ADDRESS, PAGE, meaning=STRANGE),
    "a bad request": refused("400 Bad Request", FIX, {"error": "Unknown <b>option</b>"}, "Unknown <b>option</b>"),
    "a bad field": fields("400 Bad Request", {"name": ["Too long"]}, "name: Too long"),
    "a bad field, as old trackers say it": fields("406 Not Acceptable", {"alias": ["Taken"]}, "alias: Taken"),
    "many bad fields": fields("422 Unprocessable Entity", MANY, *[f"field_{n}: {text}" for n in range(5) for text in ("is wrong", "is <b>late</b>")], "… +2"),
    "moved to itself": moved("301 Moved Permanently", "/admin_api/v1/streams"),
    "moved to a file": moved("307 Temporary Redirect", "file:///etc/passwd"),
    "moved to plain http": moved("303 See Other", "http://127.0.0.1/"),
    "moved to a metadata service": moved("308 Permanent Redirect", "http://169.254.169.254/latest/"),
}  # fmt: skip
FAILURES = {
    "an error of its own": failing("500 Internal Server Error", {"error": "SQLSTATE[HY000] <br>"}, "SQLSTATE[HY000] <br>"),
    "a proxy finds it down": failing("502 Bad Gateway", PAGE),
    "a proxy says come back": failing("503 Service Unavailable", PAGE),
    "a proxy gives up": failing("504 Gateway Timeout", PAGE),
    "Cloudflare finds it down": failing("520", PAGE),
    "cut before the answer": Row(BROKEN_OFF, LATER, {"cut": True}, tries=3, doubt=True),
    "cut in the answer": Row(BROKEN_OFF, LATER, {"cut": True, "body": b'{"id": 45, "na'}, tries=3, doubt=True),
    "cut in a failure": Row(f"500 Internal Server Error: {FAILED}", LATER, {"cut": True, "status": 500, "body": b'{"er'}, tries=3, doubt=True),
    "reset": bytes_of(BROKEN_OFF, reset, tries=3),
    "cut in the headers": bytes_of(BROKEN_OFF, saying(HEAD, close=True), tries=3),
    "a bad chunk": bytes_of(NOT_JSON, saying(CHUNKED, b"zz\r\n{", close=True)),
    "no HTTP": bytes_of(NOT_JSON, saying(b"SSH-2.0-x\r\n\r\n", close=True)),
    "two lengths": bytes_of(NOT_JSON, saying(HEAD, b"Content-Length: 3\r\n\r\n{}", close=True)),
    "a length and chunks": bytes_of(NOT_JSON, saying(HEAD, b"Transfer-Encoding: chunked\r\n\r\nzz", close=True)),
    "another protocol": bytes_of(NOT_JSON, saying(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", close=True)),
    "promises without end": bytes_of(NOT_JSON, Flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000, times=3200)),
    "an endless header": bytes_of(NOT_JSON, Flood(HEAD + b"X: ", b"x" * 65536, times=3200)),
    "ten thousand headers": bytes_of(NOT_JSON, saying(HEAD, b"X: y\r\n" * 100_000, close=True)),
}  # fmt: skip
UNREADABLE = {
    "no JSON": unreadable(NOT_JSON, b"OK"),
    "half of the JSON": unreadable(NOT_JSON, b'{"id": 45, "na'),
    "not a number": unreadable(NOT_JSON, b'{"id": NaN}'),
    "deep JSON": unreadable(NOT_JSON, b"[" * 100_000 + b"]" * 100_000),
    "JSON of another shape": unreadable(SHAPE, b"[1, 2]"),
    "a login page": Row(f"200 OK: {STRANGE}", ADDRESS, {"status": 200, "body": LOGIN}, doubt=True),
    "compressed twice": unreadable(PACKED, b"x", headers={"content-encoding": "gzip, gzip"}),
    "compressed as nobody asked": unreadable(PACKED, b"x", headers={"content-encoding": "br"}),
    "compressed in a new way": unreadable(PACKED, b"x", headers={"content-encoding": "zstd"}),
    "compressed only in name": unreadable(PACKED, b"{}", headers={"content-encoding": "gzip"}),
    "compressed twice in secret": bytes_of(NOT_JSON, saying(packed(b'{"id": 45}', times=2))),
    "more than five megabytes": Row(TOO_LARGE, SMALLER, {"status": 200, "body": b" " * 5_300_000}, doubt=True, only=("report",)),
    "more than five megabytes of one": Row(TOO_LARGE, IN_TRACKER, {"status": 200, "body": b" " * 5_300_000}, doubt=True, only=("card", "create", "off")),
    "an empty yes": unreadable(NOT_JSON, b"", only=("card", "report")),
    "a yes without a body": Row(NOT_JSON, LATER, {"status": 204}, doubt=True, only=("card",)),
    "an empty yes to something new": unreadable(SHAPE, b"", only=("create",)),
    "another stream": unreadable(SHAPE, {"id": 46, "state": "disabled", "name": "Other"}, only=("card", "off")),
    "a stream that was there before": unreadable(SHAPE, {**NEW, "id": 48}, only=("create",)),
    "something without an id": unreadable(SHAPE, {"success": True}, only=("create",)),
}  # fmt: skip
SLOW = {
    "silence": bytes_of(LATE, saying(stall=True)),
    "silence in the headers": bytes_of(LATE, saying(HEAD, stall=True)),
    "silence before the last byte": bytes_of(LATE, saying(HEAD, b"\r\n" + b" " * 19, stall=True)),
    "headers drip": bytes_of(LATE, dripping(HEAD + b"X: ", b"x", every=0.5)),
    "a body drips": bytes_of(LATE, dripping(CHUNKED, b"1\r\n \r\n", every=0.5)),
    "promises now and then": bytes_of(LATE, dripping(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.5)),
}  # fmt: skip
ROWS = {**SLOW, **REFUSALS, **FAILURES, **UNREADABLE}

QUESTIONS = ("card", "report")
CHANGES = ("create", "off")
# The command, and the request it comes to.
COMMANDS = {
    "card": ("/stream 45", "GET", "streams/45"),
    "report": ('/stats {"measures": ["clicks"]}', "POST", "report/build"),
    "create": (f"/stream {json.dumps(NEW)}", "POST", "streams"),
    "off": ("/stream 45 off", "POST", "streams/45/disable"),
}
# One of each kind is shown to every command; the others to one question and one change.
SAMPLES = ("the key has no right", "an error of its own", "reset", "no JSON", "silence")


@dataclass(frozen=True)
class Scene:
    """A fault that befalls a command, which is carried out all the same if *is_done*."""

    fault: str
    command: str
    is_done: bool = False

    @property
    def row(self) -> Row:
        """The row of the fault."""
        return ROWS[self.fault]

    @property
    def name(self) -> str:
        """What the scene is called."""
        return f"{self.command}{' done' if self.is_done else ''}: {self.fault}"


def scenes() -> list[Scene]:
    """Return every fault with the commands that it befalls."""
    found = []
    for fault, row in ROWS.items():
        for command in row.only or (COMMANDS if fault in SAMPLES else ("card", "create")):
            found.append(Scene(fault, command))
            if row.doubt and command in CHANGES:
                found.append(Scene(fault, command, is_done=True))
    return found


async def set_scene(stage: Stage, scene: Scene) -> Spot:
    """Return a spot at whose tracker the scene takes place."""
    _, method, path = COMMANDS[scene.command]
    if scene.row.raw:
        return await stage.wired(scene.name, scene.row.raw, spoils=method, done=scene.is_done)
    spot = await stage.tracker(scene.name)
    spot.keitaro.fail(9, method=method, path=path, after_effect=scene.is_done, **scene.row.fault)
    return spot


# Where there is no way to a tracker: how that is staged, and what is said of it.
Staging = Callable[[Stage, str, Path], Awaitable[Spot]]


@dataclass(frozen=True)
class Wall:
    """Something between the bot and a tracker through which no request comes."""

    staging: Staging
    headline: str
    advice: str = LATER


def at(url: str) -> Staging:
    async def staging(stage, name, folder):
        return stage.elsewhere(name, url)

    return staging


def held(port: Callable[[], tuple[str, Callable[[], None]]]) -> Staging:
    async def staging(stage, name, folder):
        url, free = port()
        stage.keep(free)
        return stage.elsewhere(name, url)

    return staging


def secured(*, is_trusted: bool = True, is_old: bool = False, **how: Any) -> Staging:
    """Stage a tracker with a certificate."""

    async def staging(stage, name, folder):
        folder.mkdir()
        pem, context = certificate(folder, **how)
        if is_trusted:
            stage.trusted.append(pem)
        if is_old:
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        wire = await stage.listening(saying(answer(b"[]")), tls=context)
        return stage.elsewhere(name, f"https://127.0.0.1:{wire.port}", wire)

    return staging


def greeting(hello: bytes | None) -> Staging:
    """Stage a port that says *hello* to whoever begins to encrypt, or nothing for ever."""

    async def staging(stage, name, folder):
        port = await stage.greeting(hello)
        return stage.elsewhere(name, f"https://127.0.0.1:{port}")

    return staging


NO_TLS = "No secure connection: the certificate or the encryption of the tracker is wrong"
NO_WAY = "The tracker cannot be reached in time"
CERTIFICATE = "I sent nothing. Tell whoever runs the tracker: its server needs a valid certificate."
WALLS = {
    "nobody listens": Wall(held(closed_port), "The tracker refuses the connection"),
    "nobody takes the call": Wall(held(full_backlog), NO_WAY),
    "the name does not exist": Wall(
        at("https://tracker.invalid"), "The name of the tracker is not found", UNREACHED
    ),
    "a certificate from nobody": Wall(
        secured(is_trusted=False),
        "The certificate of the tracker was issued by nobody I trust",
        CERTIFICATE,
    ),
    "an old certificate": Wall(
        secured(days=-1), "The certificate of the tracker has expired", CERTIFICATE
    ),
    "a certificate of tomorrow": Wall(
        secured(begins=1, days=2), "The certificate of the tracker is not valid yet", CERTIFICATE
    ),
    "somebody else's certificate": Wall(
        secured(name="127.0.0.2"),
        "The certificate of the tracker is for another address",
        CERTIFICATE,
    ),
    "old encryption": Wall(secured(is_old=True), NO_TLS, UNREACHED),
    "no encryption": Wall(greeting(b"HTTP/1.1 400 Bad Request\r\n\r\n"), NO_TLS, UNREACHED),
    "another protocol": Wall(greeting(b"SSH-2.0-x\r\n"), NO_TLS, UNREACHED),
    "a handshake that is cut": Wall(greeting(b""), NO_TLS, UNREACHED),
    "a handshake that stalls": Wall(greeting(None), NO_WAY),
}
WAIT = "Too many requests. Wait a minute."
WAIT_FOR = "The tracker asks for a break. Please try again in"
DATE = "Sun, 22 Nov 2026 12:00:00 GMT"
# What a tracker with too many requests asks for, and what is said; nothing where it is waited for.
WAITS: dict[str, tuple[dict[str, str], str]] = {
    "two seconds": ({"retry-after": "2"}, ""),
    "no time at all": ({"retry-after": "0"}, ""),
    "a moment soon": ({"retry-after": DATE.replace("00:00", "00:01"), "date": DATE}, ""),
    "forty seconds": ({"retry-after": "40"}, f"{WAIT_FOR} 40 s."),
    "a moment later": ({"retry-after": DATE.replace("00:00", "00:40"), "date": DATE}, f"{WAIT_FOR} 40 s."),
    "eleven days": ({"retry-after": "999999"}, f"{WAIT_FOR} 278 h."),
    "less than nothing": ({"retry-after": "-1"}, WAIT),
    "nonsense": ({"retry-after": "soon, <b>"}, WAIT),
    "nothing": ({}, WAIT),
}  # fmt: skip


@dataclass(frozen=True)
class Lie:
    """A yes with *body* to *command*, by which the tracker does nothing; and what is said."""

    command: str
    method: str
    path: str
    body: Any
    says: tuple[str, ...]
    status: int = 200


ON = {"id": 45, "campaign_id": 11, "name": "CA/US main", "state": "active", "type": "regular"}
OFF = {**ON, "state": "disabled"}
OTHERWISE = "⚠️ The tracker said yes, but shows something else"
LIES = {
    "off, shown as on": Lie("/stream 45 off", "POST", "streams/45/disable", ON, (OTHERWISE,)),
    "off, shown as off": Lie("/stream 45 off", "POST", "streams/45/disable", OFF, (OTHERWISE,)),
    "off, nothing shown": Lie("/stream 45 off", "POST", "streams/45/disable", b"", (OTHERWISE,)),
    "off, without a body": Lie("/stream 45 off", "POST", "streams/45/disable", b"", (OTHERWISE,), 204),
    "archived, shown so": Lie("/stream 45 delete", "DELETE", "streams/45", {**ON, "state": "deleted"}, (OTHERWISE,)),
    "renamed, shown so": Lie('/stream 45 {"name": "New"}', "PUT", "streams/45", {**ON, "name": "New"}, (OTHERWISE,)),
    "created, shown so": Lie(COMMANDS["create"][0], "POST", "streams", {**NEW, "id": 1001, "state": "active"}, ("⚠️ The tracker said yes, but does not show it: Stream 1001 is created",)),
}  # fmt: skip
MIB = 1024 * 1024
ZEROS = gzip.compress(bytes(200 * MIB), 6)
OPEN_END = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
GIGABYTE = b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"
# Answers meant to fill the memory, and what is said of them.
HOARDS: dict[str, tuple[Behaviour, str]] = {
    "a gigabyte that says so": (Flood(GIGABYTE, b" " * 65536, times=16384), TOO_LARGE),
    "a gigabyte that does not": (Flood(OPEN_END, b" " * 65536, times=16384), TOO_LARGE),
    "chunks without end": (Flood(CHUNKED, b"ffff\r\n" + b" " * 65535 + b"\r\n", times=16384), TOO_LARGE),
    "tiny chunks without end": (Flood(CHUNKED, b"1\r\n \r\n" * 1000, times=16384), TOO_LARGE),
    "a header without end": (Flood(HEAD + b"X: ", b"x" * 65536, times=16384), NOT_JSON),
    "headers without end": (Flood(HEAD, b"X: y\r\n" * 10_000, times=16384), NOT_JSON),
    "a bomb": (saying(answer(ZEROS, headers="Content-Encoding: gzip\r\n")), TOO_LARGE),
    "a bomb in a bomb": (saying(packed(ZEROS, encoding="gzip, gzip")), PACKED),
    "three bombs": (saying(packed(ZEROS, encoding="gzip, gzip, gzip", times=2)), PACKED),
    "a bomb that hides another": (saying(packed(ZEROS)), NOT_JSON),
    "millions of values": (saying(answer(b"[" + b"{}," * 1_700_000 + b"{}]")), TOO_LARGE),
}  # fmt: skip
