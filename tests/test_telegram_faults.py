"""What Telegram may do to a bot, done to the real one over real sockets: what people see of it.

Most tests share one process, each with a person of its own. Those that end the process, or need
a Telegram of their own, come last.
"""

import asyncio
import contextlib
import json
import re
import sqlite3
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from handlers.texts import ENGLISH
from sandbox.keitaro import Keitaro
from sandbox.process import BotProcess, bot_settings, environment
from sandbox.serving import serving
from sandbox.telegram import Chat, Person, Telegram
from tests.unasked import never_ask

pytestmark = pytest.mark.asyncio(loop_scope="module")

Message = dict[str, Any]
KEY = "fake-key-1111-2222"
PEOPLE = 90
PAGE = b"<html>a page of a gateway</html>"
HELP = "✅ What you can do here\n"
REPEAT = ENGLISH.repeat
SLOW_DOWN = {"status": 429, "description": "Too Many Requests"}
GATEWAY = {"status": 502, "raw": PAGE}
CREATE = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "redirect",
    "name": "Main",
    "action_type": "http",
    "action_payload": "https://offer.example/",
}


@dataclass
class World:
    """Both servers on loopback, and the bot."""

    telegram: Telegram
    keitaro: Keitaro
    bot: BotProcess
    settings: dict[str, str]
    people: list[Person]
    address: str
    friend: "Talk | None" = None

    async def newcomer(self) -> "Talk":
        """Return somebody who owns the bot and has not written to it, but linked a chat."""
        person = self.people.pop()
        talk = Talk(self, person, self.telegram.private(person))
        assert (await talk.ask(f"/link {self.address} {KEY}")).startswith("✅")
        talk.never_ask()
        return talk

    def rows(self, query: str, *values: object) -> list[tuple]:
        uri = f"file:{self.settings['BOT_DATABASE']}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
            return database.execute(query, values).fetchall()

    async def all_done(self) -> None:
        """Wait until nothing is owed to anybody."""
        owed = (
            "SELECT (SELECT count(*) FROM inbox WHERE done_at IS NULL)"
            " + (SELECT count(*) FROM outbox WHERE done_at IS NULL AND body IS NOT NULL)"
        )
        async with asyncio.timeout(20):
            await self.telegram.settled(lambda telegram: not len(telegram.updates))
            while self.rows(owed)[0][0]:
                await asyncio.sleep(0.01)

    async def restart(self) -> None:
        await self.bot.kill()
        await self.bot.start()


@dataclass
class Talk:
    """One person and one chat, and what is said there."""

    world: World
    person: Person
    chat: Chat
    began_at: int = field(default=0)

    def __post_init__(self) -> None:
        self.began_at = len(self.world.telegram.calls)

    def say(self, text: str, **how: Any) -> Message:
        return self.world.telegram.say(self.person, self.chat, text, **how)

    async def ask(self, text: str, **how: Any) -> str:
        return (await self.world.telegram.answer_to(self.say(text, **how)))["text"]

    async def answers(self, message: Message) -> list[str]:
        """Return, once nothing is owed, what was answered to *message*; files by their names."""
        await self.world.all_done()
        return [
            one.get("text") or one["document"]["file_name"]
            for one in self.world.telegram.messages(self.chat)
            if one["message_id"] > message["message_id"]
            and (self.chat.id, one["message_id"]) in self.world.telegram.sources
        ]

    def calls(self, *methods: str, since: int | None = None) -> list[Any]:
        """Return what the bot asked for in this chat since it was linked."""
        wanted = methods or ("sendMessage", "editMessageText", "sendDocument")
        return [
            call
            for call in self.world.telegram.calls[self.began_at if since is None else since :]
            if call.method in wanted and call.parameters.get("chat_id") == self.chat.id
        ]

    def mark(self) -> None:
        """Count calls from now on."""
        self.began_at = len(self.world.telegram.calls)

    def never_ask(self) -> None:
        """Let changes in this chat run at once."""
        never_ask(Path(self.world.settings["BOT_DATABASE"]), self.chat.id)

    async def in_group(self, **how: Any) -> "Talk":
        """Return the same person in a group of their own, which is linked, too."""
        telegram = self.world.telegram
        group = Talk(self.world, self.person, telegram.group("Team", self.person, **how))
        asked = await telegram.answer_to(group.say("/link"))
        button = asked["reply_markup"]["inline_keyboard"][0][0]
        await telegram.answer_to(telegram.start_link(self.person, button["url"]))
        assert (await self.ask(f"{self.world.address} {KEY}")).startswith("✅")
        await self.world.all_done()
        group.never_ask()
        group.mark()
        return group


@asynccontextmanager
async def worlds(folder: Path, *, telegram: Telegram | None = None):
    """Set up both servers, and a bot that is not started yet."""
    telegram, keitaro = telegram or Telegram(), Keitaro(key=KEY)
    people = [telegram.person(f"Person {number}") for number in range(PEOPLE)]
    async with (
        serving(telegram.app) as api_url,
        serving(keitaro.app) as address,
    ):
        settings = bot_settings(
            token=telegram.token,
            owners=[person.id for person in people],
            database=folder / "data" / "bot.db",
            api_url=api_url,
            trackers=[address],
        )
        world = World(telegram, keitaro, BotProcess(settings, folder), settings, people, address)
        yield world
        with contextlib.suppress(ProcessLookupError):
            await world.bot.kill()
        await telegram.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(tmp_path_factory):
    async with worlds(tmp_path_factory.mktemp("bot")) as world:
        await world.bot.start()
        yield world
        assert world.telegram.token.partition(":")[2] not in world.bot.output


@pytest_asyncio.fixture(loop_scope="module")
async def talk(world):
    """Somebody who has linked their private chat; every fault has happened in the end."""
    world.friend = world.friend or await world.newcomer()
    await world.all_done()
    world.friend.mark()
    yield world.friend
    assert world.telegram.faults.queue == []


@pytest_asyncio.fixture(loop_scope="module")
async def new(world):
    """Somebody else, whose chat is of no use to anybody afterwards."""
    new = await world.newcomer()
    await world.all_done()
    new.mark()
    yield new
    assert world.telegram.faults.queue == []


@pytest_asyncio.fixture(loop_scope="module")
async def alone(tmp_path):
    """A world of one's own."""
    async with worlds(tmp_path) as world:
        yield world


# Slow down


async def test_slow_down_is_for_one_chat_and_keeps_the_order(world, talk):
    other = await world.newcomer()
    world.telegram.fail("sendMessage", **SLOW_DOWN, parameters={"retry_after": 1})
    first = talk.say("/help")
    second = talk.say("/streams 1")
    await world.telegram.settled(lambda _: len(talk.calls()) == 1)
    began = time.monotonic()
    assert (await other.ask("/help")).startswith(HELP)
    seconds = time.monotonic() - began
    texts = await talk.answers(first)
    sent = talk.calls()

    assert seconds < 1
    assert [text.split("\n")[0] for text in texts] == [
        HELP.strip(),
        "✅ Streams of campaign 1 Garden DE",
    ]
    assert second["message_id"] > first["message_id"]
    assert len(sent) == 3
    assert sent[1].at - sent[0].at >= 1


async def test_slow_down_survives_a_restart_and_holds_a_result_as_long_as_it_takes(world, new):
    world.telegram.fail("editMessageText", **SLOW_DOWN, parameters={"retry_after": 3})
    said = new.say("/stream 12 off")
    await world.telegram.settled(lambda _: len(new.calls("editMessageText")) == 1)
    refused_at = new.calls("editMessageText")[0].at
    postponed = "SELECT 1 FROM outbox WHERE chat_id = ? AND due_at > 0"
    while not world.rows(postponed, new.chat.id):
        await asyncio.sleep(0.01)
    await world.restart()
    texts = await new.answers(said)
    edits = new.calls("editMessageText")

    assert [text.split("\n")[0] for text in texts] == ["✅ Stream 12 is off"]
    assert edits[1].at - refused_at >= 3
    assert (len(edits), len(new.calls("sendMessage"))) == (2, 1)


async def test_slow_down_for_an_hour_stops_nobody_else(world, new):
    other = await world.newcomer()
    world.telegram.fail("sendMessage", **SLOW_DOWN, parameters={"retry_after": 3600})
    new.say("/help")
    await world.telegram.settled(lambda _: len(new.calls()) == 1)
    new.say("/help")
    assert (await other.ask("/help")).startswith(HELP)
    due = world.rows(
        "SELECT due_at - owed_at, keep_until - owed_at FROM outbox WHERE chat_id = ?"
        " AND done_at IS NULL ORDER BY owed_at",
        new.chat.id,
    )

    assert len(new.calls()) == 1
    assert due[0][0] == pytest.approx(3600, abs=5)
    assert due[0][1] == pytest.approx(3600, abs=5)
    with contextlib.closing(sqlite3.connect(world.settings["BOT_DATABASE"])) as database:
        database.execute("UPDATE outbox SET done_at = 1 WHERE chat_id = ?", (new.chat.id,))
        database.commit()


# Polls


async def test_polls_that_fail_in_every_way_are_made_again(world, talk):
    """Nothing is lost, and the log has neither the page nor more than a line a minute."""
    before = world.bot.output.count("WARNING bot.polling")
    world.telegram.fail("getUpdates", **SLOW_DOWN, parameters={"retry_after": 0.1})
    world.telegram.fail("getUpdates", status=500, description="Internal Server Error: restart")
    world.telegram.fail("getUpdates", **GATEWAY)
    world.telegram.cut("getUpdates")
    first, second = await talk.ask("/help"), await talk.ask("/help")

    assert first.startswith(HELP)
    assert second.startswith(HELP)
    assert world.bot.output.count("WARNING bot.polling") - before <= 1
    assert "gateway" not in world.bot.output
    assert "Traceback" not in world.bot.output


# Did it arrive?


@pytest.mark.parametrize("how", ["a gateway", "a reset"])
async def test_an_answer_whose_receipt_is_lost_comes_once_more_and_says_so(world, talk, how):
    if how == "a gateway":
        world.telegram.fail("sendMessage", **GATEWAY, after_effect=True)
    else:
        world.telegram.cut("sendMessage", after_effect=True)
    first, second = await talk.answers(talk.say("/help"))

    assert first.startswith(HELP)
    assert second == f"{first}\n\n{REPEAT}"
    assert len(talk.calls()) == 2


async def test_an_edit_whose_receipt_is_lost_is_made_once_more_without_a_word(world, talk):
    world.telegram.cut("editMessageText", after_effect=True)
    [answer] = await talk.answers(talk.say("/stream 12 off"))

    assert answer.startswith("✅ Stream 12 is off\n")
    assert REPEAT not in answer
    assert [call.method for call in talk.calls()] == [
        "sendMessage",
        "editMessageText",
        "editMessageText",
    ]


async def test_an_answer_that_did_not_arrive_comes_once(world, talk):
    world.telegram.cut("sendMessage")
    [answer] = await talk.answers(talk.say("/help"))

    assert answer.startswith(HELP)
    assert len(talk.calls()) == 2


@pytest.mark.parametrize("when", ["while it is sent", "after it has arrived"])
async def test_a_file_that_meets_a_reset_comes_once_more_at_most(world, talk, when):
    world.keitaro.streams[12]["comments"] = "long " * 2000
    if when == "while it is sent":
        world.telegram.cut("sendDocument", early=True)
    else:
        world.telegram.cut("sendDocument", after_effect=True)
    said = talk.say("/stream 12")
    names = await talk.answers(said)
    world.keitaro.streams[12]["comments"] = ""
    captions = [
        one.get("caption") for one in world.telegram.messages(talk.chat) if "document" in one
    ]

    assert names[1:] == ["stream-12.json"] * (1 if when == "while it is sent" else 2)
    assert captions[-1] == REPEAT
    tries = [
        call for call in world.telegram.calls[talk.began_at :] if call.method == "sendDocument"
    ]
    assert len(tries) == 2


# Chats that take nothing


def leave(world: World, talk: Talk, how: str) -> None:
    match how:
        case "blocked":
            world.telegram.block(talk.person)
        case "deactivated":
            world.telegram.deactivate(talk.person)
        case "kicked":
            world.telegram.remove_bot(talk.person, talk.chat)
        case "not a member":
            world.telegram.set_bot_status(talk.chat, "left", by=talk.person)


@pytest.mark.parametrize("how", ["blocked", "deactivated", "kicked", "not a member"])
async def test_for_a_chat_that_hears_nothing_nothing_is_changed(world, new, how):
    """One call tells it; what waits is neither run nor answered, and the record says so."""
    place = await new.in_group() if how in {"kicked", "not a member"} else new
    changes = len(world.keitaro.mutations)
    for text in ("/stream 12 off", "/stream 12 on", "/help"):
        place.say(text)
    leave(world, place, how)
    await world.all_done()
    # With them, in a group, the news that the bot was thrown out.
    fates = world.rows("SELECT fate FROM inbox ORDER BY update_id DESC LIMIT 4")
    marked = world.rows("SELECT unreachable_at FROM chats WHERE chat_id = ?", place.chat.id)

    assert len(place.calls()) == 1
    assert len(world.keitaro.mutations) == changes
    assert [fate for (fate,) in fates].count("unreachable") >= 3
    assert marked[0][0] is not None
    world.telegram.deactivated.clear()


async def test_somebody_who_comes_back_is_answered_again(world, new):
    new.say("/help")
    world.telegram.block(new.person)
    await world.all_done()
    first = len(new.calls())
    world.telegram.unblock(new.person)

    assert (first, (await new.ask("/stream 12"))[:9]) == (1, "✅ DE main")


COMPLAINTS = {
    "too long": ("message is too long", ["✅ …", "answer.txt"]),
    "no HTML": ("can't parse entities: Unsupported start tag", [HELP.strip()]),
    "nothing to reply to": ("message to be replied not found", [HELP.strip()]),
    "no right to write": ("not enough rights to send text messages to the chat", []),
    "no such chat": ("chat not found", []),
}


@pytest.mark.parametrize(("description", "expected"), COMPLAINTS.values(), ids=COMPLAINTS)
async def test_a_complaint_about_an_answer_is_met(world, talk, description, expected):
    place = await talk.in_group() if "replied" in description else talk
    world.telegram.fail("sendMessage", status=400, description=f"Bad Request: {description}")
    texts = await place.answers(place.say("/help"))

    assert [text.split("\n")[0] for text in texts] == expected
    assert len(place.calls("sendMessage")) == (2 if HELP.strip() in expected or texts else 1)
    assert (await place.ask("/streams 1")).startswith("✅ Streams")


EDIT_COMPLAINTS = {
    "the same as before": ("message is not modified: specified new message content", 1),
    "gone": ("message to edit not found", 2),
    "not ours": ("message can't be edited", 2),
}


@pytest.mark.parametrize(("description", "messages"), EDIT_COMPLAINTS.values(), ids=EDIT_COMPLAINTS)
async def test_a_complaint_about_an_edit_is_met(world, talk, description, messages):
    changes = len(world.keitaro.mutations)
    world.telegram.fail(
        "editMessageText",
        status=400,
        description=f"Bad Request: {description}",
        after_effect=messages == 1,
    )
    texts = await talk.answers(talk.say("/stream 12 off"))

    assert len(texts) == messages
    assert texts[-1].startswith("✅ Stream 12 is off\n")
    assert len(world.keitaro.mutations) == changes + 1
    assert len(talk.calls("editMessageText")) == 1


async def test_the_result_of_a_change_is_told_in_private_where_the_group_takes_nothing(world, talk):
    group = await talk.in_group()
    before = talk.say("hello")
    await world.all_done()
    changes = len(world.keitaro.mutations)
    group.chat.is_muted = True
    group.say("/stream 12 off")
    await world.all_done()
    answer = (await talk.answers(before))[-1]

    assert answer.startswith("✅ Stream 12 is off\n")
    assert answer.endswith(ENGLISH.answered_elsewhere)
    assert len(world.keitaro.mutations) == changes + 1
    # The ⏳, then the answer, each once.
    assert len(group.calls()) == 2


@pytest.mark.parametrize("how", ["closed", "deleted"])
async def test_an_answer_for_a_topic_that_is_gone_goes_to_the_group(world, talk, how):
    forum = await talk.in_group(forum=True)
    thread = forum.chat.topic("Figures")
    forum.say("/streams 1", thread=thread)
    if how == "closed":
        world.telegram.close_topic(forum.chat, thread)
    else:
        world.telegram.delete_topic(forum.chat, thread)
    await world.all_done()

    assert [call.parameters.get("message_thread_id") for call in forum.calls()] == [thread, None]
    assert forum.calls()[1].error is None


# A group becomes a supergroup


@pytest.mark.parametrize(
    "announce",
    [("to", "from"), ("from", "to"), ("to", "to"), ("to",), ("from",), ()],
    ids=lambda names: " ".join(names) or "not told",
)
async def test_a_group_that_moves_takes_everything_along(world, talk, announce):
    """What was asked there is answered there; what was never announced is found out by sending."""
    group = await talk.in_group()
    gate = asyncio.Event()
    world.keitaro.fail(path="streams/12/disable", until=gate)
    group.say("/stream 12 off")
    await world.telegram.settled(lambda _: len(group.calls()) == 1)
    supergroup = world.telegram.migrate(group.chat, announce=announce)
    new = Talk(world, talk.person, supergroup)
    await asyncio.sleep(0.05)
    gate.set()
    await world.all_done()
    links = world.rows(
        "SELECT chat_id FROM links WHERE chat_id IN (?, ?)", group.chat.id, supergroup.id
    )

    assert [call.parameters["text"].split("\n")[0] for call in new.calls()] == [
        "✅ <b>Stream 12 is off</b>"
    ]
    assert links == [(supergroup.id,)]
    assert (await new.ask("/streams 1")).startswith("✅ Streams")


async def test_a_group_that_moves_while_the_bot_is_away_is_found(world, talk):
    group = await talk.in_group()
    await world.bot.stop()
    group.say("/help")
    supergroup = world.telegram.migrate(group.chat)
    await world.bot.start()
    new = Talk(world, talk.person, supergroup)
    await world.all_done()

    assert world.rows("SELECT count(*) FROM links WHERE chat_id = ?", supergroup.id) == [(1,)]
    assert (await new.ask("/streams 1")).startswith("✅ Streams")


async def test_two_linked_groups_that_become_one_are_left_to_people(world, talk):
    group = await talk.in_group()
    supergroup = world.telegram.migrate(group.chat, announce=())
    with contextlib.closing(sqlite3.connect(world.settings["BOT_DATABASE"])) as database:
        database.execute(
            "INSERT INTO trackers (address, fingerprint, api_key)"
            " VALUES ('https://other.example', ?, x'00')",
            (str(supergroup.id),),
        )
        database.execute(
            "INSERT INTO links (chat_id, tracker_id, linked_by, linked_at)"
            " SELECT ?, max(id), 1, 1 FROM trackers",
            (supergroup.id,),
        )
        database.commit()
    for note in (group.chat, supergroup, group.chat):
        world.telegram.push({"message": world.telegram.messages(note)[-1]})
    new = Talk(world, talk.person, supergroup)
    await world.all_done()
    links = world.rows(
        "SELECT count(*) FROM links WHERE chat_id IN (?, ?)", group.chat.id, supergroup.id
    )
    [told] = [one["text"] for one in world.telegram.messages(supergroup) if "text" in one]

    with contextlib.closing(sqlite3.connect(world.settings["BOT_DATABASE"])) as database:
        # Its key is none, and the next process would not start with it.
        database.execute("DELETE FROM links WHERE chat_id = ?", (supergroup.id,))
        database.execute("DELETE FROM trackers WHERE address = 'https://other.example'")
        database.commit()

    assert told.replace("\u2060", "") == "⚠️ " + ENGLISH.linked_both.format(
        old=world.address, new="https://other.example"
    )
    assert new.calls("sendMessage", since=0)[-1].error is None
    assert links == [(2,)]


# Buttons


async def test_a_press_that_telegram_finds_too_old_to_answer_still_counts_once(world, new):
    shown = await world.telegram.answer_to(new.say("/settings"))
    world.telegram.fail(
        "answerCallbackQuery",
        status=400,
        description="Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    world.telegram.press(new.person, new.chat, shown["message_id"], "Русский")
    await world.all_done()

    assert "Язык: Русский" in new.chat.messages[shown["message_id"]]["text"]
    assert len(new.calls("editMessageText")) == 1


# Files


FILE_FAULTS = {
    "unavailable": ("getFile", {"status": 400, "description": "Bad Request: wrong file_id"}),
    "its place is no good any more": ("file", {"status": 404, "description": "Not Found"}),
    "only a part of it": ("file", {"status": 200, "raw": json.dumps(CREATE)[:50].encode()}),
    "a page instead": ("file", {"status": 200, "raw": PAGE}),
    "longer than declared": ("file", {"status": 200, "raw": json.dumps(CREATE).encode() + b"\n"}),
    "a gateway": ("file", GATEWAY),
    "a reset": ("file", None),
}


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(("method", "fault"), FILE_FAULTS.values(), ids=FILE_FAULTS)
async def test_a_file_is_taken_whole_or_not_at_all(world, talk, method, fault, times):
    before = len(world.keitaro.mutations)
    if fault is None:
        world.telegram.cut(method, times=times)
    else:
        world.telegram.fail(method, times=times, **fault)
    asked = len(world.telegram.calls)
    answer = await talk.ask("/stream", attach=json.dumps(CREATE).encode())
    places = [call for call in world.telegram.calls[asked:] if call.method == "getFile"]

    assert answer.startswith("✅ Stream " if times == 1 else f"❌ {ENGLISH.payload_lost}")
    assert len(world.keitaro.mutations) - before == (times == 1)
    assert len(places) == 2


async def test_a_file_that_is_too_big_for_telegram_is_not_asked_for(world, talk):
    asked = len(world.telegram.calls)
    answer = await talk.ask("/stream", attach=b"{}", declared_size=21 * 1024 * 1024)

    assert answer.startswith("❌ The file is larger than 1024 KiB.")
    assert [call for call in world.telegram.calls[asked:] if call.method == "getFile"] == []


# Updates


async def test_an_update_that_comes_twice_or_out_of_order_runs_once(world, new):
    changes = len(world.keitaro.mutations)
    first = new.say("/stream 12 off")
    update = dict(world.telegram.updates.all[-1])
    update_id = update.pop("update_id")
    await new.answers(first)
    world.telegram.push(update, update_id=update_id)
    late = {"message": dict(update["message"], text="/help", message_id=900)}
    late["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": 5}]
    world.telegram.push(late, update_id=update_id - 1000)
    texts = await new.answers(first)

    assert [text.split("\n")[0] for text in texts] == ["✅ Stream 12 is off", HELP.strip()]
    assert len(world.keitaro.mutations) == changes + 1
    assert (await new.ask("/streams 1")).startswith("✅ Streams")


async def test_a_full_batch_is_answered_in_its_order(world, new):
    await world.bot.stop()
    said = [new.say(f"/stream {number}x") for number in range(9000, 9105)]
    await world.bot.start()
    texts = await new.answers(said[-1])

    assert [re.findall(r"(\d+)x", text)[0] for text in texts] == [
        str(number) for number in range(9000, 9105)
    ]


async def test_a_batch_of_many_megabytes_is_taken(world, talk):
    await world.bot.stop()
    for number in range(7):
        talk.say(f"/help {'x' * 900_000}{number}")
    last = talk.say("/streams 1")
    await world.bot.start()

    assert (await talk.answers(last))[-1].startswith("✅ Streams")


STRANGE = {
    "of a kind nobody knows": {"telepathy": {"of": "somebody"}},
    "of nothing": {},
    "of a message without a sender": {"message": {"from": None}},
    "with a date of 1970": {"message": {"date": 0}},
    "without text": {"message": {"text": None}},
    "with fields nobody knows": {"message": {"aura": {"colour": 7}}, "weather": "fine"},
    "with marks beyond its end": {
        "message": {"entities": [{"type": "bot_command", "offset": 0, "length": 4096}]}
    },
    "with marks before its beginning": {
        "message": {"entities": [{"type": "bot_command", "offset": -5, "length": -5}]}
    },
    "with marks of no kind": {"message": {"entities": [{"type": "", "offset": 0, "length": 0}]}},
    "of a press without its message": {"callback_query": {"message": None}},
    "of a press without data": {"callback_query": {"data": None}},
    "with a chat that is none": {"message": {"chat": "nonsense"}},
    "with a number beyond all": {"message": {"message_id": 2**70}},
}


@pytest.mark.parametrize("change", STRANGE.values(), ids=STRANGE)
async def test_a_strange_update_stops_nobody(world, change):
    person = world.people.pop()
    talk = Talk(world, person, world.telegram.private(person))
    message = {
        "message_id": 800,
        "date": int(time.time()),
        "chat": talk.chat.as_chat(),
        "from": person.as_user(),
        "text": "/status",
        "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
    }
    query = {"id": "1", "from": person.as_user(), "chat_instance": "1", "data": "x"}
    whole = {"message": message, "callback_query": {**query, "message": message}}
    update = {
        name: {key: value for key, value in {**whole[name], **part}.items() if value is not None}
        if name in whole and isinstance(part, dict)
        else part
        for name, part in change.items()
    }
    number = world.telegram.push(update)
    said = talk.say("/help")
    texts = await talk.answers(said)

    assert [text for text in texts if text.startswith(HELP)] != []
    assert {number, number + 1} <= set(world.telegram.confirmed)
    assert "Traceback" not in world.bot.output


# The end of a process, and worlds of their own


async def command(world: World, name: str) -> tuple[int, str]:
    """Run a command of the bot to its end and return its status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *BotProcess.COMMAND,
        name,
        env=environment(world.settings),
        cwd=world.bot.folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, output.decode()


async def test_a_webhook_is_left_alone_until_somebody_takes_it_away(alone):
    """Somebody has set it, for this bot or for another that has the same token."""
    url = f"{alone.settings['BOT_API_URL']}/bot{alone.telegram.token}/setWebhook"
    hook = {"url": "http://127.0.0.1:9/hook", "secret_token": "fake-secret"}
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(url, json=hook)).status_code == 200
    await alone.bot.start()
    status = await asyncio.wait_for(alone.bot.wait(), 10)
    lines = [line for line in alone.bot.output.splitlines() if "webhook" in line.lower()]
    hooked = alone.telegram.webhook
    deleted = await command(alone, "delete-webhook")
    waiting = len(alone.telegram.updates)
    await alone.bot.start()

    assert (status, hooked is not None, waiting) == (1, True, 0)
    assert "a webhook is set for this bot, so it cannot poll: " in lines[-1]
    assert len(lines) <= 2
    assert [call.method for call in alone.telegram.calls].count("deleteWebhook") == 1
    assert deleted == (0, "Telegram: @keitaro_demo_bot has no webhook\n")
    assert (await (await alone.newcomer()).ask("/help")).startswith(HELP)


async def test_a_webhook_that_is_set_while_the_bot_polls_ends_it(alone):
    await alone.bot.start()
    await alone.telegram.settled(lambda telegram: telegram.is_polled)
    alone.telegram.fail(
        "getUpdates",
        status=409,
        description="Conflict: can't use getUpdates method while webhook is active",
    )
    alone.telegram.say(alone.people[0], alone.telegram.private(alone.people[0]), "/help")

    assert await asyncio.wait_for(alone.bot.wait(), 10) == 1
    assert "deleteWebhook" not in [call.method for call in alone.telegram.calls]


async def test_another_who_polls_is_named_once_and_outlasted_if_it_stops(alone, tmp_path):
    talk_settings = alone.settings | {"BOT_DATABASE": str(tmp_path / "other" / "bot.db")}
    folder = tmp_path / "other"
    folder.mkdir()
    other = BotProcess(talk_settings, folder)
    await alone.bot.start()
    await other.start()
    async with asyncio.timeout(10):
        while "only one bot instance" not in alone.bot.output + other.output:
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    await other.stop()
    said = alone.bot.output.count("only one bot instance")

    assert (await (await alone.newcomer()).ask("/help")).startswith(HELP)
    assert said <= 1


async def test_a_token_that_is_refused_again_and_again_ends_the_process(alone):
    status = 404
    alone.telegram.fail("getUpdates", status=status, description="Unauthorized")
    await alone.bot.start()
    talk = await alone.newcomer()
    alone.telegram.fail("getUpdates", status=status, description="Unauthorized", times=99)
    talk.say("/help")

    assert await asyncio.wait_for(alone.bot.wait(), 30) == 1
    assert f"Telegram refuses the token ({status})" in alone.bot.output
    assert alone.telegram.token.partition(":")[2] not in alone.bot.output


async def test_the_database_of_another_bot_is_not_used(alone, tmp_path):
    await alone.bot.start()
    await alone.newcomer()
    await alone.bot.stop()
    before = Path(alone.settings["BOT_DATABASE"]).read_bytes()
    another = Telegram(token="1000002:fake-token-2222", username="another_bot")
    async with serving(another.app) as api_url:
        alone.settings |= {"BOT_TOKEN": another.token, "BOT_API_URL": api_url}
        status, output = await command(alone, "run")
        checked = await command(alone, "check")

    assert status == 2
    assert output.count("\n") == 1
    assert (
        "BOT_DATABASE belongs to the bot with the id 1000001, BOT_TOKEN to @another_bot with the id "
        "1000002: use another BOT_DATABASE, or the token of that bot" in output
    )
    assert checked[0] == 2
    assert checked[1].endswith("database: it belongs to another bot, with the id 1000001\n")
    assert Path(alone.settings["BOT_DATABASE"]).read_bytes() == before
    assert {call.method for call in another.calls} == {"getMe"}


async def test_the_database_of_another_bot_is_taken_over_when_told(alone):
    """The chats of the old bot are linked for the new one; later starts need not be told."""
    await alone.bot.start()
    await alone.newcomer()
    await alone.bot.stop()
    another = Telegram(token="1000002:fake-token-2222", username="another_bot")
    async with serving(another.app) as api_url:
        alone.settings |= {"BOT_TOKEN": another.token, "BOT_API_URL": api_url}
        alone.bot.OPTIONS = ("--adopt",)
        await alone.bot.start()
        await alone.bot.stop()
        alone.bot.OPTIONS = ()
        await alone.bot.start()
        ready = alone.bot.ready_line
        await alone.bot.stop()

    assert ready == "ready: @another_bot, polling"


async def test_a_leaked_token_is_changed_and_nothing_is_lost(alone):
    """The drill: the old token is revoked, the new one of the same bot goes into the settings."""
    await alone.bot.start()
    talk = await alone.newcomer()
    await alone.bot.stop()
    said = talk.say("/streams 1")
    alone.telegram.token = "1000001:fake-token-9999"
    alone.settings["BOT_TOKEN"] = alone.telegram.token
    await alone.bot.start()
    answer = await alone.telegram.answer_to(said)

    assert answer["text"].startswith("✅")


class Clock:
    """The clock of this Telegram: it goes on, and further when it is told to."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


async def test_a_press_waits_for_the_bot_as_long_as_telegram_keeps_it(tmp_path):
    clock = Clock()
    async with worlds(tmp_path, telegram=Telegram(now=clock)) as world:
        await world.bot.start()
        talk = await world.newcomer()
        shown = await world.telegram.answer_to(talk.say("/settings"))
        number = shown["message_id"]
        texts = []
        # The start takes some of the 150 seconds.
        for seconds, label in ((140, "Русский"), (151, "English")):
            await world.bot.stop()
            world.telegram.press(talk.person, talk.chat, number, label)
            clock.ahead += seconds
            await world.bot.start()
            await world.all_done()
            texts.append(talk.chat.messages[number]["text"])

        assert "Язык: Русский" in texts[0]
        assert texts[1] == texts[0]
        assert len(talk.calls("editMessageText")) == 1


BACKLOG = 1500
HOUR = 3600


async def test_a_backlog_of_a_day_is_told_in_one_list_for_each_chat(alone):
    """What is fresh is run, what is not is named, and nothing is dropped in silence."""
    await alone.bot.start()
    talks = [await alone.newcomer() for _ in range(5)]
    await alone.all_done()
    await alone.bot.stop()
    changes = len(alone.keitaro.mutations)
    now = time.time()
    for number in range(BACKLOG - 4 * len(talks)):
        age = 23 * HOUR - number * (22 * HOUR / BACKLOG)
        talk = talks[number % len(talks)]
        talk.say("/stream 12 off" if number % 2 else "/stream 12", date=now - age)
    for talk in talks:
        talk.mark()
        for text, age in (
            ("/streams 1", 630),
            ("/streams 2", 500),
            ("/stream 13 off", 150),
            ("/stream 13 on", 10),
        ):
            talk.say(text, date=now - age)
    await alone.bot.start()
    async with asyncio.timeout(60):
        await alone.telegram.settled(lambda telegram: not len(telegram.updates), timeout_seconds=60)
        while alone.rows("SELECT 1 FROM inbox WHERE done_at IS NULL LIMIT 1"):
            await asyncio.sleep(0.05)
    await alone.all_done()
    fates = Counter(fate for (fate,) in alone.rows("SELECT fate FROM inbox"))

    for talk in talks:
        texts = [one["text"] for one in alone.telegram.messages(talk.chat) if one["from"]["is_bot"]]
        [listed] = [text for text in texts if text.startswith(f"❌ {ENGLISH.late_title}")]
        assert sorted(text.split("\n")[0] for text in texts[-3:] if text != listed) == [
            "✅ Stream 13 is on",
            "✅ Streams of campaign 2 Mower DACH",
        ]
        # Forty are named, the others counted: 296 of the day, a read and a change of today.
        assert listed.count("\n• ") == 40
        assert listed.endswith(f"\n… +{296 + 2 - 40}")
    assert len(alone.keitaro.mutations) - changes == len(talks)
    assert fates["done"] >= BACKLOG
