"""Who is answered, and how: every command, from everybody, everywhere."""

import itertools
import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from handlers import BUTTONS, COMMANDS, history, preferences
from handlers.allowance import PEOPLE_REMEMBERED, Allowance
from handlers.belonging import TAG
from handlers.cards import duplicate, editor, swap
from handlers.cards import press as cards
from handlers.changes import check, confirm, switch, undo
from handlers.command import Command
from handlers.roles import Role
from handlers.stats import log_pages, menu, repeat, saved_press, schedule_press
from handlers.stats import press as reports
from handlers.texts import RUSSIAN
from sandbox.telegram import Chat, Person
from sandbox.telegram.cast import ANONYMOUS_ADMIN, CHANNEL_BOT

PLACES = ("private", "group", "supergroup", "topic")
ROLES = {
    "owner": Role.OWNER,
    "admin": Role.ADMIN,
    "operator": Role.OPERATOR,
    "viewer": Role.VIEWER,
    "stranger": Role.STRANGER,
}
# Who writes as a group or as a channel has no private chat with the bot.
NAMELESS = ("anonymous", "channel")
# The posts of the channel that is linked to the group, and other bots, press no buttons.
FACELESS = (*NAMELESS, "posts", "bot")
# Somebody who was an operator until the role was taken away.
FORMER = "former"
SENDERS = (*ROLES, FORMER, *FACELESS, "forwarded", "inline", "edit")
PRESSERS = (*ROLES, FORMER, *NAMELESS)
STREAM = json.dumps(
    {
        "campaign_id": 1,
        "type": "regular",
        "schema": "redirect",
        "name": "Main",
        "action_type": "http",
        "action_payload": "https://offer.example/",
    }
)

STRANGER = "❌ I only work for people I know."
NAMELESS_LINE = "❌ I cannot tell who you are. Write as yourself, not as the group or a channel."
FORWARDED = "❌ A forwarded command changes nothing. Type it yourself."
UNKNOWN = "❌ I do not know this command. See /help"

# What is typed after each command, and how the answer of the command itself begins.
OWN = {
    "stats": (
        '{"range": {"interval": "today"}, "dimensions": ["campaign"]}',
        "✅ tracker.example\n",
    ),
    "clicks": ("", "✅ Clicks · tracker.example\n"),
    "conversions": ("", "✅ Conversions · tracker.example\n"),
    "reports": ("", "✅ Saved reports\n"),
    "schedules": ("", "✅ Nothing is scheduled here."),
    "stream": ("12", "✅ "),
    "streams": ("1", "✅ Streams of campaign 1 Garden DE\n"),
    "undo": ("", "❌ Nothing that you have changed"),
    "status": ("", "✅ https://tracker.example\nKey ••••2222\n"),
    "history": ("", "✅ History of this chat\n"),
    "link": ("", "❔ "),
    "unlink": ("yes", "✅ The link to https://tracker.example is gone"),
    "settings": ("", "✅ Settings of this chat\n"),
    "grant": ("viewer", "❔ Who is to have the role viewer?"),
    "revoke": ("123456", "❌ 123456 has no role here."),
    "members": ("", "✅ People with a role here"),
    "help": ("", "✅ What you can do here\nLinked to https://tracker.example\n"),
    "start": ("", "✅ What you can do here\nLinked to https://tracker.example\n"),
    "cancel": ("", "✅ I was not asking anything."),
}
# What commands that are of no use in private say there.
IN_PRIVATE = "❌ Roles belong to groups."
ELSEWHERE = "❌ This button works only in the chat where the change was asked for."
FORGOTTEN = "❌ I keep a report for 30 days, and this one is not there any more. Ask anew."
NO_SCHEDULE = "❌ There is no such schedule here any more. See /schedules"
# What a press of each kind of button sends, the alert that whoever may press gets, and whether
# the message changes with it.
PRESSES = {
    preferences.BUTTONS: ("settings:language:en", "", True),
    history.BUTTONS: ("history:b:", "", True),
    check.BUTTONS: ("look:u1", ELSEWHERE, False),
    confirm.BUTTONS: (f"plan:apply:{'A' * 22}", ELSEWHERE, False),
    switch.BUTTONS: ("stream:12:off", "", False),
    cards.READING: ("card:12:refresh", "", True),
    cards.CHANGING: ("card:12:copy", "", False),
    editor.BUTTONS: (f"share:{'A' * 22}:even", "❌ I do not know this button.", False),
    swap.BUTTONS: ("swap:12:71", "", False),
    duplicate.BUTTONS: ("copy:12", "", False),
    menu.BUTTONS: ("s:today", "", True),
    reports.BUTTONS: ("r:1:again", FORGOTTEN, False),
    saved_press.SAVING: ("save:1", FORGOTTEN, False),
    saved_press.READING: ("saved:run:1", "❌ This report is not saved any more.", False),
    saved_press.CHANGING: ("saved:remove:1", "❌ This report is not saved any more.", False),
    repeat.BUTTONS: ("due:1", FORGOTTEN, False),
    schedule_press.READING: ("sched:list:0", "", True),
    schedule_press.CHANGING: ("sched:pause:3", NO_SCHEDULE, False),
    undo.BUTTONS: ("undo:u1", ELSEWHERE, False),
    log_pages.BUTTONS: ("log:1:refresh", FORGOTTEN, False),
}


@dataclass
class Scene:
    """A linked chat and how somebody in particular writes there."""

    chat: Chat
    person: Person
    how: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What was said, whether the tracker was asked anything, and whether the memory changed."""

    said: tuple[str, ...]
    has_asked: bool = False
    has_changed: bool = False


async def remembered(room) -> list[Any]:
    """Return all that a command or a button can change in the memory of the bot."""
    sql = "SELECT * FROM {} ORDER BY 1, 2"
    tables = (
        "chats",
        "links",
        "members",
        "owners",
        "journal",
        "plans",
        "questions",
        "link_requests",
        "schedules",
    )
    connection = room.bot.bot_data["services"].store.connection
    return [
        await connection.run(lambda db, table=table: db.execute(sql.format(table)).fetchall())
        for table in tables
    ]


async def scene_of(room, sender: str, place: str) -> Scene:
    """Bring *sender* into a linked *place*."""
    is_owner = sender in {"owner", "forwarded", "inline", "edit", *FACELESS} - {"bot"}
    person = room.owner if is_owner else room.telegram.person("Ann")
    helper = Person(person.id + 10**9, "Helper", None, "helper_bot", is_bot=True)
    person = room.telegram.people.setdefault(helper.id, helper) if sender == "bot" else person
    how: dict[str, Any] = {"forwarded": True} if sender == "forwarded" else {}
    how |= {"via": helper} if sender == "inline" else {}
    if place == "private":
        chat = room.telegram.private(person)
    else:
        chat = room.telegram.group(
            "Team", room.owner, person, supergroup=place == "supergroup", forum=place == "topic"
        )
    if place == "topic":
        how["thread"] = chat.topic("Figures")
    if sender in NAMELESS:
        how["sender_chat"] = chat if sender == "anonymous" else room.telegram.channel("News")
    if sender == "posts":
        how["sender_chat"] = room.telegram.channel("Posts", room.owner, discussion=chat)
    if sender in {"admin", "operator", "viewer"}:
        await room.grant(person, chat, sender)
    if sender == FORMER:
        await room.grant(person, chat, "operator")
        await room.bot.bot_data["services"].store.people.revoke(chat.id, person.id)
    await room.link(to=chat)
    await room.never_ask(chat)
    await room.settle()
    return Scene(chat, person, how)


async def heard(room, scene: Scene, text: str) -> list[str]:
    """Return what the bot says to *text* in *scene*."""
    answers = await room.say(text, by=scene.person, to=scene.chat, **scene.how)
    topics = {one["message_thread_id"] for one in answers if one.get("is_topic_message")}
    assert topics == ({scene.how["thread"]} if answers and "thread" in scene.how else set())
    return [answer["text"] for answer in answers]


async def heard_after_edit(room, scene: Scene, text: str) -> list[str]:
    """Return what the bot says when plain talk is edited into *text*."""
    message = room.telegram.say(scene.person, scene.chat, "hello", **scene.how)
    await room.settle()
    before = room.since(scene.chat, message)
    room.telegram.edit(scene.person, scene.chat, message["message_id"], text)
    await room.settle()
    return [answer["text"] for answer in room.since(scene.chat, message) if answer not in before]


def due(sender: str, needed: Role) -> tuple[str, ...]:
    """Return what *sender* hears of a command that needs a role."""
    if sender == "edit":
        return ()
    if sender in {"stranger", FORMER}:
        return (STRANGER,)
    if sender in FACELESS:
        return (NAMELESS_LINE,)
    if sender in {"forwarded", "inline"}:
        return (FORWARDED,) if needed > Role.VIEWER else ("own",)
    if ROLES[sender] >= needed:
        return ("own",)
    return (f"❌ You need the role {needed.name.lower()} in this chat. Ask an owner of the bot.",)


LEAKED_STAYS = (
    "You typed that in a group. I stored nothing, but I may not delete your message: delete it "
    "yourself. If it held a key, that key has leaked: delete it in the tracker and make a new one."
)


def noted(said: tuple[str, ...], form: str, sender: str) -> tuple[str, ...]:
    """Return what is *said* to a form of a command typed in a group, where a key is a leak.

    Of one that was edited in, that is said alone.
    """
    if sender == "edit" and form.endswith("KEY"):
        return ("own",)
    is_leak = form.endswith("KEY") and said != ("own",)
    return tuple(f"{one}\n\n{LEAKED_STAYS}" if is_leak else one for one in said)


def is_own(answer: str, beginning: str) -> bool:
    """Tell whether *answer* is that of the command and not one of the gate."""
    refusals = (STRANGER, NAMELESS_LINE, FORWARDED, "❌ You need the role")
    return answer.startswith(beginning) and not answer.startswith(refusals)


async def outcomes(
    room, text: str, own: str, places: tuple[str, ...], *, groups_only: bool = False
) -> dict[str, Outcome]:
    """Return what becomes of *text*: "own" stands for an answer that begins with *own*."""
    found: dict[str, Outcome] = {}
    for sender, place in itertools.product(SENDERS, places):
        if sender in FACELESS and place == "private":
            continue
        scene = await scene_of(room, sender, place)
        room.clock.at += 600
        before, memory = len(room.keitaro.requests), await remembered(room)
        listen = heard_after_edit if sender == "edit" else heard
        answers = await listen(room, scene, text)
        expected = IN_PRIVATE if place == "private" and groups_only else own
        said = tuple("own" if is_own(one, expected) else one for one in answers)
        found[f"{sender} in {place}"] = Outcome(
            said, len(room.keitaro.requests) > before, await remembered(room) != memory
        )
    return found


def test_every_command_is_in_the_table(room):
    handlers = [one for group in room.bot.handlers.values() for one in group]
    filters = " ".join(str(one.filters) for one in handlers if isinstance(one, MessageHandler))
    listening = set(re.findall(r"Calls\((\w+)\)", filters)) - {"None"}

    assert list(OWN) == [command.name for command in COMMANDS]
    assert listening == set(OWN)


def test_every_button_is_in_the_table(room):
    """The one without a pattern only stops the spinner."""
    handlers = [one for group in room.bot.handlers.values() for one in group]
    patterns = [one.pattern for one in handlers if isinstance(one, CallbackQueryHandler)]

    ends = [one.pattern.replace(TAG, "") for one in patterns if one]
    assert ends == [kind.pattern for kind in BUTTONS]
    assert patterns[-1] is None
    assert list(PRESSES) == [kind.pattern for kind in BUTTONS]
    assert all(re.match(pattern, data) for pattern, (data, *_) in PRESSES.items())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_each_command_is_answered_by_role(room, command: Command):
    rest, own = OWN[command.name]

    text = f"/{command.name} {rest}".strip()
    found = await outcomes(room, text, own, PLACES, groups_only=command.groups_only)

    assert {key: outcome.said for key, outcome in found.items()} == {
        key: due(key.partition(" ")[0], command.role) for key in found
    }
    refused = [outcome for outcome in found.values() if outcome.said != ("own",)]
    assert not any(outcome.has_asked or outcome.has_changed for outcome in refused)
    assert len(found) == len(SENDERS) * len(PLACES) - len(FACELESS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_no_form_does_anything_for_those_who_may_not(room, command: Command):
    for form in command.forms:
        text = form.text.replace("{json}", STREAM if command.name == "stream" else "{}")
        text = re.sub(r"\b45\b", "12", text).replace(" words", " main")

        found = await outcomes(room, text, "", ("group",))

        assert {key: outcome.said for key, outcome in found.items()} == {
            key: noted(due(sender, command.needed(form)), form.text, sender)
            for key in found
            for sender in [key.partition(" ")[0]]
        }, form
        refused = [outcome for outcome in found.values() if outcome.said != ("own",)]
        assert not any(one.has_asked or one.has_changed for one in refused), form


async def pressed(room, sender: str, place: str, data: str) -> tuple[str, bool, bool]:
    """Return the alert that *sender* gets, and whether the message or anything else changed.

    A press comes from a person, or from a client that pretends to be the anonymous admin.
    """
    scene = await scene_of(room, sender, place)
    how = shown(scene)
    by = room.owner if place != "private" else scene.person
    room.telegram.say(by, scene.chat, "hello", **how)
    await room.settle()
    target = await room.bot.bot.send_message(
        scene.chat.id, "❔", message_thread_id=how.get("thread")
    )
    requests, memory = len(room.keitaro.requests), await remembered(room)
    fakes = {"anonymous": ANONYMOUS_ADMIN, "channel": CHANNEL_BOT}
    presser = fakes.get(sender, scene.person)
    # A client can make itself look like one of these.
    scene.chat.members.setdefault(presser.id, "member")
    query_id = room.telegram.press(presser, scene.chat, target.message_id, data, forged=True)
    await room.settle()
    has_changed = len(room.keitaro.requests) > requests or await remembered(room) != memory
    is_edited = scene.chat.messages[target.message_id]["text"] != "❔"
    return room.telegram.answered(query_id).get("text", ""), is_edited, has_changed


@pytest.mark.parametrize("kind", BUTTONS, ids=lambda kind: kind.pattern)
async def test_each_button_is_pressed_by_role(room, kind):
    data, alert, is_edited = PRESSES[kind.pattern]
    needed = f"❌ You need the role {kind.role.name.lower()} in this chat. Ask an owner of the bot."
    found, expected, changed = {}, {}, []
    for sender, place in itertools.product(PRESSERS, PLACES):
        if sender in NAMELESS and place == "private":
            continue
        *found[sender, place], has_changed = await pressed(room, sender, place, data)
        role = ROLES.get(sender, Role.STRANGER)
        if role is Role.STRANGER:
            expected[sender, place] = ["", False]
        else:
            may = role >= kind.role
            expected[sender, place] = [alert, is_edited] if may else [needed, False]
        if has_changed and role < kind.role:
            changed.append((sender, place))

    assert found == expected
    assert changed == []
    assert len(found) == len(PRESSERS) * len(PLACES) - len(NAMELESS)


GROUPS = PLACES[1:]


@pytest.mark.parametrize("place", GROUPS)
async def test_everyone_reads_where_a_group_is_open(room, place):
    """But changes, anonymous senders, channels and private chats stay as they are."""
    readers = {}
    for sender in ("stranger", *NAMELESS):
        scene = await scene_of(room, sender, place)
        await room.ask("/settings readers everyone", to=scene.chat, **shown(scene))
        readers[sender] = [
            *await heard(room, scene, "/status"),
            *await heard(room, scene, "/stream 12 off"),
        ]
        room.clock.at += 600
        readers[sender, "alone"] = await room.say("/status", by=room.telegram.person("Ann"))

    assert readers["stranger"][0].startswith("✅ https://tracker.example\n")
    assert readers["stranger"][1:] == [
        "❌ You need the role operator in this chat. Ask an owner of the bot."
    ]
    assert readers["anonymous"] == readers["channel"] == [NAMELESS_LINE]
    assert [readers[one, "alone"][0]["text"] for one in ("stranger", *NAMELESS)] == [STRANGER] * 3
    assert room.keitaro.mutations == []


def shown(scene: Scene) -> dict[str, Any]:
    """Return where the owner writes in *scene*."""
    return {"thread": scene.how["thread"]} if "thread" in scene.how else {}


async def test_a_group_that_is_open_is_closed_again_at_once(room):
    person = room.telegram.person("Ann")
    group = room.telegram.group("Team", room.owner, person)
    answers = []
    for readers in ("everyone", "roles"):
        await room.ask(f"/settings readers {readers}", to=group)
        answers.append(await room.ask("/help", by=person, to=group))

    assert answers[0].startswith("✅ What you can do here")
    assert answers[1] == STRANGER


@pytest.mark.parametrize("fake", [ANONYMOUS_ADMIN, CHANNEL_BOT], ids=["anonymous", "channel"])
async def test_nobody_behind_a_mask_presses_in_an_open_group(room, fake):
    group = room.telegram.group("Team", room.owner)
    await room.link(to=group)
    [overview] = await room.say("/settings readers everyone", to=group)
    group.members[fake.id] = "member"
    query_id = room.telegram.press(fake, group, overview["message_id"], "look:u1", forged=True)
    await room.settle()

    assert room.telegram.answered(query_id).get("text", "") == ""


async def test_the_operator_of_one_chat_is_a_stranger_in_another(room):
    person = room.telegram.person("Ann")
    home, elsewhere = (room.telegram.group(name, room.owner, person) for name in ("A", "B"))
    await room.grant(person, home, "operator")
    for chat in (home, elsewhere):
        await room.link(to=chat)
        await room.never_ask(chat)

    answers = [await room.ask("/stream 12 off", by=person, to=chat) for chat in (elsewhere, home)]

    assert answers[0] == STRANGER
    assert answers[1].startswith("✅ Stream 12 is off")
    assert len(room.keitaro.mutations) == 1


async def test_a_role_taken_away_counts_at_once(linked):
    person = linked.telegram.person("Ann")
    group = linked.telegram.group("Team", linked.owner, person)
    await linked.grant(person, group, "viewer")
    await linked.ask("/help", by=person, to=group)
    await linked.bot.bot_data["services"].store.people.revoke(group.id, person.id)

    assert await linked.ask("/help", by=person, to=group) == STRANGER


async def test_a_stranger_gets_one_line_in_ten_minutes(room):
    person = room.telegram.person("Eve")
    group = room.telegram.group("Team", room.owner, person)

    answers = [await room.say("hello", by=person)]
    answers += [await room.say(text, by=person) for text in ("/start", "/stats {}", "/cancel")]
    answers.append(await room.say("/stats", by=person, to=group))
    room.clock.at += 599
    answers.append(await room.say("/help", by=person))
    room.clock.at += 1
    answers.append(await room.say("/help", by=person))

    assert [[one["text"] for one in said] for said in answers] == [
        [STRANGER],
        *[[]] * 5,
        [STRANGER],
    ]
    assert room.keitaro.requests == []


async def test_strangers_do_not_use_up_each_others_line(room):
    people = [room.telegram.person(f"Person {number}") for number in range(3)]

    assert [await room.ask("/stats", by=person) for person in people] == [STRANGER] * 3


async def test_the_stranger_is_addressed_in_their_own_language(room):
    person = room.telegram.person("Eva", language_code="uk")

    assert (await room.ask("/stats", by=person)) == f"❌ {RUSSIAN.stranger}"


def test_only_so_many_strangers_are_remembered(clock):
    notices = Allowance(1, 600.0, now=clock)

    assert all(notices.allows(user_id) for user_id in range(PEOPLE_REMEMBERED + 1))
    assert notices.allows(PEOPLE_REMEMBERED) is False
    assert notices.allows(0) is True


def test_an_allowance_is_for_each_person_and_comes_back_bit_by_bit(clock):
    allowance = Allowance(2, 600.0, now=clock)
    start = clock.at
    seen = []
    for second in (0, 300, 599, 600, 601, 899, 900, 901):
        clock.at = start + second
        seen.append(allowance.allows(1))

    assert seen == [True, True, False, True, False, False, True, False]
    assert [allowance.allows(2) for _ in range(3)] == [True, True, False]


def test_what_was_refused_does_not_count(clock):
    allowance = Allowance(1, 600.0, now=clock)
    seen = [allowance.allows(1)]
    clock.at += 599
    seen.append(allowance.allows(1))
    clock.at += 1
    seen.append(allowance.allows(1))

    assert seen == [True, False, True]


def test_who_has_been_away_longest_is_forgotten_first(clock):
    allowance = Allowance(2, 600.0, now=clock)
    for user_id in range(PEOPLE_REMEMBERED):
        allowance.allows(user_id)
    allowance.allows(0)
    allowance.allows(-1)

    assert allowance.allows(0) is False
    assert [allowance.allows(1) for _ in range(3)] == [True, True, False]


NO_TOKEN = "❌ This link or code is wrong, used up, or older than 15 minutes. Begin again where you got it."


async def test_a_stranger_may_try_three_codes_in_ten_minutes(room, clock):
    """Fewer than a claim code lives through, so that nobody can use up its tries alone."""
    stranger, other = room.telegram.person("Sam"), room.telegram.person("Eve")
    answers = [await room.say(f"/start guess-{number}", by=stranger) for number in range(6)]
    others = await room.ask("/start guess-8", by=other)
    clock.at += 599
    early = await room.say("/start guess-9", by=stranger)
    clock.at += 1
    later = await room.ask("/start guess-9", by=stranger)

    texts = [answer[0]["text"] if answer else "" for answer in answers]
    assert texts == [*[NO_TOKEN] * 3, STRANGER, "", ""]
    assert (others, early, later) == (NO_TOKEN, [], NO_TOKEN)


async def test_a_fourth_code_is_not_tried_even_if_it_is_the_right_one(room):
    people = room.bot.bot_data["services"].store.people
    stranger = room.telegram.person("Sam")
    for number in range(3):
        await room.ask(f"/start guess-{number}", by=stranger)
    code = await people.new_claim()

    assert await room.ask(f"/start {code}", by=stranger) == STRANGER
    assert stranger.id not in await people.owners()
    room.clock.at += 600
    code = await people.new_claim()
    assert await room.ask(f"/start {code}", by=stranger) == (
        "✅ You are an owner of this bot now.\n\n"
        "Not linked to a tracker yet. Send:\n/link https://tracker.example KEY"
    )


async def test_people_with_a_role_may_try_as_often_as_they_like(room):
    assert [await room.ask(f"/start guess-{number}") for number in range(7)] == [NO_TOKEN] * 7


TALK = (
    "good morning",
    "see /stats below",
    "/stats@another_bot {}",
    "/link@another_bot https://tracker.example KEY",
    "/ban Eve",
    "/ban@another_bot Eve",
    "@keitaro_test_bot hello",
    '{"range": {"interval": "today"}}',
)


async def test_talk_and_other_bots_commands_in_groups_meet_silence(room):
    found = {}
    for sender, place in itertools.product(SENDERS, PLACES[1:]):
        scene = await scene_of(room, sender, place)
        listen = heard_after_edit if sender == "edit" else heard
        found |= {(sender, place, text): await listen(room, scene, text) for text in TALK}

    assert {key: said for key, said in found.items() if said} == {}
    assert room.keitaro.requests == []


@pytest.mark.parametrize("name", ["keitaro_test_bot", "Keitaro_Test_Bot"])
async def test_a_command_may_name_this_bot(linked, name):
    group = linked.telegram.group("Team", linked.owner)
    await linked.link(to=group)

    assert await linked.ask(f"/unlink@{name}", to=group) == (
        "✅ The link to https://tracker.example is gone. The key stays: another chat uses it."
    )


async def test_a_command_in_capitals_is_the_same_command(linked):
    assert (await linked.ask("/UNLINK YES")).startswith("✅ The link to")


async def test_the_post_of_the_linked_channel_is_no_person(linked):
    group = linked.telegram.group("Team", linked.owner, supergroup=True)
    channel = linked.telegram.channel("News", linked.owner, discussion=group)
    await linked.link(to=group)

    answers = await linked.say("/stream 12 off", to=group, sender_chat=channel)

    assert [answer["text"] for answer in answers] == [NAMELESS_LINE]
    assert linked.keitaro.requests == []


async def test_a_command_through_an_inline_bot_changes_nothing(linked):
    message = linked.telegram.say(linked.owner, linked.home, "hello")
    linked.telegram.updates.drop()
    update = {
        **message,
        "text": "/stream 12 off",
        "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        "via_bot": linked.telegram.bot.as_user(),
    }
    linked.telegram.push({"message": update})
    await linked.settle()

    assert linked.since(linked.home, message)[0]["text"] == FORWARDED
    assert linked.keitaro.mutations == []


async def test_editing_a_command_that_ran_does_not_run_it_again(unasked):
    message = unasked.telegram.say(unasked.owner, unasked.home, "/stream 12 off")
    await unasked.settle()
    for number in range(20):
        command = f"/stream {12 + number} off"
        unasked.telegram.edit(unasked.owner, unasked.home, message["message_id"], command)
        await unasked.settle()

    assert len(unasked.since(unasked.home, message)) == 1
    assert [change.path for change in unasked.keitaro.mutations] == ["streams/12/disable"]


@pytest.mark.parametrize(
    "kind",
    sorted(
        kind
        for kind in Update.ALL_TYPES
        if kind.endswith(("message", "post")) and kind != Update.MESSAGE
    ),
)
async def test_messages_of_no_other_kind_run_a_command(linked, kind):
    message = linked.telegram.say(linked.owner, linked.home, "/stream 12 off")
    linked.telegram.updates.drop()
    linked.telegram.push({kind: message})
    await linked.settle()

    assert linked.since(linked.home, message) == []
    assert linked.keitaro.requests == []


async def test_a_press_under_a_message_of_unknown_origin_does_nothing(linked):
    """Telegram leaves the message out when it is too old; the spinner stops all the same."""
    query = {
        "id": "1",
        "from": linked.owner.as_user(),
        "chat_instance": "1",
        "data": "settings:language:ru",
    }
    linked.telegram.push({"callback_query": query})
    await linked.settle()

    assert linked.telegram.sent == []
    *_, call = linked.telegram.calls
    assert call.method == "answerCallbackQuery"
    assert call.parameters == {"callback_query_id": "1", "text": "", "show_alert": False}
