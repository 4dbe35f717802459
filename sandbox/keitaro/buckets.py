"""Statistics as the sandbox keeps them: clicks of one kind in one quarter of an hour."""

from typing import NamedTuple

# Money is counted in whole ten-thousandths, so that sums of parts are exact.
UNIT = 10_000
QUARTER = 900


class Bucket(NamedTuple):
    """Clicks that share everything a report can tell them apart by.

    *at* is the beginning of the quarter of an hour, in UTC seconds. *device* and
    *creative* are places in the tables of `sandbox.keitaro.visitors`. The counters
    from *clicks* on are what reports add up; money is in ten-thousandths.
    """

    at: int
    campaign_id: int
    stream_id: int
    offer_id: int
    landing_id: int
    country_code: str
    device: int
    creative: int
    clicks: int
    campaign_unique_clicks: int = 0
    stream_unique_clicks: int = 0
    global_unique_clicks: int = 0
    bots: int = 0
    proxies: int = 0
    empty_referrers: int = 0
    lp_views: int = 0
    lp_clicks: int = 0
    leads: int = 0
    sales: int = 0
    rejected: int = 0
    cost: int = 0
    lead_revenue: int = 0
    sale_revenue: int = 0
    rejected_revenue: int = 0


FIRST_COUNTER = Bucket._fields.index("clicks")


class Totals(NamedTuple):
    """The counters of any number of buckets, added up."""

    clicks: int
    campaign_unique_clicks: int
    stream_unique_clicks: int
    global_unique_clicks: int
    bots: int
    proxies: int
    empty_referrers: int
    lp_views: int
    lp_clicks: int
    leads: int
    sales: int
    rejected: int
    cost: int
    lead_revenue: int
    sale_revenue: int
    rejected_revenue: int


def add_up(buckets: list[Bucket]) -> Totals:
    """Return the sums of all counters of *buckets*."""
    if not buckets:
        return Totals(*[0] * len(Totals._fields))
    columns = zip(*(bucket[FIRST_COUNTER:] for bucket in buckets), strict=True)
    return Totals(*map(sum, columns))
