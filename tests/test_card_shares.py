"""The editor of shares: steps, the sum, saving as one plan, and whose it is."""

from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.app import assembled
from handlers import SERVICES
from handlers.cards.draft import even
from handlers.changes.expiry import sweep
from handlers.texts import ENGLISH, RUSSIAN
from sandbox.keitaro import Keitaro
from sandbox.telegram import Chat
from tests.conftest import OTHER_KEY, OTHER_TRACKER, Clock, Hosts, Room
from tests.test_cards import below, card, changes, labels, toast

TEN_MINUTES = 600.0


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here, but it is there to be linked."""
    return Keitaro(key=OTHER_KEY, now=clock, seed=8)


def now(room: Room, message: dict[str, Any]) -> dict[str, Any]:
    """Return *message* as it is now."""
    return room.telegram.chats[message["chat"]["id"]].messages[message["message_id"]]


def button(message: dict[str, Any], row: int, place: int) -> str:
    """Return the data of a button of *message*."""
    return message["reply_markup"]["inline_keyboard"][row][place]["callback_data"]


async def editor(room: Room, **how: Any) -> dict[str, Any]:
    """Open the editor, and return its message."""
    message = await card(room, **how)
    text = await room.press(message, "Shares")
    assert text.startswith("❔ Shares of stream 45\n")
    return now(room, message)


async def step(room: Room, message: dict[str, Any], row: int, place: int, **how: Any) -> str:
    """Press one of the buttons of a row."""
    return await room.press(message, button(now(room, message), row, place), **how)


def test_even_shares_are_whole_and_a_hundred_in_sum():
    for count in range(1, 9):
        shares = even(count)

        assert sum(shares) == 100
        assert max(shares) - min(shares) <= 1
    assert even(0) == []


async def test_the_message_becomes_an_editor(linked: Room):
    message = await editor(linked)

    assert message["text"].splitlines()[:7] == [
        "❔ Shares of stream 45",
        "CA/US main",
        "",
        "Offers:",
        "1. 81 Better Sleep Pillow · 50 %",
        "2. 82 Solar Lamp Set · 50 %",
        "Sum: 100 %",
    ]
    assert labels(message) == [
        ["−10", "−1", "50 %", "+1", "+10"],
        ["−10", "−1", "50 %", "+1", "+10"],
        ["Even out", "Landing pages"],
        ["Save", "Back"],
    ]


async def test_the_editor_in_russian(linked: Room):
    await linked.say("/settings ru")
    message = await card(linked)
    await linked.press(message, RUSSIAN.card_shares)

    assert labels(now(linked, message))[2:] == [
        [RUSSIAN.shares_even, RUSSIAN.landings],
        [RUSSIAN.shares_save, RUSSIAN.shares_back],
    ]


async def test_steps_change_the_share_and_the_sum(linked: Room):
    message = await editor(linked)
    text = await step(linked, message, 0, 4)
    assert "1. 81 Better Sleep Pillow · 60 % (was 50)\n" in text
    assert "Sum: 110 %, 10 too many\n" in text
    await step(linked, message, 1, 0)
    text = await step(linked, message, 1, 1)

    assert "2. 82 Solar Lamp Set · 39 % (was 50)\n" in text
    assert "Sum: 99 %, 1 missing to 100\n" in text
    assert "2. 82 Solar Lamp Set · 40 % (was 50)\n" in await step(linked, message, 1, 2)
    assert changes(linked.keitaro) == []


async def test_a_share_stays_between_nought_and_a_hundred(linked: Room):
    message = await editor(linked)
    for _ in range(7):
        await step(linked, message, 0, 0)
    assert "1. 81 Better Sleep Pillow · 0 % (was 50)" in now(linked, message)["text"]
    for _ in range(11):
        await step(linked, message, 0, 4)

    assert "1. 81 Better Sleep Pillow · 100 % (was 50)" in now(linked, message)["text"]


async def test_presses_in_quick_succession_all_count(linked: Room):
    message = await editor(linked)
    data = button(message, 0, 4)
    for _ in range(3):
        linked.telegram.press(linked.owner, linked.home, message["message_id"], data)
    await linked.settle()

    assert "1. 81 Better Sleep Pillow · 80 %" in now(linked, message)["text"]


async def test_evening_out_passes_over_what_is_off(linked: Room):
    offers = linked.keitaro.streams[45]["offers"]
    offers += [{**offers[0], "id": 901, "offer_id": 83}, {**offers[0], "id": 902, "offer_id": 84}]
    offers[1]["state"] = "disabled"
    message = await editor(linked)
    text = await linked.press(message, "Even out")

    assert [line for line in text.splitlines() if "%" in line] == [
        "1. 81 Better Sleep Pillow · 34 % (was 50)",
        "2. 82 Solar Lamp Set · 50 % (off)",
        *(line for line in text.splitlines() if line.startswith(("3. 83", "4. 84"))),
        "Sum: 100 %",
    ]
    assert "· 33 % (was 50)" in text


async def test_saving_is_one_plan_of_the_complete_list(linked: Room):
    message = await editor(linked)
    await step(linked, message, 0, 4)
    await step(linked, message, 1, 0)
    plan = await below(linked, now(linked, message), "Save")

    assert plan["text"].startswith("❔ Change stream 45?\n")
    assert "50 → 60 %" in plan["text"]
    assert changes(linked.keitaro) == []
    assert (await linked.press(plan, "Apply")).startswith("✅ Stream 45 is updated\n")
    [sent] = [one for one in linked.keitaro.requests if one.method == "PUT"]
    assert sent.body == {
        "offers": [
            {"offer_id": 81, "share": 60, "state": "active"},
            {"offer_id": 82, "share": 40, "state": "active"},
        ]
    }


async def test_landing_pages_are_saved_with_the_ids_of_their_rows(linked: Room):
    message = await editor(linked)
    text = await linked.press(message, "Landing pages")
    assert "1. 35 Which language fits you · 100 %" in text
    await step(linked, message, 0, 0)
    plan = await below(linked, now(linked, message), "Save")
    await linked.press(plan, "Apply")

    [row] = linked.keitaro.streams[45]["landings"]
    [sent] = [one for one in linked.keitaro.requests if one.method == "PUT"]
    assert sent.body["landings"] == [
        {"id": row["id"], "landing_id": 35, "share": 90, "state": "active"}
    ]


async def test_nothing_changed_is_nothing_to_save(linked: Room):
    answer = await below(linked, await editor(linked), "Save")

    assert answer["text"].startswith("✅ Nothing to change")


async def test_back_shows_the_card_and_closes_the_draft(linked: Room):
    message = await editor(linked)
    data = button(message, 0, 4)
    text = await linked.press(message, "Back")

    assert text.startswith("✅ CA/US main · stream 45\n")
    linked.telegram.press(linked.owner, linked.home, message["message_id"], data, forged=True)
    await linked.settle()
    assert toast(linked) == f"❌ {ENGLISH.refused_buttons['closed']}"
    assert now(linked, message)["text"] == text


async def test_a_list_that_has_changed_since_is_not_saved(linked: Room):
    message = await editor(linked)
    await step(linked, message, 0, 4)
    linked.keitaro.streams[45]["offers"].pop()
    answer = await below(linked, now(linked, message), "Save")

    assert answer["text"].startswith("❌ The list has changed in the tracker")
    assert changes(linked.keitaro) == []


async def test_the_link_may_have_changed_since(linked: Room):
    message = await editor(linked)
    await linked.link(tracker=OTHER_TRACKER, key=OTHER_KEY)
    answer = await below(linked, message, "Save")

    assert answer["text"] == f"❌ {ENGLISH.plan_elsewhere}"


async def test_somebody_else_cannot_press(room: Room, telegram):
    oleg = telegram.person("Oleg")
    group: Chat = telegram.group("Buyers", room.owner, oleg)
    await room.link(to=group)
    await room.grant(oleg, group, "operator")
    message = await editor(room, to=group)
    text = await step(room, message, 0, 4, by=oleg)

    assert text == message["text"]
    assert toast(room) == f"❌ {ENGLISH.refused_buttons['draft']}"


async def test_a_draft_lives_for_ten_minutes(linked: Room, clock: Clock):
    message = await editor(linked)
    await step(linked, message, 0, 4)
    clock.at += TEN_MINUTES
    text = await step(linked, message, 0, 4)

    assert text == f"❌ {ENGLISH.shares_expired}"
    assert labels(now(linked, message)) == []


async def test_the_buttons_of_an_expired_draft_are_taken_away(linked: Room, clock: Clock):
    message = await editor(linked)
    await step(linked, message, 0, 4)
    clock.at += TEN_MINUTES
    await sweep(linked.bot.bot_data[SERVICES])
    await linked.delivered()

    assert now(linked, message)["text"] == f"❌ {ENGLISH.shares_expired}"


async def test_a_draft_that_was_saved_ends_without_a_word(linked: Room, clock: Clock):
    message = await editor(linked)
    await step(linked, message, 0, 4)
    await linked.press(message, "Save")
    before = now(linked, message)["text"]
    clock.at += TEN_MINUTES
    await sweep(linked.bot.bot_data[SERVICES])
    await linked.delivered()

    assert now(linked, message)["text"] == before


async def test_a_draft_that_was_left_does_not_come_back(linked: Room, clock: Clock):
    message = await card(linked)
    for _ in range(2):
        linked.telegram.press(linked.owner, linked.home, message["message_id"], "Shares")
    await linked.settle()
    text = await linked.press(now(linked, message), "Back")
    clock.at += TEN_MINUTES
    await sweep(linked.bot.bot_data[SERVICES])
    await linked.delivered()

    assert now(linked, message)["text"] == text


async def test_more_than_eight_rows_are_for_json(linked: Room):
    first = linked.keitaro.streams[45]["offers"][0]
    linked.keitaro.streams[45].update(
        landings=[],
        offers=[{**first, "id": 900 + number, "offer_id": 71 + number} for number in range(9)],
    )
    message = await card(linked)
    text = await linked.press(message, "Shares")

    assert text.startswith("❌ More than 8 rows do not fit here.")
    assert (await linked.press(now(linked, message), "Back")).startswith("✅ CA/US main")


async def test_a_draft_survives_a_restart(
    linked: Room, telegram, keitaro, owner, clock, limits, settings
):
    message = await editor(linked)
    await step(linked, message, 0, 4)
    await linked.bot.shutdown()
    services = linked.bot.bot_data[SERVICES]
    await services.store.close()
    async with AsyncExitStack() as stack:
        application, _ = await stack.enter_async_context(
            assembled(
                settings,
                telegram=httpx.ASGITransport(app=telegram.app),
                tracker=Hosts(tracker_example=keitaro.app),
                limits=limits,
                now=clock,
            )
        )
        await application.initialize()
        stack.push_async_callback(application.shutdown)
        room = replace(linked, bot=application)
        text = await step(room, message, 0, 4)

    assert "1. 81 Better Sleep Pillow · 70 % (was 50)\n" in text
