"""Swapping an offer: which one, words of a name, a choice, a plan."""

from typing import Any

import pytest

from handlers.cards.directory import Entry, matching
from handlers.texts import ENGLISH
from sandbox.keitaro import Keitaro
from sandbox.telegram import Chat, Person
from tests.conftest import OTHER_KEY, Clock, Room
from tests.test_cards import below, card, changes, labels

ASK = "❔ Which offer takes the place of 81 in stream 45?\n"
TEN_MINUTES = 600.0


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(key=OTHER_KEY, now=clock, empty=True)


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


async def question(room: Room, **how: Any) -> dict[str, Any]:
    """Press *Swap offer* and the first offer, and return the question for words."""
    which = await below(room, await card(room, **how), "Swap offer")
    assert which["text"].startswith("❔ Which offer is to go?\n")
    assert labels(which) == [["Better Sleep Pillow · 81"], ["Solar Lamp Set · 82"]]
    asked = await below(room, which, "Better Sleep Pillow · 81")
    assert asked["text"].startswith(ASK)
    return asked


def test_words_are_looked_for_in_names_and_an_id_is_the_id():
    entries = [Entry(7, "Zebra DE"), Entry(8, "alpha de 7"), Entry(9, "Beta")]

    assert matching(entries, "DE") == [entries[1], entries[0]]
    assert matching(entries, "de Alpha") == [entries[1]]
    assert matching(entries, "7") == [entries[0], entries[1]]
    assert matching(entries, "gamma") == matching(entries, " ") == []


async def test_an_offer_is_found_by_its_name_and_takes_the_place(linked: Room):
    await question(linked)
    [found] = await linked.say("robot MOWER")
    assert labels(found) == [["Robot Mower Trial · 72"], ["Other words"]]
    text = await linked.press(found, "Robot Mower Trial · 72")

    assert text.startswith("❔ Change stream 45?\n")
    assert changes(linked.keitaro) == []
    plan = linked.telegram.chats[linked.home.id].messages[found["message_id"]]
    assert (await linked.press(plan, "Apply")).startswith("✅ Stream 45 is updated\n")
    [sent] = [one for one in linked.keitaro.requests if one.method == "PUT"]
    assert sent.body == {
        "offers": [
            {"offer_id": 72, "share": 50, "state": "active"},
            {"offer_id": 82, "share": 50, "state": "active"},
        ]
    }


async def test_a_single_offer_is_not_asked_for(linked: Room):
    linked.keitaro.streams[45]["offers"] = linked.keitaro.streams[45]["offers"][:1]
    asked = await below(linked, await card(linked), "Swap offer")

    assert asked["text"].startswith(ASK)


async def test_archived_offers_and_the_one_that_goes_are_not_offered(linked: Room):
    for offer in linked.keitaro.offers.values():
        offer["name"] = f"Same {offer['id']}"
    linked.keitaro.offers[72]["state"] = "deleted"
    [found] = await linked.say("/stream 45 swap 71 same")
    offered = [row[0] for row in labels(found)]

    assert offered == [
        "Same 73 · 73",
        *(f"Same {number} · {number}" for number in range(74, 81)),
        "Other words",
    ]
    assert "more: use more words" in found["text"]


async def test_the_list_of_offers_is_read_once_a_minute(linked: Room):
    for words in ("mower", "lamp", "pillow"):
        await linked.say(f"/stream 45 swap 81 {words}")

    assert [one.path for one in linked.keitaro.requests].count("offers") == 1


async def test_ids_after_the_command_are_planned_at_once(linked: Room):
    [plan] = await linked.say("/stream 45 swap 81 72")
    assert plan["text"].startswith("❔ Change stream 45?\n")
    await linked.press(plan, "Apply")

    assert [row["offer_id"] for row in linked.keitaro.streams[45]["offers"]] == [82, 72]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/stream 45 swap 71 72", ENGLISH.swap_refused["gone"].format(id=71)),
        ("/stream 45 swap 81 82", ENGLISH.swap_refused["there"].format(id=82)),
        ("/stream 45 swap 81 81", ENGLISH.swap_refused["there"].format(id=81)),
        ("/stream 50 swap", ENGLISH.swap_refused["none"]),
    ],
)
async def test_what_cannot_be_swapped_is_refused(linked: Room, text: str, said: str):
    assert await linked.ask(text) == f"❌ {said}"
    assert changes(linked.keitaro) == []


async def test_other_words_ask_once_more(linked: Room):
    await question(linked)
    [nothing] = await linked.say("nothing of the kind")
    assert nothing["text"].startswith("❌ ")
    [found] = await linked.say("lamp")
    assert labels(found) == [["Solar Lamp Set · 82"], ["Other words"]]
    asked = await below(linked, found, "Other words")

    assert asked["text"].startswith(ASK)


async def test_the_question_is_cancelled_or_forgotten(linked: Room, clock: Clock):
    await question(linked)
    assert await linked.ask("/cancel") == f"✅ {ENGLISH.cancelled}"
    assert await linked.ask("robot") == f"❔ {ENGLISH.not_a_command}"
    await question(linked)
    clock.at += TEN_MINUTES

    assert await linked.ask("robot") == f"❔ {ENGLISH.not_a_command}"


async def test_cancel_stops_an_open_choice_and_what_waits_beside_it(linked: Room):
    await question(linked)
    await linked.say("robot mower")
    await linked.say("/stream 12 off")

    withdrawn = ENGLISH.cancelled_plans.format(count=1)
    assert await linked.ask("/cancel") == f"✅ {ENGLISH.cancelled}\n{withdrawn}"
    assert await linked.ask("/cancel") == f"✅ {ENGLISH.nothing_to_cancel}"


async def test_a_choice_that_was_made_is_not_open_any_more(linked: Room):
    await question(linked)
    [found] = await linked.say("robot mower")
    await linked.press(found, "Robot Mower Trial · 72")

    assert await linked.ask("/cancel") == f"✅ {ENGLISH.cancelled_plans.format(count=1)}"


@pytest.mark.parametrize("words", ["81", "better sleep"])
async def test_which_offer_is_to_go_can_be_said_in_words(linked: Room, words: str):
    await linked.say("/stream 45 swap")

    assert (await linked.ask(words)).startswith(ASK)
    [found] = await linked.say("robot mower")
    assert labels(found) == [["Robot Mower Trial · 72"], ["Other words"]]


async def test_words_that_mean_no_offer_of_the_stream_or_several_ask_again(linked: Room):
    await linked.say("/stream 45 swap")

    assert await linked.ask("nothing of the kind") == f"❌ {ENGLISH.found_nothing}"
    [several] = await linked.say("S")
    assert labels(several) == [["Better Sleep Pillow · 81"], ["Solar Lamp Set · 82"]]
    assert (await linked.ask("lamp")).startswith(ASK.replace("81", "82"))


async def test_what_is_no_text_is_asked_for_again(linked: Room):
    await question(linked)

    assert await linked.ask(None, attach=b"x") == f"❔ {ENGLISH.ask_words}"
    assert await linked.ask("x" * 201) == f"❔ {ENGLISH.ask_words}"
    assert await linked.ask("robot", forwarded=True) == f"❌ {ENGLISH.refused_forwarded}"


async def test_in_a_group_only_a_reply_to_the_question_is_an_answer(
    room: Room, team: Chat, colleague: Person
):
    asked = await question(room, to=team)
    sent = [one for one in room.telegram.calls if one.method == "sendMessage"][-1]
    assert sent.parameters["reply_markup"] == {
        "force_reply": True,
        "selective": True,
        "input_field_placeholder": ENGLISH.ask_words_placeholder,
    }
    first = room.telegram.messages(team)[0]
    number = asked["message_id"]
    assert await room.say("robot", to=team, reply_to=0) == []
    assert await room.say("robot", to=team, reply_to=first["message_id"]) == []
    assert await room.say("robot", to=team, by=colleague, reply_to=number) == []
    [found] = await room.say("robot", to=team, reply_to=number)

    assert labels(found) == [["Robot Mower Trial · 72"], ["Other words"]]
    assert await room.say("robot", to=team, reply_to=number) == []


async def test_who_is_no_operator_any_more_gets_no_answer(
    room: Room, team: Chat, colleague: Person
):
    which = await below(room, await card(room, to=team, by=colleague), "Swap offer", by=colleague)
    asked = await below(room, which, "Better Sleep Pillow · 81", by=colleague)
    await room.grant(colleague, team, "viewer")
    [answer] = await room.say("robot", to=team, by=colleague, reply_to=asked["message_id"])

    assert answer["text"].startswith("❌ You need the role operator")
