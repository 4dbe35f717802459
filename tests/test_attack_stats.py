"""What people, trackers and clocks may do to figures so that something false is said, or seen."""

import csv
import io
import json
from typing import Any

import pytest

from handlers import SERVICES
from handlers.stats.due import sweep
from handlers.stats.sight import HIDDEN, seen
from keitaro.log_lines import own_time
from sandbox.keitaro import Keitaro
from sandbox.keitaro.faults import Fault
from sandbox.telegram import Chat, Person
from tests.conftest import KEY, NOON, OTHER_KEY, OTHER_TRACKER, Clock, Room

HOUR = 3600.0
TODAY = {"from": "2026-11-22", "to": "2026-11-22", "timezone": "UTC"}
BY_IP = {"name": "ip", "operator": "BEGINS_WITH", "expression": "203.0"}
NEED_OPERATOR = "❌ You need the role operator in this chat. Ask an owner of the bot."


@pytest.fixture
def keitaro(keitaro: Keitaro) -> Keitaro:
    """A tracker with clicks of two countries today, and of one yesterday."""
    keitaro.buckets = []
    keitaro.record(12, country_code="DE", clicks=100)
    keitaro.record(12, country_code="AT", clicks=50)
    keitaro.record(12, at=keitaro.now() - 86_400, country_code="DE", clicks=150)
    return keitaro


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Another tracker, where nothing has happened."""
    return Keitaro(key=OTHER_KEY, now=clock, empty=True)


async def asked(room: Room, text: str, **how: Any) -> dict[str, Any]:
    """Say *text* and return the one message that answers it."""
    [answer] = await room.say(text, **how)
    return answer


def rows_of(room: Room, message: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows of the CSV file in *message*."""
    text = room.telegram.document(message).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def answer_with(room: Room, rows: list[dict[str, Any]], **more: Any) -> None:
    """Have the tracker answer everything with *rows*."""
    room.keitaro.script.order(Fault(status=200, body={"rows": rows, **more}), times=99)


async def coming(room: Room, at: float) -> int:
    """Let everything come that is due at the moment *at*, and return how much that is."""
    room.clock.at = at
    count = len(room.telegram.messages(room.home))
    await sweep(room.bot)
    while not room.bot.update_queue.empty():
        await room.bot.process_update(room.bot.update_queue.get_nowait())
    await room.delivered()
    return len(room.telegram.messages(room.home)) - count


async def team(room: Room) -> tuple[Chat, Person]:
    """Return a linked group and a viewer in it."""
    ann = room.telegram.person("Ann")
    group = room.telegram.group("Team", room.owner, ann)
    await room.grant(ann, group, "viewer")
    await room.link(to=group)
    return group, ann


@pytest.mark.parametrize(
    "body",
    [
        {"dimensions": ["country"], "filters": [BY_IP]},
        {"dimensions": ["ip"], "sort": [{"name": "ip", "order": "ASC"}]},
    ],
)
async def test_a_viewer_may_not_look_for_addresses_in_a_report(room: Room, body: dict[str, Any]):
    """How many clicks come from an address tells whether there is such an address."""
    group, ann = await team(room)
    text = f"/stats {json.dumps({**body, 'range': TODAY, 'measures': ['clicks']})}"

    assert (await asked(room, text, by=ann, to=group))["text"] == NEED_OPERATOR
    assert room.keitaro.requests == []
    shown = await asked(room, text, to=group)
    assert shown["text"].startswith("✅")
    room.keitaro.requests.clear()
    query = room.telegram.press(ann, group, shown["message_id"], "Refresh")
    await room.settle()

    assert "operator" in room.telegram.queries[query].answer["text"]
    assert room.keitaro.requests == []


async def test_what_comes_late_is_compared_with_as_much_of_the_period_before(linked: Room):
    """The tracker counts today up to now, however long ago today's report was due."""
    await linked.say("/settings timezone UTC")
    await linked.say("/schedules add today country every day 14:00")
    linked.keitaro.requests.clear()

    await coming(linked, NOON + 8 * HOUR)

    [before] = [one.body for one in linked.keitaro.requests if one.body["limit"] == 1]
    assert before["range"] == {
        "from": "2026-11-21 00:00:00",
        "to": "2026-11-21 20:00:00",
        "timezone": "UTC",
    }


async def test_what_comes_a_day_late_is_compared_with_a_whole_day(linked: Room):
    await linked.say("/settings timezone UTC")
    await linked.say("/schedules add today country every weekday 9:00")
    linked.keitaro.requests.clear()

    # On Tuesday at 8:00, when that of Monday was missed.
    await coming(linked, NOON + 44 * HOUR)

    ranges = [one.body["range"] for one in linked.keitaro.requests]
    assert sorted((one["from"], one["to"]) for one in ranges) == [
        ("2026-11-22", "2026-11-22"),
        ("2026-11-23", "2026-11-23"),
    ]


async def test_rows_of_one_name_are_all_in_the_file(linked: Room):
    """Two campaigns may be called the same; a tracker may call a column otherwise."""
    same = [{"campaign": "Test", "clicks": n} for n in range(3)]
    unnamed = [{"name": f"c{n}", "clicks": n} for n in range(3)]
    for rows in (same, unnamed):
        answer_with(linked, rows, total=900)
        body = {"range": TODAY, "dimensions": ["campaign"], "measures": ["clicks"]}
        message = await asked(linked, f"/stats {json.dumps(body)}")
        await linked.press(message, "CSV")
        linked.keitaro.script.clear()

        [file] = linked.since(linked.home, message)
        assert [row["clicks"] for row in rows_of(linked, file)] == ["0", "1", "2"]
        assert "twice" not in file["caption"]


async def test_a_file_from_an_offset_is_not_said_to_be_cut(linked: Room):
    answer_with(linked, [{"country": "DE", "clicks": 1}], total=11)
    body = {"range": TODAY, "dimensions": ["country"], "measures": ["clicks"], "offset": 10}
    message = await asked(linked, f"/stats {json.dumps(body)}")

    await linked.press(message, "CSV")

    [file] = linked.since(linked.home, message)
    assert file["caption"].splitlines()[1:] == ["Rows in the file: 1"]


async def test_a_limit_that_limits_nothing_leaves_no_row_out_of_the_file(linked: Room):
    answer_with(linked, [{"country": f"c{n}", "clicks": 1} for n in range(1200)], total=1200)
    body = {"range": TODAY, "dimensions": ["country"], "measures": ["clicks"], "limit": 0}
    message, _ = await linked.say(f"/stats {json.dumps(body)}")

    await linked.press(message, "CSV")

    file = linked.since(linked.home, message)[-1]
    assert len(rows_of(linked, file)) == 1200


async def test_as_many_rows_as_were_asked_for_need_not_be_all(linked: Room):
    """Of a tracker that does not count them nobody knows how many there are."""
    rows = [{"country": "DE", "clicks": 2}, {"country": "AT", "clicks": 1}]
    answer_with(linked, rows)

    [full, part] = [await linked.ask(f"/stats today country top {most}") for most in (2, 3)]

    assert "Rows 2 of ?" in full.splitlines()
    assert "Sum of 2 rows of ?" in full.splitlines()
    assert "Rows 2 of 2" in part.splitlines()


async def test_all_pages_are_read_of_a_tracker_that_does_not_count_rows(linked: Room):
    def page(first: int, count: int) -> Fault:
        rows = [{"country_code": f"Y{n}", "clicks": 1} for n in range(first, first + count)]
        return Fault(status=200, body={"rows": rows})

    linked.keitaro.script.order(page(0, 1000), times=2)
    message = await asked(linked, "/stats today country_code clicks")
    linked.keitaro.script.clear()
    linked.keitaro.script.order(page(0, 5000), times=1)
    linked.keitaro.script.order(page(5000, 10), times=1)

    await linked.press(message, "CSV")

    [file] = linked.since(linked.home, message)
    assert len(rows_of(linked, file)) == 5010


async def test_rows_of_another_tracker_are_not_called_those_of_the_first(linked: Room):
    message = await asked(linked, "/stats today country")
    await linked.say("/unlink yes")
    await linked.link(tracker=OTHER_TRACKER, key=OTHER_KEY)

    await linked.press(message, "CSV")

    file = linked.since(linked.home, message)[-1]
    assert rows_of(linked, file) == []
    await linked.link(key=KEY)


async def test_json_that_is_no_request_is_refused_and_not_a_fault(linked: Room):
    message = await asked(linked, "/stats today country")

    for names in ([["x"]], [{"name": "x"}]):
        told = await linked.ask(json.dumps({"dimensions": names}), reply_to=message["message_id"])
        assert told.startswith("❌")
        assert "fault" not in told


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+15:00", "9999-12-31T23:59:59-15:00"])
def test_a_moment_beyond_the_calendar_is_none(value: str, zone: str):
    assert own_time(value, zone) is None


async def test_a_moment_beyond_the_calendar_does_no_harm_to_a_log(linked: Room):
    answer_with(linked, [{"event_id": "e", "datetime": "0001-01-01T00:00:00+05:00"}], total=1)

    assert (await linked.ask("/clicks")).startswith("✅ Clicks")


async def test_a_file_that_has_not_all_columns_says_so(linked: Room):
    answer_with(linked, [{f"k{n}_{m}": m for m in range(100)} for n in range(30)], total=30)
    message = await asked(linked, "/stats today country")

    await linked.press(message, "CSV")

    [file] = linked.since(linked.home, message)
    assert file["caption"].splitlines()[1:] == [
        "Rows in the file: 30",
        "Columns in the file: 1000 of 3000",
    ]
    assert len(rows_of(linked, file)[0]) == 1000


async def test_a_clock_that_was_years_ahead_stops_no_schedule(linked: Room):
    await linked.say("/schedules add today country every hour")
    store = linked.bot.bot_data[SERVICES].store

    hours = (1, 1, 87_600, 2, 3, 3, -24, 3, 4)
    came = [await coming(linked, NOON + hour * HOUR) for hour in hours]

    # When it is found to have been set right, nothing is late: the next time counts.
    assert came == [1, 0, 1, 0, 1, 0, 0, 0, 1]
    assert await store.schedules.soonest() == NOON + 5 * HOUR


def test_whatever_stands_in_a_column_of_addresses_is_hidden():
    rows = [{"ip": {"long": 3405803853, "all": ["cb00714d"]}}]

    assert seen(rows, "none") == [{"ip": {"long": HIDDEN, "all": [HIDDEN]}}]


async def test_what_is_said_of_a_log_repeats_no_long_words(linked: Room):
    body = {"range": {"from": "x" * 500, "timezone": "y" * 500}, "columns": ["z" * 500]}
    answer_with(linked, [{"event_id": "e"}], total=1)

    said = await linked.ask(f"/clicks {json.dumps(body)}")

    assert max(map(len, said.splitlines())) < 200


async def test_rows_from_an_offset_are_not_called_the_first(linked: Room):
    answer_with(linked, [{"country": f"c{n}", "clicks": 1} for n in range(50)], total=150)
    body = {"range": TODAY, "dimensions": ["country"], "measures": ["clicks"]}

    shown, _ = await linked.say(f"/stats {json.dumps({**body, 'limit': 50, 'offset': 100})}")

    assert "Rows 101–131 of 150 · page 1 of 2" in shown["text"].splitlines()
    assert "first" not in shown["text"]
