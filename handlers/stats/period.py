"""Which time figures are of: as people say it, and the absolute dates that are sent for it.

A tracker's own names of intervals are not to be trusted (one takes in a day too many, another
reaches 41 days back), so dates are worked out here, in a time zone that goes with them.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

Unit = Literal["hour", "day", "week", "month", "year", "dates", "all"]
FIRST_DAY = date(2000, 1, 1)
DAYS_IN_WEEK = 7
MONTHS = 12
DATE, MOMENT = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"
DAY_BEGINS, DAY_ENDS = time(0, 0, 0), time(23, 59, 59)


@dataclass(frozen=True)
class Span:
    """From *first* to *last*, both within, by the clock on the wall of *zone*, an IANA name."""

    first: datetime
    last: datetime
    zone: str

    @property
    def is_whole_days(self) -> bool:
        """Whether it begins and ends with a day."""
        return self.first.time() == DAY_BEGINS and self.last.time() == DAY_ENDS

    def range(self) -> dict[str, str]:
        """Return the `range` of a request to the tracker."""
        form = DATE if self.is_whole_days else MOMENT
        return {
            "from": self.first.strftime(form),
            "to": self.last.strftime(form),
            "timezone": self.zone,
        }


@dataclass(frozen=True)
class Period:
    """So many *unit*s, ending *ago* of them before the running one; or *dates*, or *all* time.

    `Period("day")` is today, `Period("day", ago=1)` yesterday, `Period("day", 7)` the last seven
    days with today, `Period("month", ago=1)` the last whole month. Hours count back from now.
    """

    unit: Unit
    count: int = 1
    ago: int = 0
    first: date | None = None
    last: date | None = None

    def span(self, now: datetime) -> Span:
        """Return its dates at the moment *now*, which knows its zone."""
        if self.unit == "hour":
            return _hours(now, self.count)
        first, last = self._days(now.date())
        return _whole(first, last, now)

    def before(self, now: datetime) -> Span | None:
        """Return the period of the same length before it, as far as *now* has come in this one.

        There is none before all time.
        """
        if self.unit == "all":
            return None
        if self.unit == "hour":
            return _hours(now, self.count, ago=1)
        first, last = self._days(now.date())
        if self.unit in {"month", "year"}:
            months = self.count * (MONTHS if self.unit == "year" else 1)
            start = _months_before(first, months)
            end = first - timedelta(days=1)
            reached = _months_before(now.date(), months)
        else:
            is_calendar = self.unit == "week"
            length = DAYS_IN_WEEK * self.count if is_calendar else (last - first).days + 1
            start, end = first - timedelta(days=length), first - timedelta(days=1)
            reached = now.date() - timedelta(days=length)
        if not first <= now.date() <= last:
            return _whole(start, end, now)
        moment = now.replace(tzinfo=None, microsecond=0).time()
        return Span(_begin(start), datetime.combine(min(reached, end), moment), _zone(now))

    def _days(self, today: date) -> tuple[date, date]:
        match self.unit:
            case "week":
                monday = today - timedelta(days=today.weekday())
                return _run(monday, DAYS_IN_WEEK, self.count, self.ago, today)
            case "month":
                return self._months(today.replace(day=1), 1, today)
            case "year":
                return self._months(today.replace(month=1, day=1), MONTHS, today)
            case "dates":
                return self.first or today, self.last or today
            case "all":
                return FIRST_DAY, today
            case _:
                return _run(today, 1, self.count, self.ago, today)

    def _months(self, running: date, each: int, today: date) -> tuple[date, date]:
        first = _months_before(running, each * (self.ago + self.count - 1))
        after = _months_before(running, each * (self.ago - 1))
        return first, min(after - timedelta(days=1), today)


def _run(running: date, days: int, count: int, ago: int, today: date) -> tuple[date, date]:
    first = running - timedelta(days=days * (ago + count - 1))
    last = running + timedelta(days=days * (1 - ago) - 1)
    return first, min(last, today)


def _months_before(day: date, months: int) -> date:
    """Return the same day so many months before, or the last one of a shorter month."""
    index = day.year * MONTHS + day.month - 1 - months
    year, month = divmod(index, MONTHS)
    longest = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, longest))


def _hours(now: datetime, count: int, ago: int = 0) -> Span:
    # By the clock on the wall an hour may be missing or come twice, so it is counted in seconds.
    ends = [int(now.timestamp()) - 3600 * count * back for back in range(3)]
    if any(_comes_twice(datetime.fromtimestamp(end, now.tzinfo)) for end in ends):
        # It does not tell which, and may say that an hour ends before it begins.
        now = now.astimezone(ZoneInfo("UTC"))
    start, end = (
        datetime.fromtimestamp(at, now.tzinfo).replace(tzinfo=None)
        for at in (ends[ago + 1] + 1, ends[ago])
    )
    return Span(start, end, _zone(now))


def _comes_twice(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def _whole(first: date, last: date, now: datetime) -> Span:
    return Span(_begin(first), datetime.combine(last, DAY_ENDS), _zone(now))


def _begin(day: date) -> datetime:
    return datetime.combine(day, DAY_BEGINS)


def _zone(now: datetime) -> str:
    return str(now.tzinfo)


def pack_period(period: Period) -> dict[str, Any]:
    """Return *period* as JSON."""
    return {
        "unit": period.unit,
        "count": period.count,
        "ago": period.ago,
        "first": period.first.isoformat() if period.first else None,
        "last": period.last.isoformat() if period.last else None,
    }


def unpack_period(raw: dict[str, Any]) -> Period:
    """Return the period that `pack_period` has packed."""
    first, last = (date.fromisoformat(raw[key]) if raw[key] else None for key in ("first", "last"))
    return Period(raw["unit"], raw["count"], raw["ago"], first, last)
