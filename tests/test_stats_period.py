"""Periods become absolute dates, and so does what came before them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stats.period import Period, pack_period, unpack_period
from handlers.stats.period_titles import period_title
from handlers.stats.period_words import period_words
from handlers.stats.phrase import read_phrase
from handlers.stats.query import Query, unpacked

ZONES = [
    *("UTC", "Europe/Kyiv", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("Pacific/Apia", "America/St_Johns", "Africa/Casablanca"),
]
NOW = datetime(2026, 11, 23, 12, 30, 15, tzinfo=ZoneInfo("Europe/Kyiv"))
DATES = Period("dates", first=date(2026, 11, 1), last=date(2026, 11, 15))
OPEN = Period("dates", first=date(2026, 11, 1))


def borders(span):
    return span and f"{span.range()['from']} | {span.range()['to']}"


# Of each: the period, its dates, and those of the one before, as far as now has come.
SPANS = [
    (Period("day"), "2026-11-23 | 2026-11-23", "2026-11-22 00:00:00 | 2026-11-22 12:30:15"),
    (Period("day", ago=1), "2026-11-22 | 2026-11-22", "2026-11-21 | 2026-11-21"),
    (Period("day", ago=2), "2026-11-21 | 2026-11-21", "2026-11-20 | 2026-11-20"),
    (Period("day", 7), "2026-11-17 | 2026-11-23", "2026-11-10 00:00:00 | 2026-11-16 12:30:15"),
    (Period("week"), "2026-11-23 | 2026-11-23", "2026-11-16 00:00:00 | 2026-11-16 12:30:15"),
    (Period("week", ago=1), "2026-11-16 | 2026-11-22", "2026-11-09 | 2026-11-15"),
    (Period("month"), "2026-11-01 | 2026-11-23", "2026-10-01 00:00:00 | 2026-10-23 12:30:15"),
    (Period("month", ago=1), "2026-10-01 | 2026-10-31", "2026-09-01 | 2026-09-30"),
    (Period("month", 3), "2026-09-01 | 2026-11-23", "2026-06-01 00:00:00 | 2026-08-23 12:30:15"),
    (Period("year"), "2026-01-01 | 2026-11-23", "2025-01-01 00:00:00 | 2025-11-23 12:30:15"),
    (Period("year", ago=1), "2025-01-01 | 2025-12-31", "2024-01-01 | 2024-12-31"),
    (Period("all"), "2000-01-01 | 2026-11-23", None),
    (DATES, "2026-11-01 | 2026-11-15", "2026-10-17 | 2026-10-31"),
    (OPEN, "2026-11-01 | 2026-11-23", "2026-10-09 00:00:00 | 2026-10-31 12:30:15"),
    (
        Period("hour", 24),
        "2026-11-22 12:30:16 | 2026-11-23 12:30:15",
        "2026-11-21 12:30:16 | 2026-11-22 12:30:15",
    ),
]


@pytest.mark.parametrize(("period", "now", "before"), SPANS)
def test_a_period_has_dates_and_one_before_it(period, now, before):
    assert (borders(period.span(NOW)), borders(period.before(NOW))) == (now, before)


def test_dates_are_those_of_the_zone():
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert [
        Period("day").span(late.astimezone(ZoneInfo(zone))).range()
        for zone in ("UTC", "Asia/Tokyo")
    ] == [
        {"from": "2026-11-22", "to": "2026-11-22", "timezone": "UTC"},
        {"from": "2026-11-23", "to": "2026-11-23", "timezone": "Asia/Tokyo"},
    ]


def test_hours_are_counted_when_the_clocks_go_back():
    zone = ZoneInfo("America/New_York")
    now = datetime(2026, 11, 1, 12, 0, tzinfo=zone)

    assert borders(Period("hour", 24).span(now)) == "2026-10-31 13:00:01 | 2026-11-01 12:00:00"


@pytest.mark.parametrize(
    ("minutes", "span"),
    [
        (-61, "2026-10-25 01:59:01 | 2026-10-25 02:59:00 Europe/Kyiv"),
        (0, "2026-10-25 00:00:01 | 2026-10-25 01:00:00 UTC"),
        (30, "2026-10-25 00:30:01 | 2026-10-25 01:30:00 UTC"),
        (90, "2026-10-25 01:30:01 | 2026-10-25 02:30:00 UTC"),
        (150, "2026-10-25 02:30:01 | 2026-10-25 03:30:00 UTC"),
        (181, "2026-10-25 05:01:01 | 2026-10-25 06:01:00 Europe/Kyiv"),
    ],
)
def test_an_hour_that_comes_twice_is_told_by_a_clock_that_has_it_once(minutes, span):
    """In Kyiv the clock goes back from four to three, an hour after one in Greenwich is over."""
    changed = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    now = (changed + timedelta(minutes=minutes)).astimezone(ZoneInfo("Europe/Kyiv"))
    found = Period("hour").span(now)

    assert f"{borders(found)} {found.zone}" == span
    # What it is compared with is told by the same clock, and ends where it begins.
    before = Period("hour").before(now)
    assert before.zone == found.zone
    assert before.last == found.first - timedelta(seconds=1)


def test_a_longer_month_is_compared_up_to_the_last_day_of_a_shorter_one():
    now = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)

    assert borders(Period("month").before(now)) == "2026-02-01 00:00:00 | 2026-02-28 09:00:00"


PERIODS = st.one_of(
    st.builds(Period, st.sampled_from(["hour", "day"]), st.integers(1, 400)),
    st.builds(Period, st.sampled_from(["month", "year"]), st.integers(1, 10)),
    st.builds(
        Period,
        st.sampled_from(["day", "week", "month", "year"]),
        st.just(1),
        st.integers(0, 9),
    ),
    st.just(Period("all")),
    st.just(DATES),
    st.just(OPEN),
)
MOMENTS = st.builds(
    lambda seconds, zone: datetime.fromtimestamp(seconds, ZoneInfo(zone)),
    st.integers(1_795_700_000, 1_890_000_000),
    st.sampled_from(ZONES),
)


@settings(max_examples=300, deadline=None)
@given(PERIODS, MOMENTS)
def test_what_comes_before_ends_before_and_is_no_longer(period, now):
    span, before = period.span(now), period.before(now)

    assert span.first <= span.last
    if before:
        assert before.first <= before.last
        assert before.last.replace(tzinfo=ZoneInfo(before.zone)) < span.first.replace(
            tzinfo=ZoneInfo(span.zone)
        )


@settings(max_examples=300, deadline=None)
@given(PERIODS)
def test_a_period_is_packed_and_said_so_that_it_is_the_same_again(period):
    assert unpack_period(pack_period(period)) == period
    for language in ("en", "ru"):
        assert read_phrase(period_words(period, language)).query.period == period
        assert period_title(period, language)


def test_a_query_is_packed_and_asks_for_a_thousand_rows():
    query = read_phrase("yesterday country").query

    assert unpacked(query.packed()) == query
    assert query.payload(NOW)["limit"] == 1000
    assert Query("report", {"limit": 5}).payload(NOW) == {"limit": 5}
