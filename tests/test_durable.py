"""Nothing lost, nothing doubled: what a process leaves behind, and what the next one makes of it.

The real bot over real sockets, ended without warning at chosen moments; at random moments, and under
load, it is in `test_torture.py`.
"""

import asyncio
import contextlib
import json
import sqlite3
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from tests.world import World, world_in

Message = dict[str, Any]


@dataclass
class Killed(World):
    """A world in which the bot is killed and started again."""

    async def kill_and_start(self) -> None:
        await self.bot.kill()
        await self.bot.start()

    async def at_the_tracker(self, count: int, path: str) -> None:
        """Wait until *count* requests for *path* have arrived there."""
        while len(self.requests(path)) < count:
            await asyncio.sleep(0.005)

    async def held(self) -> None:
        """Wait until Telegram has the call that it was told to hold."""
        while self.telegram.faults.queue:
            await asyncio.sleep(0.005)

    def requests(self, path: str) -> list[Any]:
        return [request for request in self.keitaro.requests if request.path == path]

    def creations(self) -> int:
        return len([one for one in self.requests("streams") if one.method == "POST"])

    def fates(self) -> Counter[str]:
        """Count the updates in the database by what became of them."""
        rows = self.read("SELECT coalesce(fate, 'owed') FROM inbox")
        return Counter(fate for (fate,) in rows)


@pytest.fixture
async def world(tmp_path):
    async with world_in(tmp_path, Killed, BOT_SETTLE_SECONDS="1") as world:
        await world.bot.start()
        await world.link()
        yield world
        await world.bot.stop()


def creation(name: str) -> str:
    payload = {
        "campaign_id": 1,
        "type": "regular",
        "schema": "redirect",
        "name": name,
        "action_type": "http",
        "action_payload": "https://offer.example/",
    }
    return f"/stream {json.dumps(payload)}"


GIVEN_UP = "❌ I was stopped every time I worked on this, so I have given it up."
RESTARTED = "No clear answer came (I was restarted while the tracker was at work), so I looked"


async def test_killed_before_the_tracker_has_done_it(world):
    """It is looked at until the tracker cannot be at work on it any more."""
    gate = asyncio.Event()
    world.keitaro.fail(method="POST", path="streams", until=gate, cut=True)
    said = world.say(creation("Unlucky"))
    await world.at_the_tracker(1, "streams")
    await world.kill_and_start()

    answer = await world.answer_to(said)
    gate.set()
    assert answer.startswith(
        f"❌ The stream was not created\n{RESTARTED} until 1 s had passed. It is not there.\n"
    )
    assert (world.creations(), len(world.keitaro.mutations)) == (1, 0)


async def test_killed_after_the_tracker_has_done_it_and_before_it_says_so(world):
    gate = asyncio.Event()
    world.keitaro.fail(method="POST", path="streams", until=gate, after_effect=True)
    said = world.say(creation("Lucky"))
    await world.at_the_tracker(1, "streams")
    await world.kill_and_start()

    answer = await world.answer_to(said)
    gate.set()
    assert answer.startswith(f"✅ Stream 1001 is created\n{RESTARTED}: it is done.\n")
    assert (world.creations(), len(world.keitaro.mutations)) == (1, 1)


async def test_killed_and_done_while_the_next_process_looks(world):
    """What the tracker does late is not missed, and not called undone before."""
    world.settings["BOT_SETTLE_SECONDS"] = "30"
    gate = asyncio.Event()
    world.keitaro.fail(method="POST", path="streams", until=gate)
    said = world.say(creation("Late"))
    await world.at_the_tracker(1, "streams")
    await world.kill_and_start()
    await world.at_the_tracker(2, "campaigns/1/streams")
    gate.set()

    answer = await world.answer_to(said)
    assert answer.startswith(f"✅ Stream 1001 is created\n{RESTARTED}: it is done.\n")
    assert (world.creations(), len(world.keitaro.mutations)) == (1, 1)


async def test_killed_again_while_it_is_looked_at(world):
    """Each process goes on with what the first one had seen before the change."""
    world.settings["BOT_SETTLE_SECONDS"] = "4"
    gate = asyncio.Event()
    world.keitaro.fail(method="POST", path="streams", until=gate, cut=True)
    said = world.say(creation("Twice unlucky"))
    await world.at_the_tracker(1, "streams")
    await world.kill_and_start()
    await world.at_the_tracker(2, "campaigns/1/streams")
    await world.kill_and_start()

    answer = await world.answer_to(said)
    gate.set()
    assert answer.startswith("❌ The stream was not created\n")
    assert world.creations() == 1


async def test_a_button_from_before_a_kill_still_looks(world):
    world.keitaro.fail(method="GET", path="campaigns/1/streams")
    world.keitaro.fail(99, method="GET", path="campaigns/1/streams", status=502)
    world.keitaro.fail(method="POST", path="streams", status=502, after_effect=True)
    message = await world.telegram.answer_to(world.say(creation("Hidden")))
    await world.kill_and_start()
    world.keitaro.script.clear()
    world.telegram.press(world.owner, world.home, message["message_id"], "Check again")
    shown = world.home.messages
    await world.telegram.settled(lambda _: not shown[message["message_id"]]["text"].startswith("⚠️"))

    assert message["text"].startswith("⚠️ 502 Bad Gateway: the tracker failed\n")
    assert shown[message["message_id"]]["text"].startswith(
        "✅ Stream 1001 is created\nI have looked again: it is done.\n"
    )
    assert (world.creations(), len(world.keitaro.mutations)) == (1, 1)


async def test_killed_while_a_switch_is_at_the_tracker(world):
    """What can be looked at is not left in doubt."""
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/12/disable", until=gate, after_effect=True)
    said = world.say("/stream 12 off")
    await world.at_the_tracker(1, "streams/12/disable")
    await world.kill_and_start()

    answer = await world.answer_to(said)
    gate.set()
    assert answer.startswith(
        "✅ Stream 12 is off\nNo clear answer came (I was restarted while the tracker was at "
        "work), so I looked: it is done.\n"
    )
    assert len(world.requests("streams/12/disable")) == 1


async def test_killed_after_the_answer_of_the_tracker(world):
    gate = world.telegram.hold("editMessageText")
    said = world.say(creation("Answered"))
    await world.held()
    await world.kill_and_start()

    answer = await world.answer_to(said)
    gate.set()
    assert answer.startswith("✅ Stream 1001 is created\n")
    assert world.creations() == 1


async def test_killed_after_a_refusal_of_the_tracker(world):
    """The words are those that were said the first time, and nothing is asked again."""
    world.keitaro.fail(method="POST", path="streams", status=422, body={"name": ["is taken"]})
    gate = world.telegram.hold("editMessageText", after_effect=True)
    said = world.say(creation("Refused"))
    first = await world.answer_to(said)
    await world.kill_and_start()
    await world.all_done()
    gate.set()

    assert first.startswith("❌ 422 Unprocessable")
    assert world.answers(said) == [first]
    assert world.creations() == 1


async def test_killed_between_the_answer_and_the_note_of_it(world):
    """An edit that is made again changes nothing."""
    gate = world.telegram.hold("editMessageText", after_effect=True)
    said = world.say(creation("Twice told"))
    first = await world.answer_to(said)
    await world.kill_and_start()
    await world.all_done()
    gate.set()

    assert world.answers(said) == [first]
    assert world.creations() == 1


async def test_killed_while_a_read_is_at_the_tracker(world):
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/12", until=gate)
    said = world.say("/stream 12")
    await world.at_the_tracker(1, "streams/12")
    await world.kill_and_start()

    answer = await world.answer_to(said)
    gate.set()
    await world.all_done()
    assert answer.startswith("✅ DE main · stream 12\n")
    assert world.answers(said) == [answer]


async def test_killed_with_commands_in_the_queue(world):
    """All are answered once, in their order, and the new process is soon there."""
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/11", until=gate)
    said = [world.say(f"/stream {number}") for number in range(11, 31)]
    await world.at_the_tracker(1, "streams/11")
    await world.telegram.settled(lambda telegram: not len(telegram.updates))
    await world.bot.kill()
    began = time.monotonic()
    await world.bot.start()
    ready_seconds = time.monotonic() - began
    await world.all_done()
    gate.set()

    found = world.answers(said[-1])
    assert [text.split("stream ")[1].split("\n")[0] for text in found] == [
        str(number) for number in range(11, 31)
    ]
    assert ready_seconds < 15


async def test_an_update_that_comes_twice_is_handled_once(world):
    said = world.say(creation("Single"))
    await world.answer_to(said)
    update = world.telegram.updates.all[-1]
    body = {name: value for name, value in update.items() if name != "update_id"}
    await world.bot.kill()
    for _ in range(2):
        world.telegram.push(body, update_id=update["update_id"])
    after = world.say("/help")
    await world.bot.start()
    await world.answer_to(after)

    assert len(world.answers(said)) == 2
    assert (world.creations(), len(world.keitaro.mutations)) == (1, 1)


async def test_an_update_that_cannot_be_read_holds_up_nobody(world):
    world.telegram.push({"message": {"chat": "nonsense"}})
    said = world.say("/help")

    assert (await world.answer_to(said)).startswith("✅")
    await world.all_done()
    assert world.fates() == {"done": 2, "unreadable": 1}
    assert "cannot be read, and was set aside" in world.bot.output
    assert "nonsense" not in world.bot.output


async def test_what_ends_the_process_every_time_is_given_up(world):
    gate = asyncio.Event()
    world.keitaro.fail(9, path="streams/12", until=gate)
    said = world.say("/stream 12")
    for count in range(1, 5):
        await world.at_the_tracker(count, "streams/12")
        await world.kill_and_start()
    answer = await world.answer_to(said)
    gate.set()
    await world.all_done()

    assert answer == GIVEN_UP
    assert len(world.requests("streams/12")) == 4
    assert world.fates() == {"done": 1, "given_up": 1}


async def test_sigterm_leaves_what_was_not_begun_to_the_next_process(world):
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/11", until=gate)
    said = [world.say(f"/stream {number}") for number in range(11, 21)]
    await world.at_the_tracker(1, "streams/11")
    await world.telegram.settled(lambda telegram: not len(telegram.updates))
    stopping = asyncio.create_task(world.bot.stop())
    await world.telegram.settled(lambda telegram: not telegram.is_polled)
    gate.set()
    status = await stopping
    at_the_end = len(world.answers(said[-1]))
    await world.bot.start()
    await world.all_done()

    assert (status, at_the_end) == (0, 1)
    assert len(world.answers(said[-1])) == 10


async def test_sigterm_does_not_wait_for_ever(world):
    """Neither for a tracker nor for Telegram; the change is looked at after the next start."""
    gate = asyncio.Event()
    world.keitaro.fail(method="POST", path="streams", until=gate, after_effect=True)
    said = world.say(creation("Slow"))
    await world.at_the_tracker(1, "streams")
    silence = world.telegram.hold("getUpdates", times=9)
    began = time.monotonic()
    status = await world.bot.stop()
    seconds = time.monotonic() - began
    silence.set()
    await world.bot.start()
    answer = await world.answer_to(said)
    gate.set()

    assert (status, seconds < 8) == (0, True)
    assert answer.startswith(f"✅ Stream 1001 is created\n{RESTARTED}: it is done.\n")
    assert world.creations() == 1


async def test_a_database_that_fails_ends_the_process(world):
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/12", until=gate)
    world.say("/stream 12")
    await world.at_the_tracker(1, "streams/12")
    with contextlib.closing(sqlite3.connect(world.settings["BOT_DATABASE"])) as database:
        database.execute("ALTER TABLE inbox RENAME TO gone")
    gate.set()

    assert await asyncio.wait_for(world.bot.wait(), 10) == 1
    assert "the database failed, a new start is needed: " in world.bot.output
