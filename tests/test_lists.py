"""Lists: one plan for many streams, carried out item by item, told in one answer."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest
from telegram import Update

from handlers import SERVICES
from handlers.changes.expiry import sweep
from handlers.lists.read import ITEMS_MOST
from keitaro import Limits
from sandbox.keitaro import Keitaro
from tests.conftest import OTHER_KEY, OTHER_TRACKER, Clock, Room

CAMPAIGN = 11
DAY = 86_400.0


@pytest.fixture
def limits() -> Limits:
    """A tracker is not left in peace here but where a test wants it: lists have rules of theirs."""
    return Limits(deadline_seconds=5.0, pause_seconds=0.01, failures_in_a_row=1000)


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    return Keitaro(key=OTHER_KEY, now=clock, seed=8)


def streams(count: int, *, first: int = 1, **more: Any) -> list[dict[str, Any]]:
    """Return so many streams to create."""
    row = {"type": "regular", "schema": "redirect", "action_type": "http"}
    return [
        {
            "campaign_id": CAMPAIGN,
            "name": f"List {number}",
            "position": 1000 + number,
            "action_payload": "https://landing.example/",
            "collect_clicks": True,
            **row,
            **more,
        }
        for number in range(first, first + count)
    ]


def changes(keitaro: Keitaro) -> list[tuple[str, str]]:
    """Return the requests that the tracker got, but for those that only read, sorted."""
    return sorted(
        (one.method, one.path)
        for one in keitaro.requests
        if one.method != "GET" and one.path != "report/build"
    )


def sent_names(keitaro: Keitaro) -> list[str]:
    """Return the names of streams that the tracker was asked to create."""
    return sorted(
        one.body["name"]
        for one in keitaro.requests
        if (one.method, one.path) == ("POST", "streams")
    )


def made_names(keitaro: Keitaro) -> list[str]:
    """Return the names of streams of lists that the tracker has."""
    rows = keitaro.streams.values()
    return sorted(row["name"] for row in rows if row["name"].startswith("List "))


def names(*numbers: int) -> list[str]:
    return sorted(f"List {number}" for number in numbers)


def labels(message: dict[str, Any]) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def now(room: Room, message: dict[str, Any]) -> dict[str, Any]:
    return room.telegram.chats[message["chat"]["id"]].messages[message["message_id"]]


def table(message: dict[str, Any], room: Room) -> list[dict[str, str]]:
    """Return the rows of the CSV file in *message*."""
    content = room.telegram.document(message)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


async def plan(room: Room, text: str, **how: Any) -> dict[str, Any]:
    """Say something that is answered by a plan, and return its message."""
    message, *_ = await room.say(text, **how)
    assert message["text"].startswith("❔ "), message["text"]
    assert labels(message) == ["Apply", "Cancel"]
    return message


async def create(room: Room, count: int, **more: Any) -> dict[str, Any]:
    return await plan(room, f"/stream {json.dumps(streams(count, **more))}")


async def test_a_list_asks_first_and_creates_all(linked: Room):
    message = await create(linked, 3)

    assert message["text"].splitlines() == [
        "❔ Carry out this list?",
        "create: 3",
        "Campaign 11 Camping CA: 3",
        "",
        "1. List 1",
        "2. List 2",
        "3. List 3",
        "",
        "Only Olga can confirm this, within 10 minutes.",
    ]
    assert changes(linked.keitaro) == []
    text = await linked.press(message, "Apply")

    ids = {row["name"]: stream_id for stream_id, row in linked.keitaro.streams.items()}
    made = [f"{number}. {ids[f'List {number}']} List {number}" for number in (1, 2, 3)]
    assert text.splitlines() == ["✅ All of the list is done", "done: 3", "", *made]
    assert labels(now(linked, message)) == ["Undo all"]
    assert sent_names(linked.keitaro) == made_names(linked.keitaro) == names(1, 2, 3)


async def test_a_list_says_what_its_streams_carry_together(linked: Room):
    message = await plan(
        linked, '/stream update [{"id": 12, "weight": 1}, {"id": 13, "weight": 2}]'
    )

    [report] = [one.body for one in linked.keitaro.requests if one.path == "report/build"]
    assert report["filters"] == [
        {"name": "stream_id", "operator": "IN_LIST", "expression": [12, 13]}
    ]
    assert any(line.startswith("Last 24 h: ") for line in message["text"].splitlines())
    assert "unknown" not in message["text"]
    text = await linked.press(message, "Cancel")

    head = "❌ Cancelled. Nothing was changed."
    assert text == f"{head}\n\nCarry out this list?\nchange: 2"


def file_after(room: Room, message: dict[str, Any]) -> list[dict[str, str]]:
    """Return the table that came last in the chat of *message*."""
    chat = room.telegram.chats[message["chat"]["id"]]
    found = [one for one in room.telegram.messages(chat) if "document" in one]
    return table(found[-1], room)


async def test_every_item_has_a_line_in_the_file_of_the_result(linked: Room):
    message = await create(linked, 2, name="=1+1")
    await linked.press(message, "Apply")

    ids = {str(number) for number, row in linked.keitaro.streams.items() if row["name"] == "=1+1"}
    lines = file_after(linked, message)
    assert {line.pop("id") for line in lines} == ids
    rest = {"outcome": "done", "name": "'=1+1", "status": "", "message": ""}
    assert lines == [{"number": "1", **rest}, {"number": "2", **rest}]


async def test_what_two_items_say_of_each_other_is_warned_of(linked: Room):
    message = await create(linked, 2, name="Twin", position=77)

    assert "❗ The same name twice in one campaign (items 1, 2)" in message["text"]
    assert "❗ The same position twice in one campaign (items 1, 2)" in message["text"]


async def test_a_long_plan_brings_all_items_in_a_file(linked: Room):
    answers = await linked.say("/stream", attach=json.dumps(streams(11)).encode())
    rows = table(answers[1], linked)

    assert "All items are in the file." in answers[0]["text"]
    assert [row["name"] for row in rows] == [f"List {number}" for number in range(1, 12)]
    assert rows[0] == {
        "number": "1",
        "what": "create",
        "campaign": "11",
        "id": "",
        "name": "List 1",
        "changes": "",
        "warnings": "",
    }


async def test_a_list_costs_hardly_more_calls_than_it_has_items(linked: Room):
    message = await create(linked, 40)
    linked.keitaro.requests.clear()
    await linked.press(message, "Apply")

    asked = [(one.method, one.path) for one in linked.keitaro.requests]
    assert asked.count(("POST", "streams")) == 40
    assert asked.count(("GET", f"campaigns/{CAMPAIGN}/streams")) == 2
    assert len(asked) == 42
    assert linked.keitaro.most_in_flight <= 4


LINES = "\n".join(json.dumps(row) for row in streams(3))


@pytest.mark.parametrize(
    "how",
    [
        {"text": f"/stream {LINES}"},
        {"text": f"/stream create\n{LINES}"},
        {"text": f"/stream\n```\n{LINES}\n```"},
        {"text": "/stream", "attach": LINES.encode(), "filename": "streams.jsonl"},
        {"text": "/stream", "attach": json.dumps(streams(3), indent=1).encode()},
    ],
)
async def test_a_list_comes_as_an_array_or_in_lines(linked: Room, how: dict[str, Any]):
    message = await plan(linked, **how)
    await linked.press(message, "Apply")

    assert made_names(linked.keitaro) == names(1, 2, 3)


async def test_a_list_is_taken_from_the_message_replied_to(linked: Room):
    for content, filename in ((LINES.encode(), "streams.jsonl"), (None, "")):
        if content:
            said = linked.telegram.say(linked.owner, linked.home, attach=content, filename=filename)
        else:
            said = linked.telegram.say(linked.owner, linked.home, json.dumps(streams(3)))
        await linked.settle()
        message = await plan(linked, "/stream create", reply_to=said["message_id"])
        assert "create: 3" in message["text"]
        await linked.press(message, "Cancel")
    assert changes(linked.keitaro) == []


async def test_one_element_in_an_array_is_a_list_too(linked: Room):
    message = await create(linked, 1)
    text = await linked.press(message, "Apply")

    assert text.splitlines()[:2] == ["✅ All of the list is done", "done: 1"]


UPDATE_FAULTS = {
    "[]": "❌ The list is empty.",
    "[{}, 1, null]": "❌ Every item of the list must be an object {…}. These are not: 2, 3",
    '[{"id": 45, "name": "x"}, {"name": "y"}, {"id": "4x", "name": "z"}, {"id": true}]': (
        '❌ Every item must say which stream it changes: "id": 45. These do not: 2, 3, 4'
    ),
    '[{"id": 45, "name": "x"}, {"id": 46, "name": "y"}, {"id": "45", "name": "z"}]': (
        "❌ A stream comes more than once in the list. See the items 1, 3"
    ),
    '[{"id": 45, "name": "x"}, {"id": 46}]': "❌ These items have no field to change: 2",
    json.dumps([7] * 9): (
        "❌ Every item of the list must be an object {…}. These are not: 1, 2, 3, 4, 5, 6 … +3"
    ),
}


@pytest.mark.parametrize(("payload", "answer"), UPDATE_FAULTS.items())
async def test_a_list_that_does_not_fit_names_the_items(linked: Room, payload: str, answer: str):
    assert await linked.ask(f"/stream update {payload}") == answer
    assert linked.keitaro.requests == []


async def test_a_list_that_is_too_long_is_refused(linked: Room):
    content = json.dumps([{}] * (ITEMS_MOST + 1)).encode()

    assert await linked.ask("/stream", attach=content) == (
        "❌ The list has 501 items. At most 500 go at a time."
    )


async def test_a_list_takes_no_id_and_no_second_verb(linked: Room):
    with_id = "❌ A list goes without an id in the command: /stream update […] with an "

    assert (await linked.ask("/stream 45 [{}]")).startswith(with_id)
    assert (await linked.ask("/stream update create [{}]")).startswith("❌ ")
    assert linked.keitaro.requests == []


async def test_a_broken_line_is_named_by_its_place(linked: Room):
    text = await linked.ask('/stream\n{"name": "a"}\n{"name": nothing}')

    assert text.startswith("❌ ")
    assert "line 2, column 10" in text


async def test_what_cannot_be_meant_stops_the_whole_list_and_names_its_items(linked: Room):
    good, bad, worse = streams(3)
    bad["action_payload"] = ""
    del worse["type"]
    text = await linked.ask(f"/stream {json.dumps([good, bad, worse, bad])}")

    assert text.startswith("❌ Not sent. This cannot be meant:\n")
    assert "(items 2, 4)" in text
    assert "(item 3)" in text
    assert linked.keitaro.requests == []


async def test_streams_that_are_not_there_are_named(linked: Room):
    rows = [{"id": 45, "name": "x"}, {"id": 99999, "name": "y"}]
    text = await linked.ask(f"/stream update {json.dumps(rows)}")

    assert text.splitlines() == [
        "❌ Not sent. This cannot be meant:",
        "⛔ The tracker has no stream 99999. (404 Not Found) (item 2)",
    ]
    assert changes(linked.keitaro) == []


async def test_all_that_the_tracker_shows_to_be_wrong_is_told_at_once(linked: Room):
    offers = [{"offer_id": 99998, "share": 100}]
    rows = [{"id": 45, "offers": offers}, {"id": 99999, "name": "y"}, {"id": 12, "nmae": "z"}]
    text = await linked.ask(f"/stream update {json.dumps(rows)}")

    assert text.splitlines() == [
        "❌ Not sent. This cannot be meant:",
        "⛔ Not in the tracker: offers 99998. (item 1)",
        "⛔ The tracker has no stream 99999. (404 Not Found) (item 2)",
    ]


async def test_a_slip_in_a_list_is_warned_of(linked: Room):
    message = await plan(
        linked, '/stream update [{"id": 12, "nmae": "z"}, {"id": 45, "weight": 1}]'
    )

    assert "❗ Fields that I do not know. Probably meant: nmae → name (item 1)" in message["text"]


async def update(room: Room) -> dict[str, Any]:
    rows = [{"id": 45, "name": "One"}, {"id": 46, "name": "Two"}, {"id": 47, "state": "disabled"}]
    room.keitaro.streams[47]["state"] = "disabled"
    return await plan(room, f"/stream update {json.dumps(rows)}")


async def test_an_update_of_many_shows_old_and_new_and_leaves_out_what_is_so(linked: Room):
    message = await update(linked)
    lines = message["text"].splitlines()

    assert "change: 2" in lines
    assert "like that already, left out: 1" in lines
    assert "name: CA/US main → One" in lines
    linked.keitaro.requests.clear()
    text = await linked.press(message, "Apply")

    assert text.splitlines() == ["✅ All of the list is done", "done: 2"]
    assert changes(linked.keitaro) == [("PUT", "streams/45"), ("PUT", "streams/46")]
    # Looked at before and after each.
    assert len(linked.keitaro.requests) == 6
    assert (linked.keitaro.streams[45]["name"], linked.keitaro.streams[46]["name"]) == (
        "One",
        "Two",
    )
    sent = [one.body for one in linked.keitaro.requests if one.path == "streams/45" and one.body]
    assert sent == [{"name": "One"}]


async def test_streams_too_large_to_keep_in_mind_together_are_refused(linked: Room):
    """A tracker may show whatever it likes of each: all of it would be kept with the plan."""
    ids = list(linked.keitaro.streams)[:10]
    for stream_id in ids:
        linked.keitaro.streams[stream_id]["comments"] = "x" * 900_000
    linked.keitaro.requests.clear()
    items = [{"id": stream_id, "weight": 7} for stream_id in ids]

    text = await linked.ask(f"/stream update {json.dumps(items)}")
    fewer = await plan(linked, f"/stream update {json.dumps(items[:5])}")

    assert text.startswith(
        "❌ These streams are too large to be changed together. Send fewer at a time."
    )
    assert "change: 5" in fewer["text"]
    assert changes(linked.keitaro) == []


async def test_what_is_so_already_as_a_whole_is_not_asked_about(linked: Room):
    text = await linked.ask('/stream update [{"id": 45, "name": "CA/US main"}]')

    assert text == "✅ Nothing to change: it is like that already."


async def test_an_item_that_has_moved_since_is_not_sent(linked: Room):
    message = await update(linked)
    linked.keitaro.streams[45]["name"] = "Changed in the panel"
    text = await linked.press(message, "Apply")

    assert text.splitlines() == [
        "⚠️ The list is not done as a whole",
        "done: 1 · failed: 1",
        "",
        "Changed since you were asked, so not sent. Send these again to see what is new: 1",
    ]
    assert changes(linked.keitaro) == [("PUT", "streams/46")]
    assert "Retry failed" not in labels(now(linked, message))


async def test_a_chat_that_is_never_asked_runs_a_list_at_once(unasked: Room):
    [answer, file] = await unasked.say(f"/stream {json.dumps(streams(2))}")

    assert answer["text"].splitlines()[:2] == ["✅ All of the list is done", "done: 2"]
    assert [row["outcome"] for row in table(file, unasked)] == ["done", "done"]
    assert made_names(unasked.keitaro) == names(1, 2)


async def test_a_tenth_fails_and_exactly_those_are_repeated(linked: Room):
    failing = {f"List {number}" for number in range(3, 101, 10)}
    linked.keitaro.fail_when(
        lambda one: one.method == "POST" and one.body["name"] in failing, status=500
    )
    message = await linked.say("/stream", attach=json.dumps(streams(100)).encode())
    text = await linked.press(message[0], "Apply")

    assert text.startswith("⚠️ The list is not done as a whole\n")
    assert f"done: {100 - len(failing)} · failed: {len(failing)}" in text
    assert "500 Internal Server Error" in text
    linked.keitaro.script.clear()
    linked.keitaro.requests.clear()
    await linked.press(now(linked, message[0]), "Retry failed")

    assert sent_names(linked.keitaro) == sorted(failing)
    assert made_names(linked.keitaro) == names(*range(1, 101))
    last = [one for one in linked.telegram.messages(linked.home) if "text" in one][-1]
    done = ["✅ All of the list is done", f"done: {len(failing)}"]
    assert last["text"].splitlines()[:2] == done
    # The numbers are those of the first list.
    numbers = {row["number"] for row in file_after(linked, last)}
    assert numbers == {name.removeprefix("List ") for name in failing}
    assert now(linked, message[0])["text"] == text


async def test_a_retry_can_be_retried(linked: Room):
    linked.keitaro.fail(3, method="POST", path="streams", status=422, body={"error": "Not now"})
    message = await create(linked, 2)
    assert await linked.press(message, "Apply") == (
        "❌ Nothing of the list was done\nfailed: 2\n\n"
        "422 Unprocessable Entity · Not now (items 1, 2)"
    )
    await linked.press(now(linked, message), "Retry failed")
    [*_, second] = [one for one in linked.telegram.messages(linked.home) if "text" in one]
    assert "done: 1 · failed: 1" in second["text"]
    await linked.press(second, "Retry failed")

    assert made_names(linked.keitaro) == names(1, 2)
    assert await linked.press(now(linked, message), "Retry failed") == now(linked, message)["text"]
    assert len(sent_names(linked.keitaro)) == 5


@pytest.mark.parametrize("status", [401, 402, 403])
async def test_a_refusal_of_the_key_stops_the_list(linked: Room, status: int):
    message = await create(linked, 30)
    linked.keitaro.fail_when(
        lambda one: one.method == "POST" and len(sent_names(linked.keitaro)) > 10,
        status=status,
        body={"error": "No"},
    )
    text = await linked.press(message, "Apply")

    assert text.startswith("⚠️ The list is not done as a whole\ndone: 10 · failed: ")
    assert "I stopped: the tracker lets me do nothing more." in text
    assert len(made_names(linked.keitaro)) == 10
    assert len(sent_names(linked.keitaro)) < 20
    linked.keitaro.script.clear()
    await linked.press(now(linked, message), "Retry failed")

    assert made_names(linked.keitaro) == names(*range(1, 31))


async def test_five_failures_in_a_row_stop_the_list(linked: Room):
    message = await create(linked, 30)
    linked.keitaro.fail_when(lambda one: one.method == "POST", status=500)
    text = await linked.press(message, "Apply")

    assert text.startswith("❌ Nothing of the list was done\nfailed: ")
    assert "I stopped: the tracker failed too often in a row." in text
    assert 5 <= len(sent_names(linked.keitaro)) <= 8


async def test_what_gets_no_clear_answer_is_looked_at_and_never_sent_again(linked: Room):
    message = await create(linked, 10)
    linked.keitaro.fail(2, method="POST", path="streams", status=504, after_effect=True)
    linked.keitaro.fail(2, method="POST", path="streams", status=504)
    text = await linked.press(message, "Apply")

    assert "done: 8 · failed: 2" in text
    assert len(made_names(linked.keitaro)) == 8
    assert len(sent_names(linked.keitaro)) == 10


@pytest.mark.parametrize("carried_out", [1, 2])
async def test_a_stream_of_one_item_makes_no_other_item_unknown(linked: Room, carried_out):
    """Two items get no clear answer, and only one of them has come about: never mind which."""
    linked.bot.bot_data[SERVICES].settling.seconds = 0.0
    message = await create(linked, 2)
    for number in (1, 2):
        linked.keitaro.fail_when(
            lambda one, number=number: (
                one.method == "POST"
                and one.path == "streams"
                and one.body["name"] == f"List {number}"
            ),
            status=504,
            after_effect=number == carried_out,
        )
    text = await linked.press(message, "Apply")

    assert "done: 1 · failed: 1" in text
    assert made_names(linked.keitaro) == names(carried_out)
    assert len(sent_names(linked.keitaro)) == 2


async def test_what_cannot_be_looked_at_stays_unknown_and_can_be_checked(linked: Room):
    message = await create(linked, 3)
    linked.keitaro.fail(1, method="POST", path="streams", status=504, after_effect=True)
    linked.keitaro.fail_when(
        lambda one: one.method == "GET" and len(sent_names(linked.keitaro)) > 0, status=500
    )
    text = await linked.press(message, "Apply")

    assert "done: 2 · not known: 1" in text
    assert labels(now(linked, message)) == ["Check again", "Undo all"]
    linked.keitaro.script.clear()
    text = await linked.press(now(linked, message), "Check again")

    assert text.splitlines()[:2] == ["✅ All of the list is done", "done: 3"]
    assert len(sent_names(linked.keitaro)) == 3


async def test_a_tracker_that_shows_something_else_is_not_believed(linked: Room):
    message = await create(linked, 2)
    linked.keitaro.fail(
        when=lambda one: one.method == "POST" and one.body["name"] == "List 1",
        body={"id": 9999, "name": "List 1"},
    )
    text = await linked.press(message, "Apply")

    assert "done: 1 · not known: 1" in text
    assert "The tracker said yes, but does not show it: Stream 9999 is created (item 1)" in text
    assert len(sent_names(linked.keitaro)) == 2


async def pressed(room: Room, message: dict[str, Any], label: str, times: int) -> None:
    for _ in range(times):
        room.telegram.press(room.owner, room.home, message["message_id"], label)
    batch = room.telegram.updates.batch(100)
    room.telegram.updates.remove([update["update_id"] for update in batch])
    await asyncio.gather(
        *(room.bot.process_update(Update.de_json(update, room.bot.bot)) for update in batch)
    )
    await room.delivered()


async def test_a_hundred_presses_carry_a_list_out_once(linked: Room):
    message = await create(linked, 5)
    await pressed(linked, message, "Apply", 100)

    assert sent_names(linked.keitaro) == made_names(linked.keitaro) == names(1, 2, 3, 4, 5)


async def test_two_people_have_lists_at_the_same_time(room: Room):
    oleg = room.telegram.person("Oleg")
    group = room.telegram.group("Buyers", room.owner, oleg)
    await room.link(to=group)
    await room.grant(oleg, group, "operator")
    asked = []
    for person, first in ((room.owner, 1), (oleg, 51)):
        content = json.dumps(streams(50, first=first)).encode()
        message, *_ = await room.say("/stream", by=person, to=group, attach=content)
        asked.append((person, message["message_id"]))
    for person, message_id in asked:
        room.telegram.press(person, group, message_id, "Apply")
    batch = room.telegram.updates.batch(100)
    room.telegram.updates.remove([update["update_id"] for update in batch])
    await asyncio.gather(
        *(room.bot.process_update(Update.de_json(update, room.bot.bot)) for update in batch)
    )
    await room.delivered()

    ends = [one["text"] for one in room.telegram.messages(group) if "done" in one.get("text", "")]
    assert [text.splitlines()[1] for text in ends] == ["done: 50", "done: 50"]
    assert made_names(room.keitaro) == names(*range(1, 101))
    assert room.keitaro.most_in_flight <= 4


@pytest.mark.parametrize("way", ["button", "command"])
async def test_a_list_is_taken_back_as_a_list(linked: Room, way: str):
    message = await create(linked, 3)
    await linked.press(message, "Apply")
    if way == "button":
        await linked.press(now(linked, message), "Undo all")
        [*_, asked] = [one for one in linked.telegram.messages(linked.home) if "text" in one]
    else:
        [asked] = await linked.say("/undo")
    assert "archive: 3" in asked["text"]
    text = await linked.press(asked, "Apply")

    assert text.splitlines()[:2] == ["✅ All of the list is done", "done: 3"]
    states = [
        row["state"] for row in linked.keitaro.streams.values() if row["name"].startswith("List ")
    ]
    assert states == ["deleted"] * 3
    before = now(linked, message)["text"]
    assert await linked.press(now(linked, message), "Undo all") == before
    assert "was taken back already" in linked.telegram.calls[-1].parameters["text"]


async def test_updates_of_a_list_are_taken_back(linked: Room):
    old = linked.keitaro.streams[45]["name"], linked.keitaro.streams[46]["name"]
    await linked.press(await update(linked), "Apply")
    [asked] = await linked.say("/undo")
    await linked.press(asked, "Apply")

    assert (linked.keitaro.streams[45]["name"], linked.keitaro.streams[46]["name"]) == old


async def test_the_button_of_a_retry_ends_without_a_word(linked: Room, clock: Clock):
    linked.keitaro.fail(1, method="POST", path="streams", status=422, body={"error": "Not now"})
    message = await create(linked, 1)
    text = await linked.press(message, "Apply")
    clock.at += DAY + 1
    await sweep(linked.bot.bot_data[SERVICES])
    await linked.delivered()

    assert now(linked, message)["text"] == text
    assert await linked.press(now(linked, message), "Retry failed") == text
    assert "too old" in linked.telegram.calls[-1].parameters["text"]
    assert len(sent_names(linked.keitaro)) == 1


async def test_a_chat_that_was_linked_elsewhere_changes_nothing(linked: Room):
    message = await create(linked, 2)
    await linked.link(tracker=OTHER_TRACKER, key=OTHER_KEY)
    text = await linked.press(message, "Apply")

    assert text.startswith("❌ This chat is linked to another tracker now")
    assert made_names(linked.keitaro) == []


async def test_a_viewer_has_no_lists(room: Room):
    viewer = room.telegram.person("Vera")
    group = room.telegram.group("Buyers", room.owner, viewer)
    await room.link(to=group)
    await room.grant(viewer, group, "viewer")
    text = await room.ask(f"/stream {json.dumps(streams(2))}", by=viewer, to=group)

    assert text.startswith("❌ ")
    assert room.keitaro.requests == []
