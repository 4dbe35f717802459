"""The card of a stream: its buttons, its extras, its JSON, and copies of it."""

import json
from typing import Any

import pytest

from handlers.texts import ENGLISH, RUSSIAN, Texts
from sandbox.keitaro import Keitaro
from sandbox.telegram import Chat, Person
from tests.conftest import OTHER_KEY, Clock, Room

WORDS = {"en": ENGLISH, "ru": RUSSIAN}


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(key=OTHER_KEY, now=clock, empty=True)


@pytest.fixture
def vera(telegram) -> Person:
    return telegram.person("Vera")


@pytest.fixture
async def team(room: Room, telegram, owner: Person, vera: Person) -> Chat:
    """A linked group with the owner and a viewer."""
    group = telegram.group("Buyers", owner, vera)
    await room.link(to=group)
    await room.grant(vera, group, "viewer")
    return group


def labels(message: dict[str, Any]) -> list[list[str]]:
    """Return what stands on the buttons of *message*, row by row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def changes(keitaro: Keitaro) -> list[tuple[str, str]]:
    """Return the requests that the tracker got, but for those that only read."""
    return [
        (one.method, one.path)
        for one in keitaro.requests
        if one.method != "GET" and one.path != "report/build"
    ]


async def card(room: Room, stream_id: int = 45, **how: Any) -> dict[str, Any]:
    """Ask for a card, and return its message."""
    return (await room.say(f"/stream {stream_id}", **how))[0]


async def below(room: Room, message: dict[str, Any], label: str, **how: Any) -> dict[str, Any]:
    """Press a button that leaves *message* as it is, and return the first answer below it."""
    chat = room.telegram.chats[message["chat"]["id"]]
    last = max(chat.messages)
    text = await room.press(message, label, **how)
    assert text == message["text"]
    return room.since(chat, {"message_id": last})[0]


def toast(room: Room) -> str:
    """Return what the last press was answered with, for the one who pressed alone."""
    [*_, call] = [one for one in room.telegram.calls if one.method == "answerCallbackQuery"]
    return str(call.parameters.get("text", ""))


@pytest.mark.parametrize("language", WORDS)
async def test_a_card_has_the_buttons_that_make_sense(linked: Room, language: str):
    await linked.say(f"/settings {language}")
    texts: Texts = WORDS[language]
    reading = [texts.card_events, texts.card_json, texts.card_open, texts.card_refresh]

    def rows(*buttons: str) -> list[list[str]]:
        return [list(buttons[place : place + 3]) for place in range(0, len(buttons), 3)]

    assert labels(await card(linked)) == rows(
        *(texts.turn_off, texts.card_shares, texts.card_swap, texts.card_copy),
        *(*reading, texts.card_archive),
    )
    linked.keitaro.streams[45].update(state="disabled", offers=[], landings=[])
    assert labels(await card(linked)) == rows(
        *(texts.card_turn_on, texts.card_copy, *reading, texts.card_archive)
    )
    linked.keitaro.streams[45].update(state="deleted")
    assert labels(await card(linked)) == rows(texts.card_restore, texts.card_copy, *reading)


async def test_a_viewer_sees_what_a_viewer_may_press(room: Room, team: Chat, vera: Person):
    message = await card(room, by=vera, to=team)

    assert labels(message) == [["Events", "JSON file", "Open"], ["Refresh"]]


async def test_who_may_not_change_presses_in_vain(room: Room, team: Chat, vera: Person):
    message = await card(room, to=team)
    for label in ("Turn off", "Shares", "Swap offer", "Duplicate", "Archive"):
        assert await room.press(message, label, by=vera) == message["text"]
        assert "You need the role operator" in toast(room)
    assert (await room.press(message, "Refresh", by=vera)).startswith("✅ ")
    assert changes(room.keitaro) == []


async def test_open_leads_to_the_campaign_in_the_panel(linked: Room):
    message = await card(linked)
    links = [
        button["url"]
        for row in message["reply_markup"]["inline_keyboard"]
        for button in row
        if "url" in button
    ]

    assert links == ["https://tracker.example/admin/#!/campaigns/11"]


async def test_the_card_says_what_it_carries_and_that_it_is_alone(linked: Room):
    assert "only active stream" not in (await card(linked))["text"]
    for number, stream in linked.keitaro.streams.items():
        if stream["campaign_id"] == 11 and number != 45:
            stream["state"] = "disabled"
    text = (await card(linked))["text"]

    assert "\nLast 24 h: " in text
    assert ENGLISH.card_only_active in text


async def test_a_card_comes_without_what_is_not_to_be_had(linked: Room):
    linked.keitaro.restricted |= {"campaigns", "report"}
    linked.keitaro.fail(path="report/build", status=500, times=9)
    text = (await card(linked))["text"]

    assert text.startswith("✅ CA/US main · stream 45\n")
    assert "Last 24 h: traffic unknown" in text


async def test_turning_off_from_the_card_asks_below_it(linked: Room):
    message = await card(linked)
    plan = await below(linked, message, "Turn off")

    assert plan["text"].startswith("❔ Turn stream 45 off?\n")
    assert (await linked.press(plan, "Apply")).startswith("✅ Stream 45 is off\n")
    linked.keitaro.requests.clear()
    text = await linked.press(message, "Refresh")

    assert "🔴 off" in text
    shown = linked.telegram.chats[linked.home.id].messages[message["message_id"]]
    assert labels(shown)[0][0] == "Turn on"


async def test_events_come_as_a_message_of_their_own(linked: Room):
    answer = await below(linked, await card(linked), "Events")

    assert answer["text"].startswith("✅ ")
    assert "45" in answer["text"]


async def edited_file(room: Room, **fields: Any) -> bytes:
    """Return the file of the card of stream 45 with some *fields* changed."""
    message = await card(room)
    last = max(room.telegram.chats[room.home.id].messages)
    await room.press(message, "JSON file")
    text, document = room.since(room.home, {"message_id": last})
    assert text["text"].endswith("what you changed becomes a plan.")
    assert "/stream 45" in text["text"]
    assert document["document"]["file_name"] == "stream-45.json"
    stream = json.loads(room.telegram.document(document))
    assert stream == room.keitaro.streams[45]
    return json.dumps({**stream, **fields}).encode()


async def test_the_file_can_be_edited_and_sent_back(linked: Room):
    file = await edited_file(linked, weight=30)
    [plan] = await linked.say("/stream 45", attach=file)

    assert plan["text"].startswith("❔ Change stream 45?\n")
    assert "weight: 70 → 30" in plan["text"]
    assert "updated_at" not in plan["text"]
    assert (await linked.press(plan, "Apply")).startswith("✅ Stream 45 is updated\n")
    [sent] = [one for one in linked.keitaro.requests if one.method == "PUT"]
    assert sent.body == {"weight": 30}


async def test_rows_in_the_file_go_back_without_what_the_tracker_writes(linked: Room):
    offers = [{**row, "share": share} for row, share in _zipped(linked, (70, 30))]
    [plan] = await linked.say("/stream 45", attach=await edited_file(linked, offers=offers))
    assert (await linked.press(plan, "Apply")).startswith("✅ ")

    [sent] = [one for one in linked.keitaro.requests if one.method == "PUT"]
    assert sent.body == {
        "offers": [
            {"offer_id": 81, "share": 70, "state": "active"},
            {"offer_id": 82, "share": 30, "state": "active"},
        ]
    }


def _zipped(room: Room, shares: tuple[int, ...]) -> list[tuple[dict[str, Any], int]]:
    return list(zip(room.keitaro.streams[45]["offers"], shares, strict=True))


@pytest.mark.parametrize("confirmations", ["changes", "never"])
async def test_a_file_that_nobody_has_edited_changes_nothing(linked: Room, confirmations: str):
    services = linked.bot.bot_data["services"]
    await services.store.chats.set_confirmations(linked.home.id, confirmations)
    text = await linked.ask("/stream 45", attach=await edited_file(linked))

    assert text.startswith("✅ Nothing to change: it is like that already.\n")
    assert changes(linked.keitaro) == []


async def test_the_file_of_another_stream_is_refused(linked: Room):
    text = await linked.ask("/stream 46", attach=await edited_file(linked, weight=1))

    assert text == "❌ This is the JSON of stream 45, not of 46. Nothing was changed."
    assert changes(linked.keitaro) == []


@pytest.mark.parametrize(
    "data",
    [
        *("card:0:refresh", "card:9999999999999999:refresh", "card:45:drop", "card:x:json"),
        *("swap:45:0", "swap:45:81:9999999999999999", "copy:0:12", "copy:45:9007199254740992"),
        *("share:AAAAAAAAAAAAAAAAAAAAAA:even", "share:x:save", "card:45:refresh:1", "copy:é"),
    ],
)
async def test_forged_data_does_nothing(linked: Room, data: str):
    message = await card(linked)
    count = len(linked.telegram.messages(linked.home))
    linked.telegram.press(linked.owner, linked.home, message["message_id"], data, forged=True)
    await linked.settle()

    shown = linked.telegram.chats[linked.home.id].messages[message["message_id"]]
    assert shown["text"] == message["text"]
    assert len(linked.telegram.messages(linked.home)) == count
    assert toast(linked) in ("", f"❌ {ENGLISH.refused_buttons['unknown']}")
    assert changes(linked.keitaro) == []


async def test_a_copy_is_found_a_campaign_by_words_and_made_off(linked: Room):
    question = await below(linked, await card(linked), "Duplicate")
    assert question["text"].startswith("❔ Into which campaign shall I copy stream 45?\n")
    [found] = await linked.say("garden de")
    assert labels(found) == [["Garden DE · 1"], ["Other words"]]
    text = await linked.press(found, "Garden DE · 1")

    assert text.startswith("❔ Create this stream?\n")
    assert "It is made off" in text
    assert changes(linked.keitaro) == []
    plan = linked.telegram.chats[linked.home.id].messages[found["message_id"]]
    assert (await linked.press(plan, "Apply")).startswith("✅ Stream 1001 is created\n")
    [sent] = [one for one in linked.keitaro.requests if one.path == "streams"]
    assert sent.body == {
        "campaign_id": 1,
        "schema": "landings",
        "type": "regular",
        "name": "CA/US main",
        "action_type": "http",
        "action_payload": "",
        "weight": 70,
        "collect_clicks": True,
        "filter_or": False,
        "filters": [
            {"name": "country", "mode": "accept", "payload": ["CA", "US"]},
            {"name": "os", "mode": "reject", "payload": ["Linux"]},
        ],
        "landings": [{"landing_id": 35, "share": 100, "state": "active"}],
        "offers": [
            {"offer_id": 81, "share": 50, "state": "active"},
            {"offer_id": 82, "share": 50, "state": "active"},
        ],
        "offer_selection": "before_click",
        "state": "disabled",
    }


@pytest.mark.parametrize("text", ["/stream 45 copy 12", "/stream copy 45 12", "/stream 45 COPY 12"])
async def test_a_copy_is_asked_about_even_where_nothing_is(linked: Room, text: str):
    await linked.never_ask()
    linked.keitaro.streams[45]["triggers"] = [
        {"id": 9, "condition": "always", "action": "disable", "target": "stream", "stream_id": 45}
    ]
    answer = await linked.ask(text)

    assert answer.startswith("❔ Create this stream?\n")
    assert ENGLISH.copy_no_triggers in answer
    assert changes(linked.keitaro) == []


async def test_campaigns_are_found_by_words_after_the_command(linked: Room):
    [found] = await linked.say("/stream 45 copy DE garden")
    assert labels(found) == [["Garden DE · 1"], ["Other words"]]
    [nothing] = await linked.say("/stream 45 copy no such thing")

    assert nothing["text"].startswith("❌ ")
    assert labels(nothing) == [["Other words"]]


@pytest.mark.parametrize("text", ["/stream 45 swap x", "/stream 0 copy 12", "/stream copy"])
async def test_words_that_make_no_sense_are_named(linked: Room, text: str):
    answer = await linked.ask(text)

    assert answer.startswith("❌ ")
    assert changes(linked.keitaro) == []
