"""Lists and the death of the process: the real bot over real sockets."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from tests.world import World, world_in

Message = dict[str, Any]


@dataclass
class Listed(World):
    """A world in which lists are sent."""

    ANSWER_SECONDS: ClassVar[float] = 60.0

    @property
    def sent(self) -> Counter[str]:
        """How often the tracker was asked to create each stream."""
        return Counter(
            one.body["name"]
            for one in self.keitaro.requests
            if (one.method, one.path) == ("POST", "streams")
        )

    @property
    def made(self) -> list[str]:
        """The names of streams of lists that the tracker has."""
        rows = self.keitaro.streams.values()
        return sorted(row["name"] for row in rows if row["name"].startswith("List "))

    async def sent_at_least(self, count: int) -> None:
        while len(self.sent) < count:
            await asyncio.sleep(0.005)

    def progress(self) -> list[str]:
        """Return what the ⏳ of a list has said, in order."""
        texts = (str(call.parameters.get("text", "")) for call in self.telegram.calls)
        return [text for text in texts if text.startswith(("⏳ ▓", "⏳ ░"))]


@pytest.fixture
async def world(tmp_path):
    async with world_in(tmp_path, Listed, BOT_SETTLE_SECONDS="1") as world:
        await world.bot.start()
        await world.link()
        yield world
        await world.bot.stop()


def streams(count: int) -> bytes:
    rows = [
        {
            "campaign_id": 1,
            "name": f"List {number}",
            "type": "regular",
            "schema": "redirect",
            "action_type": "http",
            "action_payload": "https://landing.example/",
            "collect_clicks": True,
        }
        for number in range(count)
    ]
    return json.dumps(rows).encode()


def names(count: int) -> list[str]:
    return sorted(f"List {number}" for number in range(count))


def doubled(world: Listed) -> list[str]:
    return [name for name, times in world.sent.items() if times > 1]


async def test_killed_again_and_again_a_list_goes_on_and_doubles_nothing(world: Listed):
    """More often than an update is tried: one that gets on is not given up.

    What the tracker had just been asked for is looked at; nobody can tell whether a request that
    was never read was sent, so it is not sent again either, and counts as failed.
    """
    world.keitaro.delay_seconds = 0.05
    said = world.say("/stream", attach=streams(120))
    for count in (15, 30, 45, 60, 75):
        await world.sent_at_least(count)
        await world.bot.kill()
        await world.bot.start()
    text = await world.answer_to(said)

    assert doubled(world) == []
    lines = text.splitlines()
    done = len(world.made)
    assert f"done: {done}" in lines[1]
    assert done >= 120 - 5 * 8
    assert ("✅" in text) == (done == 120)
    assert world.count("SELECT count(*) FROM inbox WHERE fate = 'given_up'") == 0


async def test_what_a_kill_left_undone_is_repeated_by_the_button(world: Listed):
    world.keitaro.delay_seconds = 0.05
    gate = asyncio.Event()
    said = world.say("/stream", attach=streams(30))
    await world.sent_at_least(10)
    # From now on nothing that arrives is carried out before the next process has looked.
    world.keitaro.fail_when(lambda one: one.method == "POST", until=gate, cut=True)
    await world.sent_at_least(14)
    await world.bot.kill()
    world.keitaro.script.clear()
    await world.bot.start()
    answer = await world.telegram.answer_to(said, timeout_seconds=60)
    gate.set()

    assert doubled(world) == []
    failed = set(names(30)) - set(world.made)
    assert failed
    assert f"failed: {len(failed)}" in answer["text"]
    world.keitaro.requests.clear()
    world.telegram.press(world.owner, world.home, answer["message_id"], "Retry failed")
    await world.all_done()
    while len(world.made) < 30:
        await asyncio.sleep(0.01)

    assert set(world.sent) == failed
    assert doubled(world) == []


async def test_told_to_stop_in_the_middle_the_process_ends_and_the_next_goes_on(world: Listed):
    world.keitaro.delay_seconds = 0.1
    said = world.say("/stream", attach=streams(100))
    await world.sent_at_least(20)
    async with asyncio.timeout(10):
        status = await world.bot.stop()
    world.keitaro.delay_seconds = 0.0
    await world.bot.start()
    text = await world.answer_to(said)

    assert status == 0
    assert doubled(world) == []
    assert f"done: {len(world.made)}" in text


async def test_a_confirmed_list_goes_on_however_late(world: Listed):
    """The press that confirmed it is found again, and its plan with it."""
    await world.ask("/settings confirm changes")
    world.keitaro.delay_seconds = 0.05
    asked = await world.telegram.answer_to(world.say("/stream", attach=streams(40)))
    world.telegram.press(world.owner, world.home, asked["message_id"], "Apply")
    await world.sent_at_least(10)
    await world.bot.kill()
    await world.bot.start()
    await world.all_done()

    text = world.home.messages[asked["message_id"]]["text"]
    assert f"done: {len(world.made)}" in text
    assert doubled(world) == []


async def test_the_bar_tells_how_far_it_is(world: Listed):
    world.keitaro.delay_seconds = 0.5
    said = world.say("/stream", attach=streams(60))
    text = await world.answer_to(said)

    assert text.splitlines()[:2] == ["✅ All of the list is done", "done: 60"]
    assert len(world.progress()) >= 1
    assert all(" of 60 · about " in line and line.endswith(" left") for line in world.progress())
