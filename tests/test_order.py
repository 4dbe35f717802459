"""In which order updates are handled, and who has to wait for whom."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from telegram import Update

from bot.settings import Settings
from storage import Change, OwedAnswer

SETTLE_SECONDS = 3.0
STREAM = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "redirect",
    "name": "Main",
    "action_type": "http",
    "action_payload": "https://offer.example/",
}


@pytest.fixture
def settings(settings) -> Settings:
    return settings.model_copy(update={"settle_seconds": SETTLE_SECONDS})


def store_of(room):
    return room.bot.bot_data["services"].store


def handed_over(room) -> list[Update]:
    """Return what Telegram has for the bot."""
    batch = room.telegram.updates.batch(100)
    room.telegram.updates.remove([raw["update_id"] for raw in batch])
    return [Update.de_json(raw, room.bot.bot) for raw in batch]


@asynccontextmanager
async def at_work(room):
    """Have the bot handle what is in its queue, and say what it owes."""
    await room.bot.start()
    try:
        yield room.bot.update_queue
        await room.bot.update_queue.join()
    finally:
        await room.bot.stop()
        await room.delivered()


async def test_a_change_that_is_looked_at_for_long_lets_the_next_command_pass(linked):
    linked.keitaro.fail(method="POST", path="streams", status=502, body="<html>")
    change = linked.telegram.say(linked.owner, linked.home, f"/stream {json.dumps(STREAM)}")
    linked.telegram.say(linked.owner, linked.home, "/streams 1")
    async with at_work(linked) as queue:
        for update in handed_over(linked):
            await queue.put(update)
        await linked.telegram.settled(
            lambda _: any("Streams of" in one["text"] for one in linked.since(linked.home, change))
        )
        meanwhile = [one["text"] for one in linked.since(linked.home, change)]

    assert meanwhile[0].startswith("⏳")
    assert meanwhile[1].startswith("✅ Streams of campaign 1")
    ended = linked.since(linked.home, change)
    assert ended[0]["text"].startswith("❌ The stream was not created\n")
    assert len(ended) == 2


async def left_over(room, *texts: str, tries: int) -> None:
    """Let *texts*, each of another person, be what a process left that had begun them *tries* times."""
    for number, text in enumerate(texts):
        person = room.telegram.person(f"Person {number}")
        chat = room.telegram.private(person)
        await room.link(to=chat)
        await room.grant(person, chat, "operator")
        room.telegram.say(person, chat, text)
    for update in handed_over(room):
        await store_of(room).inbox.put(update.update_id, update.to_json())
        for _ in range(tries):
            await store_of(room).inbox.begin_again(update.update_id)


@pytest.mark.parametrize(("tries", "side_by_side"), [(0, 3), (1, 1)])
async def test_what_may_have_ended_the_process_runs_alone(linked, tries, side_by_side):
    """So that none is counted as tried because of another one."""
    gate = asyncio.Event()
    linked.keitaro.fail(3, path="streams/12", until=gate)
    await left_over(linked, "/stream 12", "/stream 12", "/stream 12", tries=tries)
    async with at_work(linked) as queue:
        await queue.adopt(linked.bot.bot)
        async with asyncio.timeout(10):
            while len(linked.keitaro.requests) < side_by_side:
                await asyncio.sleep(0.01)
            # Whoever else could begin has begun by then.
            for _ in range(50):
                await asyncio.sleep(0.001)
        begun = len(linked.keitaro.requests)
        gate.set()

    assert begun == side_by_side
    assert [message["text"][0] for message in linked.telegram.sent] == ["✅"] * 3


async def test_what_came_too_late_is_told_in_one_list(linked):
    group = linked.telegram.group("Team", linked.owner)
    ann = linked.telegram.person("Ann")
    await linked.link(to=group)
    await linked.grant(ann, group, "operator")
    await linked.settle()
    long = f"/stream 12 {json.dumps({'comments': 'c' * 200})}"
    told = {"date": linked.clock.at - 900}
    first = linked.telegram.say(linked.owner, group, "/stream 12 off", **told)
    linked.telegram.say(ann, group, long, **told)
    linked.telegram.say(linked.owner, group, "/link https://other.example fake-key-9999", **told)
    await linked.settle()

    [answer] = linked.since(group, first)[-1:]
    assert answer["text"].split("\n")[:3] == [
        "❌ Not run, because I was away when it came. Send again what you still want:",
        "• 15 min ago, Olga: /stream 12 off",
        f"• 15 min ago, Ann: /stream {long[8:68]}…",
    ]
    assert "fake-key-9999" not in answer["text"]
    assert linked.keitaro.requests == []
    assert await store_of(linked).inbox.owed() == []


async def test_a_very_long_list_is_cut(linked):
    first = linked.telegram.say(linked.owner, linked.home, "/help", date=linked.clock.at - 7200)
    for _ in range(44):
        linked.telegram.say(linked.owner, linked.home, "/help", date=linked.clock.at - 7200)
    await linked.settle()

    [answer] = linked.since(linked.home, first)
    assert answer["text"].endswith("\n… +5")


async def test_the_list_is_told_by_itself_soon(linked):
    linked.telegram.say(linked.owner, linked.home, "/help", date=linked.clock.at - 7200)
    [update] = handed_over(linked)
    await linked.bot.update_queue.put(update)
    owed_before = await store_of(linked).inbox.owed()
    await linked.bot.start()
    await linked.telegram.settled(lambda telegram: bool(telegram.sent))
    await linked.bot.stop()

    assert len(owed_before) == 1
    assert await store_of(linked).inbox.owed() == []


async def test_a_command_from_before_a_chat_was_lost_is_not_carried_out(linked):
    """Nobody could hear what came of it; what is said afterwards counts again."""
    linked.telegram.say(linked.owner, linked.home, "/stream 12 off")
    [update] = handed_over(linked)
    await linked.bot.update_queue.put(update)
    linked.clock.at += 5
    await store_of(linked).chats.set_unreachable(linked.home.id, linked.clock.at)
    async with at_work(linked):
        pass
    silent = list(linked.telegram.sent)
    linked.clock.at += 5
    answer = await linked.ask("/stream 12")

    assert silent == []
    assert linked.keitaro.mutations == []
    assert answer.startswith("✅")
    assert (await store_of(linked).chats.get(linked.home.id)).unreachable_at is None


async def test_a_change_waits_for_another_one_of_the_same_stream_that_is_in_doubt(unasked):
    """The first may still come about; questions pass."""
    unasked.keitaro.fail(method="POST", path="streams/12/disable", status=502, body="<html>")
    first = unasked.telegram.say(unasked.owner, unasked.home, "/stream 12 off")
    for text in ("/stream 12 on", "/streams 1"):
        unasked.telegram.say(unasked.owner, unasked.home, text)
    async with at_work(unasked) as queue:
        for update in handed_over(unasked):
            await queue.put(update)
        await unasked.telegram.settled(
            lambda _: any("Streams of" in one["text"] for one in unasked.since(unasked.home, first))
        )
        asked = [one.path for one in unasked.keitaro.requests if one.method == "POST"]

    assert asked == ["streams/12/disable"]
    texts = [one["text"] for one in unasked.since(unasked.home, first)]
    assert [text.split("\n")[0] for text in texts] == [
        "❌ Stream 12 was not changed",
        "✅ Stream 12 is on",
        "✅ Streams of campaign 1 Garden DE",
    ]


async def test_what_came_too_late_takes_the_place_of_its_hourglass(linked):
    """A process that has ended had said ⏳."""
    command = linked.telegram.say(
        linked.owner, linked.home, "/stream 12", date=linked.clock.at - 7200
    )
    [update] = handed_over(linked)
    waiting = await linked.bot.bot.send_message(linked.home.id, "⏳ Working on it …")
    store = store_of(linked)
    await store.inbox.put(update.update_id, update.to_json())
    owed = OwedAnswer(f"u{update.update_id}", linked.home.id, linked.owner.id, "")
    await store.outbox.note_progress(owed, waiting.message_id)
    async with at_work(linked) as queue:
        await queue.adopt(linked.bot.bot)

    [answer] = linked.since(linked.home, command)
    assert answer["message_id"] == waiting.message_id
    assert answer["text"].startswith("❌ Not run, because I was away when it came.")


async def test_a_change_that_was_sent_is_told_although_its_chat_is_shut(linked):
    """It goes to the private chat of who asked, who must have written there before."""
    await linked.ask("/help")
    group = linked.telegram.group("Team", linked.owner)
    await linked.link(to=group)
    await linked.never_ask(group)
    await linked.settle()
    linked.telegram.say(linked.owner, group, "/stream 12 off")
    [update] = handed_over(linked)
    store = store_of(linked)
    await store.inbox.put(update.update_id, update.to_json())
    change = Change(
        f"u{update.update_id}",
        group.id,
        linked.owner.id,
        "https://tracker.example",
        "stream.disable",
        {"body": None, "id": 12},
        linked.keitaro.streams[12],
    )
    await store.journal.begin(change)
    linked.keitaro.streams[12]["state"] = "disabled"
    linked.clock.at += 5
    await store.chats.set_unreachable(group.id, linked.clock.at)
    linked.telegram.fail(
        "sendMessage",
        times=2,
        status=403,
        description="Forbidden: bot was kicked from the group chat",
    )
    async with at_work(linked) as queue:
        await queue.adopt(linked.bot.bot)

    told = [one for one in linked.telegram.messages(linked.home) if one["from"]["is_bot"]]
    assert told[-1]["text"].startswith("✅ Stream 12 is off\n")
    assert linked.keitaro.mutations == []


async def test_a_clock_that_was_set_back_shuts_no_chat(linked):
    await store_of(linked).chats.set_unreachable(linked.home.id, linked.clock.at + 3600)

    assert (await linked.ask("/stream 12")).startswith("✅")
