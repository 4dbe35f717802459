"""Names on a card: believed for a while, and no reason to think ill of a tracker."""

import asyncio

OFFERS = [{"offer_id": number, "share": 10, "state": "active"} for number in range(71, 79)]


async def test_a_card_asks_for_everything_once(linked):
    """What it looks at around a stream has names, too."""
    await linked.ask("/stream 12")
    asked = [request.path for request in linked.keitaro.requests]

    assert len(asked) > 2
    assert len(asked) == len(set(asked))


async def test_names_are_asked_for_once(linked):
    await linked.ask("/streams 1")
    await linked.ask("/streams 1")

    assert [one.path for one in linked.keitaro.requests].count("campaigns/1") == 1


async def test_names_that_cannot_be_had_do_not_keep_the_tracker_from_being_asked(linked):
    """Eight failures in a row would be taken for a tracker that is down."""
    linked.keitaro.streams[12]["offers"] = OFFERS
    linked.keitaro.fail(99, path="offers", status=500)
    first = await linked.ask("/stream 12")
    asked = [request for request in linked.keitaro.requests if request.path.startswith("offers")]
    second = await linked.ask("/stream 12")

    assert first.startswith("✅")
    assert second.startswith("✅")
    assert len(asked) <= 2 * len(OFFERS)


async def test_names_are_no_other_tracker_s(linked, other_keitaro):
    other_keitaro.campaigns[1]["name"] = "Elsewhere"
    here = await linked.ask("/stream 12")
    await linked.link(tracker="https://other.example", key=other_keitaro.key)
    there = await linked.ask("/stream 12")
    await asyncio.sleep(0)

    assert "Garden DE" in here
    assert "Elsewhere" in there
