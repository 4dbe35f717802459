"""Nested lists, colleagues at the panel, and troubles that last, in the sandbox's tracker."""

import asyncio
import random

import httpx
import pytest

from sandbox.keitaro import Keitaro

NOW = 1795348800.0  # 2026-11-22 12:00:00 UTC
BOT = {"name": "bot", "mode": "accept", "payload": None}
PROXY = {"name": "proxy", "mode": "accept", "payload": None}
TRIGGER = {"condition": "always", "action": "disable", "target": "stream"}


@pytest.fixture
def nested():
    return "replace"


@pytest.fixture
def keitaro(nested):
    return Keitaro(now=lambda: NOW, nested=nested)


@pytest.fixture
async def api(keitaro):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=keitaro.app),
        base_url="http://tracker.example/admin_api/v1/",
        headers={"Api-Key": "fake-key-1111"},
    ) as client:
        yield client


def pairs(rows, name):
    return [(row["id"], row[name]) for row in rows]


async def put(api, stream_id, **body):
    return (await api.put(f"streams/{stream_id}", json=body)).json()


async def test_offers_keep_their_order_and_one_named_twice_is_bound_once(api, keitaro):
    first, second = keitaro.streams[12]["offers"]
    sent = [
        {"offer_id": 75, "share": 1},
        {"offer_id": second["offer_id"], "share": 2},
        {"offer_id": str(first["offer_id"]), "share": 3},
        {"offer_id": 75, "share": 4},
    ]
    offers = (await put(api, 12, offers=sent))["offers"]

    assert pairs(offers, "offer_id")[:2] == pairs([first, second], "offer_id")
    assert [row["share"] for row in offers] == [3, 2, 4]
    assert offers[2]["offer_id"] == 75
    assert offers[0]["created_at"] == first["created_at"]


@pytest.mark.parametrize("nested", ["replace", "merge"])
async def test_neither_shares_nor_offers_are_checked(api, keitaro):
    keitaro.offers[73]["state"] = "deleted"
    sent = [{"offer_id": 73, "share": 90}, {"offer_id": 99999, "share": 90}]

    answer = await api.put("streams/12", json={"offers": sent})
    assert answer.status_code == 200
    assert [row["offer_id"] for row in answer.json()["offers"]] == [73, 99999]


async def test_rows_are_made_anew_but_a_known_id_stays(api, keitaro):
    known, gone = keitaro.streams[11]["filters"]
    rows = (await put(api, 11, filters=[PROXY, {"id": known["id"], **BOT}]))["filters"]

    assert rows[1] == known
    assert rows[0] == {"id": rows[0]["id"], **PROXY}
    assert rows[0]["id"] not in {known["id"], gone["id"]}


async def test_landings_are_made_anew_but_a_known_id_stays(api, keitaro):
    [old] = keitaro.streams[12]["landings"]
    old["created_at"] = "2026-01-01 00:00:00"
    same = (await put(api, 12, landings=[{**old, "share": 7}]))["landings"]
    anew = await put(api, 12, landings=[{"landing_id": old["landing_id"], "share": 7}])

    assert same == [{**old, "share": 7, "updated_at": keitaro.stamp()}]
    assert anew["landings"][0]["id"] != old["id"]
    assert (await put(api, 12, landings=None))["landings"] == []


@pytest.mark.parametrize("nested", ["merge"])
async def test_merged_rows_are_changed_added_or_left(api, keitaro):
    first, second = keitaro.streams[11]["filters"]
    changed = {"id": second["id"], "name": "proxy", "mode": "reject"}
    rows = (await put(api, 11, filters=[BOT, changed, {"id": 5, **PROXY}]))["filters"]

    assert rows[0] == first
    assert rows[1] == {**second, "mode": "reject"}
    assert [row["name"] for row in rows[2:]] == ["bot", "proxy"]
    assert 5 not in {row["id"] for row in rows}
    assert (await put(api, 11, filters=[]))["filters"] == rows


@pytest.mark.parametrize("nested", ["merge"])
async def test_merged_landings_and_triggers_pile_up(api, keitaro):
    [old] = keitaro.streams[12]["landings"]
    more = {"landing_id": old["landing_id"], "share": 1}
    row = await put(api, 12, landings=[more], triggers=[TRIGGER])
    again = await put(api, 12, triggers=[TRIGGER], offers=[])

    assert [part["landing_id"] for part in row["landings"]] == [old["landing_id"]] * 2
    assert len(again["triggers"]) == 2
    assert again["offers"] == []


async def test_an_id_of_no_shape_at_all_is_no_id(api):
    rows = (await put(api, 11, filters=[{"id": ["x"], **BOT}]))["filters"]

    assert [row["name"] for row in rows] == ["bot"]
    assert isinstance(rows[0]["id"], int)


async def test_an_archived_stream_can_still_be_looked_at(api):
    await api.delete("streams/12")

    assert (await api.get("streams/12")).json()["state"] == "deleted"
    assert 12 in [row["id"] for row in (await api.get("streams/deleted")).json()]


@pytest.mark.parametrize("nested", ["merge"])
async def test_a_colleague_leaves_no_request(api, keitaro):
    keitaro.edit(12, name="Mine", offers=[{"offer_id": 71, "share": 100}], filters=[])
    keitaro.archive(13)
    added = keitaro.add(1, type="regular", schema="redirect", action_payload="https://x.example/")

    assert (keitaro.requests, keitaro.mutations) == ([], [])
    shown = (await api.get("streams/12")).json()
    assert (shown["name"], len(shown["offers"]), shown["filters"]) == ("Mine", 1, [])
    assert (await api.get("streams/13")).json()["state"] == "deleted"
    listed = (await api.get("campaigns/1/streams")).json()
    assert {row["id"] for row in listed} == {11, 12, 14, added["id"]}
    with pytest.raises(LookupError, match="nmae"):
        keitaro.edit(12, nmae="typo")


async def test_every_request_takes_its_time_at_the_same_time(api, keitaro):
    keitaro.delay_seconds = 0.01
    answers = await asyncio.gather(*(api.get("streams/12") for _ in range(5)))

    assert {answer.status_code for answer in answers} == {200}
    assert keitaro.most_in_flight == 5


async def test_what_a_predicate_meets_fails_until_it_is_cleared(api, keitaro):
    keitaro.fail_when(lambda request: (request.body or {}).get("name") == "bad", status=500)

    statuses = [
        (await api.put("streams/12", json={"name": name})).status_code
        for name in ("bad", "good", "bad")
    ]
    keitaro.script.clear()
    statuses.append((await api.put("streams/12", json={"name": "bad"})).status_code)
    assert statuses == [500, 200, 500, 200]
    assert [(one.method, one.path, one.number) for one in keitaro.mutations] == [
        ("PUT", "streams/12", 12)
    ] * 2


async def test_dice_with_a_seed_fail_the_same_requests_each_time(api, keitaro):
    async def rolled():
        dice = random.Random(4)  # noqa: S311 - dice guard no secret
        keitaro.script.clear()
        keitaro.fail_when(lambda _: dice.random() < 0.3, status=502, method="GET")
        return [(await api.get("campaigns")).status_code for _ in range(30)]

    first = await rolled()
    assert first == await rolled()
    assert 3 < first.count(502) < 15
    assert keitaro.requests[0].number is None
