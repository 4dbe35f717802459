"""When a rule is due by the clock on the wall of a time zone, in UTC seconds.

A local time that does not exist, since clocks are put forward, is due at the first moment after
the gap; one that comes twice is due the first time. What is due every hour comes once in each
real hour, whenever the clock shows its minute; where clocks are changed by half an hour, a minute
that comes again within the hour is left out.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.stats.rule import Rule

HOUR_SECONDS = 3600
SATURDAY = 5
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# A week has every day, and a calendar may have left one out.
DAYS_AROUND, HOURS_AROUND = 9, 2


def next_due(rule: Rule, zone: str, after: float) -> float:
    """Return the first moment after *after* at which *rule* is due."""
    return min(due for due in _around(rule, ZoneInfo(zone), after) if due > after)


def last_due(rule: Rule, zone: str, at: float) -> float:
    """Return the last moment up to *at* at which *rule* was due."""
    return max(due for due in _around(rule, ZoneInfo(zone), at) if due <= at)


def _around(rule: Rule, zone: ZoneInfo, at: float) -> Iterator[float]:
    """Yield due times before and after *at*, in any order."""
    if rule.every == "hour":
        yield from _hours(rule.minute, zone, at)
        return
    today = _local(at, zone).date()
    for days in range(-DAYS_AROUND, DAYS_AROUND + 1):
        day = today + timedelta(days=days)
        if _is_meant(rule, day):
            yield _moment(day, time(rule.hour, rule.minute), zone)


def _is_meant(rule: Rule, day: date) -> bool:
    if rule.every == "weekday":
        return day.weekday() < SATURDAY
    return rule.every in {"day", WEEKDAYS[day.weekday()]}


def _moment(day: date, clock: time, zone: ZoneInfo) -> float:
    """Return when the clock first shows *clock* on *day*, or the end of the gap it is lost in."""
    wall = datetime.combine(day, clock, zone)
    moment = wall.timestamp()
    if _local(moment, zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    # In a gap the second reading counts back from before it.
    before, after = int(wall.replace(fold=1).timestamp()), int(moment)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == _offset(after, zone):
            after = middle
        else:
            before = middle
    return float(after)


def _hours(minute: int, zone: ZoneInfo, at: float) -> Iterator[float]:
    """Yield the moments around *at* at which the clock shows *minute*."""
    around = range(-HOURS_AROUND, HOURS_AROUND + 1)
    offsets = {_offset(at + hours * HOUR_SECONDS, zone) for hours in around}
    for offset in offsets:
        shown = int(at + offset) // HOUR_SECONDS * HOUR_SECONDS + minute * 60 - offset
        for hours in around:
            moment = float(shown + hours * HOUR_SECONDS)
            if _offset(moment, zone) == offset and not _is_soon_again(moment, zone):
                yield moment


def _is_soon_again(moment: float, zone: ZoneInfo) -> bool:
    """Tell whether the clock showed the same minute less than an hour before."""
    before, now = _offset(moment - HOUR_SECONDS + 1, zone), _offset(moment, zone)
    seconds = (before - now) % HOUR_SECONDS
    return seconds > 0 and _offset(moment - seconds, zone) == before


def _local(moment: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone)


def _offset(moment: float, zone: ZoneInfo) -> int:
    offset = _local(moment, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
