"""Plans that nobody has confirmed in time: also those that nobody saw, and those of a dead process."""

import asyncio
import contextlib
import sqlite3
from typing import Any

import pytest

from handlers import SERVICES
from handlers.changes.expiry import sweep
from sandbox.telegram import Person
from tests.conftest import Clock, Room
from tests.test_plans import changes, labels, now, plan
from tests.world import KEY, World, world_in

TEN_MINUTES = 600.0
PAUSE = {"description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}
EXPIRED = "❌ Nobody has confirmed this within 10 minutes"


def told(room: Room) -> list[str]:
    """Return what the bot has said in the owner's chat, as it is now."""
    return [one["text"] for one in room.telegram.messages(room.home) if one["from"]["is_bot"]]


async def open_plans(room: Room) -> int:
    connection = room.bot.bot_data[SERVICES].store.connection
    query = "SELECT count(*) FROM plans WHERE state = 'open'"
    return await connection.run(lambda db: db.execute(query).fetchone()[0])


async def test_a_question_that_never_arrived_is_told_of_once(
    linked: Room, clock: Clock, monkeypatch
):
    """While it may still arrive nothing is said: its buttons would stay."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    services = linked.bot.bot_data[SERVICES]
    linked.telegram.fail("sendMessage", status=429, **PAUSE)
    linked.telegram.say(linked.owner, linked.home, "/stream 45 off")
    settling = asyncio.create_task(linked.settle())
    await linked.telegram.settled(lambda telegram: not telegram.faults.queue)
    clock.at += TEN_MINUTES + 1
    await sweep(services)
    is_left = await open_plans(linked)
    await settling
    await sweep(services)
    await linked.delivered()

    assert is_left == 1
    assert [text.partition(",")[0] for text in told(linked)] == [EXPIRED]
    assert await open_plans(linked) == 0


async def test_a_group_that_has_moved_is_left_in_peace(
    room: Room, telegram, owner: Person, clock: Clock
):
    """The numbers of messages begin anew there: the old one may be that of another answer."""
    group = telegram.group("Buyers", owner)
    await room.link(to=group)
    await plan(room, to=group)
    supergroup = telegram.migrate(group)
    await room.settle()
    said = [await room.say("/stream 46", to=supergroup) for _ in range(3)]
    clock.at += TEN_MINUTES
    await sweep(room.bot.bot_data[SERVICES])
    await room.delivered()

    assert [[now(room, one)["text"][:1] for one in messages] for messages in said] == [["✅"]] * 3
    assert await open_plans(room) == 0


async def test_what_cannot_be_looked_at_is_not_applied(linked: Room):
    message = await plan(linked)
    linked.keitaro.restricted.add("streams")
    text = await linked.press(message, "Apply")

    assert text.startswith("❌ 403")
    assert changes(linked.keitaro) == []
    assert labels(now(linked, message)) == []


async def test_what_cannot_be_read_for_a_moment_is_asked_about_anew(linked: Room):
    message = await plan(linked)
    linked.keitaro.fail(method="GET", path="streams/45", body={"no": "stream"})
    text = await linked.press(message, "Apply")

    assert text.startswith("❔ Turn stream 45 off?\n")
    assert "has changed" not in text
    assert changes(linked.keitaro) == []


class Asking(World):
    """A world whose chat asks first."""

    async def link(self) -> None:
        assert (await self.ask(f"/link {self.address} {KEY}")).startswith("✅")

    async def asked(self, text: str) -> dict[str, Any]:
        message = await self.telegram.answer_to(self.say(text))
        assert message["text"].startswith("❔")
        # Whoever dies before it knows that this has arrived says it again.
        await self.all_done()
        return message

    def overdue(self) -> None:
        """Let the time of every plan be over."""
        with contextlib.closing(sqlite3.connect(self.database)) as database, database:
            database.execute("UPDATE plans SET expires_at = 1 WHERE state = 'open'")

    async def shown(self, message: dict[str, Any], mark: str) -> str:
        """Wait until *message* begins with *mark*, and return it."""
        messages = self.home.messages
        await self.telegram.settled(
            lambda _: messages[message["message_id"]]["text"].startswith(mark)
        )
        return messages[message["message_id"]]["text"]

    def press(self, message: dict[str, Any], label: str) -> None:
        self.telegram.press(self.owner, self.home, message["message_id"], label)


@pytest.fixture
async def world(tmp_path):
    async with world_in(tmp_path, Asking, BOT_SETTLE_SECONDS="1") as world:
        await world.bot.start()
        await world.link()
        yield world
        await world.bot.stop()


async def test_the_next_process_tells_of_what_is_over(world: Asking):
    message = await world.asked("/stream 12 off")
    await world.bot.kill()
    world.overdue()
    await world.bot.start()

    assert (await world.shown(message, "❌")).startswith(EXPIRED)
    assert labels(world.home.messages[message["message_id"]]) == []
    assert world.keitaro.mutations == []


async def test_a_running_process_tells_of_what_is_over(world: Asking):
    message = await world.asked("/stream 12 off")
    world.overdue()

    assert (await world.shown(message, "❌")).startswith(EXPIRED)


async def test_a_plan_outlives_its_process(world: Asking):
    message = await world.asked("/stream 12 off")
    await world.bot.kill()
    await world.bot.start()
    world.press(message, "Apply")

    assert (await world.shown(message, "✅")).startswith("✅ Stream 12 is off\n")
    assert [one.path for one in world.keitaro.mutations] == ["streams/12/disable"]


async def test_a_press_that_is_given_up_says_so_in_its_place(world: Asking):
    """Its message would say ⏳ for ever."""
    message = await world.asked("/stream 12 off")
    gate = asyncio.Event()
    world.keitaro.fail(9, path="streams/12", until=gate)
    world.press(message, "Apply")
    for count in range(1, 5):
        while len([one for one in world.keitaro.requests if one.path == "streams/12"]) < count + 1:
            await asyncio.sleep(0.005)
        await world.bot.kill()
        await world.bot.start()

    assert (await world.shown(message, "❌")).startswith("❌ I was stopped every time")
    gate.set()
    assert world.keitaro.mutations == []


async def test_undo_that_was_slow_before_a_kill_answers_in_the_place_of_its_hourglass(
    world: Asking,
):
    message = await world.asked("/stream 12 off")
    world.press(message, "Apply")
    await world.shown(message, "✅")
    await world.all_done()
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/12", until=gate)
    world.press(message, "Undo")
    noted = "SELECT count(*) FROM outbox WHERE body IS NULL AND progress_id IS NOT NULL"
    while not world.count(noted):
        await asyncio.sleep(0.01)
    await world.bot.kill()
    await world.bot.start()
    gate.set()
    newest = max(world.home.messages)
    text = await world.shown({"message_id": newest}, "❔")
    await world.all_done()

    assert text.startswith("❔ Turn stream 12 on?")
    assert max(world.home.messages) == newest


async def test_cancel_withdraws_what_its_author_was_asked(linked: Room):
    """A question of somebody else stays, and so does what can be done about a result."""
    [asked] = await linked.say("/stream 45 off")

    answer = await linked.ask("/cancel")

    assert answer == "✅ Withdrawn: 1. Nothing was changed."
    assert told(linked)[0].startswith("❌ Cancelled. Nothing was changed.")
    assert labels(now(linked, asked)) == []
    assert linked.keitaro.mutations == []
    assert await linked.ask("/cancel") == "✅ I was not asking anything."


async def test_cancel_of_somebody_else_withdraws_nothing(room: Room):
    vera = room.telegram.person("Vera")
    group = room.telegram.group("Buyers", room.owner, vera)
    await room.link(to=group)
    await room.grant(vera, group, "operator")
    await room.say("/stream 45 off", to=group)

    answer = await room.ask("/cancel", to=group, by=vera)

    assert answer == "✅ I was not asking anything."
    assert await open_plans(room) == 1
