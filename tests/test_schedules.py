"""Reports that come by themselves: made, listed, due, late, and paused where nobody wants them."""

import asyncio
import json
import re
from typing import Any

import pytest
from telegram import Update

from handlers import SERVICES
from handlers.stats.due import sweep
from handlers.stats.period import Period
from handlers.stats.phrase import read_phrase
from handlers.stats.query import Query
from handlers.stats.rule import Rule
from handlers.texts import ENGLISH, RUSSIAN, Texts
from sandbox.telegram import Chat, Person
from storage import Schedule
from tests.conftest import NOON, Clock, Room

DAY, HOUR = 86_400.0, 3600.0
# Noon in Greenwich is 14:00 in Kyiv; the next 9:00 there is at 7:00 in Greenwich.
NINE_IN_KYIV = NOON + 19 * HOUR
ADD = "/schedules add yesterday campaign every day 9:00"
LINE = "every day at 09:00 (Europe/Kyiv)"
GONE = "❌ There is no such schedule here any more. See /schedules"


@pytest.fixture
async def kyiv(linked: Room) -> Room:
    """A bot in a linked private chat whose clocks are those of Kyiv."""
    await linked.ask("/settings language en")
    await linked.ask("/settings timezone Europe/Kyiv")
    linked.keitaro.requests.clear()
    return linked


@pytest.fixture
async def group(kyiv: Room) -> Chat:
    """A linked group, where it is as late as in Kyiv."""
    chat = kyiv.telegram.group("Team", kyiv.owner)
    await kyiv.link(to=chat)
    await kyiv.ask("/settings timezone Europe/Kyiv", to=chat)
    return chat


async def schedules(room: Room, chat: Chat | None = None) -> list[Schedule]:
    store = room.bot.bot_data[SERVICES].store
    return await store.schedules.of_chat((chat or room.home).id)


async def owed(room: Room) -> int:
    return len(await room.bot.bot_data[SERVICES].store.inbox.owed())


async def come(room: Room) -> None:
    """Let everything that is due now come, as the process does."""
    await sweep(room.bot)
    await handle(room)


async def handle(room: Room) -> None:
    while not room.bot.update_queue.empty():
        update = room.bot.update_queue.get_nowait()
        await room.bot.update_processor.process_update(update, room.bot.process_update(update))
    await room.delivered()


async def coming(room: Room, at: float, chat: Chat | None = None) -> list[dict[str, Any]]:
    """Return what the bot says in a chat by itself at the moment *at*."""
    known = {one["message_id"] for one in room.telegram.messages(chat or room.home)}
    room.clock.at = at
    await come(room)
    messages = room.telegram.messages(chat or room.home)
    return [one for one in messages if one["message_id"] not in known]


def sounds(room: Room) -> list[bool]:
    """Return of each message of the bot whether it made a sound, in order."""
    calls = [one for one in room.telegram.calls if one.method == "sendMessage"]
    return [str(one.parameters.get("disable_notification")).lower() != "true" for one in calls]


def ranges(room: Room) -> list[dict[str, str]]:
    """Return of which time figures were asked, but for those that are compared with them."""
    reports = [one.body for one in room.keitaro.requests if one.path == "report/build"]
    return [body["range"] for body in reports if body["limit"] != 1]


async def test_a_schedule_says_when_it_comes_next(kyiv: Room):
    answer = await kyiv.ask(ADD)

    assert answer.startswith("✅ ")
    assert answer.split("\n")[1:] == [LINE, "next: 2026-11-23 09:00"]
    [made] = await schedules(kyiv)
    assert (made.rule, made.time_zone, made.next_at) == ("day 9:00", "Europe/Kyiv", NINE_IN_KYIV)
    assert kyiv.keitaro.requests == []


async def test_a_date_without_a_year_is_the_last_one_in_the_chat(kyiv: Room):
    answer = await kyiv.ask("/schedules add 23.11 campaign every day 9:00")

    assert answer.split("\n")[0] == "✅ 2025-11-23 by campaign"


async def test_a_report_comes_quietly_at_its_time_every_day_and_only_then(kyiv: Room):
    await kyiv.ask(ADD)

    early = await coming(kyiv, NINE_IN_KYIV - 1)
    [first] = await coming(kyiv, NINE_IN_KYIV)
    again = await coming(kyiv, NINE_IN_KYIV + 1)
    [second] = await coming(kyiv, NINE_IN_KYIV + DAY)

    assert (early, again) == ([], [])
    for one in (first, second):
        assert one["text"].startswith("✅ ")
        assert one["text"].split("\n")[-1].startswith("⏰ ")
        assert one["text"].endswith(f", {LINE}")
        assert "reply_to_message" not in one
    assert sounds(kyiv)[-2:] == [False, False]
    assert sounds(kyiv)[:-2] == [True] * (len(sounds(kyiv)) - 2)
    assert ranges(kyiv) == [
        {"from": "2026-11-22", "to": "2026-11-22", "timezone": "Europe/Kyiv"},
        {"from": "2026-11-23", "to": "2026-11-23", "timezone": "Europe/Kyiv"},
    ]
    assert await owed(kyiv) == 0


async def test_what_was_missed_comes_once_for_the_last_time_and_says_so(kyiv: Room):
    await kyiv.ask(ADD)

    answers = await coming(kyiv, NINE_IN_KYIV + 3 * DAY + 2 * HOUR)
    [timely] = await coming(kyiv, NINE_IN_KYIV + 4 * DAY)

    assert [one["text"].split("\n")[-1] for one in answers] == ["late: due at 2026-11-26 09:00"]
    assert ranges(kyiv)[0]["from"] == "2026-11-25"
    assert "late" not in timely["text"]


async def test_a_report_comes_to_the_topic_where_it_was_asked_for(kyiv: Room):
    forum = kyiv.telegram.group("Forum", kyiv.owner, forum=True)
    await kyiv.link(to=forum)
    thread = forum.topic("Figures")
    [made] = await kyiv.say("/schedules add yesterday campaign every hour", to=forum, thread=thread)

    [came] = await coming(kyiv, NOON + HOUR, forum)

    assert made["message_thread_id"] == came["message_thread_id"] == thread
    assert came["text"].endswith("every hour at :00 (UTC)")


async def test_a_report_for_a_topic_that_is_gone_comes_to_the_group(kyiv: Room):
    forum = kyiv.telegram.group("Forum", kyiv.owner, forum=True)
    await kyiv.link(to=forum)
    thread = forum.topic("Figures")
    await kyiv.say("/schedules add yesterday campaign every hour", to=forum, thread=thread)
    del forum.topics[thread]

    [came] = await coming(kyiv, NOON + HOUR, forum)

    assert "message_thread_id" not in came
    assert came["text"].startswith("✅ ")


async def test_a_chat_that_shuts_the_bot_out_pauses_its_schedules_until_they_are_resumed(
    kyiv: Room,
):
    await kyiv.ask(ADD)
    await kyiv.ask("/schedules add today country every hour")
    kyiv.telegram.block(kyiv.owner)
    await coming(kyiv, NOON + HOUR)
    unreachable = await kyiv.bot.bot_data[SERVICES].store.chats.get(kyiv.home.id)
    asked = len(ranges(kyiv))
    nothing = await coming(kyiv, NINE_IN_KYIV)
    reasons = [one.paused for one in await schedules(kyiv)]
    still = await kyiv.bot.bot_data[SERVICES].store.chats.get(kyiv.home.id)
    kyiv.telegram.unblock(kyiv.owner)
    listed = await kyiv.ask("/schedules")
    resumed = await kyiv.ask("/schedules resume 1")
    came = await coming(kyiv, NINE_IN_KYIV + DAY)

    assert unreachable.unreachable_at == still.unreachable_at is not None
    assert (nothing, reasons) == ([], ["unreachable", "unreachable"])
    assert listed.count("paused: I could not write here") == 2
    assert resumed.endswith(f"{LINE}\nnext: 2026-11-24 09:00")
    assert len(came) == 1
    assert len(ranges(kyiv)) == asked + 1


async def test_what_was_stored_for_a_chat_that_is_shut_by_now_is_not_run(kyiv: Room):
    await kyiv.ask(ADD)
    kyiv.clock.at = NINE_IN_KYIV
    await sweep(kyiv.bot)
    await kyiv.bot.bot_data[SERVICES].store.chats.set_unreachable(kyiv.home.id, NINE_IN_KYIV)
    await handle(kyiv)

    [made] = await schedules(kyiv)
    assert made.paused == "unreachable"
    assert kyiv.keitaro.requests == []
    assert await owed(kyiv) == 0


async def test_an_author_who_may_not_any_more_is_told_of_once(kyiv: Room, group: Chat):
    ann = kyiv.telegram.person("Ann")
    group.members[ann.id] = "member"
    await kyiv.grant(ann, group, "operator")
    for words in ("yesterday", "today"):
        text = f"/schedules add {words} campaign every day 9:00"
        assert (await kyiv.ask(text, by=ann, to=group)).startswith("✅")
    await kyiv.grant(ann, group, "viewer")

    told = await coming(kyiv, NINE_IN_KYIV, group)
    silence = await coming(kyiv, NINE_IN_KYIV + DAY, group)
    resumed = await kyiv.ask("/schedules resume 1", to=group)
    [came] = await coming(kyiv, NINE_IN_KYIV + 2 * DAY, group)

    assert [one["text"].partition(":")[0] for one in told] == ["❌ Paused"]
    assert silence == []
    assert resumed.endswith("next: 2026-11-25 09:00")
    assert came["text"].startswith("✅ ")
    assert [one.paused for one in await schedules(kyiv, group)] == [None, "role"]


async def test_a_chat_that_is_not_linked_is_told_once_and_all_is_paused(kyiv: Room):
    await kyiv.ask(ADD)
    await kyiv.ask("/schedules add today campaign every day 9:00")
    await kyiv.ask("/unlink yes")

    told = await coming(kyiv, NINE_IN_KYIV)
    silence = await coming(kyiv, NINE_IN_KYIV + DAY)

    assert [one["text"].split(":")[0] for one in told] == ["❌ All schedules here are paused"]
    assert silence == []
    assert [one.paused for one in await schedules(kyiv)] == ["unlinked", "unlinked"]
    assert not sounds(kyiv)[-1]


async def test_a_tracker_that_fails_is_told_of_with_what_was_due(kyiv: Room):
    await kyiv.ask(ADD)
    kyiv.keitaro.fail(20, status=500, path="report/build")

    [answer] = await coming(kyiv, NINE_IN_KYIV)

    assert answer["text"].startswith("❌ ")
    assert answer["text"].endswith(f", {LINE}")
    assert not sounds(kyiv)[-1]


async def test_a_group_that_becomes_a_supergroup_takes_its_schedules_along(kyiv: Room, group: Chat):
    """Also what was stored before it moved, and is run after."""
    await kyiv.ask(ADD, to=group)
    kyiv.clock.at = NINE_IN_KYIV
    await sweep(kyiv.bot)
    new = kyiv.telegram.migrate(group)
    await kyiv.settle()
    await handle(kyiv)
    [next_day] = await coming(kyiv, NINE_IN_KYIV + DAY, new)

    texts = [
        one["text"] for one in kyiv.telegram.messages(new) if one.get("text", "").startswith("✅")
    ]
    assert [text.endswith(LINE) for text in texts] == [True, True]
    assert next_day["text"] == texts[1]


async def test_the_zone_of_the_chat_moves_no_schedule(kyiv: Room):
    await kyiv.ask(ADD)
    await kyiv.ask("/settings timezone America/New_York")
    [came] = await coming(kyiv, NINE_IN_KYIV)

    assert came["text"].endswith(f", {LINE}")
    assert ranges(kyiv)[0]["timezone"] == "Europe/Kyiv"
    assert f"{LINE}\nnext: 2026-11-24 09:00" in await kyiv.ask("/schedules")


async def test_the_same_is_not_scheduled_twice(kyiv: Room):
    await kyiv.ask(ADD)
    again = await kyiv.ask(ADD)
    other = await kyiv.ask("/schedules add yesterday campaign every day 9:30")

    assert again.startswith("❌ This comes here already:\n\n1. ")
    assert other.startswith("✅ ")
    assert len(await schedules(kyiv)) == 2


async def test_fifty_are_enough(kyiv: Room):
    for minute in range(50):
        await kyiv.ask(f"/schedules add yesterday campaign every day 9:{minute:02}")
    refused = await kyiv.ask("/schedules add yesterday campaign every day 10:00")

    assert refused.startswith("❌ 50 schedules are as many as a chat may have.")
    assert len(await schedules(kyiv)) == 50


async def test_the_list_is_turned(kyiv: Room):
    for minute in range(8):
        await kyiv.ask(f"/schedules add yesterday campaign every day 9:{minute:02}")
    [listed] = await kyiv.say("/schedules")
    second = await kyiv.press(listed, "More ›")
    first = await kyiv.press(listed, "‹ Back")

    assert listed["text"].startswith("✅ Schedules of this chat\n1–6 / 8\n\n1. ")
    assert second.startswith("✅ Schedules of this chat\n7–8 / 8\n\n7. ")
    assert first == listed["text"]


async def test_buttons_pause_resume_run_and_remove(kyiv: Room):
    await kyiv.ask(ADD)
    [listed] = await kyiv.say("/schedules")
    paused = await kyiv.press(listed, "Pause 1")
    nothing = await coming(kyiv, NINE_IN_KYIV)
    resumed = await kyiv.press(listed, "Resume 1")
    await kyiv.press(listed, "Run 1")
    ran = kyiv.telegram.messages(kyiv.home)[-1]
    asked = await kyiv.press(listed, "Remove 1")
    kept = await kyiv.press(listed, "Keep")
    await kyiv.press(listed, "Remove 1")
    removed = await kyiv.press(listed, "Yes, remove")

    assert paused.endswith(f"{LINE}\n⏸ paused")
    assert nothing == []
    assert resumed.endswith(f"{LINE}\nnext: 2026-11-24 09:00")
    assert ran["text"].startswith("✅ ")
    assert ran["text"].endswith(LINE)
    assert asked.startswith("❔ Remove this schedule?\n\n1. ")
    assert kept == resumed
    assert removed.startswith("✅ Removed:\n⏰ ")
    assert await schedules(kyiv) == []
    assert len(ranges(kyiv)) == 1


async def test_words_pause_resume_run_and_remove(kyiv: Room):
    await kyiv.ask(ADD)
    answers = [await kyiv.ask(f"/schedules {act} 1") for act in ("pause", "resume", "now")]
    [asked] = await kyiv.say("/schedules remove 1")
    await kyiv.press(asked, "Yes, remove")

    assert answers[0].endswith("⏸ paused")
    assert answers[1].endswith("next: 2026-11-23 09:00")
    assert answers[2].endswith(LINE)
    assert await kyiv.ask("/schedules") == (
        "✅ Nothing is scheduled here. For example:\n"
        "/schedules add yesterday campaign every day 9:00"
    )


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("pause 3", GONE),
        ("now 3", GONE),
        ("remove 3", GONE),
        ("resume 3", GONE),
        ("sing", "❌ I do not understand “sing” after /schedules. See /help schedules"),
        ("pause", "❌ I do not understand “pause” after /schedules. See /help schedules"),
        ("pause x", "❌ I do not understand “pause x” after /schedules. See /help schedules"),
        (
            "add today campaign",
            "❌ How often? End with it, for example: every day 9:00",
        ),
    ],
)
async def test_what_makes_no_sense_is_said(kyiv: Room, words: str, answer: str):
    assert await kyiv.ask(f"/schedules {words}") == answer


async def test_a_schedule_of_another_chat_is_out_of_reach(kyiv: Room, group: Chat):
    await kyiv.ask(ADD)

    assert await kyiv.ask("/schedules pause 1", to=group) == GONE
    assert [one.paused for one in await schedules(kyiv)] == [None]


async def test_a_removed_schedule_is_not_run_though_it_was_stored(kyiv: Room):
    await kyiv.ask(ADD)
    kyiv.clock.at = NINE_IN_KYIV
    await sweep(kyiv.bot)
    await kyiv.bot.bot_data[SERVICES].store.schedules.remove(kyiv.home.id, 1)
    await handle(kyiv)

    assert kyiv.keitaro.requests == []
    assert await owed(kyiv) == 0


async def shown_report(room: Room) -> int:
    """Keep a report as if it had been shown, and return its number."""
    query = Query("report", {"dimensions": ["country"], "measures": ["clicks"]}, Period("day"))
    shown = room.bot.bot_data[SERVICES].store.shown
    return await shown.keep(room.home.id, query.packed(), {})


async def test_every_day_under_a_report_is_asked_in_three_steps(kyiv: Room):
    report_id = await shown_report(kyiv)
    report = await kyiv.bot.bot.send_message(kyiv.home.id, "✅ figures")
    kyiv.telegram.press(kyiv.owner, kyiv.home, report.message_id, f"due:{report_id}", forged=True)
    await kyiv.settle()
    question = kyiv.telegram.messages(kyiv.home)[-1]
    hours = await kyiv.press(question, "Weekdays")
    made = await kyiv.press(question, "08")

    assert question["text"].endswith("\nHow often is this to come?")
    assert hours.endswith("\nWeekdays, at which hour? (Europe/Kyiv)")
    assert made.endswith("\nevery weekday at 08:00 (Europe/Kyiv)\nnext: 2026-11-23 08:00")
    assert kyiv.home.messages[report.message_id]["text"] == "✅ figures"
    assert [one.rule for one in await schedules(kyiv)] == ["weekday 8:00"]


async def test_every_hour_needs_no_hour(kyiv: Room):
    report_id = await shown_report(kyiv)
    report = await kyiv.bot.bot.send_message(kyiv.home.id, "✅ figures")
    data = f"due:{report_id}:hour"
    kyiv.telegram.press(kyiv.owner, kyiv.home, report.message_id, data, forged=True)
    await kyiv.settle()

    assert [one.rule for one in await schedules(kyiv)] == ["hour 0:00"]


async def test_the_longest_data_of_a_button_fits():
    assert len(f"due:{'9' * 12}:weekday:23") <= 64
    assert len(f"sched:resume:{'9' * 12}") <= 64


async def test_nobody_can_send_what_looks_like_a_due_time(kyiv: Room):
    """What is due is known by a number that no update of Telegram has."""
    await kyiv.ask(ADD)
    answer = await kyiv.ask(json.dumps({"schedule": 1, "at": NINE_IN_KYIV}))

    assert answer.startswith("❔ ")
    assert kyiv.keitaro.requests == []


async def test_a_due_time_does_not_open_a_chat_that_is_shut(kyiv: Room, clock: Clock):
    await kyiv.ask(ADD)
    chats = kyiv.bot.bot_data[SERVICES].store.chats
    await chats.set_unreachable(kyiv.home.id, NOON)
    await coming(kyiv, NINE_IN_KYIV)

    assert (await chats.get(kyiv.home.id)).unreachable_at == NOON


async def test_the_next_process_runs_what_this_one_has_stored(kyiv: Room):
    """Between storing and passing on, nothing is lost and nothing comes twice."""
    await kyiv.ask(ADD)
    kyiv.clock.at = NINE_IN_KYIV
    await sweep(kyiv.bot)
    lost = kyiv.bot.update_queue.get_nowait()
    await kyiv.bot.update_queue.adopt(kyiv.bot.bot)
    await sweep(kyiv.bot)
    waiting = kyiv.bot.update_queue.qsize()
    await handle(kyiv)

    assert isinstance(lost, Update)
    assert lost.update_id == -1
    assert waiting == 1
    assert len(ranges(kyiv)) == 1
    assert await owed(kyiv) == 0


async def test_settings_of_the_chat_speak_its_language(kyiv: Room):
    await kyiv.ask(ADD)
    await kyiv.ask("/settings language ru")
    [came] = await coming(kyiv, NINE_IN_KYIV)

    assert came["text"].endswith("каждый день в 09:00 (Europe/Kyiv)")


async def test_people_may_be_due_in_many_chats_at_once(kyiv: Room):
    rooms: list[tuple[Person, Chat]] = []
    for number in range(5):
        chat = kyiv.telegram.group(f"Team {number}", kyiv.owner)
        await kyiv.link(to=chat)
        await kyiv.ask("/schedules add today campaign every hour", to=chat)
        rooms.append((kyiv.owner, chat))
    kyiv.clock.at = NOON + HOUR
    await come(kyiv)

    assert len(ranges(kyiv)) == 5
    for _, chat in rooms:
        assert kyiv.telegram.messages(chat)[-1]["text"].endswith("every hour at :00 (UTC)")


async def test_a_clock_that_is_set_back_runs_nothing_twice(kyiv: Room):
    await kyiv.ask(ADD)
    await coming(kyiv, NINE_IN_KYIV)
    await kyiv.ask("/schedules pause 1")
    kyiv.clock.at = NINE_IN_KYIV - HOUR
    resumed = await kyiv.ask("/schedules resume 1")
    nothing = await coming(kyiv, NINE_IN_KYIV)
    [came] = await coming(kyiv, NINE_IN_KYIV + DAY)

    assert resumed.endswith("next: 2026-11-23 09:00")
    assert nothing == []
    assert came["text"].startswith("✅ ")


async def test_what_ends_every_process_is_given_up_and_said(kyiv: Room):
    await kyiv.ask(ADD)
    kyiv.clock.at = NINE_IN_KYIV
    await sweep(kyiv.bot)
    update = kyiv.bot.update_queue.get_nowait()
    for _ in range(3):
        await kyiv.bot.bot_data[SERVICES].store.inbox.begin_again(update.update_id)
    await kyiv.bot.update_queue.adopt(kyiv.bot.bot)
    await handle(kyiv)

    assert kyiv.telegram.messages(kyiv.home)[-1]["text"] == f"❌ {ENGLISH.given_up}"
    assert kyiv.keitaro.requests == []
    assert await owed(kyiv) == 0


async def test_nobody_waits_for_what_is_done_in_their_name(kyiv: Room):
    await kyiv.ask(ADD)
    kyiv.clock.at = NINE_IN_KYIV
    await sweep(kyiv.bot)
    gate = asyncio.Event()
    kyiv.keitaro.fail(until=gate, path="report/build", status=500)
    running = asyncio.create_task(handle(kyiv))
    kyiv.telegram.say(kyiv.owner, kyiv.home, "/schedules")
    [raw] = kyiv.telegram.updates.batch(100)
    update = Update.de_json(raw, kyiv.bot.bot)
    await kyiv.bot.update_processor.process_update(update, kyiv.bot.process_update(update))
    is_over = running.done()
    gate.set()
    await running

    assert not is_over
    texts = [one["text"] for one in kyiv.telegram.messages(kyiv.home) if one["from"]["is_bot"]]
    assert any(text.startswith("✅ Schedules of this chat") for text in texts)


async def test_due_times_are_forgotten_in_time(kyiv: Room):
    await kyiv.ask(ADD)
    await coming(kyiv, NINE_IN_KYIV)
    schedules = kyiv.bot.bot_data[SERVICES].store.schedules
    kyiv.clock.at += 7 * DAY
    removed = [await schedules.forget(older_than_seconds=7 * DAY, most=10)]
    kyiv.clock.at += 1
    removed += [await schedules.forget(older_than_seconds=7 * DAY, most=10) for _ in range(2)]

    assert removed == [0, 1, 0]


async def test_one_odd_schedule_holds_up_no_other(kyiv: Room, caplog):
    await kyiv.ask("/schedules add today campaign every hour")
    await kyiv.ask("/schedules add today country every hour")
    store = kyiv.bot.bot_data[SERVICES].store
    sql = "UPDATE schedules SET time_zone = 'Mars/Crater' WHERE id = 1"
    await store.connection.run(lambda db: db.execute(sql).close())
    came = await coming(kyiv, NOON + HOUR)

    assert len(came) == 1
    assert "schedule 1 cannot be looked at" in caplog.text


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_the_examples_can_be_sent_as_they_are(texts: Texts):
    [example] = re.findall("<code>/schedules add (.*?)</code>", texts.schedule_none)
    [ending] = re.findall("<code>(.*?)</code>", texts.schedule_no_rule)
    others = re.findall("<i>(.*?)</i>", texts.details_schedules)
    rules = [read_phrase(f"today {words}").rule for words in (ending, *others)]

    assert read_phrase(example).rule == Rule("day", 9)
    assert rules[:2] == [Rule("day", 9)] * 2
    assert [rule and rule.every for rule in rules[2:]] == ["weekday", "monday", "hour"]


async def test_a_real_report_is_repeated_by_its_button(kyiv: Room):
    [report] = await kyiv.say("/stats yesterday country")
    await kyiv.press(report, ENGLISH.stats_buttons["daily"])
    question = kyiv.telegram.messages(kyiv.home)[-1]
    await kyiv.press(question, "Every day")
    made = await kyiv.press(question, "09")
    [came] = await coming(kyiv, NINE_IN_KYIV)

    assert question["text"] == "❔ Yesterday by country\nHow often is this to come?"
    assert made == f"✅ Yesterday by country\n{LINE}\nnext: 2026-11-23 09:00"
    assert came["text"].endswith(f"\n\n⏰ Yesterday by country, {LINE}")
    assert came["reply_markup"] != {}


async def test_a_file_comes_without_a_sound_too(kyiv: Room):
    """Asked for with the words of figures alone, which is the shortest way."""
    made = await kyiv.ask("/stats yesterday country csv every day 9:00")
    came = await coming(kyiv, NINE_IN_KYIV)
    calls = [one for one in kyiv.telegram.calls if one.method == "sendDocument"]

    assert made == f"✅ Yesterday by country (CSV)\n{LINE}\nnext: 2026-11-23 09:00"
    assert len(came) == 2
    assert came[1]["document"]["file_name"].endswith(".csv")
    assert [str(one.parameters["disable_notification"]).lower() for one in calls] == ["true"]


async def test_a_chart_comes_by_itself_and_without_a_sound(kyiv: Room):
    await kyiv.ask("/stats today day chart every hour")
    await coming(kyiv, NOON + HOUR)
    calls = [one for one in kyiv.telegram.calls if one.method.startswith("send")][-2:]

    assert [one.method for one in calls] == ["sendMessage", "sendPhoto"]
    assert [str(one.parameters["disable_notification"]).lower() for one in calls] == ["true"] * 2


async def test_in_a_chat_without_a_language_of_its_own_a_report_comes_all_the_same(room: Room):
    """Whatever language its author's Telegram speaks."""
    hans = room.telegram.person("Hans", language_code="de")
    group = room.telegram.group("Team", room.owner, hans)
    await room.link(to=group)
    await room.grant(hans, group, "operator")
    made = await room.ask("/stats yesterday country every day 9:00", by=hans, to=group)
    [came] = await coming(room, NOON + 21 * HOUR, group)

    assert made.startswith("✅ Yesterday by country\n")
    assert came["text"].startswith("✅ ")
