"""The sandbox's tracker fails on order."""

import asyncio

import httpx
import pytest

from sandbox.keitaro import Cut, Keitaro
from sandbox.serving import serving

STREAM = {
    "campaign_id": 1,
    "type": "default",
    "schema": "action",
    "name": "Made in a storm",
    "action_type": "do_nothing",
}
HEADERS = {"Api-Key": "fake-key-1111"}


@pytest.fixture
def keitaro():
    return Keitaro()


@pytest.fixture
async def api(keitaro):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=keitaro.app),
        base_url="http://tracker.example/admin_api/v1/",
        headers=HEADERS,
    ) as client:
        yield client


@pytest.fixture
async def wire(keitaro):
    async with (
        serving(keitaro.app) as address,
        httpx.AsyncClient(
            base_url=f"{address}/admin_api/v1/", headers=HEADERS, trust_env=False
        ) as client,
    ):
        yield client


def made(keitaro):
    return [row for row in keitaro.streams.values() if row["name"] == STREAM["name"]]


async def test_fault_happens_as_often_as_ordered(api, keitaro):
    keitaro.fail(2, status=503, body="<html>down</html>", headers={"Retry-After": "2"})

    answers = [await api.get("campaigns/1") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].text == "<html>down</html>"
    assert answers[0].headers["retry-after"] == "2"
    assert answers[0].headers["content-type"].startswith("text/html")
    assert [request.status for request in keitaro.requests] == [503, 503, 200]


async def test_fault_waits_for_its_method_and_path(api, keitaro):
    keitaro.fail(status=429, body={"error": "slow down"}, method="post", path="streams")

    others = [await api.get("streams/11"), await api.get("streams_actions")]
    answer = await api.post("streams", json=STREAM)

    assert [other.status_code for other in others] == [200, 200]
    assert (answer.status_code, answer.json()) == (429, {"error": "slow down"})
    assert (made(keitaro), keitaro.mutations) == ([], [])


async def test_headers_of_a_fault_take_the_place_of_its_own(api, keitaro):
    keitaro.fail(status=302, headers={"Content-Type": "text/x", "Location": "http://a.example/"})

    answer = await api.get("campaigns")

    assert answer.headers.get_list("content-type") == ["text/x"]
    assert (answer.status_code, answer.headers["location"]) == (302, "http://a.example/")


async def test_yes_without_an_effect(api, keitaro):
    keitaro.fail(status=200, body=dict(keitaro.streams[12]), method="PUT")

    answer = await api.put("streams/12", json={"weight": 1})

    assert answer.status_code == 200
    assert keitaro.streams[12]["weight"] == 70
    assert keitaro.mutations == []


async def test_effect_without_its_answer(api, keitaro):
    keitaro.fail(status=502, body=b"", after_effect=True)

    answer = await api.post("streams", json=STREAM)

    assert answer.status_code == 502
    assert len(made(keitaro)) == len(keitaro.mutations) == 1


async def test_effect_with_an_empty_yes(api, keitaro):
    keitaro.fail(status=200, body=b"", after_effect=True, method="DELETE")

    answer = await api.delete("streams/12")

    assert (answer.status_code, answer.content) == (200, b"")
    assert keitaro.streams[12]["state"] == "deleted"


async def test_answer_is_held_until_it_is_let_go(api, keitaro):
    gate = asyncio.Event()
    keitaro.fail(until=gate, after_effect=True, delay_seconds=0.001)

    waiting = [asyncio.create_task(api.get(f"streams/{number}")) for number in (11, 12)]
    await waiting[1]
    held = keitaro.requests[0].status
    gate.set()
    answer = await waiting[0]

    assert (held, answer.status_code) == (None, 200)
    assert keitaro.most_in_flight == 2


async def test_cut_in_process_is_an_exception(api, keitaro):
    keitaro.fail(cut=True, after_effect=True)

    with pytest.raises(Cut):
        await api.post("streams", json=STREAM)

    assert len(made(keitaro)) == 1
    assert keitaro.requests[0].status is None


@pytest.mark.parametrize("after_effect", [True, False])
async def test_cut_closes_the_connection(wire, keitaro, after_effect):
    keitaro.fail(cut=True, after_effect=after_effect)

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await wire.post("streams", json=STREAM)
    healthy = await wire.get("campaigns/1")

    assert len(made(keitaro)) == int(after_effect)
    assert healthy.status_code == 200


async def test_cut_in_the_middle_of_a_body(wire, keitaro):
    keitaro.fail(cut=True, after_effect=True, body=b'{"id": ')

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await wire.post("streams", json=STREAM)

    assert len(made(keitaro)) == 1
    assert keitaro.requests[0].status == 200


async def test_orders_can_be_taken_back(api, keitaro):
    keitaro.fail(5, status=500)
    keitaro.script.clear()

    assert (await api.get("campaigns")).status_code == 200
