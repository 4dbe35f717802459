"""What people do in the sandbox's Telegram, as python-telegram-bot reads it."""

import asyncio

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.constants import ChatID
from telegram.request import HTTPXRequest

from sandbox.telegram import Telegram

DAY_SECONDS = 86_400


@pytest.fixture
def telegram():
    return Telegram()


@pytest.fixture
async def bot(telegram):
    transport = httpx.ASGITransport(telegram.app)
    bot = Bot(
        telegram.token,
        base_url="http://telegram.example/bot",
        request=HTTPXRequest(httpx_kwargs={"transport": transport}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"transport": transport}),
    )
    async with bot:
        yield bot


@pytest.fixture
def ann(telegram):
    return telegram.person("Ann", language_code="ru")


async def heard(bot):
    """Return the messages of all updates that wait."""
    return [update.effective_message for update in await bot.get_updates()]


async def test_ids_are_those_of_the_real_thing(telegram, bot, ann):
    telegram.say(ann, telegram.private(ann), "hello")
    telegram.say(ann, telegram.group("Team", ann), "hello")
    telegram.say(ann, telegram.group("Team", ann, supergroup=True), "hello")

    updates = await bot.get_updates()
    assert updates[0].update_id > 10**8
    assert [update.update_id - updates[0].update_id for update in updates] == [0, 1, 2]
    assert [update.message.message_id for update in updates] == [1, 1, 1]
    private, group, supergroup = (update.effective_chat for update in updates)
    assert (private.id, private.type, private.first_name) == (ann.id, "private", "Ann")
    assert (group.type, -(10**10) < group.id < 0) == ("group", True)
    assert str(supergroup.id).startswith("-100")
    assert updates[0].effective_user.language_code == "ru"


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("/stream {}", ["/stream"]),
        ("/stream@keitaro_demo_bot 45", ["/stream@keitaro_demo_bot"]),
        ("😀 /stats", ["/stats"]),
        (
            '/stream {"path": "/admin", "url": "https://tracker.example/stats"}',
            ["/stream", "/admin"],
        ),
        ("and/or", []),
        ("```\n/stats\n```", ["/stats"]),
    ],
)
async def test_commands_are_marked_as_telegram_marks_them(telegram, bot, ann, text, commands):
    telegram.say(ann, telegram.private(ann), text)
    telegram.say(ann, telegram.private(ann), text, attach=b"{}")

    plain, attached = await heard(bot)
    kinds = [MessageEntity.BOT_COMMAND]
    assert list(plain.parse_entities(kinds).values()) == commands
    assert list(attached.parse_caption_entities(kinds).values()) == commands
    assert (plain.text, attached.caption) == (text, text)


async def test_nothing_is_a_command_inside_code(telegram, bot, ann):
    telegram.say(
        ann,
        telegram.private(ann),
        "/stream /x",
        entities=[{"type": "code", "offset": 8, "length": 2}],
    )

    (message,) = await heard(bot)
    assert list(message.parse_entities().values()) == ["/stream", "/x"]
    assert [entity.type for entity in message.entities] == ["bot_command", "code"]


async def test_a_file_is_described_and_can_be_replied_to(telegram, bot, ann):
    chat = telegram.private(ann)
    file = telegram.say(
        ann, chat, attach=b'{"a": 1}', filename="s.json", declared_size=7, media_group_id="9"
    )
    telegram.say(ann, chat, "/stream", reply_to=file["message_id"])

    attached, command = await heard(bot)
    assert (attached.document.file_name, attached.document.file_size, attached.media_group_id) == (
        "s.json",
        7,
        "9",
    )
    assert command.reply_to_message.document == attached.document
    assert telegram.document(file) == b'{"a": 1}'


async def test_messages_in_a_topic_reply_to_its_beginning(telegram, bot, ann):
    forum = telegram.group("Team", ann, forum=True)
    thread = forum.topic("Alerts")
    telegram.say(ann, forum, "inside", thread=thread)
    telegram.say(ann, forum, "general")

    created, inside, general = await heard(bot)
    assert created.forum_topic_created.name == "Alerts"
    assert (inside.message_thread_id, inside.is_topic_message) == (thread, True)
    assert inside.reply_to_message.forum_topic_created.name == "Alerts"
    assert inside.chat.is_forum
    assert (general.message_thread_id, general.is_topic_message, general.reply_to_message) == (
        None,
        None,
        None,
    )


async def test_chats_speak_instead_of_people(telegram, bot, ann):
    group = telegram.group("Team", ann, supergroup=True)
    news = telegram.channel("News", ann, discussion=group)
    other = telegram.channel("Other", ann)
    telegram.say(ann, group, "as the group", sender_chat=group)
    telegram.say(ann, group, "as a channel", sender_chat=other)
    telegram.say(ann, group, "from the linked channel", sender_chat=news)
    telegram.say(ann, news, "in the channel")

    updates = await bot.get_updates()
    anonymous, channel, linked, posted = (update.effective_message for update in updates)
    assert (anonymous.from_user.id, anonymous.sender_chat.id) == (ChatID.ANONYMOUS_ADMIN, group.id)
    assert (channel.from_user.id, channel.sender_chat.id) == (ChatID.FAKE_CHANNEL, other.id)
    assert (linked.from_user.id, linked.is_automatic_forward, linked.forward_origin.type) == (
        ChatID.SERVICE_CHAT,
        True,
        "channel",
    )
    assert updates[3].channel_post is posted
    assert (posted.from_user, posted.sender_chat.id) == (None, news.id)
    assert (await bot.get_chat(group.id)).linked_chat_id == news.id
    assert (await bot.send_message(news.id, "x")).sender_chat.id == news.id


async def test_forwarded_messages_name_their_origin(telegram, bot, ann):
    ben = telegram.person("Ben")
    chat = telegram.private(ann)
    telegram.say(ann, chat, "/stream {}", forwarded=True)
    telegram.say(ann, chat, "/stream {}", forwarded=ben)
    telegram.say(ann, chat, "/stream {}", forwarded=telegram.channel("News"))

    own, bens, news = await heard(bot)
    assert own.forward_origin.sender_user.id == ann.id
    assert bens.forward_origin.sender_user.first_name == "Ben"
    assert news.forward_origin.chat.title == "News"


async def test_edits_are_updates_of_their_own(telegram, bot, ann):
    chat = telegram.private(ann)
    message = telegram.say(ann, chat, "/stats today")
    caption = telegram.say(ann, chat, "one", attach=b"{}")
    telegram.edit(ann, chat, message["message_id"], "/stats yesterday")
    telegram.edit(ann, chat, caption["message_id"], "two")

    updates = (await bot.get_updates())[2:]
    assert [update.edited_message.edit_date is not None for update in updates] == [True, True]
    assert updates[0].edited_message.parse_entity(updates[0].edited_message.entities[0]) == "/stats"
    assert updates[1].edited_message.caption == "two"
    with pytest.raises(ValueError, match="did not write"):
        telegram.edit(telegram.person("Ben"), chat, message["message_id"], "x")


async def test_coming_and_going_of_the_bot_is_told(telegram, bot, ann):
    group = telegram.group("Team", ann, bot=False)
    telegram.add_bot(ann, group)
    telegram.promote(group, telegram.bot)
    telegram.remove_bot(ann, group)
    telegram.say(ann, telegram.private(ann), "hello")
    telegram.block(ann)
    telegram.unblock(ann)

    updates = await bot.get_updates()
    changes = [
        (
            update.my_chat_member.chat.id,
            update.my_chat_member.old_chat_member.status,
            update.my_chat_member.new_chat_member.status,
        )
        for update in updates
        if update.my_chat_member
    ]
    assert changes == [
        (group.id, "left", "member"),
        (group.id, "member", "administrator"),
        (group.id, "administrator", "kicked"),
        (ann.id, "member", "kicked"),
        (ann.id, "kicked", "member"),
    ]
    services = [update.message for update in updates if update.message and not update.message.text]
    assert services[0].new_chat_members[0].id == telegram.bot.id
    assert services[1].left_chat_member.id == telegram.bot.id


async def test_the_bot_hears_nothing_where_it_is_not(telegram, bot, ann):
    telegram.say(ann, telegram.group("Team", ann, bot=False), "secret")

    assert await heard(bot) == []


async def test_links_start_the_bot_or_bring_it_along(telegram, bot, ann):
    group = telegram.group("Team", ann, bot=False)
    telegram.start_link(ann, "https://t.me/keitaro_demo_bot?start=abc_-1")
    telegram.start_link(ann, "https://t.me/keitaro_demo_bot?startgroup=xyz", chat=group)

    texts = [message.text for message in await heard(bot) if message and message.text]
    assert texts == ["/start abc_-1", "/start@keitaro_demo_bot xyz"]
    for url in (
        "https://t.me/other_bot?start=a",
        "https://t.me/keitaro_demo_bot?start=" + "a" * 65,
        "https://tracker.example/",
    ):
        with pytest.raises(ValueError, match=r"not a"):
            telegram.start_link(ann, url)


async def test_a_chosen_chat_is_shared(telegram, bot, ann):
    group = telegram.group("Team", ann)
    telegram.share_chat(ann, group, request_id=1)

    [chosen] = await heard(bot)
    assert (chosen.chat_shared.request_id, chosen.chat_shared.chat_id) == (1, group.id)


async def test_yesterdays_messages_are_not_delivered(telegram, bot, ann):
    chat = telegram.private(ann)
    telegram.say(ann, chat, "old", date=telegram.now() - DAY_SECONDS)
    telegram.say(ann, chat, "late", date=telegram.now() - DAY_SECONDS + 60)

    assert [message.text for message in await heard(bot)] == ["late"]


async def test_migration_news_come_as_ordered(telegram, bot, ann):
    telegram.migrate(telegram.group("A", ann), announce=("from", "to"))
    telegram.migrate(telegram.group("B", ann), announce=("from",))
    telegram.migrate(telegram.group("C", ann), announce=())

    notes = [(bool(message.migrate_to_chat_id), message.chat.title) for message in await heard(bot)]
    assert notes == [(False, "A"), (True, "A"), (False, "B")]


async def test_waiting_for_the_answer_outlasts_the_hourglass(telegram, bot, ann):
    chat = telegram.private(ann)
    before = telegram.say(ann, chat, "/stats")
    message = await bot.send_message(chat.id, "⏳ working")
    waiting = asyncio.ensure_future(telegram.answer_to(before))
    await asyncio.sleep(0)
    await bot.edit_message_text("✅ done", chat.id, message.message_id)

    assert (await waiting)["text"] == "✅ done"
    with pytest.raises(TimeoutError):
        await telegram.answer_to(telegram.messages(chat)[-1], timeout_seconds=0)


async def test_waiting_for_anything_at_all(telegram, bot, ann):
    chat = telegram.private(ann)
    telegram.say(ann, chat, "/start")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    waiting = asyncio.ensure_future(telegram.settled(lambda seen: len(seen.sent) == 2))
    await bot.send_message(chat.id, "1", reply_markup=markup)
    assert not waiting.done()
    await bot.send_message(chat.id, "2")

    await waiting
    assert [message["text"] for message in telegram.messages(chat)] == ["/start", "1", "2"]
