"""Thirty days of made-up clicks: the same for the same seed and the same moment."""

import random
from collections.abc import Iterator

from sandbox.keitaro.buckets import QUARTER, UNIT, Bucket
from sandbox.keitaro.seed_streams import GEO
from sandbox.keitaro.state import Row, State
from sandbox.keitaro.visitors import DEVICES

DAYS = 30
_HOUR = 3_600
# How busy each hour of a day is, in UTC.
_CURVE = (
    *(0.35, 0.25, 0.2, 0.15, 0.15, 0.25, 0.45, 0.65, 0.8, 0.85, 0.85, 0.9),
    *(0.95, 0.95, 0.9, 0.9, 0.95, 1.0, 1.0, 1.0, 0.95, 0.85, 0.7, 0.5),
)
_SHARE = {"forced": 0.25, "regular": 1.0, "default": 0.15}


def make_up(state: State, *, seed: int) -> list[Bucket]:
    """Return the statistics of the seeded streams up to now, oldest first."""
    dice = random.Random(seed)
    end = int(state.now()) // QUARTER * QUARTER
    streams = [row for row in state.streams.values() if _has_traffic(state, row)]
    hours = range((end - DAYS * 24 * _HOUR) // _HOUR * _HOUR, end, _HOUR)
    buckets = [bucket for hour in hours for bucket in _hour(state, dice, streams, hour, end)]
    return sorted(buckets)


def _has_traffic(state: State, row: Row) -> bool:
    return bool(row["collect_clicks"]) and state.campaigns[row["campaign_id"]]["state"] == "active"


def _hour(
    state: State, dice: random.Random, streams: list[Row], hour: int, end: int
) -> Iterator[Bucket]:
    busy = _CURVE[hour // _HOUR % 24] * (0.8 if hour // 86_400 % 7 in (2, 3) else 1.0)
    old = end - 6 * 86_400
    for row in streams:
        is_off = row["state"] != "active" and hour > old
        size = busy * _SHARE[row["type"]] * (1.4 - row["campaign_id"] / 12)
        at = hour + int(dice.random() * 4) * QUARTER
        if dice.random() < size + 0.1 and not is_off and at + QUARTER <= end:
            yield _bucket(state, dice, row, at, size)


def _bucket(state: State, dice: random.Random, row: Row, at: int, size: float) -> Bucket:
    clicks = 1 + int(size * 24 * dice.random())
    countries = GEO[row["campaign_id"]]
    visitors = int(clicks * (0.75 + dice.random() / 4))
    bots = clicks if row["type"] == "forced" else int(clicks * dice.random() * 0.08)
    price = round(state.campaigns[row["campaign_id"]]["cost_value"] * UNIT)
    landing_id = _pick(dice, row["landings"], "landing_id")
    bucket = Bucket(
        at=at,
        campaign_id=row["campaign_id"],
        stream_id=row["id"],
        offer_id=_pick(dice, row["offers"], "offer_id"),
        landing_id=landing_id,
        country_code=countries[int(dice.random() ** 2 * len(countries))],
        device=int(dice.random() ** 1.6 * len(DEVICES)),
        creative=int(dice.random() * 6),
        clicks=clicks,
        campaign_unique_clicks=visitors,
        stream_unique_clicks=min(clicks, visitors + 1),
        global_unique_clicks=int(visitors * 0.9),
        bots=bots,
        proxies=int(clicks * dice.random() * 0.06),
        empty_referrers=int(clicks * dice.random() * 0.3),
        lp_views=clicks if landing_id else 0,
        lp_clicks=int(clicks * (0.2 + dice.random() * 0.3)) if landing_id else 0,
        cost=clicks * price,
    )
    return _converted(state, dice, bucket) if bucket.offer_id else bucket


def _pick(dice: random.Random, parts: list[Row], key: str) -> int:
    """Return one of a stream's landings or offers, by their shares."""
    if not parts:
        return 0
    number: int = dice.choices(parts, [part["share"] for part in parts])[0][key]
    return number


def _converted(state: State, dice: random.Random, bucket: Bucket) -> Bucket:
    """Return *bucket* with the conversions that its clicks may have brought."""
    payout = round(state.offers[bucket.offer_id]["payout_value"] * UNIT)
    # Campaigns differ: some earn, some lose.
    likely = bucket.clicks * (0.003 + bucket.campaign_id * 5 % 7 / 1200)
    count = min(int(likely + dice.random()), bucket.clicks)
    if not count:
        return bucket
    fate = dice.random()
    sales = count if fate < 0.45 else 0  # noqa: PLR2004 - a bit less than half are sold
    rejected = count if fate > 0.85 else 0  # noqa: PLR2004 - and some refused
    leads = count - sales - rejected
    return bucket._replace(
        sales=sales,
        leads=leads,
        rejected=rejected,
        sale_revenue=sales * payout,
        lead_revenue=leads * payout,
        rejected_revenue=rejected * payout,
    )
