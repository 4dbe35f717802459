"""When polling is over for good, and when it is not."""

import json

import httpx
import pytest

from bot.telegram_requests import Polling, impatient
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


@pytest.mark.parametrize(("asked", "granted"), [(3, 3), (60, 60), (31_536_000, 60)])
def test_a_pause_of_a_year_is_not_kept(asked, granted):
    answer = json.dumps({"ok": False, "parameters": {"retry_after": asked}}).encode()

    assert json.loads(impatient(answer))["parameters"] == {"retry_after": granted}


@pytest.mark.parametrize(
    "answer", [b"<html>", b"[]", b"{}", b'{"parameters": {"retry_after": "x"}}']
)
def test_what_is_no_pause_is_left_alone(answer):
    assert impatient(answer) == answer


async def test_a_pause_goes_through_the_request(poll):
    _, seen = await poll(429)

    assert seen == [429]
