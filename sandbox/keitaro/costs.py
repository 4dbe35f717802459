"""What changes statistics: costs spread over clicks, and clicks thrown away."""

from typing import Any

from sandbox.keitaro.answers import missing, refused
from sandbox.keitaro.buckets import UNIT, Bucket
from sandbox.keitaro.campaigns import CAMPAIGNS
from sandbox.keitaro.conditions import question
from sandbox.keitaro.dimensions import reader
from sandbox.keitaro.query import flag, undefined
from sandbox.keitaro.ranges import Period, moment, read_zone
from sandbox.keitaro.shelves import as_number, is_blank
from sandbox.keitaro.state import Call, Row, State


def update_campaign_costs(state: State, call: Call) -> Any:
    """Set the cost of one campaign's clicks in a period."""
    CAMPAIGNS.find(state, call.id)
    _require(state, call.body, "start_date", "end_date", "timezone", "cost", "currency")
    _spread(state, [call.id], call.body, call.body)
    return {"success": True}


def update_costs(state: State, call: Call) -> Any:
    """Set the cost of several campaigns' clicks, in any number of periods."""
    _require(state, call.body, "campaign_ids", "costs")
    numbers = [as_number(number) for number in call.body["campaign_ids"]]
    for cost in call.body["costs"]:
        _require(state, cost, "start_date", "end_date", "cost")
        _spread(state, numbers, cost, call.body)
    return {"success": True}


def clean_clicks(state: State, call: Call) -> Any:
    """Throw away the clicks of a period, of one campaign or of all."""
    _require(state, call.body, "start_date", "end_date")
    period = _period(state, call.body, call.body)
    number = as_number(call.body.get("campaign_id"))
    state.buckets = [
        bucket
        for bucket in state.buckets
        if not (
            period.start <= bucket.at <= period.end and (not number or bucket.campaign_id == number)
        )
    ]
    return {"success": True}


def _require(state: State, body: Row, *names: str) -> None:
    blank = [name for name in names if is_blank(body.get(name))]
    if blank:
        raise missing(blank, status=state.validation_status)


def _period(state: State, dates: Row, options: Row) -> Period:
    zone = read_zone(options.get("timezone") or state.time_zone)
    start = moment(dates["start_date"], zone)
    return Period(start, moment(dates["end_date"], zone, end=True), zone)


def _spread(state: State, numbers: list[int], cost: Row, options: Row) -> None:
    """Divide a cost among the clicks it is for; the last bucket takes what is left over."""
    period = _period(state, cost, options)
    column = "campaign_unique_clicks" if flag(options.get("only_campaign_uniques")) else "clicks"
    chosen = _chosen(state, numbers, period, cost.get("filters") or {})
    clicks = sum(getattr(bucket, column) for bucket in chosen.values())
    left = _amount(cost["cost"])
    each = left / clicks if clicks else 0.0
    for place, bucket in chosen.items():
        part = int(each * getattr(bucket, column))
        left -= part
        state.buckets[place] = bucket._replace(cost=part)
    if chosen and clicks:
        last = max(chosen)
        state.buckets[last] = state.buckets[last]._replace(cost=state.buckets[last].cost + left)


def _chosen(state: State, numbers: list[int], period: Period, filters: Row) -> dict[int, Bucket]:
    chosen = {
        place: bucket
        for place, bucket in enumerate(state.buckets)
        if bucket.campaign_id in numbers and period.start <= bucket.at <= period.end
    }
    for name, values in filters.items():
        read = reader(state, name, period.zone)
        if read is None:
            raise undefined(name)
        test = question("IN_LIST", values)
        chosen = {place: bucket for place, bucket in chosen.items() if test(read(bucket))}
    return chosen


def _amount(value: Any) -> int:
    try:
        return round(float(value) * UNIT)
    except (TypeError, ValueError) as error:
        raise refused(f"Invalid cost '{value}'") from error
