"""What streams carried in the last 24 hours: the question and how its answer is read."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from keitaro.facts import Traffic
from keitaro.loose import number, rows, whole

_HOURS = 24
_MOMENT = "%Y-%m-%d %H:%M:%S"


def traffic_request(stream_ids: Collection[int], *, now: float) -> dict[str, Any]:
    """Return the body of the report on *stream_ids* up to *now*, in seconds of UTC."""
    end = datetime.fromtimestamp(now, UTC)
    start = end - timedelta(hours=_HOURS)
    return {
        "range": {
            "from": start.strftime(_MOMENT),
            "to": end.strftime(_MOMENT),
            "timezone": "UTC",
        },
        "dimensions": ["stream_id"],
        "measures": ["clicks", "cost"],
        "filters": [{"name": "stream_id", **_among(list(stream_ids))}],
    }


def _among(stream_ids: list[int]) -> dict[str, Any]:
    if len(stream_ids) == 1:
        return {"operator": "EQUALS", "expression": stream_ids[0]}
    return {"operator": "IN_LIST", "expression": stream_ids}


def read_traffic(report: Mapping[str, Any], stream_ids: Collection[int]) -> Traffic | None:
    """Return what *report* says of *stream_ids* together, or None if that cannot be read.

    Without rows they carried nothing. A tracker drops a column that it does not show to this key.
    """
    own = [row for row in rows(report.get("rows")) if _is_of(row, stream_ids)]
    clicks = [whole(row.get("clicks")) for row in own]
    costs = [number(row.get("cost")) for row in own]
    known_clicks = [count for count in clicks if count is not None]
    known_costs = [cost for cost in costs if cost is not None]
    if len(known_clicks) < len(clicks):
        return None
    cost = float(sum(known_costs, Decimal(0))) if len(known_costs) == len(costs) else None
    return Traffic(sum(known_clicks), cost)


def _is_of(row: Mapping[str, Any], stream_ids: Collection[int]) -> bool:
    return "stream_id" not in row or whole(row["stream_id"]) in stream_ids
