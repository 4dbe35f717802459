"""The language and the time zone of a chat: typed, tapped, forged."""

from typing import Any

import pytest

from handlers.delivery import ALERT_SIGNS
from handlers.render.html import plain
from handlers.texts import ENGLISH as TEXTS
from handlers.texts import RUSSIAN
from sandbox.telegram import Chat, Person

ENGLISH = """✅ Settings of this chat
Language: {language}
Time zone: {zone}
Asks first: before changing what exists, and before lists

Tap, or type /settings timezone Europe/Kyiv"""
# Which language is spoken is told here; what Russian sounds like, in the texts alone.
IN_RUSSIAN = (
    f"✅ {RUSSIAN.settings_title}\n"
    f"{RUSSIAN.settings_language}: {{language}}\n"
    f"{RUSSIAN.settings_time_zone}: {{zone}}\n"
    f"{RUSSIAN.settings_confirm}: {RUSSIAN.confirmations['changes']}\n\n"
    f"{plain(RUSSIAN.settings_how)}"
)
# What a group shows besides.
READERS = "Who may read: people with a role\n\nTap"
IN_GROUP = ENGLISH.replace("\nTap", f"{READERS}")
READERS_IN_RUSSIAN = f"{RUSSIAN.settings_readers}: {RUSSIAN.readers['roles']}"
IN_RUSSIAN_IN_GROUP = IN_RUSSIAN.replace("\n\n", f"\n{READERS_IN_RUSSIAN}\n\n")
HELP_TITLES = {"en": "✅ What you can do here\n", "ru": f"✅ {RUSSIAN.help_title}\n"}


@pytest.fixture
def settings(settings, request):
    """The settings, changed as the test asks."""
    return settings.model_copy(update=getattr(request, "param", {}))


async def stored(room, chat: Chat) -> tuple[str | None, str | None]:
    """Return the language and the time zone that *chat* has chosen."""
    found = await room.bot.bot_data["services"].store.chats.get(chat.id)
    return found.language, found.time_zone


async def test_the_overview(room):
    [answer] = await room.say("/settings")

    assert answer["text"] == ENGLISH.format(language="auto", zone="UTC")
    rows = answer["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["Русский", "English", "auto"],
        ["UTC", "Europe/Kyiv"],
        ["Europe/Berlin", "Europe/Istanbul"],
        ["Asia/Almaty", "Asia/Bangkok"],
        ["Ask always", "Ask on change", "Never ask"],
    ]


@pytest.mark.parametrize(
    ("typed", "language", "answer"),
    [
        ("language ru", "ru", IN_RUSSIAN.format(language="Русский", zone="UTC")),
        ("ru", "ru", IN_RUSSIAN.format(language="Русский", zone="UTC")),
        ("language en", "en", ENGLISH.format(language="English", zone="UTC")),
        ("LANGUAGE  EN", "en", ENGLISH.format(language="English", zone="UTC")),
        ("language auto", None, ENGLISH.format(language="auto", zone="UTC")),
    ],
)
async def test_a_language_is_typed(room, typed, language, answer):
    assert await room.ask(f"/settings {typed}") == answer
    assert await stored(room, room.home) == (language, None)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("timezone Europe/Kyiv", "Europe/Kyiv"),
        ("timezone europe/kyiv", "Europe/Kyiv"),
        ("TimeZone america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
        ("Asia/Bangkok", "Asia/Bangkok"),
        ("utc", "UTC"),
    ],
)
async def test_a_time_zone_is_typed(room, typed, zone):
    assert await room.ask(f"/settings {typed}") == ENGLISH.format(language="auto", zone=zone)
    assert await stored(room, room.home) == (None, zone)


@pytest.mark.parametrize("settings", [{"timezone": "Asia/Almaty"}], indirect=True)
async def test_auto_goes_back_to_the_default(room):
    await room.ask("/settings ru")
    await room.ask("/settings timezone Europe/Kyiv")

    assert await room.ask("/settings timezone auto") == IN_RUSSIAN.format(
        language="Русский", zone="Asia/Almaty"
    )
    assert await room.ask("/settings auto") == ENGLISH.format(language="auto", zone="Asia/Almaty")
    assert await stored(room, room.home) == (None, None)


BAD_VALUES = {
    "language fr": "fr",
    "language": "language",
    "timezone": "timezone",
    "timezone Mars/Olympus": "mars/olympus",
    "timezone ../../etc/passwd": "../../etc/passwd",
    "timezone +03:00": "+03:00",
    "language ru en": "en",
    "volume 11": "11",
    "confirm": "confirm",
    "confirm sometimes": "sometimes",
    "readers": "readers",
    "readers nobody": "nobody",
    "<b>x</b>": "<b>x</b>",
}


async def test_a_bad_value_is_named_and_changes_nothing(room):
    answers = {typed: await room.ask(f"/settings {typed}") for typed in BAD_VALUES}

    assert answers == {
        typed: f"❌ I do not understand “{word}” after /settings. See /help settings"
        for typed, word in BAD_VALUES.items()
    }
    assert await stored(room, room.home) == (None, None)


async def test_buttons_change_the_message_they_stand_under(room):
    [overview] = await room.say("/settings")

    assert await room.press(overview, "Русский") == IN_RUSSIAN.format(
        language="Русский", zone="UTC"
    )
    assert await room.press(overview, "Europe/Kyiv") == IN_RUSSIAN.format(
        language="Русский", zone="Europe/Kyiv"
    )
    assert await room.press(overview, "English") == ENGLISH.format(
        language="English", zone="Europe/Kyiv"
    )
    assert await room.press(overview, "auto") == ENGLISH.format(language="auto", zone="Europe/Kyiv")
    assert len(room.since(room.home, overview)) == 0
    assert await stored(room, room.home) == (None, "Europe/Kyiv")


async def test_a_button_pressed_twice_is_no_trouble(room, caplog):
    [overview] = await room.say("/settings")
    for _ in range(2):
        assert await room.press(overview, "English") == ENGLISH.format(
            language="English", zone="UTC"
        )

    assert room.since(room.home, overview) == []
    assert caplog.records == []
    assert alerts(room) == ["", ""]


def alerts(room) -> list[str | None]:
    """Return what each press was told: an alert, or "" where only the spinner stopped, or None."""
    answers = [room.telegram.answered(query_id) for query_id in room.telegram.queries]
    assert all(bool(one.get("text")) is one["show_alert"] for one in answers if one)
    return [one and one.get("text", "") for one in answers]


async def test_a_press_that_telegram_finds_too_old_still_counts(room):
    [overview] = await room.say("/settings")
    room.telegram.fail(
        "answerCallbackQuery",
        status=400,
        description="Bad Request: query is too old and response timeout expired",
    )

    assert await room.press(overview, "Русский") == IN_RUSSIAN.format(
        language="Русский", zone="UTC"
    )
    assert alerts(room) == [None]


FAULTS = {
    "a gateway": {"status": 502, "raw": b"<html>Bad Gateway</html>"},
    "slow down": {
        "status": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    },
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_press_counts_even_if_the_spinner_cannot_be_stopped(room, monkeypatch, fault):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    [overview] = await room.say("/settings")
    room.telegram.fail("answerCallbackQuery", **fault)

    assert await room.press(overview, "Русский") == IN_RUSSIAN.format(
        language="Русский", zone="UTC"
    )
    assert await stored(room, room.home) == ("ru", None)


FORGED = (
    "settings:language:fr",
    "settings:language:",
    "settings:timezone:",
    "settings:timezone:Mars/Olympus",
    "settings:timezone:auto",
    "settings:timezone:../../etc/passwd",
    "settings:confirm:",
    "settings:confirm:sometimes",
    "settings:readers:",
    "settings:readers:roles ",
)


async def test_forged_button_data_changes_nothing(room):
    [overview] = await room.say("/settings")
    for data in FORGED:
        assert await after_forged(room, overview, data) == overview["text"]

    assert alerts(room) == [
        f"❌ I do not understand “{data}” after /settings. See /help settings" for data in FORGED
    ]
    assert room.since(room.home, overview) == []
    assert await stored(room, room.home) == (None, None)


async def test_an_alert_is_as_short_as_telegram_wants_it(room):
    """Forged data is at most 64 bytes, but what is shown of it may be longer."""
    [overview] = await room.say("/settings")
    data = "settings:timezone:" + "\u00ad" * 23
    await after_forged(room, overview, data)

    whole = "⟨U+00AD⟩" * 23
    whole = (
        f"❌ I do not understand “settings:timezone:{whole}” after /settings. See /help settings"
    )
    assert len(whole) > 200
    assert alerts(room) == [whole[:200]]


async def test_data_of_no_button_stops_the_spinner_and_does_nothing(room):
    [overview] = await room.say("/settings")
    strays = ("x", "settings", "settings:owner:me", "c:1" * 20)
    for data in strays:
        assert await after_forged(room, overview, data) == overview["text"]

    assert alerts(room) == [""] * len(strays)

    assert room.since(room.home, overview) == []
    assert await stored(room, room.home) == (None, None)


async def test_a_fault_of_our_own_is_an_alert_with_the_number_in_the_log(room, caplog):
    [overview] = await room.say("/settings")
    await room.bot.bot_data["services"].store.connection.run(
        lambda db: db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON chats BEGIN SELECT RAISE(ABORT, 'full'); END"
        ).close()
    )

    assert await room.press(overview, "Русский") == overview["text"]
    [told] = alerts(room)
    [record] = caplog.records
    error_id = record.getMessage().removeprefix("error ")
    assert told == f"❌ {plain(TEXTS.unforeseen.format(id=error_id))}"
    assert (len(error_id), record.levelname) == (8, "ERROR")
    assert record.exc_info
    assert room.since(room.home, overview) == []


@pytest.mark.parametrize("texts", [TEXTS, RUSSIAN], ids=["English", "Russian"])
def test_the_number_of_a_fault_fits_into_an_alert(texts):
    assert len(f"❌ {plain(texts.unforeseen.format(id='0' * 8))}") <= ALERT_SIGNS


async def after_forged(room, message: dict[str, Any], data: str) -> str:
    """Press a button that is not there, and return what *message* says then."""
    room.telegram.press(room.owner, room.home, message["message_id"], data, forged=True)
    await room.settle()
    return str(room.home.messages[message["message_id"]]["text"])


@pytest.fixture
def member(room) -> Person:
    return room.telegram.person("Ann")


@pytest.fixture
def group(room, member) -> Chat:
    return room.telegram.group("Team", room.owner, member)


@pytest.mark.parametrize("role", ["viewer", "operator"])
async def test_a_button_is_not_for_those_without_the_role(room, group, member, role):
    await room.grant(member, group, role)
    [overview] = await room.say("/settings", to=group)

    assert await room.press(overview, "Русский", by=member) == overview["text"]
    assert alerts(room) == ["❌ You need the role admin in this chat. Ask an owner of the bot."]
    assert room.since(group, overview) == []
    assert await stored(room, group) == (None, None)


async def test_an_admin_may_press_the_button_of_an_owner(room, group, member):
    await room.grant(member, group, "admin")
    [overview] = await room.say("/settings", to=group)

    assert await room.press(overview, "Русский", by=member) == IN_RUSSIAN_IN_GROUP.format(
        language="Русский", zone="UTC"
    )


async def test_a_stranger_presses_in_vain(room, group, member):
    [overview] = await room.say("/settings", to=group)

    for data in ("Русский", "settings:language:ru", "x"):
        query_id = room.telegram.press(
            member, group, overview["message_id"], data, forged=data != "Русский"
        )
        await room.settle()

        assert not room.telegram.answered(query_id).get("text")
        assert group.messages[overview["message_id"]]["text"] == overview["text"]

    assert alerts(room) == ["", "", ""]
    assert await stored(room, group) == (None, None)
    assert room.since(group, overview) == []


async def test_every_chat_has_settings_of_its_own(room, group):
    await room.ask("/settings ru", to=group)

    assert (await room.ask("/help")).startswith(HELP_TITLES["en"])
    assert (await room.ask("/help", to=group)).startswith(HELP_TITLES["ru"])


SPOKEN = {
    "ru": "ru",
    "uk": "ru",
    "be": "ru",
    "kk": "ru",
    "ru-RU": "ru",
    "en": "en",
    "de": "en",
    "pt-br": "en",
    None: "en",
}


async def test_a_chat_without_a_setting_speaks_as_the_person(room):
    titles = {}
    for code in SPOKEN:
        person = room.telegram.person("Ann", language_code=code)
        await room.grant(person, room.telegram.private(person), "viewer")
        titles[code] = (await room.ask("/help", by=person)).split("\n")[0] + "\n"

    assert titles == {code: HELP_TITLES[language] for code, language in SPOKEN.items()}


@pytest.mark.parametrize("settings", [{"language": "ru"}], indirect=True)
async def test_the_default_comes_before_the_person_and_after_the_chat(room, group):
    assert (await room.ask("/help")).startswith(HELP_TITLES["ru"])
    assert await room.ask("/settings en", to=group) == IN_GROUP.format(
        language="English", zone="UTC"
    )
    assert (await room.ask("/help", to=group)).startswith(HELP_TITLES["en"])
    assert await room.ask("/settings auto", to=group) == IN_RUSSIAN_IN_GROUP.format(
        language=RUSSIAN.automatic, zone="UTC"
    )


async def test_the_time_zone_is_that_of_the_figures(linked):
    await linked.ask("/settings timezone Asia/Bangkok")

    answer = await linked.ask('/stats {"range": {"interval": "today"}, "measures": ["clicks"]}')
    assert answer.endswith("As of 2026-11-22 19:00 Asia/Bangkok")


async def rights(room, chat: Chat) -> tuple[str | None, str | None]:
    """Return when *chat* is asked before a change, and who may read in it."""
    found = await room.bot.bot_data["services"].store.chats.get(chat.id)
    return found.confirmations, found.readers


@pytest.mark.parametrize(
    ("mode", "label", "words"),
    [
        ("always", "Ask always", "before every change"),
        ("changes", "Ask on change", "before changing what exists, and before lists"),
        ("never", "Never ask", "never"),
    ],
)
async def test_when_to_ask_is_typed_or_tapped(room, group, mode, label, words):
    typed = await room.ask(f"/settings confirm {mode}")
    [overview] = await room.say("/settings", to=group)
    tapped = await room.press(overview, label)

    assert f"Asks first: {words}\n" in typed
    assert f"Asks first: {words}\n" in tapped
    assert (await rights(room, room.home), await rights(room, group)) == ((mode, None),) * 2


@pytest.mark.parametrize(
    ("readers", "label", "words"),
    [
        ("everyone", "Everyone reads", "everyone in this group"),
        ("roles", "Roles only", "people with a role"),
    ],
)
async def test_who_may_read_is_typed_or_tapped(room, group, readers, label, words):
    typed = await room.ask(f"/settings readers {readers}", to=group)
    other = room.telegram.group("Other", room.owner)
    [overview] = await room.say("/settings", to=other)
    tapped = await room.press(overview, label)

    assert f"Who may read: {words}\n" in typed
    assert f"Who may read: {words}\n" in tapped
    assert (await rights(room, group), await rights(room, other)) == ((None, readers),) * 2


async def test_who_may_read_is_nothing_to_set_in_private(room):
    assert await room.ask("/settings readers everyone") == (
        "❌ Who may read is set in groups. In private I work for my owners alone."
    )
    assert await rights(room, room.home) == (None, None)


@pytest.mark.parametrize("typed", ["confirm never", "readers everyone"])
@pytest.mark.parametrize("role", ["viewer", "operator"])
async def test_rights_are_set_by_admins(room, group, member, role, typed):
    await room.grant(member, group, role)

    assert await room.ask(f"/settings {typed}", by=member, to=group) == (
        "❌ You need the role admin in this chat. Ask an owner of the bot."
    )
    assert await rights(room, group) == (None, None)
