"""Too much at once: crowds of strangers, and people in too much of a hurry."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError

from handlers import SERVICES, Tempo
from handlers.allowance import PEOPLE_REMEMBERED
from handlers.pace import OVERALL, SPARE, Pace
from handlers.strangers import TOKENS_MOST, Strangers
from handlers.tempo import BURST
from handlers.texts import ENGLISH
from sandbox.telegram import Chat, Person
from tests.conftest import KEY, Room
from tests.test_inbox import adopted, creation_in

STRANGER = f"❌ {ENGLISH.stranger}"
SLOW = f"❌ {ENGLISH.door_slow}"
WINDOW_SECONDS = 600
HELP = "✅ What you can do here"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"

REFUSING = (
    "CREATE TRIGGER refusing BEFORE INSERT ON inbox WHEN NEW.update_id = {}"
    " BEGIN SELECT RAISE(ABORT, 'no'); END"
)


@asynccontextmanager
async def at_work(room: Room) -> AsyncIterator[Any]:
    """Have the bot handle what comes into its queue, as the process does."""
    await room.bot.start()
    yield room.bot.update_queue
    await room.bot.update_queue.join()
    await room.bot.stop()
    await room.delivered()


async def take(room: Room) -> None:
    """Hand over all that waits at Telegram, as a poll does, and have it handled."""
    async with at_work(room) as queue:
        while batch := room.telegram.updates.batch(100):
            room.telegram.updates.remove([raw["update_id"] for raw in batch])
            for raw in batch:
                await queue.put(Update.de_json(raw, room.bot.bot))


async def rows(room: Room) -> dict[str, int]:
    """Return how many rows each table has."""
    connection = room.bot.bot_data[SERVICES].store.connection

    def read(db):
        names = [name for (name,) in db.execute(TABLES).fetchall()]
        sql = "SELECT count(*) FROM {}"
        return {name: db.execute(sql.format(name)).fetchone()[0] for name in names}

    return await connection.run(read)


async def fates(room: Room) -> Counter[str]:
    connection = room.bot.bot_data[SERVICES].store.connection
    found = await connection.run(lambda db: db.execute("SELECT fate FROM inbox").fetchall())
    return Counter(fate for (fate,) in found)


def heard(room: Room, person: Person, chat: Chat | None = None) -> list[str]:
    """Return what the bot has said in a chat, by default in private with *person*."""
    messages = room.telegram.messages(chat or room.telegram.private(person))
    return [one["text"] for one in messages if one["from"]["is_bot"]]


def crowd(room: Room, count: int) -> list[Person]:
    return [room.telegram.person(f"Person {number}") for number in range(count)]


def whisper(room: Room, person: Person, text: str = "hello", chat: Chat | None = None) -> None:
    room.telegram.say(person, chat or room.telegram.private(person), text)


# Strangers


async def test_a_thousand_strangers_leave_a_row_and_hear_a_line_each(linked):
    """At most: whatever they write, and some hear nothing where there is too much to say."""
    before = await rows(linked)
    people = crowd(linked, 1000)
    words = ("hello", "/start", "/stats {}", "/stream 12 off", '{"a": 1}', "/help", "", "/x", "?")
    for number in range(10):
        for person in people:
            whisper(linked, person, words[number] if number < len(words) else "/stats")
        await take(linked)
    after = await rows(linked)
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}

    said = Counter(tuple(heard(linked, person)) for person in people)
    assert said.keys() <= {(STRANGER,), ()}
    assert said[STRANGER,] > said[()]
    assert linked.keitaro.requests == []
    assert grown == {"inbox": 1000}
    assert await fates(linked) == {"refused": 1000}


async def test_strangers_in_a_group_leave_a_row_each_too(linked):
    people = crowd(linked, 50)
    group = linked.telegram.group("Team", linked.owner, *people)
    await linked.link(to=group)
    before = await rows(linked)
    for _ in range(10):
        for person in people:
            whisper(linked, person, "/stats {}", group)
        await take(linked)
    after = await rows(linked)

    assert heard(linked, linked.owner, group) == [STRANGER] * 50
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "inbox": 50
    }


async def test_talk_of_a_refused_stranger_is_not_looked_at_and_others_are_heard(linked):
    eve, ann = linked.telegram.person("Eve"), linked.telegram.person("Ann")
    group = linked.telegram.group("Team", linked.owner, eve, ann)
    await linked.link(to=group)
    await linked.grant(ann, group, "viewer")
    for text in ("/help", "good morning", "/help"):
        for person in (eve, ann):
            whisper(linked, person, text, group)
        await take(linked)

    assert Counter(text.partition("\n")[0] for text in heard(linked, ann, group)) == {
        STRANGER: 1,
        HELP: 2,
    }
    assert await fates(linked) == {"refused": 1, "done": 3}


async def test_after_ten_minutes_a_stranger_is_told_again(linked):
    eve = linked.telegram.person("Eve")
    for seconds in (0, WINDOW_SECONDS - 1, 1):
        linked.clock.at += seconds
        whisper(linked, eve)
        await take(linked)

    assert heard(linked, eve) == [STRANGER] * 2


async def granted(room: Room, eve: Person, group: Chat) -> None:
    await room.grant(eve, group, "viewer")


async def made_owner(room: Room, eve: Person, group: Chat) -> None:
    del group
    await room.bot.bot_data[SERVICES].store.people.add_owner(eve.id)


async def opened(room: Room, eve: Person, group: Chat) -> None:
    del eve
    await room.ask("/settings readers everyone", to=group)


async def moved(room: Room, eve: Person, group: Chat) -> None:
    """A group in which the stranger has a role takes over the id of this one."""
    old = room.telegram.group("Old", room.owner, eve)
    await room.grant(eve, old, "viewer")
    await room.bot.bot_data[SERVICES].store.chats.migrate(old.id, group.id)


@pytest.mark.parametrize("welcome", [granted, made_owner, opened, moved])
async def test_who_becomes_welcome_is_heard_at_once(room, welcome):
    eve = room.telegram.person("Eve")
    group = room.telegram.group("Team", room.owner, eve)
    for _ in range(3):
        whisper(room, eve, "/help", group)
        await take(room)
    await welcome(room, eve, group)
    before = len(heard(room, eve, group))
    whisper(room, eve, "/help", group)
    await take(room)

    said = heard(room, eve, group)
    assert said[0] == STRANGER
    assert said.count(STRANGER) == 1
    assert [one.partition("\n")[0] for one in said[before:]] == [HELP]


async def test_a_code_or_a_question_is_open_to_a_stranger_who_was_refused(room):
    """First a code; for another one a link that was asked for in their name."""
    store = room.bot.bot_data[SERVICES].store
    eve, ann = room.telegram.person("Eve"), room.telegram.person("Ann")
    for person in (eve, ann):
        for _ in range(3):
            whisper(room, person)
            await take(room)
    code = await store.people.new_claim()
    whisper(room, eve, f"/start {code}")
    group = room.telegram.group("Team", room.owner, ann)
    await room.grant(ann, group, "admin")
    token = await store.link_tokens.issue(
        chat_id=group.id, thread_id=None, user_id=ann.id, chat_title="Team"
    )
    whisper(room, ann, f"/start {token}")
    await take(room)
    whisper(room, ann, f"https://tracker.example {KEY}")
    await take(room)

    assert heard(room, eve)[1].startswith(f"✅ {ENGLISH.owner_now}")
    assert heard(room, ann)[2].startswith("✅ https://tracker.example is linked to Team.")


async def test_a_key_that_a_refused_stranger_types_is_deleted_all_the_same(linked):
    eve = linked.telegram.person("Eve")
    group = linked.telegram.group("Team", linked.owner, eve)
    linked.telegram.promote(group, linked.telegram.bot)
    await linked.link(to=group)
    for text in ("/help", "/help", f"/link https://tracker.example {KEY}"):
        whisper(linked, eve, text, group)
        await take(linked)

    assert heard(linked, eve, group) == [STRANGER, f"{STRANGER}\n\n{ENGLISH.key_leaked}"]
    assert KEY not in str(linked.telegram.messages(group))


async def test_codes_of_a_stranger_are_stored_a_few_times_and_no_more(room):
    eve = room.telegram.person("Eve")
    whisper(room, eve)
    await take(room)
    for number in range(100):
        whisper(room, eve, f"/start guess-{number}")
    await take(room)

    assert sum((await fates(room)).values()) == 1 + TOKENS_MOST


async def test_presses_of_a_refused_stranger_are_acknowledged_and_not_stored(linked):
    eve = linked.telegram.person("Eve")
    group = linked.telegram.group("Team", linked.owner, eve)
    await linked.link(to=group)
    [plan] = await linked.say("/stream 45 off", to=group)
    whisper(linked, eve, "/help", group)
    await take(linked)
    before = await fates(linked)
    queries = [linked.telegram.press(eve, group, plan["message_id"], "Apply") for _ in range(50)]
    await take(linked)

    assert [linked.telegram.answered(one) is not None for one in queries] == [True] * 50
    assert await fates(linked) == before
    assert linked.keitaro.mutations == []


async def test_what_telegram_says_of_a_group_counts_whoever_has_caused_it(linked):
    """A stranger who was refused makes a supergroup of it: everything goes along."""
    eve = linked.telegram.person("Eve")
    group = linked.telegram.group("Team", eve, linked.owner)
    await linked.link(to=group)
    whisper(linked, eve, "/help", group)
    await take(linked)
    new = linked.telegram.migrate(group)
    await take(linked)

    assert await linked.bot.bot_data[SERVICES].store.chats.target(new.id)


async def test_who_is_welcomed_while_they_are_refused_is_not_remembered_as_a_stranger(clock):
    """The role was read before it was granted, and the refusal noted after."""
    strangers = Strangers(now=clock)
    read = strangers.welcomed
    strangers.forget(-1, 7)
    strangers.remember(-1, 7, until=clock() + 600, welcomed=read)

    assert strangers._refused == {}


def test_only_so_many_refusals_are_remembered(clock):
    strangers = Strangers(now=clock)
    for number in range(PEOPLE_REMEMBERED + 10):
        strangers.remember(1, number, until=clock() + 600, welcomed=0)

    assert len(strangers._refused) == PEOPLE_REMEMBERED
    assert (1, 9) not in strangers._refused


def test_refusals_leave_most_places_of_a_second_to_answers():
    pace = Pace(clock=lambda: 1000.0)
    asides = sum(pace.take_spare(number) for number in range(100))
    answers = sum(pace.take_now(number) for number in range(100, 200))

    assert (asides, answers) == (SPARE.messages, OVERALL.messages - SPARE.messages)


# People


@pytest.fixture
def hurried(linked: Room) -> Room:
    """A bot that minds how fast people are, in a linked private chat."""
    services = linked.bot.bot_data[SERVICES]
    linked.bot.bot_data[SERVICES] = replace(services, tempo=Tempo())
    return linked


async def test_who_sends_ten_commands_at_once_is_answered_ten_times(hurried):
    for number in range(int(BURST)):
        whisper(hurried, hurried.owner, f"/stream {number + 1}")
    await take(hurried)

    assert len(heard(hurried, hurried.owner)) == BURST
    assert SLOW not in heard(hurried, hurried.owner)


async def test_what_comes_on_top_is_dropped_with_one_word(hurried):
    """The owner is no exception, and nothing of it reaches the tracker."""
    for _ in range(30):
        whisper(hurried, hurried.owner, "/stream 12")
    await take(hurried)
    first = Counter(text.partition(" ")[0] for text in heard(hurried, hurried.owner))
    asked = len(hurried.keitaro.requests)
    for _ in range(5):
        hurried.clock.at += 1
        for _ in range(3):
            whisper(hurried, hurried.owner, "/help")
        await take(hurried)

    assert first == {"✅": 10, "❌": 1}
    assert await fates(hurried) == {"done": 15, "hasty": 30}
    assert heard(hurried, hurried.owner).count(SLOW) == 1
    assert len(hurried.keitaro.requests) == asked
    hurried.clock.at += 60
    assert (await hurried.ask("/help")).startswith(HELP)


async def test_people_do_not_use_up_each_others_commands(hurried):
    people = crowd(hurried, 5)
    group = hurried.telegram.group("Team", hurried.owner, *people)
    await hurried.link(to=group)
    for person in people:
        await hurried.grant(person, group, "viewer")
    for _ in range(10):
        for person in people:
            whisper(hurried, person, "/help", group)
    await take(hurried)

    assert [one.partition("\n")[0] for one in heard(hurried, hurried.owner, group)] == [HELP] * 50


async def test_one_person_has_one_allowance_in_all_chats(hurried):
    groups = [hurried.telegram.group(f"Team {number}", hurried.owner) for number in range(4)]
    for group in groups:
        for _ in range(5):
            whisper(hurried, hurried.owner, "/help", group)
    await take(hurried)

    assert await fates(hurried) == {"done": 10, "hasty": 10}


async def test_talk_in_a_group_is_no_command_however_much_there_is(hurried):
    group = hurried.telegram.group("Team", hurried.owner)
    for _ in range(100):
        whisper(hurried, hurried.owner, "lovely weather", group)
    whisper(hurried, hurried.owner, "/help", group)
    await take(hurried)

    assert [one.partition("\n")[0] for one in heard(hurried, hurried.owner, group)] == [HELP]


async def test_presses_count_and_each_is_told(hurried):
    [message] = await hurried.say("/settings")
    presses = [
        hurried.telegram.press(
            hurried.owner, hurried.home, message["message_id"], "settings:language:en", forged=True
        )
        for _ in range(30)
    ]
    await take(hurried)

    told = Counter(hurried.telegram.answered(one)["text"] for one in presses)
    assert told == {"": 9, SLOW: 21}
    assert heard(hurried, hurried.owner)[0].startswith("✅ ")


async def test_a_plan_outlives_the_press_that_was_too_fast(hurried):
    """Its message stays as it is, and the next press counts."""
    [plan] = await hurried.say("/stream 45 off")
    for _ in range(20):
        whisper(hurried, hurried.owner, "/help")
    await take(hurried)
    text = await hurried.press(plan, "Apply")
    hurried.clock.at += 1
    after = await hurried.press(plan, "Apply")

    assert text == plan["text"]
    assert after.startswith("✅ Stream 45 is off")


async def test_commands_of_an_hour_are_not_a_flood_because_they_come_at_once(hurried):
    """Telegram has kept them while the bot was away; they were sent one after the other."""
    for seconds in range(40, 0, -2):
        hurried.telegram.say(hurried.owner, hurried.home, "/help", date=hurried.clock.at - seconds)
    await take(hurried)

    assert [one.partition("\n")[0] for one in heard(hurried, hurried.owner)] == [HELP] * 20


async def test_waiting_for_a_slow_answer_makes_nobody_patient(hurried):
    """What counts is when a command was sent, not when its turn came."""
    for _ in range(30):
        whisper(hurried, hurried.owner, "/stream 12")
    async with at_work(hurried) as queue:
        for raw in hurried.telegram.updates.batch(100):
            await queue.put(Update.de_json(raw, hurried.bot.bot))
        hurried.telegram.updates.drop()
        for _ in range(100):
            hurried.clock.at += 1
            await asyncio.sleep(0)

    assert await fates(hurried) == {"done": 10, "hasty": 20}


async def test_a_key_typed_on_top_is_deleted_all_the_same(hurried):
    await hurried.say("/link")
    for _ in range(10):
        whisper(hurried, hurried.owner, "/help")
    whisper(hurried, hurried.owner, f"https://tracker.example {KEY}")
    await take(hurried)

    assert f"{SLOW}\n\n{ENGLISH.key_removed}" in heard(hurried, hurried.owner)
    assert KEY not in str(hurried.telegram.messages(hurried.home))


async def test_what_an_earlier_process_has_begun_is_ended_however_fast_it_came(hurried):
    for _ in range(10):
        await hurried.say("/help")
    told = await adopted(hurried, "/stream 12 off", change=creation_in(hurried))

    assert [one for one in told if one.startswith("❌ Too fast")] == []
    assert len(told) == 1


async def test_one_who_floods_a_group_holds_up_nobody(hurried):
    """Five hundred commands of one member at once; ninety-nine others ask one thing each."""
    flooder = hurried.telegram.person("Flo")
    group = hurried.telegram.group("Team", hurried.owner, flooder)
    await hurried.link(to=group)
    await hurried.grant(flooder, group, "viewer")
    others = crowd(hurried, 99)
    chats = [hurried.telegram.group(one.first_name, hurried.owner, one) for one in others]
    for person, chat in zip(others, chats, strict=True):
        await hurried.link(to=chat)
        await hurried.grant(person, chat, "viewer")
    for _ in range(500):
        whisper(hurried, flooder, "/stream 12", group)
    for person, chat in zip(others, chats, strict=True):
        whisper(hurried, person, "/stream 12", chat)
    await take(hurried)

    said = [[one[0] for one in heard(hurried, hurried.owner, chat)] for chat in (group, *chats)]
    assert said == [["✅"] * 10 + ["❌"], *[["✅"]] * 99]
    assert await fates(hurried) == {"done": 109, "hasty": 490}


def test_an_allowance_comes_back_one_by_one():
    tempo = Tempo()
    at_once = [tempo.allows(7, 100.0) for _ in range(12)]
    slowly = [tempo.allows(7, 100.0 + seconds) for seconds in (0.5, 1.0, 1.5, 2.0, 2.0)]
    rested = [tempo.allows(7, 200.0) for _ in range(12)]

    assert at_once == [True] * 10 + [False] * 2
    assert slowly == [False, True, False, True, False]
    assert rested == [True] * 10 + [False] * 2


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing():
    tempo = Tempo()
    [tempo.allows(7, 100.0) for _ in range(10)]

    assert [tempo.allows(7, at) for at in (50.0, 100.0, 101.0)] == [False, False, True]


def test_only_so_many_people_are_counted():
    tempo = Tempo()
    for user_id in range(PEOPLE_REMEMBERED + 5):
        tempo.allows(user_id, 100.0)

    assert len(tempo._left) == PEOPLE_REMEMBERED


def test_who_is_free_of_it_may_go_on_for_ever():
    tempo = Tempo(is_free=True)

    assert all(tempo.allows(7, 100.0) for _ in range(1000))


async def test_of_a_batch_that_is_stored_in_part_that_part_is_handled(linked):
    """The rest is asked for again, and nothing is handled twice."""
    for text in ("/help", "/status", "/help"):
        whisper(linked, linked.owner, text)
    batch = linked.telegram.updates.batch(100)
    linked.telegram.updates.drop()
    updates = [Update.de_json(raw, linked.bot.bot) for raw in batch]
    connection = linked.bot.bot_data[SERVICES].store.connection
    await connection.run(lambda db: db.execute(REFUSING.format(updates[1].update_id)))
    async with at_work(linked) as queue:
        with pytest.raises(NetworkError):
            await queue.put_all(updates)
    first = [text.partition("\n")[0] for text in heard(linked, linked.owner)]
    await connection.run(lambda db: db.execute("DROP TRIGGER refusing"))
    async with at_work(linked) as queue:
        await queue.put_all(updates)

    assert first == [HELP] * 2
    assert [text.partition("\n")[0] for text in heard(linked, linked.owner)] == [
        *[HELP] * 2,
        "✅ https://tracker.example",
    ]
    assert await fates(linked) == {"done": 3}
