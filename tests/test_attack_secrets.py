"""Attacks on keys and tokens, each through the door that an attacker has."""

import asyncio
import html
import inspect
import io
import json
import logging
import re
import sys
import zipfile
import zlib
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, ValidationError
from telegram import Update
from telegram.ext import TypeHandler

from bot.log import set_up_log
from bot.settings import Settings
from handlers import BUTTONS, COMMANDS, SERVICES, Redaction
from handlers.dispatch import (
    button_handler,
    command_handler,
    due_handler,
    people_handler,
    reply_handler,
    text_handler,
    unknown_handler,
)
from handlers.keys import read_typed
from handlers.render.page import Button, File, Page
from keitaro import models
from sandbox.telegram import Chat
from sandbox.telegram.log import Call, Upload
from sandbox.telegram.posting import open_topic
from tests.canary.scanner import Find, Scanner
from tests.canary.seeds import Seed, bot_token, made
from tests.conftest import OTHER_KEY, OTHER_TRACKER, Hosts, Room
from tests.test_gate import PRESSES
from tests.test_plans import plan
from tests.test_schedules import come

LEAKED = (
    "You typed that in a group, so I deleted the message and stored nothing. If it held a key, "
    "that key has leaked: delete it in the tracker and make a new one."
)
LEAKED_STAYS = (
    "You typed that in a group. I stored nothing, but I may not delete your message: delete it "
    "yourself. If it held a key, that key has leaked: delete it in the tracker and make a new one."
)
FAULT = re.compile(r"❌ That is a fault of mine, number [0-9a-f]{8}\b")


@pytest.fixture
def token() -> Seed:
    return bot_token()


@pytest.fixture
def telegram(telegram, token):
    """A Telegram whose bot has a token that is found wherever it lies."""
    telegram.token = token.value
    return telegram


@pytest.fixture
def key(room) -> Seed:
    """The key of the first tracker, which is written nowhere else."""
    seed = made("key")
    room.keitaro.key = seed.value
    return seed


@pytest.fixture
def group(room) -> Chat:
    return room.telegram.group("Team", room.owner, forum=True)


def finds(room: Room, *seeds: Seed, beside: str = "") -> list[Find]:
    """Return where secrets lie: in what was said to Telegram, in files, or in *beside*."""
    scanner = Scanner(seeds)
    heard = b"".join(
        repr(call.parameters).encode() + uploaded(call) for call in room.telegram.calls
    )
    folder = room.settings.database.parent
    return [*scanner.search(heard + beside.encode(), "said"), *scanner.search_folder(folder)]


def uploaded(call: Call) -> bytes:
    """Return the files that came with a call."""
    files = [one for one in call.parameters.values() if isinstance(one, Upload)]
    return b"".join(one.filename.encode() + one.content for one in files)


# A key in a group, in every shape.

SHAPES = (
    "a command",
    "a command by name",
    "an answer",
    "talk",
    "a caption",
    "a file",
    "an edit",
    "forwarded",
    "in a topic",
)


def typed(room: Room, chat: Chat, shape: str, key: str) -> dict[str, Any]:
    """Show *key* in *chat* in this *shape*, and return the message."""
    command = f"/link https://tracker.example {key}"
    say, owner = room.telegram.say, room.owner
    match shape:
        case "a command by name":
            return say(owner, chat, command.replace("/link", "/link@keitaro_test_bot"))
        case "an answer":
            asked = next(one for one in room.telegram.messages(chat) if one["from"]["is_bot"])
            return say(owner, chat, key, reply_to=asked["message_id"])
        case "talk":
            return say(owner, chat, f"https://tracker.example {key}")
        case "a caption":
            return say(owner, chat, command, attach=b"{}")
        case "a file":
            return say(owner, chat, "/stream 12", attach=json.dumps({"name": key}).encode())
        case "an edit":
            harmless = say(owner, chat, "hello there")
            return room.telegram.edit(owner, chat, harmless["message_id"], command)
        case "forwarded":
            return say(owner, chat, command, forwarded=True)
        case "in a topic":
            return say(owner, chat, command, thread=open_topic(room.telegram, chat, "Talk"))
    return say(owner, chat, command)


@pytest.mark.parametrize("may_delete", [True, False], ids=["deleted", "stays"])
@pytest.mark.parametrize("shape", SHAPES)
async def test_a_key_shown_in_a_group_is_deleted_and_named_as_leaked(
    room, group, key, shape, may_delete
):
    """Who reads along in a group has it; the bot stores it nowhere and says what to do."""
    if may_delete:
        room.telegram.promote(group, room.telegram.bot)
    is_in_use = shape in ("talk", "a file")
    if is_in_use:
        await room.link(to=group, key=key.value)
    await room.say("/link", to=group)
    message = typed(room, group, shape, key.value)
    await room.settle()

    answers = room.since(group, message)
    assert len(answers) == 1
    assert answers[0]["text"].endswith(LEAKED if may_delete else LEAKED_STAYS)
    assert (message["message_id"] in group.messages) is not may_delete
    assert answers[0].get("message_thread_id") == message.get("message_thread_id")
    linked = await room.bot.bot_data[SERVICES].store.chats.linked(group.id)
    assert (linked is not None) is is_in_use
    assert room.keitaro.requests == []
    assert finds(room, key) == []


@pytest.mark.parametrize(
    "text",
    [
        "{key}",
        "/lnik https://tracker.example {key}",
        "link tracker.example {key}",
        "/ link https://tracker.example {key}",
        "{key} https://tracker.example",
        "Key: {key}",
        "API key {key}",
        "@keitaro_test_bot link https://tracker.example {key}",
        "ключ {key}",
        "/stats {key}",
        "/streams@keitaro_test_bot {key}",
    ],
)
async def test_a_key_of_a_tracker_is_known_by_its_looks(room, group, canary, text):
    """Also where a slip of the finger has made of the command something else."""
    room.telegram.promote(group, room.telegram.bot)
    message = room.telegram.say(room.owner, group, text.format(key=canary))
    await room.settle()

    assert [answer["text"] for answer in room.since(group, message)] == [f"❌ {LEAKED}"]
    assert message["message_id"] not in group.messages


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "the id is 0123456789abcdef",
        "summer-campaign-2026",
        "a b 3f" * 9,
        f"the click is {'0123456789abcdef' * 2}",
    ],
)
async def test_talk_in_a_group_is_no_leak(room, group, text):
    room.telegram.promote(group, room.telegram.bot)
    message = room.telegram.say(room.owner, group, text)
    await room.settle()
    room.telegram.edit(room.owner, group, message["message_id"], f"{text}!")
    await room.settle()

    assert room.since(group, message) == []
    assert message["message_id"] in group.messages


async def test_who_types_keys_without_end_is_warned_ten_times(room, group, key):
    room.telegram.promote(group, room.telegram.bot)
    await room.link(to=group, key=key.value)
    first = room.telegram.say(room.owner, group, key.value)
    for _ in range(19):
        room.telegram.say(room.owner, group, f"see {key.value}")
    await room.settle()

    assert len(room.since(group, first)) == 10
    assert [one for one in group.messages.values() if key.value in str(one)] == []


# A secret that a handler lets slip.


def leaky(*seeds: Seed) -> Page:
    """Return an answer that says every secret in every place there is."""
    words = " ".join(seed.value for seed in seeds)
    links = "".join(
        f'<a href="https://a.example/?k={seed.value}">&lt;{seed.value}&gt;</a>' for seed in seeds
    )
    rows = tuple((Button(seed.value[:60], data="x"),) for seed in seeds)
    rows += ((Button("go", link=f"https://a.example/{seeds[0].value}"),),)
    table = "\n".join([words] * 2000).encode()
    return Page(f"✅ {words} {links}", buttons=rows, file=File(f"{seeds[0].value}.csv", table))


async def test_whatever_an_answer_says_no_secret_goes_out(room, key, token, capfd):
    """Text, link, button, file and file name; the HTML around them stays whole."""
    hook = made("webhook secret", 40)
    redaction = room.bot.bot_data[SERVICES].trackers.redaction
    redaction.add(key.value)
    redaction.add(hook.value)

    async def run(message, context):
        return leaky(key, hook, token)

    room.bot.handlers[0].insert(0, command_handler(replace(COMMANDS[0], run=run)))
    with logged(redaction):
        answers = await room.say(f"/{COMMANDS[0].name}")

    assert answers[0]["text"] == "✅ •••• •••• •••• <••••><••••><••••>"
    assert room.telegram.document(answers[1]) == "\n".join(["•••• •••• ••••"] * 2000).encode()
    log = capfd.readouterr().err
    assert log.count("a secret was kept out of a message (sendMessage)") == 1
    assert finds(room, key, hook, token, beside=log) == []


@pytest.mark.parametrize("size", [100, 100_000])
def test_a_mask_never_breaks_what_stands_around_it(size):
    seed = made("key")
    redaction = Redaction([seed.value])
    coded = html.escape(f"<{seed.value}&\"{seed.value}'")
    text = f"<b>{coded}</b>" * size

    masked = redaction.text(text)

    assert masked == "<b>&lt;••••&amp;&quot;••••&#x27;</b>" * size


def test_a_file_of_a_hundred_thousand_rows_is_searched_for_a_thousand_keys():
    seeds = [made("key") for _ in range(1000)]
    redaction = Redaction()
    for seed in seeds:
        redaction.add(seed.value)
    rows = [
        f"{number},campaign {number},{zlib.crc32(b'%d' % number):032x}" for number in range(100_000)
    ]
    rows[50_000] += f",{seeds[7].value}"

    masked = redaction.content("\n".join(rows).encode()).decode()

    assert masked.count("••••") == 1
    assert list(Scanner(seeds[5:9]).search(masked.encode()[-200:], "")) == []


def test_words_that_are_linked_as_keys_do_not_vanish_from_other_chats():
    redaction = Redaction()
    for word in ("campaign", "campaigns-of-the-summer", "0123456789012345678901", "x" * 40):
        redaction.add(word)

    assert redaction.text("campaign campaigns-of-the-summer") == "campaign campaigns-of-the-summer"
    assert not redaction.hides("0123456789012345678901 " + "x" * 40)


def test_only_the_latest_keys_are_kept_in_mind():
    first, redaction = made("first"), Redaction()
    redaction.add(first.value)
    assert redaction.hides(first.value)
    later = [made("later").value for _ in range(10_000)]
    for key in later:
        redaction.add(key)

    assert not redaction.hides(first.value)
    assert redaction.hides(later[0])


# Exceptions that carry secrets.


class logged:  # noqa: N801 - it reads like a verb
    """The log of the process, at its lowest level, while the block runs."""

    def __init__(self, redaction: Redaction) -> None:
        self.redaction = redaction

    def __enter__(self):
        root = logging.getLogger()
        self.before = (root.handlers[:], root.level)
        set_up_log(level="DEBUG", style="text", redaction=self.redaction)

    def __exit__(self, *failure):
        root = logging.getLogger()
        root.handlers, root.level = self.before


class Bomb:
    """Raises, wherever it is called, an error that says *words*, and its cause does."""

    def __init__(self, *seeds: Seed) -> None:
        self.words = " ".join(seed.value for seed in seeds)

    async def __call__(self, *_: object) -> Any:
        cause = KeyError(self.words)
        raise RuntimeError(f"https://api.telegram.org/bot{self.words}") from cause


@pytest.fixture
def bomb(room, key, token):
    room.bot.bot_data[SERVICES].trackers.redaction.add(key.value)
    return Bomb(token, key)


def chosen_people(room: Room, message_id: int) -> dict[str, Any]:
    """Return the message by which a client hands over people it was never asked for."""
    return {
        "message_id": message_id,
        "date": int(room.clock()),
        "chat": room.home.as_chat(),
        "from": room.owner.as_user(),
        "users_shared": {"request_id": 1, "users": [{"user_id": 7}]},
    }


def secretless(room: Room, log: str, *seeds: Seed) -> bool:
    """Tell whether an error is in the *log* with its id, and no secret anywhere."""
    assert "RuntimeError: https://api.telegram.org/bot" in log
    return finds(room, *seeds, beside=log) == []


def test_there_is_a_row_below_for_every_handler(room):
    others = ["due", "stray", "unknown", "text", "reply", "people"]

    assert len(room.bot.handlers[0]) == len(COMMANDS) + len(BUTTONS) + len(others)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
async def test_an_error_in_a_command_shows_nothing_but_its_number(
    room, key, token, bomb, capfd, command
):
    room.bot.handlers[0].insert(0, command_handler(replace(command, run=bomb)))
    with logged(room.bot.bot_data[SERVICES].trackers.redaction):
        answer = await room.ask(f"/{command.name}")

    assert FAULT.match(answer)
    assert secretless(room, capfd.readouterr().err, key, token)


@pytest.mark.parametrize("kind", BUTTONS, ids=lambda kind: kind.pattern)
async def test_an_error_under_a_button_shows_nothing_but_its_number(
    room, key, token, bomb, capfd, kind
):
    button = button_handler(kind.pattern, replace(kind, run=bomb).press)
    room.bot.handlers[0].insert(0, button)
    await room.say("/cancel")
    message = await room.bot.bot.send_message(room.home.id, "❔")
    data = PRESSES[kind.pattern][0]
    with logged(room.bot.bot_data[SERVICES].trackers.redaction):
        query = room.telegram.press(room.owner, room.home, message.message_id, data, forged=True)
        await room.settle()

    assert FAULT.match(room.telegram.answered(query)["text"])
    assert secretless(room, capfd.readouterr().err, key, token)


@pytest.mark.parametrize("kind", ["unknown", "text", "people", "reply"])
async def test_an_error_in_any_other_handler_shows_nothing_but_its_number(
    room, group, key, token, bomb, capfd, kind
):
    async def choose(message, context):
        return bomb()

    makers = {
        "unknown": unknown_handler(bomb),
        "text": text_handler(bomb),
        "people": people_handler(bomb),
        "reply": reply_handler(choose),
    }
    room.bot.handlers[0].insert(0, makers[kind])
    chat = group if kind == "reply" else room.home
    room.telegram.say(room.owner, chat, "hello")
    room.telegram.updates.drop()
    asked = await room.bot.bot.send_message(chat.id, "❔")
    with logged(room.bot.bot_data[SERVICES].trackers.redaction):
        if kind == "people":
            room.telegram.push({"message": chosen_people(room, asked.message_id + 1)})
            await room.settle()
            answers = room.since(chat, {"message_id": asked.message_id})
        else:
            text = {"unknown": "/nonsense", "text": "hello", "reply": "hello"}[kind]
            how = {"reply_to": asked.message_id} if kind == "reply" else {}
            answers = await room.say(text, to=chat, **how)

    assert [bool(FAULT.match(one["text"])) for one in answers] == [True]
    assert secretless(room, capfd.readouterr().err, key, token)


async def test_an_error_at_the_door_and_in_the_handler_of_errors_shows_nothing(
    room, key, token, bomb, capfd
):
    """What even the last handler does not catch is logged by the library, through the same log."""
    room.bot.add_handler(TypeHandler(Update, bomb), group=-9)
    with logged(room.bot.bot_data[SERVICES].trackers.redaction):
        answer = await room.ask("/help")
        for handler in list(room.bot.error_handlers):
            room.bot.remove_error_handler(handler)
        room.bot.add_error_handler(bomb)
        await room.say("/help")

    assert answer.startswith("⚠️ That is a fault of mine, number")
    assert secretless(room, capfd.readouterr().err, key, token)


async def test_an_error_in_what_is_due_shows_nothing_but_its_number(
    linked, clock, key, token, bomb, capfd
):
    await linked.ask("/schedules add yesterday campaign every day 9:00")
    linked.bot.handlers[0].insert(0, due_handler(bomb))
    last = linked.telegram.messages(linked.home)[-1]
    clock.at += 24 * 3600
    with logged(linked.bot.bot_data[SERVICES].trackers.redaction):
        await come(linked)

    assert [bool(FAULT.match(one["text"])) for one in linked.since(linked.home, last)] == [True]
    assert secretless(linked, capfd.readouterr().err, key, token)


STRAYS = """
import asyncio, sys, threading, warnings
from bot.log import log_strays, set_up_log
from handlers import Redaction

secret = sys.stdin.read()
set_up_log(level="DEBUG", style="text", redaction=Redaction([secret]))
log_strays()

class Loud:
    def __del__(self): raise RuntimeError("unraisable " + secret)

async def forgotten():
    async def fail(): raise RuntimeError("forgotten " + secret)
    task = asyncio.ensure_future(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task

warnings.simplefilter("always")
warnings.warn("warned " + secret)
Loud()
def fail(): raise RuntimeError("thread " + secret)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
asyncio.run(forgotten())
raise RuntimeError("uncaught " + secret)
"""


async def test_what_python_itself_would_print_is_masked():
    """Warnings, uncaught exceptions in threads and destructors, tasks nobody waits for."""
    seed = made("secret")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STRAYS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate(seed.value.encode())

    for word in ("warned", "unraisable", "thread", "forgotten", "uncaught"):
        assert f"{word} ••••" in output.decode()
    assert list(Scanner([seed]).search(output, "")) == []


def all_models() -> list[type[BaseModel]]:
    found = [model for _, model in inspect.getmembers(models, inspect.isclass)]
    return [model for model in found if issubclass(model, BaseModel) and model is not BaseModel]


@pytest.mark.parametrize("model", [*all_models(), Settings], ids=lambda model: model.__name__)
def test_no_error_of_validation_carries_what_was_given(model):
    seed = made("secret")
    fields = {field.alias or name for name, field in model.model_fields.items()}
    for given in ([seed.value], {"a": seed.value}, seed.value):
        try:
            model.model_validate(dict.fromkeys(fields, given) | {"more": seed.value})
        except ValidationError as error:
            printed = f"{error} {error!r} {error.args}"
        else:
            continue

        assert list(Scanner([seed]).search(printed.encode(), "")) == []


async def test_nothing_that_holds_a_secret_prints_it(room, key):
    await room.link(key=key.value)
    services = room.bot.bot_data[SERVICES]
    link = await services.store.chats.linked(room.home.id)
    holders = (link, services.trackers.of(link), read_typed(key.value), services.trackers.redaction)

    for holder in holders:
        assert list(Scanner([key]).search(f"{holder} {holder!r} {holder:}".encode(), "")) == []
    assert isinstance(link.key, SecretStr)
    with pytest.raises(TypeError):
        json.dumps(link.key)
    secrets = Scanner([Seed("", value, value) for value in room.settings.secrets])
    assert list(secrets.search(f"{room.settings!r} {room.settings}".encode(), "")) == []
    assert list(secrets.search(room.settings.model_dump_json(warnings=False).encode(), "")) == []


# One tracker, one key.


def keys_seen(room: Room, other: Any) -> set[tuple[str, str, str]]:
    """Return which key went to which host, and with which cookie."""
    return {
        (one.headers["host"], one.headers["api-key"], one.headers.get("cookie", ""))
        for one in (*room.keitaro.requests, *other.requests)
    }


async def test_a_thousand_commands_in_two_chats_never_borrow_a_key(room, group, other_keitaro):
    """A third chat, which is not linked, gets neither."""
    third = room.telegram.group("Third", room.owner)
    await room.link(key=room.keitaro.key)
    await room.link(to=group, tracker=OTHER_TRACKER, key=OTHER_KEY)
    for keitaro, name in ((room.keitaro, "one"), (other_keitaro, "two")):
        keitaro.fail_when(lambda _: True, headers={"set-cookie": f"sid=fake-{name}; Path=/"})
    said = []
    for number in range(1000):
        chat = (room.home, group, room.home, group, third)[number % 5]
        said.append(room.telegram.say(room.owner, chat, f"/stream {45 - number % 3}"))
    while batch := room.telegram.updates.batch(100):
        room.telegram.updates.remove([update["update_id"] for update in batch])
        handled = [Update.de_json(update, room.bot.bot) for update in batch]
        await asyncio.gather(*map(room.bot.process_update, handled))
    await room.delivered()

    assert keys_seen(room, other_keitaro) == {
        ("tracker.example", room.keitaro.key, ""),
        ("other.example", OTHER_KEY, ""),
    }
    assert {one.status for one in (*room.keitaro.requests, *other_keitaro.requests)} == {200}
    answers = [one for one in room.telegram.messages(third) if one["from"]["is_bot"]]
    assert len(answers) == 200
    assert {one["text"][:1] for one in answers} == {"❌"}


async def test_after_unlink_the_next_call_is_refused_although_one_is_under_way(room, key):
    """The one under way ends; no chat is left with a client of the old link."""
    await room.link(key=key.value)
    gate = asyncio.Event()
    room.keitaro.fail(1, until=gate)
    room.telegram.say(room.owner, room.home, "/stream 45")
    [update] = room.telegram.updates.batch(1)
    room.telegram.updates.drop()
    asked = asyncio.create_task(room.bot.process_update(Update.de_json(update, room.bot.bot)))
    while not room.keitaro.requests:
        await asyncio.sleep(0)
    store = room.bot.bot_data[SERVICES].store
    unlinked = await store.chats.unlink(room.home.id)
    room.bot.bot_data[SERVICES].trackers.forget(unlinked.tracker_id)
    before = len(room.keitaro.requests)
    refused = await room.say("/stream 45")
    arrived = len(room.keitaro.requests)
    gate.set()
    await asked

    assert refused[-1]["text"].startswith("❌ ")
    assert "/link" in refused[-1]["text"]
    assert arrived == before


# Secrets inside of what a tracker answers.


async def test_secrets_of_a_stream_are_hidden_and_never_overwritten(linked, token):
    """What is hidden is neither shown nor stored; undoing, or sending it back, writes no mask."""
    inner, newer = made("inner"), made("newer")
    stream = linked.keitaro.streams[45]
    stream["action_options"] = {"api_key": inner.value, "url": "https://a.example/"}
    stream["name"] = f"Named {linked.keitaro.key}"
    card = await linked.ask("/stream 45")
    whole = await linked.say("/stream 45 json")
    fields = {"action_options": {"api_key": newer.value}, "name": "Other", "comments": "x"}
    changed = await plan(linked, f"/stream 45 {json.dumps(fields)}")
    assert (await linked.press(changed, "Apply")).startswith("✅ ")
    undone = await plan(linked, "/undo")
    assert (await linked.press(undone, "Apply")).startswith("✅ ")
    refused = await linked.ask('/stream 45 {"action_options": {"api_key": "••••"}}')

    assert "Named ••••" in card
    assert "action_options" in undone["text"]
    assert "name" in undone["text"]
    assert refused.startswith("❌ ")
    assert "action_options.api_key: shows ••••, which hides a secret" in refused
    assert stream["action_options"]["api_key"] == newer.value
    assert (stream["name"], stream["comments"]) == ("Other", None)
    assert [one for one in linked.keitaro.requests if "•" in one.raw.decode()] == []
    assert finds(linked, inner) == []
    assert whole


async def test_a_campaign_shows_neither_its_token_nor_its_postbacks(linked):
    seeds = made("token of the Click API"), bot_token()
    for campaign in linked.keitaro.campaigns.values():
        campaign["token"] = seeds[0].value
        url = f"https://api.telegram.org/bot{seeds[1].value}/sendMessage"
        campaign["postbacks"] = [{"method": "GET", "url": url}]
    for command in ("/stream 45", "/streams 11", "/streams 12", "/stats today by campaign"):
        assert await linked.say(command)

    assert any(one.path.startswith("campaigns") for one in linked.keitaro.requests)
    assert finds(linked, *seeds) == []


async def test_a_file_that_is_made_of_a_secret_has_none(linked, capfd):
    """A workbook and a picture hide what is in them, so what they are made of is searched."""
    other = made("key of another chat", 16)
    redaction = linked.bot.bot_data[SERVICES].trackers.redaction
    redaction.add(other.value)
    campaign, *_ = linked.keitaro.campaigns.values()
    campaign["name"] = f"Named {other.value}"
    [report] = await linked.say("/stats today campaign clicks")
    with logged(redaction):
        await linked.press(report, "XLSX")
        await linked.press(report, "Chart")
    log = capfd.readouterr().err
    campaign["name"] = "Named ••••"
    [masked] = await linked.say("/stats today campaign clicks")
    await linked.press(masked, "Chart")

    files = [sent_file(linked, answer) for answer in linked.since(linked.home, report)]
    workbook, picture, masked_picture = [content for content in files if content]
    book = zipfile.ZipFile(io.BytesIO(workbook))
    parts = b"".join(book.read(name) for name in book.namelist())
    assert "Named ••••" in parts.decode()
    assert picture == masked_picture
    assert "a secret was kept out of a file" in log
    assert finds(linked, other, beside=log + parts.decode()) == []


def sent_file(room: Room, message: dict[str, Any]) -> bytes | None:
    """Return the document or the picture in a message."""
    sent = message.get("document") or message.get("photo", [None])[-1]
    return sent and room.telegram.files.get(sent["file_id"]).content


async def test_an_answer_of_another_host_is_read_by_that_hosts_key_alone(room, other_keitaro):
    """A tracker that knows the key of another learns nothing by echoing it."""
    assert Hosts().apps == {}
    await room.link(tracker=OTHER_TRACKER, key=OTHER_KEY)
    seed = made("key of somebody else")
    room.bot.bot_data[SERVICES].trackers.redaction.add(seed.value)
    other_keitaro.streams[45]["name"] = seed.value
    answer = await room.ask("/stream 45")

    assert "••••" in answer
    assert finds(room, seed) == []
