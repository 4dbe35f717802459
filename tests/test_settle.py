"""What came of a change is looked up until the tracker cannot be at work on it any more."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from telegram import Update

from bot.app import assembled
from bot.settings import Settings
from handlers.changes.settling import Settling
from keitaro import STREAM_DISABLE, STREAM_GET, Limits
from sandbox.keitaro import Keitaro
from sandbox.keitaro.streams import add_stream
from sandbox.telegram import Chat, Person, Telegram
from storage import Change, Entry
from tests.conftest import KEY, NOON, OTHER_KEY, OTHER_TRACKER, TRACKER, Clock, Hosts, Room

NEW = {
    "campaign_id": 12,
    "type": "regular",
    "schema": "action",
    "name": "Main",
    "action_type": "do_nothing",
    "collect_clicks": True,
}
CREATE = f"/stream {json.dumps(NEW)}"
SWITCH = "/stream 45 off"
UPDATE = '/stream 45 {"name": "New", "weight": 71}'
BUTTON = "Check again"
TROUBLE = "504 Gateway Timeout: the tracker failed"
LOOKED = f"No clear answer came ({TROUBLE}), so I looked: it is done."
LOOKED_UNTIL = f"No clear answer came ({TROUBLE}), so I looked until 0.05 s had passed."
SEND_AGAIN = "Send it again if you still want it."
UNKNOWN = "I do not know whether the change was made. I did not send it again."
OPEN = ["⚠️ " + TROUBLE, "", UNKNOWN]
CHECKED = "I have looked again: it is done."
CHECKED_NOT = "I have looked again: the tracker does not hold the change."
NOT_HERE = "❌ This button works only in the chat where the change was asked for."
SEVERAL = (
    "I looked: the campaign has several new streams just like it: 1001, 1002. One of them may be "
    "this one."
)
SOMETHING_NEW = (
    "I looked: the campaign has something new, but it is not as sent: 1001. Look at it before you "
    "repeat."
)
ALIKE = (
    "I looked: the campaign has a stream just like it: 1001. It may be this one or an older one."
)
CAMPAIGN = "Look again: /streams 12"
STREAM = "Look again: /stream 45"
NO_STREAM = "I looked: the campaign has no such stream so far."
FAILED = "I could not look either: the tracker cannot be read now."
PATIENT = pytest.mark.parametrize("settings", [1.0], indirect=True)
LATE_SECONDS = 61


@pytest.fixture
async def linked(linked: Room) -> Room:
    """Changes of streams run at once here: what is asked before them is tested elsewhere."""
    await linked.never_ask()
    return linked


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Give a test as much patience as it asks for."""
    seconds = getattr(request, "param", settings.settle_seconds)
    return settings.model_copy(update={"settle_seconds": seconds})


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Have the other tracker be a small one."""
    return Keitaro(key=OTHER_KEY, now=clock, empty=True)


def in_doubt(keitaro: Keitaro, *, made: bool = False, method: str = "POST") -> None:
    """Have the next change get no clear answer."""
    keitaro.fail(method=method, path="streams", status=504, after_effect=made)


def unreadable(keitaro: Keitaro, times: int = 99, *, first: int = 1) -> None:
    """Have looks fail after the *first* ones."""
    if first:
        keitaro.fail(first, method="GET")
    keitaro.fail(times, method="GET", status=403, body={"error": "No"})


def lines(answer: str, count: int) -> list[str]:
    return answer.splitlines()[:count]


def sent(keitaro: Keitaro) -> int:
    """Count the requests that change something."""
    return sum(one.method != "GET" for one in keitaro.requests)


def buttons(message: dict[str, Any]) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def made(name: str = "Main") -> list[str]:
    """Return the lines of a new stream."""
    return [f"{name} · stream 1001", "Campaign: 12 Winter 2025"]


async def entry_of(room: Room, number: int = -1) -> Entry:
    """Return the entry of the last command."""
    update = room.telegram.updates.all[number]
    entry = await room.bot.bot_data["services"].store.journal.entry(f"u{update['update_id']}")
    assert entry is not None
    return entry


async def meanwhile(keitaro: Keitaro, deed: Any, *, looks: int = 2) -> None:
    """Do *deed* when the tracker has been looked at so often since the change came."""
    while not sent(keitaro):
        await asyncio.sleep(0.005)
    seen = len(keitaro.requests)
    while len(keitaro.requests) < seen + looks:
        await asyncio.sleep(0.005)
    deed()


# Creations


async def test_the_journal_knows_who_asked_for_what_and_what_it_made(linked: Room):
    """Whatever of it was secret is masked before it is stored."""
    payload = NEW | {"comments": f"The key is {KEY}, keep it"}
    await linked.ask(f"/stream {json.dumps(payload)}")
    entry = await entry_of(linked)

    masked = NEW | {"comments": "The key is ••••2222, keep it"}
    assert entry.change == Change(
        entry.change.key,
        linked.home.id,
        linked.owner.id,
        TRACKER,
        "stream.create",
        {"body": masked},
        [48, 49, 50],
        "Olga",
    )
    assert (entry.begun_at, entry.outcome, entry.object_id) == (NOON, "done", 1001)
    assert entry.answer["comments"] == masked["comments"]
    assert linked.keitaro.mutations[0].body == payload


@PATIENT
async def test_what_appears_late_is_found(linked: Room):
    """And with it the looking ends."""
    in_doubt(linked.keitaro)
    late = meanwhile(linked.keitaro, lambda: add_stream(linked.keitaro, NEW))
    answer, _ = await asyncio.gather(linked.ask(CREATE), late)

    assert lines(answer, 4) == ["✅ Stream 1001 is created", LOOKED, *made()]
    assert sent(linked.keitaro) == 1
    entry = await entry_of(linked)
    assert (entry.outcome, entry.object_id, entry.note) == ("done", 1001, LOOKED)


@pytest.mark.parametrize("is_made", [True, False])
async def test_an_older_stream_just_like_it_is_not_taken_for_it(linked: Room, *, is_made: bool):
    add_stream(linked.keitaro, NEW, number=500)
    in_doubt(linked.keitaro, made=is_made)
    answer = await linked.ask(CREATE)

    if is_made:
        assert lines(answer, 4) == ["✅ Stream 1001 is created", LOOKED, *made()]
    else:
        assert lines(answer, 3) == [
            "❌ The stream was not created",
            f"{LOOKED_UNTIL} It is not there.",
            SEND_AGAIN,
        ]
    assert (sent(linked.keitaro), len(linked.keitaro.mutations)) == (1, int(is_made))


@pytest.mark.parametrize(
    ("names", "seen"), [(("Main", "Main"), SEVERAL), (("Main ",), SOMETHING_NEW)]
)
async def test_what_is_new_and_may_be_another_is_named(linked: Room, names: Any, seen: str):
    in_doubt(linked.keitaro)

    def come() -> None:
        for name in names:
            add_stream(linked.keitaro, NEW | {"name": name})

    (message,), _ = await asyncio.gather(
        linked.say(CREATE), meanwhile(linked.keitaro, come, looks=0)
    )

    assert lines(message["text"], 5) == [*OPEN, seen, CAMPAIGN]
    assert buttons(message) == [BUTTON]
    assert sent(linked.keitaro) == 1
    entry = await entry_of(linked)
    assert (entry.outcome, entry.object_id) == ("unknown", None)


@pytest.mark.parametrize(("name", "seen"), [("Main", ALIKE), ("Other", NO_STREAM)])
async def test_where_the_state_before_is_not_known_nothing_is_settled(
    linked: Room, name: str, seen: str
):
    add_stream(linked.keitaro, NEW | {"name": name})
    unreadable(linked.keitaro, 1, first=0)
    in_doubt(linked.keitaro)
    (message,) = await linked.say(CREATE)

    assert lines(message["text"], 5) == [*OPEN, seen, CAMPAIGN]
    assert buttons(message) == [BUTTON]
    assert (await entry_of(linked)).change.before is None


async def test_a_stream_that_begins_in_the_archive_is_never_missed(linked: Room):
    """No list shows it, so that it is not in one proves nothing."""
    in_doubt(linked.keitaro, made=True)
    answer = await linked.ask(f"/stream {json.dumps(NEW | {'state': 'deleted'})}")

    assert lines(answer, 4) == [*OPEN, NO_STREAM]


async def test_a_campaign_whose_streams_cannot_be_told_apart_settles_nothing(linked: Room):
    rows = [{"name": "Main"}]
    linked.keitaro.fail(99, method="GET", path="campaigns", status=200, body=rows)
    in_doubt(linked.keitaro)

    assert lines(await linked.ask(CREATE), 4) == [*OPEN, FAILED]


async def test_a_stream_that_another_command_has_made_is_not_taken(linked: Room):
    """The second one is not made, and the look sees the stream of the first."""
    journal = linked.bot.bot_data["services"].store.journal
    other = Change("u0", 1, 2, TRACKER, "stream.create", {"body": NEW}, [])
    await journal.begin(other)
    await journal.end("u0", "done", {}, object_id=1001)
    in_doubt(linked.keitaro, made=True)
    answer = await linked.ask(CREATE)

    assert lines(answer, 2) == [
        "❌ The stream was not created",
        f"{LOOKED_UNTIL} It is not there.",
    ]


@pytest.mark.parametrize("is_first_made", [True, False])
async def test_two_alike_in_doubt_are_not_taken_for_each_other(room: Room, *, is_first_made: bool):
    """Two people send the same at once, one of both is made: one ✅, and no second one."""
    ann = room.telegram.person("Ann")
    group = room.telegram.group("Team", ann, room.owner)
    await room.link(to=group)
    await room.grant(ann, group, "operator")
    for is_made in (is_first_made, not is_first_made):
        in_doubt(room.keitaro, made=is_made)
    said = [room.telegram.say(person, group, CREATE) for person in (room.owner, ann)]
    batch = room.telegram.updates.batch(100)
    room.telegram.updates.remove([update["update_id"] for update in batch])
    updates = [Update.de_json(update, room.bot.bot) for update in batch]
    await asyncio.gather(*map(room.bot.process_update, updates))

    answers = [message["text"] for message in room.since(group, said[-1])]
    assert sorted(answer.splitlines()[0] for answer in answers) == [
        "✅ Stream 1001 is created",
        "❌ The stream was not created",
    ]
    assert (sent(room.keitaro), len(room.keitaro.mutations)) == (2, 1)


async def test_one_that_could_be_taken_for_another_waits_until_that_is_settled(room: Room):
    """Another one does not, and what is in doubt holds up nobody else."""
    ann, ben = room.telegram.person("Ann"), room.telegram.person("Ben")
    for person in (ann, ben):
        await room.grant(person, room.telegram.private(person), "operator")
        await room.link(to=room.telegram.private(person))
    await room.link()
    gate = asyncio.Event()
    room.keitaro.fail(method="POST", path="streams", status=504, until=gate, after_effect=True)
    first = asyncio.create_task(room.ask(CREATE))
    while not sent(room.keitaro):
        await asyncio.sleep(0.005)
    second = asyncio.create_task(room.ask(CREATE.replace("Main", " main "), by=ann))
    other = await room.ask(CREATE.replace("Main", "Other"), by=ben)
    waiting = [one.body["name"] for one in room.keitaro.requests if one.method == "POST"]
    gate.set()
    answers = await asyncio.gather(first, second)

    assert waiting == ["Main", "Other"]
    assert other.startswith("✅ Stream 1002 is created\n")
    assert lines(answers[0], 2) == ["✅ Stream 1001 is created", LOOKED]
    assert answers[1].startswith("✅ Stream 1003 is created\n")


# Changes of what is there


@pytest.mark.parametrize(
    ("text", "method", "title"),
    [
        (SWITCH, "POST", "Stream 45 is off"),
        (UPDATE, "PUT", "Stream 45 is updated"),
        ("/stream 45 delete", "DELETE", "Stream 45 is archived"),
        ("/stream 46 on", "POST", "Stream 46 is on"),
        ("/stream 47 restore", "POST", "Stream 47 is restored"),
    ],
)
async def test_a_change_is_done_or_not(linked: Room, text: str, method: str, title: str):
    linked.keitaro.streams[46]["state"] = "disabled"
    linked.keitaro.streams[47]["state"] = "deleted"
    said = []
    for is_made in (False, True):
        in_doubt(linked.keitaro, made=is_made, method=method)
        said.append(await linked.ask(text))

    assert lines(said[0], 3) == [
        f"❌ {title[:9]} was not changed",
        f"{LOOKED_UNTIL} It is as it was before.",
        SEND_AGAIN,
    ]
    assert lines(said[1], 2) == [f"✅ {title}", LOOKED]
    assert (sent(linked.keitaro), len(linked.keitaro.mutations)) == (2, 1)
    entries = [await entry_of(linked, -2), await entry_of(linked)]
    assert [entry.outcome for entry in entries] == ["refused", "done"]
    assert {entry.object_id for entry in entries} == {int(title[7:9])}


async def test_what_was_so_before_is_so_anyway(linked: Room):
    linked.keitaro.streams[45]["state"] = "disabled"
    in_doubt(linked.keitaro)

    assert lines(await linked.ask(SWITCH), 2) == ["✅ Stream 45 is off", LOOKED]


@PATIENT
async def test_a_change_that_comes_late_is_found(linked: Room):
    in_doubt(linked.keitaro)
    late = meanwhile(linked.keitaro, lambda: linked.keitaro.streams[45].update(state="disabled"))
    answer, _ = await asyncio.gather(linked.ask(SWITCH), late)

    assert lines(answer, 2) == ["✅ Stream 45 is off", LOOKED]


async def test_what_somebody_else_has_changed_is_neither_done_nor_not(linked: Room):
    in_doubt(linked.keitaro, method="PUT")

    def other() -> None:
        linked.keitaro.streams[45].update(name="Theirs")

    (message,), _ = await asyncio.gather(
        linked.say(UPDATE), meanwhile(linked.keitaro, other, looks=0)
    )

    assert lines(message["text"], 7) == [
        *OPEN,
        "I looked: the tracker does not show the change so far.",
        "name: New → shown Theirs",
        "weight: 71 → shown 70",
        STREAM,
    ]
    assert buttons(message) == [BUTTON]


async def test_what_somebody_else_has_changed_besides_does_not_count(linked: Room):
    in_doubt(linked.keitaro, method="PUT")

    def other() -> None:
        linked.keitaro.streams[45].update(comments="Theirs", updated_at="2026-11-22 12:00:09")

    answer, _ = await asyncio.gather(linked.ask(UPDATE), meanwhile(linked.keitaro, other, looks=0))

    assert answer.startswith("❌ Stream 45 was not changed\n")


@pytest.mark.parametrize("text", [CREATE, SWITCH])
async def test_a_tracker_that_cannot_be_read_settles_nothing(linked: Room, text: str):
    unreadable(linked.keitaro)
    in_doubt(linked.keitaro, made=True)
    (message,) = await linked.say(text)

    assert lines(message["text"], 4) == [*OPEN, FAILED]
    assert buttons(message) == [BUTTON]


# Before the change

HOPELESS = [
    {"status": 401},
    {"status": 402},
    {"status": 429},
    {"status": 500},
    {"status": 502},
    {"status": 301, "headers": {"location": "https://elsewhere.example/"}},
]
HARMLESS = [
    {"status": 403, "body": {"error": "No"}},
    {"status": 404, "body": "Not found", "content_type": "text/plain"},
    {"status": 200, "body": b"{"},
    {"status": 200, "body": b"[{"},
    {"status": 200, "body": "<html>"},
    {"status": 200, "body": b" " * 6_000_000},
]


@pytest.mark.parametrize("text", [CREATE, SWITCH, UPDATE])
async def test_a_change_is_not_sent_where_it_could_not_go_well(linked: Room, text: str):
    for fault in HOPELESS:
        linked.keitaro.fail(99, method="GET", **fault)
        answer = await linked.ask(text)
        linked.keitaro.script.clear()

        assert answer.startswith(f"❌ {fault['status']} ")
    assert sent(linked.keitaro) == 0


@pytest.mark.parametrize("text", [CREATE, SWITCH, UPDATE])
async def test_a_change_is_sent_where_only_the_look_before_fails(linked: Room, text: str):
    """But for a stream that is not there: nothing could be changed."""
    faults = [one for one in HARMLESS if text == CREATE or one["status"] != 404]
    for fault in faults:
        linked.keitaro.fail(method="GET", **fault)

        assert (await linked.ask(text)).startswith("✅ ")
    assert sent(linked.keitaro) == len(faults)


# The button


async def open_change(room: Room, text: str = CREATE, *, is_made: bool = False, **how: Any) -> Any:
    """Ask for a change that stays open, and return the message about it."""
    unreadable(room.keitaro)
    in_doubt(room.keitaro, made=is_made, method="PUT" if text == UPDATE else "POST")
    (message,) = await room.say(text, **how)
    room.keitaro.script.clear()
    assert buttons(message) == [BUTTON]
    return message


@pytest.mark.parametrize("text", [CREATE, SWITCH, UPDATE])
@pytest.mark.parametrize("is_made", [True, False])
async def test_the_button_looks_again(linked: Room, text: str, *, is_made: bool):
    """And its message takes the answer; days later, too."""
    message = await open_change(linked, text, is_made=is_made)
    linked.clock.at += 3 * 86_400
    first = await linked.press(message, BUTTON)
    second_press = await entry_of(linked, -2)

    titles = {
        CREATE: ("Stream 1001 is created", "The stream is not there"),
        SWITCH: ("Stream 45 is off", "Stream 45 is as it was before"),
        UPDATE: ("Stream 45 is updated", "Stream 45 is as it was before"),
    }
    done, undone = titles[text]
    if is_made:
        assert lines(first, 2) == [f"✅ {done}", CHECKED]
    else:
        assert lines(first, 3) == [f"❌ {undone}", CHECKED_NOT, SEND_AGAIN]
    assert second_press.outcome == ("done" if is_made else "refused")
    assert (sent(linked.keitaro), len(linked.keitaro.mutations)) == (1, int(is_made))


async def test_what_stays_open_keeps_its_button(linked: Room):
    """In the same words, as often as somebody presses."""
    message = await open_change(linked)
    before = linked.home.messages[message["message_id"]]
    for _ in range(3):
        unreadable(linked.keitaro, first=0)
        text = await linked.press(message, BUTTON)
        message = linked.home.messages[message["message_id"]]

        assert text == before["text"]
        assert buttons(message) == [BUTTON]
    assert sent(linked.keitaro) == 1
    assert (await entry_of(linked, -4)).outcome == "unknown"


@PATIENT
async def test_too_early_the_button_does_not_say_no(linked: Room):
    """A fault of our own breaks the looking off; the tracker may still be at work."""
    linked.keitaro.fail(method="POST", path="streams", cut=True)
    (message,) = await linked.say(CREATE)
    text = await linked.press(message, BUTTON)

    assert message["text"].startswith("⚠️ That is a fault of mine")
    assert text.splitlines() == [f"⚠️ {UNKNOWN}", NO_STREAM, CAMPAIGN]
    assert buttons(linked.home.messages[message["message_id"]]) == [BUTTON]


async def test_the_button_is_under_a_yes_that_is_not_believed(linked: Room):
    linked.keitaro.fail(method="POST", status=200, body=linked.keitaro.streams[45])
    (message,) = await linked.say(SWITCH)
    unreadable(linked.keitaro, first=0)
    still_open = await linked.press(message, BUTTON)
    linked.keitaro.script.clear()
    linked.keitaro.streams[45]["state"] = "disabled"
    done = await linked.press(linked.home.messages[message["message_id"]], BUTTON)

    assert message["text"].startswith("⚠️ The tracker said yes, but shows something else\n")
    assert still_open.splitlines() == [
        "⚠️ The tracker said yes, but shows something else",
        FAILED,
        STREAM,
    ]
    assert lines(done, 2) == ["✅ Stream 45 is off", CHECKED]
    assert sent(linked.keitaro) == 1


async def test_a_creation_that_is_not_as_sent_is_looked_at_by_its_id(linked: Room):
    """No other stream is taken for it."""
    text = CREATE.replace("collect_clicks", "collect_click")
    (message,) = await linked.say(text)
    still_open = await linked.press(message, BUTTON)
    linked.keitaro.streams[1001]["collect_click"] = True
    done = await linked.press(linked.home.messages[message["message_id"]], BUTTON)

    assert buttons(message) == [BUTTON]
    assert still_open.splitlines() == [
        "⚠️ The tracker said yes, but shows something else",
        "I looked: the tracker does not show the change so far.",
        "collect_click: true → not shown",
        "Look again: /stream 1001",
    ]
    assert lines(done, 2) == ["✅ Stream 1001 is created", CHECKED]
    assert [one.path for one in linked.keitaro.requests if "1001" in one.path] == [
        "streams/1001"
    ] * 3


async def test_the_button_works_in_its_own_chat_alone(linked: Room):
    """Whoever copies its data into another chat learns nothing."""
    message = await open_change(linked)
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    group = linked.telegram.group("Other team", linked.owner)
    await linked.link(to=group)
    (elsewhere,) = await linked.say("/settings", to=group)
    asked = len(linked.keitaro.requests)
    for forged in (data, "look:", "look:u0", "look:" + "x" * 59):
        query_id = linked.telegram.press(
            linked.owner, group, elsewhere["message_id"], forged, forged=True
        )
        await linked.settle()
        answer = linked.telegram.queries[query_id].answer

        assert answer["text"] == NOT_HERE
    assert len(data.encode()) <= 64
    assert len(linked.keitaro.requests) == asked
    assert group.messages[elsewhere["message_id"]]["text"] == elsewhere["text"]


async def test_who_may_read_may_look_again(room: Room):
    vera, sam = room.telegram.person("Vera"), room.telegram.person("Sam")
    group = room.telegram.group("Team", vera, sam)
    await room.link(to=group)
    await room.grant(vera, group, "viewer")
    message = await open_change(room, is_made=True, to=group)
    by_stranger = await room.press(message, BUTTON, by=sam)
    by_viewer = await room.press(message, BUTTON, by=vera)

    assert by_stranger == message["text"]
    assert lines(by_viewer, 2) == ["✅ Stream 1001 is created", CHECKED]


async def test_the_button_speaks_russian(linked: Room):
    await linked.say("/settings language ru")
    unreadable(linked.keitaro)
    in_doubt(linked.keitaro)
    (message,) = await linked.say(CREATE)
    linked.keitaro.script.clear()

    assert buttons(message) == ["Проверить снова"]
    assert lines(await linked.press(message, "Проверить снова"), 3) == [
        "❌ Такого потока нет",
        "Я посмотрел ещё раз: в трекере этого изменения нет.",
        "Если ещё нужно, отправьте снова.",
    ]


async def test_another_tracker_is_not_asked(linked: Room):
    """The chat has been linked anew since."""
    message = await open_change(linked, is_made=True)
    await linked.link(tracker=OTHER_TRACKER, key=OTHER_KEY)
    text = await linked.press(message, BUTTON)

    assert text.splitlines() == [
        *OPEN,
        "I could not look: this chat is linked to another tracker now.",
        CAMPAIGN,
    ]


async def test_the_button_goes_with_a_group_that_becomes_a_supergroup(room: Room):
    group = room.telegram.group("Team", room.owner)
    await room.link(to=group)
    message = await open_change(room, is_made=True, to=group)
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    large = room.telegram.group("Large", room.owner)
    await room.bot.bot_data["services"].store.chats.migrate(group.id, large.id)
    (other,) = await room.say("/settings", to=large)
    room.telegram.press(room.owner, large, other["message_id"], data, forged=True)
    await room.settle()

    assert lines(large.messages[other["message_id"]]["text"], 2) == [
        "✅ Stream 1001 is created",
        CHECKED,
    ]


# After a restart


@asynccontextmanager
async def running(
    settings: Settings, telegram: Telegram, keitaro: Keitaro, owner: Person, clock: Clock
) -> AsyncIterator[Room]:
    """Run a bot, so that another can be run after it on the same database."""
    async with AsyncExitStack() as stack:
        application, _ = await stack.enter_async_context(
            assembled(
                settings,
                telegram=httpx.ASGITransport(app=telegram.app),
                tracker=Hosts(tracker_example=keitaro.app),
                limits=Limits(deadline_seconds=5.0),
                now=clock,
            )
        )
        await application.initialize()
        stack.push_async_callback(application.shutdown)
        yield Room(telegram, keitaro, application, owner, clock, settings)


async def test_the_button_works_after_a_restart(
    settings: Settings, telegram: Telegram, keitaro: Keitaro, owner: Person, clock: Clock
):
    world = (settings, telegram, keitaro, owner, clock)
    async with running(*world) as room:
        await room.link()
        message = await open_change(room, is_made=True)
    async with running(*world) as room:
        text = await room.press(message, BUTTON)
        again = room.home.messages[message["message_id"]]

    assert lines(text, 2) == ["✅ Stream 1001 is created", CHECKED]
    assert buttons(again) == ["Turn off", "Undo"]


RESTARTED = "I was restarted while the tracker was at work"


async def left_over(
    room: Room,
    text: str = CREATE,
    *,
    before: Any = None,
    outcome: Any = None,
    answer: Any = None,
    note: str = "",
    chat: Chat | None = None,
) -> str:
    """Say *text* that an earlier process has begun, and return the answer."""
    room.telegram.say(room.owner, room.home, text)
    update = room.telegram.updates.all[-1]
    is_new = text == CREATE
    change = Change(
        f"u{update['update_id']}",
        (chat or room.home).id,
        room.owner.id,
        TRACKER,
        "stream.create" if is_new else "stream.disable",
        {"body": NEW} if is_new else {"body": None, "id": 45},
        before,
    )
    journal = room.bot.bot_data["services"].store.journal
    await journal.begin(change)
    if outcome:
        await journal.end(change.key, outcome, answer, note=note)
    await room.settle()
    return room.telegram.messages(room.home)[-1]["text"]


async def test_a_creation_that_was_at_the_tracker_is_looked_for(linked: Room):
    not_made = await left_over(linked, before=[48, 49, 50])
    unknown = await left_over(linked)
    add_stream(linked.keitaro, NEW)
    created = await left_over(linked, before=[48, 49, 50])

    trouble = f"No clear answer came ({RESTARTED}), so I looked"
    assert lines(not_made, 2) == [
        "❌ The stream was not created",
        f"{trouble} until 0.05 s had passed. It is not there.",
    ]
    assert lines(unknown, 5) == [f"⚠️ {RESTARTED}", "", UNKNOWN, NO_STREAM, CAMPAIGN]
    assert lines(created, 2) == ["✅ Stream 1001 is created", f"{trouble}: it is done."]
    assert sent(linked.keitaro) == 0


async def test_a_switch_that_was_at_the_tracker_is_looked_at(linked: Room):
    before = dict(linked.keitaro.streams[45])
    undone = await left_over(linked, SWITCH, before=before)
    linked.keitaro.streams[45]["state"] = "disabled"
    done = await left_over(linked, SWITCH, before=before)

    assert lines(undone, 1) == ["❌ Stream 45 was not changed"]
    assert lines(done, 1) == ["✅ Stream 45 is off"]
    assert sent(linked.keitaro) == 0


@pytest.mark.parametrize("settings", [LATE_SECONDS - 1.0], indirect=True)
async def test_after_a_long_night_one_look_is_enough(linked: Room):
    """The tracker cannot be at work on it any more."""
    journal = linked.bot.bot_data["services"].store.journal
    linked.telegram.say(linked.owner, linked.home, CREATE)
    key = f"u{linked.telegram.updates.all[-1]['update_id']}"
    body = {"body": NEW}
    await journal.begin(Change(key, linked.home.id, 1, TRACKER, "stream.create", body, []))
    for row in (48, 49, 50):
        linked.keitaro.streams[row]["state"] = "deleted"
    linked.clock.at += LATE_SECONDS
    await linked.settle()
    answer = linked.telegram.messages(linked.home)[-1]["text"]

    assert lines(answer, 1) == ["❌ The stream was not created"]
    assert [one.path for one in linked.keitaro.requests] == ["campaigns/12/streams"]


async def test_what_was_said_before_is_said_again(linked: Room):
    stream = dict(linked.keitaro.streams[45], state="disabled")
    done = await left_over(linked, SWITCH, outcome="done", answer=stream, note=LOOKED)
    gone = await left_over(linked, SWITCH, outcome="done")
    refused = await left_over(linked, SWITCH, outcome="refused", answer="❌ <b>Not at all</b>")
    looks = [one for one in linked.keitaro.requests if one.path == "streams/45"]
    unreadable(linked.keitaro, first=0)
    unknown = await left_over(linked, SWITCH, outcome="unknown", note="<b>It broke</b>")

    assert lines(done, 2) == ["✅ Stream 45 is off", LOOKED]
    assert gone == "✅ Stream 45 is off"
    assert refused == "❌ Not at all"
    assert looks == []
    assert unknown.splitlines() == ["⚠️ It broke", FAILED, STREAM]
    assert sent(linked.keitaro) == 0


# The time


def entry(key: str, begun_at: float) -> Entry:
    change = Change(key, 1, 2, TRACKER, "stream.create", {"body": NEW})
    return Entry(change, begun_at, None, None)


def test_a_clock_that_is_set_does_not_hurry_or_delay():
    """What this process has begun it counts by itself; else it waits no longer than in full."""
    settling = Settling(60.0)
    settling.begin("mine")
    left = {now: settling.left(entry("mine", 1000.0), now) for now in (0.0, 1000.0, 9000.0)}
    by_clock = {now: settling.left(entry("old", 1000.0), now) for now in (0.0, 1010.0, 9000.0)}

    assert all(50.0 < seconds <= 60.0 for seconds in left.values())
    assert by_clock == {0.0: 60.0, 1010.0: 50.0, 9000.0: 0.0}


@PATIENT
async def test_a_clock_that_jumps_while_a_change_is_on_its_way(linked: Room):
    def jump() -> None:
        linked.clock.at += 3600
        add_stream(linked.keitaro, NEW)

    in_doubt(linked.keitaro)
    answer, _ = await asyncio.gather(linked.ask(CREATE), meanwhile(linked.keitaro, jump))

    assert lines(answer, 2) == ["✅ Stream 1001 is created", LOOKED]


async def test_the_time_counts_from_when_the_request_goes_out(linked: Room):
    """A change that waits for a place at a busy tracker is not begun yet."""
    services = linked.bot.bot_data["services"]
    tracker = services.trackers.of(await services.store.chats.linked(linked.home.id))
    first, later = asyncio.Event(), asyncio.Event()
    linked.keitaro.fail(path="streams/45", until=first)
    linked.keitaro.fail(4, path="streams/46", until=later)
    asking = asyncio.create_task(linked.ask(SWITCH))
    while not linked.keitaro.requests:
        await asyncio.sleep(0.005)
    crowd = [asyncio.create_task(tracker.call(STREAM_GET, id=46)) for _ in range(4)]
    while len(linked.keitaro.requests) < 4:
        await asyncio.sleep(0.005)
    first.set()
    while len(linked.keitaro.requests) < 5:
        await asyncio.sleep(0.005)
    linked.clock.at += 500
    later.set()
    await asyncio.gather(asking, *crowd)

    assert (await entry_of(linked)).begun_at == NOON + 500


async def test_what_is_not_ready_is_not_sent(linked: Room):
    services = linked.bot.bot_data["services"]
    tracker = services.trackers.of(await services.store.chats.linked(linked.home.id))

    async def refuse() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await tracker.call(STREAM_DISABLE, id=45, ready=refuse)
    assert linked.keitaro.requests == []


async def test_a_press_while_the_tracker_rests_says_when_to_press_again(linked):
    """The message cannot say more than before, so the one who pressed is told."""
    linked.keitaro.fail(1, method="POST", path="streams", status=504, after_effect=True)
    linked.keitaro.fail_when(lambda _: len(linked.keitaro.mutations) > 0, status=503)
    (message,) = await linked.say(CREATE)
    for _ in range(5):
        await linked.say("/stream 12")
    query = linked.telegram.press(linked.owner, linked.home, message["message_id"], BUTTON)
    await linked.settle()

    told = linked.telegram.answered(query)["text"]
    assert re.fullmatch(r"❌ The tracker was down a moment ago\. Press again in \d+ s\.", told)
