"""How the sandbox's Telegram hands out updates: long polls, webhook, cut connections."""

import asyncio
import time

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import Conflict, NetworkError
from telegram.ext import Application, MessageHandler, filters
from telegram.request import HTTPXRequest

from sandbox.serving import Cut, hang_up, serving
from sandbox.telegram import Telegram


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
async def telegram(clock):
    telegram = Telegram(now=clock)
    yield telegram
    await telegram.close()


@pytest.fixture
async def url(telegram):
    async with serving(telegram.app) as url:
        yield url


@pytest.fixture
def ann(telegram):
    return telegram.person("Ann")


@pytest.fixture
def private(telegram, ann):
    return telegram.private(ann)


def new_bot(telegram, url):
    return Bot(
        telegram.token,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=HTTPXRequest(),
    )


@pytest.fixture
async def bot(telegram, url):
    async with new_bot(telegram, url) as bot:
        yield bot


async def test_a_long_poll_ends_with_the_first_news(telegram, bot, ann, private):
    poll = asyncio.ensure_future(bot.get_updates(timeout=20))
    await telegram.settled(lambda seen: seen.is_polled)
    started = time.monotonic()
    telegram.say(ann, private, "hello")

    assert [update.message.text for update in await poll] == ["hello"]
    assert time.monotonic() - started < 1


async def test_a_higher_offset_confirms(telegram, bot, ann, private):
    for number in range(5):
        telegram.say(ann, private, str(number))
    first = await bot.get_updates(limit=2)

    assert [update.message.text for update in first] == ["0", "1"]
    second = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message.text for update in second] == ["2", "3", "4"]
    assert telegram.confirmed == [update.update_id for update in first]
    assert [update.message.text for update in await bot.get_updates(offset=-1)] == ["4"]
    assert len(telegram.confirmed) == 4


async def test_asking_again_at_once_brings_one_update(telegram, bot, ann, private, clock):
    for number in range(3):
        telegram.say(ann, private, str(number))

    assert len(await bot.get_updates()) == 3
    assert len(await bot.get_updates()) == 1
    clock.seconds += 1
    assert len(await bot.get_updates()) == 3


async def test_updates_are_those_asked_for(telegram, bot, ann, private):
    await bot.get_updates(allowed_updates=["message"])
    message = telegram.say(ann, private, "one")
    telegram.edit(ann, private, message["message_id"], "two")
    telegram.block(ann)

    assert [update.message.text for update in await bot.get_updates(offset=1)] == ["one"]


async def test_updates_expire(telegram, bot, ann, private, clock):
    telegram.say(ann, private, "old")
    message = await bot.send_message(private.id, "?")
    telegram.press(ann, private, message.message_id, "x", forged=True)
    clock.seconds += 151

    assert [update.message.text for update in await bot.get_updates()] == ["old"]
    clock.seconds += 86_400
    assert await bot.get_updates() == ()


async def test_a_batch_ends_at_four_megabytes(telegram, bot, ann, private):
    for _ in range(5):
        telegram.say(ann, private, "x" * 1024 * 1024)

    assert len(await bot.get_updates()) == 3


async def test_a_second_poller_ends_the_first(telegram, url, bot, ann, private):
    first = asyncio.ensure_future(bot.get_updates(timeout=20))
    await telegram.settled(lambda seen: seen.is_polled)
    async with new_bot(telegram, url) as other:
        second = asyncio.ensure_future(other.get_updates(timeout=20))

        with pytest.raises(
            Conflict, match="terminated by other getUpdates request; make sure that only one bot"
        ):
            await first
        await telegram.settled(lambda seen: seen.is_polled)
        telegram.say(ann, private, "hello")
        assert len(await second) == 1


async def test_updates_of_any_shape_and_number(telegram, bot, ann, private, clock):
    """Duplicates, unknown kinds and ids that start anew all reach a bot that goes on polling."""
    telegram.say(ann, private, "one")
    (first,) = await bot.get_updates()
    offset = first.update_id + 1
    await bot.get_updates(offset=offset)
    telegram.push(telegram.updates.all[0], update_id=first.update_id)
    telegram.push({"weather": {"sunny": True}})
    telegram.push({}, update_id=17)
    clock.seconds += 1

    ids = [update.update_id for update in await bot.get_updates(offset=offset)]
    assert ids == [first.update_id, offset, 17]
    assert await bot.get_updates(offset=18) == ()
    assert telegram.confirmed == [first.update_id, *ids]
    telegram.say(ann, private, "two")
    assert [update.update_id for update in await bot.get_updates(offset=18, timeout=5)] == [18]


async def test_an_application_polls_and_stops_quickly(telegram, url, ann, private):
    async def echo(update, context):
        await update.effective_message.reply_text(update.effective_message.text)

    application = Application.builder().token(telegram.token).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        await application.updater.start_polling()
        for number in range(3):
            question = telegram.say(ann, private, f"hello {number}")
            assert (await telegram.answer_to(question))["text"] == f"hello {number}"
        await application.updater.stop()
        await application.stop()

    assert telegram.confirmed == [update["update_id"] for update in telegram.updates.all]


async def test_a_cut_connection_is_a_network_error(telegram, bot, ann, private):
    telegram.say(ann, private, "/start")
    telegram.cut("sendMessage")
    telegram.cut("sendMessage", after_effect=True)

    for sent in (0, 1):
        with pytest.raises(NetworkError, match="Server disconnected"):
            await bot.send_message(private.id, "x")
        assert len(telegram.sent) == sent
    assert (await bot.send_message(private.id, "y")).text == "y"
    assert [(call.method, call.error) for call in telegram.calls[1:3]] == [
        ("sendMessage", None)
    ] * 2


async def test_a_held_call_waits_for_its_gate(telegram, bot, ann, private):
    telegram.say(ann, private, "/start")
    gate = telegram.hold("sendMessage", after_effect=True)
    sending = asyncio.ensure_future(bot.send_message(private.id, "x"))
    await telegram.settled(lambda seen: len(seen.sent) == 1)
    assert not sending.done()
    gate.set()

    assert (await sending).text == "x"


class Hook:
    """A web server that takes updates and answers with the statuses given, then 200."""

    def __init__(self):
        self.statuses = []
        self.bodies = []
        self.secrets = []
        self.app = Starlette(routes=[Route("/hook", self.take, methods=["POST"])])

    async def take(self, request: Request):
        """Note what came."""
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.bodies.append(await request.json())
        return PlainTextResponse("", status_code=self.statuses.pop(0) if self.statuses else 200)


async def test_the_webhook_gets_every_update_until_it_takes_it(telegram, bot, ann, private):
    hook = Hook()
    hook.statuses = [500, 200]
    async with serving(hook.app) as address:
        telegram.say(ann, private, "one")
        await bot.set_webhook(f"{address}/hook", secret_token="fake-secret")
        await telegram.settled(lambda seen: len(seen.confirmed) == 1)
        telegram.say(ann, private, "two")
        await telegram.settled(lambda seen: len(seen.confirmed) == 2)
        info = await bot.get_webhook_info()
        await bot.delete_webhook()

    updates = [Update.de_json(body, bot) for body in hook.bodies]
    assert [update.message.text for update in updates] == ["one", "one", "two"]
    assert hook.secrets == ["fake-secret"] * 3
    assert (info.pending_update_count, info.last_error_message) == (
        0,
        "Wrong response from the webhook: 500",
    )


async def test_a_webhook_that_is_not_there_keeps_its_updates(telegram, bot, ann, private):
    async with serving(Hook().app) as address:
        pass
    telegram.say(ann, private, "one")
    await bot.set_webhook(f"{address}/hook")
    await telegram.settled(lambda seen: seen.webhook.last_error_at is not None)

    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (
        1,
        "Connection failed: ConnectionRefusedError",
    )
    await bot.set_webhook("")
    assert len(await bot.get_updates()) == 1


async def test_a_webhook_gone_for_a_day_is_given_up(clock):
    async def gone(_url, _headers, _body):
        clock.seconds += 12 * 3600
        telegram.push({"message": {}})
        return 410

    telegram = Telegram(now=clock, deliver=gone)
    telegram.push({"message": {}})
    async with serving(telegram.app) as url, new_bot(telegram, url) as bot:
        await bot.set_webhook("https://bot.example/hook")
        await telegram.settled(lambda seen: seen.webhook is None)

        assert (await bot.get_webhook_info()).url == ""


async def test_leaving_ends_open_polls_within_a_second(telegram):
    async with serving(telegram.app) as url:
        bot = new_bot(telegram, url)
        await bot.initialize()
        poll = asyncio.ensure_future(bot.get_updates(timeout=50))
        await telegram.settled(lambda seen: seen.is_polled)
        started = time.monotonic()

    assert time.monotonic() - started < 1
    with pytest.raises(NetworkError):
        await poll
    await bot.shutdown()


async def raw_answer(url, path):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: sandbox\r\n\r\n".encode())
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_an_app_cuts_before_or_within_its_answer(caplog):
    async def before(_request):
        raise Cut

    async def within(_request):
        async def body():
            yield b"half"
            raise Cut

        return StreamingResponse(body(), headers={"Content-Length": "8"})

    async def broken(_request):
        raise ValueError

    routes = [Route("/before", before), Route("/within", within), Route("/broken", broken)]
    async with serving(Starlette(routes=routes, exception_handlers={Cut: hang_up})) as url:
        assert await raw_answer(url, "/before") == b""
        half = await raw_answer(url, "/within")
        assert (half == b"" or half.endswith(b"half"), b"500" in half) == (True, False)
        assert (await raw_answer(url, "/broken"))[9:12] == b"500"
    assert caplog.records == []


async def test_a_taken_port_is_an_error():
    async def app(scope, receive, send):
        pass

    async with serving(app) as url:
        with pytest.raises(OSError, match="in use"):
            async with serving(app, port=int(url.rpartition(":")[2])):
                pass
