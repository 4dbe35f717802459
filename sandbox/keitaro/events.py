"""Single clicks and conversions, worked out of buckets: the same ones every time."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sandbox.keitaro.buckets import QUARTER, UNIT, Bucket

_DAY = 86_400
# How much later than its bucket begins an event can be.
REACH = _DAY + QUARTER


class Event(NamedTuple):
    """A click, or a conversion of one; *at* is the event's own time in UTC seconds."""

    bucket: Bucket
    place: int
    at: float
    clicked_at: float
    status: str
    revenue: int


def clicks_of(bucket: Bucket) -> Iterator[Event]:
    """Return the clicks of a bucket, spread over its quarter of an hour."""
    for index in range(bucket.clicks):
        at = bucket.at + index * QUARTER // bucket.clicks
        yield Event(bucket, index, at, at, "", 0)


def conversions_of(bucket: Bucket, now: float) -> Iterator[Event]:
    """Return the conversions of a bucket; none came later than *now*."""
    kinds = (
        ("sale", bucket.sales, bucket.sale_revenue),
        ("lead", bucket.leads, bucket.lead_revenue),
        ("rejected", bucket.rejected, bucket.rejected_revenue),
    )
    index = 0
    for status, count, revenue in kinds:
        for turn in range(count):
            clicked_at = bucket.at + index * QUARTER // max(bucket.clicks, 1)
            delay = (bucket.at // 7 + index * 4_099 + bucket.stream_id * 911) % _DAY
            delay %= max(int(now - clicked_at), 1)
            share = revenue // count + (revenue % count if turn == 0 else 0)
            yield Event(bucket, index, clicked_at + delay, clicked_at, status, share)
            index += 1


def own_columns(kind: str, zone: ZoneInfo) -> dict[str, Callable[[Event], Any]]:
    """Return the columns that belong to the event and not to its bucket."""
    columns: dict[str, Callable[[Event], Any]] = {
        "sub_id": lambda event: _code(event, "click")[:20],
        "click_id": lambda event: _uuid(event, "click", event.clicked_at),
        "event_id": lambda event: _uuid(event, kind, event.at),
        "datetime": lambda event: _written(event.at, zone),
        "click_datetime": lambda event: _written(event.clicked_at, zone),
        "visitor_code": lambda event: _code(event, "visitor")[:8],
        "ip": lambda event: f"203.0.113.{1 + (event.bucket.at // QUARTER + event.place) % 254}",
        "cost": lambda event: round(event.bucket.cost / UNIT / max(event.bucket.clicks, 1), 4),
    }
    return columns | (_click_columns() if kind == "click" else _conversion_columns(zone))


def _click_columns() -> dict[str, Callable[[Event], Any]]:
    return {
        "is_bot": lambda event: event.place < event.bucket.bots,
        "is_using_proxy": lambda event: event.place < event.bucket.proxies,
        "is_unique_campaign": lambda event: event.place < event.bucket.campaign_unique_clicks,
        "is_unique_stream": lambda event: event.place < event.bucket.stream_unique_clicks,
        "is_unique_global": lambda event: event.place < event.bucket.global_unique_clicks,
        "is_sale": lambda event: event.place < event.bucket.sales,
        "is_lead": lambda event: 0 <= event.place - event.bucket.sales < event.bucket.leads,
        "is_rejected": lambda event: (
            0 <= event.place - event.bucket.sales - event.bucket.leads < event.bucket.rejected
        ),
        "landing_clicked": lambda event: event.place < event.bucket.lp_clicks,
    }


def _conversion_columns(zone: ZoneInfo) -> dict[str, Callable[[Event], Any]]:
    return {
        "conversion_id": lambda event: _uuid(event, "conversion", event.at),
        "postback_datetime": lambda event: _written(event.at, zone),
        "sale_datetime": lambda event: _written(event.at, zone) if event.status == "sale" else None,
        "sale_period": lambda event: int(event.at - event.clicked_at),
        "status": lambda event: event.status,
        "original_status": lambda event: event.status,
        "previous_status": lambda event: "" if event.status == "lead" else "lead",
        "tid": lambda event: _code(event, "tid")[:10],
        "revenue": lambda event: event.revenue / UNIT,
        "params": lambda event: {
            "status": event.status,
            "payout": f"{event.revenue / UNIT:.2f}",
            "subid": _code(event, "click")[:20],
        },
    }


def _written(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def _code(event: Event, kind: str) -> str:
    bucket = event.bucket
    name = f"{kind} {bucket.at} {bucket.stream_id} {bucket.offer_id} {bucket.landing_id} "
    name += f"{bucket.country_code} {bucket.device} {bucket.creative} {event.place}"
    return hashlib.sha256(name.encode()).hexdigest()


def _uuid(event: Event, kind: str, at: float) -> str:
    """Return an identifier that begins with its time, as version 7 of UUIDs does."""
    time, code = f"{int(at * 1000):012x}", _code(event, kind)
    return f"{time[:8]}-{time[8:]}-7{code[:3]}-8{code[3:6]}-{code[6:18]}"
