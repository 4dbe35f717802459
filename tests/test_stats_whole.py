"""All rows of a report as a file: more than a tracker sends at once, or than it sends well."""

import csv
import io
from typing import Any

import pytest

from keitaro import Limits
from sandbox.keitaro import Keitaro
from sandbox.keitaro.faults import Fault
from tests.conftest import Clock, Room

WORDS = "/stats today country_code clicks"


@pytest.fixture
def keitaro(keitaro: Keitaro) -> Keitaro:
    """A tracker with two thousand rows."""
    keitaro.buckets = []
    for number in range(2000):
        keitaro.record(12, country_code=f"X{number:04d}", clicks=number % 7 + 1)
    return keitaro


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(now=clock, empty=True)


@pytest.fixture
def limits() -> Limits:
    """A bot that takes a thousand of these rows at once, but not two thousand."""
    return Limits(deadline_seconds=5.0, pause_seconds=0.01, answer_bytes=60_000)


async def filed(room: Room) -> tuple[str, list[dict[str, str]]]:
    """Ask for a report and its file; return what is said of it, and its rows."""
    [message] = await room.say(WORDS)
    await room.press(message, "CSV")
    [file] = room.since(room.home, message)
    text = room.telegram.document(file).decode("utf-8-sig")
    return file["caption"], list(csv.DictReader(io.StringIO(text)))


def pages(room: Room) -> list[tuple[int, int]]:
    """Return offset and limit of the pages that were asked for."""
    bodies = [one.body for one in room.keitaro.requests]
    return [(body["offset"], body["limit"]) for body in bodies if "offset" in body]


def page(first: int, count: int, total: int) -> dict[str, Any]:
    """Return an answer of the tracker."""
    rows = [{"country_code": f"Y{n:04d}", "clicks": 1} for n in range(first, first + count)]
    return {"rows": rows, "total": total}


async def test_pages_that_are_too_large_are_asked_for_in_smaller_ones(linked: Room):
    said, rows = await filed(linked)

    assert "Rows in the file: 2000" in said
    assert len({row["country_code"] for row in rows}) == len(rows) == 2000
    assert pages(linked) == [(0, 5000), (0, 2500), (0, 1250), (1250, 1250)]


async def test_a_tracker_without_pages_is_not_asked_for_ever(linked: Room):
    """Whatever it is asked for, it sends the same twelve hundred rows."""
    always = page(0, 1200, 3000)
    linked.keitaro.script.order(
        Fault(status=200, body=always, when=lambda request: "offset" in request.body), times=99
    )

    said, rows = await filed(linked)

    assert "Rows in the file: 1200" in said
    assert len(rows) == 1200
    assert len(pages(linked)) == 1


async def test_rows_that_move_while_they_are_read_are_told_of(linked: Room):
    """A row that came on the first page comes again on the second: another one is missed."""

    def order(offset: int, body: dict[str, Any]) -> None:
        fault = Fault(
            status=200, body=body, when=lambda request: request.body.get("offset") == offset
        )
        linked.keitaro.script.order(fault, times=1)

    order(0, {"error": "x" * 70_000})
    order(0, {"error": "x" * 70_000})
    order(0, page(0, 1250, 1500))
    order(1250, page(1249, 250, 1500))

    said, rows = await filed(linked)

    assert len(rows) == 1499
    assert "Rows that came twice: 1." in said


async def test_a_page_that_fails_is_no_short_file(linked: Room):
    fault = Fault(status=500, body="no", when=lambda request: request.body.get("offset") == 1250)
    linked.keitaro.script.order(fault, times=9)
    [message] = await linked.say(WORDS)

    await linked.press(message, "CSV")

    [told] = linked.since(linked.home, message)
    assert told["text"].startswith("❌ 500 Internal Server Error")


async def test_a_file_has_as_many_rows_as_were_asked_for(linked: Room):
    """The message shows a thousand of them at most, which stay in reach of its buttons."""
    [message] = await linked.say(f"{WORDS} top 1500")
    await linked.press(message, "CSV")

    [file] = linked.since(linked.home, message)
    assert linked.keitaro.requests[0].body["limit"] == 1000
    assert "Rows in the file: 1500" in file["caption"]
    assert linked.telegram.document(file).count(b"\r\n") == 1501
