"""A report as an answer: the table, what it covers, what is missing, the file."""

import csv
import json
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.render.report import Report, report_file, report_leaf
from handlers.texts import ENGLISH, RUSSIAN

AT = datetime(2026, 11, 23, 1, 30, tzinfo=ZoneInfo("Europe/Kyiv"))
ASKED = {"dimensions": ["campaign"], "measures": ["clicks", "cost"]}
ROWS = [
    {"campaign": "Alpha", "clicks": 5, "cost": "1.50"},
    {"campaign": "B<&", "clicks": 1000, "cost": 0},
]


def report(rows=ROWS, *, total=None, summary=None, **payload):
    found = len(rows) if total is None else total
    return Report(ASKED | payload, rows, found, summary, "tracker.example", AT)


def page_of(asked, texts, **how):
    return report_leaf(asked, texts, **how).page


def test_a_report_in_english():
    page = page_of(
        report(summary={"clicks": 1005, "cost": 1.5}, range={"interval": "today"}), ENGLISH
    )

    assert page.file is None
    assert page.buttons == ()
    assert (
        page.html
        == """\
✅ <code>tracker.example</code>
<pre>Total
Clicks 1,005
Cost    1.50

Campaign Clicks Cost
────────────────────
Alpha         5 1.50
B&lt;&amp;       1,000 0.00</pre>
<code>today</code> · time zone of the tracker
Rows 2 of 2
As of 2026-11-23 01:30 Europe/Kyiv"""
    )


def test_a_report_in_russian():
    page = page_of(report(ROWS[:1], total=70), RUSSIAN)

    assert (
        page.html
        == """\
✅ <code>tracker.example</code>
<pre>Кампания Клики Расход
─────────────────────
Alpha        5   1,50</pre>
Период – по умолчанию трекера
Строки: 1 из 70
Данные на 2026-11-23 01:30 Europe/Kyiv"""
    )


def test_a_report_without_rows():
    page = page_of(report([], range={"from": "2026-11-01", "to": "2026-11-02"}), ENGLISH)

    assert page.file is None
    assert (
        page.html
        == """\
✅ <b>No rows: the tracker found nothing for this.</b>

Tracker: <code>tracker.example</code>
2026-11-01 – 2026-11-02 · time zone of the tracker
Rows 0 of 0
As of 2026-11-23 01:30 Europe/Kyiv"""
    )


def test_rows_that_do_not_fit_are_in_a_file():
    rows = [{"campaign": f"=C{number}", "clicks": number, "cost": None} for number in range(60)]
    asked = report(rows, total=500)
    page, file = page_of(asked, ENGLISH, is_filed=True), report_file(asked)

    assert page.file is None
    assert file.name == "report-20261123-013000.csv"
    lines = list(csv.reader(file.content.decode("utf-8-sig").splitlines()))
    assert lines[0] == ["campaign", "clicks", "cost"]
    assert lines[1:] == [[f"'=C{number}", str(number), ""] for number in range(60)]
    assert (
        page.html.split("</pre>\n")[1]
        == """\
Period: the tracker's own default
Rows 1–31 of 500 · page 1 of 2
The first 60 rows are here.
All rows that came are in the file.
As of 2026-11-23 01:30 Europe/Kyiv"""
    )


def test_columns_that_did_not_come_are_named():
    payload = {
        "measures": ["clicks", "cost", "rpm", "<cr>"],
        "dimensions": ["campaign", "sub_id_7"],
    }
    page = page_of(report(**payload), ENGLISH)

    assert page.html.split("</pre>\n")[1].split("\n")[0] == (
        "<b>The tracker left out:</b> <code>sub_id_7</code>, <code>rpm</code>, <code>&lt;cr&gt;</code>"
    )


def test_of_many_columns_that_did_not_come_ten_are_named():
    page = page_of(report(measures=[f"m{number}" for number in range(13)]), RUSSIAN)

    names = ", ".join(f"<code>m{number}</code>" for number in range(10))
    assert f"\n<b>Трекер не прислал:</b> {names} … +3\n" in page.html


def test_columns_nobody_asked_for_are_shown_after_the_others():
    asked = Report(
        {"grouping": ["day"], "metrics": ["b"], "columns": ["a", "day", 7], "measures": "x"},
        [{"extra": 1, "a": 2, "b": 3, "day": "Mo"}],
        1,
        None,
        "tracker.example",
        AT,
    )

    assert asked.labels == ("day",)
    assert asked.figures == ("b", "a", "extra")
    assert asked.dropped == ()


def test_without_rows_nothing_is_known_to_be_missing():
    assert report([]).dropped == ()


def test_of_many_columns_twelve_are_shown_and_the_file_has_all():
    rows = [{"campaign": "A", **{f"c{number}": number for number in range(10_000)}}]
    asked = report(rows, measures=[])
    page, file = page_of(asked, ENGLISH), report_file(asked)
    table, _, footer = page.html.partition("</pre>\n")

    assert table.split("\n")[2] == "  c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 c10 c11"
    assert footer.split("\n")[1:] == [
        "Rows 1 of 1",
        "Columns of figures 12 of 10,000: a file has all of them.",
        "As of 2026-11-23 01:30 Europe/Kyiv",
    ]
    assert file.name == "report-20261123-013000.csv"
    assert len(file.content.decode("utf-8-sig").split("\r\n")[0].split(",")) == 10_001


def test_rows_with_a_column_of_their_own_each_come_as_json():
    """As a table they would be nine million cells, all but three thousand empty."""
    rows = [{f"c{number}": number} for number in range(3000)]
    file = report_file(report(rows))

    assert file.name == "report-20261123-013000.json"
    assert json.loads(file.content) == rows


def test_thousands_of_names_are_sorted_out_in_one_pass():
    """Ten thousand names looked up in a list of ten thousand would take seconds."""
    names = [f"c{number}" for number in range(40_000)]
    asked = report([dict.fromkeys(names[10_000:], 1)], dimensions=names[:20_000], measures=names)

    begun = time.process_time()
    assert asked.labels == tuple(names[:20_000])
    assert asked.asked_figures == tuple(names[20_000:])
    assert asked.figures == tuple(names[20_000:])
    assert asked.dropped == tuple(names[:10_000])
    assert time.process_time() - begun < 1.0


DEFAULT = "Period: the tracker's own default"


@pytest.mark.parametrize(
    ("span", "line"),
    [
        (None, DEFAULT),
        ("today", DEFAULT),
        ({}, f"{DEFAULT} · time zone of the tracker"),
        ({"timezone": "UTC"}, f"{DEFAULT} · UTC"),
        (
            {"from": "2026-11-01", "to": "2026-11-02", "timezone": "UTC"},
            "2026-11-01 – 2026-11-02 · UTC",
        ),
        ({"from": "2026-11-01 00:00"}, "2026-11-01 00:00 – … · time zone of the tracker"),
        (
            {"from": "2026-11-22", "to": "2026-11-22", "timezone": "UTC"},
            "2026-11-22 · UTC",
        ),
        (
            {"from": "2026-11-22 07:00:01", "to": "2026-11-22 12:00:00", "timezone": "UTC"},
            "2026-11-22 07:00 – 12:00 · UTC",
        ),
        (
            {"from": "2026-11-21 13:00:01", "to": "2026-11-22 12:00:00", "timezone": "UTC"},
            "2026-11-21 13:00 – 2026-11-22 12:00 · UTC",
        ),
        ({"to": "<b>"}, "… – &lt;b&gt; · time zone of the tracker"),
        # Half past one at night in Kyiv is still yesterday in London.
        ({"interval": "today", "timezone": "UTC"}, "2026-11-22 (<code>today</code>) · UTC"),
        (
            {"interval": "today", "timezone": "Europe/Kyiv"},
            "2026-11-23 (<code>today</code>) · Europe/Kyiv",
        ),
        (
            {"interval": "yesterday", "timezone": "Europe/Kyiv"},
            "2026-11-22 (<code>yesterday</code>) · Europe/Kyiv",
        ),
        ({"interval": "yesterday"}, "<code>yesterday</code> · time zone of the tracker"),
        ({"interval": "7_days_ago", "timezone": "UTC"}, "<code>7_days_ago</code> · UTC"),
        ({"interval": 7, "timezone": "UTC"}, "<code>7</code> · UTC"),
        ({"interval": "today", "timezone": "Mars/Base"}, "<code>today</code> · Mars/Base"),
        ({"interval": "today", "timezone": "Europe"}, "<code>today</code> · Europe"),
        ({"interval": "today", "timezone": "../UTC"}, "<code>today</code> · ../\u2060UTC"),
        ({"interval": "today", "timezone": "z" * 300}, f"<code>today</code> · {'z' * 39}…"),
        ({"interval": "today", "timezone": 3}, "<code>today</code> · 3"),
    ],
)
def test_the_period_is_told_as_it_was_asked_for(span, line):
    page = page_of(report(range=span), ENGLISH)

    assert page.html.split("</pre>\n")[1].split("\n")[0] == line
