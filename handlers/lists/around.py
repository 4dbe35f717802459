"""What surrounds the items of a list, read for all of them with few calls."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.changes.survey import Reads, in_time, object_of
from handlers.context import Services
from handlers.lists.item import Item
from keitaro import (
    CAMPAIGN_GET,
    CAMPAIGN_STREAMS,
    LANDING_PAGE_GET,
    LANDING_PAGE_LIST,
    OFFER_GET,
    OFFER_LIST,
    Facts,
    Operation,
    Tracker,
    item_ids,
    whole,
)

BUDGET_SECONDS = 10.0
CAMPAIGNS_MOST = 16
CONFIRMED_MOST = 16

LISTS = {"offers": OFFER_LIST, "landings": LANDING_PAGE_LIST}

Objects = Mapping[int, Mapping[str, Any] | None]


async def around(services: Services, tracker: Tracker, items: Sequence[Item]) -> list[Facts]:
    """Return what is known around each of *items*, as far as it comes in time.

    Other streams are as the list would leave them.
    """
    counts = Counter(whole(item.intent.after.get("campaign_id")) for item in items)
    campaigns = [one for one, _ in counts.most_common(CAMPAIGNS_MOST) if one is not None]
    # Hundreds of items with dozens of offers each would hold up everybody else.
    used = {field: await asyncio.to_thread(_used, items, field) for field in LISTS}
    found = await in_time(_reads(services, tracker, campaigns, used), seconds=BUDGET_SECONDS)
    offers = await _objects(services, tracker, OFFER_GET, used["offers"], found)
    landings = await _objects(services, tracker, LANDING_PAGE_GET, used["landings"], found)
    later = {item.intent.stream_id: item.intent.after for item in items if not item.intent.creates}
    facts = {
        one: Facts(
            campaign=found.get(f"campaign {one}"),
            is_campaign_absent=found.get(f"campaign {one}", {}) is None,
            streams=_later(found.get(f"streams {one}"), later),
        )
        for one in campaigns
    }
    common = Facts(offers=offers, landings=landings, catalogue=found.get("catalogue"))
    return [_facts_of(item, facts, common) for item in items]


def _facts_of(item: Item, facts: Mapping[int, Facts], common: Facts) -> Facts:
    own = facts.get(whole(item.intent.after.get("campaign_id")) or 0, Facts())
    return replace(own, offers=common.offers, landings=common.landings, catalogue=common.catalogue)


def _reads(
    services: Services,
    tracker: Tracker,
    campaigns: Sequence[int],
    used: Mapping[str, Sequence[int]],
) -> Reads:
    return {
        "catalogue": services.catalogues.of(tracker),
        **{
            field: tracker.call(operation, is_extra=True)
            for field, operation in LISTS.items()
            if used[field]
        },
        **{f"campaign {one}": object_of(services, tracker, CAMPAIGN_GET, one) for one in campaigns},
        **{
            f"streams {one}": tracker.call(CAMPAIGN_STREAMS, is_extra=True, id=one)
            for one in campaigns
        },
    }


def _used(items: Sequence[Item], field: str) -> list[int]:
    """Return the ids in *field* of all items, each once."""
    found = (one for item in items for one in item_ids(item.intent.after, field))
    return list(dict.fromkeys(found))


async def _objects(
    services: Services,
    tracker: Tracker,
    operation: Operation,
    used: Sequence[int],
    found: Mapping[str, Any],
) -> Objects:
    """Return what is known of the objects *used*; what a list does not show is asked for singly."""
    listed = found.get("offers" if operation is OFFER_GET else "landings") or []
    rows = {whole(row.get("id")): row for row in listed}
    missing = [one for one in used if one not in rows][:CONFIRMED_MOST]
    singly = await in_time(
        {str(one): object_of(services, tracker, operation, one) for one in missing},
        seconds=BUDGET_SECONDS,
    )
    known = {one: rows[one] for one in used if one in rows}
    return {**known, **{int(one): value for one, value in singly.items()}}


def _later(rows: Any, later: Mapping[int, Mapping[str, Any]]) -> list[Mapping[str, Any]] | None:
    if rows is None:
        return None
    return [later.get(whole(row.get("id")) or 0, row) for row in rows]
