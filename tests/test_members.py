"""Roles in a group: granted, revoked, listed, and chosen for several people at once."""

from typing import Any

import pytest
from telegram import Update

from handlers import COMMANDS
from handlers.menus import menu
from handlers.roles import Role
from handlers.texts import ENGLISH, RUSSIAN
from sandbox.telegram import Chat, Person
from sandbox.telegram.cast import ANONYMOUS_ADMIN, CHANNEL_BOT, SERVICE

IN_GROUPS = "❌ Roles belong to groups. In private I work for my owners alone."
POWERS = {
    "viewer": "May read figures and streams.",
    "operator": "May read figures and streams, and change streams.",
    "admin": "May read and change, link this group, set it up, and grant roles.",
}
NOT_HERE = (
    "Telegram does not find this person in this group. The role counts as soon as they are here."
)
NAMELESS = (
    "❌ This is no person: a role cannot go to an anonymous admin, a channel or Telegram itself."
)
BOT = "❌ This is a bot. Roles are for people."
SELF = "❌ You cannot grant yourself a role. Ask another admin."
OWNER = "❌ This is an owner of the bot. Nobody changes what an owner may do."
STRANGER = "❌ I only work for people I know."
EXPIRED = "❌ I am not asking for people, or no longer. Start again in the group with /grant"
NO_ADMIN = "❌ You are not an admin in that group any more. Nothing was granted."
OPERATORS = "The role operator in Team is given to: "


@pytest.fixture
def ann(room) -> Person:
    return room.telegram.person("Ann")


@pytest.fixture
def boris(room) -> Person:
    return room.telegram.person("Boris")


@pytest.fixture
async def team(room, ann, boris) -> Chat:
    """A group in which Ann is an admin."""
    group = room.telegram.group("Team", room.owner, ann, boris, supergroup=True)
    await room.grant(ann, group, "admin")
    return group


async def roles(room, chat: Chat) -> dict[int, str]:
    found = await room.bot.bot_data["services"].store.people.members(chat.id)
    return {member.user_id: member.role for member in found}


def granted(person: str, role: str, *more: str) -> str:
    return "\n".join([f"✅ {person} has the role {role} here now.", POWERS[role], *more])


async def reply_to(room, author: Person, chat: Chat, text: str, **how: Any) -> str:
    """Have *author* say something, and somebody reply to it with *text*."""
    said = room.telegram.say(author, chat, "hello", **how.pop("said", {}))
    return await room.ask(text, to=chat, reply_to=said["message_id"], **how)


@pytest.mark.parametrize("role", POWERS)
@pytest.mark.parametrize("by", ["owner", "admin"])
async def test_a_role_is_granted_by_reply(room, team, ann, boris, role, by):
    granter = room.owner if by == "owner" else ann

    answer = await reply_to(room, boris, team, f"/grant {role}", by=granter)

    assert answer == granted(f"Boris {boris.id}", role)
    assert await roles(room, team) == {ann.id: "admin", boris.id: role}


@pytest.mark.parametrize(
    "typed", ["{id} operator", "operator {id}", "Оператор {id}", "{id} OPERATOR"]
)
async def test_a_role_is_granted_by_id_and_telegram_tells_the_name(room, team, ann, boris, typed):
    answer = await room.ask(f"/grant {typed.format(id=boris.id)}", by=ann, to=team)

    assert answer == granted(f"Boris {boris.id}", "operator")
    assert (await roles(room, team))[boris.id] == "operator"


async def test_who_is_not_in_the_group_gets_the_role_with_a_note(room, team, ann):
    absent = room.telegram.person("Carl")

    known = await room.ask(f"/grant {absent.id} viewer", by=ann, to=team)
    unknown = await room.ask("/grant 123456 viewer", by=ann, to=team)

    assert known == granted(f"Carl {absent.id}", "viewer", "", NOT_HERE)
    assert unknown == granted("123456", "viewer", "", NOT_HERE)
    assert await roles(room, team) == {ann.id: "admin", absent.id: "viewer", 123456: "viewer"}


async def test_without_telegrams_help_there_is_no_name_but_a_role(room, team, ann, boris):
    room.telegram.fail("getChatMember", status=500, description="Internal Server Error")

    answer = await room.ask(f"/grant {boris.id} viewer", by=ann, to=team)

    assert answer == granted(str(boris.id), "viewer")
    assert (await roles(room, team))[boris.id] == "viewer"


async def test_a_name_that_was_known_stays_known(room, team, ann, boris):
    await reply_to(room, boris, team, "/grant viewer", by=ann)
    room.telegram.fail("getChatMember", status=500, description="Internal Server Error")
    await room.ask(f"/grant {boris.id} operator", by=ann, to=team)

    assert f"Boris {boris.id} – operator\n" in await room.ask("/members", to=team)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("owner", "owner"),
        ("boss", "boss"),
        ("operator boss", "boss"),
        ("operator 1 2", "2"),
        ("operator viewer", "viewer"),
        ("operator @boris", "@boris"),
        ("operator -5", "-5"),
        ("<b>", "<b>"),
    ],
)
async def test_a_word_that_is_not_understood_is_named(room, team, ann, typed, word):
    assert await room.ask(f"/grant {typed}", to=team) == (
        f"❌ I do not understand “{word}” after /grant. See /help grant"
    )
    assert await roles(room, team) == {ann.id: "admin"}


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/grant", "❌ Something is missing. See /help grant"),
        ("/grant 123456", "❌ Something is missing. See /help grant"),
        ("/revoke", "❌ Something is missing. See /help revoke"),
        ("/revoke boris", "❌ I do not understand “boris” after /revoke. See /help revoke"),
        ("/revoke 1 2", "❌ I do not understand “2” after /revoke. See /help revoke"),
    ],
)
async def test_what_is_missing_or_too_much_is_said(room, team, typed, answer):
    assert await room.ask(typed, to=team) == answer


@pytest.mark.parametrize("typed", ["/grant operator", "/revoke 5", "/members"])
async def test_in_private_there_are_no_roles(room, typed):
    assert await room.ask(typed) == IN_GROUPS


@pytest.mark.parametrize("fake", [ANONYMOUS_ADMIN, CHANNEL_BOT, SERVICE])
async def test_who_is_no_person_gets_no_role_by_id(room, team, ann, fake):
    assert await room.ask(f"/grant {fake.id} operator", to=team) == NAMELESS
    assert await roles(room, team) == {ann.id: "admin"}


async def test_who_is_no_person_gets_no_role_by_reply(room, team, ann, boris):
    channel = room.telegram.channel("News", boris)
    linked = room.telegram.channel("Posts", boris, discussion=team)

    answers = [
        await reply_to(room, boris, team, "/grant operator", said={"sender_chat": chat})
        for chat in (team, channel, linked)
    ]

    assert answers == [NAMELESS] * 3
    assert await roles(room, team) == {ann.id: "admin"}


async def test_a_bot_gets_no_role(room, team, ann):
    [answer] = await room.say("/help", to=team)

    by_reply = await room.ask("/grant viewer", to=team, reply_to=answer["message_id"])
    by_id = await room.ask(f"/grant {room.telegram.bot.id} viewer", to=team)

    assert (by_reply, by_id) == (BOT, BOT)
    assert await roles(room, team) == {ann.id: "admin"}


async def test_nobody_changes_an_owner_or_raises_themselves(room, team, ann):
    answers = [
        await reply_to(room, room.owner, team, "/grant viewer", by=ann),
        await room.ask(f"/revoke {room.owner.id}", by=ann, to=team),
        await room.ask(f"/grant {ann.id} admin", by=ann, to=team),
    ]

    assert answers == [OWNER, OWNER, SELF]
    assert await roles(room, team) == {ann.id: "admin"}


async def test_an_owner_may_take_a_role_like_everybody(room, team):
    assert await room.ask(f"/grant {room.owner.id} viewer", to=team) == granted(
        f"Olga {room.owner.id}", "viewer"
    )
    assert f"Olga {room.owner.id} – owner\n" in await room.ask("/members", to=team)


async def test_a_role_is_revoked_and_gone_at_once(room, team, ann, boris):
    await room.grant(boris, team, "operator")

    answer = await reply_to(room, boris, team, "/revoke", by=ann)

    assert answer == f"✅ Boris {boris.id} has no role here any more."
    assert await room.ask("/help", by=boris, to=team) == STRANGER
    assert await room.ask(f"/revoke {boris.id}", by=ann, to=team) == (
        f"❌ Boris {boris.id} has no role here."
    )


async def test_an_admin_may_give_their_own_role_up(room, team, ann):
    assert await room.ask(f"/revoke {ann.id}", by=ann, to=team) == (
        f"✅ Ann {ann.id} has no role here any more."
    )
    assert await roles(room, team) == {}


async def test_in_a_topic_nobody_replies_to_who_opened_it(room, ann):
    forum = room.telegram.group("Team", room.owner, ann, forum=True)
    thread = forum.topic("Figures")

    [answer] = await room.say("/grant viewer", to=forum, thread=thread)

    assert answer["text"].startswith("❔ Who is to have the role viewer?")
    assert await roles(room, forum) == {}


async def test_members_are_listed_with_who_granted_what_and_when(room, team, ann, boris):
    await room.ask("/settings timezone Asia/Bangkok", to=team)
    await room.ask(f"/grant {ann.id} admin", to=team)
    room.clock.at += 60
    await reply_to(room, boris, team, "/grant viewer", by=ann)

    assert await room.ask("/members", by=boris, to=team) == (
        "✅ People with a role here (times: Asia/Bangkok)\n"
        f"Ann {ann.id} – admin\n  by {room.owner.id}, 2026-11-22 19:00\n"
        f"Boris {boris.id} – viewer\n  by Ann, 2026-11-22 19:01\n"
        "\n"
        "Owners of the bot may do everything in every chat."
    )


async def test_members_of_a_group_without_roles(room):
    group = room.telegram.group("Team", room.owner)

    assert await room.ask("/members", to=group) == (
        "✅ People with a role here (times: UTC)\n"
        "Nobody has been granted a role yet: /grant\n\n"
        "Owners of the bot may do everything in every chat."
    )


async def test_a_name_mentions_nobody_and_forges_nothing(room, team, ann):
    eve = room.telegram.person("@olga <b>/stats</b>\n✅")
    [answer] = await room.say(f"/grant {eve.id} viewer", by=ann, to=team)

    assert {one["type"] for one in answer["entities"]} == {"bold", "code"}
    assert len(answer["text"].split("\n")) == 4


async def test_a_name_is_not_readable_in_the_database(room, team, ann, boris):
    await reply_to(room, boris, team, "/grant viewer", by=ann)
    connection = room.bot.bot_data["services"].store.connection
    rows = await connection.run(
        lambda db: db.execute("SELECT name FROM members WHERE name IS NOT NULL").fetchall()
    )

    assert len(rows) == 1
    assert b"Boris" not in rows[0][0]


# Menus


@pytest.mark.parametrize(("language", "texts"), [("en", ENGLISH), ("uk", RUSSIAN)])
async def test_the_menu_follows_the_role(room, team, ann, language, texts):
    person = room.telegram.person("Boris", language_code=language)
    menus = []
    for text in ("/grant operator", "/grant viewer", "/revoke"):
        await reply_to(room, person, team, text, by=ann)
        menus.append(room.telegram.menu(person, team))

    expected = [
        [one.to_dict() for one in menu(texts, COMMANDS, role)]
        for role in (Role.OPERATOR, Role.VIEWER)
    ]
    assert menus == [*expected, []]


async def test_a_menu_that_telegram_refuses_is_no_matter(room, team, ann, boris, caplog):
    for method in ("setMyCommands", "deleteMyCommands"):
        room.telegram.fail(method, status=400, description="Bad Request: no", times=5)

    answers = [
        await reply_to(room, boris, team, text, by=ann) for text in ("/grant viewer", "/revoke")
    ]

    assert answers == [
        granted(f"Boris {boris.id}", "viewer"),
        f"✅ Boris {boris.id} has no role here any more.",
    ]
    assert caplog.records == []


# The people picker


async def offered(room, chat: Chat, by: Person, *, role: str = "operator", **how: Any) -> str:
    """Return the link behind the button that *by* gets in a group."""
    [answer] = await room.say(f"/grant {role}", by=by, to=chat, **how)
    [[button]] = answer["reply_markup"]["inline_keyboard"]
    return str(button["url"])


async def follow(room, person: Person, url: str) -> dict[str, Any]:
    """Follow *url* and return the parameters of the answer, as the bot sent them."""
    room.telegram.start_link(person, url)
    await room.settle()
    return last_sent(room)


def last_sent(room) -> dict[str, Any]:
    return next(
        call.parameters for call in reversed(room.telegram.calls) if call.method == "sendMessage"
    )


def request_id(sent: dict[str, Any]) -> int:
    return int(sent["reply_markup"]["keyboard"][0][0]["request_users"]["request_id"])


async def choose(
    room, person: Person, *people: Person, request: int, **more: Any
) -> list[dict[str, Any]]:
    """Have *person* choose *people*, as Telegram tells it, and return what the bot says."""
    chat = room.telegram.private(person)
    message = room.telegram.say(person, chat, "to be replaced")
    room.telegram.updates.drop()
    shared = {
        "request_id": request,
        "users": [{"user_id": one.id, "first_name": one.first_name} for one in people],
    }
    message = {key: value for key, value in message.items() if key != "text"}
    update_id = person.id * 1000 + message["message_id"]
    raw = {"update_id": update_id, "message": message | more}
    raw["message"]["users_shared"] = shared
    await room.bot.process_update(Update.de_json(raw, room.bot.bot))
    await room.delivered()
    return room.since(chat, message)


async def test_people_are_chosen_in_private_and_the_group_is_told(room, ann, boris):
    forum = room.telegram.group("Team", room.owner, ann, forum=True)
    await room.grant(ann, forum, "admin")
    thread = forum.topic("Rights")
    carl = room.telegram.person("Carl")

    sent = await follow(room, ann, await offered(room, forum, ann, thread=thread))
    [answer] = await choose(room, ann, boris, carl, request=request_id(sent))

    people = f"Boris {boris.id}, Carl {carl.id}"
    assert answer["text"] == f"✅ {OPERATORS}{people}\n{POWERS['operator']}"
    *_, told = forum.messages.values()
    assert told["text"] == f"✅ Ann has given the role operator to: {people}"
    assert told["message_thread_id"] == thread
    assert await roles(room, forum) == {
        ann.id: "admin",
        boris.id: "operator",
        carl.id: "operator",
    }


async def test_the_keyboard_asks_for_people_and_goes_away(room, team, ann, boris):
    sent = await follow(room, ann, await offered(room, team, ann))
    [[people], [stop]] = sent["reply_markup"]["keyboard"]
    number = people["request_users"].pop("request_id")
    await choose(room, ann, boris, request=number)
    [gone] = [
        call.parameters
        for call in room.telegram.calls
        if call.method == "sendMessage"
        and "remove_keyboard" in (call.parameters.get("reply_markup") or {})
    ]

    assert people == {
        "text": "Choose people",
        "request_users": {"user_is_bot": False, "max_quantity": 10, "request_name": True},
    }
    assert stop == {"text": "/cancel"}
    assert sent["reply_markup"]["one_time_keyboard"] is True
    assert sent["text"].startswith("❔ Who is to have the role <b>operator</b> in <b>Team</b>?")
    assert gone["chat_id"] == ann.id
    assert gone["text"].startswith("✅ ")


async def test_an_answer_counts_once(room, team, ann, boris):
    sent = await follow(room, ann, await offered(room, team, ann))
    await choose(room, ann, boris, request=request_id(sent))
    await room.ask(f"/revoke {boris.id}", to=team)

    [answer] = await choose(room, ann, boris, request=request_id(sent))
    assert answer["text"] == STRANGER
    [again] = await room.say(f"/start {last_token(room)}", by=ann)
    assert again["text"].startswith("❌ ")
    assert await roles(room, team) == {ann.id: "admin"}


def last_token(room) -> str:
    """Return the token that was followed last."""
    texts = [
        one["text"]
        for chat in room.telegram.chats.values()
        for one in chat.messages.values()
        if one.get("text", "").startswith("/start ")
    ]
    return texts[-1].removeprefix("/start ")


async def test_the_link_works_for_who_asked_alone(room, team, ann, boris):
    url = await offered(room, team, ann)

    for person in (boris, room.owner):
        sent = await follow(room, person, url)
        assert sent["text"].startswith("❌ This link or code is wrong")
    assert (await follow(room, ann, url))["text"].startswith("❔ ")


@pytest.mark.parametrize(("later", "is_in_time"), [(899, True), (900, False)])
async def test_the_link_and_the_answer_have_their_time(room, team, ann, boris, later, is_in_time):
    followed = await offered(room, team, ann)
    sent = await follow(room, ann, followed)
    room.clock.at += later
    answers = await choose(room, ann, boris, request=request_id(sent))

    assert (boris.id in await roles(room, team)) is is_in_time
    assert answers[0]["text"].startswith("✅ " if is_in_time else "❌ ")


async def test_rights_are_looked_at_again_when_people_are_chosen(room, team, ann, boris):
    url = await offered(room, team, ann)
    sent = await follow(room, ann, url)
    await room.grant(ann, team, "operator")

    [answer] = await choose(room, ann, boris, request=request_id(sent))
    again = await follow(room, ann, url)

    assert answer["text"] == NO_ADMIN
    assert again["text"] == NO_ADMIN
    assert await roles(room, team) == {ann.id: "operator"}


async def test_who_cannot_get_a_role_is_named_with_the_reason(room, team, ann, boris):
    sent = await follow(room, ann, await offered(room, team, ann))
    people = (ann, room.owner, boris, boris)

    [answer] = await choose(room, ann, *people, request=request_id(sent))

    assert answer["text"] == (
        f"✅ {OPERATORS}Boris {boris.id}\n{POWERS['operator']}\n\n"
        f"• Ann {ann.id}: {SELF[2:]}\n"
        f"• Olga {room.owner.id}: {OWNER[2:]}"
    )
    assert await roles(room, team) == {ann.id: "admin", boris.id: "operator"}


async def test_where_nobody_gets_a_role_the_group_hears_nothing(room, team, ann):
    sent = await follow(room, ann, await offered(room, team, ann))
    before = len(team.messages)

    [answer] = await choose(room, ann, ann, request=request_id(sent))

    assert answer["text"] == f"❌ Nobody was given a role:\n• Ann {ann.id}: {SELF[2:]}"
    assert len(team.messages) == before


async def test_another_request_is_not_an_answer(room, team, ann, boris):
    sent = await follow(room, ann, await offered(room, team, ann))

    [answer] = await choose(room, ann, boris, request=request_id(sent) ^ 1)

    assert answer["text"] == EXPIRED
    assert await roles(room, team) == {ann.id: "admin"}


async def test_people_shared_without_being_asked_for_are_nothing(room, ann, boris):
    [owners] = await choose(room, room.owner, boris, request=1)
    [strangers] = await choose(room, ann, boris, request=1)

    assert owners["text"] == EXPIRED
    assert strangers["text"] == STRANGER


async def test_a_forward_of_chosen_people_changes_nothing(room, team, ann, boris):
    sent = await follow(room, ann, await offered(room, team, ann))
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Eve"}

    [answer] = await choose(room, ann, boris, request=request_id(sent), forward_origin=origin)

    assert answer["text"] == "❌ A forwarded command changes nothing. Type it yourself."
    assert await roles(room, team) == {ann.id: "admin"}


@pytest.mark.parametrize("where", ["private", "group"])
async def test_cancel_stops_the_asking(room, team, ann, boris, where):
    url = await offered(room, team, ann)
    sent = None
    if where == "private":
        sent = await follow(room, ann, url)
    chat = room.telegram.private(ann) if where == "private" else team

    assert await room.ask("/cancel", by=ann, to=chat) == "✅ I have stopped asking."
    is_removed = "remove_keyboard" in (last_sent(room).get("reply_markup") or {})
    assert is_removed is (where == "private")
    answers = await choose(room, ann, boris, request=request_id(sent) if sent else 1)
    assert [one["text"] for one in answers] == [STRANGER]
    assert await roles(room, team) == {ann.id: "admin"}


async def test_words_in_place_of_people_are_no_answer(room, team, ann):
    await follow(room, ann, await offered(room, team, ann))

    assert await room.ask("Boris", by=ann) == "❔ I understand commands. See /help"
