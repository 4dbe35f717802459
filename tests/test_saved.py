"""Reports that a chat keeps: saved, run, called otherwise, shared, removed."""

import json
from typing import Any

import pytest

from handlers.stats.saving import REPORTS_MOST
from tests.conftest import Room

WORDS = "yesterday country top 3"


def labels(message: dict[str, Any]) -> list[list[str]]:
    """Return what the buttons under *message* say."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def asked(room: Room) -> list[dict[str, Any]]:
    """Return what the tracker was asked for, without what was compared with."""
    return [one.body for one in room.keitaro.requests if one.body.get("limit") != 1]


async def saved(room: Room, name: str = "Morning", words: str = WORDS) -> dict[str, Any]:
    """Save a report and return the answer."""
    [answer] = await room.say(f"/reports save {name} = {words}")
    assert answer["text"].startswith(f"✅ Saved as {name}."), answer["text"]
    return answer


async def last(room: Room) -> dict[str, Any]:
    """Return the last message of the bot in the owner's private chat."""
    return room.telegram.messages(room.home)[-1]


async def test_nothing_is_saved_at_first(linked: Room):
    assert await linked.ask("/reports") == (
        "✅ Saved reports\nNone yet.\n\n/reports save morning = yesterday country top 20"
    )


@pytest.mark.parametrize("name", ["Morning", "morning", " MORNING ", "mor"])
async def test_a_report_is_run_by_its_name(linked: Room, name: str):
    await saved(linked)

    assert (await linked.ask(f"/reports {name}")).startswith("✅")
    assert (asked(linked)[0]["dimensions"], asked(linked)[0]["limit"]) == (["country"], 3)


async def test_a_report_is_run_with_a_tap(linked: Room):
    await saved(linked)
    [listed] = await linked.say("/reports")
    assert labels(listed) == [["Morning"]]

    text = await linked.press(listed, "Morning")

    assert text == listed["text"]
    assert "Germany" in (await last(linked))["text"]


async def test_saved_reports_are_under_the_question_of_stats(linked: Room):
    await saved(linked)
    [menu] = await linked.say("/stats")

    await linked.press(menu, "Morning")

    assert asked(linked)[0]["limit"] == 3


async def test_the_dates_are_those_of_the_day_it_is_run(linked: Room):
    await saved(linked)
    linked.clock.at += 86_400
    await linked.ask("/reports morning")

    assert asked(linked)[0]["range"]["from"] == "2026-11-22"


async def test_a_report_is_saved_from_its_button(linked: Room):
    [shown] = await linked.say(f"/stats {WORDS}")

    await linked.press(shown, "Save")
    answer = await last(linked)
    assert answer["text"].startswith("✅ Saved as ")
    assert labels(answer) == [["Rename", "Remove"]]
    assert labels(shown) == labels(linked.home.messages[shown["message_id"]])

    await linked.press(shown, "Save")
    assert (await last(linked))["text"].startswith("✅ It is saved already, as ")


async def test_a_report_gets_another_name(linked: Room):
    answer = await saved(linked)

    await linked.press(answer, "Rename")
    assert (await last(linked))["text"] == (
        "❔ What is Morning to be called?\nSend the new name. Stop with /cancel"
    )
    assert (await linked.ask("Evening")).startswith("✅ Saved as Evening.")
    assert (await linked.ask("hello")).startswith("❔")
    assert (await linked.ask("/reports rename evening = Night")).startswith("✅ Saved as Night.")

    assert (await linked.ask("/reports evening")).startswith("❌ There is no saved report")
    assert (await linked.ask("/reports night")).startswith("✅")


async def test_a_report_gets_another_name_in_a_group(room: Room):
    group = room.telegram.group("Traffic", room.owner)
    await room.link(to=group)
    [answer] = await room.say(f"/reports save Morning = {WORDS}", to=group)
    await room.press(answer, "Rename")
    [question] = room.since(group, answer)

    [named] = await room.say("Evening", to=group, reply_to=question["message_id"])

    assert named["text"].startswith("✅ Saved as Evening.")


async def test_a_report_is_removed_once_that_is_confirmed(linked: Room):
    await saved(linked)
    [question] = await linked.say("/reports remove morning")
    assert question["text"] == "❔ Remove Morning from the saved reports?"
    assert (await linked.press(question, "Cancel")).startswith("✅ Saved as Morning.")
    await linked.press(question, "Remove")

    assert await linked.press(question, "Remove") == "✅ Morning is no longer saved."
    assert (await linked.ask("/reports morning")).startswith("❌")


@pytest.mark.parametrize(
    "words",
    [WORDS, "вчера по странам где клики > 5", "7d day csv", "2026-11-01..2026-11-15 stream"],
)
async def test_a_shared_report_is_the_same_elsewhere(linked: Room, words: str):
    await saved(linked, words=words)
    shared = (await linked.ask("/reports json morning")).partition("\n")[2]
    group = linked.telegram.group("Elsewhere", linked.owner)
    await linked.link(to=group)

    await linked.say(shared, to=group)
    store = linked.bot.bot_data["services"].store

    [here] = await store.saved.all(linked.home.id)
    [there] = await store.saved.all(group.id)
    assert (there.name, there.body) == (here.name, here.body)


async def test_json_is_saved_and_sent_as_it_is(linked: Room):
    payload = {"range": {"interval": "today"}, "grouping": ["os"], "metrics": ["clicks"]}
    assert (await linked.ask(f"/reports save As is {json.dumps(payload)}")).startswith("✅")

    await linked.ask("/reports as is")

    assert linked.keitaro.requests[-1].body == payload


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (
            '/reports save m = yesterday country {"limit": 5}',
            {"words": "yesterday country limit 5"},
        ),
        ('/reports save m {"words": "today", "limit": 5}', {"words": "today limit 5"}),
        (
            '/reports save m = 7d country {"offset": 5}',
            {"period": "7d", "dimensions": ["country"], "offset": 5},
        ),
    ],
)
async def test_words_and_json_go_together(linked: Room, text: str, body: dict[str, Any]):
    """What is shared can be read, and comes to the same when it is saved."""
    await linked.say(text)
    shared = (await linked.ask("/reports json m")).partition("\n")[2]
    await linked.say(shared.replace("save m", "save n"))
    store = linked.bot.bot_data["services"].store
    first, second = await store.saved.all(linked.home.id)

    assert json.loads(shared[shared.index("{") :]).items() >= body.items()
    assert first.body == second.body


ODD = [
    {"filters": [{"name": "is_bot", "operator": "EQUALS", "expression": True}]},
    {"sort": [{"name": ["clicks"], "order": {}}], "limit": 5},
    {"dimensions": [["a"], None], "measures": 5},
]


@pytest.mark.parametrize("payload", ODD)
async def test_no_json_spoils_the_list(linked: Room, payload: dict[str, Any]):
    await linked.say(f"/reports save odd {json.dumps(payload)}")

    assert (await linked.ask("/reports")).startswith("✅ Saved reports\nodd")


@pytest.mark.parametrize("name", ["a = b", "DE [morning]", "{x}", "a `b`"])
async def test_a_name_may_have_signs_of_json(linked: Room, name: str):
    await saved(linked)

    assert (await linked.ask(f"/reports rename morning = {name}")).startswith(
        f"✅ Saved as {name}."
    )
    assert (await linked.ask(f"/reports {name}")).startswith("✅")
    shared = (await linked.ask(f"/reports json {name}")).partition("\n")[2]
    group = linked.telegram.group("Elsewhere", linked.owner)
    await linked.link(to=group)
    [answer] = await linked.say(shared, to=group)
    assert answer["text"].startswith("✅ Saved as ")
    assert (await linked.ask(f"/reports rename {name} = c")).startswith("✅ Saved as c.")


async def test_a_long_report_leaves_room_for_the_others(linked: Room):
    values = " ".join(f'sub_id_{number} not "{"v" * 60}"' for number in range(1, 9))
    for number in range(20):
        await linked.say(f"/reports save {'n' * 57}{number} = yesterday country {values}")

    [listed] = await linked.say("/reports")

    assert listed["text"].count("…") == 20


async def test_the_button_finds_a_name_that_is_free(linked: Room):
    """Capitals make no other name, and signs that cannot be seen are shown."""
    await saved(linked, "yesterday BY country", "today")
    answers = []
    for words in ("yesterday country", 'today sub_id_1 "x\u202ey"'):
        shown = (await linked.say(f"/stats {words}"))[0]
        await linked.press(shown, "Save")
        answers.append((await last(linked))["text"])

    assert [answer.partition(". It is")[0] for answer in answers] == [
        "✅ Saved as Yesterday by country 2",
        '✅ Saved as Today, sub1 "x⟨U+202E⟩y"',
    ]


REFUSED = {
    "/reports save = yesterday": "❌ A name has 1 to 60 visible characters.",
    f"/reports save {'x' * 61} = yesterday": "❌ A name has 1 to 60 visible characters.",
    "/reports save a\u202eb = yesterday": "❌ A name has 1 to 60 visible characters.",
    "/reports save later": "❌ What is to be saved? For example: /reports save morning = yesterday country",
    "/reports save morning = today": "❌ Another report is called morning. Choose another name, or remove that one.",
    "/reports mroning": "❌ There is no saved report called mroning. See /reports\nDid you mean Morning?",
    "/reports rename morning =": "❌ A name has 1 to 60 visible characters.",
    "/reports remove nothing": "❌ There is no saved report called nothing. See /reports",
    "/reports remove": "❌ Which report? Write its name. See /reports",
    "/reports save list [1]": "❌ The JSON must be an object: {…}",
    '/reports save odd {"kind": "spells"}': "❌ The JSON must be an object: {…}",
    '/reports save odd {"period": "eon"}': "❌ I do not know the word eon.",
    '/reports save odd {"period": {"unit": 1}}': "❌ The JSON must be an object: {…}",
    '/reports save odd {"period": "today country"}': "❌ today country makes no sense at this place.",
    "/reports save late = yesterday every day 9:00": "❌ A saved report does not come by itself."
    " What does is a schedule: /schedules add yesterday campaign every day 9:00",
}


@pytest.mark.parametrize(("text", "told"), REFUSED.items())
async def test_what_cannot_be_done_is_said(linked: Room, text: str, told: str):
    await saved(linked)

    assert await linked.ask(text) == told
    assert linked.keitaro.requests == []


async def test_a_name_does_nothing_but_name(linked: Room):
    answer = await linked.ask("/reports save <b>x</b> /stream 12 off = yesterday")

    assert answer.startswith("✅ Saved as <b>x</b>")
    [listed] = await linked.say("/reports")
    assert [one["type"] for one in listed["entities"]].count("bot_command") == 0


async def test_there_is_an_end_to_saving(linked: Room):
    store = linked.bot.bot_data["services"].store
    for number in range(REPORTS_MOST):
        body = {"query": {"kind": "report", "body": {}, "period": None}, "output": ""}
        await store.saved.save(linked.home.id, f"r{number:03d}", body, user_id=1, most=REPORTS_MOST)

    assert (await linked.ask("/reports save more = today")).startswith("❌ 100 reports are saved")
    [first] = await linked.say("/reports")
    assert labels(first)[-1] == ["Next ›"]
    assert "r020" in await linked.press(first, "Next ›")


async def test_viewers_run_and_operators_keep(room: Room):
    anna = room.telegram.person("Anna")
    group = room.telegram.group("Traffic", room.owner, anna)
    await room.link(to=group)
    await room.grant(anna, group, "viewer")
    await room.say(f"/reports save morning = {WORDS}", to=group)

    how = {"by": anna, "to": group}
    refused = [await room.ask(f"/reports {verb} morning", **how) for verb in ("remove", "save")]

    assert [one[:22] for one in refused] == ["❌ You need the role op"] * 2
    assert (await room.ask("/reports morning", **how)).startswith("✅")
    assert (await room.ask("/reports json morning", **how)).startswith("✅")


async def test_a_report_of_another_chat_is_out_of_reach(linked: Room):
    answer = await saved(linked)
    spy = linked.telegram.person("Spy")
    group = linked.telegram.group("Elsewhere", linked.owner, spy)
    await linked.link(to=group)
    await linked.grant(spy, group, "operator")
    [own] = await linked.say("/reports save own = today", to=group)
    stolen = next(
        button["callback_data"]
        for row in answer["reply_markup"]["inline_keyboard"]
        for button in row
        if button["text"] == "Remove"
    )

    for data in (stolen, stolen.replace("remove", "removed"), stolen.replace("remove", "run")):
        linked.telegram.press(spy, group, own["message_id"], data, forged=True)
    await linked.settle()

    assert (await linked.ask("/reports morning")).startswith("✅")


async def test_quotes_around_a_name_are_no_part_of_it(linked: Room):
    assert (await linked.ask(f'/reports save "Morning" = {WORDS}')).startswith(
        "✅ Saved as Morning."
    )
