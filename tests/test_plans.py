"""A change of something that exists asks first: what is asked, who may answer, and what then."""

import asyncio
import json
from typing import Any

import pytest
from telegram import Update

from bot.tidying import KEPT_SECONDS, tidy
from handlers import SERVICES
from handlers.changes.expiry import sweep
from handlers.texts import RUSSIAN
from sandbox.keitaro import Keitaro
from sandbox.telegram import Chat, Person
from tests.conftest import OTHER_KEY, OTHER_TRACKER, Clock, Room

FOLD = "\nThe whole answer\n"
TEN_MINUTES = 600.0


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here, but it is there to be linked."""
    return Keitaro(key=OTHER_KEY, now=clock, seed=8)


@pytest.fixture
def colleague(telegram) -> Person:
    return telegram.person("Oleg")


@pytest.fixture
async def team(room: Room, telegram, owner: Person, colleague: Person) -> Chat:
    """A linked group with the owner and an operator."""
    group = telegram.group("Buyers", owner, colleague)
    await room.link(to=group)
    await room.grant(colleague, group, "operator")
    return group


def changes(keitaro: Keitaro) -> list[tuple[str, str]]:
    """Return the requests that the tracker got, but for those that only read."""
    return [
        (one.method, one.path)
        for one in keitaro.requests
        if one.method != "GET" and one.path != "report/build"
    ]


def labels(message: dict[str, Any]) -> list[str]:
    """Return what stands on the buttons of *message*."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def plan(room: Room, text: str = "/stream 45 off", **how: Any) -> dict[str, Any]:
    """Say something that is answered by a plan, and return its message."""
    [message] = await room.say(text, **how)
    assert message["text"].startswith("❔ ")
    assert labels(message) == ["Apply", "Cancel"]
    return message


def now(room: Room, message: dict[str, Any]) -> dict[str, Any]:
    """Return *message* as it is now."""
    return room.telegram.chats[message["chat"]["id"]].messages[message["message_id"]]


async def test_turning_off_asks_first_and_says_what_it_carries(linked: Room):
    message = await plan(linked)

    lines = message["text"].splitlines()
    assert lines[:5] == [
        "❔ Turn stream 45 off?",
        "CA/US main · stream 45",
        "Campaign: 11 Camping CA",
        "",
        "state: 🟢 active → 🔴 off",
    ]
    assert any(line.startswith("Last 24 h: ") for line in lines)
    assert lines[-1] == "Only Olga can confirm this, within 10 minutes."
    assert changes(linked.keitaro) == []
    assert linked.keitaro.streams[45]["state"] == "active"


async def test_a_plan_that_is_applied_is_carried_out_once_and_read_back(linked: Room):
    message = await plan(linked)
    text = await linked.press(message, "Apply")

    assert text.startswith("✅ Stream 45 is off\n")
    assert "🔴 off" in text
    assert labels(now(linked, message)) == ["Undo"]
    assert changes(linked.keitaro) == [("POST", "streams/45/disable")]
    assert linked.keitaro.requests[-1].method == "GET"
    assert linked.keitaro.streams[45]["state"] == "disabled"


@pytest.mark.parametrize("fault", [{"status": 401}, {"status": 422}, {"status": 500}])
@pytest.mark.parametrize("path", ["streams/45", "streams/45/disable"])
async def test_a_plan_that_fails_says_which_it_was(linked: Room, fault: dict[str, Any], path: str):
    message = await plan(linked)
    linked.keitaro.fail(9, path=path, body={"error": "No"}, **fault)
    text = await linked.press(message, "Apply")

    assert text[0] in "❌⚠"
    assert "stream 45" in text.lower()
    assert labels(now(linked, message)) in ([], ["Check again"])


@pytest.mark.parametrize("verb", ["off", "delete"])
async def test_a_plan_that_is_cancelled_changes_nothing(linked: Room, verb: str):
    message = await plan(linked, f"/stream 45 {verb}")
    text = await linked.press(message, "Cancel")

    title = {"off": "Turn stream 45 off?", "delete": "Archive stream 45?"}[verb]
    which = f"{title}\nCA/US main · stream 45"
    assert text == f"❌ Cancelled. Nothing was changed.\n\n{which}"
    assert labels(now(linked, message)) == []
    assert changes(linked.keitaro) == []


async def test_an_update_shows_old_and_new_field_by_field(linked: Room):
    fields = {"name": "CA/US night", "offers": [{"offer_id": 81, "share": 70}]}
    message = await plan(linked, f"/stream 45 {json.dumps(fields)}")

    assert "name: CA/US main → CA/US night" in message["text"]
    assert "Better Sleep Pillow" in message["text"]
    assert "50 → 70 %" in message["text"]
    text = await linked.press(message, "Apply")

    assert text.startswith("✅ Stream 45 is updated\n")
    assert linked.keitaro.streams[45]["name"] == "CA/US night"
    [sent] = [one for one in linked.keitaro.requests if one.method == "PUT"]
    assert sent.body == fields


async def test_rows_of_filters_go_with_their_ids(linked: Room):
    before = linked.keitaro.streams[45]["filters"]
    wanted = [{"name": "country", "mode": "accept", "payload": ["CA"]}]
    message = await plan(linked, f"/stream 45 {json.dumps({'filters': wanted})}")
    text = await linked.press(message, "Apply")

    assert text.startswith("✅ ")
    [sent] = [one for one in linked.keitaro.requests if one.method == "PUT"]
    assert sent.body == {"filters": [{**wanted[0], "id": before[0]["id"]}]}


async def test_what_is_so_already_is_not_changed(linked: Room):
    text = await linked.ask("/stream 45 on")

    assert text.startswith("✅ Nothing to change: it is like that already.\n")
    assert changes(linked.keitaro) == []


async def test_only_the_author_may_answer(room: Room, team: Chat, colleague: Person):
    message = await plan(room, to=team)
    for label in ("Apply", "Cancel"):
        await room.press(message, label, by=colleague)

        assert room.telegram.calls[-1].parameters["text"] == (
            "❌ Only the one who asked for this can confirm it."
        )
    assert now(room, message)["text"] == message["text"]
    assert changes(room.keitaro) == []
    await room.press(message, "Apply")

    assert changes(room.keitaro) == [("POST", "streams/45/disable")]


async def test_who_may_not_change_any_more_cannot_confirm(
    room: Room, team: Chat, colleague: Person
):
    message = await plan(room, to=team, by=colleague)
    await room.grant(colleague, team, "viewer")
    await room.press(message, "Apply", by=colleague)

    assert "You need the role operator" in room.telegram.calls[-1].parameters["text"]
    assert changes(room.keitaro) == []


async def test_a_plan_lives_for_ten_minutes(linked: Room, clock: Clock):
    message = await plan(linked)
    clock.at += TEN_MINUTES - 1
    await sweep(linked.bot.bot_data[SERVICES])
    await linked.delivered()
    assert labels(now(linked, message)) == ["Apply", "Cancel"]

    clock.at += 1
    text = await linked.press(message, "Apply")

    assert text.startswith("❌ Nobody has confirmed this within 10 minutes")
    assert labels(now(linked, message)) == []
    assert changes(linked.keitaro) == []


async def test_the_buttons_of_an_expired_plan_are_taken_away(linked: Room, clock: Clock):
    message = await plan(linked)
    clock.at += TEN_MINUTES
    services = linked.bot.bot_data[SERVICES]
    await sweep(services)
    await linked.delivered()

    assert now(linked, message)["text"].startswith("❌ Nobody has confirmed this")
    assert labels(now(linked, message)) == []
    calls = len(linked.telegram.calls)
    await sweep(services)
    await linked.delivered()
    assert len(linked.telegram.calls) == calls


async def test_an_expired_plan_is_forgotten_in_time(linked: Room, clock: Clock):
    message = await plan(linked)
    token = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[2]
    services = linked.bot.bot_data[SERVICES]
    clock.at += TEN_MINUTES
    await sweep(services)
    assert await services.store.plans.get(token) is not None
    clock.at += KEPT_SECONDS + 1
    await tidy(services.store)

    assert await services.store.plans.get(token) is None


async def test_a_stream_that_has_changed_since_is_asked_about_anew(linked: Room):
    message = await plan(linked, '/stream 45 {"weight": 30}')
    linked.keitaro.streams[45]["weight"] = 10
    text = await linked.press(message, "Apply")

    assert text.startswith("❔ Change stream 45?\n")
    assert "weight: 10 → 30" in text
    assert "weight: 70 → 10" in text
    assert "The stream has changed since you were asked." in text
    assert changes(linked.keitaro) == []
    assert labels(now(linked, message)) == ["Apply", "Cancel"]
    text = await linked.press(now(linked, message), "Apply")

    assert text.startswith("✅ Stream 45 is updated\n")
    assert linked.keitaro.streams[45]["weight"] == 30


async def test_a_stream_that_has_gone_since_is_said_to_be_gone(linked: Room):
    message = await plan(linked)
    del linked.keitaro.streams[45]
    text = await linked.press(message, "Apply")

    assert text.startswith("❌ 404 Not Found")
    assert changes(linked.keitaro) == []


async def test_somebody_else_has_done_it_meanwhile(linked: Room):
    message = await plan(linked)
    linked.keitaro.streams[45]["state"] = "disabled"
    text = await linked.press(message, "Apply")

    assert text.startswith("✅ Nothing to change: it is like that already.\n")
    assert changes(linked.keitaro) == []


async def test_a_plan_is_used_once(linked: Room):
    message = await plan(linked)
    telegram = linked.telegram
    for _ in range(2):
        telegram.press(linked.owner, linked.home, message["message_id"], "Apply")
    await linked.settle()

    assert changes(linked.keitaro) == [("POST", "streams/45/disable")]
    assert telegram.chats[linked.home.id].messages[message["message_id"]]["text"].startswith("✅")


async def test_a_hundred_presses_at_once_change_it_once(linked: Room):
    message = await plan(linked)
    telegram = linked.telegram
    for _ in range(100):
        telegram.press(linked.owner, linked.home, message["message_id"], "Apply")
    batch = []
    while more := telegram.updates.batch(100):
        telegram.updates.remove([update["update_id"] for update in more])
        batch += more
    bot = linked.bot
    await asyncio.gather(*(bot.process_update(Update.de_json(update, bot.bot)) for update in batch))
    await linked.delivered()

    assert len(batch) == 100
    assert changes(linked.keitaro) == [("POST", "streams/45/disable")]
    assert now(linked, message)["text"].startswith("✅ Stream 45 is off")


async def test_never_asking(linked: Room):
    services = linked.bot.bot_data[SERVICES]
    await services.store.chats.set_confirmations(linked.home.id, "never")
    text = await linked.ask("/stream 45 off")

    assert text.startswith("✅ Stream 45 is off\n")
    assert changes(linked.keitaro) == [("POST", "streams/45/disable")]


async def test_always_asking_holds_for_new_streams_too(linked: Room):
    services = linked.bot.bot_data[SERVICES]
    await services.store.chats.set_confirmations(linked.home.id, "always")
    new = {
        "campaign_id": 12,
        "type": "regular",
        "schema": "redirect",
        "name": "Main",
        "action_type": "http",
        "action_payload": "https://landing.example/",
        "collect_clicks": True,
    }
    message = await plan(linked, f"/stream {json.dumps(new)}")
    assert message["text"].startswith("❔ Create this stream?\nMain · ")
    assert changes(linked.keitaro) == []
    text = await linked.press(message, "Apply")

    assert text.startswith("✅ Stream 1001 is created\n")
    assert changes(linked.keitaro) == [("POST", "streams")]


async def test_the_link_may_have_changed_since(linked: Room):
    message = await plan(linked)
    await linked.link(tracker=OTHER_TRACKER, key=OTHER_KEY)
    text = await linked.press(message, "Apply")

    assert text.startswith("❌ This chat is linked to another tracker now")
    assert changes(linked.keitaro) == []


async def test_a_press_that_was_forged_does_nothing(linked: Room):
    message = await plan(linked)
    for data in ("plan:apply:" + "A" * 22, "plan:apply:", "plan:drop:x", "plan:apply:" + "é" * 9):
        linked.telegram.press(linked.owner, linked.home, message["message_id"], data, forged=True)
        await linked.settle()

    assert now(linked, message)["text"] == message["text"]
    assert changes(linked.keitaro) == []


async def test_a_plan_in_russian(linked: Room):
    await linked.say("/settings ru")
    [message] = await linked.say("/stream 45 delete")

    assert message["text"].startswith(f"❔ {RUSSIAN.plan_titles['delete'].format(id=45)}\n")
    assert labels(message) == [RUSSIAN.plan_apply, RUSSIAN.plan_cancel]


async def test_errors_stop_before_anything_is_asked(linked: Room):
    fields = {"schema": "redirect", "action_type": "http", "action_payload": ""}
    text = await linked.ask(f"/stream 45 {json.dumps(fields)}")

    assert text.startswith("❌ Not sent. This cannot be meant:\n")
    assert changes(linked.keitaro) == []


async def test_warnings_stand_in_the_plan(linked: Room):
    fields = {"offers": [{"offer_id": 81, "share": 50}, {"offer_id": 82, "share": 40}]}
    message = await plan(linked, f"/stream 45 {json.dumps(fields)}")

    assert "90" in message["text"]
    text = await linked.press(message, "Apply")

    assert text.startswith("✅ ")


async def test_a_long_plan_has_the_whole_in_a_file(linked: Room):
    offers = [{"offer_id": 1000 + number, "share": 1} for number in range(60)]
    for one in offers:
        linked.keitaro.offers[one["offer_id"]] = {
            "id": one["offer_id"],
            "name": "N",
            "state": "active",
        }
    message, document = await linked.say(f"/stream 45 {json.dumps({'offers': offers})}")
    file = linked.telegram.document(document).decode()

    assert message["text"].startswith("❔ Change stream 45?\n")
    assert "… +" in message["text"]
    assert labels(message) == ["Apply", "Cancel"]
    assert [line for line in file.splitlines() if line.startswith("offer 1059")]
    assert "\n\n\n" not in message["text"]


async def test_a_move_to_another_campaign_names_both(linked: Room):
    message = await plan(linked, '/stream 45 {"campaign_id": 1}')

    assert (
        "\n❗ It moves from campaign 11 Camping CA to campaign 1 Garden DE: visitors of the first "
        "one go to its other streams.\n" in message["text"]
    )
    assert "\nLast 24 h: " in message["text"]
