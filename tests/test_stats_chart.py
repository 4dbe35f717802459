"""What is drawn of a report: which lines or bars, and what they are called."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from handlers.render.report import Report
from handlers.stats.charting import chart_for
from handlers.texts import ENGLISH, RUSSIAN
from paper import Series

WEEK = {"from": "2026-11-20", "to": "2026-11-22", "timezone": "UTC"}


def report(rows: list[dict[str, Any]], **payload: Any) -> Report:
    """Return a report with *rows*; its columns are theirs unless *payload* names them."""
    asked = {"range": WEEK, "dimensions": ["day"], "measures": ["clicks"], **payload}
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return Report(asked, rows, len(rows), None, "tracker.example", at, words="3 days by day")


def test_days_make_lines_and_a_missing_day_a_gap():
    rows = [
        {"day": "2026-11-22", "clicks": 5, "cost": "1.50", "roi": None},
        {"day": "2026-11-20", "clicks": 7, "cost": 2, "roi": -12.5},
    ]
    chart = chart_for(report(rows, measures=["clicks", "cost", "roi"]), ENGLISH)

    assert chart is not None
    assert (chart.kind, chart.labels) == ("lines", ("11-20", "11-21", "11-22"))
    assert chart.series == (
        Series("Clicks", (7.0, None, 5.0), "count"),
        Series("Cost", (2.0, None, 1.5), "money"),
        Series("ROI", (-12.5, None, None), "percent"),
    )
    assert chart.title == "3 days by day"
    assert chart.footer == ("tracker.example · 2026-11-20 – 2026-11-22 · UTC",)


def test_weeks_make_lines_under_the_names_that_the_tracker_gives_them():
    rows = [{"week": "2026-45", "clicks": 5}, {"week": "2026-47", "clicks": 7}]
    chart = chart_for(report(rows, dimensions=["week"]), ENGLISH)

    assert chart is not None
    assert (chart.kind, chart.labels) == ("lines", ("2026-45", "2026-46", "2026-47"))
    assert chart.series == (Series("Clicks", (5.0, None, 7.0), "count"),)


def test_figures_that_only_crowd_a_chart_are_left_out():
    names = ["clicks", "conversions", "cost", "revenue", "profit", "epc", "roi", "cr"]
    rows = [{"day": f"2026-11-2{n}", **dict.fromkeys(names, n)} for n in (0, 1)]
    chart = chart_for(report(rows, measures=names), ENGLISH)

    assert chart is not None
    assert [one.name for one in chart.series] == ["Clicks", "Cost", "Rev", "Profit", "ROI"]


def test_names_by_day_make_a_line_each_the_largest_first():
    rows = [
        {"day": "2026-11-20", "country": "Austria", "clicks": 3},
        {"day": "2026-11-21", "country": "Germany", "clicks": 9},
        {"day": "2026-11-22", "country": "Austria", "clicks": 4},
    ]
    chart = chart_for(report(rows, dimensions=["country", "day"]), RUSSIAN)

    assert chart is not None
    assert chart.series == (
        Series("Germany", (None, 9.0, None)),
        Series("Austria", (3.0, None, 4.0)),
    )
    assert chart.title == "3 days by day · Клики"
    assert (chart.group, chart.point) == (RUSSIAN.numbers.group, ",")


def test_hours_are_called_as_a_clock_does():
    rows = [{"hour": hour, "clicks": hour} for hour in (9, 11)]
    chart = chart_for(report(rows, dimensions=["hour"]), ENGLISH)

    assert chart is not None
    assert chart.labels == ("09:00", "10:00", "11:00")


def test_hours_of_days_are_called_by_both():
    rows = [{"day_hour": f"2026-11-21 {hour}:00", "clicks": 1} for hour in (22, 23)]
    rows.append({"day_hour": "2026-11-22 00:00", "clicks": 2})
    chart = chart_for(report(rows, dimensions=["day_hour"]), ENGLISH)

    assert chart is not None
    assert chart.labels == ("11-21 22:00", "11-21 23:00", "11-22 00:00")


def test_names_alone_make_bars_of_what_they_are_sorted_by():
    rows = [
        {"campaign_id": 12, "campaign": "A" * 60, "clicks": 9, "profit": -1.5},
        {"campaign_id": 13, "campaign": "$x^2$ <b>", "clicks": 8, "profit": "oops"},
        {"campaign_id": 14, "campaign": None, "clicks": 7, "profit": 2},
    ]
    chart = chart_for(
        report(
            rows,
            dimensions=["campaign_id", "campaign"],
            measures=["clicks", "profit"],
            sort=[{"name": "profit", "order": "ASC"}],
        ),
        ENGLISH,
    )

    assert chart is not None
    assert (chart.kind, chart.title) == ("bars", "3 days by day")
    assert chart.labels == ("12 " + "A" * 36 + "…", "14 –")
    assert chart.series == (Series("Profit", (-1.5, 2.0), "money"),)


def test_nothing_is_drawn_of_nothing():
    assert chart_for(report([]), ENGLISH) is None
    assert chart_for(report([{"day": "2026-11-20"}]), ENGLISH) is None
    assert chart_for(report([{"day": "2026-11-20", "clicks": None}]), ENGLISH) is None


def test_a_chart_of_a_part_of_the_rows_says_so():
    rows = [{"country": "Germany", "clicks": 9}, {"country": "Austria", "clicks": 3}]
    part = replace(report(rows, dimensions=["country"]), total=4321)
    unknown = replace(part, total=None)

    assert [chart_for(one, ENGLISH).footer[1:] for one in (part, unknown)] == [
        ("Rows 2 of 4,321",),
        ("Rows 2 of ?",),
    ]
