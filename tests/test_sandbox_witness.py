"""Who watches the sandbox's servers sees each stage, and may hold a request up or end it there."""

import asyncio
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from sandbox.keitaro import Keitaro
from sandbox.serving import Cut, serving
from sandbox.telegram import Telegram
from sandbox.telegram.webhook import post

STREAM = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "action",
    "name": "Watched",
    "action_type": "do_nothing",
}
STREAMS = "/admin_api/v1/streams"
HEADERS = {"Api-Key": "fake-key-1111"}


@pytest.fixture
def keitaro():
    return Keitaro()


@pytest.fixture
async def telegram():
    telegram = Telegram()
    yield telegram
    await telegram.close()


@pytest.fixture
async def client():
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def told(seen, *, of):
    """Return a witness that notes each stage with what *of* finds there."""

    async def witness(stage, what):
        seen.append((stage, of(what)))

    return witness


async def test_a_request_to_the_tracker_is_seen_before_and_after_it_is_carried_out(keitaro, client):
    seen = []
    keitaro.witness = told(seen, of=lambda request: (request.path, len(keitaro.mutations)))
    async with serving(keitaro.app) as address:
        await client.post(f"{address}{STREAMS}", json=STREAM, headers=HEADERS)

    assert seen == [
        ("received", ("streams", 0)),
        ("done", ("streams", 1)),
        ("answered", ("streams", 1)),
    ]


async def test_a_request_that_a_fault_befalls_is_not_seen_done(keitaro, client):
    seen = []
    keitaro.witness = told(seen, of=lambda _: len(keitaro.mutations))
    keitaro.fail(status=500)
    async with serving(keitaro.app) as address:
        await client.post(f"{address}{STREAMS}", json=STREAM, headers=HEADERS)

    assert seen == [("received", 0), ("answered", 0)]


async def test_a_witness_can_end_a_request(keitaro, client):
    async def witness(_stage, _request):
        raise Cut

    keitaro.witness = witness
    async with serving(keitaro.app) as address:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(f"{address}{STREAMS}", json=STREAM, headers=HEADERS)

    assert (len(keitaro.requests), keitaro.mutations) == (1, [])


async def test_a_call_of_the_bot_is_seen_at_every_stage(telegram, client):
    seen = []
    telegram.witness = told(seen, of=lambda call: (call.method, call.result is not None))
    async with serving(telegram.app) as url:
        await client.post(f"{url}/bot{telegram.token}/getMe")
        await telegram.settled(lambda _: len(seen) == 3)

    assert seen == [
        ("received", ("getMe", False)),
        ("done", ("getMe", True)),
        ("answered", ("getMe", True)),
    ]


async def test_a_witness_can_hold_an_answer_back(telegram, client):
    gate = asyncio.Event()

    async def witness(stage, _call):
        if stage == "done":
            await gate.wait()

    telegram.witness = witness
    async with serving(telegram.app) as url:
        asking = asyncio.create_task(client.post(f"{url}/bot{telegram.token}/getMe"))
        await telegram.settled(lambda telegram: len(telegram.calls) == 1)
        is_answered = asking.done()
        gate.set()
        answer = await asking

    assert (is_answered, answer.status_code) == (False, 200)


async def test_a_post_to_the_webhook_is_seen_before_its_answer():
    seen = []

    async def receive(_request):
        seen.append("arrived")
        return PlainTextResponse("")

    app = Starlette(routes=[Route("/", receive, methods=["POST"])])
    async with serving(app) as url:
        status = await post(url, {}, b"{}", on_sent=lambda: seen.append("sent"))

    assert (status, seen) == (200, ["sent", "arrived"])


async def test_an_update_put_back_comes_again_before_all_others(telegram, client):
    person = telegram.person("Ann")
    chat = telegram.private(person)
    async with serving(telegram.app) as url:
        poll = f"{url}/bot{telegram.token}/getUpdates"
        telegram.say(person, chat, "one")
        first = (await client.post(poll, json={})).json()["result"][0]["update_id"]
        telegram.say(person, chat, "two")
        await client.post(poll, json={"offset": first + 1})
        telegram.updates.put_back(first)
        found = (await client.post(poll, json={"offset": first + 1})).json()["result"]
        telegram.updates.put_back(first)
        await client.post(poll, json={"offset": first + 2, "timeout": 0})

    assert found[0]["message"]["text"] == "one"
    assert telegram.confirmed == [first, first, first, first + 1]


async def test_an_answer_comes_in_one_go(telegram, client):
    """Head and body in two packets would make every call of the bot wait forty milliseconds."""
    async with serving(telegram.app) as url:
        began = time.monotonic()
        for _ in range(50):
            await client.post(f"{url}/bot{telegram.token}/getMe")

    assert time.monotonic() - began < 1.5
