"""A stream at a glance, its history, and what a change made of it."""

import json
import tracemalloc
from typing import Any

import pytest

from handlers.render.card import card, difference_lines, stream_list, whole
from handlers.render.events import event_lines
from handlers.render.html import folded
from handlers.texts import ENGLISH, RUSSIAN
from keitaro import Difference

STREAM = {
    "id": 45,
    "name": "Main /start @bot",
    "campaign_id": 12,
    "type": "regular",
    "schema": "landings",
    "state": "active",
    "position": 1,
    "weight": 0,
    "action_type": "http",
    "action_payload": "never shown with landing pages",
    "collect_clicks": False,
    "comments": "first\nline",
    "filter_or": True,
    "landings": [{"landing_id": 3, "share": 50, "landing": "Quiz"}, {"landing_id": 4, "share": 50}],
    "offers": [{"offer_id": 7, "share": 100, "state": "disabled", "name": "<Offer>"}, "broken"],
    "filters": [
        {"name": "country", "mode": "accept", "payload": ["DE", "AT"]},
        {"name": "bot", "mode": "reject", "payload": None},
        {"name": "referrer", "mode": "accept", "payload": "a&b"},
        {"name": "limit", "mode": "reject", "payload": {"total": 5}},
        {"payload": list(range(15))},
    ],
}


def test_a_stream_with_everything():
    assert card(STREAM, ENGLISH, campaign="Summer #1") == [
        "<b>Main /\u2060start @\u2060bot</b> · stream <code>45</code>",
        "Campaign: <code>12</code> Summer #1",
        "🟢 active · regular · position 1 · weight 0",
        "Schema: landings",
        "<b>collect_clicks is off: no statistics</b>",
        "Landing pages:",
        "  <code>3</code> Quiz · 50 %",
        "  <code>4</code> · 50 %",
        "Offers:",
        "  <code>7</code> &lt;Offer&gt; · 100 % (disabled)",
        "Filters (one must fit):",
        "  country = <code>DE, AT</code>",
        "  bot ≠ ✓",
        "  referrer = <code>a&amp;b</code>",
        '  limit ≠ <code>{"total": 5}</code>',
        "  ? = <code>0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 … +3</code>",
        "Note: first␊line",
    ]


def test_a_stream_of_which_nothing_is_known():
    assert card({}, ENGLISH) == [
        "<b>–</b> · stream <code>?</code>",
        "Campaign: <code>?</code>",
        "? · ?",
        "Schema: ?",
    ]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"schema": "redirect", "action_type": "http"}, "Схема: redirect · http"),
        (
            {
                "schema": "redirect",
                "action_type": "http",
                "action_payload": "https://a.example/?b&c",
            },
            "Схема: redirect · http · <code>https://a.example/?b&amp;c</code>",
        ),
        (
            {"schema": "action", "action_payload": {"campaign": 3}},
            'Схема: action · <code>{"campaign": 3}</code>',
        ),
        (
            {"schema": "action", "action_type": "do_nothing", "action_payload": ""},
            "Схема: action · do_nothing",
        ),
    ],
)
def test_what_a_stream_does(fields, line):
    assert card(fields, RUSSIAN)[3] == line


@pytest.mark.parametrize(
    ("state", "line"),
    [
        ("active", "🟢 включён · ?"),
        ("disabled", "🔴 выключен · ?"),
        ("deleted", "🗑 в архиве · ?"),
        ("<odd>", "&lt;odd&gt; · ?"),
    ],
)
def test_the_state_of_a_stream(state, line):
    assert card({"state": state}, RUSSIAN)[2] == line


def test_of_many_rows_twelve_are_shown():
    rows = [{"offer_id": number, "share": 1} for number in range(15)]
    filters = [{"name": "f", "mode": "accept"}] * 13

    lines = card({"offers": rows, "filters": filters, "landings": "none"}, RUSSIAN)[4:]
    assert lines[0] == "Офферы:"
    assert lines[12:15] == ["  <code>11</code> · 1 %", "  … +3", "Фильтры (все сразу):"]
    assert lines[-1] == "  … +1"
    assert len(lines) == 1 + 12 + 1 + 1 + 12 + 1


@pytest.mark.parametrize("value", [None, {}, []])
def test_no_answer_is_shown_as_nothing(value):
    assert whole(value, "a.json", ENGLISH) == ([], None)


def test_a_short_answer_is_folded():
    assert whole({"id": 45, "name": "<x>"}, "stream-45.json", ENGLISH) == (
        [
            folded(
                ["<b>The whole answer</b>", '<pre>{\n "id": 45,\n "name": "&lt;x&gt;"\n}</pre>']
            ),
        ],
        None,
    )


def test_a_long_answer_is_a_file():
    value = {"name": "ж" * 2400}
    lines, file = whole(value, "stream-45.json", ENGLISH)

    assert lines == []
    assert file is not None
    assert file.name == "stream-45.json"
    assert json.loads(file.content) == value


def nested(depth: int, size: int) -> dict[str, Any]:
    """Return a small answer of which every item stands *depth* blanks from the margin."""
    inner: list[Any] = [1] * size
    for _ in range(depth):
        inner = [inner]
    return {"id": 45, "x": inner}


@pytest.mark.parametrize("value", [nested(200, 700), nested(200, 100_000)], ids=["short", "long"])
def test_a_deep_answer_is_never_written_with_its_blanks(value):
    """Of 300 KB there would be 20 MB, of which the file needs none."""
    tracemalloc.start()
    lines, file = whole(value, "stream-45.json", ENGLISH)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert lines == []
    assert file is not None
    assert json.loads(file.content) == value
    assert len(file.content) < 1_000_000
    assert most < 5_000_000


SIGNS = "&" * 1_250_000
HUGE = {
    **dict.fromkeys(("name", "type", "schema", "state", "action_type", "action_payload"), SIGNS),
    **dict.fromkeys(("position", "weight", "comments"), SIGNS),
    "landings": [{"landing_id": SIGNS, "share": SIGNS, "name": SIGNS, "state": SIGNS}],
    "filters": [{"name": SIGNS, "payload": [SIGNS]}, {"name": SIGNS, "payload": {"a": SIGNS}}],
}


def test_values_are_cut_before_anything_is_made_of_them():
    page = [*card(HUGE, ENGLISH, campaign=SIGNS), *stream_list([HUGE], ENGLISH)]
    page += event_lines([{"time": SIGNS, "message": SIGNS}, SIGNS], ENGLISH)

    assert max(map(len, page)) < 9_000
    assert sum(map(len, page)) < 60_000


def test_differences_stand_side_by_side():
    found = (
        Difference("name", "A<", "B"),
        Difference("weight", 5, None),
        Difference("comments", "x" * 200, {"ж": 1}),
    )

    assert difference_lines(found, ENGLISH) == [
        "<code>name</code>: <code>A&lt;</code> → shown <code>B</code>",
        "<code>weight</code>: <code>5</code> → not shown",
        f'<code>comments</code>: <code>{"x" * 120}…</code> → shown <code>{{"ж": 1}}</code>',
    ]


def test_streams_are_listed_a_line_each():
    streams = [
        {"id": 1, "name": "Main", "state": "active", "type": "regular", "schema": "redirect"},
        {"id": 2, "name": "@bot", "state": "disabled", "type": "forced", "schema": "action"},
        {"id": 3, "name": "", "state": "deleted", "type": "default", "schema": "landings"},
        {},
        "broken",
    ]

    assert stream_list(streams, ENGLISH) == [
        "🟢 <code>1</code> Main · regular, redirect",
        "🔴 <code>2</code> @\u2060bot · forced, action",
        "🗑 <code>3</code> – · default, landings",
        "◌ <code>?</code> – · ?, ?",
    ]


@pytest.mark.parametrize("answer", [None, [], {}, {"total": 0}, {"rows": []}, "text"])
def test_no_events(answer):
    assert event_lines(answer, ENGLISH) == ["None."]


def test_events_of_any_form():
    events = [
        {"datetime": "2026-11-22 10:00", "message": "Stream @x created", "type": "info", "id": 3},
        {"created_at": "2026-11-21", "action": "update"},
        {"name": "only a name"},
        {"id": 4},
        "plain /text",
        7,
    ]
    lines = [
        "• 2026-11-22 10:00 Stream @\u2060x created · info",
        "• 2026-11-21 update",
        "• only a name",
        "•",
        "• plain /\u2060text",
        "• 7",
        "6 of 6",
    ]

    assert event_lines(events, ENGLISH) == lines
    assert event_lines({"total": 6, "rows": events}, ENGLISH) == lines


def test_of_many_events_twenty_are_shown():
    lines = event_lines([{"event": str(number)} for number in range(50)], RUSSIAN)

    assert len(lines) == 21
    assert lines[-1] == "20 из 50"
