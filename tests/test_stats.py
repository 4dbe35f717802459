"""`/stats`: the figures of the tracker, as they are."""

import csv
import io
import json
from typing import Any

import pytest

from sandbox.keitaro import Keitaro
from sandbox.keitaro.reports import build_report
from sandbox.keitaro.state import Call
from tests.conftest import Clock, Room

TODAY = {"interval": "today", "timezone": "UTC"}
FOOTER = "As of 2026-11-22 12:00 UTC"


@pytest.fixture
def keitaro(keitaro: Keitaro) -> Keitaro:
    """A tracker with the clicks of three streams today, and of one yesterday."""
    keitaro.buckets = []
    for stream_id, country, clicks, cost, sales in (
        (12, "DE", 1200, 30.5, 4),
        (12, "AT", 300, 7.25, 0),
        (16, "DE", 80, 2, 1),
        (45, "US", 7, 0, 0),
    ):
        keitaro.record(
            stream_id,
            country_code=country,
            clicks=clicks,
            cost=cost,
            sales=sales,
            sale_revenue=sales * 20,
        )
    keitaro.record(12, at=keitaro.now() - 86_400, clicks=5, cost=0.125)
    return keitaro


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(now=clock, empty=True)


async def stats(room: Room, payload: Any, **how: Any) -> str:
    """Ask for figures and return the one answer."""
    return await room.ask(f"/stats {json.dumps(payload)}", **how)


def report(**payload: Any) -> dict[str, Any]:
    """Return a request for today's clicks by campaign, but for what *payload* says."""
    return {"range": TODAY, "dimensions": ["campaign"], "measures": ["clicks"], **payload}


async def test_a_few_columns_make_a_grid(linked: Room):
    asked = report(measures=["clicks", "cost", "sales", "sale_revenue"], summary=True)

    assert await stats(linked, asked) == (
        "✅ tracker.example\n"
        "Total\n"
        "Clicks  1,587\n"
        "Cost    39.75\n"
        "Sales       5\n"
        "SaleRev   100\n"
        "\n"
        "Campaign   Clicks  Cost Sales SaleRev\n"
        "─────────────────────────────────────\n"
        "Garden DE   1,500 37.75     4      80\n"
        "Mower DACH     80  2.00     1      20\n"
        "Camping CA      7  0.00     0       0\n"
        "2026-11-22 (today) · UTC\n"
        "Rows 3 of 3\n"
        "As of 2026-11-22 12:00 UTC"
    )


async def test_many_columns_stand_below_the_names(linked: Room):
    measures = ["clicks", "cost", "sales", "sale_revenue", "profit", "roi"]
    asked = report(dimensions=["country", "campaign"], measures=measures, summary=True, limit=1)

    assert await stats(linked, asked) == (
        "✅ tracker.example\n"
        "Total\n"
        "Clicks  1,587\n"
        "Cost    39.75\n"
        "Sales       5\n"
        "SaleRev   100\n"
        "Profit  60.25\n"
        "ROI      152%\n"
        "\n"
        "Country · Campaign\n"
        "Clicks  Cost Sales SaleRev Profit  ROI\n"
        "──────────────────────────────────────\n"
        "Germany · Garden DE\n"
        " 1,200 30.50     4      80  49.50 162%\n"
        "2026-11-22 (today) · UTC\n"
        "Rows 1 of 4\n"
        "As of 2026-11-22 12:00 UTC"
    )


async def test_the_same_in_russian(room: Room):
    vera = room.telegram.person("Vera", language_code="ru")
    group = room.telegram.group("Traffic", vera)
    await room.link(to=group)
    await room.grant(vera, group, "viewer")
    asked = report(measures=["clicks", "cost"], summary=True, limit=1)

    assert await stats(room, asked, by=vera, to=group) == (
        "✅ tracker.example\n"
        "Итого\n"
        "Клики  1\u00a0587\n"
        "Расход 39,75\n"
        "\n"
        "Кампания  Клики Расход\n"
        "──────────────────────\n"
        "Garden DE 1\u00a0500  37,75\n"
        "2026-11-22 (today) · UTC\n"
        "Строки: 1 из 3\n"
        "Данные на 2026-11-22 12:00 UTC"
    )


GRID = (
    "✅ tracker.example\n"
    "Sum of the rows\n"
    "Clicks 1,587\n"
    "\n"
    "Campaign   Clicks\n"
    "─────────────────\n"
    "Garden DE   1,500\n"
    "Mower DACH     80\n"
    "Camping CA      7\n"
    "2026-11-22 (today) · UTC\n"
    "Rows 3 of 3\n"
    "As of 2026-11-22 12:00 UTC"
)


async def test_old_names_and_new_ones_give_the_same(linked: Room):
    payloads = [
        {"range": TODAY, "dimensions": ["campaign"], "measures": ["clicks"]},
        {"range": TODAY, "grouping": ["campaign"], "metrics": ["clicks"]},
        {"range": TODAY, "grouping": ["campaign"], "measures": ["clicks"]},
        {"range": TODAY, "dimensions": ["campaign"], "columns": ["clicks"]},
        {"range": TODAY, "dimensions": ["campaign"], "columns": ["campaign", "clicks"]},
    ]

    assert [await stats(linked, payload) for payload in payloads] == [GRID] * len(payloads)
    assert [request.body for request in linked.keitaro.requests] == payloads


async def test_columns_the_tracker_drops_are_named(linked: Room):
    """The tracker says nothing about a measure it does not know."""
    asked = report(measures=["nope_1", "clicks", "<b>"], limit=2)

    assert await stats(linked, asked) == (
        "✅ tracker.example\n"
        "Sum of 2 rows of 3\n"
        "Clicks 1,580\n"
        "\n"
        "Campaign   Clicks\n"
        "─────────────────\n"
        "Garden DE   1,500\n"
        "Mower DACH     80\n"
        "The tracker left out: nope_1, <b>\n"
        "2026-11-22 (today) · UTC\n"
        "Rows 2 of 3\n"
        "As of 2026-11-22 12:00 UTC"
    )


async def test_ten_dropped_columns_are_named_and_the_others_counted(linked: Room):
    answer = await stats(linked, report(measures=["clicks", *(f"n{i}" for i in range(12))]))

    assert "The tracker left out: n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 … +2\n" in answer


async def test_figures_without_dimensions(linked: Room):
    assert await stats(linked, {"range": TODAY, "measures": ["clicks"]}) == (
        "✅ tracker.example\n"
        "Total\n"
        "Clicks 1,587\n"
        "2026-11-22 (today) · UTC\n"
        "Rows 1 of 1\n"
        "As of 2026-11-22 12:00 UTC"
    )


async def test_nothing_found_is_said_and_is_no_failure(linked: Room):
    asked = report(range={"from": "2001-01-01", "to": "2001-01-02", "timezone": "Europe/Kyiv"})

    assert await stats(linked, asked) == (
        "✅ No rows: the tracker found nothing for this.\n"
        "\n"
        "Tracker: tracker.example\n"
        "2001-01-01 – 2001-01-02 · Europe/Kyiv\n"
        "Rows 0 of 0\n"
        "As of 2026-11-22 12:00 UTC"
    )


PERIODS: list[tuple[dict[str, str] | None, str]] = [
    (None, "Period: the tracker's own default"),
    ({}, "Period: the tracker's own default · time zone of the tracker"),
    ({"interval": "yesterday"}, "yesterday · time zone of the tracker"),
    ({"interval": "yesterday", "timezone": "UTC"}, "2026-11-21 (yesterday) · UTC"),
    (
        {"interval": "today", "timezone": "Pacific/Kiritimati"},
        "2026-11-23 (today) · Pacific/Kiritimati",
    ),
    ({"interval": "7_days_ago", "timezone": "UTC"}, "7_days_ago · UTC"),
    ({"from": "2026-11-20"}, "2026-11-20 – … · time zone of the tracker"),
]


async def test_the_period_is_said_as_far_as_it_is_sure(linked: Room):
    lines = []
    for asked, _ in PERIODS:
        body = {"rows": [{"campaign": "A", "clicks": 1}], "total": 1}
        linked.keitaro.fail(status=200, body=body)
        payload = {"measures": ["clicks"]} if asked is None else report(range=asked)
        lines.append((await stats(linked, payload)).splitlines()[-3:])

    assert lines == [[line, "Rows 1 of 1", FOOTER] for _, line in PERIODS]


async def test_the_hour_is_that_of_the_chat(linked: Room):
    await linked.say("/settings timezone Asia/Kolkata")

    answer = await stats(linked, report())
    assert answer.splitlines()[-1] == "As of 2026-11-22 17:30 Asia/Kolkata"


async def test_more_rows_than_fit_come_as_a_table_that_equals_the_trackers(linked: Room):
    keitaro = linked.keitaro
    for number in range(90):
        country = ("DE", "AT", "US")[number % 3]
        keitaro.record(11 + number % 40, country_code=country, clicks=number, cost=number / 8)
    asked = report(dimensions=["stream_id", "country"], measures=["clicks", "cost"])
    rows = build_report(keitaro, Call(0, {}, asked))["rows"]
    text, document = await linked.say(f"/stats {json.dumps(asked)}")
    found = list(csv.reader(io.StringIO(linked.telegram.document(document).decode("utf-8-sig"))))

    assert len(rows) > 30
    assert text["text"].splitlines()[-3:] == [
        f"Rows 1–31 of {len(rows)} · page 1 of 3",
        "All rows that came are in the file.",
        FOOTER,
    ]
    assert document["document"]["file_name"] == "report-20261122-120000.csv"
    assert found == [
        ["stream_id", "country", "clicks", "cost"],
        *([str(value) for value in row.values()] for row in rows),
    ]


async def test_a_limit_is_not_taken_for_all_there_is(linked: Room):
    rows = [{"campaign": f"C{number}", "clicks": number} for number in range(40)]
    linked.keitaro.fail(status=200, body={"rows": rows, "total": 465})
    text, document = await linked.say(f"/stats {json.dumps(report(limit=40))}")

    assert text["text"].splitlines()[-4:] == [
        "Rows 1–31 of 465 · page 1 of 2",
        "The first 40 rows are here.",
        "All rows that came are in the file.",
        FOOTER,
    ]
    assert linked.telegram.document(document).decode("utf-8-sig").count("\r\n") == 41


async def test_the_file_goes_to_the_topic_of_the_command(room: Room):
    forum = room.telegram.group("Traffic", room.owner, forum=True)
    await room.link(to=forum)
    thread = forum.topic("Alerts")
    rows = [{"campaign": f"C{number}", "clicks": number} for number in range(40)]
    room.keitaro.fail(status=200, body={"rows": rows})
    answers = await room.say(f"/stats {json.dumps(report())}", to=forum, thread=thread)

    assert [answer["message_thread_id"] for answer in answers] == [thread, thread]


async def test_figures_of_any_kind_are_shown_as_they_are(linked: Room):
    """A huge number is neither rounded nor written out, no value is no zero."""
    rows = [
        {"campaign": "A", "clicks": 10**30},
        {"campaign": None, "clicks": "1e9999999"},
        {"campaign": "B & <b>", "clicks": -3},
        {"campaign": "", "clicks": None},
        {"campaign": "=1+1", "clicks": "12.50"},
        {"campaign": "\u202eevil\n✅ done", "clicks": 0},
        {"campaign": "X"},
    ]
    linked.keitaro.fail(status=200, body={"rows": rows, "total": 7})

    assert await stats(linked, report()) == (
        "✅ tracker.example\n"
        "Campaign               Clicks\n"
        "─────────────────────────────\n"
        "A        1000000000000000000…\n"
        "–                   1e9999999\n"
        "B & <b>                 −3.00\n"
        "–                           –\n"
        "=1+1                    12.50\n"
        "⟨U+202E⟩evil␊✅ done\n"
        "                         0.00\n"
        "X                           ?\n"
        "2026-11-22 (today) · UTC\n"
        "Rows 7 of 7\n"
        "As of 2026-11-22 12:00 UTC"
    )


async def test_an_odd_total_never_counts_less_than_what_is_shown(linked: Room):
    odd = (465, "465", None, True, 0, "many", [465])
    lines = []
    for total in odd:
        body = {"rows": [{"campaign": "A", "clicks": 1}], "total": total, "summary": [1]}
        linked.keitaro.fail(status=200, body=body)
        lines.append((await stats(linked, report())).splitlines()[-2])

    assert lines == ["Rows 1 of 465", "Rows 1 of 465", *["Rows 1 of 1"] * 5]


SHAPE = "❌ The answer does not match the question"
NOT_JSON = "❌ The answer is not what the Admin API sends"


SHAPES = {
    b"{}": SHAPE,
    b'{"total": 0}': SHAPE,
    b'{"rows": null, "total": 0}': SHAPE,
    b'{"rows": {}}': SHAPE,
    b'{"rows": "none"}': SHAPE,
    b'{"rows": [1]}': SHAPE,
    b'{"rows": [{"campaign": "A"}, []]}': SHAPE,
    b"[]": SHAPE,
    b'[{"campaign": "A", "clicks": 1}]': SHAPE,
    b'"rows"': SHAPE,
    b"null": SHAPE,
    b"5": SHAPE,
    b'{"error": "Oops"}': SHAPE,
    b"": NOT_JSON,
    b'{"rows": [{"clicks": 1': NOT_JSON,
    b'{"rows": [{"clicks": NaN}]}': NOT_JSON,
    b'{"rows": [{"clicks": 1e999}]}': NOT_JSON,
    b'{"rows": [{"clicks": %b}]}' % (b"1" * 4301): NOT_JSON,
    b"[" * 5000: NOT_JSON,
    b'{"rows": [{"campaign": "\xff"}]}': NOT_JSON,
}


async def test_an_answer_of_another_shape_is_no_report(linked: Room):
    said = {}
    for body in SHAPES:
        linked.keitaro.fail(status=200, body=body)
        said[body] = await stats(linked, {"measures": ["clicks"]})

    request = (
        "\n"
        "\n"
        "Try again in a minute; /status says where it fails.\n"
        "Request\n"
        "POST https://tracker.example/admin_api/v1/report/build\n"
        "Api-Key: ••••2222\n"
        "Operation: report.build\n"
        "{\n"
        ' "measures": [\n'
        '  "clicks"\n'
        " ]\n"
        "}"
    )
    assert said == {body: headline + request for body, headline in SHAPES.items()}
    assert len(linked.keitaro.requests) == len(SHAPES)


NO_OBJECT = "❌ The JSON must be an object: {…}"
MISSING = (
    "❌ /stats needs JSON: after the command, in a file with the command as its caption, or in "
    "the message you reply to. See /help stats"
)


USAGE = {
    "/stats [1]": NO_OBJECT,
    "/stats []": NO_OBJECT,
    '/stats "today"': "❌ today makes no sense at this place.",
    "/stats today [1]": NO_OBJECT,
    '/stats {"limit": "many", "range": "today", "dimensions": "campaign"}': (
        "❌ The JSON does not fit. Nothing was sent to the tracker.\n"
        "range: must be an object\n"
        "limit: must be a whole number\n"
        "dimensions: must be a list\n"
        "\n"
        "Correct it and send it again."
    ),
}


@pytest.mark.parametrize(
    "options", [("dimensions", "measures"), ("grouping", "columns", "metrics")]
)
async def test_more_than_two_hundred_names_are_not_sent(linked: Room, options: tuple[str, ...]):
    names = [f"n{number}" for number in range(200)]
    payload: dict[str, Any] = {options[0]: names, **{name: ["clicks"] for name in options[1:]}}

    assert await stats(linked, payload) == (
        "❌ A report takes at most 200 names of columns. Nothing was sent to the tracker."
    )
    assert linked.keitaro.requests == []


async def test_two_hundred_names_are_sent(linked: Room):
    await stats(linked, {"range": TODAY, "measures": ["clicks"] * 200})

    assert len(linked.keitaro.requests) == 1


async def test_what_is_no_request_for_figures_is_not_sent(linked: Room):
    said = {text: await linked.ask(text) for text in USAGE}

    assert said == USAGE
    assert linked.keitaro.requests == []


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"group": 1}, "Unknown option group"),
        ({"dimensions": ["zzz"]}, "Column 'zzz' is not defined"),
    ],
)
async def test_what_the_tracker_refuses_is_told_in_its_words(
    linked: Room, payload: dict[str, Any], said: str
):
    answer = await stats(linked, payload)

    assert answer == (
        f"❌ 400 Bad Request\n{said}\n\n"
        "Correct it and send it again.\n"
        "Request\n"
        "POST https://tracker.example/admin_api/v1/report/build\n"
        "Api-Key: ••••2222\n"
        "Operation: report.build\n"
        f"{json.dumps(payload, indent=1)}\n"
        "Response\n"
        f"{json.dumps({'error': said}, indent=1)}"
    )


async def test_a_forwarded_request_for_figures_is_answered(linked: Room):
    """It changes nothing."""
    assert await stats(linked, report(), forwarded=True) == GRID
