"""What a plan would change, in words: golden lines, and what any JSON may look like."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.render.card import difference_lines
from handlers.render.diff import diff_lines
from handlers.render.html import plain
from handlers.texts import ENGLISH, RUSSIAN
from keitaro import Difference, completed
from sandbox.telegram.markup import parse

# What must never stand outside of code: Telegram would let it be tapped.
LIVE = re.compile(r"\w\.\w|://|\$[A-Z]|#\w*[a-z]|(?<!\w)@\w|(?<![\w<>/])/\w")

CRYPTO = {"id": 1, "offer_id": 71, "share": 50, "state": "active", "name": "Crypto DE"}
LOAN = {"id": 2, "offer_id": 72, "share": 30, "state": "active"}
DATING = {"id": 3, "offer_id": 73, "share": 20, "state": "active"}
QUIZ = {"id": 4, "landing_id": 31, "share": 100, "state": "disabled", "landing": "Quiz"}
COUNTRY = {"id": 9, "name": "country", "mode": "accept", "payload": ["DE", "AT"]}
BOT = {"id": 8, "name": "bot", "mode": "reject", "payload": None}
LIMIT = {"id": 7, "name": "limit", "mode": "accept", "payload": {"total": 5, "per_hour": 1}}
TRIGGER = {"id": 6, "condition": "always", "action": "disable", "target": "stream", "interval": 5}
BEFORE = {
    "id": 45,
    "name": "Main",
    "state": "active",
    "weight": "100",
    "comments": None,
    "filter_or": False,
    "collect_clicks": True,
    "countries": ["DE", "AT"],
    "parameters": '{"a": 1}',
    "action_options": {"a": 1, "b": [1], "c": {"d": 2}},
    "offers": [CRYPTO, LOAN, DATING],
    "landings": [QUIZ],
    "filters": [COUNTRY, BOT, LIMIT],
    "triggers": [TRIGGER],
    "odd": ["DE"],
}
LONG = "https://landing.example/?" + "x" * 200
# What is written, and the lines in English and in Russian.
PLAIN = [
    ({"name": "Main 2"}, "name: Main → Main 2", "name: Main → Main 2"),
    ({"state": "disabled"}, "state: 🟢 active → 🔴 off", "state: 🟢 включён → 🔴 выключен"),
    ({"state": "odd"}, "state: 🟢 active → odd", "state: 🟢 включён → odd"),
    ({"collect_clicks": False}, "collect_clicks: yes → no", "collect_clicks: да → нет"),
    ({"collect_clicks": "0"}, "collect_clicks: yes → no", "collect_clicks: да → нет"),
    ({"collect_clicks": [5]}, "collect_clicks: yes → [5]", "collect_clicks: да → [5]"),
    (
        {"filter_or": 1},
        "filter_or: all must fit → one must fit",
        "filter_or: все сразу → любой из них",
    ),
    ({"weight": 70}, "weight: 100 → 70", "weight: 100 → 70"),
    ({"comments": "note"}, "comments: – → note", "comments: – → note"),
    ({"name": ""}, "name: Main → –", "name: Main → –"),
    ({"name": ["Main"]}, 'name: Main → ["Main"]', 'name: Main → ["Main"]'),
    ({"nmae": "X"}, "nmae: ? → X", "nmae: ? → X"),
    ({"nmae": ["X", 1]}, "nmae: ? → X, 1", "nmae: ? → X, 1"),
    ({"countries": ["CH", "DE"]}, "countries: + CH − AT", "countries: + CH − AT"),
    (
        {"countries": ["DE", "DE", "AT"]},
        "countries: DE, AT → DE, DE, AT",
        "countries: DE, AT → DE, DE, AT",
    ),
    ({"countries": []}, "countries: − DE, AT", "countries: − DE, AT"),
    ({"countries": "DE"}, 'countries: ["DE", "AT"] → DE', 'countries: ["DE", "AT"] → DE'),
    ({"parameters": {"a": 2}}, 'parameters: {"a": 1} → {"a": 2}', 'parameters: {"a": 1} → {"a": 2}'),
    (
        {"action_options": {"a": 2, "c": {"d": 3}, "e": "x"}},
        'action_options.a: 1 → 2\naction_options.c: {"d": 2} → {"d": 3}\naction_options.e: – → x\naction_options.b: 1 → –',
        'action_options.a: 1 → 2\naction_options.c: {"d": 2} → {"d": 3}\naction_options.e: – → x\naction_options.b: 1 → –',
    ),
]  # fmt: skip
ROWS = [
    (
        {"offers": [CRYPTO | {"share": "70"}, LOAN, DATING | {"share": 0}]},
        "offer 71 Crypto DE  50 → 70 %\noffer 73 20 → 0 %\noffers: 100 % in all",
        "оффер 71 Crypto DE  50 → 70 %\nоффер 73 20 → 0 %\nофферы: всего 100 %",
    ),
    (
        {"offers": [{"offer_id": "71", "share": 50}, {"offer_id": 74, "share": 25.5}]},
        "offer 74 +25.5 % (new)\noffer 72 gone (was 30 %)\noffer 73 gone (was 20 %)\noffers: 75.5 % in all",
        "оффер 74 +25.5 % (новый)\nоффер 72 убран (было 30 %)\nоффер 73 убран (было 20 %)\nофферы: всего 75.5 %",
    ),
    (
        {"offers": [CRYPTO | {"state": "disabled"}, LOAN | {"name": "Loan 2", "share": 40, "state": "odd"}, DATING, {"offer_id": 75, "share": 9, "state": "disabled", "name": "New"}]},
        "offer 71 Crypto DE: 🟢 active → 🔴 off\noffer 72 Loan 2  30 → 40 %, 🟢 active → odd\noffer 75 New  +9 % (new, 🔴 off)\noffers: 20 % in all, 🔴 off 99 %",
        "оффер 71 Crypto DE: 🟢 включён → 🔴 выключен\nоффер 72 Loan 2  30 → 40 %, 🟢 включён → odd\nоффер 75 New  +9 % (новый, 🔴 выключен)\nофферы: всего 20 %, 🔴 выключен 99 %",
    ),
    (
        {"offers": [LOAN, DATING, CRYPTO | {"note": "x", "share": "half"}]},
        "offer 71 Crypto DE  50 → half %, note ? → x",
        "оффер 71 Crypto DE  50 → half %, note ? → x",
    ),
    (
        {"offers": None},
        "offer 71 Crypto DE  gone (was 50 %)\noffer 72 gone (was 30 %)\noffer 73 gone (was 20 %)\noffers: 0 % in all",
        "оффер 71 Crypto DE  убран (было 50 %)\nоффер 72 убран (было 30 %)\nоффер 73 убран (было 20 %)\nофферы: всего 0 %",
    ),
    (
        {"landings": [{"landing_id": 31, "share": 60, "state": "active"}]},
        "landing 31 Quiz  100 → 60 %, 🔴 off → 🟢 active\nlandings: 60 % in all",
        "лендинг 31 Quiz  100 → 60 %, 🔴 выключен → 🟢 включён\nлендинги: всего 60 %",
    ),
    (
        {"filters": [BOT, COUNTRY | {"payload": ["DE", "CH"]}, LIMIT | {"payload": {"total": 6, "per_hour": "1"}}]},
        "filter country: + CH − AT\nfilter limit: total 5 → 6",
        "фильтр country: + CH − AT\nфильтр limit: total 5 → 6",
    ),
    (
        {"filters": [{"name": "bot", "mode": "accept"}, {"name": "country", "mode": "accept"}, {"name": "ip", "mode": "reject", "payload": "10.0.0.1"}]},
        'filter bot: reject → accept\nfilter country: DE, AT → ?\nfilter ip ≠ 10.0.0.1 (new)\nfilter limit = {"total": 5, "per_hour": 1} (gone)',
        'фильтр bot: reject → accept\nфильтр country: DE, AT → ?\nфильтр ip ≠ 10.0.0.1 (новый)\nфильтр limit = {"total": 5, "per_hour": 1} (убран)',
    ),
    (
        {"filters": [COUNTRY, LIMIT, BOT | {"payload": ["x"]}, {"name": "proxy", "mode": "accept"}]},
        "filter bot ≠: – → x\nfilter proxy = ✓ (new)",
        "фильтр bot ≠: – → x\nфильтр proxy = ✓ (новый)",
    ),
    (
        {"triggers": [TRIGGER | {"interval": 9}, TRIGGER | {"id": None, "target": "offers"}]},
        "trigger always disable stream: interval 5 → 9\ntrigger always disable offers (new)",
        "триггер always disable stream: interval 5 → 9\nтриггер always disable offers (новый)",
    ),
    (
        {"triggers": [{"condition": "always", "action": "disable", "taget": "stream"}], "filters": [COUNTRY, LIMIT]},
        "trigger always disable stream: interval 5 → ?\nfilter bot ≠ ✓ (gone)",
        "триггер always disable stream: interval 5 → ?\nфильтр bot ≠ ✓ (убран)",
    ),
]  # fmt: skip


def words(lines):
    """Return lines as people read them."""
    return [plain(line).replace("\u2060", "") for line in lines]


@pytest.mark.parametrize(("written", "english", "russian"), PLAIN + ROWS)
def test_a_change_in_words(written, english, russian):
    assert words(diff_lines(BEFORE, written, ENGLISH)) == english.split("\n")
    assert words(diff_lines(BEFORE, written, RUSSIAN)) == russian.split("\n")
    assert words(diff_lines(BEFORE, completed(BEFORE, written), ENGLISH)) == english.split("\n")


SAME = [
    {"name": "Main", "weight": 100, "comments": "", "collect_clicks": 1, "filter_or": "0"},
    {"parameters": {"a": 1}, "action_options": {"c": {"d": "2"}, "b": ["1"], "a": "1"}},
    {"countries": ["AT", "DE"]},
    {"offers": [{"offer_id": 73, "share": 20}, LOAN | {"id": 99, "name": "Loan"}, CRYPTO]},
    {"filters": [LIMIT, BOT, COUNTRY | {"payload": ["AT", "DE"]}]},
    {"created_at": "2026-11-20", "updated_at": "2026-11-20"},
    {},
]


@pytest.mark.parametrize("written", SAME)
def test_what_is_so_already_has_no_line(written):
    assert diff_lines(BEFORE, written, ENGLISH) == []


UNKNOWN = {
    "name": "Main",
    "offers": [CRYPTO, DATING | {"state": "disabled"}],
    "landings": [],
    "filters": [COUNTRY, BOT],
    "triggers": [TRIGGER],
    "comments": None,
}


@pytest.mark.parametrize("before", [None, {"id": 45}])
def test_of_what_is_not_known_only_the_new_is_told(before):
    assert words(diff_lines(before, UNKNOWN, ENGLISH)) == [
        "name: ? → Main",
        "offer 71 Crypto DE: ? → 50 %",
        "offer 73: ? → 20 %, 🔴 off",
        "offers: 50 % in all, 🔴 off 20 %",
        "landings: ? → –",
        "filter country: ? → DE, AT",
        "filter bot ≠: ? → ✓",
        "trigger always disable stream: ? → ✓",
        "comments: ? → –",
    ]


def test_lists_of_another_form_are_told_as_json():
    written = {"offers": ["x"], "filters": "DE", "triggers": {"a": 1}, "odd": [{"a": 1}]}
    before = {"offers": None, "filters": [BOT], "triggers": "x", "odd": ["DE"]}

    assert words(diff_lines(before, written, ENGLISH)) == [
        "offers: – → x",
        'filters: [{"id": 8, "name": "bot", "mode": "reject", "payload": null}] → DE',
        'triggers: x → {"a": 1}',
        'odd: ["DE"] → [{"a": 1}]',
    ]


def test_a_filter_that_is_turned_round_names_its_values():
    before = {"filters": [{"id": 7, "name": "country", "mode": "accept", "payload": ["DE", "AT"]}]}
    after = {"filters": [{"name": "country", "mode": "reject", "payload": ["DE", "AT"]}]}

    assert [plain(line) for line in diff_lines(before, after, ENGLISH)] == [
        "filter country = DE, AT: accept → reject"
    ]


@pytest.mark.parametrize(("second", "total"), [(60, ["offers: 100 % in all"]), (50, [])])
def test_an_offer_that_is_named_twice_is_counted_once(second: int, total: list[str]):
    """Of two rows that differ nobody knows which one the tracker keeps."""
    row = {"offer_id": 71, "share": 60}
    rows = [row, {**row, "share": second}, {"offer_id": 72, "share": 40}]
    lines = diff_lines({"offers": []}, {"offers": rows}, ENGLISH)

    assert [plain(line) for line in lines if "in all" in line] == total


def test_long_values_are_told_from_where_they_begin_to_differ():
    lines = diff_lines({"url": f"{LONG}1{LONG}", "text": "a"}, {"url": f"{LONG}2", "text": LONG}, ENGLISH)  # fmt: skip

    assert words(lines) == [
        f"url: …{'x' * 20}1{LONG[:98]}… → …{'x' * 20}2",
        f"text: a → {LONG[:120]}…",
    ]


def test_of_many_lines_the_first_are_shown():
    written = {f"f{number}": number for number in range(52)}

    lines = diff_lines({}, written, ENGLISH)
    assert lines[39:] == ["f39: ? → <code>39</code>", "… +12"]
    assert diff_lines({}, {"a": 1, "b": 2}, ENGLISH, most=2) == [
        "a: ? → <code>1</code>",
        "b: ? → <code>2</code>",
    ]


def test_many_values_are_counted():
    before = {"countries": []}

    assert words(diff_lines(before, {"countries": list(range(10, 30))}, ENGLISH)) == [
        "countries: + 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 … +8"
    ]


def test_ordinary_lines_fit_a_phone():
    for written, *golden in PLAIN + ROWS[:2]:
        for text in golden:
            assert all(len(line) <= 45 for line in text.split("\n")), written


SENT = [
    (
        "offers",
        [CRYPTO | {"share": 70}, LOAN | {"state": "disabled"}, {"offer_id": 75, "share": 9}],
        [{"id": 5, "offer_id": 71, "share": 50, "state": "active"}, LOAN, DATING],
        "offer 71 Crypto DE: 70 % → shown 50 %\noffer 72: 🔴 off → shown 🟢 active\noffer 75: 9 % → not shown\noffer 73: not sent → shown 20 %",
        "оффер 71 Crypto DE: 70 % → в трекере 50 %\nоффер 72: 🔴 выключен → в трекере 🟢 включён\nоффер 75: 9 % → в трекере нет\nоффер 73: не отправлялся → в трекере 20 %",
    ),
    (
        "filters",
        [COUNTRY, BOT | {"mode": "accept", "note": "x"}],
        [COUNTRY | {"payload": ["DE"]}, BOT, LIMIT],
        'filter country: DE, AT → shown DE\nfilter bot: accept → shown reject, note x → not shown\nfilter limit: not sent → shown {"total": 5, "per_hour": 1}',
        'фильтр country: DE, AT → в трекере DE\nфильтр bot: accept → в трекере reject, note x → в трекере нет\nфильтр limit: не отправлялся → в трекере {"total": 5, "per_hour": 1}',
    ),
    ("triggers", [TRIGGER], [], "trigger always disable stream: ✓ → not shown", "триггер always disable stream: ✓ → в трекере нет"),
    ("offers", "text", [DATING | {"id": 1}], 'offers: text → shown [{"id": 1, "offer_id": 73, "share": 20, "state": "active"}]', 'offers: text → в трекере [{"id": 1, "offer_id": 73, "share": 20, "state": "active"}]'),
    ("landings", [{"landing_id": 31}], [{"landing_id": 31}], 'landings: [{"landing_id": 31}] → shown [{"landing_id": 31}]', 'landings: [{"landing_id": 31}] → в трекере [{"landing_id": 31}]'),
    ("url", f"{LONG}1", f"{LONG}2", f"url: …{'x' * 20}1 → shown …{'x' * 20}2", f"url: …{'x' * 20}1 → в трекере …{'x' * 20}2"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "sent", "shown", "english", "russian"), SENT)
def test_what_is_shown_otherwise_in_words(field, sent, shown, english, russian):
    found = (Difference(field, sent, shown),)

    assert words(difference_lines(found, ENGLISH)) == english.split("\n")
    assert words(difference_lines(found, RUSSIAN)) == russian.split("\n")


EVIL = "</code><b>x /unlink @evil_admin #tag $USD https://evil.example/x\u202e\n"
SCALAR = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from([EVIL, "0", "1", "active", "disabled", "[1]", '{"a": 1}', "NaN", "Infinity"]),
    st.text(max_size=4),
)
KEYS = st.sampled_from(
    [
        "id",
        "offer_id",
        "landing_id",
        "share",
        "state",
        "name",
        "offer",
        "mode",
        "payload",
        "condition",
        "action",
        "target",
        "taget",
        "interval",
        "stream_id",
        EVIL,
    ]
)
JSON = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
LISTS = ("offers", "landings", "filters", "triggers")
FIELDS = st.sampled_from([*LISTS, "state", "filter_or", "name", "updated_at", EVIL]) | st.text(
    max_size=4
)
STREAMS = st.dictionaries(
    FIELDS, JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=5), max_size=4), max_size=5
)


def is_inert(line):
    text, entities = parse(line)
    outside = text.encode("utf-16-le")
    for entity in entities:
        assert entity["type"] == "code"
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        outside = outside[:start] + b" \x00" * ((end - start) // 2) + outside[end:]
    return "\n" not in text and not LIVE.search(outside.decode("utf-16-le"))


@settings(max_examples=300, deadline=None)
@given(st.none() | STREAMS, STREAMS, st.sampled_from([ENGLISH, RUSSIAN]))
def test_any_json_has_lines_that_do_nothing(before, written, texts):
    lines = diff_lines(before, written, texts)
    found = tuple(Difference(f, v, (before or {}).get(f)) for f, v in written.items())

    assert all(map(is_inert, [*lines, *difference_lines(found, texts)]))


@settings(max_examples=300, deadline=None)
@given(STREAMS)
def test_nothing_would_change_what_is_sent_back_as_it_is(stream):
    assert diff_lines(stream, stream, ENGLISH) == []
