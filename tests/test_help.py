"""The first words, what one may do here, and what is no command at all."""

import pytest

from handlers import COMMANDS, set_menus
from handlers.menus import menu
from handlers.roles import Role
from handlers.texts import ENGLISH, RUSSIAN, RUSSIAN_SPEAKING
from sandbox.telegram import Chat, Person

LINES = {
    "stats": "/stats – figures: clicks, cost, revenue",
    "clicks": "/clicks – single clicks",
    "conversions": "/conversions – single conversions",
    "reports": "/reports – saved reports",
    "schedules": "/schedules – reports that come by themselves",
    "stream": "/stream – show, create, change a stream",
    "streams": "/streams – streams of a campaign, or search",
    "undo": "/undo – take back your last change",
    "status": "/status – does the link work?",
    "history": "/history – what was changed, and by whom",
    "link": "/link – link this chat to a tracker",
    "unlink": "/unlink – forget the link and its key",
    "settings": "/settings – language, time zone, rights",
    "grant": "/grant – give somebody a role",
    "revoke": "/revoke – take somebody's role away",
    "members": "/members – who has which role here",
    "help": "/help – what you can do here",
}
HELP = "✅ What you can do here\n{state}\n\n{lines}\n\nMore about one: /help stats"
LINKED = "Linked to https://tracker.example"
LINK_IT = "Not linked to a tracker yet. Send:\n/link https://tracker.example KEY"
LET_LINK = "This chat is not linked to a tracker. An owner or admin can link it: /link"


def lines_for(role: Role, *, is_private: bool = False) -> str:
    """Return the lines of help that a person with *role* sees."""
    names = [
        one.name
        for one in COMMANDS
        if one.in_menu and one.role <= role and not (is_private and one.groups_only)
    ]
    return "\n".join(LINES[name] for name in names)


async def member(room, role: str) -> tuple[Person, Chat]:
    """Return somebody with *role* in a group."""
    person = room.telegram.person("Ann")
    group = room.telegram.group("Team", room.owner, person)
    await room.grant(person, group, role)
    return person, group


def test_every_command_of_the_menu_has_its_line():
    assert list(LINES) == [command.name for command in COMMANDS if command.in_menu]


@pytest.mark.parametrize("text", ["/start", "/help"])
async def test_an_owner_sees_every_command(room, text):
    group = room.telegram.group("Team", room.owner)

    assert await room.ask(text, to=group) == HELP.format(state=LINK_IT, lines=lines_for(Role.OWNER))
    assert await room.ask(text) == HELP.format(
        state=LINK_IT, lines=lines_for(Role.OWNER, is_private=True)
    )


@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
async def test_help_shows_no_form_that_needs_more(room, role):
    person, group = await member(room, role)
    mine = Role[role.upper()]
    shown, allowed = {}, {}
    for command in (one for one in COMMANDS if one.in_menu and one.role <= mine):
        lines = (await room.ask(f"/help {command.name}", by=person, to=group)).split("\n")
        shown[command.name] = [form.text for form in command.forms if form.text in lines]
        allowed[command.name] = command.forms_for(mine)

    assert shown == allowed
    assert ("/stream 45 off" in shown["stream"]) is (mine >= Role.OPERATOR)


@pytest.mark.parametrize("text", ["/start", "/help"])
@pytest.mark.parametrize("role", ["viewer", "operator", "admin"])
async def test_everybody_sees_what_they_may_use_here(room, text, role):
    person, group = await member(room, role)
    hint = LINK_IT if role == "admin" else LET_LINK

    assert await room.ask(text, by=person, to=group) == HELP.format(
        state=hint, lines=lines_for(Role[role.upper()])
    )
    await room.link(to=group)
    assert await room.ask(text, by=person, to=group) == HELP.format(
        state=LINKED, lines=lines_for(Role[role.upper()])
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_help_tells_more_about_each_command(linked, command):
    answers = [await linked.ask(f"/help {word}") for word in (command.name, f"/{command.name}")]
    capitals = await linked.ask(f"/help {command.name.upper()}")

    assert answers == [capitals, capitals]
    if not command.in_menu:
        assert capitals == f"❌ I do not understand “{command.name}” after /help. See /help help"
        return
    assert capitals.startswith(
        f"✅ {LINES[command.name]}\n\n" + "\n".join(command.forms_for(Role.OWNER))
    )


async def test_help_about_stream_as_it_is_read(linked):
    assert await linked.ask("/help streams") == (
        "✅ /streams – streams of a campaign, or search\n"
        "\n"
        "/streams 12\n"
        "/streams find words\n"
        "\n"
        "Give the id of a campaign, or find and words to look for."
    )


async def test_help_about_what_one_may_not_use_is_no_help(room):
    person, group = await member(room, "viewer")

    assert await room.ask("/help link", by=person, to=group) == (
        "❌ I do not understand “link” after /help. See /help help"
    )


@pytest.mark.parametrize("topic", ["nonsense", "stats streams", "<b>"])
async def test_help_about_nothing(room, topic):
    assert await room.ask(f"/help {topic}") == (
        f"❌ I do not understand “{topic}” after /help. See /help help"
    )


UNKNOWN = "❌ I do not know this command. See /help"
NO_COMMANDS = ("nonsense", "statss", "stat", "Nonsense")


@pytest.mark.parametrize("name", NO_COMMANDS)
@pytest.mark.parametrize("bot", ["", "@keitaro_test_bot", "@Keitaro_Test_Bot"])
async def test_an_unknown_command_in_private_is_named_as_such(linked, name, bot):
    assert await linked.ask(f"/{name}{bot} {{}}") == UNKNOWN
    assert linked.keitaro.requests == []


@pytest.mark.parametrize("name", NO_COMMANDS)
@pytest.mark.parametrize("is_supergroup", [False, True], ids=["group", "supergroup"])
async def test_an_unknown_command_in_a_group_must_name_this_bot(linked, name, is_supergroup):
    """Without a name it may be meant for another bot of the group."""
    group = linked.telegram.group("Team", linked.owner, supergroup=is_supergroup)
    await linked.link(to=group)

    assert await linked.say(f"/{name} {{}}", to=group) == []
    assert await linked.say(f"/{name}@another_bot {{}}", to=group) == []
    assert await linked.ask(f"/{name}@keitaro_test_bot {{}}", to=group) == UNKNOWN
    assert await linked.ask(f"/{name}@Keitaro_Test_Bot", to=group) == UNKNOWN
    assert linked.keitaro.requests == []


@pytest.mark.parametrize(
    "said",
    [
        {"text": "good morning"},
        {"text": "see /stats"},
        {"text": '{"range": {"interval": "today"}}'},
        {"text": "/stats@another_bot {}"},
    ],
    ids=["talk", "a command in the middle", "JSON", "another bot's"],
)
async def test_plain_talk_in_private_is_answered_with_where_to_look(linked, said):
    assert await linked.ask(**said) == "❔ I understand commands. See /help"
    assert linked.keitaro.requests == []


async def test_service_messages_in_private_are_not_answered(room):
    message = room.telegram.say(room.owner, room.home, "hello")
    room.telegram.updates.drop()
    pinned = {**message, "message_id": message["message_id"] + 1, "pinned_message": message}
    del pinned["text"]
    room.telegram.push({"message": pinned})
    await room.settle()

    assert room.since(room.home, message) == []


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN], ids=["English", "Russian"])
def test_the_menu_is_the_table(texts):
    menu_of_all = menu(texts, COMMANDS, Role.OWNER)
    offered = [(command.command, command.description) for command in menu_of_all]

    assert offered == [(one.name, one.summary(texts)) for one in COMMANDS if one.in_menu]


async def test_telegram_offers_the_menu_in_the_language_of_the_person(room):
    await set_menus(room.bot.bot, COMMANDS)
    offered, expected = {}, {}
    for code in ("ru", "uk", "be", "kk", "en", "de"):
        person = room.telegram.person("Ann", language_code=code)
        chats = (
            room.telegram.private(person),
            room.telegram.group("Mine", person),
            room.telegram.group("Team", room.owner, person),
        )
        offered[code] = [room.telegram.menu(person, chat) for chat in chats]
        texts = RUSSIAN if code in RUSSIAN_SPEAKING else ENGLISH
        menus = (
            menu(texts, COMMANDS, Role.OWNER, is_private=True),
            menu(texts, COMMANDS, Role.OWNER),
            menu(texts, COMMANDS, Role.VIEWER),
        )
        expected[code] = [[one.to_dict() for one in made] for made in menus]

    assert offered == expected


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ({"text": "yesterday by campaign top 5"}, "/stats yesterday by campaign top 5"),
        ({"text": "вчера по странам"}, "/stats вчера по странам"),
        ({"attach": b"{}"}, ENGLISH.file_alone),
        ({"attach": b"{}", "text": "look at /stats"}, ENGLISH.file_alone),
        ({"text": "hello there"}, ""),
    ],
)
async def test_who_sends_no_command_hears_which_one_was_meant(linked, said, hint):
    answer = await linked.ask(**said)

    assert answer == f"❔ {hint}" if "attach" in said else answer.startswith("❔ I understand")
    assert answer.endswith(hint)
