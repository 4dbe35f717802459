"""Names that somebody has given to break programs or deceive readers, wherever names are shown.

Each goes through the whole bot, as every campaign, stream and offer of a tracker.
"""

import asyncio
import csv
import io
import json
import re

import pytest
from telegram import Update

from handlers.render.html import HIDDEN, TOWER
from tests.conftest import Room
from tests.nasty import STRINGS
from tests.test_render_inert import LIVE, OWN, outside_of_code, tapped

NAMES = [name for name in STRINGS if name.isprintable() or len(name) < 100]
COMMANDS = (
    "/stream 45",
    "/streams 11",
    "/streams find a",
    '/stream 45 {"comments": "x"}',
    "/history",
    "/stats today by campaign top 3",
    "/stats yesterday campaign, offer csv",
    "/status",
)
# What the bot begins a line with, and what a name may not begin one with.
MARKS = re.compile(r"^(?:✅|❌|⚠️|⏳)", re.MULTILINE)
OWN_MARKS = {"bold", "code", "pre", "expandable_blockquote", "bot_command", "italic"}
UNSAFE = re.compile("[=+@\t\r\0-]|[＝＋－＠]")
NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")
# The bot's own: the second one keeps what stands beside Arabic and Hebrew in its place.
CANARY = re.compile(r"canary-(\d+)-")
JOINER, LEFT_TO_RIGHT = "\u2060", "\u200e"


def hidden(text: str) -> list[str]:
    """Return what cannot be seen in *text*, but for line ends and the bot's own signs."""
    return [found for found in HIDDEN.findall(text) if found not in {"\n", JOINER, LEFT_TO_RIGHT}]


@pytest.fixture
def named(unasked: Room, name: str) -> Room:
    keitaro = unasked.keitaro
    for table in (keitaro.campaigns, keitaro.offers, keitaro.landing_pages, keitaro.streams):
        for row in table.values():
            row["name"] = name
    stream = keitaro.streams[45]
    stream["comments"] = stream["action_payload"] = name
    stream["filters"] = [{"id": 1, "name": "country", "mode": "accept", "payload": [name]}]
    return unasked


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_is_a_name_wherever_it_is_shown(named: Room, name: str, caplog):
    """One line that begins with no mark, nothing to tap, nothing hidden, and no breakdown."""
    for text in COMMANDS:
        messages = await named.say(text)

        assert messages
        for message in messages:
            words = message.get("text", message.get("caption", ""))
            shown = {"text": words, "entities": message.get("entities", [])}
            assert hidden(words) == []
            assert TOWER.findall(words) == []
            assert len(MARKS.findall(outside_of_code(shown))) <= 1
            assert tapped(shown) <= OWN
            assert LIVE.findall(outside_of_code(shown)) == []
            assert {mark["type"] for mark in shown["entities"]} <= OWN_MARKS
            if "document" in message:
                assert_harmless(named.telegram.document(message))

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def assert_harmless(content: bytes) -> None:
    """Look for formulas in a table."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]

    assert cells
    assert [cell for cell in cells if UNSAFE.match(cell) and not NUMBER.fullmatch(cell)] == []


@pytest.mark.parametrize("name", NAMES)
async def test_what_a_failing_tracker_says_is_only_said(linked: Room, name: str, caplog):
    """In the words of an error, and in a body that is no JSON."""
    for body in ({"error": name}, {name: [name]}, name.encode("utf-8", "replace")):
        linked.keitaro.fail(9, status=422, body=body)
        message = (await linked.say('/stats {"measures": ["clicks"]}'))[0]
        linked.keitaro.script.clear()

        assert message["text"].startswith("❌ ")
        assert len(MARKS.findall(outside_of_code(message))) == 1
        assert hidden(message["text"]) == []
        assert tapped(message) <= OWN

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("name", NAMES)
async def test_any_name_that_can_be_written_is_sent_as_it_is(unasked: Room, name: str):
    """What the tracker gets is what was typed, to the last sign, or nothing at all."""
    try:
        name.encode()
    except UnicodeEncodeError:
        pytest.skip("half a character cannot be typed")
    payload = json.dumps({"comments": name})
    answer = (await unasked.say(f"/stream 45 {payload}"))[0]["text"]
    sent = [one.body for one in unasked.keitaro.requests if one.method == "PUT"]

    assert sent in ([], [{"comments": name}])
    assert answer.startswith("✅") is (sent != []) or name == ""


async def test_a_thousand_answers_stay_in_their_fifty_places(room: Room):
    """Chats and topics ask at once, each for words of its own; some of them for a file."""
    say, places = room.telegram.say, []
    for number in range(10):
        group = room.telegram.group(f"Team {number}", room.owner)
        forum = room.telegram.group(f"Forum {number}", room.owner, forum=True)
        places += [(group, None), *((forum, forum.topic(f"Topic {one}")) for one in range(4))]
        await room.link(to=group)
        await room.link(to=forum)
    words = ("/streams find canary-{}-", '/stream {{"name": "canary-{}-"}}')
    for number in range(1000):
        place, form = number % len(places), words[number // len(places) % len(words)]
        chat, thread = places[place]
        say(room.owner, chat, form.format(place), thread=thread)
    while batch := room.telegram.updates.batch(100):
        room.telegram.updates.remove([update["update_id"] for update in batch])
        handled = [Update.de_json(update, room.bot.bot) for update in batch]
        await asyncio.gather(*map(room.bot.process_update, handled))
    await room.delivered()

    for place, (chat, thread) in enumerate(places):
        answers = [
            one
            for one in room.telegram.messages(chat)
            if one["from"]["is_bot"] and one.get("message_thread_id") == thread
        ]
        assert len(answers) == 1000 // len(places)
        assert {word for one in answers for word in CANARY.findall(str(one))} == {str(place)}
