"""What was changed is taken back by a plan of its own."""

import json

from sandbox.telegram import Person
from tests.conftest import OTHER_KEY, OTHER_TRACKER, Room
from tests.test_plans import changes, labels, now, plan

NEW = {
    "campaign_id": 12,
    "type": "regular",
    "schema": "redirect",
    "name": "Main",
    "action_type": "http",
    "action_payload": "https://landing.example/",
    "collect_clicks": True,
}


async def apply(room: Room, text: str) -> dict:
    """Change something, confirmed, and return the message that tells of it."""
    message = await plan(room, text)
    assert (await room.press(message, "Apply")).startswith("✅ ")
    return now(room, message)


async def newest(room: Room) -> dict:
    """Return the newest message of the bot in the owner's chat."""
    return [one for one in room.telegram.messages(room.home) if one["from"]["is_bot"]][-1]


async def test_the_last_change_is_taken_back(linked: Room):
    before = json.loads(json.dumps(linked.keitaro.streams[45]))
    await apply(linked, '/stream 45 {"name": "Night", "weight": 5}')
    message = await plan(linked, "/undo")

    assert message["text"].startswith("❔ Change stream 45?\n")
    assert "name: Night → CA/US main" in message["text"]
    assert "weight: 5 → 70" in message["text"]
    text = await linked.press(message, "Apply")

    assert text.startswith("✅ Stream 45 is updated\n")
    stream = linked.keitaro.streams[45]
    assert {key: value for key, value in stream.items() if key != "updated_at"} == {
        key: value for key, value in before.items() if key != "updated_at"
    }


async def test_the_button_asks_in_a_message_of_its_own(linked: Room):
    told = await apply(linked, "/stream 45 off")
    assert labels(told) == ["Undo"]
    await linked.press(told, "Undo")
    question = await newest(linked)

    assert question["message_id"] != told["message_id"]
    assert now(linked, told)["text"] == told["text"]
    assert question["text"].startswith("❔ Turn stream 45 on?\n")
    await linked.press(question, "Apply")

    assert linked.keitaro.streams[45]["state"] == "active"


async def test_what_was_created_is_archived_and_what_was_archived_comes_back(linked: Room):
    [created] = await linked.say(f"/stream {json.dumps(NEW)}")
    assert labels(created) == ["Turn off", "Undo"]
    message = await plan(linked, "/undo")
    assert message["text"].startswith("❔ Archive stream 1001?\n")
    await linked.press(message, "Apply")
    assert linked.keitaro.streams[1001]["state"] == "deleted"

    await linked.press(now(linked, message), "Undo")
    question = await newest(linked)
    assert question["text"].startswith("❔ Bring stream 1001 back from the archive?\n")
    await linked.press(question, "Apply")
    assert linked.keitaro.streams[1001]["state"] == "active"


async def test_a_new_stream_is_turned_off_by_its_button(linked: Room):
    [created] = await linked.say(f"/stream {json.dumps(NEW)}")
    await linked.press(created, "Turn off")
    question = await newest(linked)
    assert question["text"].startswith("❔ Turn stream 1001 off?\n")
    await linked.press(question, "Apply")

    assert linked.keitaro.streams[1001]["state"] == "disabled"


async def test_a_change_is_taken_back_once(linked: Room):
    told = await apply(linked, "/stream 45 off")
    await linked.press(await plan(linked, "/undo"), "Apply")
    await linked.press(told, "Undo")

    assert linked.telegram.calls[-1].parameters["text"] == "❌ This was taken back already."
    assert await linked.ask("/undo") == (
        "❌ Nothing that you have changed in this chat is left to take back."
    )


async def test_undo_goes_back_one_change_after_the_other(linked: Room):
    await apply(linked, '/stream 45 {"weight": 5}')
    await apply(linked, "/stream 45 off")
    await linked.press(await plan(linked, "/undo"), "Apply")
    message = await plan(linked, "/undo")

    assert "weight: 5 → 70" in message["text"]


async def test_what_others_have_changed_since_is_named(linked: Room):
    await apply(linked, '/stream 45 {"weight": 5}')
    linked.keitaro.streams[45]["weight"] = 9
    message = await plan(linked, "/undo")

    assert "weight: 9 → 70" in message["text"]
    assert "It has changed again since." in message["text"]
    assert "weight: 5 → 9" in message["text"]


async def test_a_plan_to_undo_can_be_stale_too(linked: Room):
    await apply(linked, '/stream 45 {"weight": 5}')
    message = await plan(linked, "/undo")
    linked.keitaro.streams[45]["weight"] = 9
    text = await linked.press(message, "Apply")

    assert "The stream has changed since you were asked." in text
    assert linked.keitaro.streams[45]["weight"] == 9


async def test_the_changes_of_others_are_not_mine(linked: Room, telegram):
    group = telegram.group("Buyers", linked.owner, oleg := telegram.person("Oleg"))
    await linked.link(to=group)
    await linked.grant(oleg, group, "operator")
    [message] = await linked.say("/stream 45 off", to=group, by=oleg)
    await linked.press(message, "Apply", by=oleg)

    assert linked.keitaro.streams[45]["state"] == "disabled"
    assert (await linked.ask("/undo", to=group)).startswith("❌ Nothing that you have changed")


async def test_another_operator_may_press_undo(linked: Room, telegram):
    oleg: Person = telegram.person("Oleg")
    group = telegram.group("Buyers", linked.owner, oleg)
    await linked.link(to=group)
    await linked.grant(oleg, group, "operator")
    [message] = await linked.say("/stream 45 off", to=group)
    await linked.press(message, "Apply")
    await linked.press(message, "Undo", by=oleg)
    question = [one for one in telegram.messages(group) if one["from"]["is_bot"]][-1]
    await linked.press(question, "Apply", by=oleg)

    assert linked.keitaro.streams[45]["state"] == "active"


async def test_what_was_changed_in_another_tracker_stays(linked: Room):
    await apply(linked, "/stream 45 off")
    await linked.link(tracker=OTHER_TRACKER, key=OTHER_KEY)

    assert (await linked.ask("/undo")).startswith("❌ This was changed in another tracker")


async def test_a_refused_change_is_nothing_to_undo(linked: Room):
    message = await plan(linked, "/stream 45 off")
    linked.keitaro.fail(status=403, method="POST")
    assert (await linked.press(message, "Apply")).startswith("❌ 403")

    assert (await linked.ask("/undo")).startswith("❌ Nothing that you have changed")
    assert changes(linked.keitaro) == [("POST", "streams/45/disable")]


async def test_a_plan_to_undo_says_that_it_is_one(linked: Room):
    told = await apply(linked, "/stream 45 off")
    key = undo_key(linked, told)
    message = await plan(linked, "/undo")

    assert message["text"].startswith(
        f"❔ Turn stream 45 on?\nUndo: this takes back {key}.\nCA/US main · stream 45\n"
    )


def undo_key(room: Room, told: dict) -> str:
    """Return the key of the change behind the button *Undo* of *told*."""
    [[button]] = now(room, told)["reply_markup"]["inline_keyboard"]
    return button["callback_data"].removeprefix("undo:")


async def test_what_was_put_right_by_other_means_is_passed_over(linked: Room):
    await apply(linked, '/stream 45 {"weight": 5}')
    await apply(linked, "/stream 45 off")
    await apply(linked, "/stream 12 off")
    linked.keitaro.streams[45]["state"] = "active"
    linked.keitaro.streams[12]["state"] = "active"
    message = await plan(linked, "/undo")

    assert "weight: 5 → 70" in message["text"]
    assert "Your last change is as it was before already, so this is" in message["text"]


async def test_where_all_is_back_already_nothing_is_asked(linked: Room):
    await apply(linked, "/stream 45 off")
    linked.keitaro.streams[45]["state"] = "active"

    assert (await linked.ask("/undo")).startswith("✅ Nothing to change: it is like that already.")


async def test_a_list_that_is_back_already_is_passed_over(linked: Room):
    was = {number: linked.keitaro.streams[number]["weight"] for number in (12, 13)}
    await apply(linked, '/stream 45 {"weight": 5}')
    await apply(linked, '/stream update [{"id": 12, "weight": 6}, {"id": 13, "weight": 7}]')
    linked.keitaro.streams[12]["weight"] = was[12]
    message = await plan(linked, "/undo")
    assert message["text"].startswith("❔ Carry out this list?\n")
    assert "\nUndo: this takes back u" in message["text"]

    linked.keitaro.streams[13]["weight"] = was[13]
    message = await plan(linked, "/undo")
    assert "weight: 5 → 70" in message["text"]


async def test_words_after_undo_are_not_ignored(linked: Room):
    await apply(linked, "/stream 45 off")

    assert "45" in await linked.ask("/undo 45")
    assert linked.keitaro.streams[45]["state"] == "disabled"
