"""From what somebody wants of a log to the request: which columns, how far back, how many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.stats.query import Kind, Query
from handlers.stats.sight import Sight, is_address
from keitaro import CLICK_LOG, CONVERSION_LOG, Operation, Within

LIMIT = 50
# Some trackers take the range of conversions for that of their clicks, which come before.
CLICKED_BEFORE = timedelta(days=7)
OPERATIONS: Mapping[Kind, Operation] = {"clicks": CLICK_LOG, "conversions": CONVERSION_LOG}
TIMES: Mapping[Kind, str] = {"clicks": "datetime", "conversions": "postback_datetime"}
IDS: Mapping[Kind, str] = {"clicks": "click_id", "conversions": "conversion_id"}
# What is asked for besides the columns that are named, since a line begins with it.
ALWAYS: Mapping[Kind, Sequence[str]] = {
    "clicks": ("click_id", "datetime", "is_bot", "is_lead", "is_sale"),
    "conversions": ("conversion_id", "postback_datetime", "status", "revenue"),
}


@dataclass(frozen=True)
class Asked:
    """What is sent: the *payload*, and *within* what it is read.

    *span* is the range as people are told it. *added* is a column that nobody has named; *hides*
    says that one with addresses was left out.
    """

    payload: dict[str, Any]
    span: Mapping[str, str]
    within: Within | None = None
    added: str = ""
    hides: bool = False


def asked(query: Query, now: datetime, sight: Sight) -> Asked:
    """Return the request for *query* at the moment *now*, which knows the zone of the chat.

    JSON that somebody typed is sent as it is.
    """
    if query.period is None:
        span = query.body.get("range")
        texts = {key: str(value) for key, value in span.items()} if isinstance(span, dict) else {}
        return Asked(query.body, texts)
    kind, period = query.kind, query.period.span(now)
    named: list[str] = query.body.get("columns", [])
    allowed = [name for name in named if sight != "none" or not is_address(name)]
    is_wider = kind == "conversions"
    reach = replace(period, first=period.first - CLICKED_BEFORE) if is_wider else period
    payload = {
        "range": reach.range(),
        "columns": list(dict.fromkeys([*ALWAYS[kind], *allowed])),
        **({"filters": filters} if (filters := query.body.get("filters")) else {}),
        "sort": query.body.get("sort") or [{"name": TIMES[kind], "order": "DESC"}],
        "limit": query.body.get("limit", LIMIT),
    }
    within = Within(TIMES[kind], period.first, period.last, period.zone) if is_wider else None
    added = "" if IDS[kind] in named else IDS[kind]
    return Asked(payload, period.range(), within, added, hides=len(allowed) < len(named))


def asks_by_address(body: Mapping[str, Any]) -> bool:
    """Tell whether addresses decide which lines come, or in which order."""
    rows = [*_list(body.get("filters")), *_list(body.get("sort"))]
    return any(is_address(str(row.get("name"))) for row in rows if isinstance(row, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
