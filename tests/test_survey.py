"""What surrounds a change, read from a tracker that answers well, badly, late, or not at all."""

import asyncio

import httpx
import pytest

from handlers import SERVICES
from handlers.changes.survey import survey
from keitaro import (
    CAMPAIGN_GET,
    Address,
    Facts,
    Limits,
    Network,
    Tracker,
    Traffic,
    read_traffic,
)
from sandbox.serving import serving
from tests.conftest import NOON

OFFERS = [{"offer_id": 71, "share": 50}, {"offer_id": 85, "share": 50}]
LANDINGS = [{"landing_id": 31, "share": 100}]
AFTER = {"id": 12, "campaign_id": 1, "offers": OFFERS, "landings": LANDINGS}
HOUR = 3600


@pytest.fixture
async def ask(linked):
    """Return a function that surveys a tracker behind a real connection."""
    services = linked.bot.bot_data[SERVICES]
    async with serving(linked.keitaro.app) as url:
        address = Address("http", "127.0.0.1", httpx.URL(url).port)
        limits = Limits(deadline_seconds=5.0, pause_seconds=0.01)
        network = Network(limits=limits, private=frozenset({url.partition("://")[2]}))
        tracker = Tracker(address, linked.keitaro.key, network=network)

        async def ask(after=AFTER, *, wants_traffic=True):
            return await survey(services, tracker, after, wants_traffic=wants_traffic)

        yield ask
        await tracker.close()


def paths(keitaro):
    return [request.path for request in keitaro.requests]


async def test_everything_is_read_at_once(linked, ask):
    linked.keitaro.buckets.clear()
    linked.keitaro.record(12, at=NOON - HOUR, clicks=1000, cost=40.5)
    linked.keitaro.record(12, at=NOON - 23 * HOUR, clicks=234, cost=16.25)
    linked.keitaro.record(12, at=NOON - 25 * HOUR, clicks=7, cost=3)
    linked.keitaro.record(13, at=NOON - HOUR, clicks=9, cost=9)
    facts = await ask()

    assert facts.campaign["name"] == "Garden DE"
    assert not facts.is_campaign_absent
    assert {row["campaign_id"] for row in facts.streams} == {1}
    assert [facts.offers[one]["state"] for one in (71, 85)] == ["active", "deleted"]
    assert facts.landings[31]["name"] == "Garden story"
    assert "http" in facts.catalogue.actions
    assert facts.traffic == Traffic(1234, 56.75)
    assert len(linked.keitaro.requests) == 8
    assert linked.keitaro.mutations == []


async def test_the_last_24_hours_are_asked_for_in_utc(linked, ask):
    await ask()
    (report,) = [one.body for one in linked.keitaro.requests if one.path == "report/build"]

    assert report["range"] == {
        "from": "2026-11-21 12:00:00",
        "to": "2026-11-22 12:00:00",
        "timezone": "UTC",
    }
    assert report["filters"] == [{"name": "stream_id", "operator": "EQUALS", "expression": 12}]


async def test_a_stream_without_clicks_carried_nothing(linked, ask):
    linked.keitaro.buckets.clear()

    assert (await ask()).traffic == Traffic(0, 0.0)


async def test_traffic_is_asked_for_only_if_it_is_wanted(linked, ask):
    assert (await ask(wants_traffic=False)).traffic is None
    assert (await ask({"campaign_id": 1})).traffic is None
    assert "report/build" not in paths(linked.keitaro)


async def test_what_is_not_there_is_absent(ask):
    facts = await ask(
        {"campaign_id": 999, "offers": [{"offer_id": 998}], "landings": [{"landing_id": "997"}]}
    )

    assert facts.is_campaign_absent
    assert (facts.campaign, facts.streams) == (None, None)
    assert (facts.offers, facts.landings) == ({998: None}, {997: None})


async def test_what_the_key_may_not_read_is_not_known(linked, ask):
    linked.keitaro.restricted |= {"campaigns", "offers", "report", "streams_actions"}
    facts = await ask()

    assert (facts.campaign, facts.is_campaign_absent, facts.streams) == (None, False, None)
    assert facts.offers == {}
    assert facts.landings.keys() == {31}
    assert facts.traffic is None
    assert (facts.catalogue.actions, "country" in facts.catalogue.filters) == (None, True)


async def test_a_tracker_that_does_not_answer_leaves_all_open_within_the_budget(linked, ask):
    """Later calls are none the worse for it: nothing is under way any more."""
    never = asyncio.Event()
    linked.keitaro.fail(99, until=never)
    async with asyncio.timeout(5):
        facts = await ask()
    linked.keitaro.script.clear()
    never.set()

    assert facts == Facts()
    assert (await ask()).campaign["id"] == 1


async def test_what_comes_in_time_is_kept_when_the_rest_does_not(linked, ask):
    never = asyncio.Event()
    linked.keitaro.fail(1, path="report", until=never)
    facts = await ask()
    never.set()

    assert facts.traffic is None
    assert facts.campaign["id"] == 1
    assert facts.offers.keys() == {71, 85}


@pytest.mark.parametrize(
    "fault", [{"status": 500, "body": {"error": "Oops"}}, {"cut": True}, {"body": "<html>"}]
)
async def test_a_tracker_in_trouble_leaves_all_open_and_is_thought_no_worse_of(linked, ask, fault):
    linked.keitaro.fail(99, **fault)

    assert await ask() == Facts()
    assert await ask() == Facts()
    linked.keitaro.script.clear()
    assert (await ask()).campaign["id"] == 1


async def test_a_tracker_that_is_not_reached_leaves_all_open(linked):
    await linked.link(tracker="https://nowhere.example")
    services = linked.bot.bot_data[SERVICES]
    tracker = services.trackers.of(await services.store.chats.linked(linked.home.id))

    assert await survey(services, tracker, AFTER, wants_traffic=True) == Facts()


async def test_sixteen_of_a_kind_are_looked_at(linked, ask):
    many = [{"offer_id": number} for number in range(1, 400)]
    facts = await ask({"offers": many, "landings": "none"})

    assert len(facts.offers) == 16
    assert len([path for path in paths(linked.keitaro) if path.startswith("offers/")]) == 16


@pytest.mark.parametrize("odd", [None, [], {}, "x", True, 10**30])
async def test_odd_ids_are_asked_for_nothing(ask, odd):
    after = {"id": odd, "campaign_id": odd, "offers": [{"offer_id": odd}], "landings": odd}
    facts = await ask(after)

    assert (facts.campaign, facts.streams, facts.traffic) == (None, None, None)


async def test_names_are_not_asked_for_again_after_a_survey(linked):
    services = linked.bot.bot_data[SERVICES]
    tracker = services.trackers.of(await services.store.chats.linked(linked.home.id))
    stream = linked.keitaro.streams[12]
    await survey(services, tracker, stream, wants_traffic=False)
    asked = len(linked.keitaro.requests)
    named, campaign = await services.names.added(tracker, stream)

    assert campaign == "Garden DE"
    assert all(row["name"] for row in named["offers"])
    assert len(linked.keitaro.requests) == asked


async def test_catalogues_are_kept_for_the_next_survey(linked, ask):
    await ask()
    await ask()

    assert paths(linked.keitaro).count("streams_actions") == 1
    assert paths(linked.keitaro).count(CAMPAIGN_GET.path.format(id=1)) == 2


@pytest.mark.parametrize(
    ("rows", "traffic"),
    [
        ([{"stream_id": 12, "clicks": "5", "cost": "1.5"}], Traffic(5, 1.5)),
        ([{"clicks": 5, "cost": 1}, {"clicks": 2, "cost": "2.5"}], Traffic(7, 3.5)),
        ([{"stream_id": "13", "clicks": 5, "cost": 1}], Traffic(0, 0.0)),
        ([{"stream_id": 12, "clicks": 5}], Traffic(5, None)),
        ([{"stream_id": 12, "cost": 5}], None),
        ([{"stream_id": 12, "clicks": None, "cost": 5}], None),
        ([None, 7], Traffic(0, 0.0)),
        ([], Traffic(0, 0.0)),
    ],
)
def test_a_report_is_read_with_tolerance(rows, traffic):
    assert read_traffic({"rows": rows}, (12,)) == traffic
