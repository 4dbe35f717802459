"""The clock of schedules: compared with a walk through two years, quarter of an hour by quarter."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.stats.rule import Rule, pack_rule, unpack_rule
from handlers.stats.timetable import last_due, next_due

# One without changes, changes by an hour and by half of one, at midnight, against the sun, a
# quarter of an hour off, and a day that is missing.
ZONES = (
    "UTC",
    "Europe/Kyiv",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Pacific/Apia",
)
# In these years Sao Paulo still changed at midnight, and Apia left out a Friday.
YEARS = {"America/Sao_Paulo": 2017, "Pacific/Apia": 2011}
RULES = (
    Rule("hour", minute=0),
    Rule("hour", minute=15),
    Rule("hour", minute=45),
    Rule("day", 0, 0),
    Rule("day", 0, 30),
    Rule("day", 1, 45),
    Rule("day", 2, 30),
    Rule("day", 9, 0),
    Rule("day", 23, 45),
    Rule("weekday", 2, 15),
    Rule("monday", 9, 0),
    Rule("friday", 9, 0),
    Rule("sunday", 2, 0),
    Rule("sunday", 1, 30),
)
QUARTER = 900
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def begin_of(zone: str) -> int:
    return int(datetime(YEARS.get(zone, 2026), 1, 1, tzinfo=UTC).timestamp())


def end_of(zone: str) -> int:
    return int(datetime(YEARS.get(zone, 2026) + 2, 1, 1, tzinfo=UTC).timestamp())


def walls(zone: str) -> list[tuple[int, datetime]]:
    """Return every quarter of two years, with what the clock on the wall shows then."""
    tz = ZoneInfo(zone)
    moments = range(begin_of(zone), end_of(zone), QUARTER)
    return [(at, datetime.fromtimestamp(at, tz).replace(tzinfo=None)) for at in moments]


def is_day_of(rule: Rule, wall: datetime) -> bool:
    if rule.every == "weekday":
        return wall.weekday() < 5
    return rule.every == "day" or DAYS[wall.weekday()] == rule.every


def walked(rule: Rule, quarters: list[tuple[int, datetime]]) -> list[int]:
    """Return when *rule* is due, by looking at the clock again and again, as a person would."""
    due: list[int] = []
    if rule.every == "hour":
        for at, wall in quarters:
            if wall.minute == rule.minute and (not due or at - due[-1] >= 3600):
                due.append(at)
        return due
    done = set()
    for (_, before), (at, wall) in itertools.pairwise(quarters):
        # Where clocks were put forward, whatever was skipped is due now.
        skipped = range(1, int((wall - before).total_seconds()) // QUARTER)
        lost = [before + timedelta(seconds=QUARTER * step) for step in skipped]
        is_due = False
        for one in (*lost, wall):
            is_time = (one.hour, one.minute) == (rule.hour, rule.minute)
            if is_time and is_day_of(rule, one) and one not in done:
                done.add(one)
                is_due = True
        if is_due:
            due.append(at)
    return due


@pytest.fixture(scope="module", params=ZONES)
def quarters(request) -> tuple[str, list[tuple[int, datetime]]]:
    return request.param, walls(request.param)


def test_two_years_are_due_as_somebody_who_looks_at_the_clock_finds(quarters):
    zone, looked_at = quarters
    found, expected = {}, {}
    for rule in RULES:
        at, due = float(looked_at[0][0]), []
        while (at := next_due(rule, zone, at)) <= looked_at[-1][0]:
            due.append(int(at))
        found[rule] = due
        expected[rule] = [at for at in walked(rule, looked_at) if at > looked_at[0][0]]

    assert found == expected


@pytest.mark.parametrize("zone", ZONES)
def test_what_was_due_last_is_what_is_due_next_from_before_it(zone):
    for rule in RULES:
        at = begin_of(zone) + 12_345.6
        while at < end_of(zone):
            last = last_due(rule, zone, at)
            assert last <= at < next_due(rule, zone, at)
            assert next_due(rule, zone, last - 0.5) == last == last_due(rule, zone, last)
            at += 86_400 * 11 + 1_234


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("minute", [0, 45])
def test_every_hour_is_once_an_hour(zone, minute):
    """Only where half an hour is put in or left out, one is as much longer, and none is shorter."""
    rule = Rule("hour", minute=minute)
    at, steps = next_due(rule, zone, begin_of(zone)), set()
    while at < end_of(zone):
        following = next_due(rule, zone, at)
        steps.add(following - at)
        at = following

    assert steps <= ({3600, 5400} if zone == "Australia/Lord_Howe" else {3600})


def test_a_time_that_is_lost_is_due_after_the_gap_and_one_that_comes_twice_only_once():
    def said(rule: Rule, zone: str, *, after: str) -> str:
        at = next_due(rule, zone, datetime.fromisoformat(after).timestamp())
        return datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat()

    new_york = Rule("day", 2, 30), "America/New_York"
    assert said(*new_york, after="2026-03-08T00:00-05:00") == "2026-03-08T03:00:00-04:00"
    assert said(*new_york, after="2026-03-08T03:00-04:00") == "2026-03-09T02:30:00-04:00"
    kyiv = Rule("sunday", 3, 15), "Europe/Kyiv"
    assert said(*kyiv, after="2026-10-25T00:00+03:00") == "2026-10-25T03:15:00+03:00"
    assert said(*kyiv, after="2026-10-25T03:15+03:00") == "2026-11-01T03:15:00+02:00"
    apia = Rule("friday", 9), "Pacific/Apia"
    assert said(*apia, after="2011-12-29T23:00-10:00") == "2011-12-31T00:00:00+14:00"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_kept_as_it_is(rule):
    kept = unpack_rule(pack_rule(rule))

    assert kept.time == rule.time
    assert pack_rule(kept) == pack_rule(rule)
    assert next_due(kept, "UTC", 0.0) == next_due(rule, "UTC", 0.0)
