"""The methods of the sandbox's Bot API, called by python-telegram-bot in this process."""

import io
import struct

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MenuButtonCommands,
    ReplyParameters,
)
from telegram.constants import ReactionEmoji
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.request import HTTPXRequest

from sandbox.telegram import Telegram

URL = "http://telegram.example"


class Clock:
    """A clock that goes only when told to."""

    def __init__(self):
        self.seconds = 1_800_000_000.0

    def __call__(self):
        """Return the time."""
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def telegram(clock):
    return Telegram(now=clock)


@pytest.fixture
def ann(telegram):
    return telegram.person("Ann", username="ann_example")


@pytest.fixture
def private(telegram, ann):
    """Return a private chat in which /start was said."""
    chat = telegram.private(ann)
    telegram.say(ann, chat, "/start")
    return chat


def new_bot(telegram, token=None):
    def request():
        return HTTPXRequest(httpx_kwargs={"transport": httpx.ASGITransport(telegram.app)})

    return Bot(
        token or telegram.token,
        base_url=f"{URL}/bot",
        base_file_url=f"{URL}/file/bot",
        request=request(),
        get_updates_request=request(),
    )


@pytest.fixture
async def bot(telegram):
    async with new_bot(telegram) as bot:
        yield bot


def buttons(*labels):
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"c:{label}")] for label in labels]
    )


async def refusal(call, kind=BadRequest):
    with pytest.raises(kind) as caught:
        await call
    return caught.value.message


async def test_the_bot_learns_who_it_is(telegram, bot):
    me = await bot.get_me()

    assert (me.id, me.username, me.is_bot) == (telegram.bot.id, "keitaro_demo_bot", True)


async def test_a_wrong_token_is_unauthorized(telegram):
    with pytest.raises(InvalidToken):
        async with new_bot(telegram, "1000001:fake-token-2222"):
            pass


async def test_an_unknown_method_is_not_found(bot):
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendRichMessage", {"chat_id": 1})


async def test_a_text_comes_back_whole(telegram, bot, private):
    message = await bot.send_message(
        private.id,
        "✅ <b>done</b> <a href='https://tracker.example'>there</a>\n<pre><code class=\"language-json\">{}</code></pre>",
        parse_mode="HTML",
        reply_markup=buttons("Undo"),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        protect_content=True,
        reply_parameters=ReplyParameters(1),
    )

    assert message.text == "✅ done there\n{}"
    assert [(e.type, message.parse_entity(e)) for e in message.entities] == [
        ("bold", "done"),
        ("text_link", "there"),
        ("pre", "{}"),
    ]
    assert message.entities[2].language == "json"
    assert message.reply_to_message.text == "/start"
    assert message.reply_markup.inline_keyboard[0][0].callback_data == "c:Undo"
    assert message.link_preview_options.is_disabled
    assert message.has_protected_content
    assert message.from_user.id == telegram.bot.id
    assert message.date.timestamp() == 1_800_000_000
    assert telegram.source(private.id, message.message_id).startswith("✅ <b>")
    assert telegram.messages(private)[-1] == telegram.sent[-1]
    assert telegram.calls[-1].parameters["disable_notification"] is True


async def test_markup_errors_are_telegrams(bot, private):
    assert (
        await refusal(bot.send_message(private.id, "a <br> b", parse_mode="HTML"))
        == 'Can\'t parse entities: unsupported start tag "br" at byte offset 2'
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        (" \n ", "Message text is empty"),
    ],
)
async def test_texts_have_limits(bot, private, text, reason):
    assert await refusal(bot.send_message(private.id, text)) == reason


async def test_the_longest_text_passes(bot, private):
    assert (
        len(
            (
                await bot.send_message(private.id, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
            ).text
        )
        == 4096
    )


async def test_more_than_a_hundred_entities_are_dropped(bot, private):
    message = await bot.send_message(private.id, "<b>a</b> " * 120, parse_mode="HTML")

    assert len(message.entities) == 100


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        (InlineKeyboardButton("a", callback_data="x" * 65), "Button_data_invalid"),
        (
            InlineKeyboardButton("a", copy_text=CopyTextButton("x" * 257)),
            "Button_copy_text_invalid",
        ),
        (
            InlineKeyboardButton("a", url="ftp://tracker.example"),
            "Inline keyboard button url 'ftp://tracker.example' is invalid: unsupported url protocol",
        ),
        (
            InlineKeyboardButton("a"),
            "Can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
        ),
    ],
)
async def test_buttons_have_limits(bot, private, button, reason):
    message = await refusal(
        bot.send_message(private.id, "x", reply_markup=InlineKeyboardMarkup([[button]]))
    )

    assert message.lower() == reason.lower()


async def test_a_hundred_buttons_are_the_limit(bot, private):
    assert (
        await refusal(
            bot.send_message(private.id, "x", reply_markup=buttons(*map(str, range(101))))
        )
        == "Reply_markup_too_long"
    )


async def test_an_answer_to_nothing_needs_leave(bot, private):
    reply = ReplyParameters(99, allow_sending_without_reply=True)

    assert (
        await refusal(bot.send_message(private.id, "x", reply_parameters=ReplyParameters(99)))
        == "Message to be replied not found"
    )
    assert (
        await bot.send_message(private.id, "x", reply_parameters=reply)
    ).reply_to_message is None


async def test_messages_are_edited_and_deleted(telegram, bot, private):
    message = await bot.send_message(private.id, "⏳", reply_markup=buttons("Stop"))

    edited = await bot.edit_message_text(
        "✅ <i>done</i>", private.id, message.message_id, parse_mode="HTML"
    )
    assert (edited.text, edited.reply_markup) == ("✅ done", None)
    marked = await bot.edit_message_reply_markup(
        private.id, message.message_id, reply_markup=buttons("Undo")
    )
    assert marked.reply_markup.inline_keyboard[0][0].text == "Undo"
    assert telegram.sent[0]["text"] == "✅ done"
    assert await bot.delete_message(private.id, message.message_id)
    assert telegram.sent == []


async def test_an_edit_that_changes_nothing_is_refused(bot, private):
    message = await bot.send_message(private.id, "same", reply_markup=buttons("a"))

    reason = await refusal(
        bot.edit_message_text("same", private.id, message.message_id, reply_markup=buttons("a"))
    )
    assert reason.startswith("Message is not modified: specified new message content")


async def test_what_cannot_be_edited_or_deleted(telegram, bot, ann, private, clock):
    group = telegram.group("Team", ann)
    theirs = telegram.say(ann, group, "key")
    old = await bot.send_message(group.id, "old")

    assert await refusal(bot.edit_message_text("x", private.id, 99)) == "Message to edit not found"
    assert await refusal(bot.edit_message_text("x", private.id, 1)) == "Message can't be edited"
    assert await refusal(bot.delete_message(private.id, 99)) == "Message to delete not found"
    assert (
        await refusal(bot.delete_message(group.id, theirs["message_id"]))
        == "Message can't be deleted"
    )
    telegram.promote(group, telegram.bot)
    assert await bot.delete_message(group.id, theirs["message_id"])
    clock.seconds += 49 * 3600
    assert (
        await refusal(bot.delete_message(group.id, old.message_id))
        == "Message can't be deleted for everyone"
    )


def png(width: int, height: int) -> bytes:
    """Return the beginning of a picture, which is all that is looked at."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\x89PNG fake", "Image_process_failed"),
        (b"%PDF-1.7 and so on, for longer than a header", "Image_process_failed"),
        (png(0, 5), "Image_process_failed"),
        (png(9000, 1001), "Photo_invalid_dimensions"),
        (png(100, 2001), "Photo_invalid_dimensions"),
    ],
)
async def test_what_is_no_picture_is_not_sent_as_one(bot, private, content, complaint):
    with pytest.raises(BadRequest, match=complaint):
        await bot.send_photo(private.id, io.BytesIO(content))


async def test_files_go_out_and_come_back(telegram, bot, private):
    message = await bot.send_document(
        private.id,
        InputFile(b'{"a": "\r\n--x"}\r\n', "answer.json"),
        caption="<b>Answer</b>",
        parse_mode="HTML",
    )
    again = await bot.send_document(private.id, message.document.file_id)
    photo = await bot.send_photo(private.id, io.BytesIO(png(1080, 1986)), caption="chart")

    assert (message.document.file_name, message.document.mime_type, message.caption) == (
        "answer.json",
        "application/json",
        "Answer",
    )
    assert telegram.document(telegram.sent[0]) == b'{"a": "\r\n--x"}\r\n'
    assert again.document.file_unique_id == message.document.file_unique_id
    assert [(size.width, size.height) for size in photo.photo] == [
        (48, 90),
        (174, 320),
        (435, 800),
        (696, 1280),
    ]
    assert telegram.photo(telegram.sent[2]) == png(1080, 1986)
    shown = await (await bot.get_file(photo.photo[-1].file_id)).download_as_bytearray()
    assert shown == png(1080, 1986)
    downloaded = await (await bot.get_file(message.document.file_id)).download_as_bytearray()
    assert downloaded == b'{"a": "\r\n--x"}\r\n'


async def test_files_have_limits(telegram, bot, ann, private, clock):
    large = telegram.say(ann, private, "/stream", attach=b"{}", declared_size=20 * 1024 * 1024 + 1)
    small = telegram.say(ann, private, "/stream", attach=b"{}")

    assert (
        await refusal(bot.send_document(private.id, b"x", caption="x" * 1025))
        == "Message caption is too long"
    )
    assert await refusal(bot.send_document(private.id, b"")) == "File must be non-empty"
    assert await refusal(bot.get_file(large["document"]["file_id"])) == "File is too big"
    assert (
        await refusal(bot.get_file("nothing"))
        == "Wrong file_id or the file is temporarily unavailable"
    )
    link = await bot.get_file(small["document"]["file_id"])
    clock.seconds += 3601
    with pytest.raises(InvalidToken):
        await link.download_as_bytearray()


async def test_button_presses_are_answered_once_and_in_time(telegram, bot, ann, private, clock):
    message = await bot.send_message(private.id, "sure?", reply_markup=buttons("Apply"))
    query_id = telegram.press(ann, private, message.message_id, "Apply")
    late = telegram.press(ann, private, message.message_id, "c:anything", forged=True)

    updates = await bot.get_updates()
    assert [update.callback_query.data for update in updates[1:]] == ["c:Apply", "c:anything"]
    assert updates[1].callback_query.message.text == "sure?"
    assert await bot.answer_callback_query(query_id, "done", show_alert=True)
    assert telegram.answered(query_id)["text"] == "done"
    clock.seconds += 151
    too_old = "Query is too old and response timeout expired or query id is invalid"
    assert await refusal(bot.answer_callback_query(query_id)) == too_old
    assert await refusal(bot.answer_callback_query(late)) == too_old
    with pytest.raises(LookupError):
        telegram.press(ann, private, message.message_id, "No such")


async def test_reactions_are_those_telegram_has(telegram, bot, private):
    for emoji in ReactionEmoji:
        await bot.set_message_reaction(private.id, 1, emoji)

    assert telegram.reactions(private, 1) == [str(list(ReactionEmoji)[-1].value)]
    assert await refusal(bot.set_message_reaction(private.id, 1, "✅")) == "Reaction_invalid"
    assert (
        await refusal(bot.set_message_reaction(private.id, 99, "👀"))
        == "Message to react not found"
    )


async def test_menus_depend_on_scope_and_language(telegram, bot, ann):
    oleg = telegram.person("Oleg", language_code="ru")
    group = telegram.group("Team", ann, oleg)
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "Помощь")], language_code="ru")
    await bot.set_my_commands(
        [BotCommand("stats", "Figures")], scope=BotCommandScopeAllGroupChats()
    )
    await bot.set_my_commands(
        [BotCommand("stream", "Streams")], scope=BotCommandScopeChatMember(group.id, ann.id)
    )

    assert [
        command.command
        for command in await bot.get_my_commands(scope=BotCommandScopeAllGroupChats())
    ] == ["stats"]
    assert await bot.get_my_commands(scope=BotCommandScopeAllPrivateChats()) == ()
    assert telegram.menu(ann, telegram.private(ann)) == [{"command": "help", "description": "Help"}]
    assert telegram.menu(oleg, telegram.private(oleg)) == [
        {"command": "help", "description": "Помощь"}
    ]
    assert telegram.menu(ann, group)[0]["command"] == "stream"
    assert telegram.menu(oleg, group)[0]["command"] == "stats"
    await bot.delete_my_commands(scope=BotCommandScopeAllGroupChats())
    assert telegram.menu(oleg, group)[0]["command"] == "help"


async def test_menus_are_checked(bot):
    assert (
        await refusal(bot.set_my_commands([BotCommand("Bad-Name", "x")])) == "Bot_command_invalid"
    )
    assert (
        await refusal(bot.set_my_commands([BotCommand("a", "x")] * 101)) == "Bot_commands_too_much"
    )
    assert (
        await refusal(bot.set_my_commands([BotCommand("a", "x")], scope=BotCommandScopeChat(-5)))
        == "Chat not found"
    )


async def test_descriptions_and_the_menu_button_are_kept(bot, private):
    await bot.set_my_description("Reads figures.")
    await bot.set_my_description("Читает цифры.", language_code="ru")
    await bot.set_my_short_description("Figures.")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    assert (await bot.get_my_description()).description == "Reads figures."
    assert (await bot.get_my_description("ru")).description == "Читает цифры."
    assert (await bot.get_my_short_description("ru")).short_description == "Figures."
    assert (await bot.get_chat_menu_button(private.id)).type == "commands"
    assert await bot.send_chat_action(private.id, "typing")


async def test_chats_and_members_are_described(telegram, bot, ann):
    ben = telegram.person("Ben")
    group = telegram.group("Team", ann, supergroup=True)

    assert (await bot.get_chat(group.id)).title == "Team"
    assert (await bot.get_chat_member(group.id, ann.id)).status == "creator"
    assert (await bot.get_chat_member(group.id, ben.id)).status == "left"
    telegram.promote(group, telegram.bot)
    assert (await bot.get_chat_member(group.id, telegram.bot.id)).can_delete_messages
    assert {member.user.id for member in await bot.get_chat_administrators(group.id)} == {
        ann.id,
        telegram.bot.id,
    }
    assert await bot.get_chat_member_count(group.id) == 2
    assert await refusal(bot.get_chat_member(group.id, 4)) == "Participant_id_invalid"
    assert await bot.leave_chat(group.id)
    assert (
        await refusal(bot.send_message(group.id, "x"), Forbidden)
        == "Forbidden: bot is not a member of the supergroup chat"
    )


async def test_chats_that_cannot_be_reached(telegram, bot, ann, private):
    stranger = telegram.person("Eve")
    group = telegram.group("Team", ann)
    away = telegram.group("Others", ann, bot=False)

    assert await refusal(bot.send_message(-5, "x")) == "Chat not found"
    assert await refusal(bot.send_message(away.id, "x")) == "Chat not found"
    assert (
        await refusal(bot.send_message(stranger.id, "x"), Forbidden)
        == "Forbidden: bot can't initiate conversation with a user"
    )
    telegram.block(ann)
    assert (
        await refusal(bot.send_message(private.id, "x"), Forbidden)
        == "Forbidden: bot was blocked by the user"
    )
    telegram.say(ann, private, "hello again")
    assert (await bot.send_message(private.id, "x")).text == "x"
    telegram.deactivate(ann)
    assert (
        await refusal(bot.send_message(private.id, "x"), Forbidden)
        == "Forbidden: user is deactivated"
    )
    group.is_muted = True
    assert (
        await refusal(bot.send_message(group.id, "x"))
        == "Not enough rights to send text messages to the chat"
    )
    telegram.remove_bot(ann, group)
    assert (
        await refusal(bot.send_message(group.id, "x"), Forbidden)
        == "Forbidden: bot was kicked from the group chat"
    )


async def test_an_upgraded_group_names_its_successor(telegram, bot, ann):
    group = telegram.group("Team", ann)
    new = telegram.migrate(group)

    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "x")
    assert caught.value.new_chat_id == new.id
    notes = [update.message for update in await bot.get_updates()]
    assert [
        (note.chat.id, note.migrate_to_chat_id, note.migrate_from_chat_id) for note in notes
    ] == [(group.id, new.id, None), (new.id, None, group.id)]
    assert (await bot.send_message(new.id, "x")).chat.type == "supergroup"


async def test_topics_keep_their_messages_apart(telegram, bot, ann):
    forum = telegram.group("Team", ann, forum=True)
    thread = forum.topic("Alerts")

    message = await bot.send_message(forum.id, "x", message_thread_id=thread)
    assert (message.message_thread_id, message.is_topic_message) == (thread, True)
    assert message.reply_to_message.forum_topic_created.name == "Alerts"
    answer = await bot.send_message(
        forum.id, "y", reply_parameters=ReplyParameters(message.message_id)
    )
    assert (answer.message_thread_id, answer.reply_to_message.text) == (thread, "x")
    assert (await bot.send_message(forum.id, "z")).message_thread_id is None
    assert (
        await refusal(bot.send_message(forum.id, "x", message_thread_id=1000))
        == "Message thread not found"
    )
    telegram.close_topic(forum, thread)
    assert (
        await refusal(bot.send_message(forum.id, "x", message_thread_id=thread)) == "Topic_closed"
    )
    telegram.delete_topic(forum, thread)
    assert (
        await refusal(bot.send_message(forum.id, "x", message_thread_id=thread))
        == "Message thread not found"
    )


async def test_a_chain_of_replies_is_not_a_topic(telegram, bot, ann):
    group = telegram.group("Team", ann, supergroup=True)
    first = telegram.say(ann, group, "one")
    telegram.say(ann, group, "two", reply_to=first["message_id"])

    message = (await bot.get_updates())[-1].message
    assert (message.message_thread_id, message.is_topic_message) == (first["message_id"], None)
    assert (
        await refusal(bot.send_message(group.id, "x", message_thread_id=first["message_id"]))
        == "Message thread not found"
    )


async def test_faults_come_as_ordered(telegram, bot, private, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the library warns of its old type
    telegram.fail(
        "sendMessage",
        status=429,
        description="Too Many Requests: retry after 7",
        parameters={"retry_after": 7},
    )
    telegram.fail("sendMessage", status=502, raw=b"<html>Bad Gateway</html>", after_effect=True)

    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(private.id, "one")
    assert caught.value.retry_after.total_seconds() == 7
    assert telegram.sent == []
    with pytest.raises(NetworkError):
        await bot.send_message(private.id, "two")
    await bot.send_message(private.id, "three")
    assert [message["text"] for message in telegram.sent] == ["two", "three"]
    assert (
        next(call.error for call in telegram.calls if call.method == "sendMessage")
        == "Too Many Requests: retry after 7"
    )


async def test_sending_too_fast_is_refused_on_request(clock, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # the library warns of its old type
    telegram = Telegram(now=clock, strict_pace=True)
    ann = telegram.person("Ann")
    group = telegram.group("Team", ann)
    async with new_bot(telegram) as bot:
        await bot.send_message(group.id, "1")
        with pytest.raises(RetryAfter):
            await bot.send_message(group.id, "at once")
        for number in range(2, 21):
            clock.seconds += 1
            await bot.send_message(group.id, str(number))
        clock.seconds += 1
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group.id, "too many")

    assert caught.value.retry_after.total_seconds() == 40
    assert len(telegram.sent) == 20


async def test_downloads_and_any_method_can_fail(telegram, bot, ann, private):
    message = telegram.say(ann, private, "/stream", attach=b'{"name": "a"}')
    link = await bot.get_file(message["document"]["file_id"])
    telegram.fail("file", status=200, raw=b'{"na')
    telegram.fail("*", status=500, description="Internal Server Error: restart")

    assert await link.download_as_bytearray() == b'{"na'
    assert await refusal(bot.get_me(), NetworkError) == "Internal Server Error: restart"
    assert await link.download_as_bytearray() == b'{"name": "a"}'


async def test_a_cut_without_sockets_reaches_the_library_as_a_network_error(telegram, bot, private):
    telegram.cut("sendMessage", after_effect=True)

    assert "Cut" in await refusal(bot.send_message(private.id, "x"), NetworkError)
    assert len(telegram.sent) == 1


async def test_a_request_that_is_cut_while_it_is_sent_is_not_read(telegram, bot, private):
    telegram.cut("sendMessage", early=True)

    assert "Cut" in await refusal(bot.send_message(private.id, "x"), NetworkError)
    assert (telegram.sent, telegram.calls[-1].parameters) == ([], {})
    assert (await bot.send_message(private.id, "x")).text == "x"


async def test_a_webhook_and_polling_exclude_each_other(telegram, bot):
    await bot.set_webhook(
        "https://bot.example/hook", secret_token="fake-secret", allowed_updates=["message"]
    )

    assert (
        await refusal(bot.get_updates(), Conflict)
        == "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    info = await bot.get_webhook_info()
    assert (info.url, info.allowed_updates, info.pending_update_count) == (
        "https://bot.example/hook",
        ("message",),
        0,
    )
    assert (
        await refusal(bot.set_webhook("http://bot.example/hook"))
        == "Bad webhook: an https url must be provided for webhook"
    )
    assert (
        await refusal(bot.set_webhook("https://bot.example/hook", secret_token="no spaces"))
        == "Secret token contains unallowed characters"
    )
    assert (
        await refusal(bot.set_webhook("https://bot.example:8080/"))
        == "Bad webhook: webhook can be set up only on ports 80, 88, 443 or 8443"
    )
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_after_logging_out_nothing_is_authorized(telegram, bot):
    assert await bot.close()
    assert await bot.log_out()
    with pytest.raises(InvalidToken):
        await bot.get_me()


async def test_requests_may_be_json_or_a_query_string(telegram, private):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(telegram.app), base_url=f"{URL}/bot{telegram.token}"
    ) as client:
        sent = await client.post("/SendMessage", json={"chat_id": private.id, "text": "5"})
        asked = await client.get("/getChat", params={"chat_id": private.id})
        broken = await client.post(
            "/sendMessage", content=b"[", headers={"Content-Type": "application/json"}
        )
        lost = await client.get(f"{URL}/elsewhere")

    assert sent.json()["result"]["text"] == "5"
    assert asked.json()["result"]["first_name"] == "Ann"
    assert broken.json() == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: can't parse request JSON object",
    }
    assert lost.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


@pytest.mark.parametrize(
    ("method", "parameters", "description"),
    [
        ("sendMessage", {"text": "x"}, "Bad Request: chat_id is empty"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "_x_", "parse_mode": "MarkdownV2"},
            "Bad Request: unsupported parse_mode",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": "[]x"},
            "Bad Request: object expected as reply markup",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": ""}]]}},
            "Bad Request: BUTTON_TEXT_INVALID",
        ),
        ("sendDocument", {"chat_id": 7}, "Bad Request: there is no document in the request"),
        (
            "sendDocument",
            {"chat_id": 7, "document": "BQ"},
            "Bad Request: wrong file_id or the file is temporarily unavailable",
        ),
        ("sendChatAction", {"chat_id": 7}, "Bad Request: wrong parameter action in request"),
        (
            "editMessageText",
            {"chat_id": 7, "text": "x"},
            "Bad Request: message identifier is not specified",
        ),
        (
            "editMessageText",
            {"chat_id": 7, "message_id": 3, "text": "x"},
            "Bad Request: there is no text in the message to edit",
        ),
        (
            "editMessageCaption",
            {"chat_id": 7, "message_id": 2, "caption": "x"},
            "Bad Request: there is no caption in the message to edit",
        ),
        (
            "setMessageReaction",
            {"chat_id": 7, "message_id": 1, "reaction": [{"emoji": "👍"}, {"emoji": "👎"}]},
            "Bad Request: REACTIONS_TOO_MANY",
        ),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
        ),
        (
            "getChatAdministrators",
            {"chat_id": 7},
            "Bad Request: there are no administrators in the private chat",
        ),
        (
            "leaveChat",
            {"chat_id": 7},
            "Bad Request: chat member status can't be changed in private chats",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": ""}]},
            "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            "setMyShortDescription",
            {"short_description": "x" * 121},
            "Bad Request: bot short description is too long",
        ),
        (
            "getFile",
            {"file_id": "BQ"},
            "Bad Request: wrong file_id or the file is temporarily unavailable",
        ),
    ],
)
async def test_refusals_in_telegrams_words(telegram, method, parameters, description):
    zoe = telegram.person("Zoe", id=7)
    telegram.say(zoe, telegram.private(zoe), "/start")
    base_url = f"{URL}/bot{telegram.token}/"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(telegram.app), base_url=base_url
    ) as client:
        await client.post("sendMessage", json={"chat_id": 7, "text": "two"})
        await client.post(
            "sendDocument",
            data={"chat_id": 7, "caption": "three"},
            files={"document": ("a.txt", b"x")},
        )
        answer = await client.post(method, json=parameters)

    assert answer.json() == {"ok": False, "error_code": 400, "description": description}
    assert telegram.calls[-1].error == description


async def test_captions_are_edited(telegram, bot, private):
    sent = await bot.send_document(private.id, b"x", caption="⏳", filename="report")
    edited = await bot.edit_message_caption(
        private.id, sent.message_id, caption="<b>done</b>", parse_mode="HTML"
    )

    assert (edited.caption, edited.caption_entities[0].type) == ("done", "bold")
    assert telegram.source(private.id, sent.message_id) == "<b>done</b>"
    assert (await bot.get_file(sent.document.file_id)).file_path.endswith("documents/file_0.bin")


async def test_an_answer_to_a_button_has_a_limit(telegram, bot, ann, private):
    message = await bot.send_message(private.id, "?", reply_markup=buttons("a"))
    query_id = telegram.press(ann, private, message.message_id, "a")

    assert await refusal(bot.answer_callback_query(query_id, "x" * 201)) == "Message_too_long"


async def test_a_file_is_only_for_its_bot(telegram, bot, ann, private):
    message = telegram.say(ann, private, attach=b"{}")
    path = (await bot.get_file(message["document"]["file_id"])).file_path
    async with httpx.AsyncClient(transport=httpx.ASGITransport(telegram.app)) as client:
        allowed = await client.get(path)
        refused = await client.get(path.replace("token-1111", "token-2222"))

    assert (allowed.content, refused.status_code) == (b"{}", 401)


async def test_a_forum_alone_has_topics_and_a_person_without_commands_no_menu(telegram, ann):
    with pytest.raises(ValueError, match="not a forum"):
        telegram.group("Team", ann).topic("x")

    assert telegram.menu(ann, telegram.private(ann)) == []
