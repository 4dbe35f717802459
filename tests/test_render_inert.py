"""Names from a tracker do nothing when tapped: no command, no mention, no tag, no link."""

import json
import re
from typing import Any

import pytest

from tests.conftest import Room

EVIL = "Main /unlink @evil_admin #tag $USD https://evil.example/x evil.example a@evil.example"
TAPPED = {"bot_command", "mention", "hashtag", "cashtag", "url", "email", "text_link"}
OPAQUE = {"code", "pre"}
# What the real Telegram finds and the sandbox does not, and what must never stand outside of code.
LIVE = re.compile(r"\w\.\w|://|\$[A-Z]|#\w*[a-z]|(?<!\w)@\w|/unlink")
OWN = {"/status", "/stream", "/streams", "/link", "/help"}

NEW = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "action",
    "name": EVIL,
    "action_type": "do_nothing",
    "action_payload": EVIL,
    "comments": EVIL,
}
REPORT = {"dimensions": [EVIL, "day"], "measures": ["clicks", f"x{EVIL}"]}
SPANS = [
    {"interval": EVIL, "timezone": EVIL},
    {"from": EVIL, "to": EVIL},
    {"interval": "today", "timezone": "../UTC"},
]
ROW = {EVIL: EVIL, "clicks": 5, "more": EVIL, "https://evil.example/": 1}
STATUSES = (400, 401, 402, 403, 404, 406, 409, 422, 429, 500, 502)
FIELDS = {EVIL: [EVIL, EVIL], "error": EVIL}


@pytest.fixture
def linked(linked: Room) -> Room:
    """A chat whose tracker has but one name for everything."""
    keitaro = linked.keitaro
    for table in (keitaro.campaigns, keitaro.offers, keitaro.landing_pages):
        for row in table.values():
            row["name"] = EVIL
    for stream in keitaro.streams.values():
        stream.update(
            name=EVIL,
            type=EVIL,
            schema=EVIL,
            state=EVIL,
            position=EVIL,
            weight=EVIL,
            action_type=EVIL,
            action_payload=EVIL,
            comments=EVIL,
            filters=[
                {"name": EVIL, "mode": "accept", "payload": [EVIL, "10.0.0.1"]},
                {"name": EVIL},
            ],
            offers=[{"offer_id": 81, "share": EVIL, "state": EVIL, "name": EVIL}],
        )
    event = {"datetime": EVIL, "message": EVIL, "type": EVIL}
    keitaro.events[45] = [event, EVIL]
    return linked


def outside_of_code(message: dict[str, Any]) -> str:
    """Return the text of *message* with a line break for each piece of code."""
    text = message["text"].encode("utf-16-le")
    for mark in reversed(message.get("entities", [])):
        if mark["type"] in OPAQUE:
            begin, end = mark["offset"] * 2, (mark["offset"] + mark["length"]) * 2
            text = text[:begin] + "\n".encode("utf-16-le") + text[end:]
    return text.decode("utf-16-le")


def tapped(message: dict[str, Any]) -> set[str]:
    """Return what a person could tap in *message*."""
    text = message["text"].encode("utf-16-le")
    return {
        text[mark["offset"] * 2 : (mark["offset"] + mark["length"]) * 2].decode("utf-16-le")
        for mark in message.get("entities", [])
        if mark["type"] in TAPPED
    }


async def assert_inert(room: Room, text: str) -> None:
    """Say *text* and look at every message that comes."""
    messages = [message for message in await room.say(text) if "text" in message]

    assert messages
    for message in messages:
        assert tapped(message) <= OWN
        assert LIVE.findall(outside_of_code(message)) == []


@pytest.mark.parametrize(
    "text",
    [
        "/stream 45",
        "/stream events 45",
        "/stream 45 on",
        "/stream 45 delete",
        f"/stream {json.dumps(NEW)}",
        f'/stream 45 {{"name": "{EVIL}", "weight": 5}}',
        "/streams 11",
        "/streams find Main",
        f"/streams find {EVIL}",
        f"/stream {EVIL}",
        "/stream 999",
        "/status",
        f"/stats {json.dumps(REPORT)}",
    ],
)
async def test_names_of_a_tracker_cannot_be_tapped(unasked: Room, text: str):
    await assert_inert(unasked, text)


@pytest.mark.parametrize("verb", ["on", "restore", '{"name": "x", "comments": "y"}'])
async def test_differences_cannot_be_tapped(unasked: Room, verb: str):
    stream = unasked.keitaro.streams[45]
    unasked.keitaro.fail(2, status=200, body=json.dumps(stream).encode(), path="streams/45")

    await assert_inert(unasked, f"/stream 45 {verb}")


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("rows", [[ROW], []])
async def test_reports_cannot_be_tapped(linked: Room, span: dict[str, str], rows: list[Any]):
    body = {"rows": rows, "total": 1, "summary": ROW}
    linked.keitaro.fail(status=200, body=body)

    await assert_inert(linked, f"/stats {json.dumps({**REPORT, 'range': span})}")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("body", [FIELDS, {"error": EVIL}, EVIL], ids=["fields", "error", "text"])
@pytest.mark.parametrize(
    "text",
    ["/stream 45", "/stream 45 off", f"/stream {json.dumps(NEW)}", "/status", "/stats {}"],
)
async def test_words_of_a_failing_tracker_cannot_be_tapped(
    unasked: Room, status: int, body: Any, text: str
):
    unasked.keitaro.fail(9, status=status, body=body)

    await assert_inert(unasked, text)


async def test_where_a_tracker_redirects_to_cannot_be_tapped(linked: Room):
    linked.keitaro.fail(status=302, headers={"Location": "https://evil.example/x"}, body="")

    await assert_inert(linked, "/stream 45")
