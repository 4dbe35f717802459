"""What is asked of a tracker: figures, clicks or conversions, however it was asked for."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from handlers.stats.dimensions import DIMENSIONS
from handlers.stats.period import Period, pack_period, unpack_period

Kind = Literal["report", "clicks", "conversions"]
# How many rows are asked for where nobody has said how many: more are in the file.
ROWS_MOST = 1000


@dataclass(frozen=True)
class Query:
    """A request to `report/build` (*kind* report), `clicks/log` or `conversions/log`.

    *body* is the JSON of the request in Keitaro's own words, without `range` where there is a
    *period*: that is worked out whenever the query is run. JSON that somebody typed has none, and
    goes out exactly as it is.
    """

    kind: Kind
    body: dict[str, Any] = field(default_factory=dict)
    period: Period | None = None

    def payload(self, now: datetime) -> dict[str, Any]:
        """Return what is sent at the moment *now*, which knows the zone of the chat."""
        if self.period is None:
            return self.body
        payload = {"range": self.period.span(now).range(), **self.body}
        payload.setdefault("limit", ROWS_MOST)
        return payload

    def packed(self) -> dict[str, Any]:
        """Return the query as JSON."""
        period = pack_period(self.period) if self.period else None
        return {"kind": self.kind, "body": self.body, "period": period}


def has_ids(query: Query) -> bool:
    """Tell whether *query* picks by ids, which another tracker has given to something else."""
    filters = query.body.get("filters")
    known = (DIMENSIONS.get(str(one.get("name"))) for one in filters or () if isinstance(one, dict))
    return any(one is not None and one.values == "id" for one in known)


def unpacked(raw: dict[str, Any]) -> Query:
    """Return the query that `Query.packed` has packed."""
    period = unpack_period(raw["period"]) if raw["period"] else None
    return Query(raw["kind"], raw["body"], period)
