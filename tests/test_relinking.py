"""A chat that gets another tracker: what hangs in it from before is not about that one."""

import pytest

from handlers import SERVICES
from handlers.belonging import TAG_SIGNS, tag_of
from sandbox.keitaro import Keitaro
from tests.conftest import KEY, OTHER_KEY, OTHER_TRACKER, TRACKER, Clock, Room
from tests.test_card_shares import now
from tests.test_cards import changes, labels, toast

ELSEWHERE = (
    "This is about another tracker: the chat has been linked anew since. Send the command again."
)


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """A tracker with streams of the same numbers, which are others."""
    return Keitaro(key=OTHER_KEY, now=clock, seed=8)


async def relink(room: Room) -> None:
    await room.link(tracker=OTHER_TRACKER, key=OTHER_KEY)


@pytest.mark.parametrize(
    "label", ["Turn off", "Refresh", "JSON file", "Events", "Shares", "Swap offer", "Duplicate"]
)
async def test_a_button_of_a_card_is_for_the_tracker_that_was_shown(
    unasked: Room, other_keitaro, label
):
    [card] = await unasked.say("/stream 26")
    text = card["text"]
    await relink(unasked)
    await unasked.press(card, label)

    assert toast(unasked) == f"❌ {ELSEWHERE}"
    assert now(unasked, card)["text"] == text
    assert other_keitaro.requests == []

    await unasked.link()
    await unasked.press(card, label)
    assert toast(unasked) != f"❌ {ELSEWHERE}"


async def test_the_same_tracker_with_another_key_is_the_same_tracker(unasked: Room):
    [card] = await unasked.say("/stream 26")
    unasked.keitaro.key = OTHER_KEY
    await unasked.link(key=OTHER_KEY)
    await unasked.press(card, "Turn off")

    assert changes(unasked.keitaro) == [("POST", "streams/26/disable")]


@pytest.mark.parametrize("label", ["Swap offer", "Duplicate"])
@pytest.mark.parametrize("is_typed", [True, False])
async def test_what_is_asked_on_one_tracker_is_not_answered_on_another(
    unasked: Room, other_keitaro, label, is_typed
):
    """Neither by words, nor by a choice of what they have found."""
    [card] = await unasked.say("/stream 26")
    await unasked.press(card, label)
    asked = unasked.telegram.messages(unasked.home)[-1]
    if labels(asked):
        await unasked.press(asked, labels(asked)[0][0])
    if is_typed:
        await relink(unasked)
        await unasked.say("a")
    else:
        found = (await unasked.say("a"))[-1]
        await relink(unasked)
        await unasked.press(found, labels(found)[0][0])

    assert changes(other_keitaro) == changes(unasked.keitaro) == []


async def test_the_button_of_a_new_stream_is_for_its_tracker(unasked: Room, other_keitaro):
    [made] = await unasked.say(
        '/stream {"campaign_id": 1, "name": "zz", "type": "regular", "schema": "landings",'
        ' "action_type": "http", "landings": [{"landing_id": 36, "share": 100}]}'
    )
    await relink(unasked)
    await unasked.press(made, "Turn off")

    assert toast(unasked) == f"❌ {ELSEWHERE}"
    assert other_keitaro.requests == []


async def test_a_chat_without_a_tracker_has_no_buttons_for_one(unasked: Room):
    [card] = await unasked.say("/stream 26")
    await unasked.say("/unlink yes")
    await unasked.press(card, "Turn off")

    assert toast(unasked).startswith("❌ This chat is not linked")


async def test_schedules_wait_until_somebody_has_looked_at_them(room: Room):
    await room.link()
    await room.ask("/schedules add yesterday campaign 1 every day 9:00")
    await room.link(tracker=TRACKER, key=OTHER_KEY)
    store = room.bot.bot_data[SERVICES].store
    assert [one.paused for one in await store.schedules.of_chat(room.home.id)] == [None]

    room.keitaro.key = KEY
    said = await room.say(f"/link {TRACKER} {KEY}")
    same = [one["text"] for one in said]
    await relink(room)
    listed = await room.ask("/schedules")

    assert "paused" not in "".join(same)
    assert "paused: the chat was linked to another tracker" in listed

    told = [one["text"] for one in await room.say(f"/link {TRACKER} {KEY}")]
    assert any("Schedules here are paused: 1." in text for text in told)


async def test_a_saved_report_says_whose_ids_it_has(linked: Room, other_keitaro):
    await linked.ask("/reports save one = yesterday campaign 1 stream")
    await linked.ask("/reports save all = yesterday campaign")
    here = await linked.ask("/reports one")
    await relink(linked)
    there = await linked.ask("/reports one")
    [listed] = await linked.say("/reports")
    await linked.press(listed, "one")
    pressed = linked.telegram.messages(linked.home)[-1]["text"]
    whole = await linked.ask("/reports all")

    words = f"❗ Saved for {TRACKER}: the ids in it are of that tracker."
    assert [words in text for text in (here, there, pressed, whole)] == [False, True, True, False]


def test_the_data_of_a_button_has_room_for_the_tag():
    """Telegram allows for 64 bytes."""
    longest = f"swap:{'9' * 16}:{'9' * 16}:{'9' * 16}@{tag_of(TRACKER)}"

    assert len(longest) <= 64
    assert len(tag_of(TRACKER)) == TAG_SIGNS
    assert tag_of(TRACKER) != tag_of(OTHER_TRACKER)
