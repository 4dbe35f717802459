"""What a report counts, and the ratios it makes of it; a ratio over nothing is null."""

from collections.abc import Callable

from sandbox.keitaro.buckets import UNIT, Totals

Number = int | float | None
Measure = Callable[[Totals], Number]


def money(amount: int) -> float:
    """Return an *amount* of ten-thousandths as the tracker shows money."""
    return amount / UNIT


def _ratio(above: float, below: float, *, digits: int) -> Number:
    return round(above / below, digits) if below else None


def _percent(above: int, below: int) -> Number:
    return _ratio(100 * above, below, digits=2)


def _each(amount: int, count: int, *, times: int = 1) -> Number:
    return _ratio(times * amount / UNIT, count, digits=4)


def _conversions(sums: Totals) -> int:
    return sums.leads + sums.sales + sums.rejected


def _revenue(sums: Totals) -> int:
    return sums.lead_revenue + sums.sale_revenue


MEASURES: dict[str, Measure] = {
    "clicks": lambda t: t.clicks,
    "campaign_unique_clicks": lambda t: t.campaign_unique_clicks,
    "stream_unique_clicks": lambda t: t.stream_unique_clicks,
    "global_unique_clicks": lambda t: t.global_unique_clicks,
    "uc_campaign_rate": lambda t: _percent(t.campaign_unique_clicks, t.clicks),
    "uc_stream_rate": lambda t: _percent(t.stream_unique_clicks, t.clicks),
    "uc_global_rate": lambda t: _percent(t.global_unique_clicks, t.clicks),
    "bots": lambda t: t.bots,
    "bot_share": lambda t: _percent(t.bots, t.clicks),
    "proxies": lambda t: t.proxies,
    "empty_referrers": lambda t: t.empty_referrers,
    "lp_views": lambda t: t.lp_views,
    "lp_clicks": lambda t: t.lp_clicks,
    "lp_ctr": lambda t: _percent(t.lp_clicks, t.lp_views),
    "conversions": _conversions,
    "leads": lambda t: t.leads,
    "sales": lambda t: t.sales,
    "rejected": lambda t: t.rejected,
    "approve": lambda t: _percent(t.sales, _conversions(t)),
    "cr": lambda t: _percent(_conversions(t), t.clicks),
    "crs": lambda t: _percent(t.sales, t.clicks),
    "crl": lambda t: _percent(t.leads, t.clicks),
    "cost": lambda t: money(t.cost),
    "revenue": lambda t: money(_revenue(t)),
    "lead_revenue": lambda t: money(t.lead_revenue),
    "sale_revenue": lambda t: money(t.sale_revenue),
    "rejected_revenue": lambda t: money(t.rejected_revenue),
    "profit": lambda t: money(_revenue(t) - t.cost),
    "profit_confirmed": lambda t: money(t.sale_revenue - t.cost),
    "profitability": lambda t: _percent(_revenue(t), t.cost),
    "roi": lambda t: _percent(_revenue(t) - t.cost, t.cost),
    "roi_confirmed": lambda t: _percent(t.sale_revenue - t.cost, t.cost),
    "epc": lambda t: _each(_revenue(t), t.clicks),
    "epc_confirmed": lambda t: _each(t.sale_revenue, t.clicks),
    "ec": lambda t: _each(_revenue(t), _conversions(t)),
    "ec_confirmed": lambda t: _each(t.sale_revenue, _conversions(t)),
    "cpc": lambda t: _each(t.cost, t.clicks),
    "cps": lambda t: _each(t.cost, t.sales),
    "cpa": lambda t: _each(t.cost, _conversions(t)),
    # Keitaro's own glossary: eCPC is the cost of a thousand clicks, eCPM their earnings.
    "ecpc": lambda t: _each(t.cost, t.clicks, times=1000),
    "ecpm": lambda t: _each(_revenue(t), t.clicks, times=1000),
    "ecpm_confirmed": lambda t: _each(t.sale_revenue, t.clicks, times=1000),
}
