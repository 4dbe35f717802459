"""Names for ids, where the tracker tells them in time: a card without them is still a card."""

import asyncio
from collections.abc import Mapping
from typing import Any

from keitaro import CAMPAIGN_GET, LANDING_PAGE_GET, OFFER_GET, KeitaroError, Operation, Tracker

BUDGET_SECONDS = 3.0
NAMES_MOST = 8

Stream = Mapping[str, Any]


async def with_names(tracker: Tracker, stream: Stream) -> tuple[Stream, str]:
    """Return *stream* with names on its landing pages and offers, and its campaign's name.

    What is not to be had within three seconds in all is left out.
    """
    campaign, landings, offers = await asyncio.gather(
        campaign_name(tracker, stream),
        _named(tracker, LANDING_PAGE_GET, stream, "landings", "landing_id"),
        _named(tracker, OFFER_GET, stream, "offers", "offer_id"),
    )
    return {**stream, **landings, **offers}, campaign


async def campaign_name(tracker: Tracker, stream: Stream) -> str:
    """Return the name of the campaign of *stream*, or an empty string if it is not to be had."""
    return await _name(tracker, CAMPAIGN_GET, stream.get("campaign_id"))


async def _named(
    tracker: Tracker, operation: Operation, stream: Stream, field: str, id_field: str
) -> dict[str, Any]:
    rows = stream.get(field)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return {}
    first = rows[:NAMES_MOST]
    names = await asyncio.gather(*(_name(tracker, operation, row.get(id_field)) for row in first))
    named = [
        {**row, **({"name": name} if name else {})} for row, name in zip(first, names, strict=True)
    ]
    return {field: [*named, *rows[NAMES_MOST:]]}


async def _name(tracker: Tracker, operation: Operation, object_id: Any) -> str:
    if not isinstance(object_id, int):
        return ""
    try:
        async with asyncio.timeout(BUDGET_SECONDS):
            found = await tracker.call(operation, id=object_id)
    except (KeitaroError, TimeoutError):
        return ""
    return str(found.get("name") or "")
