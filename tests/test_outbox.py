"""Answers on their way: whatever Telegram does, each arrives, in its turn, and says if it may come twice."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest
from telegram.error import Forbidden

from bot.app import assembled
from handlers import SERVICES
from handlers.letter import Letter
from handlers.outbox import working
from handlers.render.page import File, Page
from handlers.texts import ENGLISH
from sandbox.telegram import Telegram
from storage import OwedAnswer
from tests.conftest import TRACKER, Hosts, Room

REPEAT = "(repeat)"
OFF = "✅ Stream 12 is off\n"
LASTS = 3600.0


@pytest.fixture(autouse=True)
def times_as_telegram_s(monkeypatch):
    """Let the library tell pauses the way it will; of the old way it warns."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def outbox_of(room):
    return room.bot.bot_data[SERVICES].outbox


def letter(room, key: str, page: Page | str = "", **owed) -> Letter:
    """Return an answer to the owner that says *page*, or its key, and lasts an hour."""
    facts = {"chat_id": room.home.id, "user_id": room.owner.id, "keep_until": room.clock.at + LASTS}
    words = page if isinstance(page, Page) else Page(page or f"✅ {key}")
    return Letter(
        OwedAnswer(key, body="", **(facts | owed)), words, REPEAT, "⚠️ no file", "said elsewhere"
    )


async def owe(room, *letters: Letter) -> None:
    for one in letters:
        await outbox_of(room).owe(one)


async def rows(room, columns: str = "key, fate") -> list[tuple]:
    store = room.bot.bot_data[SERVICES].store
    query = f"SELECT {columns} FROM outbox ORDER BY rowid"  # noqa: S608 - columns of this file
    return await store.connection.run(lambda db: [tuple(row) for row in db.execute(query)])


def said(room, chat=None) -> list[str]:
    """Return what the bot has said in a chat, files by their names."""
    return [
        message.get("text") or message["document"]["file_name"]
        for message in room.telegram.messages(chat or room.home)
        if message["from"]["is_bot"] and not message.get("migrate_from_chat_id")
    ]


def sends(room, method: str = "sendMessage") -> list[str]:
    """Return what the bot tried to send, as often as it tried."""
    return [call.parameters.get("text") for call in room.telegram.calls if call.method == method]


def slow_down(room, seconds: float, method: str = "sendMessage") -> None:
    room.telegram.fail(
        method, status=429, description="Too Many Requests", parameters={"retry_after": seconds}
    )


async def tried(room, count: int) -> None:
    """Wait until the bot has tried to send so many messages."""
    await room.telegram.settled(lambda _: len(sends(room)) >= count)


@pytest.fixture
async def home(unasked):
    """A linked bot whose owner has written to it."""
    unasked.telegram.say(unasked.owner, unasked.home, "hello")
    unasked.telegram.updates.drop()
    return unasked


@dataclass
class Flaky(httpx.AsyncBaseTransport):
    """A wire to Telegram that breaks, before or after what was sent has arrived."""

    app: object
    before: list[Exception]
    after: list[Exception]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_answer = request.url.path.endswith(("sendMessage", "sendDocument", "editMessageText"))
        if is_answer and self.before:
            raise self.before.pop(0)
        response = await httpx.ASGITransport(app=self.app).handle_async_request(request)
        if is_answer and self.after:
            raise self.after.pop(0)
        return response


@asynccontextmanager
async def process(settings, telegram, keitaro, owner, clock, *, wire=None):
    """Run a process of the bot, which takes up what earlier ones have left."""
    async with assembled(
        settings,
        telegram=wire or httpx.ASGITransport(app=telegram.app),
        tracker=Hosts(tracker_example=keitaro.app),
        now=clock,
    ) as (application, _):
        await application.initialize()
        room = Room(telegram, keitaro, application, owner, clock, settings)
        telegram.private(owner).bot_status = "member"
        await outbox_of(room).adopt()
        yield room
        await application.shutdown()


@pytest.fixture
def another(settings, telegram, keitaro, owner, clock):
    """Start a process of the bot, on the same database each time."""

    def start(**how):
        return process(settings, telegram, keitaro, owner, clock, **how)

    return start


# In order, and no chat waits for another


async def test_answers_arrive_in_the_order_in_which_they_were_given(home):
    slow_down(home, 0.05)
    home.telegram.fail("sendMessage", status=502, raw=b"<html>")
    await owe(home, *(letter(home, f"u{number}") for number in range(1, 6)))
    await home.delivered()

    assert [text.split("\n")[0] for text in said(home)] == [
        f"✅ u{number}" for number in range(1, 6)
    ]


async def test_a_pause_is_a_pause_of_one_chat(home):
    ann = home.telegram.person("Ann")
    chat = home.telegram.private(ann)
    chat.bot_status = "member"
    slow_down(home, 0.5)
    await owe(home, letter(home, "u1"), letter(home, "u2"))
    await tried(home, 1)
    await owe(home, *(letter(home, f"a{number}", chat_id=ann.id) for number in range(3)))
    await tried(home, 4)
    meanwhile = said(home)
    await home.delivered()

    assert (meanwhile, said(home, chat)) == ([], ["✅ a0", "✅ a1", "✅ a2"])
    assert sends(home) == ["✅ u1", "✅ a0", "✅ a1", "✅ a2", "✅ u1", "✅ u2"]


async def test_a_pause_asked_of_the_hourglass_holds_back_the_answer(home):
    """Else the answer would be sent in the middle of it."""
    slow_down(home, 0.5)
    home.telegram.say(home.owner, home.home, "/stream 12 off")
    work = asyncio.create_task(home.settle())
    while not await rows(home):
        await asyncio.sleep(0.01)
    early = sends(home)
    [(due_at,)] = await rows(home, "due_at")
    await work

    assert [text[0] for text in early] == ["⏳"]
    assert home.clock.at < due_at <= home.clock.at + 0.5
    assert said(home)[0].startswith(OFF)
    assert [text[0] for text in sends(home)] == ["⏳", "✅"]


async def test_no_hourglass_overtakes_an_answer(home):
    gate = home.telegram.hold("sendMessage")
    await owe(home, letter(home, "u1"))
    shown = await outbox_of(home).say_working(working(letter(home, "u2"), "…"))
    gate.set()
    await home.delivered()

    assert (shown, said(home)) == (None, ["✅ u1"])


async def test_an_hourglass_that_does_not_arrive_is_not_missed(home):
    home.telegram.fail("sendMessage", status=502, raw=b"<html>")

    assert await outbox_of(home).say_working(working(letter(home, "u1"), "…")) is None
    assert await rows(home) == []


async def test_an_hourglass_to_somebody_who_has_gone_is_told(home):
    home.telegram.block(home.owner)

    with pytest.raises(Forbidden):
        await outbox_of(home).say_working(working(letter(home, "u1"), "…"))


async def test_the_first_answer_with_a_key_is_sent_and_no_other(home):
    await owe(home, letter(home, "u1", "✅ first"), letter(home, "u1", "✅ second"))
    await home.delivered()

    assert said(home) == ["✅ first"]


async def test_messages_keep_the_pace_of_a_strict_telegram(settings, keitaro, clock):
    """In real time not one is refused."""
    telegram = Telegram(strict_pace=True, username="keitaro_test_bot")
    people = [telegram.person(name) for name in ("Olga", "Ann")]
    settings = settings.model_copy(update={"pace": "telegram"})
    async with process(settings, telegram, keitaro, people[0], clock) as room:
        for person in people:
            telegram.private(person).bot_status = "member"
        everything = [
            letter(room, f"{person.id} {number}", chat_id=person.id, keep_until=None)
            for number in range(4)
            for person in people
        ]
        async with asyncio.timeout(20):
            await owe(room, *everything)
            await outbox_of(room).settled()

        assert [call.error for call in telegram.calls if call.method == "sendMessage"] == [None] * 8
        assert [len(telegram.messages(telegram.private(person))) for person in people] == [4, 4]


# Restarts


async def test_a_pause_survives_a_restart(another, clock):
    async with another() as room:
        slow_down(room, 30)
        await owe(room, letter(room, "u1"), letter(room, "u2"))
        await tried(room, 1)
        while not (await rows(room, "due_at"))[0][0]:
            await asyncio.sleep(0.01)
    clock.at += 29.8
    async with another() as room:
        early = sends(room)
        await outbox_of(room).settled()

        assert early == ["✅ u1"]
        assert said(room) == ["✅ u1", "✅ u2"]
        assert sends(room) == ["✅ u1", "✅ u1", "✅ u2"]


async def test_what_may_have_arrived_before_a_restart_says_so(another):
    async with another() as room:
        gate = room.telegram.hold("sendMessage", after_effect=True)
        await owe(room, letter(room, "u1"), letter(room, "u2"))
        await room.telegram.settled(lambda telegram: len(telegram.sent) == 1)
    async with another() as room:
        gate.set()
        await outbox_of(room).settled()

        assert said(room) == ["✅ u1", f"✅ u1\n\n{REPEAT}", "✅ u2"]


async def test_an_edit_that_was_made_before_a_restart_changes_nothing(another):
    async with another() as room:
        shown = await outbox_of(room).say_working(working(letter(room, "u1"), "…"))
        gate = room.telegram.hold("editMessageText", after_effect=True)
        await owe(room, letter(room, "u1", progress_id=shown))
        await room.telegram.settled(lambda telegram: telegram.sent[0]["text"] == "✅ u1")
    async with another() as room:
        gate.set()
        await outbox_of(room).settled()

        assert (said(room), await rows(room)) == (["✅ u1"], [("u1", "sent")])


async def test_a_file_is_sent_after_a_restart_if_only_the_text_had_arrived(another):
    file = File("a.json", b"{}")
    async with another() as room:
        gate = room.telegram.hold("sendDocument")
        await owe(room, letter(room, "u1", Page("✅ u1", file=file)))
        while (await rows(room, "part"))[0] != (1,):
            await asyncio.sleep(0.01)
    async with another() as room:
        gate.set()
        await outbox_of(room).settled()

        assert said(room) == ["✅ u1", "a.json"]
        assert sends(room) == ["✅ u1"]


async def test_what_is_cut_by_a_complaint_is_whole_after_a_restart(another):
    """The text went into a file, and the process ended before the file was sent."""
    complaint = {"status": 400, "description": "Bad Request: message is too long"}
    async with another() as room:
        room.telegram.fail("sendMessage", **complaint)
        gate = room.telegram.hold("sendDocument")
        await owe(room, letter(room, "u1", "✅ all of it"))
        while (await rows(room, "part"))[0] != (1,):
            await asyncio.sleep(0.01)
    room.telegram.fail("sendMessage", **complaint)
    async with another() as room:
        gate.set()
        await outbox_of(room).settled()

        assert said(room)[-1] == "answer.txt"
        assert await rows(room) == [("u1", "sent")]


# Worth nothing any more


async def test_a_read_is_dropped_after_an_hour_and_a_result_never(home):
    slow_down(home, 0.1)
    slow_down(home, 0.1)
    group = home.telegram.group("Team", home.owner)
    await owe(home, letter(home, "read"), letter(home, "result", chat_id=group.id, keep_until=None))
    await tried(home, 2)
    home.clock.at += LASTS + 1
    await home.delivered()

    assert (said(home), said(home, group)) == ([], ["✅ result"])
    assert await rows(home, "key, fate, note") == [
        ("read", "stale", "nobody could be told in time"),
        ("result", "sent", None),
    ]


# Chats that cannot be reached


async def test_what_waits_for_somebody_who_has_gone_is_not_tried(home):
    gate = home.telegram.hold("sendMessage")
    await owe(home, *(letter(home, f"u{number}") for number in range(3)))
    home.telegram.block(home.owner)
    gate.set()
    await home.delivered()
    chat = await home.bot.bot_data[SERVICES].store.chats.get(home.home.id)

    assert sends(home) == ["✅ u0"]
    assert await rows(home, "fate, note") == [
        ("unreachable", "Forbidden: bot was blocked by the user"),
        ("unreachable", "not tried"),
        ("unreachable", "not tried"),
    ]
    assert chat.unreachable_at == home.clock.at


async def test_results_for_a_group_that_has_thrown_the_bot_out_are_told_in_private(home):
    group = home.telegram.group("Team", home.owner)
    gate = home.telegram.hold("sendMessage")
    results = [letter(home, f"u{number}", chat_id=group.id, keep_until=None) for number in (1, 2)]
    await owe(home, *results, letter(home, "read", chat_id=group.id))
    home.telegram.remove_bot(home.owner, group)
    gate.set()
    await home.delivered()

    assert said(home) == ["✅ u1\n\nsaid elsewhere", "✅ u2\n\nsaid elsewhere"]
    assert said(home, group) == []


async def test_everything_that_waits_follows_a_group_that_has_moved(home):
    group = home.telegram.group("Team", home.owner)
    await home.link(to=group)
    gate = home.telegram.hold("sendMessage")
    for number in range(3):
        await owe(home, letter(home, f"u{number}", chat_id=group.id, thread_id=9, reply_to=8))
    supergroup = home.telegram.migrate(group, announce=())
    gate.set()
    await home.delivered()
    chats = home.bot.bot_data[SERVICES].store.chats

    assert said(home, supergroup) == ["✅ u0", "✅ u1", "✅ u2"]
    assert len(sends(home)) == 6
    assert [chat for chat, _ in await rows(home, "chat_id, fate")] == [supergroup.id] * 3
    assert (await chats.linked(supergroup.id)).address == TRACKER
    assert await chats.linked(group.id) is None


async def test_the_result_of_a_change_is_told_in_private_where_the_group_takes_nothing(home):
    group = home.telegram.group("Team", home.owner)
    await home.link(to=group)
    await home.never_ask(group)
    group.is_muted = True
    await home.say("/stream 12 off", to=group)
    [answer] = said(home)

    assert answer.startswith(OFF)
    assert answer.endswith(f"\n\n{ENGLISH.answered_elsewhere}")
    assert len(home.keitaro.mutations) == 1
    assert [fate for _, fate in await rows(home)] == ["refused", "sent"]


async def test_a_result_that_nobody_can_be_told_is_kept_for_the_record(home):
    """The person has never written to the bot, which may not begin."""
    ann = home.telegram.person("Ann")
    group = home.telegram.group("Team", home.owner, ann)
    group.is_muted = True
    await owe(home, letter(home, "u1", chat_id=group.id, user_id=ann.id, keep_until=None))
    await home.delivered()

    assert [fate for _, fate in await rows(home)] == ["refused", "unreachable"]
    assert len(sends(home)) == 2


# Complaints


async def test_an_answer_whose_message_is_gone_replies_to_nothing(home):
    group = home.telegram.group("Team", home.owner)
    home.telegram.fail(
        "sendMessage", status=400, description="Bad Request: message to be replied not found"
    )
    await owe(home, replace(letter(home, "u1", chat_id=group.id, reply_to=7), is_quoted=True))
    await home.delivered()
    calls = [call.parameters for call in home.telegram.calls if call.method == "sendMessage"]

    assert [bool(call.get("reply_parameters")) for call in calls] == [True, False]
    assert said(home, group) == ["✅ u1"]


async def test_an_answer_whose_topic_is_gone_goes_to_the_group(home):
    forum = home.telegram.group("Forum", home.owner, forum=True)
    await owe(home, letter(home, "u1", chat_id=forum.id, thread_id=404))
    await home.delivered()

    assert said(home, forum) == ["✅ u1"]


async def test_too_long_for_telegram_whatever_we_think_is_a_file(home):
    home.telegram.fail("sendMessage", status=400, description="Bad Request: message is too long")
    await owe(home, letter(home, "u1", "✅ <b>all</b> of it"))
    await home.delivered()

    assert said(home) == ["✅ …", "answer.txt"]
    assert home.telegram.document(home.telegram.sent[-1]) == "✅ all of it".encode()


async def test_too_long_for_an_edit_is_a_file_too(home):
    """And the ⏳ does not stay behind."""
    shown = await outbox_of(home).say_working(working(letter(home, "u1"), "…"))
    home.telegram.fail("editMessageText", status=400, description="Bad Request: MESSAGE_TOO_LONG")
    await owe(home, letter(home, "u1", "✅ all of it", progress_id=shown))
    await home.delivered()

    assert said(home) == ["✅ …", "answer.txt"]


async def test_what_is_no_html_to_telegram_goes_as_it_would_look(home):
    home.telegram.fail(
        "sendMessage", status=400, description="Bad Request: can't parse entities: x"
    )
    await owe(home, letter(home, "u1", "✅ <b>a &amp; b</b>"))
    await home.delivered()

    assert said(home) == ["✅ a & b"]
    assert home.telegram.source(home.home.id, home.telegram.sent[-1]["message_id"]) == "✅ a & b"


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 400, "description": "Bad Request: not enough rights to send documents"},
        {"status": 413, "raw": b"<html>Request Entity Too Large</html>"},
        {"status": 413, "description": "Request Entity Too Large"},
    ],
)
async def test_a_file_that_is_not_taken_is_missed_aloud(home, fault):
    home.telegram.fail("sendDocument", times=9, **fault)
    await owe(home, letter(home, "u1", Page("✅ u1", file=File("a.json", b"{}"))))
    await home.delivered()

    assert said(home) == ["✅ u1", "⚠️ no file"]
    assert len(sends(home, "sendDocument")) == 1


async def test_a_file_that_breaks_the_wire_is_given_up_at_last(home):
    home.telegram.fail("sendDocument", times=99, status=502, raw=b"<html>")
    await owe(home, letter(home, "u1", Page("✅ u1", file=File("a.json", b"{}"))))
    await home.delivered()

    assert said(home)[0] == "✅ u1"
    assert said(home)[1].startswith("⚠️ no file")
    assert len(sends(home, "sendDocument")) == 5


# Did it arrive?


async def test_only_what_may_have_arrived_is_called_a_repeat(another, telegram):
    never = [httpx.ConnectError("refused"), httpx.ConnectTimeout("late"), httpx.PoolTimeout("full")]
    wire = Flaky(telegram.app, before=never, after=[])
    async with another(wire=wire) as room:
        await owe(room, letter(room, "u1"))
        await outbox_of(room).settled()
        wire.before = [httpx.ReadTimeout("late")]
        await owe(room, letter(room, "u2"))
        await outbox_of(room).settled()
        wire.after = [httpx.ReadTimeout("late")]
        await owe(room, letter(room, "u3"))
        await outbox_of(room).settled()

        assert said(room) == ["✅ u1", f"✅ u2\n\n{REPEAT}", "✅ u3", f"✅ u3\n\n{REPEAT}"]


async def test_an_edit_may_be_made_twice_without_a_word(another, telegram):
    wire = Flaky(telegram.app, before=[], after=[])
    async with another(wire=wire) as room:
        shown = await outbox_of(room).say_working(working(letter(room, "u1"), "…"))
        wire.after = [httpx.ReadTimeout("late")]
        await owe(room, letter(room, "u1", progress_id=shown))
        await outbox_of(room).settled()

        assert said(room) == ["✅ u1"]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "description": "Too Many Requests: retry after 0"},
        {"status": 429, "raw": b"<html>slow down</html>"},
        {
            "status": 429,
            "description": "Too Many Requests",
            "parameters": {"retry_after": "soon"},
        },
    ],
)
async def test_whoever_asks_to_slow_down_has_taken_nothing(home, fault):
    """However badly it is said."""
    home.telegram.fail("sendMessage", **fault)
    await owe(home, letter(home, "u1"))
    await home.delivered()

    assert said(home) == ["✅ u1"]


async def test_an_answer_that_is_none_may_hide_one_that_arrived(home, caplog):
    home.telegram.fail("sendMessage", status=200, raw=b"<html>Sign in</html>")
    await owe(home, letter(home, "u1"))
    await home.delivered()

    assert said(home) == [f"✅ u1\n\n{REPEAT}"]
    assert "Sign in" not in caplog.text


async def test_a_long_answer_that_may_come_twice_comes_whole(home):
    """With the note of the repeat it does not fit, and nothing of it may be lost for that."""
    words = "✅ first\n" + "x" * (4096 - 10)
    home.telegram.fail("sendMessage", status=502, raw=b"<html>")
    await owe(home, letter(home, "u1", Page(words, file=File("a.json", b"{}"))))
    await home.delivered()

    assert said(home) == [f"✅ first\n\n{REPEAT}", "answer.txt", "a.json"]
    assert home.telegram.document(home.telegram.sent[1]) == words.encode()


# Ours


class Broken(Letter):
    """A letter with a fault of ours in it."""

    @property
    def parts(self):
        raise ZeroDivisionError("ours")


async def test_a_letter_that_breaks_us_stops_no_other(home, caplog):
    broken = letter(home, "u1")
    await owe(home, Broken(broken.owed, broken.page), letter(home, "u2"))
    await home.delivered()

    assert said(home) == ["✅ u2"]
    assert await rows(home, "fate, note") == [("refused", "ours"), ("sent", None)]
    assert caplog.messages == ["an answer was not taken: ZeroDivisionError: ours"]


async def test_a_database_that_fails_in_the_middle_ends_the_process(home):
    gate = home.telegram.hold("sendMessage")
    await owe(home, letter(home, "u1"), letter(home, "u2"))
    store = home.bot.bot_data[SERVICES].store
    await store.connection.run(lambda db: db.execute("DROP TABLE outbox").close())
    gate.set()
    await home.delivered()
    queue = home.bot.update_queue

    assert queue.failed.is_set()
    assert queue.reason.startswith("the database failed, a new start is needed: ")
    assert said(home) == ["✅ u1"]


async def test_a_hourglass_that_cannot_be_noted_ends_the_process(home):
    store = home.bot.bot_data[SERVICES].store
    await store.connection.run(lambda db: db.execute("DROP TABLE outbox").close())
    await outbox_of(home).say_working(working(letter(home, "u1"), "…"))

    assert home.bot.update_queue.failed.is_set()


async def test_words_are_not_kept_in_memory_and_in_the_database(home):
    gate = home.telegram.hold("sendMessage")
    await owe(home, letter(home, "u1"))
    [parcel] = outbox_of(home)._lanes[home.home.id]
    gate.set()
    await home.delivered()

    assert parcel.letter.owed.body == ""
    assert json.loads(parcel.letter.body())["html"] == "✅ u1"
