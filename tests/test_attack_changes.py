"""Hostile hands and bad luck around plans, cards, shares, undo and roles."""

import json
from typing import Any

import pytest

from handlers import SERVICES
from handlers.changes.expiry import sweep
from handlers.texts import ENGLISH
from sandbox.keitaro import Keitaro
from sandbox.telegram import Chat, Person
from tests.conftest import OTHER_KEY, Clock, Room
from tests.test_card_shares import now
from tests.test_cards import card, changes, labels, toast
from tests.test_members import choose, follow, offered, request_id
from tests.test_plans import plan

TEN_MINUTES = 600.0
FORBIDDEN = {"status": 403, "body": {"error": "No"}}
NO_JSON = {"status": 200, "body": "<html>Welcome</html>"}


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(key=OTHER_KEY, now=clock, empty=True)


@pytest.fixture
def oleg(telegram) -> Person:
    return telegram.person("Oleg")


@pytest.fixture
async def team(room: Room, telegram, owner: Person, oleg: Person) -> Chat:
    """A linked group with the owner and an operator."""
    group = telegram.group("Buyers", owner, oleg)
    await room.link(to=group)
    await room.grant(oleg, group, "operator")
    return group


async def newest(room: Room, chat: Chat | None = None) -> dict[str, Any]:
    """Return the newest message of the bot."""
    found = room.telegram.messages(chat or room.home)
    return [one for one in found if one["from"]["is_bot"]][-1]


def breakdowns(caplog) -> list[str]:
    """Return what nobody has foreseen."""
    return [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]


async def forge(
    room: Room, message: dict[str, Any], data: str, *, by: Person | None = None
) -> None:
    """Press a button that *message* does not have."""
    chat = room.telegram.chats[message["chat"]["id"]]
    room.telegram.press(by or room.owner, chat, message["message_id"], data, forged=True)
    await room.settle()


@pytest.mark.parametrize(("fault", "said"), [(FORBIDDEN, "403"), (NO_JSON, "")])
async def test_a_plan_is_not_applied_where_the_stream_cannot_be_read(
    linked: Room, caplog, fault, said
):
    message = await plan(linked)
    linked.keitaro.fail(99, method="GET", path="streams/45", **fault)
    text = await linked.press(message, "Apply")

    assert text.startswith("❌ ")
    assert said in text
    assert changes(linked.keitaro) == []
    assert breakdowns(caplog) == []


async def test_a_stream_that_is_read_at_last_is_asked_about_once_more(linked: Room):
    message = await plan(linked)
    linked.keitaro.fail(method="GET", path="streams/45", **FORBIDDEN)
    text = await linked.press(message, "Apply")

    assert text.startswith("❔ Turn stream 45 off?")
    assert "has changed since" not in text
    assert changes(linked.keitaro) == []
    assert (await linked.press(now(linked, message), "Apply")).startswith("✅ Stream 45 is off")


@pytest.mark.parametrize("state", ["active", "disabled"])
async def test_undoing_the_restore_of_what_was_not_archived(unasked: Room, state: str):
    unasked.keitaro.streams[45]["state"] = state
    [told] = await unasked.say("/stream 45 restore")
    assert told["text"].startswith("✅ Stream 45 is restored")
    await unasked.say("/undo")

    assert unasked.keitaro.streams[45]["state"] == state


async def test_names_of_fields_do_nothing_in_an_undo(unasked: Room):
    link = '<a href="https://evil.example">tap</a>'
    await unasked.say(f"/stream 45 {json.dumps({'name': 'x', link: 1})}")
    await unasked.say("/settings confirm changes")
    [question] = await unasked.say("/undo")

    assert "so they stay: <a href=" in question["text"]
    live = [one["type"] for one in question["entities"]]
    assert {"text_link", "url", "mention"}.isdisjoint(live)


@pytest.mark.parametrize("share", [33.5, "9" * 5000, "9" * 40, -5, "٣", [1], {"a": 1}, "NaN", 250])
async def test_shares_that_cannot_be_shown_as_they_are_cannot_be_edited(
    linked: Room, caplog, share: Any
):
    linked.keitaro.streams[45].update(landings=[])
    linked.keitaro.streams[45]["offers"][0]["share"] = share
    text = await linked.press(await card(linked), "Shares")

    assert text == f"❌ {ENGLISH.shares_odd.format(command='/stream 45')}"
    assert breakdowns(caplog) == []


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 40, -5, None, True, "٣", [1], {"a": 1}, 0])
async def test_strange_ids_of_offers_break_nothing(linked: Room, caplog, number: Any):
    linked.keitaro.streams[45]["offers"][0]["offer_id"] = number
    for label in ("Shares", "Swap offer"):
        await linked.press(await card(linked), label)
    [message] = await linked.say('/stream 45 {"weight": 3}')

    assert message["text"].startswith("❔ ")
    assert breakdowns(caplog) == []


async def test_an_offer_that_stands_there_twice_is_not_edited(linked: Room):
    linked.keitaro.streams[45].update(landings=[])
    for row, share in zip(linked.keitaro.streams[45]["offers"], (60, 40), strict=True):
        row.update(offer_id=81, share=share)
    text = await linked.press(await card(linked), "Shares")

    assert text.startswith("❌ A share here is no whole number")


@pytest.mark.parametrize("shares", [(-10, 110), (99_999, -99_899)])
async def test_shares_below_nought_are_refused(unasked: Room, shares: tuple[int, int]):
    rows = [{"offer_id": one, "share": share} for one, share in zip((81, 82), shares, strict=True)]
    text = await unasked.ask(f"/stream 45 {json.dumps({'offers': rows})}")

    assert text.startswith("❌ Not sent. This cannot be meant:")
    assert changes(unasked.keitaro) == []


async def test_a_group_that_has_moved_keeps_what_was_said_there(
    room: Room, team: Chat, clock: Clock
):
    room.telegram.say(room.owner, team, "hello")
    message = await plan(room, to=team)
    new = room.telegram.migrate(team)
    await room.settle()
    while max(new.messages) <= message["message_id"]:
        await room.say("/status", to=new)
    assert new.messages[message["message_id"]]["from"]["is_bot"]
    before = {key: one.get("text") for key, one in new.messages.items()}
    clock.at += TEN_MINUTES
    await sweep(room.bot.bot_data[SERVICES])
    await room.delivered()

    assert {key: new.messages[key].get("text") for key in before} == before


async def test_people_are_not_chosen_for_a_group_that_has_moved(room: Room, team: Chat, oleg):
    sent = await follow(room, room.owner, await offered(room, team, room.owner))
    room.telegram.migrate(team)
    await room.settle()
    [answer] = await choose(room, room.owner, oleg, request=request_id(sent))

    assert answer["text"] == f"❌ {ENGLISH.pick_expired}"


async def test_words_after_words_that_found_nothing_are_heard_in_a_group(
    room: Room, team: Chat, oleg: Person
):
    [asked] = await room.say("/stream 45 swap 81", to=team, by=oleg)
    for _ in range(2):
        [nothing] = await room.say("zzzz", to=team, by=oleg, reply_to=asked["message_id"])
        assert nothing["text"].startswith("❌ ")
    assert await room.say("mower", to=team, by=room.owner, reply_to=nothing["message_id"]) == []
    [found] = await room.say("mower", to=team, by=oleg, reply_to=nothing["message_id"])

    assert labels(found) == [["Robot Mower Trial · 72"], ["Other words"]]


async def test_words_after_an_outage_are_heard_in_a_group(room: Room, team: Chat, oleg: Person):
    [asked] = await room.say("/stream 45 swap 81", to=team, by=oleg)
    room.keitaro.fail(method="GET", path="offers", **FORBIDDEN)
    [failed] = await room.say("mower", to=team, by=oleg, reply_to=asked["message_id"])
    assert failed["text"].startswith("❌ ")
    [found] = await room.say("mower", to=team, by=oleg, reply_to=failed["message_id"])

    assert found["text"].startswith("❔ ")


FORGED = [
    "stream:45:off\n",
    "stream:0:off",
    "stream:9999999999999999:off",
    "card:45:refresh\n",
    "card:45:shares\n",
    "card:9999999999999999:json",
    "swap:45:81\n",
    "swap:45:81:81",
    "copy:45:999999",
    "copy:45\n",
    "undo:u1\n",
    "undo:u9999999999999999999",
    "look:",
    "look:u1' OR 1=1",
    f"plan:apply:{'A' * 22}",
    f"plan:apply:{'A' * 22}\n",
    f"share:{'A' * 22}:save",
    f"share:{'A' * 22}:7:-10\n",
    "history:n:\n",
    "history:nu1:@%00",
    "settings:confirm:never\n",
    "settings:readers:x",
    "settings:timezone:../../etc/passwd",
    "x" * 64,
]


@pytest.mark.parametrize("data", FORGED)
async def test_forged_presses_come_to_nothing(linked: Room, caplog, data: str):
    message = await card(linked)
    await forge(linked, message, data)

    assert changes(linked.keitaro) == []
    assert breakdowns(caplog) == []


async def test_an_operator_who_was_demoted_can_go_on_with_nothing(
    room: Room, team: Chat, oleg: Person
):
    """A plan, an editor, a question and a choice were open when the role was taken away."""
    [planned] = await room.say("/stream 45 off", to=team, by=oleg)
    edited = await card(room, to=team, by=oleg)
    await room.press(edited, "Shares", by=oleg)
    edited = now(room, edited)
    [found] = await room.say("/stream 45 swap 81 mower", to=team, by=oleg)
    [asked] = await room.say("/stream 45 swap 81", to=team, by=oleg)
    room.keitaro.streams[45]["offers"][0]["share"] = 50
    assert await room.ask(f"/grant viewer {oleg.id}", to=team)
    pressed = [(planned, "Apply"), (edited, "Even out"), (edited, "Save")]
    for message, label in [*pressed, (found, "Robot Mower Trial · 72")]:
        text = await room.press(message, label, by=oleg)
        assert text == message["text"]
        assert toast(room).startswith("❌ ")
    answer = await room.ask("mower", to=team, by=oleg, reply_to=asked["message_id"])

    assert answer.startswith("❌ ")
    assert changes(room.keitaro) == []


async def test_buttons_of_one_chat_do_nothing_in_another_on_the_same_tracker(
    room: Room, telegram, team: Chat, oleg: Person
):
    other = telegram.group("Others", room.owner, oleg)
    await room.link(to=other)
    await room.grant(oleg, other, "operator")
    planned = await plan(room, to=team, by=oleg)
    edited = await card(room, to=team, by=oleg)
    await room.press(edited, "Shares", by=oleg)
    told = await card(room, to=other, by=oleg)
    rows = [now(room, planned), now(room, edited)]
    buttons = [
        one for row in rows for line in row["reply_markup"]["inline_keyboard"] for one in line
    ]
    for one in buttons:
        await forge(room, told, one["callback_data"], by=oleg)
        assert toast(room).startswith("❌ ")

    assert now(room, told)["text"] == told["text"]
    assert changes(room.keitaro) == []
    assert (await room.press(planned, "Apply", by=oleg)).startswith("✅ ")


@pytest.mark.parametrize(
    "body", ["<html>", [], {}, [[]], [None], "null", {"rows": 5}, 7, [{"id": {}}]]
)
@pytest.mark.parametrize(
    "path", ["campaigns", "offers", "streams_actions", "report", "landing_pages"]
)
async def test_strange_answers_to_extra_questions_break_nothing(
    linked: Room, caplog, path: str, body: Any
):
    kept = body if isinstance(body, str | list | dict) else str(body)
    linked.keitaro.fail_when(lambda one: one.path.startswith(path), status=200, body=kept)
    message = await card(linked)
    assert message["text"].startswith("✅ ")
    planned = await plan(linked)
    assert (await linked.press(planned, "Apply")).startswith("✅ Stream 45 is off")
    await linked.say("/stream 45 swap 81 mower")
    await linked.say("/stream 45 copy c")

    assert breakdowns(caplog) == []


@pytest.mark.parametrize(
    "name",
    [
        "<b>x</b>",
        "@olga /link #x",
        "\u202eabc\u200b",
        "a\n✅ done",
        "{id}",
        "%s",
        "https://evil.example",
        "x" * 5000,
    ],
)
async def test_names_do_nothing_wherever_they_are_shown(linked: Room, caplog, name: str):
    keitaro = linked.keitaro
    for one in (keitaro.streams[45], keitaro.campaigns[11], keitaro.offers[81], keitaro.offers[72]):
        one["name"] = name
    keitaro.campaigns[12]["name"] = f"{name} twelve"
    message = await card(linked)
    await linked.press(message, "Shares")
    for text in (
        "/stream 45 off",
        "/stream 45 swap 81 72",
        "/stream 45 swap",
        "/stream 45 copy 12",
    ):
        await linked.say(text)
    await linked.say("/stream 45 copy twelve")
    await linked.say("/stream 45 swap 81 " + name.split(maxsplit=1)[0][:100])
    shown = [one for one in linked.telegram.messages(linked.home) if one["from"]["is_bot"]]
    live = {entity["type"] for one in shown for entity in one.get("entities", [])}

    assert breakdowns(caplog) == []
    assert live <= {"bold", "code", "pre", "expandable_blockquote", "bot_command", "italic"}
    assert not [
        one for one in shown if "\n✅ done" in one.get("text", "").split("The whole answer")[0]
    ]
    assert not [one for one in shown if "\u202e" in str(one)]


@pytest.mark.parametrize("words", ["admin 0", "0 viewer", "owner 5", "admin 99999999999999999"])
async def test_a_role_goes_to_an_id_that_a_person_can_have(room: Room, team: Chat, words: str):
    text = await room.ask(f"/grant {words}", to=team)

    assert text.startswith("❌ I do not understand ")


async def test_taps_on_one_plan_count_once(linked: Room):
    message = await plan(linked)
    for label in ("Apply", "Apply", "Cancel"):
        linked.telegram.press(linked.owner, linked.home, message["message_id"], label)
    await linked.settle()

    assert now(linked, message)["text"].startswith("✅ Stream 45 is off")
    assert toast(linked) == f"❌ {ENGLISH.refused_buttons['used']}"
    assert changes(linked.keitaro) == [("POST", "streams/45/disable")]


async def test_two_questions_about_one_undo_take_back_once(linked: Room):
    message = await plan(linked)
    await linked.press(message, "Apply")
    for _ in range(2):
        linked.telegram.press(linked.owner, linked.home, message["message_id"], "Undo")
    await linked.settle()
    asked = [
        one for one in linked.telegram.messages(linked.home) if "Turn stream 45 on?" in one["text"]
    ]
    first, second = [await linked.press(one, "Apply") for one in asked]

    assert first.startswith("✅ Stream 45 is on")
    assert second.startswith("✅ Nothing to change")
    assert changes(linked.keitaro)[1:] == [("POST", "streams/45/enable")]


async def test_a_plan_whose_message_is_gone_is_told_in_another(linked: Room):
    message = await plan(linked)
    linked.telegram.press(linked.owner, linked.home, message["message_id"], "Apply")
    del linked.home.messages[message["message_id"]]
    await linked.settle()

    assert (await newest(linked))["text"].startswith("✅ Stream 45 is off")
