"""`/clicks` and `/conversions`: read, turned, handed out, and who sees addresses."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest
from wcwidth import wcswidth

from handlers.stats.sight import HIDDEN, seen
from sandbox.keitaro import Keitaro
from sandbox.telegram import Chat, Person
from tests.conftest import Clock, Room

TODAY = {"from": "2026-11-22", "to": "2026-11-22", "timezone": "UTC"}
EXACT = {
    "range": TODAY,
    "columns": ["click_id", "datetime", "campaign", "ip"],
    "filters": [{"name": "campaign_id", "operator": "EQUALS", "expression": 1}],
    "sort": [{"name": "datetime", "order": "DESC"}],
    "limit": 30,
    "offset": 0,
}
LONG_LOG = {**EXACT, "limit": 3000}
BY_IP = {"name": "ip", "operator": "BEGINS_WITH", "expression": "203.0"}
NEED_OPERATOR = "❌ You need the role operator in this chat. Ask an owner of the bot."


@pytest.fixture
def keitaro(keitaro: Keitaro) -> Keitaro:
    """A tracker with 25 clicks today, two of them with a conversion, and some yesterday."""
    keitaro.buckets = []
    keitaro.record(12, clicks=25, bots=1, sales=1, leads=1, sale_revenue=38, lead_revenue=1234.5)
    keitaro.record(12, at=keitaro.now() - 86_400, clicks=5)
    return keitaro


@pytest.fixture
def other_keitaro(clock: Clock) -> Keitaro:
    """Nobody talks to the other tracker here."""
    return Keitaro(now=clock, empty=True)


def asked(room: Room) -> list[Any]:
    """Return what was asked of the tracker."""
    return [request.body for request in room.keitaro.requests]


def labels(message: dict[str, Any]) -> list[list[str]]:
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in keyboard]


async def log(room: Room, payload: Any, kind: str = "clicks", **how: Any) -> dict[str, Any]:
    """Ask for a log as JSON and return the first message of the answer."""
    return (await room.say(f"/{kind} {json.dumps(payload)}", **how))[0]


def files(room: Room, chat: Chat | None = None) -> list[list[dict[str, str]]]:
    """Return the rows of every CSV that was sent."""
    found = []
    for message in room.telegram.messages(chat or room.home):
        if "document" in message:
            text = room.telegram.document(message).decode("utf-8-sig")
            found.append(list(csv.DictReader(io.StringIO(text))))
    return found


async def team(room: Room, role: str) -> tuple[Chat, Person]:
    """Return a linked group with somebody who has *role* there."""
    person = room.telegram.person("Ann")
    group = room.telegram.group("Team", room.owner, person)
    await room.grant(person, group, role)
    await room.link(to=group)
    return group, person


def events(count: int, **columns: Any) -> list[dict[str, Any]]:
    return [
        {"event_id": f"e{n}", "datetime": "2026-11-22 10:00:00", **columns} for n in range(count)
    ]


@pytest.mark.parametrize(
    ("kind", "path"), [("clicks", "clicks/log"), ("conversions", "conversions/log")]
)
async def test_json_goes_out_exactly_as_it_is(linked: Room, kind: str, path: str):
    await log(linked, EXACT, kind)

    [request] = linked.keitaro.requests
    assert (request.method, request.path, request.body) == ("POST", path, EXACT)


async def test_clicks_as_they_are_read(linked: Room):
    [answer] = await linked.say("/clicks")

    lines = answer["text"].splitlines()
    assert lines[:6] == [
        "✅ Clicks · tracker.example",
        "2026-11-22",
        "⚪ 12:14:24",
        "Garden DE → Garden Shears Pro · DE",
        "sub_id b80b49456604c10b7def · Android",
        "mobile",
    ]
    assert lines[-3:] == [
        "2026-11-22 · UTC",
        "Lines 1–10 of 25 · found: 25",
        "As of 2026-11-22 12:00 UTC",
    ]
    assert labels(answer) == [["Next ›"], ["Refresh", "CSV", "XLSX"]]


async def test_without_words_the_last_of_today_are_asked_for(linked: Room):
    await linked.say("/clicks")
    await linked.say("/conversions")

    [clicks, conversions] = asked(linked)
    assert clicks == {
        "range": TODAY,
        "columns": [
            *("click_id", "datetime", "is_bot", "is_lead", "is_sale", "sub_id"),
            *("campaign_id", "campaign", "offer", "country_code", "os", "device_type"),
        ],
        "sort": [{"name": "datetime", "order": "DESC"}],
        "limit": 50,
    }
    assert conversions == {
        "range": {"from": "2026-11-15", "to": "2026-11-22", "timezone": "UTC"},
        "columns": [
            *("conversion_id", "postback_datetime", "status", "revenue", "campaign_id"),
            *("campaign", "offer", "country_code", "sub_id"),
        ],
        "sort": [{"name": "postback_datetime", "order": "DESC"}],
        "limit": 1000,
    }


async def test_words_say_what_is_asked_for(linked: Room):
    await linked.say("/clicks yesterday campaign 1 country ip top 100")
    await linked.say("/conversions 7d status sale offer")
    await linked.say("/clicks вчера по странам")

    clicks, conversions, russian = asked(linked)
    columns = clicks.pop("columns")
    assert columns[:5] == ["click_id", "datetime", "is_bot", "is_lead", "is_sale"]
    assert {"country", "ip"} <= set(columns)
    assert clicks == {
        "range": {"from": "2026-11-21", "to": "2026-11-21", "timezone": "UTC"},
        "filters": [{"name": "campaign_id", "operator": "EQUALS", "expression": 1}],
        "sort": [{"name": "datetime", "order": "DESC"}],
        "limit": 100,
    }
    assert conversions["range"] == {"from": "2026-11-09", "to": "2026-11-22", "timezone": "UTC"}
    assert conversions["filters"] == [
        {"name": "status", "operator": "EQUALS", "expression": "sale"}
    ]
    assert russian["range"] == clicks["range"]


async def test_conversions_are_those_of_the_period_by_their_own_time(linked: Room):
    """The clicks of yesterday's conversions may be of the week before."""
    hour = 3600
    for hours in (20, 30, 50, 100):
        linked.keitaro.record(12, at=linked.keitaro.now() - hours * hour, sales=1, creative=1)

    [answer] = await linked.say("/conversions yesterday")
    await linked.press(answer, "CSV")

    [rows] = files(linked)
    assert {row["postback_datetime"][:10] for row in rows} <= {"2026-11-21"}
    [body] = asked(linked)
    assert body["range"] == {"from": "2026-11-14", "to": "2026-11-21", "timezone": "UTC"}


async def test_words_may_ask_for_a_file(linked: Room):
    await linked.say("/clicks today csv")

    assert [len(rows) for rows in files(linked)] == [25]


async def test_a_log_is_no_chart(linked: Room):
    told = await linked.ask("/clicks today chart")

    assert told == "❌ I do not understand “chart” after /clicks. See /help clicks"
    assert asked(linked) == []


async def test_a_log_may_come_every_day(linked: Room):
    told = await linked.ask("/conversions yesterday every day at 9")

    assert told.splitlines()[:2] == ["✅ Conversions: Yesterday", "every day at 09:00 (UTC)"]
    assert asked(linked) == []


CONVERSIONS = [
    {
        "event_id": "a",
        "datetime": "2026-11-22 09:30:00",
        "status": "sale",
        "revenue": "1234.5",
        "campaign_id": 1,
        "campaign": "Garden <b>DE</b>",
        "offer": "/start @bot",
        "country_code": "DE",
        "sub_id": "<i>x",
    },
    {"event_id": "b", "datetime": "2026-11-22 08:00:00", "status": "ftd", "revenue": None},
    {"event_id": "c", "datetime": "2026-11-21 23:59:59", "status": "sale", "revenue": 1},
]


async def test_conversions_as_they_are_read(linked: Room):
    """What a postback brought is text, and those of another day are left out."""
    linked.keitaro.fail(status=200, body={"rows": CONVERSIONS, "total": 3})

    assert (await linked.ask("/conversions")).replace("\u2060", "") == (
        "✅ Conversions · tracker.example\n"
        "2026-11-22\n"
        "🟢 09:30:00 · sale · 1,234.50\n"
        "Garden <b>DE</b> → /start @bot · DE\n"
        "sub_id <i>x\n"
        "⚪ 08:00:00 · ftd · ?\n"
        "\n"
        "2026-11-22 · UTC\n"
        "By the time of the conversion, not of its click\n"
        "Lines 1–2 of 2 · found: 2\n"
        "As of 2026-11-22 12:00 UTC"
    )


async def test_the_same_in_russian(room: Room):
    vera = room.telegram.person("Vera", language_code="ru")
    group = room.telegram.group("Traffic", vera)
    await room.link(to=group)
    await room.grant(vera, group, "viewer")
    room.keitaro.fail(status=200, body={"rows": CONVERSIONS[:1], "total": 1})

    [answer] = await room.say("/conversions", by=vera, to=group)
    lines = answer["text"].splitlines()
    assert lines[0] == "✅ Конверсии · tracker.example"
    assert lines[2] == "🟢 09:30:00 · sale · 1\u00a0234,50"
    assert lines[-4:] == [
        "2026-11-22 · UTC",
        "По времени конверсии, а не клика",
        "Строки 1–1 из 1 · найдено: 1",
        "Данные на 2026-11-22 12:00 UTC",
    ]
    assert labels(answer) == [["Обновить", "CSV", "XLSX"]]


async def test_nothing_found(linked: Room):
    linked.keitaro.buckets = []

    [answer] = await linked.say("/clicks")
    assert answer["text"] == (
        "✅ Clicks · tracker.example\n"
        "Nothing in this period\n"
        "\n"
        "2026-11-22 · UTC\n"
        "As of 2026-11-22 12:00 UTC"
    )
    assert labels(answer) == [["Refresh"]]


async def test_pages_are_turned_without_asking_again(linked: Room):
    [answer] = await linked.say("/clicks")
    seen_rows = []
    for label in ("Next ›", "Next ›", "‹ Previous", "« First"):
        text = await linked.press(answer, label)
        seen_rows += [line for line in text.splitlines() if line.startswith("Lines")]
        answer = linked.telegram.chats[linked.home.id].messages[answer["message_id"]]
        if label == "« First":
            break
        if seen_rows[-1].startswith("Lines 11") and len(seen_rows) == 3:
            await linked.press(answer, "Next ›")
            answer = linked.telegram.chats[linked.home.id].messages[answer["message_id"]]

    assert seen_rows == [
        "Lines 11–20 of 25 · found: 25",
        "Lines 21–25 of 25 · found: 25",
        "Lines 11–20 of 25 · found: 25",
        "Lines 1–10 of 25 · found: 25",
    ]
    assert len(linked.keitaro.requests) == 1


async def test_after_an_hour_a_page_is_read_anew(linked: Room, clock: Clock):
    [answer] = await linked.say("/clicks")
    clock.at += 3700

    text = await linked.press(answer, "Next ›")

    assert "As of 2026-11-22 13:01 UTC" in text
    assert len(linked.keitaro.requests) == 2


async def test_refresh_reads_anew_in_its_place(linked: Room, clock: Clock):
    [answer] = await linked.say("/clicks")
    linked.keitaro.record(12, clicks=4, country_code="AT")
    clock.at += 60

    assert "Lines 1–10 of 29 · found: 29" in await linked.press(answer, "Refresh")
    assert asked(linked)[0] == asked(linked)[1]


async def test_the_file_holds_every_line_and_column(linked: Room):
    answer = await log(linked, EXACT)
    await linked.press(answer, "CSV")

    [rows] = files(linked)
    assert (len(rows), list(rows[0])) == (25, ["click_id", "datetime", "campaign", "ip"])
    assert rows[0]["ip"] == "203.0.113.195"
    assert linked.telegram.messages(linked.home)[-1]["caption"] == "✅ Lines: 25"
    assert len(linked.keitaro.requests) == 1


async def test_more_than_a_thousand_come_with_their_file(linked: Room):
    linked.keitaro.record(12, clicks=2300)

    answer = await log(linked, {**EXACT, "limit": 2000})

    assert "Lines 1–10 of 2000 · found: 2325" in answer["text"]
    assert "The first 1000 can be turned through here, all are in the file." in answer["text"]
    assert [len(rows) for rows in files(linked)] == [2000]
    assert [body["limit"] for body in asked(linked)] == [1000, 1000]
    await linked.press(answer, "CSV")
    assert [len(rows) for rows in files(linked)] == [2000, 2000]


async def test_values_of_postbacks_are_no_formulas_in_the_file(linked: Room):
    rows = [{"event_id": "a", "sub_id": "=cmd|' /C calc'!A0", "params": {"a": ["=1+1"]}}]
    linked.keitaro.fail(status=200, body={"rows": rows, "total": 1})
    answer = await log(linked, {"columns": ["sub_id", "params"], "limit": 1}, "conversions")
    await linked.press(answer, "CSV")

    [[row]] = files(linked)
    assert (row["sub_id"], row["params"]) == ("'=cmd|' /C calc'!A0", '{"a": ["=1+1"]}')


async def test_a_page_that_fails_is_told_with_what_has_come(linked: Room):
    linked.keitaro.record(12, clicks=2300)
    linked.keitaro.fail_when(
        lambda request: request.body.get("offset") == 1000, status=500, body={"error": "Disk full"}
    )

    text = (await log(linked, {**EXACT, "limit": 2000}))["text"]

    assert text.startswith("⚠️ Clicks · tracker.example\n2026-11-22\n")
    assert (
        "Only 1000 lines have come. Then it failed:\n500 Internal Server Error: the tracker failed"
        in text
    ), text
    assert "Disk full" in text
    assert "Lines 1–10 of 1000 · found: 2325" in text


async def test_what_takes_long_says_how_much_has_come(linked: Room):
    """The second page is slow enough for a ⏳, the third lets it be read."""
    linked.keitaro.record(12, clicks=3000)
    gates = {1000: asyncio.Event(), 2000: asyncio.Event()}
    for offset, gate in gates.items():
        linked.keitaro.fail(
            until=gate, when=lambda request, at=offset: request.body.get("offset") == at
        )

    message = linked.telegram.say(linked.owner, linked.home, f"/clicks {json.dumps(LONG_LOG)}")
    settling = asyncio.create_task(linked.settle())
    texts: list[str] = []
    for words, gate in zip(("Working", "2000 lines have come…"), gates.values(), strict=True):
        while not any(words in text for text in texts):
            await asyncio.sleep(0.02)
            texts = [answer["text"] for answer in linked.since(linked.home, message)]
        # The ⏳ is there before the bot has heard so.
        await asyncio.sleep(0.2)
        gate.set()
    await settling

    first, *_ = linked.since(linked.home, message)
    assert "Lines 1–10 of 3000 · found: 3025" in first["text"]


async def test_a_tracker_that_ignores_the_offset_is_told(linked: Room):
    linked.keitaro.fail(99, status=200, body={"rows": events(1000), "total": 5000})

    text = (await log(linked, {**EXACT, "limit": 5000}))["text"]

    assert "The tracker went on sending the same lines, so the rest did not come." in text
    assert "Came twice, left out: 1000" in text
    assert len(linked.keitaro.requests) == 2


async def test_what_did_not_come_is_named(linked: Room):
    linked.keitaro.fail(status=200, body={"rows": events(1), "total": 1})

    assert "The tracker did not send: campaign, ip" in (await log(linked, EXACT))["text"]


async def test_what_does_not_fit_is_in_the_file(linked: Room):
    columns = ["datetime", *(f"sub_id_{number}" for number in range(1, 11))]
    rows = [{name: f"value of {name}" for name in columns} | {"datetime": "2026-11-22 10:00:00"}]
    linked.keitaro.fail(status=200, body={"rows": rows, "total": 1})

    lines = (await log(linked, {**EXACT, "columns": columns}))["text"].splitlines()

    assert lines[3:5] == ["sub_id_1 value of sub_id_1", "sub_id_2 value of sub_id_2"]
    assert "More columns in the file." in lines


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"columns": ["zzz"], "limit": 1}, "❌ 400 Bad Request\nColumn 'zzz' is not defined\n"),
        ({"columns": ["ip"]}, "❌ 400 Bad Request\nRange or limit is required\n"),
        ({"limit": "many"}, "❌ The JSON does not fit. Nothing was sent to the tracker.\nlimit: "),
        ([1], "❌ The JSON must be an object: {…}"),
        (
            {"limit": 10_001},
            "❌ A log takes at most 10000 lines. Nothing was sent to the tracker.",
        ),
    ],
)
async def test_what_cannot_be_is_told(linked: Room, payload: Any, said: str):
    assert (await log(linked, payload))["text"].startswith(said)


async def test_a_chat_without_a_tracker(room: Room):
    assert (await room.ask("/clicks")).startswith("❌ This chat is not linked to a tracker")


async def test_a_button_of_another_chat_is_not_known(linked: Room):
    group, ann = await team(linked, "operator")
    await linked.say("/clicks")
    answer = (await linked.say("/members", by=ann, to=group))[0]

    linked.telegram.press(ann, group, answer["message_id"], "log:1:csv", forged=True)
    await linked.settle()

    assert files(linked, group) == []


ADDRESSES = {**EXACT, "limit": 1}


async def ip_shown(room: Room, **how: Any) -> tuple[str, str]:
    """Return the address in a log, and what is said about it."""
    lines = (await log(room, ADDRESSES, **how))["text"].replace("\u2060", "").splitlines()
    [ip] = [line for line in lines if line.startswith("ip ")]
    why = [line for line in lines if "ddresses" in line]
    return ip, "".join(why)


async def test_in_private_an_owner_sees_addresses(linked: Room):
    assert await ip_shown(linked) == ("ip 203.0.113.195", "")


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("viewer", (f"ip {HIDDEN}", "IP addresses are shown to operators only.")),
        ("operator", ("ip 203.0.x.x", "In a group only the first half of IP addresses is shown.")),
        ("admin", ("ip 203.0.x.x", "In a group only the first half of IP addresses is shown.")),
    ],
)
async def test_in_a_group_addresses_are_masked(room: Room, role: str, shown: Any):
    group, ann = await team(room, role)

    assert await ip_shown(room, by=ann, to=group) == shown
    assert asked(room) == [ADDRESSES]


async def test_a_viewer_gets_no_more_out_of_the_buttons(room: Room):
    """Neither by turning the pages of an operator, nor by the file, nor by reading anew."""
    group, ann = await team(room, "viewer")
    answer = await log(room, EXACT, to=group)
    turned = await room.press(answer, "Next ›", by=ann)
    await room.press(answer, "CSV", by=ann)
    fresh = await room.press(answer, "Refresh", by=ann)
    await room.press(answer, "CSV")

    [viewers, operators] = files(room, group)
    assert {row["ip"] for row in viewers} == {HIDDEN}
    assert {row["ip"] for row in operators} == {HIDDEN}
    assert ("ip 203" in turned, "ip 203" in fresh) == (False, False)


async def test_the_file_of_a_group_holds_half_addresses(room: Room):
    group, ann = await team(room, "operator")
    answer = await log(room, EXACT, by=ann, to=group)
    await room.press(answer, "CSV", by=ann)

    [rows] = files(room, group)
    assert {row["ip"] for row in rows} == {"203.0.x.x"}


async def test_nothing_that_is_kept_for_a_group_holds_an_address(room: Room):
    group, ann = await team(room, "operator")
    await log(room, EXACT, by=ann, to=group)

    kept = await room.bot.bot_data["services"].store.shown.get(group.id, 1)
    assert "203.0.113" not in json.dumps(kept.answer)


async def test_a_column_of_addresses_is_not_asked_for_by_a_viewer(room: Room):
    group, ann = await team(room, "viewer")

    [answer] = await room.say("/clicks today country ip", by=ann, to=group)
    await room.press(answer, "Refresh")

    assert "IP addresses are shown to operators only." in answer["text"]
    assert ["ip" in body["columns"] for body in asked(room)] == [False, True]


@pytest.mark.parametrize(
    "body",
    [{**EXACT, "filters": [BY_IP]}, {**EXACT, "sort": [{"name": "ip_mask1", "order": "ASC"}]}],
)
async def test_a_viewer_may_not_look_for_addresses(room: Room, body: dict[str, Any]):
    group, ann = await team(room, "viewer")

    assert (await log(room, body, by=ann, to=group))["text"] == NEED_OPERATOR
    assert asked(room) == []
    answer = await log(room, body, to=group)
    count = len(asked(room))
    before = answer["text"]
    assert await room.press(answer, "Refresh", by=ann) == before
    assert len(asked(room)) == count


VALUES = [
    ("ip", "203.0.113.7", HIDDEN, "203.0.x.x"),
    ("ip", "203.0.x.x", HIDDEN, "203.0.x.x"),
    ("ip", "2001:db8::7", HIDDEN, "2001:0db8:x"),
    ("ip", "2001:0db8:x", HIDDEN, "2001:0db8:x"),
    ("ip", "::ffff:203.0.113.7", HIDDEN, "0000:0000:x"),
    ("ip", 3405803783, HIDDEN, HIDDEN),
    ("ip", "", "", ""),
    ("ip", None, None, None),
    ("ip_mask1", "203.0.113.*", HIDDEN, "203.0.x.x"),
    ("client_ip", "203.0.113.7", HIDDEN, "203.0.x.x"),
    ("sub_id_3", "203.0.113.7", HIDDEN, "203.0.x.x"),
    ("sub_id_3", "2001:db8::7", HIDDEN, "2001:0db8:x"),
    ("referrer", "https://a.example/?ip=203.0.113.7&x", f"https://a.example/?ip={HIDDEN}&x", None),
    ("sub_id_3", "::ffff:203.0.113.7", f"::ffff:{HIDDEN}", "::ffff:203.0.x.x"),
    ("params", {"ip": "203.0.113.7", "a": ["203.0.113.8"]}, {"ip": HIDDEN, "a": [HIDDEN]}, None),
    ("os_version", "10.0.1.2", "10.0.1.2", "10.0.1.2"),
    ("datetime", "2026-11-22 12:00:00", "2026-11-22 12:00:00", "2026-11-22 12:00:00"),
    ("tid", "1.2.3.400", "1.2.3.400", "1.2.3.400"),
    ("zip", "203.0", "203.0", "203.0"),
    ("is_bot", True, True, True),
]


@pytest.mark.parametrize(("name", "value", "none", "half"), VALUES)
def test_addresses_wherever_they_stand(name: str, value: Any, none: Any, half: Any):
    if half is not None or value is None:
        assert seen([{name: value}], "half") == [{name: half}]
    assert seen([{name: value}], "none") == [{name: none}]
    assert seen([{name: value}], "whole") == [{name: value}]


LONG = [
    "Очень длинное имя кампании, которое никуда не помещается",
    "<b>bold</b> & @bot /start https://a.example",
    "👩‍👩‍👧‍👦" * 12,
    "مرحبا بالعالم " * 5,
    "全角文字の名前" * 8,
    "line\nbreak\u202eturned",
    "",
]


@pytest.mark.parametrize("name", LONG)
async def test_no_line_of_an_entry_is_wider_than_a_phone(linked: Room, name: str):
    row = dict.fromkeys(
        ("campaign", "offer", "country", "status", "sub_id", "browser", "tid"), name
    )
    rows = [{**row, "datetime": "2026-11-22 10:00:00", "revenue": -123456789.5}]
    linked.keitaro.fail(status=200, body={"rows": rows, "total": 1})

    text = (await log(linked, {**EXACT, "columns": [*rows[0]]}, "conversions"))["text"]

    entry = text.replace("\u2060", "").split("\n\n")[0].splitlines()[2:]
    assert 1 <= len(entry) <= 4
    assert [line for line in entry if wcswidth(line) > 40] == []
    assert "−123,456,789.50" in entry[0]


@pytest.mark.parametrize(
    ("revenue", "shown"),
    [(0, "0.00"), ("7", "7.00"), (0.0042, "0.0042"), (None, "?"), ("soon", "?"), (-1.005, "−1.00")],
)
async def test_amounts(linked: Room, revenue: Any, shown: str):
    rows = [{"datetime": "2026-11-22 10:00:00", "status": "Lead", "revenue": revenue}]
    linked.keitaro.fail(status=200, body={"rows": rows, "total": 1})

    text = (await log(linked, {"limit": 1}, "conversions"))["text"]

    assert text.splitlines()[2] == f"🟡 10:00:00 · Lead · {shown}"


async def test_what_a_click_was(linked: Room):
    marks = ("is_bot", "is_sale", "is_lead", "is_rejected")
    rows = [
        {"datetime": "2026-11-22 10:00:00", **{name: name in on for name in marks}}
        for on in ([], ["is_bot"], ["is_sale"], ["is_lead", "is_rejected"])
    ]
    linked.keitaro.fail(status=200, body={"rows": rows, "total": 4})

    text = (await log(linked, {"limit": 4}))["text"]

    assert text.splitlines()[2:6] == [
        "⚪ 10:00:00",
        "🤖 10:00:00 · bot",
        "🟢 10:00:00 · sale",
        "🟡 10:00:00 · lead · rejected",
    ]


async def test_json_of_conversions_says_that_the_range_is_the_trackers(linked: Room):
    body = {"range": {"interval": "today"}, "limit": 5}

    lines = (await log(linked, body, "conversions"))["text"].splitlines()

    assert "By the time of conversion or click, as the tracker takes the range" in lines
    assert "today · time zone of the tracker" in lines


async def test_words_after_an_attached_file_are_not_guessed_at(linked: Room):
    said = await linked.ask("/clicks today", attach=json.dumps(EXACT).encode())

    assert said == "❌ I do not understand “today” after /clicks. See /help clicks"


async def test_json_comes_in_a_file_too(linked: Room):
    await linked.say("/clicks", attach=json.dumps(EXACT).encode())

    assert asked(linked) == [EXACT]
