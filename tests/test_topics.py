"""Answers stay where the question was asked, also when a group gets another id."""

import asyncio

import pytest

from handlers import SERVICES
from handlers.texts import ENGLISH
from sandbox.telegram import Chat

REPORT = '{"range": {"interval": "today"}, "measures": ["clicks"]}'
LINKED = "✅ What you can do here\nLinked to https://tracker.example\n"


@pytest.fixture
async def forum(room) -> Chat:
    """A linked group with topics."""
    chat = room.telegram.group("Forum", room.owner, forum=True)
    await room.link(to=chat)
    return chat


@pytest.fixture
async def group(room) -> Chat:
    """A linked group, in which changes run at once."""
    chat = room.telegram.group("Team", room.owner)
    await room.link(to=chat)
    await room.never_ask(chat)
    return chat


async def test_answers_stay_in_their_topic(room, forum):
    first, second = forum.topic("Figures"), forum.topic("Streams")

    for thread in (second, first):
        [answer] = await room.say("/streams 1", to=forum, thread=thread)
        assert answer["is_topic_message"] is True
        assert answer["message_thread_id"] == thread
        assert answer["reply_to_message"]["text"] == "/streams 1"


async def test_answers_in_the_general_topic_stay_there(room, forum):
    forum.topic("Figures")

    [answer] = await room.say("/streams 1", to=forum)
    assert "message_thread_id" not in answer


async def test_a_file_stays_in_its_topic(room, forum):
    thread = forum.topic("Figures")
    room.keitaro.streams[12]["comments"] = "long " * 2000
    answers = await room.say("/stream 12", to=forum, thread=thread)

    assert [answer["message_thread_id"] for answer in answers] == [thread, thread]
    assert answers[1]["document"]["file_name"] == "stream-12.json"


async def test_pressing_a_button_stays_in_its_topic(room, forum):
    thread = forum.topic("Figures")
    [overview] = await room.say("/settings", to=forum, thread=thread)
    await room.press(overview, "Europe/Kyiv")

    assert forum.messages[overview["message_id"]]["message_thread_id"] == thread
    assert room.since(forum, overview) == []


@pytest.mark.parametrize("name", ["Figures", REPORT], ids=["a name", "a name like a payload"])
async def test_the_beginning_of_a_topic_is_no_payload(room, forum, name):
    """Every message in a topic that replies to nothing replies to the beginning of the topic."""
    thread = forum.topic(name)

    assert await room.ask("/stream create", to=forum, thread=thread) == (
        "❌ /stream needs JSON: after the command, in a file with the command as its caption, "
        "or in the message you reply to. See /help stream"
    )
    assert room.keitaro.requests == []


async def test_a_reply_in_a_topic_brings_its_payload(room, forum):
    thread = forum.topic("Figures")
    payload = room.telegram.say(room.owner, forum, REPORT, thread=thread)
    answer = await room.ask("/stats", to=forum, reply_to=payload["message_id"])

    assert answer.startswith("✅ tracker.example\n")
    assert room.keitaro.requests[0].body == {"range": {"interval": "today"}, "measures": ["clicks"]}


async def test_a_chain_of_replies_is_no_topic(room):
    """In a supergroup without topics Telegram gives replies a thread, too."""
    chat = room.telegram.group("Team", room.owner, supergroup=True)
    first = room.telegram.say(room.owner, chat, "look")
    [answer] = await room.say("/help", to=chat, reply_to=first["message_id"])

    assert answer["text"].startswith("✅ What you can do here")


@pytest.mark.parametrize("is_closed", [False, True], ids=["deleted", "closed"])
async def test_a_topic_that_is_gone_is_answered_in_the_general_one(room, forum, is_closed):
    thread = forum.topic("Figures")
    command = room.telegram.say(room.owner, forum, "/streams 1", thread=thread)
    if is_closed:
        room.telegram.close_topic(forum, thread)
    else:
        room.telegram.delete_topic(forum, thread)
    await room.settle()

    sends = [call for call in room.telegram.calls if call.method == "sendMessage"]
    assert [call.parameters.get("message_thread_id") for call in sends] == [thread, None]
    assert sends[0].error is not None
    [answer] = room.since(forum, command)
    assert answer["text"].startswith("✅ Streams of campaign 1")


# A group becomes a supergroup


@pytest.mark.parametrize(
    "announce",
    [
        ("to", "from"),
        ("from", "to"),
        ("to",),
        ("from",),
        ("to", "from", "to", "from"),
        ("from", "from", "to"),
    ],
    ids=" ".join,
)
async def test_everything_moves_with_the_group(room, group, announce):
    person = room.telegram.person("Ann")
    await room.grant(person, group, "viewer")
    await room.ask("/settings timezone Europe/Kyiv", to=group)
    supergroup = room.telegram.migrate(group, announce=announce)
    await room.settle()

    assert (await room.ask("/help", by=person, to=supergroup)).startswith(LINKED)
    chats = room.bot.bot_data[SERVICES].store.chats
    assert (await chats.get(supergroup.id)).time_zone == "Europe/Kyiv"
    assert await chats.linked(group.id) is None
    assert [message for message in room.telegram.sent if message["text"].startswith("❌")] == []


async def test_two_groups_that_become_one_and_have_one_tracker_need_no_choice(room, group):
    supergroup = room.telegram.migrate(group, announce=())
    await room.link(to=supergroup)
    room.telegram.push({"message": room.telegram.messages(group)[-1]})
    await room.settle()

    assert not any("text" in message for message in room.telegram.messages(supergroup))


async def test_a_supergroup_with_a_link_of_its_own_keeps_it(room, group, other_keitaro):
    supergroup = room.telegram.migrate(group, announce=())
    await room.link(to=supergroup, tracker="https://other.example", key=other_keitaro.key)
    room.telegram.push({"message": room.telegram.messages(group)[-1]})
    await room.settle()
    chats = room.bot.bot_data[SERVICES].store.chats

    [told] = room.since(supergroup, {"message_id": 0})[-1:]
    assert told["text"].replace("\u2060", "") == "⚠️ " + ENGLISH.linked_both.format(
        old="https://tracker.example", new="https://other.example"
    )
    assert "Linked to https://other.example" in await room.ask("/help", to=supergroup)
    assert (await chats.linked(group.id)).address == "https://tracker.example"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/help", LINKED),
        ("/streams 1", "✅ Streams of campaign 1 Garden DE\n"),
        ("/stream 12 off", "✅ Stream 12 is off\n"),
    ],
)
async def test_an_answer_follows_the_group_that_the_bot_was_not_told_of(room, group, text, answer):
    room.telegram.say(room.owner, group, text)
    supergroup = room.telegram.migrate(group, announce=())
    await room.settle()

    [found] = [message for message in room.telegram.sent if message["chat"]["id"] == supergroup.id]
    assert found["text"].startswith(answer)
    assert (await room.ask("/help", to=supergroup)).startswith(LINKED)


async def test_the_answer_to_a_change_never_replaces_another_message_of_the_new_group(room, group):
    """The messages of a supergroup are counted anew, so the number of the ⏳ means another."""
    await room.say("/help", to=group)
    looked = asyncio.Event()
    room.keitaro.fail(path="streams/12/disable", until=looked)
    room.telegram.say(room.owner, group, "/stream 12 off")
    work = asyncio.create_task(room.settle())
    await room.telegram.settled(lambda telegram: telegram.sent[-1]["text"].startswith("⏳"))
    waiting = room.telegram.sent[-1]
    supergroup = room.telegram.migrate(group, announce=())
    supergroup.last_message_id = waiting["message_id"] - 2
    other = await room.say("/help", to=supergroup)
    looked.set()
    await work

    assert other[0]["message_id"] == waiting["message_id"]
    assert supergroup.messages[waiting["message_id"]] == other[0]
    assert room.telegram.sent[-1]["chat"]["id"] == supergroup.id
    assert room.telegram.sent[-1]["text"].startswith("✅ Stream 12 is off\n")
