"""How JSON reaches the tracker: five ways to send it, in every kind of chat."""

import json
from typing import Any

import pytest
from telegram import Document

from bot.settings import Settings
from handlers import COMMANDS
from handlers.download import download
from handlers.faults import FileLostError
from handlers.texts import ENGLISH
from sandbox.keitaro import Keitaro
from tests.conftest import Clock, Room

STREAM = {
    "campaign_id": 12,
    "type": "regular",
    "schema": "redirect",
    "name": "Two  spaces,\na line and “quotes” {12}",
    "action_type": "http",
    "action_payload": "https://landing.example/?a=1&b={subid}",
    "position": 0,
    "weight": 0,
    "collect_clicks": False,
    "comments": "",
    "action_options": None,
    "filters": [{"name": "keyword", "mode": "reject", "payload": ["a  b", "0", "ключ"]}],
    "field_of_tomorrow": {"zero": 0, "no": False, "none": None, "list": [], "pi": 3.14},
}
CHANGE = {
    "name": "  New   name\twith tabs ",
    "weight": 0.5,
    "filter_or": False,
    "offers": [],
    "field_of_tomorrow": [0, False, None, "", {}],
}
REPORT = {
    "range": {"from": "2026-11-21 00:00:00", "to": "2026-11-22", "timezone": "Europe/Kyiv"},
    "dimensions": ["campaign"],
    "measures": ["clicks", "cost"],
    "filters": [{"name": "campaign", "operator": "NOT_EQUAL", "expression": "two  spaces\n"}],
    "limit": 0,
    "offset": 0,
    "summary": False,
}
LOG = {
    "range": {"from": "2026-11-21 00:00:00", "to": "2026-11-22", "timezone": "Europe/Kyiv"},
    "columns": ["event_id", "datetime"],
    "filters": [{"name": "campaign", "operator": "NOT_EQUAL", "expression": "two  spaces\n"}],
    "limit": 5,
}
# What each way to write a command comes to at the tracker.
ARRIVES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "/stats {json}": ("POST", "report/build", REPORT),
    "/clicks {json}": ("POST", "clicks/log", LOG),
    "/conversions {json}": ("POST", "conversions/log", LOG),
    "/stream {json}": ("POST", "streams", STREAM),
    "/stream create {json}": ("POST", "streams", STREAM),
    "/stream 45 {json}": ("PUT", "streams/45", CHANGE),
    "/stream update 45 {json}": ("PUT", "streams/45", CHANGE),
}
FORMS = tuple(form.text for command in COMMANDS for form in command.forms if "{json}" in form.text)
WAYS = (
    "same line",
    "following lines",
    "fenced",
    "fenced with a language",
    "attached",
    "reply to JSON",
    "reply to fenced JSON",
    "reply to a command",
    "reply to a file",
    "reply to a command with a file",
)
SMALL = b'{"measures": ["clicks"]}'
LARGE = b'{"measures": ["clicks"], "limit": ' + b"1" * 1024 + b"}"
MISSING = (
    "❌ /stream needs JSON: after the command, in a file with the command as its caption, or in "
    "the message you reply to. See /help stream"
)
TOO_LARGE = "❌ The file is larger than 1 KiB. I did not read it."
LOST = "❌ Telegram does not hand over the file. Send it again."
NOT_TEXT = "❌ The file is not text in UTF-8. Save it as UTF-8 and send it again."
AMBIGUOUS = "❌ There is JSON in the caption and in the file. Which one? Send only one."
ALBUM = "❌ This file is part of an album. Send it alone."


@pytest.fixture
def keitaro(keitaro: Keitaro) -> Keitaro:
    """A tracker without clicks: only what is sent matters here."""
    keitaro.buckets = []
    return keitaro


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(now=clock, empty=True)


def places(room: Room) -> dict[str, dict[str, Any]]:
    """Return every kind of place to speak in, as arguments of `say`."""
    forum = room.telegram.group("Traffic", room.owner, forum=True)
    return {
        "private": {"to": room.home},
        "group": {"to": room.telegram.group("Traffic", room.owner)},
        "supergroup": {"to": room.telegram.group("Traffic", room.owner, supergroup=True)},
        "topic": {"to": forum, "thread": forum.topic("Alerts")},
    }


async def send(room: Room, way: str, command: str, payload: Any, **place: Any) -> list[Any]:
    """Send *payload* with *command* in one of the ways, and return the answers."""
    lines = json.dumps(payload, indent=2, ensure_ascii=False)
    match way:
        case "same line":
            return await room.say(f"{command} {json.dumps(payload)}", **place)
        case "following lines":
            return await room.say(f"{command}\n{lines}", **place)
        case "fenced":
            return await room.say(f"{command} ```{lines}```", **place)
        case "fenced with a language":
            return await room.say(f"{command}\n```json\n{lines}\n```", **place)
        case "attached":
            return await room.say(command, attach=lines.encode(), **place)
    return await room.say(command, **await reply(room, earlier(way, lines), **place))


async def reply(room: Room, first: dict[str, Any], **place: Any) -> dict[str, Any]:
    """Say something, and return the arguments of a reply to it."""
    chat = place.pop("to")
    message = room.telegram.say(room.owner, chat, **first, **place)
    await room.settle()
    return {"to": chat, "reply_to": message["message_id"], **place}


def earlier(way: str, lines: str) -> dict[str, Any]:
    """Return the message that is replied to, as arguments of `say`."""
    match way:
        case "reply to JSON":
            return {"text": lines}
        case "reply to fenced JSON":
            return {"text": f"```json\n{lines}\n```"}
        case "reply to a command":
            return {"text": f"/note@other_bot {lines}"}
        case "reply to a file":
            return {"attach": lines.encode()}
        case "reply to a command with a file":
            return {"text": "/note@other_bot", "attach": lines.encode()}
    raise LookupError(way)


async def arrival(room: Room, way: str, form: str, **place: Any) -> tuple[int, str, str, str]:
    """Return how often the bot answered, and what the tracker got, after a look if it is changed."""
    del room.keitaro.requests[:]
    words = form.removesuffix("{json}").split()
    words[0] += "" if place["to"] is room.home else "@keitaro_test_bot"
    answers = await send(room, way, " ".join(words), ARRIVES[form][2], **place)
    method = ARRIVES[form][0]
    asked = next(one for one in room.keitaro.requests if one.method == method)
    # As text, since 0 equals False to Python.
    return len(answers), asked.method, asked.path, asked.raw.decode()


@pytest.mark.parametrize("way", WAYS)
async def test_the_tracker_gets_exactly_what_was_sent(room: Room, way: str):
    """Every command that takes JSON takes it in every way and place: no field more or less."""
    found = {}
    for name, place in places(room).items():
        await room.link(to=place["to"])
        await room.never_ask(place["to"])
        for form in FORMS:
            found[name, form] = await arrival(room, way, form, **place)

    expected = {
        form: (1, method, path, json.dumps(body, ensure_ascii=False, separators=(",", ":")))
        for form, (method, path, body) in ARRIVES.items()
    }
    assert found == {(name, form): expected[form] for name in places(room) for form in FORMS}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The smallest limit there is for a payload."""
    return settings.model_copy(update={"max_payload": 1024})


def file_calls(room: Room) -> list[str]:
    """Return the calls by which the bot asked Telegram where a file is."""
    return [call.method for call in room.telegram.calls if call.method == "getFile"]


async def test_a_command_in_capitals_is_the_same_command(linked: Room):
    await linked.ask(f"/STATS {SMALL.decode()}")

    assert [request.body for request in linked.keitaro.requests] == [json.loads(SMALL)]


async def test_a_command_for_another_bot_is_left_alone(room: Room):
    group = room.telegram.group("Traffic", room.owner)
    await room.link(to=group)

    assert await room.say(f"/stats@other_bot {SMALL.decode()}", to=group) == []
    assert await room.say("/stats@other_bot", to=group, attach=SMALL) == []
    assert room.keitaro.requests == []


async def test_a_command_in_the_middle_of_a_message_is_no_command(room: Room):
    group = room.telegram.group("Traffic", room.owner)
    await room.link(to=group)

    assert await room.say(f"Look: /stats {SMALL.decode()}", to=group) == []
    assert room.keitaro.requests == []


@pytest.mark.parametrize("caption", ['/stats {"limit": 1}', "/stats ```\n{}```", "/stats ["])
async def test_typed_and_attached_is_a_question_which_one(linked: Room, caption: str):
    assert await linked.ask(caption, attach=SMALL) == AMBIGUOUS
    assert file_calls(linked) == []
    assert linked.keitaro.requests == []


async def test_an_album_is_refused(linked: Room):
    """One caption stands for several files there."""
    assert await linked.ask("/stats", attach=SMALL, media_group_id="7") == ALBUM
    assert file_calls(linked) == []
    assert linked.keitaro.requests == []


async def test_one_file_of_an_album_may_be_replied_to(linked: Room):
    first = {"text": None, "attach": SMALL, "media_group_id": "7"}
    await linked.ask("/stats", **await reply(linked, first, to=linked.home))

    assert [request.body for request in linked.keitaro.requests] == [json.loads(SMALL)]


@pytest.mark.parametrize("is_reply", [False, True])
async def test_a_file_declared_too_large_is_not_fetched(linked: Room, *, is_reply: bool):
    file = {"attach": SMALL, "declared_size": 1025}
    how = await reply(linked, file, to=linked.home) if is_reply else file

    assert await linked.ask("/stats", **how) == TOO_LARGE
    assert file_calls(linked) == []
    assert linked.keitaro.requests == []


@pytest.mark.parametrize("declared_size", [0, 24, 1024])
async def test_a_file_larger_than_declared_is_refused(linked: Room, declared_size: int):
    assert await linked.ask("/stats", attach=LARGE, declared_size=declared_size) == TOO_LARGE
    assert file_calls(linked) == ["getFile"]
    assert linked.keitaro.requests == []


async def test_a_file_of_exactly_the_limit_is_read(linked: Room):
    await linked.ask("/stats", attach=SMALL.ljust(1024))

    assert [request.body for request in linked.keitaro.requests] == [json.loads(SMALL)]


async def test_a_file_too_large_for_telegram_is_too_large(linked: Room):
    """Telegram hands over 20 MiB at most, and says so only when asked."""
    assert await linked.ask("/stats", attach=SMALL, declared_size=21 * 1024 * 1024) == TOO_LARGE


@pytest.mark.parametrize(
    "content", [SMALL.decode().encode("utf-16"), b'{"measures": ["\xeb"]}', b"PK\x03\x04\xff"]
)
async def test_a_file_that_is_not_utf_8_is_refused(linked: Room, content: bytes):
    assert await linked.ask("/stats", attach=content) == NOT_TEXT
    assert linked.keitaro.requests == []


async def test_a_byte_order_mark_is_no_part_of_the_json(linked: Room):
    await linked.ask("/stats", attach=b"\xef\xbb\xbf" + SMALL)

    assert linked.keitaro.requests[0].raw == b'{"measures":["clicks"]}'


@pytest.mark.parametrize("is_reply", [False, True])
@pytest.mark.parametrize(
    ("method", "status", "description"),
    [
        ("getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
        ("getFile", 400, "Bad Request: file is too big"),
        ("file", 404, "Not Found"),
    ],
)
async def test_a_file_that_is_lost_is_asked_for_again(
    linked: Room, method: str, status: int, description: str, *, is_reply: bool
):
    file = {"attach": SMALL}
    how = await reply(linked, file, to=linked.home) if is_reply else file
    linked.telegram.fail(method, status=status, description=description, times=2)

    assert await linked.ask("/stats", **how) == LOST
    assert file_calls(linked) == ["getFile"] * 2
    assert linked.keitaro.requests == []


FILE_FAULTS = {
    "a place that is no good any more": {"status": 404, "description": "Not Found"},
    "only a part": {"status": 200, "raw": SMALL[:-1]},
    "a page": {"status": 200, "raw": b"<html>Sign in to this network</html>"},
    "more than was declared": {"status": 200, "raw": SMALL + b" "},
}


@pytest.mark.parametrize("fault", FILE_FAULTS.values(), ids=FILE_FAULTS)
@pytest.mark.parametrize("times", [1, 2])
async def test_nothing_is_read_of_a_file_that_is_not_whole(linked: Room, fault: Any, times: int):
    """It is fetched once more, from a new place."""
    linked.telegram.fail("file", times=times, **fault)
    answer = await linked.ask("/stats", attach=SMALL)

    assert file_calls(linked) == ["getFile"] * 2
    assert (answer == LOST) is (times == 2)
    assert [one.body for one in linked.keitaro.requests] == [json.loads(SMALL)] * (2 - times)


async def test_a_file_that_comes_too_slowly_is_lost(linked: Room):
    said = linked.telegram.say(linked.owner, linked.home, "/stats", attach=SMALL)
    document = Document.de_json(said["document"], linked.bot.bot)
    gate = linked.telegram.hold("file")

    with pytest.raises(FileLostError):
        await download(document, limit_bytes=1024, seconds=0.05)
    gate.set()


@pytest.mark.parametrize("content", [b"", b" \n", b"\xef\xbb\xbf"])
async def test_an_empty_file_is_named_and_not_taken_for_none(linked: Room, content: bytes):
    """Else /stream 45 would show the stream, and look as if it had changed it."""
    commands = [form.removesuffix(" {json}") for form in FORMS]
    said = [await linked.ask(command, attach=content) for command in commands]

    assert said == ["❌ The file is empty."] * len(FORMS)
    assert linked.keitaro.requests == []


@pytest.mark.parametrize(
    "first",
    [
        {"text": "nothing of note"},
        {"text": f"so: {SMALL.decode()}"},
        {"text": "/note@other_bot 45 off"},
        {"text": None, "attach": SMALL, "filename": "a.png", "mime_type": "image/png"},
    ],
    ids=["words", "words before JSON", "a command without JSON", "another kind of file"],
)
async def test_a_reply_to_what_holds_no_json_needs_json(linked: Room, first: dict[str, Any]):
    how = await reply(linked, first, to=linked.home)

    assert await linked.ask("/stream create", **how) == MISSING
    assert file_calls(linked) == []
    assert linked.keitaro.requests == []


@pytest.mark.parametrize(
    ("filename", "mime_type"),
    [
        ("a.json", "application/octet-stream"),
        ("A.TXT", "application/octet-stream"),
        ("noname", "application/json"),
        ("noname", "text/plain"),
        ("noname", "text/json"),
    ],
)
async def test_a_file_replied_to_is_known_by_its_name_or_its_type(
    linked: Room, filename: str, mime_type: str
):
    file = {"attach": SMALL, "filename": filename, "mime_type": mime_type}
    await linked.ask("/stats", **await reply(linked, file, to=linked.home))

    assert [request.body for request in linked.keitaro.requests] == [json.loads(SMALL)]


async def test_a_caption_replied_to_counts_where_its_file_does_not(linked: Room):
    picture = {"text": SMALL.decode(), "attach": b"\x89PNG", "mime_type": "image/png"}
    picture["filename"] = "a.png"
    await linked.ask("/stats", **await reply(linked, picture, to=linked.home))

    assert [request.body for request in linked.keitaro.requests] == [json.loads(SMALL)]


async def test_what_is_typed_goes_before_what_is_replied_to(linked: Room):
    how = await reply(linked, {"text": '{"measures": ["cost"]}'}, to=linked.home)
    await linked.ask(f"/stats {SMALL.decode()}", **how)

    assert [request.body for request in linked.keitaro.requests] == [json.loads(SMALL)]


async def test_what_is_attached_goes_before_what_is_replied_to(linked: Room):
    how = await reply(linked, {"text": '{"measures": ["cost"]}'}, to=linked.home)
    await linked.ask("/stats", attach=SMALL, **how)

    assert [request.body for request in linked.keitaro.requests] == [json.loads(SMALL)]


async def test_a_message_in_a_topic_replies_to_nothing(room: Room):
    """Every message in a topic comes as a reply to the one that opened it."""
    forum = room.telegram.group("Traffic", room.owner, forum=True)
    await room.link(to=forum)

    told = await room.ask("/stream create", to=forum, thread=forum.topic("{}"))

    assert told == MISSING


async def test_a_command_that_takes_no_json_reads_no_file(unasked: Room):
    """/stream 45 off in reply to a file is still /stream 45 off."""
    how = await reply(unasked, {"text": None, "attach": SMALL}, to=unasked.home)
    answer = await unasked.ask("/stream 45 off", **how)

    assert answer.startswith("✅ Stream 45 is off\n")
    assert file_calls(unasked) == []


async def test_broken_json_never_reaches_the_tracker(linked: Room):
    answer = await linked.ask('/stream {"campaign_id": 12,\n "name" "Main"}')

    assert answer == (
        "❌ This is not valid JSON: line 2, column 9.\n"
        ' "name" "Main"}\n        ^\n'
        "A colon is missing here."
    )
    assert linked.keitaro.requests == []


async def test_no_chat_falls_back_to_the_tracker_of_another(linked: Room):
    group = linked.telegram.group("Traffic", linked.owner)
    said = [await linked.ask(form.replace("{json}", "{}"), to=group) for form in FORMS]

    assert said == [f"❌ {ENGLISH.not_linked}"] * len(FORMS)
    assert linked.keitaro.requests == []
