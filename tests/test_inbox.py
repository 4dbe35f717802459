"""The way of an update through the queue that stores it, within one process."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette
from telegram import Update
from telegram.error import NetworkError

from bot.polling import Poller
from bot.telegram_requests import polling_request
from bot.tidying import BATCH, KEPT_SECONDS, tidy, tidying
from bot.unreadable import readable
from bot.web import SECRET_HEADER, Webhook, _routes
from handlers import Redaction
from handlers.arrival import TELLINGS_MOST, TRIES_MOST
from handlers.inbox import StoredQueue
from handlers.texts import RUSSIAN
from keitaro import STREAM_CREATE
from storage import Change

STREAM = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "redirect",
    "name": "Main",
    "action_type": "http",
    "action_payload": "https://offer.example/",
}
CREATE = f"/stream {json.dumps(STREAM)}"
RESTARTED = (
    "⚠️ I was restarted while the tracker was at work\n\n"
    "I do not know whether the change was made. I did not send it again."
)
GIVEN_UP = "❌ I was stopped every time I worked on this, so I have given it up."
LATE = (
    "❌ Not run, because I was away when it came. Send again what you still want:\n"
    "• {} min ago, Olga: {}"
)


def store_of(room):
    return room.bot.bot_data["services"].store


def inbox_of(room):
    return store_of(room).inbox


@asynccontextmanager
async def at_work(room):
    """Have the bot handle what is in its queue."""
    await room.bot.start()
    yield room.bot.update_queue
    await room.bot.stop()
    await room.delivered()


def handed_over(room):
    """Return what Telegram has for the bot, as raw updates."""
    batch = room.telegram.updates.batch(100)
    room.telegram.updates.remove([raw["update_id"] for raw in batch])
    return batch


async def adopted(room, text, *, tries=0, to=None, change=None, outcome="done", told=None, **how):
    """Say *text*, let it be what a dead process left, and return the answers to it.

    That process had begun it *tries* times; *change* makes what it had asked of the tracker, and
    *told* is what it had been told, with *outcome*.
    """
    chat = to or room.home
    message = room.telegram.say(room.owner, chat, text, **how)
    for raw in handed_over(room):
        await inbox_of(room).put(raw["update_id"], json.dumps(raw))
        for _ in range(tries):
            await inbox_of(room).begin_again(raw["update_id"])
        key = f"u{raw['update_id']}"
        if change:
            await store_of(room).journal.begin(change(key))
        if told:
            await store_of(room).journal.end(key, outcome, told)
    async with at_work(room) as queue:
        await queue.adopt(room.bot.bot)
        await queue.join()
    assert await inbox_of(room).owed() == []
    return [answer["text"] for answer in room.since(chat, message)]


def creation_in(room, **other):
    """Return what makes the change that CREATE is about to send."""

    def change(key):
        made = {
            "chat_id": room.home.id,
            "user_id": room.owner.id,
            "address": "https://tracker.example",
            "operation": STREAM_CREATE.name,
            "request": {"body": STREAM},
            "person": "Olga",
        }
        return Change(key=key, **(made | other))

    return change


async def fates(room):
    return await store_of(room).connection.run(
        lambda db: [tuple(row) for row in db.execute("SELECT fate, length(body) > 0 FROM inbox")]
    )


async def test_an_update_is_stored_handled_and_done(linked):
    linked.telegram.say(linked.owner, linked.home, "/stream 12")
    (raw,) = handed_over(linked)
    queue = linked.bot.update_queue
    await queue.put(Update.de_json(raw, linked.bot.bot))
    owed = await inbox_of(linked).owed()
    async with at_work(linked):
        await queue.join()

    assert [row.update_id for row in owed] == [raw["update_id"]]
    assert await fates(linked) == [("done", False)]
    assert linked.telegram.sent[-1]["text"].startswith("✅ DE main · stream 12\n")


async def test_an_update_that_comes_twice_is_passed_on_once(linked):
    queue = linked.bot.update_queue
    for _ in range(2):
        await queue.put(Update(7))

    assert queue.qsize() == 1


async def test_what_cannot_be_stored_is_not_acknowledged(linked):
    """It is asked for again and again, and nothing behind it is."""
    linked.telegram.say(linked.owner, linked.home, "/help")
    await store_of(linked).close()
    poller = Poller(linked.bot)
    for _ in range(2):
        with pytest.raises(NetworkError, match="not stored: "):
            await poller.fetch(0)

    assert len(linked.telegram.updates) == 1


JSON = {"Content-Type": "application/json"}


async def test_what_comes_through_the_webhook_is_stored_first(linked, caplog):
    bot = linked.bot
    hook = Webhook(bot, "http://127.0.0.1/hook", "fake-secret")
    bot_routes = _routes(None, hook)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=Starlette(routes=bot_routes)),
        base_url="http://127.0.0.1",
        headers={SECRET_HEADER: "fake-secret"},
    )
    linked.telegram.say(linked.owner, linked.home, "/help")
    (good,) = handed_over(linked)
    bad = {"update_id": 7, "message": {"chat": "nonsense"}}

    async with client:
        taken = [await client.post(hook.path, json=raw) for raw in (good, bad, bad, {}, [])]
        deep = await client.post(hook.path, content=b"[" * 100_000, headers=JSON)
        owed = await inbox_of(linked).owed()
        await store_of(linked).close()
        later = dict(good, update_id=good["update_id"] + 1)
        refused = [
            await client.post(hook.path, json=raw) for raw in (later, dict(bad, update_id=8))
        ]

    assert [answer.status_code for answer in (*taken, deep)] == [200] * 6
    assert [row.update_id for row in owed] == [good["update_id"]]
    assert [answer.status_code for answer in refused] == [500, 500]
    assert "Telegram will bring it again" in caplog.text


async def test_what_nobody_can_read_is_set_aside(linked, settings):
    fine = {"update_id": 5, "message": None}
    bad = {"update_id": 6, "message": {"chat": "nonsense"}}
    polling = polling_request(settings, None, inbox_of(linked), redaction=Redaction())
    await polling.shutdown()
    answer = json.dumps({"ok": True, "result": [fine, bad]}).encode()
    mended = json.loads(await readable(answer, inbox_of(linked)))

    assert mended == {"ok": True, "result": [fine, {"update_id": 6}]}
    assert await fates(linked) == [("unreadable", True)]


@pytest.mark.parametrize(
    "answer", [b"{", b"[]", b'{"ok": true}', b'{"ok": true, "result": true}', b'{"result": []}']
)
async def test_other_answers_are_left_alone(linked, answer):
    assert await readable(answer, inbox_of(linked)) == answer


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
async def test_an_id_that_no_database_holds_is_set_aside(linked, number):
    """Else its answer could not be stored, and it would end every process that meets it."""
    bad = {"update_id": 6, "message": {"chat": [{"id": number}]}}
    mended = await readable(json.dumps({"result": [bad]}).encode(), inbox_of(linked))

    assert json.loads(mended)["result"] == [{"update_id": 6}]
    assert await fates(linked) == [("unreadable", True)]


@pytest.mark.parametrize("update", [{"message": 1}, {"update_id": "x"}, 7, None])
async def test_an_update_without_an_id_is_asked_for_again(linked, update):
    with pytest.raises(NetworkError, match="without an id"):
        await readable(json.dumps({"result": [update]}).encode(), inbox_of(linked))


async def test_what_cannot_be_set_aside_is_asked_for_again(linked):
    await store_of(linked).close()

    with pytest.raises(NetworkError, match="not stored"):
        await readable(b'{"result": [{"update_id": 6, "message": 1}]}', inbox_of(linked))


async def test_what_is_stored_and_cannot_be_read_is_set_aside(linked, caplog):
    await inbox_of(linked).put(7, '{"update_id": 7, "message": 1}')

    assert await linked.bot.update_queue.adopt(linked.bot.bot) == 1
    assert await fates(linked) == [("unreadable", True)]
    assert "update 7 cannot be read any more" in caplog.text


@pytest.mark.parametrize("how", ["file", "reply"])
async def test_what_came_with_a_command_is_there_after_a_restart(linked, how):
    """An update is stored whole: its file, and the message that it replies to."""
    payload = json.dumps(STREAM)
    first = linked.telegram.say(linked.owner, linked.home, payload)
    handed_over(linked)
    if how == "file":
        linked.telegram.say(linked.owner, linked.home, "/stream", attach=payload.encode())
    else:
        reply_to = first["message_id"]
        linked.telegram.say(linked.owner, linked.home, "/stream", reply_to=reply_to)
    (raw,) = handed_over(linked)
    update = Update.de_json(raw, linked.bot.bot)
    await inbox_of(linked).put(update.update_id, update.to_json())
    async with at_work(linked) as queue:
        await queue.adopt(linked.bot.bot)
        await queue.join()

    assert linked.telegram.sent[-1]["text"].startswith("✅ Stream 1001 is created\n")


async def test_a_change_that_was_done_is_told_and_not_sent(linked):
    done = {**linked.keitaro.streams[12], **STREAM, "id": 1001}
    answers = await adopted(linked, CREATE, change=creation_in(linked), told=done)

    assert len(answers) == 1
    assert answers[0].startswith("✅ Stream 1001 is created\n")
    assert linked.keitaro.mutations == []


async def test_a_change_that_was_refused_is_told_in_the_same_words(linked):
    change, said = creation_in(linked), "❌ <b>422 Unprocessable Entity</b>"
    answers = await adopted(linked, CREATE, change=change, outcome="refused", told=said)

    assert answers == ["❌ 422 Unprocessable Entity"]
    assert linked.keitaro.requests == []


@pytest.mark.parametrize(("status", "outcome"), [(422, "refused"), (502, "refused"), (200, "done")])
async def test_what_the_tracker_says_is_noted(linked, status, outcome):
    if status != 200:
        linked.keitaro.fail(method="POST", path="streams", status=status, body={})
    linked.telegram.say(linked.owner, linked.home, CREATE)
    (raw,) = handed_over(linked)
    await linked.bot.process_update(Update.de_json(raw, linked.bot.bot))
    entry = await store_of(linked).journal.entry(f"u{raw['update_id']}")

    assert replace(entry.change, before=None) == creation_in(linked)(entry.change.key)
    assert entry.change.before == [11, 12, 13, 14]
    assert entry.outcome == outcome


async def test_what_another_tracker_was_asked_says_nothing(linked):
    """Linked anew in between: the earlier answer is not this tracker's."""
    other = creation_in(linked, address="https://other.example")
    answers = await adopted(linked, CREATE, change=other)

    assert len(answers) == 1
    assert answers[0].startswith(RESTARTED)
    assert linked.keitaro.mutations == []


@pytest.mark.parametrize("text", ["/stream 12 onn", "/stream {}", "/stream {"])
async def test_no_is_not_said_of_what_may_have_been_sent(linked, text):
    answers = await adopted(linked, text, change=creation_in(linked))

    assert answers == [RESTARTED]


@pytest.mark.parametrize("more", range(TELLINGS_MOST))
async def test_what_was_begun_too_often_is_given_up(linked, more):
    """Somebody may have ended the process just while it told so."""
    answers = await adopted(linked, "/stream 12", tries=TRIES_MOST + more)

    assert answers == [GIVEN_UP]
    assert linked.keitaro.requests == []
    assert await fates(linked) == [("given_up", True)]


async def test_what_was_sent_and_begun_too_often_is_unknown(linked):
    answers = await adopted(linked, CREATE, tries=TRIES_MOST, change=creation_in(linked))

    assert answers == [RESTARTED]


async def test_what_even_ends_the_process_that_gives_it_up_is_left_in_peace(linked, caplog):
    answers = await adopted(linked, "/stream 12", tries=TRIES_MOST + TELLINGS_MOST)

    assert answers == []
    assert await fates(linked) == [("given_up", True)]
    assert "was given up unanswered" in caplog.text


async def test_small_talk_in_a_group_is_given_up_in_silence(linked):
    group = linked.telegram.group("Team", linked.owner)
    handed_over(linked)
    answers = await adopted(linked, "good morning", tries=TRIES_MOST, to=group)

    assert answers == []


async def test_a_press_that_is_given_up_is_told_to_the_one_who_pressed(linked):
    (shown,) = await linked.say("/settings")
    query = linked.telegram.press(linked.owner, linked.home, shown["message_id"], "Русский")
    (raw,) = handed_over(linked)
    await inbox_of(linked).put(raw["update_id"], json.dumps(raw))
    for _ in range(TRIES_MOST):
        await inbox_of(linked).begin_again(raw["update_id"])
    async with at_work(linked) as queue:
        await queue.adopt(linked.bot.bot)
        await queue.join()

    assert linked.telegram.answered(query)["text"] == GIVEN_UP.removeprefix("❌ ")


LATENESS = [
    ("/stream 12", 599, None),
    ("/stream 12", 660, 11),
    ("/help", 7300, 121),
    ("/stream 12 off", 119, None),
    ("/stream 12 off", 180, 3),
    ("/unlink", 180, 3),
]


@pytest.mark.parametrize(("text", "seconds", "minutes"), LATENESS)
async def test_a_command_that_waited_too_long_is_not_run(unasked, text, seconds, minutes):
    answer = await unasked.ask(text, date=unasked.clock.at - seconds)

    assert answer == LATE.format(minutes, text) if minutes else answer.startswith("✅")
    assert bool(unasked.keitaro.mutations) == ("off" in text and not minutes)


async def test_a_late_command_is_refused_in_russian_too(linked):
    await linked.ask("/settings ru")
    answer = await linked.ask("/stream 12", date=linked.clock.at - 900)

    line = RUSSIAN.late_line.format(minutes=15, person="Olga", command="/stream 12")
    assert answer == f"❌ {RUSSIAN.late_title}\n{line}"


async def test_a_late_change_that_was_begun_is_looked_at(linked):
    date = linked.clock.at - 7200
    answers = await adopted(linked, CREATE, change=creation_in(linked), date=date)

    assert len(answers) == 1
    assert answers[0].startswith(RESTARTED)


async def dated(room, seconds: float) -> Update:
    """Return the update of a change whose date is *seconds* old, as a clock that is off says."""
    room.telegram.say(room.owner, room.home, "/stream 12 off")
    [raw] = room.telegram.updates.batch(1)
    room.telegram.updates.remove([raw["update_id"]])
    raw["message"]["date"] = int(room.clock() - seconds)
    return Update.de_json(raw, room.bot.bot)


def said(room) -> list[str]:
    """Return what the bot has said in the owner's private chat."""
    return [one["text"] for one in room.telegram.messages(room.home) if one["from"]["is_bot"]]


@pytest.mark.parametrize("seconds", [-3600.0, 30 * 86_400.0, 1_700_000_000.0])
async def test_a_date_that_cannot_be_true_makes_nothing_late(unasked, seconds):
    """Telegram keeps nothing for more than a day; then only two clocks differ."""
    await unasked.bot.process_update(await dated(unasked, seconds))
    await unasked.delivered()

    [answer] = said(unasked)
    assert answer.startswith("✅ Stream 12 is off")


async def test_what_was_stored_for_days_is_late_whatever_its_date(linked):
    queue = linked.bot.update_queue
    await queue.put(await dated(linked, 30 * 86_400.0))
    linked.clock.at += 3 * 86_400
    await queue.get()
    await queue.adopt(linked.bot.bot)
    await linked.bot.process_update(await queue.get())
    await linked.delivered()

    assert said(linked) == [LATE.format(3 * 24 * 60, "/stream 12 off")]
    assert linked.keitaro.requests == []


async def test_a_press_under_an_old_message_is_not_late(linked):
    (shown,) = await linked.say("/settings")
    linked.clock.at += 7200

    assert "Язык" in await linked.press(shown, "Русский")


@pytest.mark.parametrize(("seconds", "is_run"), [(100, True), (130, False)])
async def test_a_press_that_a_dead_process_left_is_not_run_when_nobody_waits(
    linked, seconds, is_run
):
    (shown,) = await linked.say("/settings")
    linked.telegram.press(linked.owner, linked.home, shown["message_id"], "Русский")
    queue = linked.bot.update_queue
    for raw in handed_over(linked):
        await queue.put(Update.de_json(raw, linked.bot.bot))
    await queue.get()
    queue.task_done()
    linked.clock.at += seconds
    async with at_work(linked):
        await queue.adopt(linked.bot.bot)
        await queue.join()
    text = linked.home.messages[shown["message_id"]]["text"]

    assert ("Язык: Русский" in text) is is_run
    assert (await fates(linked))[-1] == ("done" if is_run else "late", False)


async def test_late_commands_of_many_chats_are_told_when_no_more_come_in_any(linked):
    """Those of one chat may lie far apart in a long backlog."""
    people = [linked.owner, linked.telegram.person("Ann")]
    await linked.grant(people[1], linked.telegram.private(people[1]), "viewer")
    late = linked.bot.bot_data["services"].late
    late._quiet_seconds = 0.2
    for number in range(12):
        person = people[0] if number in (0, 11) else people[1]
        linked.telegram.say(
            person, linked.telegram.private(person), "/help", date=linked.clock.at - 7200
        )
        for raw in handed_over(linked):
            await linked.bot.process_update(Update.de_json(raw, linked.bot.bot))
        await asyncio.sleep(0.05)
    await linked.telegram.settled(lambda telegram: len(telegram.sent) == 2)

    assert [one["text"].count("\n• ") for one in linked.telegram.sent] == [2, 10]


async def test_late_commands_that_never_end_are_told_all_the_same(linked):
    """Where a clock is off, every command is late."""
    late = linked.bot.bot_data["services"].late
    linked.telegram.say(linked.owner, linked.home, "/help", date=linked.clock.at - 7200)
    for raw in handed_over(linked):
        await linked.bot.process_update(Update.de_json(raw, linked.bot.bot))
    late._latest = asyncio.get_running_loop().time() + 0.1
    linked.telegram.say(linked.owner, linked.home, "/help", date=linked.clock.at - 7200)
    late._quiet_seconds = 60.0
    for raw in handed_over(linked):
        await linked.bot.process_update(Update.de_json(raw, linked.bot.bot))
    await linked.telegram.settled(lambda telegram: len(telegram.sent) == 1)

    assert linked.telegram.sent[0]["text"].count("\n• ") == 2


async def test_waiting_for_ones_own_commands_is_not_lateness(unasked):
    """What counts is when it came, not when its turn comes."""
    unasked.telegram.say(unasked.owner, unasked.home, "/stream 12 off")
    queue = unasked.bot.update_queue
    for raw in handed_over(unasked):
        await queue.put(Update.de_json(raw, unasked.bot.bot))
    unasked.clock.at += 7200
    async with at_work(unasked):
        await queue.join()

    assert unasked.telegram.sent[-1]["text"].startswith("✅ Stream 12 is off\n")


async def test_a_database_that_fails_leaves_the_update_to_the_next_process(linked, caplog):
    """The person is told nothing, so the update is not done; the process is to end."""
    linked.telegram.say(linked.owner, linked.home, "/help")
    queue = linked.bot.update_queue
    for raw in handed_over(linked):
        await queue.put(Update.de_json(raw, linked.bot.bot))
    await store_of(linked).connection.run(lambda db: db.execute("DROP TABLE owners").close())
    await store_of(linked).connection.run(lambda db: db.execute("DROP TABLE chats").close())
    async with at_work(linked):
        await queue.join()

    assert queue.failed.is_set()
    assert queue.reason.startswith("the database failed, a new start is needed: ")
    assert len(await inbox_of(linked).owed()) == 1
    assert linked.telegram.sent == []


async def test_an_update_that_cannot_be_counted_is_not_begun(linked):
    queue = StoredQueue(inbox_of(linked), now=linked.clock)
    await inbox_of(linked).put(7, '{"update_id": 7}')
    await queue.adopt(linked.bot.bot)
    await store_of(linked).close()

    assert not await queue.begin(Update(7))
    assert queue.failed.is_set()


async def test_what_the_queue_has_not_seen_comes_now_and_needs_no_note(linked):
    queue = StoredQueue(inbox_of(linked), now=linked.clock)
    await queue.finish(Update(7))

    assert queue.arrival(Update(7)).at == linked.clock.at
    assert await queue.begin(Update(7))


async def test_old_updates_are_removed_batch_by_batch(linked, caplog):
    for number in range(BATCH + 1):
        await inbox_of(linked).set_aside(number, "{}")
    linked.clock.at += KEPT_SECONDS + 1
    await inbox_of(linked).put(9000, "{}")
    async with tidying(store_of(linked)):
        while len(await fates(linked)) > 1:
            await asyncio.sleep(0)
    left = await inbox_of(linked).owed()
    await store_of(linked).close()
    await tidy(store_of(linked))

    assert [row.update_id for row in left] == [9000]
    assert "old updates and answers not removed" in caplog.text
