"""Filters of a stream, at trackers that replace lists and at those that put them together.

Nobody outside knows which of both a tracker does, so the bot is held to the truth at both.
"""

import json

import pytest

from sandbox.keitaro import Keitaro
from tests.conftest import KEY, Clock, Room
from tests.test_plans import plan

COUNTRY = {"name": "country", "mode": "accept", "payload": ["DE"]}
SYSTEM = {"name": "os", "mode": "reject", "payload": ["Linux"]}


@pytest.fixture(params=["replace", "merge"])
def keitaro(clock: Clock, request: pytest.FixtureRequest) -> Keitaro:
    return Keitaro(key=KEY, now=clock, nested=request.param)


async def told(room: Room, filters: list[dict]) -> str:
    """Have the filters of a stream changed, confirmed, and return what is said."""
    message = await plan(room, f"/stream 45 {json.dumps({'filters': filters})}")
    return await room.press(message, "Apply")


def payloads(room: Room) -> dict[str, list[str]]:
    return {row["name"]: row["payload"] for row in room.keitaro.streams[45]["filters"]}


async def test_a_row_that_is_there_is_changed_and_not_added(linked: Room):
    text = await told(linked, [COUNTRY, SYSTEM])

    assert text.startswith("✅ Stream 45 is updated\n")
    assert payloads(linked) == {"country": ["DE"], "os": ["Linux"]}
    assert len(linked.keitaro.streams[45]["filters"]) == 2


async def test_a_row_that_is_left_out_is_gone_or_named_as_still_there(linked: Room):
    text = await told(linked, [COUNTRY])

    if linked.keitaro.nested == "replace":
        assert text.startswith("✅ Stream 45 is updated\n")
        assert payloads(linked) == {"country": ["DE"]}
    else:
        assert text.startswith("⚠️ The tracker said yes, but shows something else\n")
        assert "filter os ≠: not sent → shown Linux" in text
        assert payloads(linked) == {"country": ["DE"], "os": ["Linux"]}


async def test_a_row_that_is_new_is_added(linked: Room):
    new = {"name": "device_type", "mode": "accept", "payload": ["mobile"]}
    text = await told(linked, [COUNTRY, SYSTEM, new])

    assert text.startswith("✅ Stream 45 is updated\n")
    assert payloads(linked)["device_type"] == ["mobile"]
