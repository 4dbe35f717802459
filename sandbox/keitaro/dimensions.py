"""What a report tells clicks apart by."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.keitaro.buckets import Bucket
from sandbox.keitaro.state import Row, State
from sandbox.keitaro.visitors import COUNTRIES, DEVICES, KEYWORDS, NOWHERE, PLACEMENTS, Device

Reader = Callable[[Bucket], Any]

_OWN: dict[str, Reader] = {
    "campaign_id": lambda b: b.campaign_id,
    "stream_id": lambda b: b.stream_id,
    "offer_id": lambda b: b.offer_id,
    "landing_id": lambda b: b.landing_id,
    "country_code": lambda b: b.country_code,
    "country_flag": lambda b: b.country_code,
    "country": lambda b: COUNTRIES.get(b.country_code, NOWHERE).name,
    "region": lambda b: COUNTRIES.get(b.country_code, NOWHERE).region,
    "city": lambda b: COUNTRIES.get(b.country_code, NOWHERE).city,
    "language": lambda b: COUNTRIES.get(b.country_code, NOWHERE).language,
    "os_icon": lambda b: DEVICES[b.device].os,
    "browser_icon": lambda b: DEVICES[b.device].browser,
    "connection_type": lambda b: "mobile" if DEVICES[b.device].device_type == "mobile" else "wifi",
    "keyword": lambda b: KEYWORDS[b.creative % len(KEYWORDS)],
    "ad_campaign_id": lambda b: f"ad-{b.campaign_id:03d}",
    "creative_id": lambda b: f"cr-{b.campaign_id:03d}-{b.creative}",
    "sub_id_1": lambda b: PLACEMENTS[b.creative % len(PLACEMENTS)],
    "sub_id_2": lambda b: f"cr-{b.creative}",
    "sub_id_3": lambda b: f"zone-{b.campaign_id * 7 + b.creative}",
}
_TIMES: dict[str, Callable[[datetime], str | int]] = {
    "datetime": lambda t: t.strftime("%Y-%m-%d %H:%M:%S"),
    "year": lambda t: t.year,
    "month": lambda t: t.strftime("%Y-%m"),
    "week": lambda t: t.strftime("%G-%V"),
    "weekday": lambda t: t.isoweekday(),
    "day": lambda t: t.strftime("%Y-%m-%d"),
    "hour": lambda t: t.hour,
    "day_hour": lambda t: t.strftime("%Y-%m-%d %H:00"),
}
# Columns that exist, and that nothing in the sandbox's clicks fills.
_EMPTY = frozenset(
    """referrer search_engine destination ip ip_mask1 ip_mask2 region_code operator isp user_agent
    visitor_code external_id parent_campaign_id x_requested_with label""".split()  # noqa: SIM905 - a word list
) | {f"sub_id_{n}" for n in range(4, 31)}


def reader(state: State, name: str, zone: ZoneInfo) -> Reader | None:
    """Return the function that reads the dimension *name* off a bucket, if there is one."""
    if name in _OWN:
        return _OWN[name]
    if name in Device._fields:
        place = Device._fields.index(name)
        return lambda bucket: DEVICES[bucket.device][place]
    if name in _TIMES:
        return _time_reader(_TIMES[name], zone)
    if name in _EMPTY:
        return lambda _bucket: ""
    return _table_reader(state, name)


def _time_reader(write: Callable[[datetime], Any], zone: ZoneInfo) -> Reader:
    known: dict[int, Any] = {}

    def read(bucket: Bucket) -> Any:
        if bucket.at not in known:
            known[bucket.at] = write(datetime.fromtimestamp(bucket.at, zone))
        return known[bucket.at]

    return read


def _table_reader(state: State, name: str) -> Reader | None:
    match name:
        case "campaign" | "campaign_group" | "campaign_group_id" | "ts" | "ts_id" | "source":
            values = {key: _of_campaign(state, row, name) for key, row in state.campaigns.items()}
            return lambda bucket: values.get(bucket.campaign_id, "")
        case "stream":
            values = _column(state.streams, "name")
            return lambda bucket: values.get(bucket.stream_id, "")
        case "landing":
            values = _column(state.landing_pages, "name")
            return lambda bucket: values.get(bucket.landing_id, "")
        case "offer" | "affiliate_network" | "affiliate_network_id":
            values = {key: _of_offer(state, row, name) for key, row in state.offers.items()}
            return lambda bucket: values.get(bucket.offer_id, "")
    return None


def _column(rows: dict[int, Row], name: str) -> dict[int, Any]:
    return {key: row.get(name) for key, row in rows.items()}


def _of_campaign(state: State, row: Row, name: str) -> Any:
    match name:
        case "campaign":
            return row["name"]
        case "campaign_group_id":
            return row["group_id"]
        case "campaign_group":
            return state.groups.get(row["group_id"], {}).get("name", "")
        case "ts_id":
            return row["traffic_source_id"]
        case "ts":
            return state.traffic_sources.get(row["traffic_source_id"], {}).get("name", "")
    return f"{row['alias']}.example"


def _of_offer(state: State, row: Row, name: str) -> Any:
    number = row["affiliate_network_id"]
    match name:
        case "offer":
            return row["name"]
        case "affiliate_network_id":
            return number
    return state.affiliate_networks.get(number, {}).get("name", "")
