"""Whatever Telegram says to an answer, it arrives once; and every command in its turn."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from handlers import SERVICES
from handlers.context import Context
from handlers.letter import Letter, fitting
from handlers.render.html import plain
from handlers.render.page import File, Page
from handlers.texts import ENGLISH, RUSSIAN
from paper import Chart, Series
from paper.draw import draw
from sandbox.telegram import Chat, Person
from storage import OwedAnswer

HELP = "✅ What you can do here\n"
OFF = "✅ Stream 12 is off\n"
STREAMS = "✅ Streams of campaign 1 Garden DE\n"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


@pytest.fixture(autouse=True)
def times_as_telegram_s(monkeypatch):
    """Let the library tell pauses the way it will; of the old way it warns."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def running(linked):
    """A linked bot that takes updates as they come, as the real one does."""
    await linked.bot.start()
    yield linked
    await linked.bot.stop()


async def take(room) -> None:
    """Hand everything that was said to the bot, without waiting for answers."""
    while batch := room.telegram.updates.batch(100):
        room.telegram.updates.remove([update["update_id"] for update in batch])
        for update in batch:
            await room.bot.update_queue.put(Update.de_json(update, room.bot.bot))


def methods(room) -> list[str]:
    """Return what the bot asked of Telegram, in order."""
    asked = ("sendMessage", "editMessageText", "sendDocument")
    return [call.method for call in room.telegram.calls if call.method in asked]


# Faults


FAULTS = {
    "slow down": {
        "status": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 0.01},
    },
    "slow down, at once": {
        "status": 429,
        "description": "Too Many Requests: retry after 0",
        "parameters": {"retry_after": 0},
    },
    "a gateway": {"status": 502, "raw": b"<html>Bad Gateway</html>"},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_an_answer_is_sent_again(room, fault):
    room.telegram.fail("sendMessage", **fault)

    assert (await room.ask("/help")).startswith(HELP)
    assert methods(room) == ["sendMessage"] * 2


@pytest.mark.parametrize("name", ["slow down", "a gateway"])
async def test_an_edit_is_made_again(unasked, name):
    unasked.telegram.fail("editMessageText", **FAULTS[name])

    assert (await unasked.ask("/stream 12 off")).startswith(OFF)
    assert methods(unasked) == ["sendMessage", "editMessageText", "editMessageText"]
    assert len(unasked.keitaro.mutations) == 1


async def test_a_file_is_sent_again(linked):
    linked.keitaro.streams[12]["comments"] = "long " * 2000
    linked.telegram.fail("sendDocument", **FAULTS["slow down"])
    answers = await linked.say("/stream 12")

    assert [answer.get("document", {}).get("file_name") for answer in answers] == [
        None,
        "stream-12.json",
    ]
    assert methods(linked) == ["sendMessage", "sendDocument", "sendDocument"]


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_the_old_way_to_tell_a_pause_is_understood(room, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "0")
    room.telegram.fail("sendMessage", **FAULTS["slow down"])

    assert (await room.ask("/help")).startswith(HELP)


def logged(caplog) -> tuple[str, type[BaseException]]:
    """Return the id and the kind of the only error in the log."""
    [record] = caplog.records
    assert (record.levelname, record.name) == ("ERROR", "handlers.dispatch")
    return record.getMessage().removeprefix("error "), record.exc_info[0]


def apology(error_id: str) -> str:
    """Return what is said when an answer could not be given."""
    assert re.fullmatch("[0-9a-f]{8}", error_id)
    return f"⚠️ {plain(ENGLISH.unanswered.format(id=error_id))}"


async def test_patience_has_no_end(room, caplog):
    """An answer is owed until Telegram has taken it."""
    room.telegram.fail("sendMessage", times=40, **FAULTS["slow down"])

    assert (await room.ask("/help")).startswith(HELP)
    assert methods(room) == ["sendMessage"] * 41
    assert caplog.records == []


async def test_an_answer_that_is_no_html_goes_as_plain_text(room):
    room.telegram.fail(
        "sendMessage",
        status=400,
        description="Bad Request: can't parse entities: Unsupported start tag at byte offset 1",
    )
    [answer] = await room.say("/help")

    assert answer["text"].startswith(f"{HELP}Not linked to a tracker yet. Send:\n/link https://")
    source = room.telegram.source(room.home.id, answer["message_id"])
    assert source == answer["text"]


async def fates(room) -> list[tuple[str, str | None]]:
    """Return what became of each answer, and why."""
    store = room.bot.bot_data[SERVICES].store
    return await store.connection.run(
        lambda db: db.execute("SELECT fate, note FROM outbox ORDER BY owed_at, key").fetchall()
    )


async def test_what_is_refused_as_plain_text_too_is_given_up(room, caplog):
    room.telegram.fail(
        "sendMessage", times=2, status=400, description="Bad Request: can't parse entities: x"
    )

    assert await room.say("/help") == []
    assert await fates(room) == [("refused", "Can't parse entities: x")]
    assert methods(room) == ["sendMessage"] * 2
    assert caplog.messages == ["an answer was not taken: BadRequest: Can't parse entities: x"]


async def test_an_edit_that_changes_nothing_is_done(unasked, caplog):
    unasked.telegram.fail(
        "editMessageText", status=400, description=NOT_MODIFIED, after_effect=True
    )

    assert (await unasked.ask("/stream 12 off")).startswith(OFF)
    assert methods(unasked) == ["sendMessage", "editMessageText"]
    assert caplog.records == []


@pytest.mark.parametrize(
    "description", ["message to edit not found", "message can't be edited"], ids=str
)
async def test_an_answer_whose_hourglass_is_gone_comes_as_a_new_message(unasked, description):
    unasked.telegram.fail("editMessageText", status=400, description=f"Bad Request: {description}")
    waiting, answer = await unasked.say("/stream 12 off")

    assert waiting["text"] == "⏳ Working on it …"
    assert answer["text"].startswith(OFF)
    assert len(unasked.keitaro.mutations) == 1


@pytest.mark.parametrize("description", ["message thread not found", "TOPIC_CLOSED"], ids=str)
async def test_without_its_topic_an_answer_goes_to_the_group(room, description):
    forum = room.telegram.group("Forum", room.owner, forum=True)
    thread = forum.topic("Figures")
    room.telegram.fail("sendMessage", status=400, description=f"Bad Request: {description}")
    await room.say("/help", to=forum, thread=thread)

    sends = [call.parameters for call in room.telegram.calls if call.method == "sendMessage"]
    assert [send.get("message_thread_id") for send in sends] == [thread, None]
    assert sends[1]["text"].startswith("✅ <b>What you can do here</b>")


@pytest.mark.parametrize(
    ("status", "description", "fate"),
    [
        (403, "Forbidden: bot was blocked by the user", "unreachable"),
        (403, "Forbidden: bot was kicked from the group chat", "unreachable"),
        (400, "Bad Request: chat not found", "refused"),
        (400, "Bad Request: not enough rights to send text messages to the chat", "refused"),
    ],
)
async def test_where_nobody_can_be_answered_it_is_tried_once(
    linked, caplog, status, description, fate
):
    linked.telegram.fail("sendMessage", status=status, description=description)

    assert await linked.say("/streams 1") == []
    assert methods(linked) == ["sendMessage"]
    assert [found for found, _ in await fates(linked)] == [fate]
    assert len(caplog.records) == 1
    assert (await linked.ask("/streams 1")).startswith(STREAMS)


async def test_what_cannot_be_announced_is_not_changed(unasked):
    """A change whose end nobody could hear of is not begun, and nothing more is said."""
    unasked.telegram.fail(
        "sendMessage", status=403, description="Forbidden: bot was blocked by the user"
    )

    assert await unasked.say("/stream 12 off") == []
    assert unasked.keitaro.mutations == []
    assert methods(unasked) == ["sendMessage"]


async def test_a_person_who_has_blocked_the_bot_finds_it_working_afterwards(linked):
    command = linked.telegram.say(linked.owner, linked.home, "/streams 1")
    linked.telegram.block(linked.owner)
    await linked.settle()

    assert linked.since(linked.home, command) == []
    assert (await linked.ask("/streams 1")).startswith(STREAMS)


async def test_a_file_that_cannot_be_sent_is_missed_aloud(linked, caplog):
    linked.keitaro.streams[12]["comments"] = "long " * 2000
    linked.telegram.fail(
        "sendDocument", status=400, description="Bad Request: not enough rights to send documents"
    )
    answers = await linked.say("/stream 12")

    assert len(answers) == 2
    assert answers[0]["text"].startswith("✅ ")
    assert answers[1]["text"] == f"⚠️ {ENGLISH.file_refused}"
    assert caplog.records == []


CHART = Chart("lines", "Clicks", ("1", "2"), (Series("Clicks", (1.0, 2.0)),))


@pytest.fixture(scope="module")
def picture() -> bytes:
    return draw(CHART)


async def owe_chart(room, content: bytes) -> list[dict[str, Any]]:
    """Owe a picture to the owner, and return the messages that came."""
    return await owe(room, Page("✅ Chart", file=File("chart.png", content, is_picture=True)))


async def owe(room, page: Page) -> list[dict[str, Any]]:
    """Owe *page* to the owner, who has greeted the bot, and return the messages it becomes."""
    greeting = room.telegram.say(room.owner, room.home, "Hi")
    owed = OwedAnswer("it", room.home.id, room.owner.id, "")
    await room.bot.bot_data[SERVICES].outbox.owe(Letter(owed, page, missing="⚠️ missing"))
    await room.delivered()
    return room.since(room.home, greeting)


async def test_a_picture_is_shown_in_the_chat(room, picture):
    text, shown = await owe_chart(room, picture)

    assert text["text"] == "✅ Chart"
    assert room.telegram.photo(shown) == picture


async def test_a_picture_that_is_refused_comes_as_a_document(room):
    """It may be too long for a picture, or pictures may not be sent there."""
    text, file = await owe_chart(room, b"no picture at all")

    assert text["text"] == "✅ Chart"
    assert file["document"]["file_name"] == "chart.png"
    assert room.telegram.document(file) == b"no picture at all"


async def test_a_picture_that_is_refused_as_a_document_too_is_missed_aloud(room, picture):
    refusal = "Bad Request: not enough rights to send"
    room.telegram.fail("sendPhoto", status=400, description=f"{refusal} photos to the chat")
    room.telegram.fail("sendDocument", status=400, description=f"{refusal} documents to the chat")
    text, missed = await owe_chart(room, picture)

    assert (text["text"], missed["text"]) == ("✅ Chart", "⚠️ missing")


async def test_a_large_file_arrives_whole(room):
    content = b"campaign,clicks\r\n" * 300_000
    _, file = await owe(room, Page("✅", file=File("report.csv", content)))

    assert room.telegram.document(file) == content


async def test_an_answer_that_cannot_take_the_place_of_its_hourglass_comes_by_itself(unasked):
    unasked.telegram.fail("editMessageText", status=400, description="Bad Request: out of order")
    waiting, answer = await unasked.say("/stream 12 off")

    assert waiting["text"] == f"⏳ {ENGLISH.working}"
    assert answer["text"].startswith(OFF)
    assert len(unasked.keitaro.mutations) == 1


async def break_database(room) -> None:
    """Have the database fail at the door."""
    store = room.bot.bot_data[SERVICES].store
    await store.connection.run(lambda db: db.execute("DROP TABLE chats").close())


async def test_a_database_that_fails_leaves_the_command_to_the_next_process(linked):
    await break_database(linked)
    said = [await linked.say(text) for text in ("/help", "hello", "/stream 12 off")]

    assert said == [[], [], []]
    assert linked.bot.update_queue.failed.is_set()
    assert "the database failed, a new start is needed" in linked.bot.update_queue.reason
    assert linked.keitaro.requests == []


async def test_an_error_without_an_update_is_logged(room, caplog):
    await room.bot.process_error("no update", ValueError("odd"))

    assert logged(caplog)[1] is ValueError
    assert room.telegram.sent == []


@pytest.mark.parametrize("said", ["good morning", "/help@another_bot"])
async def test_a_database_that_fails_is_no_matter_of_talk_in_groups(linked, caplog, said):
    group = linked.telegram.group("Team", linked.owner)
    await linked.settle()
    await break_database(linked)

    assert await linked.say(said, to=group) == []
    assert caplog.records == []


async def test_a_database_that_fails_keeps_no_spinner_turning(linked):
    [overview] = await linked.say("/settings")
    await break_database(linked)
    query_id = linked.telegram.press(linked.owner, linked.home, overview["message_id"], "English")
    await linked.settle()

    assert linked.telegram.answered(query_id).get("text", "") == ""
    assert linked.since(linked.home, overview) == []


async def test_a_database_that_fails_is_told_to_no_stranger(linked):
    person = linked.telegram.person("Eve", language_code="ru")
    await break_database(linked)

    assert await linked.say("/help", by=person) == []
    assert await linked.say("hello", by=person) == []


FAULT = ValueError("odd")


async def fault_at_the_door(room, **how: Any) -> list[dict[str, Any]]:
    """Say something that meets a fault outside of every handler, and return the answers."""
    chat = how.pop("to", room.home)
    said = room.telegram.say(how.pop("by", room.owner), chat, **how)
    [raw] = room.telegram.updates.batch(1)
    room.telegram.updates.remove([raw["update_id"]])
    await room.bot.process_error(Update.de_json(raw, room.bot.bot), FAULT)
    return room.since(chat, said)


async def test_an_owner_is_told_of_a_fault_in_their_own_language(linked, caplog):
    [said] = await fault_at_the_door(
        linked, by=replace(linked.owner, language_code="ru"), text="/help"
    )

    error_id = logged(caplog)[0]
    assert said["text"] == f"⚠️ {plain(RUSSIAN.unanswered.format(id=error_id))}"


async def test_a_fault_is_told_to_no_stranger_and_not_to_talk(linked):
    group = linked.telegram.group("Team", linked.owner)
    await linked.settle()
    stranger = linked.telegram.person("Eve")

    assert await fault_at_the_door(linked, by=stranger, to=group, text="/help") == []
    assert await fault_at_the_door(linked, to=group, text="good morning") == []
    assert len(await fault_at_the_door(linked, to=group, text="/help")) == 1


async def test_a_fault_of_a_press_is_told_to_the_owner_who_pressed(linked, caplog):
    [overview] = await linked.say("/settings")
    query_id = linked.telegram.press(linked.owner, linked.home, overview["message_id"], "English")
    [raw] = linked.telegram.updates.batch(1)
    linked.telegram.updates.remove([raw["update_id"]])
    await linked.bot.process_error(Update.de_json(raw, linked.bot.bot), FAULT)

    answer = linked.telegram.answered(query_id)
    expected = f"⚠️ {plain(ENGLISH.unanswered.format(id=logged(caplog)[0]))}"
    assert (answer["text"], answer["show_alert"]) == (expected, True)


async def test_a_fault_of_somebody_elses_press_keeps_no_spinner_turning(linked):
    person = linked.telegram.person("Ann")
    group = linked.telegram.group("Team", linked.owner, person)
    linked.telegram.updates.drop()
    [overview] = await linked.say("/settings", to=group)
    query_id = linked.telegram.press(person, group, overview["message_id"], "English")
    [raw] = linked.telegram.updates.batch(1)
    linked.telegram.updates.remove([raw["update_id"]])
    await linked.bot.process_error(Update.de_json(raw, linked.bot.bot), FAULT)

    assert linked.telegram.answered(query_id).get("text", "") == ""


# Too long


async def test_an_answer_that_is_too_long_becomes_a_file(linked):
    for stream_id in range(11, 51):
        linked.keitaro.streams[stream_id] |= {"campaign_id": 1, "name": "n" * 150}
    text, file = await linked.say("/streams 1")
    content = linked.telegram.document(file).decode()

    assert text["text"] == STREAMS.strip()
    assert file["document"]["file_name"] == "answer.txt"
    assert content.startswith(f"{STREAMS}🟢 11 {'n' * 20}")
    assert content.count("\n") == 40
    assert "<" not in content


async def test_a_long_list_of_long_names_becomes_a_file(linked):
    words = "w" * 4000
    for stream_id in range(11, 51):
        linked.keitaro.streams[stream_id]["name"] = words
    text, file = await linked.say(f"/streams find {words}")

    assert text["text"] == f"✅ Streams with “{'w' * 300}…”"
    assert linked.telegram.document(file).decode().startswith("✅ Streams with “www")


def test_a_page_that_fits_is_left_alone():
    whole = Page("✅ " + "👍" * 2047)

    assert fitting(whole) is whole
    assert fitting(Page("✅ " + "👍" * 2048)).html == "✅ …"


def test_a_page_keeps_its_own_file_and_what_is_too_long_goes_into_another():
    file = File("streams.json", b"[]")
    whole = "✅ first\n" + "x" * 5000

    assert fitting(Page(whole, file=file)) == Page(
        "✅ first", file=file, overflow=File("answer.txt", whole.encode())
    )


async def test_a_long_answer_comes_with_its_text_and_with_its_own_file(linked):
    """Nothing is lost: neither the words that do not fit nor the file that goes with them."""
    linked.keitaro.streams[12]["filters"] = [
        {"id": number, "name": "keyword", "mode": "accept", "payload": ["w" * 300]}
        for number in range(12)
    ]
    linked.keitaro.streams[12]["comments"] = "c" * 300
    linked.keitaro.streams[12]["offers"] = [
        {"offer_id": f"{number:0150}", "share": 1, "state": "active"} for number in range(12)
    ]
    text, *files = await linked.say("/stream 12")

    assert [file["document"]["file_name"] for file in files] == ["answer.txt", "stream-12.json"]
    assert linked.telegram.document(files[0]).decode().startswith(f"{text['text']}\n")
    assert linked.telegram.document(files[1]).decode().count("w" * 300) == 12


# Slow


async def test_only_what_takes_longer_than_two_seconds_says_so(running):
    """A read, a read whose ⏳ is still on its way when the answer is there, a change."""
    people = [running.telegram.person(name) for name in ("Ann", "Ben", "Cem")]
    chats = [running.telegram.private(person) for person in people]
    for person, chat in zip(people, chats, strict=True):
        await running.link(to=chat)
        await running.never_ask(chat)
        await running.grant(person, chat, "operator")
    answered = asyncio.Event()
    running.keitaro.fail(3, path="streams", until=answered)
    said = [
        running.telegram.say(person, chat, text)
        for person, chat, text in zip(
            people, chats, ("/stream 12", "/stream 13", "/stream 14 off"), strict=True
        )
    ]
    await take(running)
    quick = running.telegram.say(running.owner, running.home, "/help")
    await take(running)
    await running.telegram.answer_to(quick)
    held = running.telegram.hold("sendMessage", times=2, after_effect=True)
    await running.telegram.settled(lambda telegram: len(telegram.sent) == 4)
    hourglasses = [running.since(chat, command) for chat, command in zip(chats, said, strict=True)]
    answered.set()
    held.set()
    answers = [await running.telegram.answer_to(command) for command in said]

    assert [[one["text"] for one in shown] for shown in hourglasses] == [["⏳ Working on it …"]] * 3
    assert [answer["message_id"] for answer in answers] == [
        shown[0]["message_id"] for shown in hourglasses
    ]
    assert [answer["text"][0] for answer in answers] == ["✅"] * 3
    assert [len(running.since(chat, one)) for chat, one in zip(chats, said, strict=True)] == [1] * 3
    assert len(running.since(running.home, quick)) == 1


# In order


@pytest.fixture
async def team(linked) -> tuple[Chat, Person, Person]:
    """A linked group and two who read there."""
    ann, ben = linked.telegram.person("Ann"), linked.telegram.person("Ben")
    group = linked.telegram.group("Team", linked.owner, ann, ben)
    await linked.link(to=group)
    await linked.never_ask(group)
    for person in (ann, ben):
        await linked.grant(person, group, "operator")
    return group, ann, ben


async def test_one_person_s_commands_run_one_after_the_other(running, team):
    group, ann, ben = team
    gate = asyncio.Event()
    running.keitaro.fail(path="streams/12/disable", until=gate)
    first = running.telegram.say(ann, group, "/stream 12 off")
    second = running.telegram.say(ann, group, "/stream 12 on")
    elsewhere = running.telegram.say(ann, running.telegram.private(ann), "/help")
    other = running.telegram.say(ben, group, "/streams 1")
    await take(running)
    aside = await running.telegram.answer_to(other)
    await running.telegram.answer_to(elsewhere)
    async with asyncio.timeout(3.0):
        # What comes to the tracker is no news to Telegram.
        while "streams/12/disable" not in [one.path for one in running.keitaro.requests]:
            await asyncio.sleep(0.005)
    changes = [one.path for one in running.keitaro.requests if one.path.startswith("streams/12/")]
    gate.set()
    answers = [await one_reply(running, group, message) for message in (first, second)]

    assert aside["text"].startswith(STREAMS)
    assert changes == ["streams/12/disable"]
    assert answers[0].startswith(OFF)
    assert answers[1].startswith("✅ Stream 12 is on\n")
    assert [change.path for change in running.keitaro.mutations] == [
        "streams/12/disable",
        "streams/12/enable",
    ]


async def one_reply(room, chat: Chat, message: dict[str, Any]) -> str:
    """Wait for the finished answer that replies to *message* in a group."""

    def replies(telegram) -> list[str]:
        return [
            found["text"]
            for found in telegram.messages(chat)
            if found.get("reply_to_message", {}).get("message_id") == message["message_id"]
            and not found["text"].startswith("⏳")
        ]

    await room.telegram.settled(lambda telegram: bool(replies(telegram)))
    [text] = replies(room.telegram)
    return text


async def test_a_command_that_breaks_does_not_hold_up_the_next(running, team, caplog):
    group, ann, _ = team
    running.telegram.fail("sendMessage", status=400, description="Bad Request: no rights")
    lost = running.telegram.say(ann, group, "/streams 1")
    answered = running.telegram.say(ann, group, "/streams 1")
    await take(running)

    assert (await one_reply(running, group, answered)).startswith(STREAMS)
    assert len(running.since(group, lost)) == 1
    assert "No rights" in caplog.text


async def test_what_is_no_update_disturbs_nobody(running):
    await running.bot.update_queue.put("no update")
    running.telegram.push({})
    command = running.telegram.say(running.owner, running.home, "/help")
    await take(running)

    assert (await running.telegram.answer_to(command))["text"].startswith(HELP)


async def test_nothing_is_kept_of_people_who_are_done(running):
    command = running.telegram.say(running.owner, running.home, "/help")
    await take(running)
    await running.telegram.answer_to(command)
    await running.bot.update_queue.join()
    await running.bot.stop()
    lines = dict(running.bot.update_processor._lines)
    await running.bot.start()

    assert lines == {}


async def test_two_trackers_never_meet(running, other_keitaro):
    """Two hundred commands at once in two chats, of ten people each."""
    keitaros = (running.keitaro, other_keitaro)
    names = ("Alpha", "Beta")
    groups = [running.telegram.group(name, running.owner) for name in names]
    await running.link(to=groups[0])
    await running.link(to=groups[1], tracker="https://other.example", key=other_keitaro.key)
    for keitaro, name in zip(keitaros, names, strict=True):
        for row in (*keitaro.streams.values(), *keitaro.campaigns.values()):
            row["name"] = f"{name} {row['id']}"
    people = [running.telegram.person(f"Person {number}") for number in range(10)]
    for chat in groups:
        await running.never_ask(chat)
        for person in people:
            await running.grant(person, chat, "operator")
    texts = ("/stream 12", "/streams 1", "/stream 13 off", "/help", "/streams find a")
    for number in range(100):
        for chat in groups:
            running.telegram.say(people[number % 10], chat, texts[number % 7 % 5])
    await take(running)
    await running.bot.update_queue.join()
    await running.bot.stop()
    await running.delivered()
    await running.bot.start()

    for keitaro in keitaros:
        assert {request.headers["api-key"] for request in keitaro.requests} == {keitaro.key}
    hosts = [{request.headers["host"] for request in keitaro.requests} for keitaro in keitaros]
    assert hosts == [{"tracker.example"}, {"other.example"}]
    for chat, other, host in zip(groups, reversed(names), reversed(hosts), strict=True):
        said = [
            message["text"]
            for message in running.telegram.sent
            if message["chat"] == chat.as_chat()
        ]
        assert len(said) == 100
        assert {text[0] for text in said} == {"✅"}
        assert not any(other in text or host.copy().pop() in text for text in said)


def test_a_context_without_a_turn_or_a_command_says_so(room):
    """Handlers run behind the gate; a new one that does not is noticed at once."""
    context = Context(room.bot)

    assert context.services is room.bot.bot_data[SERVICES]
    with pytest.raises(LookupError, match="the gate has not let this update in"):
        _ = context.turn


async def test_an_answer_given_is_not_announced_any_more(room):
    """Nor is there a command in a press of a button."""
    contexts: list[Context] = []

    async def look(_update: Update, context: Context) -> None:
        contexts.append(context)

    room.bot.add_handler(TypeHandler(Update, look), group=1)
    [overview] = await room.say("/settings")
    await room.press(overview, "English")
    await contexts[0].answer.announce()

    assert methods(room) == ["sendMessage", "editMessageText"]
    with pytest.raises(LookupError, match="this update is not a command"):
        _ = contexts[1].call
