"""Lines of a log: the names they were asked for under, their own time, what has come of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from keitaro.errors import ExchangeError

Row = dict[str, Any]
# What a column is called in the answer, where that is not what it was asked for.
_ALIASES: Mapping[str, Mapping[str, str]] = {
    "click": {"click_id": "event_id"},
    "conversion": {"conversion_id": "event_id", "postback_datetime": "datetime"},
}


@dataclass(frozen=True)
class Within:
    """Only lines whose *column* is from *first* to *last*, by the clock on the wall of *zone*."""

    column: str
    first: datetime
    last: datetime
    zone: str

    def time_of(self, row: Row) -> datetime | None:
        """Return the time in *row*, or None if it cannot be read."""
        return own_time(row.get(self.column), self.zone)

    def takes(self, row: Row) -> bool:
        """Tell whether *row* belongs there; one whose time cannot be read may."""
        at = self.time_of(row)
        return at is None or self.first <= at <= self.last

    def is_past(self, rows: Sequence[Row]) -> bool:
        """Tell whether *rows*, if they come newest first, have gone by it."""
        times = [self.time_of(row) for row in rows]
        known = [at for at in times if at is not None]
        is_sorted = all(one >= other for one, other in pairwise(known))
        return is_sorted and len(known) == len(rows) > 0 and known[-1] < self.first


@dataclass(frozen=True)
class LogLines:
    """What has come: *rows* by the *columns* asked for, then those that came without being asked.

    *found* is how many lines there are, as far as that is known. *missing* columns were asked for
    and are in no row; *repeated* lines came twice and are left out; *timeless* ones have no
    readable time, so they stay. It *is_stuck* if the tracker went on showing the same lines, and
    ended with a *failure* if a later page did.
    """

    rows: list[Row]
    columns: list[str]
    found: int | None
    missing: list[str]
    repeated: int = 0
    timeless: int = 0
    is_stuck: bool = False
    failure: ExchangeError | None = None


def own_time(value: Any, zone: str) -> datetime | None:
    """Return the date and time in *value* by the clock on the wall of *zone*, where it has one."""
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None:
        return found
    try:
        return found.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError:
        # The first moments of the calendar, or the last, are not there in every zone.
        return None


def named(kind: str, row: Row, asked: Sequence[str]) -> Row:
    """Return *row* of a log of *kind* under the names that were *asked* for, then what is left."""
    aliases, used = _ALIASES[kind], set[str]()
    found: Row = {}
    for name in asked:
        alias = aliases.get(name, name)
        came = name if row.get(name) is not None or alias not in row else alias
        if came in row:
            found[name] = row[came]
            used.add(came)
    return found | {name: row[name] for name in row if name not in used | found.keys()}


def event_id(kind: str, row: Row, asked: Sequence[str]) -> str:
    """Return what *row*, as it came, is told apart from others by; empty where nothing does.

    In a log of conversions an `event_id` that nobody asked for may be that of a click.
    """
    own = f"{kind}_id"
    is_own = kind == "click" or not asked or own in asked or "event_id" in asked
    value = row.get(own) or (row.get("event_id") if is_own else None)
    return str(value) if value else ""
