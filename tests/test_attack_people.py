"""Who tries to get in, or to have more than is theirs: codes, links, groups, buttons."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from telegram import Update

from bot.app import assembled
from bot.run import _offer_claim
from handlers import BUTTONS, SERVICES
from handlers.changes.expiry import sweep
from handlers.entrance import TOLD_MOST
from handlers.texts import ENGLISH
from sandbox.telegram import Chat, Person
from tests.conftest import Hosts, Room
from tests.properties import CASES
from tests.test_gate import remembered
from tests.test_members import choose, follow, offered, request_id
from tests.world import World, world_in

NOBODYS = {"owners": frozenset()}
DAY_SECONDS = 86_400.0
STRANGER = f"❌ {ENGLISH.stranger}"
NO_TOKEN = f"❌ {ENGLISH.link_expired}"
VOID = "the code for the first owner is void after five wrong ones: start me again"


@pytest.fixture
def settings(settings, request):
    """The settings, changed as the test asks."""
    return settings.model_copy(update=getattr(request, "param", {}))


def people_of(room: Room):
    return room.bot.bot_data[SERVICES].store.people


async def at_once(room: Room) -> None:
    """Have the bot handle all that waits for it side by side."""
    batch: list[dict[str, Any]] = []
    while more := room.telegram.updates.batch(100):
        room.telegram.updates.remove([update["update_id"] for update in more])
        batch += more
    bot = room.bot
    await asyncio.gather(*(bot.process_update(Update.de_json(raw, bot.bot)) for raw in batch))
    await room.delivered()


def calls_to(room: Room, method: str) -> list[dict[str, Any]]:
    return [call.parameters for call in room.telegram.calls if call.method == method]


def told(room: Room, person: Person) -> list[str]:
    """Return what the bot has said to *person* in private."""
    messages = room.telegram.messages(room.telegram.private(person))
    return [one["text"] for one in messages if one["from"]["is_bot"]]


# The code for the first owner


async def offered_code(room: Room, capfd) -> str:
    """Start the bot once more, as far as it prints a code for the first owner."""
    await _offer_claim(room.settings, room.bot)
    found = re.search(r"/start ([A-Za-z0-9_-]{22})\n", capfd.readouterr().out)
    assert found
    return found[1]


@pytest.mark.parametrize("settings", [NOBODYS], indirect=True)
async def test_of_fifty_who_race_with_the_same_code_one_becomes_the_owner(room, capfd):
    code = await offered_code(room, capfd)
    crowd = [room.telegram.person(f"Person {number}") for number in range(50)]
    for person in crowd:
        room.telegram.say(person, room.telegram.private(person), f"/start {code}")
    await at_once(room)

    [owner] = await people_of(room).owners()
    assert [told(room, one) == [NO_TOKEN] for one in crowd].count(True) == 49
    [answer] = told(room, room.telegram.people[owner])
    assert answer.startswith(f"✅ {ENGLISH.owner_now}")


@pytest.mark.parametrize("settings", [NOBODYS], indirect=True)
async def test_a_code_that_was_used_is_worth_nothing_to_whoever_has_read_it(room, capfd):
    code = await offered_code(room, capfd)
    await room.ask(f"/start {code}")
    thief = room.telegram.person("Eve")

    assert await room.ask(f"/start {code}", by=thief) == NO_TOKEN
    assert await people_of(room).owners() == {room.owner.id}
    await _offer_claim(room.settings, room.bot)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("settings", [NOBODYS], indirect=True)
async def test_a_crowd_that_guesses_gets_nowhere_and_locks_nobody_out_for_ever(room, capfd, caplog):
    """The log says that the code is void, and the next start prints another one."""
    code = await offered_code(room, capfd)
    crowd = [room.telegram.person(f"Person {number}") for number in range(100)]
    for number in range(300):
        person = crowd[number % 100]
        room.telegram.say(person, room.telegram.private(person), f"/start {number:022}")
    await at_once(room)
    late = await room.ask(f"/start {code}")
    lines = [record.getMessage() for record in caplog.records if record.name == "handlers.start"]

    assert await people_of(room).owners() == frozenset()
    assert late == NO_TOKEN
    assert lines == [VOID]
    another = await offered_code(room, capfd)
    assert (await room.ask(f"/start {another}")).startswith(f"✅ {ENGLISH.owner_now}")


@pytest.mark.parametrize("settings", [NOBODYS], indirect=True)
@pytest.mark.parametrize("change", ["upper", "cut", "longer", "spaced", "quoted", "empty"])
async def test_what_only_looks_like_the_code_is_not_the_code(room, capfd, change):
    code = await offered_code(room, capfd)
    forged = {
        "upper": code.swapcase(),
        "cut": code[:-1],
        "longer": f"{code}A",
        "spaced": f"{code[:11]} {code[11:]}",
        "quoted": f"' OR '1'='1{code}",
        "empty": "",
    }[change]
    await room.say(f"/start {forged}")

    assert await people_of(room).owners() == frozenset()


@pytest.mark.parametrize("settings", [NOBODYS], indirect=True)
async def test_a_code_is_no_code_in_a_group(room, capfd):
    """There everybody reads it, and a stranger has no role."""
    code = await offered_code(room, capfd)
    group = room.telegram.group("Team", room.owner)

    assert await room.ask(f"/start {code}", to=group) == STRANGER
    assert await people_of(room).owners() == frozenset()


# The links of buttons


async def token_in(room: Room, group: Chat, person: Person) -> str:
    """Return the token behind the link button that *person* gets in *group*."""
    [answer] = await room.say("/link", to=group, by=person)
    [[button]] = answer["reply_markup"]["inline_keyboard"]
    return button["url"].partition("?start=")[2]


@pytest.fixture
async def two_groups(room: Room) -> tuple[Chat, Chat, Person]:
    """Two groups, and a person who may link the first one alone."""
    ann = room.telegram.person("Ann")
    first, second = (room.telegram.group(name, room.owner, ann) for name in ("First", "Second"))
    await room.grant(ann, first, "admin")
    await room.grant(ann, second, "operator")
    return first, second, ann


async def linked_ids(room: Room) -> list[int]:
    connection = room.bot.bot_data[SERVICES].store.connection
    rows = await connection.run(lambda db: db.execute("SELECT chat_id FROM links").fetchall())
    return sorted(row[0] for row in rows)


async def test_a_token_of_one_group_links_no_other_group(room, two_groups):
    """It is followed in the other group, and then in private."""
    first, second, ann = two_groups
    token = await token_in(room, first, ann)
    await room.say(f"/start {token}", to=second, by=ann)
    await room.say(f"/start@keitaro_test_bot {token}", to=second, by=ann)
    before = await linked_ids(room)
    await room.ask(f"/start {token}", by=ann)
    answer = await room.ask("https://tracker.example fake-key-1111-2222", by=ann)

    assert before == []
    assert answer.startswith("✅ https://tracker.example is linked to First.")
    assert await linked_ids(room) == [first.id]


async def test_a_token_in_other_hands_links_nothing(room, two_groups):
    """Neither to their own chat, nor to the group, nor with a role in that group."""
    first, _, ann = two_groups
    token = await token_in(room, first, ann)
    eve, boris = room.telegram.person("Eve"), room.telegram.person("Boris")
    await room.grant(boris, first, "admin")
    for thief in (eve, boris):
        assert await room.ask(f"/start {token}", by=thief) == NO_TOKEN
        await room.say("https://tracker.example fake-key-1111-2222", by=thief)

    assert await linked_ids(room) == []
    assert room.keitaro.requests == []


@pytest.mark.parametrize(("seconds", "is_linked"), [(899, True), (900, False)])
async def test_a_token_is_dead_after_a_quarter_of_an_hour(room, two_groups, seconds, is_linked):
    """Also when it was opened in time, and the key comes later."""
    first, _, ann = two_groups
    token = await token_in(room, first, ann)
    await room.ask(f"/start {token}", by=ann)
    room.clock.at += seconds
    await room.say("https://tracker.example fake-key-1111-2222", by=ann)

    assert await linked_ids(room) == ([first.id] if is_linked else [])


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_an_admin_who_is_out_of_the_group_does_not_link_it_from_outside(
    room, two_groups, status
):
    """The role is still there, the button was asked for in time."""
    first, _, ann = two_groups
    token = await token_in(room, first, ann)
    await room.ask(f"/start {token}", by=ann)
    first.members[ann.id] = status
    answer = await room.ask("https://tracker.example fake-key-1111-2222", by=ann)

    assert answer.startswith(NO_TOKEN)
    assert await linked_ids(room) == []


async def test_an_admin_who_is_out_of_the_group_gives_no_roles_from_outside(room, two_groups):
    """People are chosen in private, by the keyboard that was asked for in time."""
    first, _, ann = two_groups
    boris = room.telegram.person("Boris")
    sent = await follow(room, ann, await offered(room, first, ann))
    first.members[ann.id] = "kicked"
    [answer] = await choose(room, ann, boris, request=request_id(sent))

    assert answer["text"] == f"❌ {ENGLISH.pick_no_admin}"
    assert await people_of(room).role(first.id, boris.id) is None


# Into which groups the bot goes

KINDS = ("group", "supergroup", "forum", "channel")


def outside(room: Room, kind: str, *people: Person, title: str = "Den") -> Chat:
    """Return a chat of *people*, or of a stranger, without the bot."""
    people = people or (room.telegram.person("Eve"),)
    if kind == "channel":
        chat = room.telegram.channel(title, *people)
        chat.bot_status = "absent"
        return chat
    is_super = kind == "supergroup"
    return room.telegram.group(
        title, *people, supergroup=is_super, forum=kind == "forum", bot=False
    )


async def brought(room: Room, chat: Chat, person: Person) -> list[str]:
    """Let *person* bring the bot into *chat*, and return what it says there."""
    room.telegram.add_bot(person, chat)
    await room.settle()
    return [one["text"] for one in room.telegram.messages(chat) if one["from"]["is_bot"]]


def left(person: Person, *, chat: str = "Den") -> str:
    """Return what an owner hears of a chat into which *person* has brought the bot."""
    words = ENGLISH.door_left.format(chat=chat, person=person.first_name, id=person.id)
    return f"✅ {words}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["stranger", "operator elsewhere", "admin elsewhere"])
async def test_a_stranger_who_brings_the_bot_into_a_group_sees_it_leave(room, kind, who):
    eve = room.telegram.person("Eve")
    if who != "stranger":
        home = room.telegram.group("Home", room.owner, eve)
        await room.link(to=home)
        await room.grant(eve, home, who.split()[0])
    room.telegram.private(room.owner).bot_status = "member"
    chat = outside(room, kind, eve)
    memory = await remembered(room)

    assert await brought(room, chat, eve) == []
    assert chat.bot_status == "left"
    assert told(room, room.owner) == [left(eve)]
    assert told(room, eve) == []
    assert await remembered(room) == memory


async def test_a_group_that_a_stranger_makes_with_the_bot_in_it_is_left(room):
    """Telegram tells of it with another message than of a bot that is added."""
    eve = room.telegram.person("Eve")
    chat = outside(room, "group", eve)
    room.telegram.set_bot_status(chat, "member", by=eve)
    room.telegram.push({"message": _service(room, chat, eve, {"group_chat_created": True})})
    await room.settle()

    assert chat.bot_status == "left"


def _service(room: Room, chat: Chat, person: Person, content: dict[str, Any]) -> dict[str, Any]:
    date = int(room.clock())
    place = {"message_id": 9000, "chat": chat.as_chat(), "from": person.as_user(), "date": date}
    return {**place, **content}


@pytest.mark.parametrize("kind", KINDS[:3])
@pytest.mark.parametrize("who", ["owner", "admin"])
async def test_brought_by_an_owner_or_an_admin_the_bot_says_what_to_do(room, kind, who):
    person = room.owner if who == "owner" else room.telegram.person("Ann")
    chat = outside(room, kind, person)
    if who == "admin":
        await room.grant(person, chat, "admin")
    said = await brought(room, chat, person)
    [message] = [one for one in room.telegram.messages(chat) if one["from"]["is_bot"]]
    [[button]] = message["reply_markup"]["inline_keyboard"]
    room.telegram.start_link(person, button["url"])
    await room.settle()
    linked = await room.ask("https://tracker.example fake-key-1111-2222", by=person)

    assert said == [f"❔ {ENGLISH.door_hello}\n{ENGLISH.link_in_private}"]
    assert linked.startswith("✅ https://tracker.example is linked to Den.")
    assert await linked_ids(room) == [chat.id]
    assert chat.bot_status == "member"


async def test_the_button_of_the_greeting_is_no_use_to_others(room):
    eve = room.telegram.person("Eve")
    chat = outside(room, "group", room.owner, eve)
    await brought(room, chat, room.owner)
    [message] = [one for one in room.telegram.messages(chat) if one["from"]["is_bot"]]
    [[button]] = message["reply_markup"]["inline_keyboard"]
    room.telegram.start_link(eve, button["url"])
    await room.settle()

    assert told(room, eve) == [NO_TOKEN]


async def test_even_an_owner_does_not_bring_the_bot_into_a_channel(room):
    await room.say("/help")
    chat = outside(room, "channel", room.owner)
    await brought(room, chat, room.owner)

    assert chat.bot_status == "left"
    assert told(room, room.owner)[1:] == [left(room.owner)]


@pytest.mark.parametrize("kind", ["group", "supergroup", "forum"])
async def test_a_linked_group_is_never_left_whoever_brings_the_bot_back(room, kind):
    eve = room.telegram.person("Eve")
    chat = outside(room, kind, room.owner, eve)
    chat.bot_status = "member"
    await room.link(to=chat)
    for _ in range(3):
        room.telegram.remove_bot(eve, chat)
        await room.settle()
        assert await brought(room, chat, eve) == []
    answer = await room.ask("/status", to=chat)

    assert chat.bot_status == "member"
    assert answer.startswith("✅ ")
    assert calls_to(room, "leaveChat") == []


@pytest.mark.parametrize(
    "announce", [("in", "to", "from"), ("to", "in", "from"), ("to", "from", "in"), ("in",)]
)
@pytest.mark.parametrize("used", ["linked", "roles", "asked"])
async def test_a_group_of_ours_that_gets_another_id_is_not_left(room, announce, used):
    """Whatever Telegram tells first, and although a stranger to the bot has made it so."""
    eve = room.telegram.person("Eve")
    group = room.telegram.group("Team", eve, room.owner)
    decoy = room.telegram.group("Decoy", eve, room.owner)
    await room.link(to=decoy)
    if used == "linked":
        await room.link(to=group)
    elif used == "roles":
        await room.grant(room.telegram.person("Ann"), group, "viewer")
    else:
        await token_in(room, group, room.owner)
    new = room.telegram.migrate(group, announce=announce)
    await room.settle()

    assert new.bot_status == "member"
    assert calls_to(room, "leaveChat") == []
    assert await linked_ids(room) == sorted([decoy.id, *([new.id] if used == "linked" else [])])


async def test_a_stranger_s_supergroup_does_not_pass_for_one_of_ours(room):
    """Other groups have become supergroups, and others are linked."""
    eve = room.telegram.person("Eve")
    ours = room.telegram.group("Den", room.owner)
    await room.link(to=ours)
    new = room.telegram.migrate(ours, announce=())
    chat = outside(room, "supergroup", eve)
    await brought(room, chat, eve)

    assert chat.bot_status == "left"
    assert await linked_ids(room) == [ours.id]
    assert new.bot_status == "member"


async def test_the_owners_are_told_once_a_day_for_each_group(room):
    boris = room.telegram.person("Boris")
    await people_of(room).add_owner(boris.id)
    await people_of(room).add_owner(room.telegram.person("Never wrote").id)
    for person in (room.owner, boris):
        await room.say("/help", by=person)
    chat = outside(room, "group")
    eve = room.telegram.people[next(iter(chat.members))]
    for _ in range(4):
        await brought(room, chat, eve)
        assert chat.bot_status == "left"
    once = [told(room, person)[1:] for person in (room.owner, boris)]
    room.clock.at += DAY_SECONDS
    await brought(room, chat, eve)

    assert once == [[left(eve)], [left(eve)]]
    assert told(room, room.owner)[1:] == [left(eve)] * 2


async def test_a_hundred_groups_of_a_stranger_are_told_of_a_few_times(room):
    await room.say("/help")
    eve = room.telegram.person("Eve")
    chats = [outside(room, "group", eve) for _ in range(100)]
    for chat in chats:
        room.telegram.add_bot(eve, chat)
    await room.settle()

    assert {chat.bot_status for chat in chats} == {"left"}
    assert len(told(room, room.owner)[1:]) == TOLD_MOST


async def test_a_title_that_pretends_to_be_more_is_only_a_title(room):
    await room.say("/help")
    eve = room.telegram.person("Eve <a href='tg://user?id=1'>Olga</a>")
    chat = outside(room, "group", eve, title="✅ Done\n/unlink yes @eve evil.example")
    await brought(room, chat, eve)
    *_, message = [one for one in room.telegram.messages(room.home) if one["from"]["is_bot"]]

    assert {one["type"] for one in message["entities"]} == {"bold", "code"}
    assert message["text"].count("\n") == 0


async def test_a_group_that_cannot_be_left_is_named_to_the_owner(room):
    await room.say("/help")
    chat = outside(room, "group")
    eve = room.telegram.people[next(iter(chat.members))]
    room.telegram.fail("leaveChat", status=400, description="Bad Request: no")
    await brought(room, chat, eve)

    words = ENGLISH.door_stays.format(chat="Den", person="Eve", id=eve.id)
    assert told(room, room.owner)[1:] == [f"❌ {words}"]
    assert await room.ask("/stats", by=eve, to=chat) == STRANGER


async def test_nothing_but_coming_in_is_an_entrance(room):
    """Promoted, demoted, muted, thrown out, blocked: nobody is told, nothing is left."""
    await room.say("/help")
    group = room.telegram.group("Team", room.owner)
    eve = room.telegram.person("Eve")
    room.telegram.say(eve, room.telegram.private(eve), "/start")
    await room.settle()
    calls = len(room.telegram.calls)
    for status in ("administrator", "member", "kicked"):
        room.telegram.promote(group, room.telegram.bot, status=status)
    room.telegram.block(eve)
    room.telegram.unblock(eve)
    await room.settle()

    assert room.telegram.calls[calls:] == []


async def test_a_person_who_blocks_the_bot_is_not_written_to_until_they_come_back(linked):
    """What they had asked before is not run any more."""
    await linked.say("/help")
    linked.telegram.block(linked.owner)
    await linked.settle()
    chats = linked.bot.bot_data[SERVICES].store.chats
    shut = (await chats.get(linked.home.id)).unreachable_at
    linked.telegram.unblock(linked.owner)
    await linked.settle()

    assert shut == linked.clock.at
    assert (await chats.get(linked.home.id)).unreachable_at is None
    assert (await linked.ask("/status")).startswith("✅ ")


async def test_the_process_itself_leaves_and_minds_how_fast_people_are(tmp_path):
    """Telegram is asked for the news of where the bot is, and the pace of people is on."""
    async with world_in(tmp_path, World, BOT_PACE="telegram") as world:
        await world.bot.start()
        eve = world.telegram.person("Eve")
        den = world.telegram.group("Den", eve, bot=False)
        world.telegram.add_bot(eve, den)
        await world.telegram.settled(lambda _: den.bot_status == "left")
        for _ in range(15):
            world.say("/help")
        await world.all_done()

        assert world.count("SELECT count(*) FROM inbox WHERE fate = 'hasty'") == 5


# Updates that are no messages of people

USER = {"id": 5_000_000_001, "is_bot": False, "first_name": "Olga"}
DATE = 1_795_348_800
COMMAND = {
    "text": "/stream 12 off",
    "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
}


def body_of(kind: str, room: Room, group: Chat) -> dict[str, Any]:
    """Return what Telegram sends in an update of this *kind*, with a command where one fits."""
    user, chat = room.owner.as_user(), group.as_chat()
    news = room.telegram.channel("News", room.owner)
    said = {"message_id": 5, "chat": chat, "from": user, "date": DATE, **COMMAND}
    posted = {"message_id": 5, "chat": news.as_chat(), "sender_chat": news.as_chat(), "date": DATE}
    business = {"business_connection_id": "b1"}
    member = {"user": room.telegram.bot.as_user(), "status": "member"}
    changed = {"chat": chat, "from": user, "date": DATE, "old_chat_member": member}
    boost = {"boost_id": "1", "add_date": DATE, "expiration_date": DATE}
    source = {"source": {"source": "premium", "user": user}}
    connection = {"id": "b1", "user": user, "user_chat_id": user["id"], "date": DATE}
    bodies: dict[str, dict[str, Any]] = {
        "edited_message": {**said, "edit_date": DATE},
        "channel_post": {**posted, **COMMAND},
        "edited_channel_post": {**posted, **COMMAND, "edit_date": DATE},
        "inline_query": {"id": "1", "from": user, "query": "/stream 12 off", "offset": ""},
        "chosen_inline_result": {"result_id": "1", "from": user, "query": "/stream 12 off"},
        "shipping_query": {
            "id": "1",
            "from": user,
            "invoice_payload": "plan:apply:x",
            "shipping_address": dict.fromkeys(
                ("country_code", "state", "city", "street_line1", "street_line2", "post_code"), "x"
            ),
        },
        "pre_checkout_query": {
            "id": "1",
            "from": user,
            "currency": "XTR",
            "total_amount": 1,
            "invoice_payload": "plan:apply:x",
        },
        "poll": {
            "id": "1",
            "question": "/stream 12 off",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        },
        "poll_answer": {
            "poll_id": "1",
            "user": user,
            "option_ids": [0],
            "option_persistent_ids": ["1"],
        },
        "my_chat_member": {**changed, "new_chat_member": member},
        "chat_member": {**changed, "new_chat_member": {**member, "user": user}},
        "chat_join_request": {"chat": chat, "from": user, "user_chat_id": user["id"], "date": DATE},
        "chat_boost": {"chat": chat, "boost": {**boost, **source}},
        "removed_chat_boost": {"chat": chat, "boost_id": "1", "remove_date": DATE, **source},
        "message_reaction": {
            "chat": chat,
            "message_id": 5,
            "user": user,
            "date": DATE,
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        },
        "message_reaction_count": {"chat": chat, "message_id": 5, "date": DATE, "reactions": []},
        "business_connection": {**connection, "is_enabled": True},
        "business_message": {**said, **business},
        "edited_business_message": {**said, **business, "edit_date": DATE},
        "deleted_business_messages": {**business, "chat": chat, "message_ids": [5]},
        "purchased_paid_media": {"from": user, "paid_media_payload": "plan:apply:x"},
        "managed_bot": {"user": user, "bot": room.telegram.bot.as_user()},
        "guest_message": said,
    }
    return bodies[kind]


# What the bot asks for, and one that no library knows yet.
HEARD = ("message", "callback_query")


@pytest.mark.parametrize("kind", [*Update.ALL_TYPES, "of_tomorrow"])
async def test_an_update_of_any_other_kind_has_no_effect(room, kind, caplog):
    if kind in HEARD:
        return
    group = room.telegram.group("Team", room.owner)
    await room.link(to=group)
    await room.never_ask(group)
    memory, calls = await remembered(room), len(room.telegram.calls)
    body = {"anything": 1} if kind == "of_tomorrow" else body_of(kind, room, group)
    room.telegram.push({kind: body})
    await room.settle()

    assert room.telegram.calls[calls:] == []
    assert room.keitaro.requests == []
    assert await remembered(room) == memory
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


# Shapes of messages that look like a command

SHAPES = (
    "quote of a command",
    "command behind a word",
    "command as code",
    "other part of an album",
    "forward",
    "post of the linked channel",
    "through another bot",
    "from another bot",
    "as the group",
    "as a channel",
)


def say_shaped(room: Room, shape: str, group: Chat) -> dict[str, Any]:
    """Say "/stream 12 off" in a shape in which it is none of the sender's commands."""
    say, owner, command = room.telegram.say, room.owner, "/stream 12 off"
    news = room.telegram.channel("News", owner)
    if shape == "quote of a command":
        quoted = say(owner, group, "what does /stream 12 off do?")
        return say(owner, group, "this:", reply_to=quoted["message_id"])
    if shape in {"through another bot", "from another bot"}:
        other = Person(7_000_000_001, "Helper", None, "helper_bot", is_bot=True)
        room.telegram.people[other.id] = other
        sender = other if shape == "from another bot" else owner
        message = say(sender, group, command)
        room.telegram.updates.drop()
        via = {} if sender is other else {"via_bot": other.as_user()}
        room.telegram.push({"message": {**message, **via}})
        return message
    if shape == "post of the linked channel":
        linked = room.telegram.channel("Posts", owner, discussion=group)
        return say(owner, group, command, sender_chat=linked)
    how: dict[str, dict[str, Any]] = {
        "command behind a word": {"text": f"please {command}"},
        "command as code": {
            "entities": [{"type": "code", "offset": 0, "length": len(command)}],
        },
        "other part of an album": {"attach": b"{}", "media_group_id": "1", "text": None},
        "forward": {"forwarded": True},
        "as the group": {"sender_chat": group},
        "as a channel": {"sender_chat": news},
    }
    return say(owner, group, **{"text": command, **how[shape]})


@pytest.mark.parametrize("shape", SHAPES)
async def test_what_only_looks_like_a_command_of_the_owner_changes_nothing(room, shape):
    """Neither as it is, nor edited twenty times."""
    group = room.telegram.group("Team", room.owner, supergroup=True)
    await room.link(to=group)
    await room.never_ask(group)
    message = say_shaped(room, shape, group)
    await room.settle()
    for number in range(20):
        room.telegram.push({"edited_message": {**message, "edit_date": DATE + number}})
    await room.settle()

    assert room.keitaro.mutations == []


async def test_a_command_under_a_picture_of_an_album_runs_once(room):
    """Neither its other parts nor twenty edits of its caption run it again."""
    await room.link()
    await room.never_ask()
    say = room.telegram.say
    parts = [
        say(room.owner, room.home, text, attach=b"{}", media_group_id="1")
        for text in ("/stream 12 off", None, None)
    ]
    await room.settle()
    for number in range(20):
        text = f"/stream {12 + number} off"
        room.telegram.edit(room.owner, room.home, parts[number % 3]["message_id"], text)
    await room.settle()

    assert [change.path for change in room.keitaro.mutations] == ["streams/12/disable"]


# Presses

APPLY, CANCEL, UNDO, OFF = "apply", "cancel", "undo", "off"
ACTIONS = (APPLY, CANCEL, UNDO, OFF)


class Target:
    """A message with the button of an action, in a group with its author and other people."""

    def __init__(self, room: Room, chat: Chat, author: Person, message: dict[str, Any]) -> None:
        self.room, self.chat, self.author, self.message = room, chat, author, message
        self.rooms = AsyncExitStack()

    def data(self, label: str) -> str:
        rows = self.message["reply_markup"]["inline_keyboard"]
        return next(one["callback_data"] for row in rows for one in row if one["text"] == label)

    async def send(self, pressed: str, *, by: Person, **other: Any) -> str:
        """Press with *pressed*, perhaps under another message, and return the id of the press."""
        query_id = self.room.telegram.press(
            by, self.chat, self.message["message_id"], pressed, forged=True
        )
        [raw] = self.room.telegram.updates.batch(100)
        self.room.telegram.updates.drop()
        query = {**raw["callback_query"], **other}
        query = {key: value for key, value in query.items() if value is not None}
        self.room.telegram.push({"callback_query": query})
        await self.room.settle()
        return query_id


@pytest.fixture
async def target(room: Room, request) -> Target:
    """The button of one of ACTIONS, in a group of its author, an operator and a stranger."""
    telegram = room.telegram
    author, other, eve = (telegram.person(name) for name in ("Ann", "Boris", "Eve"))
    chat = telegram.group("Team", room.owner, author, other, eve)
    await room.link(to=chat)
    for person in (author, other):
        await room.grant(person, chat, "operator")
    if request.param in {APPLY, CANCEL}:
        [message] = await room.say("/stream 45 off", to=chat, by=author)
    elif request.param == UNDO:
        await room.never_ask(chat)
        [message] = await room.say("/stream 45 off", to=chat, by=author)
        await room.bot.bot_data[SERVICES].store.chats.set_confirmations(chat.id, None)
    else:
        [message] = await room.say("/stream 45", to=chat, by=author)
    return Target(room, chat, author, message)


LABELS = {APPLY: "Apply", CANCEL: "Cancel", UNDO: "Undo", OFF: "Turn off"}
Attack = Callable[[Target, str], Awaitable[str]]


async def by_a_stranger(target: Target, data: str) -> str:
    eve = next(one for one in target.room.telegram.people.values() if one.first_name == "Eve")
    return await target.send(data, by=eve)


async def by_a_colleague(target: Target, data: str) -> str:
    boris = next(one for one in target.room.telegram.people.values() if one.first_name == "Boris")
    return await target.send(data, by=boris)


async def by_who_was_demoted(target: Target, data: str) -> str:
    await target.room.grant(target.author, target.chat, "viewer")
    return await target.send(data, by=target.author)


async def by_who_has_left(target: Target, data: str) -> str:
    await people_of(target.room).revoke(target.chat.id, target.author.id)
    return await target.send(data, by=target.author)


async def tampered(target: Target, data: str) -> str:
    changed = data[:-1] + ("A" if data[-1] != "A" else "B")
    return await target.send(changed, by=target.author)


async def empty(target: Target, data: str) -> str:
    return await target.send(data, by=target.author, data=None)


async def from_another_chat(target: Target, data: str) -> str:
    """The press says that the button stands in the author's own chat, which is linked, too."""
    room = target.room
    home = room.telegram.private(target.author)
    message = room.telegram.say(target.author, home, "hello")
    await room.settle()
    message = {**message, "from": room.telegram.bot.as_user(), "chat": home.as_chat()}
    return await target.send(data, by=target.author, message=message)


async def inline(target: Target, data: str) -> str:
    return await target.send(data, by=target.author, message=None, inline_message_id="AAAA")


async def forwarded(target: Target, data: str) -> str:
    """The message was forwarded with its keyboard to a chat with a stranger, who presses there."""
    room = target.room
    eve = next(one for one in room.telegram.people.values() if one.first_name == "Eve")
    elsewhere = room.telegram.group("Elsewhere", eve, target.author)
    origin = {"type": "user", "sender_user": room.telegram.bot.as_user(), "date": DATE}
    message = {**target.message, "chat": elsewhere.as_chat(), "forward_origin": origin}
    return await target.send(data, by=eve, message=message)


async def too_late(target: Target, data: str) -> str:
    target.room.clock.at += 600
    await sweep(target.room.bot.bot_data[SERVICES])
    await target.room.delivered()
    return await target.send(data, by=target.author)


# What each of them may do without being the author of a plan: to ask for a plan of their own.
ATTACKS: tuple[Attack, ...] = (
    by_a_stranger,
    by_a_colleague,
    by_who_was_demoted,
    by_who_has_left,
    tampered,
    empty,
    from_another_chat,
    inline,
    forwarded,
    too_late,
)


@pytest.mark.parametrize("target", ACTIONS, indirect=True, ids=ACTIONS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_a_press_that_is_not_the_author_s_own_changes_nothing(target, attack, request):
    """Each is acknowledged, and the author's own press still counts where time is left."""
    action = request.node.callspec.params["target"]
    before = list(target.room.keitaro.mutations)
    query_id = await attack(target, target.data(LABELS[action]))

    assert target.room.keitaro.mutations == before
    assert target.room.telegram.answered(query_id) is not None


@pytest.mark.parametrize("target", [APPLY], indirect=True, ids=[APPLY])
async def test_a_plan_survives_every_attack_on_it(target):
    """Nobody can use it up, or cancel it, in the name of its author."""
    data = target.data("Apply")
    for attack in (by_a_stranger, by_a_colleague, tampered, empty, from_another_chat, forwarded):
        await attack(target, data)
        await attack(target, target.data("Cancel"))
    await target.send(data, by=target.author)
    await target.send(data, by=target.author)

    assert [change.path for change in target.room.keitaro.mutations] == ["streams/45/disable"]


@pytest.mark.parametrize("target", [APPLY], indirect=True, ids=[APPLY])
@pytest.mark.parametrize("date", [0, DATE])
async def test_the_author_s_press_counts_once_under_whichever_message_it_is_sent(target, date):
    """Telegram does not show a message that is too old; a changed client names another one."""
    elsewhere = {**target.message, "message_id": 1, "date": date}
    elsewhere = (
        elsewhere if date else {key: elsewhere[key] for key in ("chat", "message_id", "date")}
    )
    await target.send(target.data("Apply"), by=target.author, message=elsewhere)
    await target.send(target.data("Apply"), by=target.author)

    assert len(target.room.keitaro.mutations) == 1


@pytest.mark.parametrize("target", [APPLY], indirect=True, ids=[APPLY])
async def test_of_a_hundred_presses_of_many_people_at_once_one_counts(target):
    room = target.room
    eve = next(one for one in room.telegram.people.values() if one.first_name == "Eve")
    boris = next(one for one in room.telegram.people.values() if one.first_name == "Boris")
    for number in range(100):
        by = (target.author, eve, boris, room.owner)[number % 4]
        room.telegram.press(by, target.chat, target.message["message_id"], "Apply")
    await at_once(room)

    assert [change.path for change in room.keitaro.mutations] == ["streams/45/disable"]


async def again(room: Room, stack: AsyncExitStack) -> Room:
    """Return a bot that was started after that of *room* has ended, with the same memory."""
    await room.bot.bot_data[SERVICES].store.close()
    application, _ = await stack.enter_async_context(
        assembled(
            room.settings,
            telegram=httpx.ASGITransport(app=room.telegram.app),
            tracker=Hosts(tracker_example=room.keitaro.app),
            now=room.clock,
        )
    )
    await application.initialize()
    stack.push_async_callback(application.shutdown)
    return Room(room.telegram, room.keitaro, application, room.owner, room.clock, room.settings)


@pytest.mark.parametrize("target", [APPLY, CANCEL], indirect=True, ids=[APPLY, CANCEL])
async def test_a_press_is_not_used_once_more_after_a_restart(target, request):
    """Neither the same one, nor the other button of the same plan."""
    action = request.node.callspec.params["target"]
    await target.send(target.data(LABELS[action]), by=target.author)
    async with AsyncExitStack() as stack:
        target.room = await again(target.room, stack)
        before = list(target.room.keitaro.mutations)
        for label in ("Apply", "Cancel"):
            await target.send(target.data(label), by=target.author)

        assert target.room.keitaro.mutations == before
        assert len(before) == (1 if action == APPLY else 0)


@pytest.mark.parametrize("target", [APPLY], indirect=True, ids=[APPLY])
async def test_after_a_restart_nobody_else_may_confirm(target):
    data = target.data("Apply")
    async with AsyncExitStack() as stack:
        target.room = await again(target.room, stack)
        for attack in (by_a_stranger, by_a_colleague, from_another_chat):
            await attack(target, data)
        assert target.room.keitaro.mutations == []
        await target.send(data, by=target.author)

        assert [one.path for one in target.room.keitaro.mutations] == ["streams/45/disable"]


PATTERNS = tuple(kind.pattern for kind in BUTTONS)
DATA = st.one_of(
    st.text(max_size=64),
    st.binary(max_size=64).map(lambda raw: raw.decode("latin-1")),
    st.sampled_from(PATTERNS).flatmap(lambda pattern: st.from_regex(re.compile(pattern))),
)


@examples(CASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=DATA)
@pytest.mark.parametrize("target", [APPLY], indirect=True, ids=[APPLY])
async def test_no_press_of_a_reader_changes_anything_whatever_it_says(target, data):
    room = target.room
    reader = room.telegram.people.setdefault(7_000_000_002, Person(7_000_000_002, "Rita"))
    target.chat.members[reader.id] = "member"
    await room.grant(reader, target.chat, "viewer")
    memory = await remembered(room)
    query_id = await target.send(data, by=reader)

    assert room.telegram.answered(query_id) is not None
    assert await remembered(room) == memory
    assert room.keitaro.mutations == []


@examples(CASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=DATA)
@pytest.mark.parametrize("target", [APPLY], indirect=True, ids=[APPLY])
async def test_no_press_of_the_owner_changes_a_tracker_unasked(target, data):
    query_id = await target.send(data, by=target.room.owner)

    assert target.room.telegram.answered(query_id) is not None
    assert target.room.keitaro.mutations == []
