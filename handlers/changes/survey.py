"""What surrounds a change: read all at once, and left open where it does not come in time."""

import asyncio
from collections.abc import Collection, Coroutine, Mapping
from typing import Any

from handlers.context import Services
from keitaro import (
    CAMPAIGN_GET,
    CAMPAIGN_STREAMS,
    LANDING_PAGE_GET,
    OFFER_GET,
    REPORT_BUILD,
    Facts,
    KeitaroError,
    NotFoundError,
    Operation,
    Tracker,
    Traffic,
    item_ids,
    read_traffic,
    traffic_request,
    whole,
)

BUDGET_SECONDS = 3.0
ITEMS_MOST = 16

Stream = Mapping[str, Any]
Reads = dict[str, Coroutine[Any, Any, Any]]


async def survey(
    services: Services, tracker: Tracker, after: Stream, *, wants_traffic: bool
) -> Facts:
    """Return what is known of the surroundings of a stream as it would be *after* a change.

    It takes three seconds at most, and is no reason to think ill of the tracker. What does not
    come by then, or cannot be read, is not known.
    """
    offers = item_ids(after, "offers")[:ITEMS_MOST]
    landings = item_ids(after, "landings")[:ITEMS_MOST]
    found = await in_time(
        {
            **_campaign(services, tracker, whole(after.get("campaign_id"))),
            **_traffic(services, tracker, whole(after.get("id")) if wants_traffic else None),
            "catalogue": services.catalogues.of(tracker),
            **{f"offer {one}": object_of(services, tracker, OFFER_GET, one) for one in offers},
            **{
                f"page {one}": object_of(services, tracker, LANDING_PAGE_GET, one)
                for one in landings
            },
        }
    )
    return Facts(
        campaign=found.get("campaign"),
        is_campaign_absent="campaign" in found and found["campaign"] is None,
        streams=found.get("streams"),
        offers={one: found[key] for one in offers if (key := f"offer {one}") in found},
        landings={one: found[key] for one in landings if (key := f"page {one}") in found},
        catalogue=found.get("catalogue"),
        traffic=found.get("traffic"),
    )


def _campaign(services: Services, tracker: Tracker, campaign_id: int | None) -> Reads:
    if campaign_id is None:
        return {}
    return {
        "campaign": object_of(services, tracker, CAMPAIGN_GET, campaign_id),
        "streams": tracker.call(CAMPAIGN_STREAMS, is_extra=True, id=campaign_id),
    }


def _traffic(services: Services, tracker: Tracker, stream_id: int | None) -> Reads:
    return {} if stream_id is None else {"traffic": _report(services, tracker, (stream_id,))}


async def traffic_of(
    services: Services, tracker: Tracker, stream_ids: Collection[int]
) -> Traffic | None:
    """Return what streams carried together in the last 24 hours, if that comes in three seconds."""
    found = await in_time({"traffic": _report(services, tracker, stream_ids)})
    traffic: Traffic | None = found.get("traffic")
    return traffic


async def _report(
    services: Services, tracker: Tracker, stream_ids: Collection[int]
) -> Traffic | None:
    body = traffic_request(stream_ids, now=services.now())
    return read_traffic(await tracker.call(REPORT_BUILD, is_extra=True, body=body), stream_ids)


async def object_of(
    services: Services, tracker: Tracker, operation: Operation, object_id: int
) -> Any:
    """Return what the tracker shows, or None if it has no such thing."""
    try:
        found = await tracker.call(operation, is_extra=True, id=object_id)
    except NotFoundError:
        return None
    # A card shown soon has the name without another question.
    services.names.remember(tracker, operation, object_id, found)
    return found


async def in_time(reads: Reads, *, seconds: float = BUDGET_SECONDS) -> dict[str, Any]:
    """Return what of *reads* comes within so many *seconds*, and can be read."""
    if not reads:
        return {}
    tasks = {key: asyncio.create_task(read) for key, read in reads.items()}
    try:
        await asyncio.wait(tasks.values(), timeout=seconds)
    finally:
        for task in tasks.values():
            task.cancel()
        results = await asyncio.gather(*tasks.values(), return_exceptions=True)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, KeitaroError):
            raise result
    found = zip(tasks, results, strict=True)
    return {key: result for key, result in found if not isinstance(result, BaseException)}
