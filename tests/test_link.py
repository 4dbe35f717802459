"""Linking a chat to a tracker: every way to do it, and every way it can be refused."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import Any, get_args

import pytest
from telegram import Update

from handlers import SERVICES
from handlers.render.failure import refused_address
from handlers.render.html import plain
from handlers.texts import ENGLISH
from keitaro import AddressError
from keitaro.errors import AddressReason
from sandbox.telegram import Chat, Person
from sandbox.telegram.posting import without_reply

REMOVED = "I deleted your message with the key."
STAYS = "I could not delete your message with the key: delete it yourself."
LINKED_HERE = f"""✅ https://tracker.example is linked to this chat.
Try /status, then /stats

{REMOVED}"""
ASK_BOTH = """❔ Send the address of the tracker and its API key to link {chat}. For example:
https://tracker.example KEY
The key: Maintenance → Users → API keys. Stop with /cancel"""
ASK_KEY = "❔ Now the API key of https://tracker.example. Stop with /cancel"
EXPIRED = "❌ This link or code is wrong, used up, or older than 15 minutes. Begin again where you got it."
IN_PRIVATE = (
    "The key of a tracker belongs in a private chat. Tap the button within 15 minutes; "
    "it works for you alone."
)
LEAKED = (
    "You typed that in a group, so I deleted the message and stored nothing. If it held a key, "
    "that key has leaked: delete it in the tracker and make a new one."
)
LEAKED_STAYS = (
    "You typed that in a group. I stored nothing, but I may not delete your message: delete it "
    "yourself. If it held a key, that key has leaked: delete it in the tracker and make a new one."
)
NAMELESS = "❌ I cannot tell who you are. Write as yourself, not as the group or a channel."
NEEDS_ADMIN = "❌ You need the role admin in this chat. Ask an owner of the bot."
FORWARDED = "❌ A forwarded command changes nothing. Type it yourself."
NO_TRACKER = """❌ {address} does not answer as a Keitaro tracker. Nothing was linked. Check the \
address and its certificate, or start again with /link. An address that is not public must be \
allowed by whoever runs the bot.

I deleted your message with the key."""
NOT_A_COMMAND = "❔ I understand commands. See /help"
STRANGER = "❌ I only work for people I know."


@pytest.fixture
def settings(settings, request):
    """The settings, changed as the test asks."""
    return settings.model_copy(update=getattr(request, "param", {}))


@pytest.fixture
def key(room, canary) -> str:
    """The key of the tracker, which is written nowhere else."""
    room.keitaro.key = canary
    return canary


@pytest.fixture
def group(room) -> Chat:
    return room.telegram.group("Team", room.owner)


@pytest.fixture
def admin(room) -> Person:
    return room.telegram.person("Ada")


async def linked_to(room, chat: Chat) -> tuple[str, str] | None:
    """Return the address and the key of the link that *chat* has."""
    found = await room.bot.bot_data[SERVICES].store.chats.linked(chat.id)
    return found and (found.address, found.key.get_secret_value())


def url_of(answer: dict[str, Any]) -> str:
    """Return where the one button under *answer* leads."""
    [[button]] = answer["reply_markup"]["inline_keyboard"]
    assert button["text"] == "Link in private"
    return str(button["url"])


async def button_in(room, chat: Chat, *, by: Person | None = None, **how: Any) -> str:
    """Ask for the button in a group, and return its link."""
    [answer] = await room.say("/link", to=chat, by=by, **how)
    assert answer["text"] == f"❔ {IN_PRIVATE}"
    return url_of(answer)


async def follow(room, url: str, *, by: Person | None = None) -> str:
    """Tap the button, and return the answer in the private chat."""
    person = by or room.owner
    message = room.telegram.start_link(person, url)
    await room.settle()
    [answer] = room.since(room.telegram.private(person), message)
    return str(answer["text"])


def places_of(secret: str, room) -> list[str]:
    """Return where *secret* can be read: messages, calls to Telegram, files beside the database."""
    chats = room.telegram.chats.values()
    messages = [message for chat in chats for message in chat.messages.values()]
    files = [path for path in room.settings.database.parent.rglob("*") if path.is_file()]
    told = [json.dumps(one) for one in messages if secret in json.dumps(without_reply(one))]
    called = [repr(call) for call in room.telegram.calls if secret in repr(call.parameters)]
    kept = [str(path) for path in files if secret.encode() in path.read_bytes()]
    assert room.telegram.calls
    assert files
    return told + called + kept


WAYS = {
    "one message": ["/link https://tracker.example KEY"],
    "the key first": ["/link KEY https://tracker.example"],
    "without a scheme": ["/link tracker.example KEY"],
    "pasted from the panel": ["/link https://tracker.example/admin/#!/campaigns/15 KEY"],
    "in capitals": ["/link HTTPS://TRACKER.EXAMPLE/ KEY"],
    "line by line": ["/link\nhttps://tracker.example\nKEY"],
    "two messages": ["/link", "https://tracker.example KEY"],
    "two messages, the key first": ["/link", "KEY https://tracker.example"],
    "the address first": ["/link https://tracker.example", "KEY"],
    "three messages": ["/link", "https://tracker.example", "KEY"],
    "a second thought": ["/link https://other.example", "https://tracker.example", "KEY"],
    "begun anew": ["/link https://other.example", "/link https://tracker.example", "KEY"],
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_a_private_chat_is_linked(room, key, way):
    *asked, last = [await room.say(text.replace("KEY", key)) for text in way]
    typed = [message for message in room.telegram.messages(room.home) if not is_bots(message)]

    assert all(len(answers) == 1 and answers[0]["text"][0] == "❔" for answers in asked)
    assert [answer["text"] for answer in last] == [LINKED_HERE]
    assert len(typed) == len(way) - 1
    assert await linked_to(room, room.home) == ("https://tracker.example", key)
    assert places_of(key, room) == []
    assert [request.query for request in room.keitaro.requests] == [{"limit": "1", "offset": "0"}]


def is_bots(message: dict[str, Any]) -> bool:
    return bool(message["from"]["is_bot"])


async def test_the_questions_on_the_way(room, key):
    assert await room.ask("/link") == ASK_BOTH.format(chat="this chat")
    assert await room.ask("https://tracker.example") == ASK_KEY
    assert await room.ask(key) == LINKED_HERE


async def test_a_key_without_an_address_is_asked_for_again(room, key):
    assert await room.ask(f"/link {key}") == f"{ASK_BOTH.format(chat='this chat')}\n\n{REMOVED}"
    assert places_of(key, room) == []
    assert await room.ask("https://tracker.example") == ASK_KEY
    assert await linked_to(room, room.home) is None


async def test_a_message_without_words_is_no_answer_to_the_question(room):
    await room.ask("/link")

    assert await room.ask(attach=b"{}") == ASK_BOTH.format(chat="this chat")


async def test_a_linked_chat_works(room, key):
    await room.ask(f"/link https://tracker.example {key}")

    assert (await room.ask("/streams 1")).startswith("✅ Streams of campaign 1 Garden DE\n")
    assert {request.headers["api-key"] for request in room.keitaro.requests} == {key}


async def test_a_message_that_cannot_be_deleted_is_named(room, key):
    room.telegram.fail("deleteMessage", status=400, description="message can't be deleted")

    assert await room.ask(f"/link https://tracker.example {key}") == (
        f"✅ https://tracker.example is linked to this chat.\nTry /status, then /stats\n\n{STAYS}"
    )


async def test_what_cannot_be_a_key_is_not_sent(room):
    assert await room.ask("/link https://tracker.example ключ") == (
        f"❌ This cannot be an API key: it has blanks or other signs that no key has.\n\n{REMOVED}"
    )
    assert room.keitaro.requests == []


# In a group


async def test_a_group_is_linked_through_its_button(room, key, group):
    url = await button_in(room, group)

    assert await follow(room, url) == ASK_BOTH.format(chat="Team")
    assert await room.ask(f"https://tracker.example {key}") == LINKED_HERE.replace(
        "this chat", "Team"
    )
    assert room.telegram.messages(group)[-1]["text"] == (
        "✅ Olga has linked this chat to https://tracker.example. See /help"
    )
    assert await linked_to(room, group) == ("https://tracker.example", key)
    assert await linked_to(room, room.home) is None
    assert places_of(key, room) == []


async def test_the_admin_of_a_group_links_it(room, key, group, admin):
    """In private the admin is a stranger, let in only by the button."""
    await room.grant(admin, group, "admin")
    url = await button_in(room, group, by=admin)
    asked = [await follow(room, url, by=admin), await room.ask("https://tracker.example", by=admin)]

    assert asked == [ASK_BOTH.format(chat="Team"), ASK_KEY]
    assert await room.ask(key, by=admin) == LINKED_HERE.replace("this chat", "Team")
    assert await linked_to(room, group) == ("https://tracker.example", key)
    assert await room.ask("/stats {}", by=admin) == STRANGER


async def test_the_button_does_not_let_a_stranger_use_commands(room, group, admin):
    await room.grant(admin, group, "admin")
    await room.link()
    await follow(room, await button_in(room, group, by=admin), by=admin)

    assert await room.ask("/stats {}", by=admin) == (
        "❌ You need the role viewer in this chat. Ask an owner of the bot."
    )
    assert room.keitaro.requests == []


async def test_an_admin_who_is_none_any_more_cannot_finish(room, key, group, admin):
    await room.grant(admin, group, "admin")
    await follow(room, await button_in(room, group, by=admin), by=admin)
    await room.grant(admin, group, "viewer")

    assert await room.ask(f"https://tracker.example {key}", by=admin) == (f"{EXPIRED}\n\n{REMOVED}")
    assert await linked_to(room, group) is None
    assert places_of(key, room) == []


async def test_the_answer_comes_to_the_topic_that_asked(room, key):
    forum = room.telegram.group("Forum", room.owner, forum=True)
    thread = forum.topic("Figures")
    await follow(room, await button_in(room, forum, thread=thread))
    await room.ask(f"https://tracker.example {key}")

    told = room.telegram.messages(forum)[-1]
    assert told["text"] == "✅ Olga has linked this chat to https://tracker.example. See /help"
    assert told["message_thread_id"] == thread


async def test_a_group_without_a_title_is_called_the_group(room, key):
    group = room.telegram.group("", room.owner)

    assert await follow(room, await button_in(room, group)) == ASK_BOTH.format(chat="the group")


async def test_the_title_of_a_group_is_no_markup(room):
    group = room.telegram.group("<b>A</b> & /stats", room.owner)

    assert await follow(room, await button_in(room, group)) == ASK_BOTH.format(
        chat="<b>A</b> & /\u2060stats"
    )


async def test_a_group_that_has_thrown_the_bot_out_is_linked_all_the_same(room, key, group):
    """The link is made; that the group cannot be told takes nothing away from that."""
    await follow(room, await button_in(room, group))
    room.telegram.remove_bot(room.owner, group)

    assert await room.ask(f"https://tracker.example {key}") == LINKED_HERE.replace(
        "this chat", "Team"
    )
    assert await linked_to(room, group) == ("https://tracker.example", key)


async def test_a_group_that_became_a_supergroup_meanwhile_is_linked_where_it_is(room, key, group):
    await follow(room, await button_in(room, group))
    supergroup = room.telegram.migrate(group)
    await room.settle()
    await room.ask(f"https://tracker.example {key}")

    assert await linked_to(room, supergroup) == ("https://tracker.example", key)
    assert room.telegram.messages(supergroup)[-1]["text"].startswith("✅ Olga has linked")


async def test_somebody_else_cannot_use_the_button(room, group, admin):
    await room.grant(admin, group, "admin")
    url = await button_in(room, group)

    assert await follow(room, url, by=admin) == EXPIRED
    assert await follow(room, url) == ASK_BOTH.format(chat="Team")


async def test_the_button_may_be_tapped_twice_until_it_is_used(room, key, group):
    url = await button_in(room, group)

    assert [await follow(room, url) for _ in range(2)] == [ASK_BOTH.format(chat="Team")] * 2
    await room.ask(f"https://tracker.example {key}")
    assert await follow(room, url) == EXPIRED


@pytest.mark.parametrize(("age_seconds", "works"), [(899, True), (900, False)])
async def test_the_button_works_for_fifteen_minutes(room, group, age_seconds, works):
    url = await button_in(room, group)
    room.clock.at += age_seconds

    assert await follow(room, url) == (ASK_BOTH.format(chat="Team") if works else EXPIRED)


async def test_the_question_is_open_for_fifteen_minutes(room, key, group):
    await follow(room, await button_in(room, group))
    room.clock.at += 900

    assert await room.ask(f"https://tracker.example {key}") == NOT_A_COMMAND
    assert await linked_to(room, group) is None


async def test_a_second_button_takes_the_place_of_the_first(room, key, group):
    other = room.telegram.group("Others", room.owner)
    first, second = await button_in(room, group), await button_in(room, other)
    await follow(room, first)
    await room.ask("https://other.example")
    await follow(room, second)

    assert await room.ask("KEY") == f"{ASK_BOTH.format(chat='Others')}\n\n{REMOVED}"
    await room.ask(f"https://tracker.example {key}")
    assert await linked_to(room, group) is None
    assert await linked_to(room, other) == ("https://tracker.example", key)
    assert await follow(room, first) == ASK_BOTH.format(chat="Team")


async def test_a_link_begun_in_private_takes_the_place_of_a_group_s(room, key, group):
    await follow(room, await button_in(room, group))
    await room.ask(f"/link https://tracker.example {key}")

    assert await linked_to(room, group) is None
    assert await linked_to(room, room.home) == ("https://tracker.example", key)


async def test_cancel_stops_the_question(room, group):
    url = await button_in(room, group)
    await follow(room, url)

    assert await room.ask("/cancel") == "✅ I have stopped asking."
    assert await room.ask("https://tracker.example KEY") == NOT_A_COMMAND
    assert await room.ask("/cancel") == "✅ I was not asking anything."
    assert await follow(room, url) == EXPIRED


async def test_a_question_cancelled_at_the_same_moment_is_over(room, key, group):
    """One person writes in two chats at once, which nothing puts in order."""
    await room.ask("/link https://tracker.example")
    typed = room.telegram.say(room.owner, room.home, key)
    cancelled = room.telegram.say(room.owner, group, "/cancel")
    updates = room.telegram.updates.batch(2)
    room.telegram.updates.drop()
    handled = (Update.de_json(update, room.bot.bot) for update in updates)
    await asyncio.gather(*(room.bot.process_update(update) for update in handled))

    assert room.since(room.home, typed)[0]["text"] == f"{EXPIRED}\n\n{REMOVED}"
    assert room.since(group, cancelled)[0]["text"] == "✅ I have stopped asking."
    assert room.keitaro.requests == []


@pytest.mark.parametrize("token", ["short", "x" * 43, "x" * 64, "ключ-ключ-ключ-ключ"])
async def test_a_token_that_is_none_opens_nothing(room, token):
    assert await room.ask(f"/start {token}") == EXPIRED


async def test_a_token_in_a_group_asks_for_no_key_there(room, group):
    token = (await button_in(room, group)).partition("=")[2]

    assert (await room.ask(f"/start {token}", to=group)) == EXPIRED


LEAKS = (
    "/link https://tracker.example KEY",
    "/link@keitaro_test_bot KEY https://tracker.example",
    "/link KEY",
    "/link\nhttps://tracker.example\nKEY",
)


@pytest.mark.parametrize("may_delete", [True, False], ids=["deleted", "stays"])
async def test_a_key_typed_in_a_group_has_leaked(room, key, group, may_delete):
    if may_delete:
        room.telegram.promote(group, room.telegram.bot)
    for typed, how in itertools.product(LEAKS, ({}, {"attach": b"{}"})):
        message = room.telegram.say(room.owner, group, typed.replace("KEY", key), **how)
        await room.settle()

        [answer] = room.since(group, message)
        note = LEAKED if may_delete else LEAKED_STAYS
        assert answer["text"] == f"❌ {IN_PRIVATE}\n\n{note}"
        assert (message["message_id"] in group.messages) is not may_delete
        assert await follow(room, url_of(answer)) == ASK_BOTH.format(chat="Team")
        group.messages.pop(message["message_id"], None)

    assert await linked_to(room, group) is None
    assert room.keitaro.requests == []
    assert places_of(key, room) == []


@pytest.mark.parametrize("typed", ["/link {key}", "/link https://tracker.example {key}"])
@pytest.mark.parametrize(
    "kind", ["viewer", "operator", "stranger", "forwarded", "anonymous", "channel"]
)
async def test_a_key_is_deleted_whoever_types_it_in_a_group(room, key, group, admin, kind, typed):
    room.telegram.promote(group, room.telegram.bot)
    if kind in ("anonymous", "channel"):
        sender = group if kind == "anonymous" else room.telegram.channel("News")
        message = room.telegram.say(room.owner, group, typed.format(key=key), sender_chat=sender)
        refusal = NAMELESS
    elif kind == "stranger":
        message = room.telegram.say(admin, group, typed.format(key=key))
        refusal = STRANGER
    elif kind == "forwarded":
        message = room.telegram.say(room.owner, group, typed.format(key=key), forwarded=True)
        refusal = FORWARDED
    else:
        await room.grant(admin, group, kind)
        message = room.telegram.say(admin, group, typed.format(key=key))
        refusal = NEEDS_ADMIN
    await room.settle()

    [answer] = room.since(group, message)
    assert answer["text"] == f"{refusal}\n\n{LEAKED}"
    assert "reply_markup" not in answer
    assert message["message_id"] not in group.messages
    assert await linked_to(room, group) is None
    assert room.keitaro.requests == []
    assert places_of(key, room) == []


async def test_link_alone_in_a_group_is_no_leak(room, group, admin):
    room.telegram.promote(group, room.telegram.bot)
    await room.grant(admin, group, "viewer")
    typed = [
        room.telegram.say(by, group, text)
        for by, text in ((admin, "/link"), (room.owner, "/link@keitaro_test_bot \n"))
    ]
    await room.settle()

    assert [answer["text"] for answer in room.since(group, typed[-1])] == [
        NEEDS_ADMIN,
        f"❔ {IN_PRIVATE}",
    ]
    assert all(message["message_id"] in group.messages for message in typed)


async def test_a_forwarded_link_in_private_is_deleted_and_not_made(room, key):
    answer = await room.ask(f"/link https://tracker.example {key}", forwarded=True)

    assert answer == f"{FORWARDED}\n\n{REMOVED}"
    assert await linked_to(room, room.home) is None
    assert room.keitaro.requests == []
    assert places_of(key, room) == []


async def test_a_forwarded_answer_to_the_question_is_not_taken(room, key):
    await room.ask("/link https://tracker.example")

    for text in (key, f"https://other.example {key}", "https://other.example"):
        assert await room.ask(text, forwarded=True) == FORWARDED
    assert await linked_to(room, room.home) is None
    assert room.keitaro.requests == []
    assert await room.ask(key) == LINKED_HERE


@pytest.mark.parametrize("role", ["viewer", "operator"])
async def test_a_key_typed_in_private_by_who_may_not_link_is_deleted(room, key, admin, role):
    await room.grant(admin, room.telegram.private(admin), role)

    assert await room.ask(f"/link https://tracker.example {key}", by=admin) == (
        f"{NEEDS_ADMIN}\n\n{REMOVED}"
    )
    assert await room.ask("/link", by=admin) == NEEDS_ADMIN
    assert await linked_to(room, room.telegram.private(admin)) is None
    assert places_of(key, room) == []


async def test_a_key_typed_in_private_by_a_stranger_is_deleted(room, key, admin):
    """However often, though the line for strangers alone is due only once."""
    text = f"/link https://tracker.example {key}"
    answers = [await room.ask(text, by=admin) for _ in range(2)]
    silence = await room.say("/link", by=admin)

    assert answers == [f"{STRANGER}\n\n{REMOVED}"] * 2
    assert silence == []
    assert places_of(key, room) == []


async def test_a_key_for_another_bot_is_left_alone(room, key, group):
    room.telegram.promote(group, room.telegram.bot)
    message = room.telegram.say(room.owner, group, f"/link@another_bot {key}")
    await room.settle()

    assert message["message_id"] in group.messages
    assert room.since(group, message) == []


async def test_a_key_under_a_file_is_deleted_with_it(room, key):
    answer = await room.ask(f"/link https://tracker.example {key}", attach=b"{}")

    assert answer == LINKED_HERE
    assert places_of(key, room) == []


async def test_a_key_is_deleted_before_the_tracker_is_asked(room, key):
    """Whatever becomes of the tracker, or of this bot while it asks."""
    held = hold(room, "tracker.example")
    message = room.telegram.say(room.owner, room.home, f"/link https://tracker.example {key}")
    linking = asyncio.create_task(room.settle())
    await held.entered.wait()
    is_gone = message["message_id"] not in room.home.messages
    held.go.set()
    await linking

    assert is_gone
    assert room.since(room.home, message)[0]["text"] == LINKED_HERE


SENTENCES = ("where do I find it", "I have no-such-key-at-all yet", "wait 20 minutes please")


@pytest.mark.parametrize("sentence", SENTENCES)
async def test_a_sentence_of_mere_words_is_no_key(room, sentence):
    """Nothing is deleted that may be no key, nor is any of it taken for one."""
    ask_both = ASK_BOTH.format(chat="this chat")

    assert await room.ask(f"/link {sentence}") == ask_both
    assert await room.ask(sentence) == ask_both
    await room.ask("https://tracker.example")
    assert await room.ask(sentence) == ASK_KEY
    typed = [one["text"] for one in room.telegram.messages(room.home) if not is_bots(one)]
    assert typed == [f"/link {sentence}", sentence, "https://tracker.example", sentence]
    assert room.keitaro.requests == []


async def test_an_address_in_a_sentence_is_an_address(room, key):
    assert await room.ask("/link please https://tracker.example or so") == ASK_KEY
    assert await room.ask(key) == LINKED_HERE


@pytest.mark.parametrize("sentence", ["https://tracker.example {key} please", "it is {key} there"])
async def test_what_cannot_be_a_word_is_a_key_even_in_a_sentence(room, key, sentence):
    await room.ask("/link https://tracker.example")

    assert await room.ask(sentence.format(key=key)) == LINKED_HERE
    assert places_of(key, room) == []


async def test_a_message_that_cannot_be_deleted_is_named_whatever_the_answer(room, key):
    room.telegram.fail("deleteMessage", times=2, status=400, description="can't be deleted")

    assert await room.ask(f"/link ftp://tracker.example {key}") == (
        f"❌ The address must begin with https://\nFor example: https://tracker.example\n\n{STAYS}"
    )
    assert await room.ask(f"/link https://tracker.example {key}", forwarded=True) == (
        f"{FORWARDED}\n\n{STAYS}"
    )


# Refused


NO_TRACKERS = {
    "a redirect": {"status": 302, "headers": {"location": "https://elsewhere.example/"}},
    "a page": {"status": 200, "body": "<html><body>Shop</body></html>"},
    "a page not found": {"status": 404, "body": "<html><body>Not found</body></html>"},
    "other JSON": {"status": 200, "body": {"hello": "world"}},
    "no JSON": {"status": 200, "body": b"hello", "content_type": "application/json"},
    "an error": {"status": 500, "body": {"error": "secret words"}},
    "a gateway": {"status": 502, "body": "<html><body>Bad gateway</body></html>"},
    "too many requests": {"status": 429, "headers": {"retry-after": "5"}},
    "another refusal": {"status": 418, "body": "teapot"},
}


async def test_of_a_host_that_is_no_tracker_nothing_more_is_said(room, key):
    answers = {}
    for name, fault in NO_TRACKERS.items():
        room.keitaro.fail(3, **fault)
        answers[name] = await room.ask(f"/link https://tracker.example {key}")
        room.keitaro.script.clear()
        # Nobody may fail that often within an hour.
        room.clock.at += 3600

    assert answers == dict.fromkeys(
        NO_TRACKERS, NO_TRACKER.format(address="https://tracker.example")
    )
    assert await linked_to(room, room.home) is None
    assert places_of(key, room) == []


async def test_of_a_host_that_cannot_be_reached_nothing_more_is_said(room, key):
    assert await room.ask(f"/link https://nowhere.example {key}") == NO_TRACKER.format(
        address="https://nowhere.example"
    )


async def test_a_refused_key_is_named_and_another_may_follow(room, key):
    [refused] = await room.say("/link https://tracker.example fake-key-9999")

    assert refused["text"] == (
        "❌ 401 Unauthorized: the tracker refuses the key\n"
        "Access denied\n\n"
        "Send another key, or stop with /cancel\n\n"
        "I deleted your message with the key."
    )
    assert places_of("fake-key-9999", room) == []
    assert await room.ask(key) == LINKED_HERE


async def test_a_tracker_without_the_admin_api_is_named(room, key):
    room.keitaro.license_missing = True

    answer = await room.ask(f"/link https://tracker.example {key}")

    assert answer.startswith(
        "❌ 402 Payment Required: the licence of the tracker has no Admin API\n"
        "Admin API is not available in your edition\n\n"
        "Send another key, or stop with /cancel\n"
    )
    assert await linked_to(room, room.home) is None


async def test_a_key_that_may_not_read_campaigns_is_a_key(room, key):
    room.keitaro.restricted = {"campaigns"}

    assert await room.ask(f"/link https://tracker.example {key}") == LINKED_HERE


HTTPS_ONLY = (
    "The tracker must answer over https. Whoever runs the bot can allow plain http for one address."
)
ADDRESSES: dict[AddressReason, tuple[str, str]] = {
    "not_an_address": ("https://tracker", "This is not the address of a tracker."),
    "scheme": ("ftp://tracker.example", "The address must begin with https://"),
    "plain_http": (
        "http://tracker.example",
        HTTPS_ONLY,
    ),
    "port": (
        "https://tracker.example:8443",
        "This port is not allowed. Whoever runs the bot can allow it for one address.",
    ),
    "user_info": (
        "https://me:secret@tracker.example",
        "The address must not hold a user name or a password.",
    ),
    "path": ("https://tracker.example/shop", "The address must end after the name of the host."),
    # Nobody can type an address that is empty: without one the bot asks for it.
    "empty": ("", "The address is missing."),
}


@pytest.mark.parametrize("reason", get_args(AddressReason))
async def test_a_wrong_address_is_refused_with_its_reason(room, reason):
    typed, sentence = ADDRESSES[reason]
    if typed:
        answer = await room.ask(f"/link {typed} fake-key-9999")
    else:
        answer = plain(refused_address(AddressError(reason), ENGLISH).html)

    note = f"\n\n{REMOVED}" if typed else ""
    assert answer == f"❌ {sentence}\nFor example: https://tracker.example{note}"
    assert places_of("fake-key-9999", room) == []
    assert room.keitaro.requests == []
    assert await linked_to(room, room.home) is None


async def test_after_a_wrong_address_the_question_stands(room, key):
    await room.ask("/link ftp://tracker.example")

    assert await room.ask(f"https://tracker.example {key}") == LINKED_HERE
    assert places_of(key, room) == []


@pytest.mark.parametrize(
    "settings", [{"private_trackers": frozenset({"tracker.example:8443"})}], indirect=True
)
async def test_whoever_runs_the_bot_can_allow_an_address(room, key):
    answer = await room.ask(f"/link https://tracker.example:8443 {key}")

    assert answer.startswith("✅ https://tracker.example:8443 is linked to this chat.\n")


# Relinking and unlinking


@dataclass
class Held:
    """A tracker that answers nothing until it is let go."""

    app: Any
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.entered.set()
        await self.go.wait()
        await self.app(scope, receive, send)


def hold(room, host: str) -> Held:
    """Have *host* wait with its answers."""
    apps = room.bot.bot_data[SERVICES].trackers.network.transport.apps
    held = apps[host] = Held(apps[host])
    return held


async def begin(room, chat: Chat, text: str, held: Held) -> asyncio.Task[None]:
    """Say something and return once the tracker has been asked."""
    room.telegram.say(room.owner, chat, text)
    [update] = room.telegram.updates.batch(100)
    room.telegram.updates.drop()
    handled = room.bot.process_update(Update.de_json(update, room.bot.bot))
    task = asyncio.create_task(handled)
    await held.entered.wait()
    return task


def client_of(room) -> Any:
    """Return the HTTP client of the only tracker that is held open."""
    [tracker] = room.bot.bot_data[SERVICES].trackers._clients.values()
    return tracker._client


async def tracker_id(room) -> int:
    """Return under which id the tracker of the private chat is known."""
    return (await room.bot.bot_data[SERVICES].store.chats.linked(room.home.id)).tracker_id


async def closed(room) -> None:
    """Wait until every client is closed that is to be."""
    await asyncio.gather(*room.bot.bot_data[SERVICES].trackers._closing)


@pytest.mark.parametrize("command", ["/unlink", "/link https://other.example {other_key}"])
async def test_a_chat_that_shares_the_tracker_does_not_notice(
    linked, other_keitaro, group, command
):
    await linked.link(to=group)
    await linked.never_ask(group)
    held = hold(linked, "tracker.example")
    working = await begin(linked, group, "/stream 12 off", held)
    client = client_of(linked)
    answer = await linked.ask(command.format(other_key=other_keitaro.key))
    held.go.set()
    await working
    await closed(linked)

    assert answer.startswith("✅ ")
    assert linked.telegram.messages(group)[-1]["text"].startswith("✅ Stream 12 is off\n")
    assert clients(linked) == ["https://tracker.example"]
    assert client_of(linked) is client
    assert not client.is_closed
    assert (await linked.ask("/streams 1", to=group)).startswith("✅ Streams of campaign 1")


UNDER_WAY = {
    "/stream 12": "✅ ",
    "/stream 12 off": "❌ The tracker cannot be reached\n",
    "/streams 1": "✅ Streams of campaign 1",
    "/status": "❌ https://tracker.example\n",
    '/stream 12 {"name": "Renamed"}': "❌ The tracker cannot be reached\n",
}


@pytest.mark.parametrize("command", UNDER_WAY)
async def test_commands_under_way_end_well_when_their_tracker_is_forgotten(
    room, other_keitaro, group, key, command
):
    """The call that is under way ends; what would have followed finds no tracker any more.

    Of a change that is the look before it, so that nothing is sent.
    """
    await room.link(to=group, key=key)
    await room.never_ask(group)
    await follow(room, await button_in(room, group))
    held = hold(room, "tracker.example")
    working = await begin(room, group, command, held)
    client = client_of(room)
    await room.ask(f"https://other.example {other_keitaro.key}")
    is_open = not client.is_closed
    held.go.set()
    async with asyncio.timeout(5):
        await working
        await closed(room)

    assert is_open
    assert client.is_closed
    assert clients(room) == []
    assert room.keitaro.mutations == []
    said = [message["text"] for message in room.telegram.messages(group)[-2:]]
    assert any(text.startswith(UNDER_WAY[command]) for text in said), said
    assert (await room.ask("/streams 1", to=group)).startswith("✅ Streams of campaign 1")
    assert "campaigns/1/streams" in [request.path for request in other_keitaro.requests]


async def test_the_bot_stops_only_when_forgotten_clients_are_closed(linked):
    held = hold(linked, "tracker.example")
    working = await begin(linked, linked.home, "/streams 1", held)
    client = client_of(linked)
    services = linked.bot.bot_data[SERVICES]
    services.trackers.forget(await tracker_id(linked))
    stopping = asyncio.create_task(services.trackers.close())
    held.go.set()
    await asyncio.gather(working, stopping)

    assert client.is_closed
    assert services.trackers._closing == set()


async def test_the_bot_does_not_wait_long_for_a_tracker_that_does_not_answer(linked):
    held = hold(linked, "tracker.example")
    working = await begin(linked, linked.home, "/streams 1", held)
    services = linked.bot.bot_data[SERVICES]
    async with asyncio.timeout(3):
        await services.trackers.close()
    is_still_at_work = not working.done()
    held.go.set()
    await working

    assert is_still_at_work
    assert clients(linked) == []


async def test_a_tracker_that_was_never_called_has_nothing_to_close(linked):
    linked.bot.bot_data[SERVICES].trackers.forget(await tracker_id(linked))

    assert clients(linked) == []
    assert (await linked.ask("/streams 1")).startswith("✅ Streams of campaign 1")


def clients(room) -> list[str]:
    """Return the addresses of the trackers that are held open."""
    trackers = room.bot.bot_data[SERVICES].trackers._clients.values()
    return [tracker.address.url for tracker in trackers]


async def test_relinking_moves_the_chat_and_closes_the_old_client(linked, other_keitaro):
    await linked.ask("/streams 1")
    assert clients(linked) == ["https://tracker.example"]
    old = client_of(linked)

    answer = await linked.ask(f"/link https://other.example {other_keitaro.key}")

    assert answer.startswith("✅ https://other.example is linked to this chat.\n")
    assert clients(linked) == []
    await closed(linked)
    assert old.is_closed
    asked = len(linked.keitaro.requests)
    await linked.ask("/streams 1")
    assert len(linked.keitaro.requests) == asked
    assert other_keitaro.requests[-1].headers["api-key"] == other_keitaro.key


async def test_relinking_to_the_same_tracker_keeps_its_client(linked):
    await linked.ask("/streams 1")
    client = linked.bot.bot_data[SERVICES].trackers._clients.copy()
    await linked.ask(f"/link https://tracker.example {linked.keitaro.key}")

    assert linked.bot.bot_data[SERVICES].trackers._clients == client


async def test_a_failed_relink_leaves_the_link_as_it_was(linked):
    await linked.ask("/link https://other.example fake-key-9999")

    assert await linked_to(linked, linked.home) == ("https://tracker.example", linked.keitaro.key)


async def test_unlinking_forgets_the_key(room, key):
    await room.ask(f"/link https://tracker.example {key}")
    await room.ask("/streams 1")

    assert await room.ask("/unlink yes") == (
        "✅ The link to https://tracker.example is gone, and so is its key."
    )
    assert clients(room) == []
    assert await linked_to(room, room.home) is None
    assert places_of(key, room) == []


async def test_unlinking_keeps_a_key_that_another_chat_uses(linked, group):
    await linked.link(to=group)
    await linked.ask("/streams 1")

    assert await linked.ask("/unlink") == (
        "✅ The link to https://tracker.example is gone. The key stays: another chat uses it."
    )
    assert clients(linked) == ["https://tracker.example"]
    assert (await linked.ask("/streams 1", to=group)).startswith("✅ Streams of campaign 1")


UNLINK = (
    "Unlink this chat from https://tracker.example? No other chat uses this tracker, so its key "
    "is deleted, too: to link again you need a key."
)


@pytest.mark.parametrize(
    ("label", "said", "stays"),
    [
        ("Apply", "✅ The link to https://tracker.example is gone, and so is its key.", False),
        ("Cancel", f"❌ Cancelled. Nothing was changed.\n\n{UNLINK}", True),
    ],
)
async def test_a_key_is_not_forgotten_unasked(linked, label, said, stays):
    [asked] = await linked.say("/unlink")

    assert asked["text"] == f"❔ {UNLINK}\n\nOnly Olga can confirm this, within 10 minutes."
    assert await linked.press(asked, label) == said
    assert bool(await linked_to(linked, linked.home)) == stays


async def test_who_is_no_admin_any_more_cannot_confirm_the_unlinking(room, group, admin):
    await room.link(to=group)
    await room.grant(admin, group, "admin")
    [asked] = await room.say("/unlink", to=group, by=admin)
    await room.grant(admin, group, "operator")
    await room.press(asked, "Apply", by=admin)

    assert await linked_to(room, group)


async def test_unlinking_is_withdrawn_with_cancel_and_knows_no_other_word(linked):
    await linked.say("/unlink")

    assert await linked.ask("/cancel") == "✅ Withdrawn: 1. Nothing was changed."
    assert "now" in await linked.ask("/unlink now")
    assert await linked_to(linked, linked.home)


async def test_unlinking_what_is_not_linked(room):
    assert await room.ask("/unlink") == (
        "❌ This chat is not linked to a tracker. An owner or admin can link it: /link"
    )


# The first owner


@pytest.mark.parametrize("settings", [{"owners": frozenset()}], indirect=True)
async def test_the_claim_code_makes_the_first_owner(room, admin):
    people = room.bot.bot_data[SERVICES].store.people
    code = await people.new_claim()

    assert await room.ask("/help") == STRANGER
    assert await room.ask("/start wrong-code-wrong-code") == EXPIRED
    assert await room.ask(f"/start {code}") == (
        "✅ You are an owner of this bot now.\n\n"
        "Not linked to a tracker yet. Send:\n/link https://tracker.example KEY"
    )
    assert (await room.ask("/help")).startswith("✅ What you can do here\n")
    assert await room.ask(f"/start {code}", by=admin) == EXPIRED
    assert await people.owners() == {room.owner.id}


@pytest.mark.parametrize("settings", [{"owners": frozenset()}], indirect=True)
async def test_the_claim_code_is_good_for_fifteen_minutes_and_five_tries(room, admin):
    people = room.bot.bot_data[SERVICES].store.people
    old = await people.new_claim()
    room.clock.at += 900
    answers = [await room.ask(f"/start {old}")]
    code = await people.new_claim()
    others = [admin, admin, admin, *(room.telegram.person(name) for name in ("Eve", "Sam"))]
    answers += [await room.ask(f"/start {number:032}", by=by) for number, by in enumerate(others)]
    answers.append(await room.ask(f"/start {code}"))

    assert answers == [EXPIRED] * 7
    assert await people.owners() == frozenset()
