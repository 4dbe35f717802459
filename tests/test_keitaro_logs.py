"""Logs read from a tracker: page after page, under the names that were asked for."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from keitaro import (
    CLICK_LOG,
    CONVERSION_LOG,
    Limits,
    LogLines,
    Network,
    NotFoundError,
    Operation,
    ServerError,
    Tracker,
    Within,
    parse_address,
    read_log,
)
from sandbox.keitaro import Keitaro
from tests.conftest import KEY

TODAY = {"from": "2026-11-22", "to": "2026-11-22", "timezone": "UTC"}
COLUMNS = ["click_id", "datetime"]


@pytest.fixture
def keitaro(keitaro: Keitaro) -> Keitaro:
    keitaro.buckets = []
    return keitaro


class Reader:
    """Reads logs of one tracker and notes what was sent and what was heard."""

    def __init__(self, tracker: Tracker, keitaro: Keitaro) -> None:
        self.tracker, self.keitaro = tracker, keitaro
        self.heard: list[int] = []

    async def read(
        self, operation: Operation = CLICK_LOG, *, within: Within | None = None, **payload: Any
    ) -> LogLines:
        async def hear(count: int) -> None:
            self.heard.append(count)

        asked = {"range": TODAY, "columns": COLUMNS, **payload}
        return await read_log(self.tracker, operation, asked, within=within, heard=hear)

    @property
    def pages(self) -> list[tuple[int | None, int | None]]:
        """Limit and offset of every request."""
        bodies = [request.body for request in self.keitaro.requests]
        return [(body.get("limit"), body.get("offset")) for body in bodies]


@pytest.fixture
async def reader(keitaro: Keitaro, limits: Limits) -> AsyncIterator[Reader]:
    network = Network(transport=httpx.ASGITransport(app=keitaro.app), limits=limits)
    tracker = Tracker(parse_address("https://tracker.example"), KEY, network=network)
    yield Reader(tracker, keitaro)
    await tracker.close()


def paged(keitaro: Keitaro, *pages: Any) -> None:
    """Have the tracker answer with *pages*, one after the other."""
    for rows in pages:
        body = rows if isinstance(rows, dict) else {"rows": rows}
        keitaro.fail(status=200, body=body)


def events(*numbers: int) -> list[dict[str, Any]]:
    return [{"event_id": f"e{number}", "datetime": "2026-11-22 10:00:00"} for number in numbers]


def days(*days_and_hours: str) -> list[dict[str, Any]]:
    """Return conversions at these times, each with an id of its own."""
    return [
        {"event_id": f"e{at}", "datetime": f"2026-11-{at}:00:00", "status": "sale"}
        for at in days_and_hours
    ]


@pytest.mark.parametrize("limit", [{}, {"limit": 50}, {"limit": 1000, "offset": 7}])
async def test_what_fits_into_a_page_is_sent_as_it_is(reader: Reader, limit: dict[str, int]):
    reader.keitaro.record(12, clicks=1200)

    lines = await reader.read(**limit)

    [request] = reader.keitaro.requests
    assert request.body == {"range": TODAY, "columns": COLUMNS, **limit}
    assert (len(lines.rows), lines.found) == (limit.get("limit", 1000), 1200)
    assert reader.heard == []


async def test_more_comes_page_after_page(reader: Reader):
    reader.keitaro.record(12, clicks=2300)

    lines = await reader.read(limit=2500)

    assert reader.pages == [(1000, None), (1000, 1000), (500, 2000)]
    assert reader.heard == [1000, 2000]
    assert (len(lines.rows), lines.found, lines.repeated) == (2300, 2300, 0)
    assert len({row["click_id"] for row in lines.rows}) == 2300


async def test_the_limit_ends_it(reader: Reader):
    reader.keitaro.record(12, clicks=3000)

    lines = await reader.read(limit=1500, offset=100)

    assert reader.pages == [(1000, 100), (500, 1100)]
    assert (len(lines.rows), lines.found) == (1500, 3000)


async def test_ten_thousand_lines(reader: Reader):
    reader.keitaro.record(12, clicks=10_500)

    lines = await reader.read(limit=10_000)

    assert (len(reader.pages), len(lines.rows), lines.found) == (10, 10_000, 10_500)


async def test_a_tracker_that_says_no_total_ends_with_a_short_page(reader: Reader):
    paged(reader.keitaro, events(*range(1000)), events(*range(1000, 1200)))

    lines = await reader.read(limit=5000)

    assert (len(reader.pages), len(lines.rows), lines.found) == (2, 1200, 1200)


async def test_a_tracker_with_smaller_pages_is_asked_until_its_total(reader: Reader):
    halves = [events(*range(300)), events(*range(300, 600)), events(*range(600, 700))]
    paged(reader.keitaro, *({"rows": rows, "total": 700} for rows in halves))

    lines = await reader.read(limit=5000)

    assert reader.pages == [(1000, None), (1000, 300), (1000, 600)]
    assert (len(lines.rows), lines.found, lines.is_stuck) == (700, 700, False)


async def test_an_empty_page_ends_it_whatever_the_total(reader: Reader):
    paged(
        reader.keitaro, {"rows": events(*range(1000)), "total": 4000}, {"rows": [], "total": 4000}
    )

    lines = await reader.read(limit=5000)

    assert (len(reader.pages), len(lines.rows), lines.found) == (2, 1000, 4000)


@pytest.mark.parametrize("columns", [COLUMNS, ["country_code"]], ids=["with ids", "without"])
async def test_a_tracker_that_ignores_the_offset_ends_it(reader: Reader, columns: list[str]):
    rows = events(*range(1000)) if columns == COLUMNS else [{"country_code": "DE"}] * 1000
    reader.keitaro.fail(99, status=200, body={"rows": rows, "total": 4000})

    lines = await reader.read(limit=5000, columns=columns)

    assert (len(reader.pages), len(lines.rows), lines.is_stuck) == (2, 1000, True)


async def test_a_tracker_that_ignores_the_limit_is_cut(reader: Reader):
    paged(reader.keitaro, {"rows": events(*range(900)), "total": 900})

    assert len((await reader.read(limit=50)).rows) == 50


async def test_what_comes_twice_is_left_out_and_counted(reader: Reader):
    """Meanwhile new clicks have moved the old ones on."""
    pages = [events(*range(1000)), events(*range(990, 1500))]
    paged(reader.keitaro, *({"rows": rows, "total": 1510} for rows in pages))

    lines = await reader.read(limit=5000)

    assert (len(lines.rows), lines.repeated, lines.is_stuck) == (1500, 10, False)


async def test_conversions_of_one_click_are_not_the_same(reader: Reader):
    """An id that was asked for as that of the click tells nothing of the conversion."""
    paged(
        reader.keitaro, [{"event_id": "c1", "status": "lead"}, {"event_id": "c1", "status": "sale"}]
    )

    lines = await reader.read(CONVERSION_LOG, columns=["click_id", "status"], limit=5)

    assert (len(lines.rows), lines.repeated) == (2, 0)


@pytest.mark.parametrize(
    ("operation", "columns", "row", "named"),
    [
        (CLICK_LOG, ["click_id"], {"event_id": "e"}, {"click_id": "e"}),
        (CLICK_LOG, ["event_id"], {"event_id": "e"}, {"event_id": "e"}),
        (
            CLICK_LOG,
            ["click_id"],
            {"click_id": "c", "event_id": "e"},
            {"click_id": "c", "event_id": "e"},
        ),
        (
            CLICK_LOG,
            ["click_id"],
            {"click_id": None, "event_id": "e"},
            {"click_id": "e"},
        ),
        (CONVERSION_LOG, ["conversion_id"], {"event_id": "e"}, {"conversion_id": "e"}),
        (
            CONVERSION_LOG,
            ["postback_datetime", "status"],
            {"status": "sale", "datetime": "d"},
            {"postback_datetime": "d", "status": "sale"},
        ),
        (CONVERSION_LOG, ["datetime"], {"datetime": "d", "more": 1}, {"datetime": "d", "more": 1}),
        (
            CONVERSION_LOG,
            ["conversion_id", "event_id"],
            {"event_id": "e"},
            {"conversion_id": "e", "event_id": "e"},
        ),
    ],
)
async def test_renamed_columns_come_under_the_name_that_was_asked_for(
    reader: Reader, operation: Operation, columns: list[str], row: Any, named: Any
):
    paged(reader.keitaro, [row])

    lines = await reader.read(operation, columns=columns, limit=5)

    assert lines.rows == [named]
    assert lines.columns[: len(columns)] == columns
    assert lines.missing == []


async def test_a_column_that_did_not_come_is_named(reader: Reader):
    paged(reader.keitaro, events(1))

    lines = await reader.read(columns=["click_id", "click_datetime", "datetime"], limit=5)

    assert (lines.columns, lines.missing) == (["click_id", "datetime"], ["click_datetime"])


async def test_of_no_lines_nothing_is_missing(reader: Reader):
    assert (await reader.read(limit=5)).missing == []


async def test_without_columns_everything_comes_as_it_is(reader: Reader):
    paged(reader.keitaro, events(1))

    lines = await reader.read(columns=None, limit=5)

    assert lines.columns == ["event_id", "datetime"]


async def test_a_later_page_that_fails_leaves_what_has_come(reader: Reader):
    reader.keitaro.record(12, clicks=2300)
    reader.keitaro.fail_when(
        lambda request: request.body.get("offset") == 1000, status=500, body={"error": "Oops"}
    )

    lines = await reader.read(limit=2500)

    assert (len(lines.rows), lines.found) == (1000, 2300)
    assert isinstance(lines.failure, ServerError)


async def test_a_first_page_that_fails_is_an_error(reader: Reader):
    reader.keitaro.fail(status=404, body={"error": "Nothing"})

    with pytest.raises(NotFoundError):
        await reader.read(limit=2500)


NOVEMBER_20 = Within(
    "postback_datetime",
    datetime.fromisoformat("2026-11-20 00:00:00"),
    datetime.fromisoformat("2026-11-20 23:59:59"),
    "UTC",
)
NEWEST = {
    "columns": ["conversion_id", "postback_datetime", "status"],
    "sort": [{"name": "postback_datetime", "order": "DESC"}],
}


async def test_only_lines_of_the_period_are_kept(reader: Reader):
    rows = days("21 09", "20 23", "20 00", "19 12")
    paged(reader.keitaro, {"rows": rows, "total": 4})

    lines = await reader.read(CONVERSION_LOG, within=NOVEMBER_20, **NEWEST, limit=50)

    assert [row["conversion_id"] for row in lines.rows] == ["e20 23", "e20 00"]
    assert (reader.pages, lines.found) == ([(1000, None)], 2)


async def test_it_ends_when_the_period_is_over_if_lines_come_newest_first(reader: Reader):
    paged(reader.keitaro, {"rows": days("20 23", "19 12"), "total": 9000})

    lines = await reader.read(CONVERSION_LOG, within=NOVEMBER_20, **NEWEST, limit=50)

    assert (len(reader.pages), len(lines.rows), lines.found) == (1, 1, 1)


async def test_a_tracker_that_ignores_the_sort_is_read_to_its_end(reader: Reader):
    pages = [days("19 12", "20 23", "19 11"), days("20 22")]
    paged(reader.keitaro, *({"rows": rows, "total": 4} for rows in pages))

    lines = await reader.read(CONVERSION_LOG, within=NOVEMBER_20, **NEWEST, limit=50)

    assert [row["conversion_id"] for row in lines.rows] == ["e20 23", "e20 22"]


async def test_what_is_found_is_not_known_when_enough_has_come(reader: Reader):
    paged(reader.keitaro, {"rows": days("20 23", "20 22", "20 21"), "total": 9000})

    lines = await reader.read(CONVERSION_LOG, within=NOVEMBER_20, **NEWEST, limit=2)

    assert (len(lines.rows), lines.found) == (2, None)


async def test_lines_without_a_readable_time_stay_and_are_counted(reader: Reader):
    rows = [*days("20 23"), {"event_id": "x", "datetime": "soon"}, {"event_id": "y"}]
    paged(reader.keitaro, {"rows": rows, "total": 3})

    lines = await reader.read(CONVERSION_LOG, within=NOVEMBER_20, **NEWEST, limit=50)

    assert (len(lines.rows), lines.timeless) == (3, 2)


async def test_a_time_with_an_offset_counts_in_the_zone_of_the_range(reader: Reader):
    rows = [{"event_id": "x", "datetime": "2026-11-21T01:30:00+02:00"}]
    paged(reader.keitaro, {"rows": rows, "total": 1})

    lines = await reader.read(CONVERSION_LOG, within=NOVEMBER_20, **NEWEST, limit=50)

    assert len(lines.rows) == 1
