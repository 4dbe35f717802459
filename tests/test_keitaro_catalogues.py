"""A tracker's own catalogues: read in whatever shape, once an hour, by one at a time."""

import asyncio

import httpx
import pytest

from keitaro import Address, Catalogue, Catalogues, Network, Tracker
from keitaro.catalogues import read_actions, read_filters
from sandbox.keitaro import Keitaro
from sandbox.serving import serving

KEY = "fake-key-of-the-tracker-1111"
PATHS = ("streams_actions", "stream_filters")


class Clock:
    """A clock that stands still unless told to move."""

    at = 1000.0

    def __call__(self):
        return self.at


@pytest.fixture
def keitaro():
    return Keitaro(key=KEY)


@pytest.fixture
async def tracker(keitaro):
    """A tracker behind a real connection."""
    async with serving(keitaro.app) as url:
        address = Address("http", "127.0.0.1", httpx.URL(url).port)
        tracker = Tracker(
            address, KEY, network=Network(private=frozenset({url.partition("://")[2]}))
        )
        yield tracker
        await tracker.close()


def asked(keitaro):
    return [request.path for request in keitaro.requests]


@pytest.mark.parametrize(
    ("value", "actions"),
    [
        ([{"key": "http"}, {"value": "meta"}], {"http", "meta"}),
        ([{"key": "http", "value": "HTTP"}], {"http", "HTTP"}),
        ([{"key": "http"}, {"name": "Meta"}], None),
        ([{"key": "http"}, {"key": 7}], None),
        ([{"key": "http"}, "meta"], None),
        ([{"key": ""}], None),
        ([{"key": "1", "value": "HTTP redirect"}], None),
        ([], None),
        ({"http": {}}, None),
        (None, None),
    ],
)
def test_action_types_are_read_or_not_known(value, actions):
    assert read_actions(value) == actions


@pytest.mark.parametrize(
    ("modes", "known"),
    [
        ({"accept": "IS", "reject": "IS NOT"}, {"accept", "reject"}),
        (["black", "white"], {"black", "white"}),
        ([{"value": "accept", "name": "IS"}, {"key": "reject"}], {"accept", "reject"}),
        (["accept", 7, None], {"accept"}),
        ({"1": "accept"}, None),
        (["IS", "IS NOT"], None),
        ([], None),
        ("accept", None),
        (None, None),
        (True, None),
    ],
)
def test_modes_are_read_or_not_known(modes, known):
    assert read_filters([{"value": "country", "modes": modes}]) == {"country": known}


@pytest.mark.parametrize(
    "value", [[], [{"modes": {}}], [{"value": "Country"}], [{"value": ["country"]}], {}, "x", None]
)
def test_filters_of_an_odd_shape_are_not_known(value):
    assert read_filters(value) is None


async def test_catalogues_are_read_once_an_hour(keitaro, tracker):
    clock = Clock()
    catalogues = Catalogues(clock=clock)
    first = await catalogues.of(tracker)
    clock.at += 3599
    again = await catalogues.of(tracker)

    assert "show_text" in first.actions
    assert first.filters["country"] == {"accept", "reject"}
    assert again is first
    assert sorted(asked(keitaro)) == sorted(PATHS)

    clock.at += 1
    await catalogues.of(tracker)

    assert len(asked(keitaro)) == 4


async def test_those_who_ask_at_once_share_one_answer(keitaro, tracker):
    catalogues = Catalogues()
    found = await asyncio.gather(*(catalogues.of(tracker) for _ in range(20)))

    assert len(asked(keitaro)) == 2
    assert all(one is found[0] for one in found)


async def test_one_who_stops_waiting_leaves_the_answer_to_the_others(keitaro, tracker):
    opened = asyncio.Event()
    keitaro.fail(2, until=opened)
    catalogues = Catalogues()
    hasty = asyncio.create_task(catalogues.of(tracker))
    patient = asyncio.create_task(catalogues.of(tracker))
    while len(keitaro.requests) < 2:
        await asyncio.sleep(0.001)
    hasty.cancel()
    await asyncio.wait([hasty])
    opened.set()

    assert (await patient).actions
    assert len(asked(keitaro)) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 403, "body": {"error": "Access denied"}},
        {"status": 500, "body": {"error": "Oops"}},
        {"status": 200, "body": "<html>The panel</html>"},
        {"status": 200, "body": {"http": "HTTP"}},
        {"cut": True},
    ],
)
async def test_what_cannot_be_read_is_not_known_and_asked_again_in_a_minute(
    keitaro, tracker, fault
):
    clock = Clock()
    catalogues = Catalogues(clock=clock)
    keitaro.fail(2, **fault)

    assert await catalogues.of(tracker) is None
    clock.at += 59
    assert await catalogues.of(tracker) is None
    assert len(asked(keitaro)) == 2

    clock.at += 1
    assert (await catalogues.of(tracker)).actions


async def test_one_of_the_two_is_better_than_none(keitaro, tracker):
    clock = Clock()
    catalogues = Catalogues(clock=clock)
    keitaro.fail(path="stream_filters", status=403, body={"error": "Access denied"})
    found = await catalogues.of(tracker)

    assert found.actions
    assert found == Catalogue(found.actions, None)

    clock.at += 60
    assert (await catalogues.of(tracker)).filters


async def test_a_closed_tracker_has_no_catalogue(tracker):
    await tracker.close()

    assert await Catalogues().of(tracker) is None


async def test_catalogues_of_two_trackers_never_mix(keitaro, tracker):
    other = Tracker(tracker.address, KEY, network=tracker.network)
    catalogues = Catalogues()
    await catalogues.of(tracker)
    keitaro.fail(2, status=403, body={"error": "Access denied"})

    assert await catalogues.of(other) is None
    assert await catalogues.of(tracker)
    await other.close()
