"""When polling is over for good, and when it is not."""

import asyncio
import json

import httpx
import pytest
from telegram.error import NetworkError, RetryAfter

from bot.polling import LOG_EVERY_SECONDS, Poller, fetching
from bot.telegram_requests import Polling
from storage import open_store

URL = "http://telegram.example/bot1:fake/getUpdates"


class Answers(httpx.AsyncBaseTransport):
    """Answers with the statuses it was given, one after the other."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(self.statuses.pop(0), content=b'{"ok": false}')


@pytest.fixture
async def store(tmp_path):
    store = await open_store(tmp_path / "bot.db", keys=[b"k" * 32])
    yield store
    await store.close()


@pytest.fixture
def poll(clock, store):
    """Poll and be answered with *statuses*, *pause* seconds apart; return what the library sees."""

    async def run(*statuses: int, pause: float = 0.0) -> tuple[Polling, list[int]]:
        transport = Answers(*statuses)
        polling = Polling(inbox=store.inbox, clock=clock, httpx_kwargs={"transport": transport})
        seen = []
        for _ in statuses:
            seen.append((await polling.do_request(URL, "POST"))[0])
            clock.at += pause
        await polling.shutdown()
        return polling, seen

    return run


async def test_one_refusal_looks_like_a_fault_of_the_server(poll):
    polling, seen = await poll(401, 200, 404, 401, 200)

    assert seen == [500, 200, 500, 500, 200]
    assert not polling.lost.is_set()


async def test_three_refusals_in_a_row_are_the_end(poll):
    polling, _ = await poll(401, 401, 404)

    assert polling.lost.is_set()
    assert polling.reason == "Telegram refuses the token (404)"


async def test_a_minute_of_conflict_is_the_end(poll):
    polling, seen = await poll(409, 409, 409, pause=30.0)

    assert seen == [409, 409, 409]
    assert polling.reason == "another process polls with the same token (409)"


async def test_a_conflict_that_passes_is_forgotten(poll):
    polling, _ = await poll(409, 200, 409, 409, pause=30.0)

    assert not polling.lost.is_set()


async def test_silence_is_counted_from_the_last_answer(poll):
    polling, _ = await poll(200, 502, 502, pause=10.0)

    assert polling.silence_seconds == 30.0


async def test_a_pause_goes_through_the_request(poll):
    _, seen = await poll(429)

    assert seen == [429]


async def test_two_who_poll_are_noticed_though_some_polls_succeed(poll):
    """Each of the two is handed updates now and then, and both would carry them out."""
    polling, _ = await poll(409, 200, 409, 200, 409, 200, 409, pause=11.0)

    assert polling.reason == "another process polls with the same token (409)"


async def test_a_webhook_is_named_at_once(store):
    conflict = "Conflict: can't use getUpdates method while webhook is active"
    body = json.dumps({"ok": False, "description": conflict}).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(409, content=body))
    polling = Polling(inbox=store.inbox, httpx_kwargs={"transport": transport})
    await polling.do_request(URL, "POST")
    await polling.shutdown()

    assert polling.lost.is_set()
    assert polling.reason.startswith("a webhook is set for this bot, so it cannot poll: ")


async def test_the_first_reason_stands(store):
    polling = Polling(inbox=store.inbox)
    polling.lose("first")
    polling.lose("second")
    await polling.shutdown()

    assert polling.reason == "first"


# Fetching


def inbox_of(room):
    return room.bot.bot_data["services"].store.inbox


@pytest.fixture
def poller(room, clock) -> Poller:
    return Poller(room.bot, clock=clock)


def test_pauses_grow_and_stay_short_enough_to_be_back_in_half_a_minute(poller):
    pauses = [poller._pause(NetworkError("down")) for _ in range(9)]

    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0, 15.0]


def test_a_pause_that_telegram_asks_for_is_kept(poller, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")

    assert poller._pause(RetryAfter(7)) == 7.0


def test_an_outage_of_ten_minutes_is_ten_lines_in_the_log(poller, clock, caplog):
    for _ in range(600):
        poller._complain(NetworkError("down"))
        clock.at += 1.0

    assert caplog.messages == ["Telegram: down"] * 10
    assert LOG_EVERY_SECONDS == 60.0


async def test_what_was_fetched_is_acknowledged_in_the_end(room):
    polling = Polling(inbox=inbox_of(room))
    async with fetching(room.bot, polling):
        room.telegram.say(room.owner, room.home, "/help")
        while room.bot.update_queue.empty():
            await asyncio.sleep(0)
        # It is in the queue a moment before it is noted that it need not be asked for again.
        for _ in range(10):
            await asyncio.sleep(0)
    await polling.shutdown()

    assert len(room.telegram.updates) == 0
    assert len(room.telegram.confirmed) == 1
    assert not polling.lost.is_set()


async def test_polling_that_breaks_in_a_way_nobody_foresaw_is_the_end(room):
    """Never alive and deaf."""

    class Broken(type(room.bot.update_queue)):
        async def put_all(self, items):
            raise ZeroDivisionError("ours")

    room.bot.update_queue = Broken(inbox_of(room))
    polling = Polling(inbox=inbox_of(room))
    async with fetching(room.bot, polling):
        room.telegram.say(room.owner, room.home, "/help")
        await asyncio.wait_for(polling.lost.wait(), 5)
    await polling.shutdown()

    assert polling.reason == "polling has failed: ZeroDivisionError('ours')"
