"""Keyboards below a chat, buttons under messages, and what people can do with them."""

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChatMember,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from sandbox.telegram import Telegram

ASK = "Whom?"
REQUEST = KeyboardButtonRequestUsers(7, request_name=True, request_username=True, max_quantity=2)
PICKER = ReplyKeyboardMarkup([[KeyboardButton("Choose", request_users=REQUEST)], ["Cancel"]])


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
    return telegram.person("Ann")


@pytest.fixture
def ben(telegram):
    return telegram.person("Ben", username="ben_example")


@pytest.fixture
def private(telegram, ann):
    chat = telegram.private(ann)
    telegram.say(ann, chat, "/start")
    return chat


@pytest.fixture
def group(telegram, ann, ben):
    return telegram.group("Team", ann, ben)


async def refusal(call):
    with pytest.raises(BadRequest) as caught:
        await call
    return caught.value.message


async def heard(bot):
    """Return the last message that waits."""
    return (await bot.get_updates())[-1].message


async def test_people_are_shared_by_a_button_under_the_thumb(telegram, bot, ann, ben, private):
    eve = telegram.person("Eve")
    sent = await bot.send_message(private.id, ASK, reply_markup=PICKER)
    telegram.share_users(ann, private, [ben, eve], request_id=7)

    shared = (await heard(bot)).users_shared
    assert sent.reply_markup is None
    assert shared.request_id == 7
    assert [(user.user_id, user.first_name, user.username) for user in shared.users] == [
        (ben.id, "Ben", "ben_example"),
        (eve.id, "Eve", None),
    ]


async def test_names_are_shared_only_on_request(telegram, bot, ann, ben, private):
    key = KeyboardButton("Choose", request_users=KeyboardButtonRequestUsers(-5))
    await bot.send_message(private.id, ASK, reply_markup=ReplyKeyboardMarkup([[key]]))
    message = telegram.share_users(ann, private, [ben], request_id=-5)

    assert message["users_shared"] == {"request_id": -5, "users": [{"user_id": ben.id}]}


async def test_nobody_is_shared_without_the_button(telegram, bot, ann, ben, private, group):
    with pytest.raises(LookupError):
        telegram.share_users(ann, private, [ben], request_id=7)
    sent = await bot.send_message(private.id, ASK, reply_markup=PICKER)
    with pytest.raises(LookupError):
        telegram.share_users(ann, private, [ben], request_id=8)
    with pytest.raises(LookupError):
        telegram.share_users(ann, group, [ben], request_id=7)
    with pytest.raises(ValueError, match="3 people"):
        telegram.share_users(ann, private, [ben] * 3, request_id=7)
    await bot.delete_message(private.id, sent.message_id)
    with pytest.raises(LookupError):
        telegram.share_users(ann, private, [ben], request_id=7)
    await bot.send_message(private.id, ASK, reply_markup=PICKER)
    await bot.send_message(private.id, "Done", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(LookupError):
        telegram.share_users(ann, private, [ben], request_id=7)
    assert [update.message.text for update in await bot.get_updates()] == ["/start"]


async def test_bots_are_chosen_only_where_they_may_be(telegram, bot, ann, private):
    request = KeyboardButtonRequestUsers(1, user_is_bot=False)
    markup = ReplyKeyboardMarkup([[KeyboardButton("Choose", request_users=request)]])
    await bot.send_message(private.id, ASK, reply_markup=markup)

    with pytest.raises(ValueError, match="not the kind"):
        telegram.share_users(ann, private, [telegram.bot], request_id=1)


async def test_a_key_with_words_is_a_message_and_hides_a_keyboard_for_one_time(
    telegram, bot, ann, ben, private
):
    markup = ReplyKeyboardMarkup(PICKER.keyboard, one_time_keyboard=True)
    await bot.send_message(private.id, ASK, reply_markup=markup)
    telegram.say(ann, private, "something else")
    before = telegram.keyboard(ann, private)
    telegram.say(ann, private, "Cancel")

    assert [key["text"] for row in before["keyboard"] for key in row] == ["Choose", "Cancel"]
    assert telegram.keyboard(ann, private) is None
    assert (await heard(bot)).text == "Cancel"
    telegram.share_users(ann, private, [ben], request_id=7)


async def test_a_wished_reply_is_one(telegram, bot, ann, private):
    wish = ForceReply(input_field_placeholder="x" * 64)
    asked = await bot.send_message(private.id, "How many?", reply_markup=wish)
    telegram.say(ann, private, "50")
    reply = await heard(bot)
    telegram.say(ann, private, "60")

    assert reply.reply_to_message.message_id == asked.message_id
    assert (await heard(bot)).reply_to_message is None
    await bot.send_message(private.id, "How many?", reply_markup=wish)
    assert "reply_to_message" not in telegram.say(ann, private, "no", reply_to=0)


async def test_a_selective_keyboard_is_for_those_addressed(telegram, bot, ann, ben, group):
    said = telegram.say(ben, group, "/role")
    keys = ReplyKeyboardMarkup([["Yes"]], selective=True)
    await bot.send_message(
        group.id, "Sure?", reply_markup=keys, reply_to_message_id=said["message_id"]
    )

    assert telegram.keyboard(ann, group) is None
    assert telegram.keyboard(ben, group)["keyboard"] == [[{"text": "Yes"}]]
    await bot.send_message(
        group.id, f'<a href="tg://user?id={ann.id}">Ann</a>', parse_mode="HTML", reply_markup=keys
    )
    await bot.send_message(group.id, "Over", reply_markup=ReplyKeyboardRemove())
    assert telegram.keyboard(ben, group) is None


async def test_what_came_with_a_keyboard_cannot_be_edited(bot, private):
    for markup in (PICKER, ForceReply(), ReplyKeyboardRemove()):
        sent = await bot.send_message(private.id, "⏳", reply_markup=markup)

        assert (
            await refusal(bot.edit_message_text("✅", private.id, sent.message_id))
            == "Message can't be edited"
        )


async def test_a_long_keyboard_is_cut_short(telegram, bot, ann, private):
    rows = [[str(place) for place in range(13)] for _ in range(30)]
    await bot.send_message(private.id, ASK, reply_markup=ReplyKeyboardMarkup([["", "a"], *rows]))

    kept = telegram.keyboard(ann, private)["keyboard"]
    assert [len(row) for row in kept] == [1, *[12] * 24, 11]


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        ({"keyboard": {}}, 'field "keyboard" of the ReplyKeyboardMarkup must be an Array'),
        (
            {"keyboard": ["a"]},
            'field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"keyboard": [[1]]},
            "can't parse keyboard button: KeyboardButton must be a String or an Object",
        ),
        ({"keyboard": [[{}]]}, "can't parse keyboard button: Can't find field \"text\""),
        (
            {"keyboard": [[{"text": 1}]]},
            'can\'t parse keyboard button: Field "text" must be of type String',
        ),
        (
            {"keyboard": [[{"text": "a", "request_users": {}}]]},
            "can't parse keyboard button: Can't find field \"request_id\"",
        ),
        (
            {"keyboard": [[{"text": "a", "request_users": []}]]},
            'can\'t parse keyboard button: Field "request_users" must be of type Object',
        ),
        (
            {"keyboard": [[{"text": "a", "request_users": {"request_id": 2**31}}]]},
            "can't parse keyboard button: Can't parse as an integer string \"2147483648\"",
        ),
        (
            {"keyboard": [[{"text": "a", "request_users": {"request_id": True}}]]},
            'can\'t parse keyboard button: Field "request_id" must be of type Number',
        ),
        (
            {
                "keyboard": [
                    [{"text": "a", "request_users": {"request_id": 1, "max_quantity": "x"}}]
                ]
            },
            "can't parse keyboard button: Can't parse as an integer string \"x\"",
        ),
        (
            {"keyboard": [["a"]], "one_time_keyboard": 1},
            'field "one_time_keyboard" of the ReplyKeyboardMarkup must be of the type Boolean',
        ),
        (
            {"remove_keyboard": "yes"},
            'field "remove_keyboard" of the ReplyKeyboardRemove must be of the type Boolean',
        ),
        (
            {"force_reply": True, "selective": 1},
            'field "selective" of the reply markup must be of the type Boolean',
        ),
        (
            {"force_reply": True, "input_field_placeholder": 1},
            'field "input_field_placeholder" of the reply markup must be of the type String',
        ),
        ({"force_reply": True, "input_field_placeholder": "x" * 65}, "REPLY_MARKUP_INVALID"),
    ],
)
async def test_keyboards_are_refused_in_telegrams_words(telegram, private, markup, description):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(telegram.app),
        base_url=f"http://telegram.example/bot{telegram.token}/",
    ) as client:
        answer = await client.post(
            "sendMessage", json={"chat_id": private.id, "text": "x", "reply_markup": markup}
        )

    assert answer.json()["description"] == f"Bad Request: {description}"
    assert telegram.sent == []


async def test_a_place_may_not_bear_a_keyboard(telegram, bot, ann, private, group):
    channel = telegram.channel("News", ann)
    sent = await bot.send_message(private.id, "x")

    assert (
        await refusal(bot.send_message(group.id, ASK, reply_markup=PICKER))
        == "Users can be requested in private chats only"
    )
    assert (
        await refusal(bot.send_message(channel.id, ASK, reply_markup=ForceReply()))
        == "Inline keyboard expected"
    )
    for markup in (PICKER, ForceReply(), ReplyKeyboardRemove()):
        with pytest.raises(BadRequest, match="Inline keyboard expected"):
            await bot.edit_message_text("y", private.id, sent.message_id, reply_markup=markup)


async def test_buttons_alone_are_edited(telegram, bot, private):
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Apply", callback_data="a")]])
    sent = await bot.send_message(private.id, "Sure?", reply_markup=markup)
    same = bot.edit_message_reply_markup(private.id, sent.message_id, reply_markup=markup)

    assert (await refusal(same)).startswith("Message is not modified")
    bare = await bot.edit_message_reply_markup(private.id, sent.message_id)
    assert (bare.text, bare.reply_markup) == ("Sure?", None)
    again = bot.edit_message_reply_markup(private.id, sent.message_id)
    assert (await refusal(again)).startswith("Message is not modified")


async def test_only_those_who_are_there_press(telegram, bot, ann, ben, private, group):
    eve = telegram.person("Eve")
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Apply", callback_data="a")]])
    alone = await bot.send_message(private.id, "Sure?", reply_markup=markup)
    sent = await bot.send_message(group.id, "Sure?", reply_markup=markup)
    group.members[ben.id] = "left"

    for person, chat, message in ((ben, private, alone), (eve, group, sent), (ben, group, sent)):
        with pytest.raises(LookupError, match="is not in"):
            telegram.press(person, chat, message.message_id, "x", forged=True)
    telegram.press(ann, group, sent.message_id, "x", forged=True)
    assert (await bot.get_updates())[-1].callback_query.data == "x"


async def test_members_are_told_from_those_who_are_not(telegram, bot, ann, ben, private, group):
    eve = telegram.person("Eve")
    large = telegram.group("Large", ann, supergroup=True)
    member = bot.get_chat_member

    assert (await member(group.id, ben.id)).status == "member"
    assert (await member(group.id, eve.id)).status == "left"
    assert (await member(private.id, ann.id)).status == "member"
    assert await refusal(member(private.id, ben.id)) == "Member not found"
    assert await refusal(member(group.id, 4)) == "User not found"
    assert await refusal(member(large.id, 4)) == "Participant_id_invalid"
    assert await refusal(member(large.id, 0)) == "Invalid user_id specified"


async def test_a_menu_for_one_member_is_set_and_deleted(telegram, bot, ann, ben, group):
    scope = BotCommandScopeChatMember(group.id, ben.id)
    await bot.set_my_commands([BotCommand("stream", "Streams")], scope=scope)

    assert (telegram.menu(ben, group)[0]["command"], telegram.menu(ann, group)) == ("stream", [])
    await bot.delete_my_commands(scope=scope)
    assert telegram.menu(ben, group) == []


@pytest.mark.parametrize(
    ("scope", "description"),
    [
        ("all", "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ({"chat_id": 7}, "can't parse BotCommandScope: Can't find field \"type\""),
        ({"type": "everyone"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "chat"}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
        (
            {"type": "chat_member", "chat_id": 7},
            "can't parse BotCommandScope: Can't find field \"user_id\"",
        ),
        (
            {"type": "chat_member", "chat_id": 7, "user_id": "x"},
            'can\'t parse BotCommandScope: Field "user_id" must be a valid Number',
        ),
        (
            {"type": "chat_member", "chat_id": 7, "user_id": -1},
            "can't parse BotCommandScope: Invalid user_id specified",
        ),
        (
            {"type": "chat_member", "chat_id": 7, "user_id": 7},
            "can't use specified scope in private chats",
        ),
        ({"type": "chat_administrators", "chat_id": 8}, "chat not found"),
    ],
)
@pytest.mark.parametrize("method", ["setMyCommands", "getMyCommands", "deleteMyCommands"])
async def test_scopes_are_checked(telegram, method, scope, description):
    zoe = telegram.person("Zoe", id=7)
    telegram.say(zoe, telegram.private(zoe), "/start")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(telegram.app),
        base_url=f"http://telegram.example/bot{telegram.token}/",
    ) as client:
        answer = await client.post(method, json={"scope": scope, "commands": []})
        other = await client.post(method, json={"language_code": "english", "commands": []})

    assert answer.json()["description"] == f"Bad Request: {description}"
    assert other.json()["description"] == "Bad Request: invalid language code specified"


async def test_a_menu_needs_a_group_and_a_person(telegram, bot, ann, group):
    channel = telegram.channel("News", ann)

    def menu(chat_id, user_id):
        return bot.delete_my_commands(scope=BotCommandScopeChatMember(chat_id, user_id))

    assert await refusal(menu(channel.id, ann.id)) == "Can't change commands in channel chats"
    assert await refusal(menu(group.id, 4)) == "User not found"
