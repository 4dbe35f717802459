"""A report in a chat: chosen with two taps, turned, changed by a reply, taken along as a file."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from sandbox.keitaro import Keitaro
from sandbox.keitaro.faults import Fault
from tests.conftest import Clock, Room

HOUR, MONTH = 3600.0, 30 * 86_400.0


@pytest.fixture
def keitaro(keitaro: Keitaro) -> Keitaro:
    """A tracker with clicks of three countries today, and of one yesterday."""
    keitaro.buckets = []
    for country, clicks, cost, sales in (
        ("DE", 1200, 30.5, 4),
        ("AT", 300, 7.25, 0),
        ("US", 7, 0, 0),
    ):
        keitaro.record(
            12, country_code=country, clicks=clicks, cost=cost, sales=sales, sale_revenue=20 * sales
        )
    keitaro.record(12, at=keitaro.now() - 86_400, country_code="DE", clicks=1000, cost=20)
    return keitaro


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(now=clock, empty=True)


def labels(message: dict[str, Any]) -> list[list[str]]:
    """Return what the buttons under *message* say."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


def data_of(message: dict[str, Any], label: str) -> str:
    """Return the data of the button *label*."""
    rows = message["reply_markup"]["inline_keyboard"]
    return next(b["callback_data"] for row in rows for b in row if b["text"] == label)


def bodies(room: Room) -> list[dict[str, Any]]:
    """Return what the tracker was asked for, without the periods that were compared with."""
    return [one.body for one in room.keitaro.requests if one.body.get("limit") != 1]


def rows_of(room: Room, message: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows of the CSV file in *message*."""
    content = room.telegram.files.get(message["document"]["file_id"]).content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


async def asked(room: Room, text: str, **how: Any) -> dict[str, Any]:
    """Say *text* and return the one message that answers it."""
    answers = await room.say(text, **how)
    assert len(answers) == 1, [answer.get("text") for answer in answers]
    return answers[0]


async def test_two_taps_are_a_report(linked: Room):
    question = await asked(linked, "/stats")
    assert question["text"].startswith("❔ Figures for when?")

    assert (await linked.press(question, "Today")).startswith("❔ Today, by what?")
    told = await linked.press(question, "Countries")

    assert told.startswith("✅ ")
    assert "Germany" in told
    assert [(body["dimensions"], body["range"]) for body in bodies(linked)] == [
        (["country"], {"from": "2026-11-22", "to": "2026-11-22", "timezone": "UTC"})
    ]


async def test_the_dates_are_those_of_the_chats_zone(linked: Room):
    """At half past ten in the evening of UTC, Kyiv has the next day."""
    linked.clock.at += 10.5 * HOUR
    await linked.say("/settings timezone Europe/Kyiv")

    await asked(linked, "/stats yesterday country")

    assert bodies(linked)[-1]["range"] == {
        "from": "2026-11-22",
        "to": "2026-11-22",
        "timezone": "Europe/Kyiv",
    }


async def test_a_report_has_its_buttons(linked: Room):
    message = await asked(linked, "/stats today country")

    assert labels(message) == [
        ["Period", "Group by", "Refresh"],
        ["CSV", "XLSX", "Chart"],
        ["Save", "Every day", "Request"],
    ]


async def test_refresh_asks_again(linked: Room):
    message = await asked(linked, "/stats today country")
    linked.keitaro.record(12, country_code="PL", clicks=55)

    assert "Poland" in await linked.press(message, "Refresh")
    assert len(bodies(linked)) == 2


async def test_a_report_stays_where_it_cannot_be_refreshed(linked: Room):
    message = await asked(linked, "/stats today country")
    linked.keitaro.script.order(Fault(status=500, body="no"), times=99)

    assert await linked.press(message, "Refresh") == message["text"]
    [told] = linked.since(linked.home, message)
    assert told["text"].startswith("❌ 500 Internal Server Error")


async def test_another_period_and_another_grouping(linked: Room):
    message = await asked(linked, "/stats today country")

    kept = await linked.press(message, "Period")
    assert "Germany" in kept
    told = await linked.press(message, "Yesterday")
    assert "2026-11-21" in told
    await linked.press(message, "Group by")
    told = await linked.press(message, "Campaigns")

    assert "Garden DE" in told
    assert [body["dimensions"] for body in bodies(linked)] == [
        ["country"],
        ["country"],
        ["campaign_id", "campaign"],
    ]


async def test_the_choice_can_be_left(linked: Room):
    message = await asked(linked, "/stats today country")

    await linked.press(message, "Period")
    told = await linked.press(message, "« Back")

    assert "Germany" in told
    assert len(bodies(linked)) == 1


async def test_pages_are_turned_without_asking_the_tracker(linked: Room):
    for number in range(120):
        linked.keitaro.record(12, country_code=f"X{number:03d}", clicks=number + 1)
    message = await asked(linked, "/stats today country_code clicks")
    first = message["text"]
    assert ["Next ›"] in labels(message)

    second = await linked.press(message, "Next ›")
    assert second != first
    third = await linked.press(message, "Next ›")
    assert await linked.press(message, "‹ Previous") == second
    assert await linked.press(message, "Next ›") == third
    assert await linked.press(message, "« First") == first

    assert len(bodies(linked)) == 1


async def test_after_an_hour_a_page_is_asked_for_again(linked: Room):
    message = await asked(linked, "/stats today country")
    linked.clock.at += HOUR + 1

    await linked.press(message, "Period")
    assert linked.telegram.messages(linked.home)[-1]["text"].startswith("❔ Which period?")
    await linked.press(message, "« Back")

    assert len(bodies(linked)) == 2


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("yesterday", {"range": {"from": "2026-11-21", "to": "2026-11-21", "timezone": "UTC"}}),
        ("by campaign", {"dimensions": ["campaign_id", "campaign"]}),
        ("top 2", {"limit": 2}),
        ("вчера", {"range": {"from": "2026-11-21", "to": "2026-11-21", "timezone": "UTC"}}),
        ('{"limit": 3}', {"limit": 3}),
    ],
)
async def test_a_reply_changes_the_report(linked: Room, words: str, changed: dict[str, Any]):
    message = await asked(linked, "/stats today country")

    answer = await asked(linked, words, reply_to=message["message_id"])

    assert answer["text"].startswith("✅")
    first, second = bodies(linked)
    assert {key: second[key] for key in changed} == changed
    assert {**second, **changed} == {**first, **changed}


async def test_a_reply_changes_json_as_well(linked: Room):
    payload = {"range": {"interval": "today"}, "grouping": ["country"], "metrics": ["clicks"]}
    message = await asked(linked, f"/stats {json.dumps(payload)}")

    await asked(linked, "top 1", reply_to=message["message_id"])

    assert bodies(linked)[0] == payload
    assert linked.keitaro.requests[-1].body["range"] == {"interval": "today"}
    assert linked.keitaro.requests[-1].body["limit"] == 1


async def test_a_reply_that_makes_no_sense_names_the_word(linked: Room):
    message = await asked(linked, "/stats today country")

    told = await linked.ask("yesturday", reply_to=message["message_id"])

    assert told.startswith("❌")
    assert "yesturday" in told
    assert "yesterday" in told


async def test_talk_about_a_report_in_a_group_is_not_answered(room: Room):
    anna = room.telegram.person("Anna")
    group = room.telegram.group("Traffic", room.owner, anna)
    await room.link(to=group)
    await room.grant(anna, group, "viewer")
    [message] = await room.say("/stats today country", to=group)

    for talk in ("wow", "today was awful", "all of them again?"):
        assert await room.say(talk, by=anna, to=group, reply_to=message["message_id"]) == []
    [answer] = await room.say("yesterday", by=anna, to=group, reply_to=message["message_id"])
    assert "2026-11-21" in answer["text"]
    [answer] = await room.say(
        "yesterday nonsens", by=anna, to=group, reply_to=message["message_id"]
    )
    assert answer["text"].startswith("❌")


async def test_a_report_is_forgotten_after_a_month(linked: Room):
    message = await asked(linked, "/stats today country")
    linked.clock.at += MONTH + 1

    told = await linked.ask("yesterday", reply_to=message["message_id"])

    assert told.startswith("❌ I keep a report for 30 days")


async def test_a_report_of_another_chat_is_out_of_reach(linked: Room):
    """A changed client can send any data: the number of a report counts in its own chat alone."""
    message = await asked(linked, "/stats today country")
    spy = linked.telegram.person("Spy")
    group = linked.telegram.group("Elsewhere", linked.owner, spy)
    await linked.link(to=group)
    await linked.grant(spy, group, "viewer")
    [own] = await linked.say("/stats yesterday country", to=group)
    stolen = data_of(message, "Request")

    linked.telegram.press(spy, group, own["message_id"], stolen, forged=True)
    await linked.settle()

    assert [one["text"] for one in linked.since(group, own)] == []


async def test_the_request_is_shown_as_words_and_as_json(linked: Room):
    message = await asked(linked, "/stats 7d country top 5")

    await linked.press(message, "Request")

    told = linked.telegram.messages(linked.home)[-1]["text"]
    assert "/stats 7d country limit 5" in told
    sent = told[told.index("{") :]
    assert json.loads(sent) == bodies(linked)[0]
    await linked.say(f"/stats {sent}")
    assert bodies(linked)[1] == bodies(linked)[0]


async def test_the_file_has_what_is_shown(linked: Room):
    message = await asked(linked, "/stats today country")

    await linked.press(message, "CSV")

    [file] = linked.since(linked.home, message)
    assert file["caption"] == "✅ Today by country\nRows in the file: 3"
    assert [(row["country"], row["clicks"]) for row in rows_of(linked, file)] == [
        ("Germany", "1200"),
        ("Austria", "300"),
        ("United States", "7"),
    ]
    assert len(bodies(linked)) == 1


async def test_the_file_has_rows_that_are_not_shown(linked: Room):
    """More than are asked for at first are read from the tracker, page by page."""
    for number in range(6000):
        linked.keitaro.record(12, country_code=f"X{number:04d}", clicks=1)
    message = await asked(linked, "/stats today country_code clicks")

    await linked.press(message, "CSV")

    [file] = linked.since(linked.home, message)
    rows = rows_of(linked, file)
    assert len(rows) == len({row["country_code"] for row in rows}) == 6003
    pages = [(body["offset"], body["limit"]) for body in bodies(linked)[1:]]
    assert pages == [(0, 5000), (5000, 5000)]


async def test_a_spreadsheet_and_a_chart(linked: Room):
    message = await asked(linked, "/stats today country")

    await linked.press(message, "XLSX")
    await linked.press(message, "Chart")

    sheet, picture = linked.since(linked.home, message)
    content = linked.telegram.files.get(sheet["document"]["file_id"]).content
    assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    image = linked.telegram.files.get(picture["photo"][-1]["file_id"]).content
    assert image.startswith(b"\x89PNG")


async def test_what_cannot_be_drawn_is_said(linked: Room):
    answer = await asked(linked, "/stats yesterday campaign clicks > 5000 chart")

    await linked.press(answer, "Chart")

    nothing = "There is nothing to draw: no rows, or no figures in them."
    [pressed] = linked.since(linked.home, answer)
    assert answer["text"].endswith(f"\n{nothing}")
    assert pressed["text"] == f"❌ Yesterday by campaign, clicks > 5000\n{nothing}"


async def test_words_ask_for_a_file_at_once(linked: Room):
    table, file = await linked.say("/stats today country csv")

    assert "Germany" in table["text"]
    assert len(rows_of(linked, file)) == 3


async def test_json_after_words_takes_their_place(linked: Room):
    await asked(linked, '/stats yesterday country {"measures": ["clicks"], "limit": 7}')

    assert bodies(linked)[0]["measures"] == ["clicks"]
    assert bodies(linked)[0]["limit"] == 7
    assert bodies(linked)[0]["range"]["from"] == "2026-11-21"


async def test_words_are_compared_with_the_same_part_of_the_period_before(linked: Room):
    told = (await asked(linked, "/stats today country"))["text"]

    assert linked.keitaro.requests[-1].body["range"] == {
        "from": "2026-11-21 00:00:00",
        "to": "2026-11-21 12:00:00",
        "timezone": "UTC",
    }
    assert "▲ 51 %" in told or "▲ 51%" in told


async def test_a_comparison_that_fails_is_left_out_with_a_word(linked: Room):
    linked.keitaro.script.order(
        Fault(status=500, body="no", when=lambda request: request.body.get("limit") == 1), times=9
    )

    told = (await asked(linked, "/stats today country"))["text"]

    assert told.startswith("✅")
    assert "▲" not in told
    assert "Germany" in told


async def test_an_old_tracker_is_asked_in_its_own_words(linked: Room):
    for name in ("dimensions", "measures", "summary"):
        linked.keitaro.script.order(
            Fault(
                status=400,
                body={"error": f"Unknown option {name}"},
                when=lambda request, name=name: name in request.body,
            ),
            times=9,
        )

    told = (await asked(linked, "/stats today country clicks"))["text"]

    assert "Germany" in told
    answered = [one.body for one in linked.keitaro.requests if "grouping" in one.body]
    assert answered[-1]["grouping"] == ["country"]
    assert answered[-1]["metrics"] == ["clicks"]


async def test_a_viewer_reads_but_keeps_nothing(room: Room):
    anna = room.telegram.person("Anna")
    group = room.telegram.group("Traffic", room.owner, anna)
    await room.link(to=group)
    await room.grant(anna, group, "viewer")
    [message] = await room.say("/stats today country", by=anna, to=group)

    told = await room.press(message, "Refresh", by=anna)
    assert told.startswith("✅")
    query = room.telegram.press(anna, group, message["message_id"], "Save")
    await room.settle()

    assert "operator" in room.telegram.queries[query].answer["text"]


async def test_addresses_are_for_operators_in_private(room: Room):
    """Also where somebody else presses a button under what an operator has asked for."""
    anna = room.telegram.person("Anna")
    group = room.telegram.group("Traffic", room.owner, anna)
    await room.link()
    await room.link(to=group)
    await room.grant(anna, group, "viewer")
    answer = {"rows": [{"ip": "203.0.113.77", "clicks": 5}], "total": 1}
    room.keitaro.script.order(Fault(status=200, body=answer), times=99)

    [own] = await room.say("/stats today ip clicks")
    [shared] = await room.say("/stats today ip clicks", to=group)
    [hers] = await room.say("/stats today ip clicks", to=group, by=anna)
    pressed = await room.press(shared, "Period", by=anna)

    assert "203.0.113.77" in own["text"]
    assert "203.0.x.x" in shared["text"]
    assert "203" not in hers["text"].replace("2026", "")
    assert "203.0" not in pressed
    await room.press(shared, "« Back", by=anna)
    await room.press(shared, "CSV", by=anna)
    assert b"203.0" not in room.telegram.document(room.telegram.messages(group)[-1])
