"""What a tracker would accept without a word: each check finds it, and nothing else."""

from dataclasses import dataclass, field
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.render.findings import finding_lines, traffic_line
from handlers.texts import ENGLISH, RUSSIAN
from keitaro import (
    CHECKS,
    Catalogue,
    Facts,
    Finding,
    FindingName,
    Traffic,
    check,
    check_payload,
)
from keitaro.catalogue_checks import unknown_actions, unknown_filters, unknown_modes
from keitaro.checks import PAYLOAD_CHECKS, Case
from keitaro.countries import COUNTRIES
from keitaro.payload_checks import (
    action_without_payload,
    countries,
    no_clicks_collected,
    other_id,
    read_only,
    redirect_without_url,
)
from keitaro.place_checks import (
    campaign_absent,
    campaign_archived,
    comes_back_on,
    default_taken,
    last_active,
    last_default,
    namesake,
    position_taken,
    weight_negative,
    weight_zero,
)
from keitaro.share_checks import (
    absent_items,
    archived_items,
    disabled_shares,
    negative_shares,
    no_offers,
    nothing_to_show,
    share_sums,
    twice,
    unused_lists,
)
from keitaro.spelling_checks import misspelt

GOOD = {
    "campaign_id": 1,
    "type": "regular",
    "schema": "landings",
    "name": "Main",
    "action_type": "http",
    "collect_clicks": True,
    "position": 3,
    "weight": 100,
    "filters": [{"name": "country", "mode": "accept", "payload": ["DE", "AT"]}],
    "offers": [
        {"offer_id": 71, "share": 50, "state": "active"},
        {"offer_id": "72", "share": "50"},
    ],
    "landings": [],
}
SHOWN = {**GOOD, "id": 45, "state": "active"}
OTHERS = [
    {"id": 46, "name": "Other", "type": "regular", "position": 1, "state": "active"},
    {"id": 47, "name": "Off", "type": "default", "position": 1, "state": "disabled"},
    {"id": 48, "name": "Gone", "type": "regular", "position": 2, "state": "deleted"},
]
KNOWN = Facts(
    campaign={"id": 1, "type": "position", "state": "active"},
    streams=[SHOWN, *OTHERS],
    offers={71: {"id": 71, "state": "active"}, 72: {"id": 72, "state": "active"}},
    catalogue=Catalogue(
        frozenset({"http", "show_text", "do_nothing"}),
        {"country": frozenset({"accept", "reject"}), "referrer": None},
    ),
)


def rows(*shares: Any, key: str = "offer_id", state: str = "active") -> list[dict[str, Any]]:
    return [{key: 71 + n, "share": share, "state": state} for n, share in enumerate(shares)]


def country(*codes: Any) -> list[dict[str, Any]]:
    return [{"name": "country", "mode": "accept", "payload": list(codes)}]


@dataclass(frozen=True)
class Row:
    """A change, and what one check says about it: *found* are name and values."""

    verb: str = "create"
    written: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] | None = None
    found: tuple[tuple[str, dict[str, Any]], ...] = ()
    level: str = "warning"

    @property
    def case(self) -> Case:
        base = {"create": GOOD}.get(self.verb, self.before or {})
        after = {**base, **self.written}
        written = after if self.verb == "create" else self.written
        facts = Facts(**{**vars(KNOWN), **self.facts})
        return Case(self.verb, after, written, facts, self.before)


def updated(written: dict[str, Any], *found: Any, **more: Any) -> Row:
    return Row("update", written, before=more.pop("before", SHOWN), found=found, **more)


def created(written: dict[str, Any], *found: Any, **more: Any) -> Row:
    return Row("create", written, found=found, **more)


REDIRECT = {"schema": "redirect", "offers": []}
ACTION = {"schema": "action", "offers": []}
ROWS: dict[Any, list[Row]] = {
    share_sums: [
        created({}),
        created({"offers": [*rows(50, 50), *rows(50)]}),
        created({"offers": [*rows(50, 50), *rows(30)]}),
        created(
            {"offers": rows(50, "40")},
            ("share_sum", {"field": "offers", "sum": 90, "missing": 10}),
        ),
        created(
            {"landings": rows(60, 60, key="landing_id")},
            ("share_excess", {"field": "landings", "sum": 120, "excess": 20}),
        ),
        created(
            {"offers": rows(33.5, 33)},
            ("share_sum", {"field": "offers", "sum": 66.5, "missing": 33.5}),
        ),
        created(
            {"offers": [*rows(60), {"offer_id": 72, "share": 40, "state": "disabled"}]},
            ("share_sum", {"field": "offers", "sum": 60, "missing": 40}),
        ),
        created({"offers": rows("many", 10)}),
        created({"offers": []}),
        updated({"name": "New"}, before={**SHOWN, "offers": rows(50)}),
        updated({"offers": rows(50)}, before={**SHOWN, "offers": rows("50")}),
        updated(
            {"offers": rows(70, 20)}, ("share_sum", {"field": "offers", "sum": 90, "missing": 10})
        ),
        Row(
            "enable",
            before={**SHOWN, "offers": rows(50)},
            found=(("share_sum", {"field": "offers", "sum": 50, "missing": 50}),),
        ),
        Row("disable", before={**SHOWN, "offers": rows(50)}),
    ],
    negative_shares: [
        created({"offers": rows(0, 100)}),
        created({"offers": rows("some", None, 1e400)}),
        created({"offers": rows(-10, 110)}, ("share_negative", {"field": "offers"}), level="error"),
        updated({"name": "New"}, before={**SHOWN, "offers": rows(-10, 110)}),
    ],
    disabled_shares: [
        created({"offers": [*rows(100), {"offer_id": 9, "share": 0, "state": "disabled"}]}),
        created(
            {"offers": [*rows(100), {"offer_id": 9, "share": 20, "state": "disabled"}]},
            ("disabled_share", {"field": "offers", "ids": [9], "sum": 20}),
        ),
    ],
    no_offers: [
        created({}),
        created({"offers": [], "landings": rows(100, key="landing_id")}),
        Row("enable", before={**SHOWN, "offers": []}, found=(("no_offers", {"field": "offers"}),)),
        created({"offers": [], "schema": "redirect"}),
        updated({"offers": []}, ("no_offers", {"field": "offers"})),
        updated({"offers": []}, ("no_offers", {"field": "offers"}), before=None),
        updated({"offers": []}, before={**SHOWN, "offers": []}),
        updated({"name": "New"}, before={"id": 45, "schema": "landings"}),
    ],
    nothing_to_show: [
        created({}),
        created({"offers": []}, ("nothing_to_show", {}), level="error"),
        created({"offers": None, "landings": None}, ("nothing_to_show", {}), level="error"),
        created({"offers": [], "state": "disabled"}, ("nothing_to_show", {})),
        created({"offers": [], "landings": rows(100, key="landing_id")}),
        created({"offers": [], "schema": "redirect"}),
        updated({"offers": []}),
    ],
    misspelt: [
        created({}),
        created({"nmae": "Main"}),
        updated(
            {"nmae": "New", "offres": [], "Position": 3},
            (
                "misspelt",
                {"names": {"nmae": "name", "offres": "offers", "Position": "position"}},
            ),
        ),
        updated({"payload": "x", "brand_new": 1, "action_payload": "x"}),
        updated({"stat": 1}, before={**SHOWN, "stat": 0}),
        updated(
            {"offers": [{"offer_id": 71, "share": 100, "sate": "disabled"}]},
            ("misspelt", {"names": {"offers.sate": "offers.state"}}),
        ),
        updated({"filters": [{"name": "country", "mode": "accept", "payload": ["DE"]}]}),
        Row("disable", {"nmae": 1}, before=SHOWN),
    ],
    weight_negative: [
        created({}),
        created({"weight": -1}, ("weight_negative", {})),
        updated({"weight": "-0.5"}, ("weight_negative", {})),
        updated({"name": "New"}, before={**SHOWN, "weight": -1}),
    ],
    comes_back_on: [
        Row("restore", before={**SHOWN, "state": "deleted"}, found=(("comes_back_on", {}),)),
        Row("restore", before={**SHOWN, "state": "disabled"}),
        Row("restore", before=SHOWN),
        Row("enable", before={**SHOWN, "state": "disabled"}),
    ],
    last_default: [
        Row("disable", before={**SHOWN, "type": "default"}, found=(("last_default", {"id": 1}),)),
        Row("disable", before=SHOWN),
        Row("disable", before={**SHOWN, "type": "default"}, facts={"streams": None}),
        Row("disable", before={**SHOWN, "type": "default"}, facts={"streams": []}),
        Row(
            "disable",
            before={**SHOWN, "type": "default"},
            facts={"streams": [OTHERS[0], {**OTHERS[1], "state": "active"}]},
        ),
    ],
    twice: [
        created({}),
        created(
            {"offers": [{"offer_id": 71, "share": 50}, {"offer_id": "71", "share": 50}]},
            ("twice", {"field": "offers", "ids": [71]}),
        ),
        updated(
            {"landings": [{"landing_id": 31}, {"landing_id": 32}, {"landing_id": 31}]},
            ("twice", {"field": "landings", "ids": [31]}),
        ),
    ],
    unused_lists: [
        created({}),
        created({"schema": "redirect", "offers": []}),
        created({"schema": "redirect"}, ("unused_list", {"field": "offers", "schema": "redirect"})),
        updated({"offers": rows(100)}, before=None),
    ],
    absent_items: [
        created({}),
        created({}, facts={"offers": {}}),
        created(
            {},
            ("absent", {"field": "offers", "ids": [72]}),
            facts={"offers": {72: None}},
            level="error",
        ),
        updated(
            {"landings": rows(100, key="landing_id")},
            ("absent", {"field": "landings", "ids": [71]}),
            facts={"landings": {71: None}},
            level="error",
        ),
        updated(
            {"offers": rows(30, 70)},
            ("absent", {"field": "offers", "ids": [72]}),
            facts={"offers": {72: None}},
        ),
    ],
    archived_items: [
        created({}),
        created({}, facts={"offers": {71: {}, 72: {"state": 5}}}),
        created(
            {},
            ("archived", {"field": "offers", "ids": [71]}),
            facts={"offers": {71: {"state": "deleted"}}},
        ),
        created(
            {"offers": rows(100, state="disabled")},
            facts={"offers": {71: {"state": "deleted"}}},
        ),
    ],
    redirect_without_url: [
        created({**REDIRECT, "action_payload": "https://landing.example/"}),
        created(
            {**REDIRECT, "action_payload": " "},
            ("redirect_without_url", {"action_type": "http"}),
            level="error",
        ),
        created(REDIRECT, ("redirect_without_url", {"action_type": "http"}), level="error"),
        created({**REDIRECT, "action_type": "status404"}),
        updated({"schema": "redirect"}),
        updated(
            {"schema": "redirect"},
            ("redirect_without_url", {"action_type": "http"}),
            before={**SHOWN, "action_payload": ""},
            level="error",
        ),
        updated({"name": "New"}, before={**SHOWN, "schema": "redirect", "action_payload": ""}),
    ],
    action_without_payload: [
        created({**ACTION, "action_type": "do_nothing"}),
        created({**ACTION, "action_type": "show_text", "action_payload": "Nothing here"}),
        created(
            {**ACTION, "action_type": "show_text"},
            ("action_without_payload", {"action_type": "show_text"}),
        ),
        created(
            {**ACTION, "action_type": "curl", "action_payload": None},
            ("action_without_payload", {"action_type": "curl"}),
        ),
    ],
    no_clicks_collected: [
        created({}),
        created({"collect_clicks": "true"}),
        created({"collect_clicks": 1}),
        created({"collect_clicks": False}, ("no_clicks_collected", {})),
        created({"collect_clicks": None}, ("no_clicks_collected", {})),
        created({"collect_clicks": "0"}, ("no_clicks_collected", {})),
        updated({"collect_clicks": False}),
    ],
    read_only: [
        created({}),
        created({"id": None}),
        created({"id": 45, "updated_at": "x"}, ("read_only", {"fields": ["id", "updated_at"]})),
        updated({"id": 45}),
    ],
    other_id: [
        updated({"id": "45"}),
        updated({"id": 46}, ("other_id", {"written": 46, "id": 45})),
        updated({"id": 46}, before=None),
    ],
    countries: [
        created({}),
        created({"filters": country("XK", "GB")}),
        created(
            {"filters": country("UK", "EN", "de", "SW", "AT", " FR")},
            (
                "country_slip",
                {"codes": {"UK": "GB", "EN": "GB", "de": "DE", "SW": "SE / CH", " FR": "FR"}},
            ),
        ),
        created(
            {"filters": country("ZZ", "Germany", "ZZ", 7, "")},
            ("country_unknown", {"codes": ["ZZ", "Germany"]}),
        ),
        created({"filters": [{"name": "language", "mode": "accept", "payload": ["en"]}]}),
        created({"filters": [{"name": "country", "payload": {"UK": 1}}]}),
        updated({"name": "New"}, before={**SHOWN, "filters": country("UK")}),
        updated({"filters": country("UK")}, ("country_slip", {"codes": {"UK": "GB"}})),
    ],
    campaign_absent: [
        created({}),
        created(
            {},
            ("campaign_absent", {"id": 1}),
            facts={"is_campaign_absent": True, "campaign": None},
            level="error",
        ),
        updated({"name": "New"}, facts={"is_campaign_absent": True}),
        updated(
            {"campaign_id": 99},
            ("campaign_absent", {"id": 99}),
            facts={"is_campaign_absent": True},
            level="error",
        ),
    ],
    campaign_archived: [
        created({}),
        created({}, facts={"campaign": None}),
        created({}, ("campaign_archived", {"id": 1}), facts={"campaign": {"state": "deleted"}}),
        Row("delete", before=SHOWN, facts={"campaign": {"state": "deleted"}}),
    ],
    last_active: [
        Row("disable", before=SHOWN),
        Row("disable", before=SHOWN, facts={"streams": None}),
        Row(
            "disable",
            before=SHOWN,
            facts={"streams": [SHOWN, *OTHERS[1:]]},
            found=(("last_active", {"id": 1}),),
        ),
        Row("delete", before=SHOWN, facts={"streams": []}, found=(("last_active", {"id": 1}),)),
        Row("delete", before={**SHOWN, "state": "disabled"}, facts={"streams": [SHOWN]}),
        updated({"state": "disabled"}, ("last_active", {"id": 1}), facts={"streams": [SHOWN]}),
        updated({"state": "active"}, facts={"streams": [SHOWN]}),
        updated({"name": "New"}, facts={"streams": [SHOWN]}),
        Row("enable", before=SHOWN, facts={"streams": [SHOWN]}),
    ],
    default_taken: [
        created({"type": "default"}),
        created(
            {"type": "default"},
            ("default_taken", {"id": 47}),
            facts={"streams": [{**OTHERS[1], "state": "active"}]},
        ),
        created({}, facts={"streams": [{**OTHERS[1], "state": "active"}]}),
        created(
            {"type": "default", "state": "disabled"},
            facts={"streams": [{**OTHERS[1], "state": "active"}]},
        ),
        updated(
            {"type": "default"},
            ("default_taken", {"id": 9}),
            facts={"streams": [{"id": 9, "type": "default"}]},
        ),
        Row("restore", before={**SHOWN, "type": "default"}),
        Row(
            "restore",
            before={**SHOWN, "type": "default", "state": "deleted"},
            facts={"streams": [{"id": 9, "type": "default", "state": "active"}]},
            found=(("default_taken", {"id": 9}),),
        ),
        updated(
            {"name": "New"},
            before={**SHOWN, "type": "default"},
            facts={"streams": [{"id": 9, "type": "default"}]},
        ),
    ],
    position_taken: [
        created({"position": 4}),
        created({"position": 2}),
        created({"position": 1}, ("position_taken", {"position": 1, "id": 46})),
        created({"position": "1", "type": "forced"}),
        created({"position": 1}, facts={"campaign": {"type": "weight"}}),
        created({"position": 1, "state": "disabled"}),
        updated({"position": 3}),
        updated({"position": "1"}, ("position_taken", {"position": 1, "id": 46})),
        Row(
            "enable",
            before={**SHOWN, "position": 1, "state": "disabled"},
            found=(("position_taken", {"position": 1, "id": 46}),),
        ),
    ],
    namesake: [
        created({"name": "New"}),
        created({"name": "Gone"}),
        created({"name": "Other "}, ("namesake", {"name": "Other", "id": 46})),
        updated({"name": "Other"}),
    ],
    weight_zero: [
        created({"weight": 0}),
        created({"weight": 0}, ("weight_zero", {}), facts={"campaign": {"type": "weight"}}),
        created({"weight": 1}, facts={"campaign": {"type": "weight"}}),
        updated({"weight": "0"}, ("weight_zero", {}), facts={"campaign": {"type": "weight"}}),
    ],
    unknown_actions: [
        created({}),
        created({"action_type": "htp"}, facts={"catalogue": None}),
        created({"action_type": "htp"}, facts={"catalogue": Catalogue(None, None)}),
        created(
            {"action_type": "show_txt"},
            ("unknown_action_like", {"names": {"show_txt": "show_text"}}),
            level="error",
        ),
        created(
            {"action_type": "redirect"},
            ("unknown_action_like", {"names": {"redirect": "http"}}),
            level="error",
        ),
        created({"action_type": "zzzz"}, ("unknown_action", {"names": ["zzzz"]}), level="error"),
        updated({"name": "New"}, before={**SHOWN, "action_type": "zzzz"}),
    ],
    unknown_filters: [
        created({}),
        created({"filters": [{"name": "geo"}]}, facts={"catalogue": None}),
        created(
            {"filters": [{"name": "geo"}, {"name": "Country"}]},
            ("unknown_filter_like", {"names": {"geo": "country", "Country": "country"}}),
            level="error",
        ),
        created(
            {"filters": [{"name": "zzzz"}]}, ("unknown_filter", {"names": ["zzzz"]}), level="error"
        ),
        updated(
            {"filters": [{"name": "zzzz", "mode": "accept"}]},
            before={**SHOWN, "filters": [{"name": "zzzz", "mode": "reject"}]},
        ),
    ],
    unknown_modes: [
        created({}),
        created({"filters": [{"name": "referrer", "mode": "black"}]}),
        created(
            {"filters": [{"name": "country", "mode": "black"}]},
            ("unknown_mode", {"modes": {"country": "black"}}),
        ),
    ],
}
TABLE = [
    pytest.param(one, row, id=f"{one.__name__}-{number}")
    for one, table in ROWS.items()
    for number, row in enumerate(table)
]


@pytest.mark.parametrize(("one", "row"), TABLE)
def test_a_check_finds_what_it_is_for(one: Any, row: Row):
    expected = [Finding(name, row.level, values) for name, values in row.found]

    assert list(one(row.case)) == expected


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.__name__)
def test_every_check_has_rows_in_which_it_speaks_and_in_which_it_is_silent(one: Any):
    assert any(row.found for row in ROWS[one])
    assert any(not row.found for row in ROWS[one])


def test_every_finding_is_found_somewhere():
    found = {name for table in ROWS.values() for row in table for name, _ in row.found}

    assert found == set(get_args(FindingName))


@pytest.mark.parametrize(("one", "row"), [param for param in TABLE if param.values[1].found])
def test_every_finding_makes_a_line_in_both_languages(one: Any, row: Row):
    found = tuple(one(row.case))
    for texts in (ENGLISH, RUSSIAN):
        lines = finding_lines(found, texts)

        assert len(lines) == len(found)
        assert all(line[0] == ("⛔" if row.level == "error" else "❗") for line in lines)
        assert all("{" not in line for line in lines)


@pytest.mark.parametrize("verb", ["create", "update", "enable", "restore"])
def test_a_good_stream_is_let_alone(verb: str):
    known = Facts(**{**vars(KNOWN), "streams": OTHERS})
    before = None if verb == "create" else {**SHOWN, "state": "disabled"}

    assert check(verb, SHOWN if before else GOOD, {} if before else GOOD, known, before) == ()


def test_what_the_payload_shows_needs_no_facts():
    found = check_payload("create", {**GOOD, **REDIRECT, "collect_clicks": False})

    assert [(one.level, one.name) for one in found] == [
        ("error", "redirect_without_url"),
        ("warning", "no_clicks_collected"),
    ]
    assert check("create", GOOD, GOOD, Facts()) == check_payload("create", GOOD) == ()


def test_an_update_is_seen_with_what_was_there_before():
    before = {**SHOWN, "action_payload": ""}

    assert [one.name for one in check_payload("update", {"schema": "redirect"}, before)] == [
        "redirect_without_url",
        "unused_list",
    ]
    assert check_payload("update", {"schema": "redirect"}) == ()


def test_all_checks_run_the_payload_s_checks_first():
    assert CHECKS[: len(PAYLOAD_CHECKS)] == PAYLOAD_CHECKS
    assert len(set(CHECKS)) == len(CHECKS)


def test_turning_on_is_never_held_up():
    """What is wrong with the stream stood there before; to turn it on is not to write it."""
    before = {**SHOWN, "schema": "redirect", "action_payload": "", "state": "disabled"}
    found = check("enable", {**before, "state": "active"}, {}, KNOWN, before)

    assert [(one.level, one.name) for one in found] == [
        ("warning", "redirect_without_url"),
        ("warning", "unused_list"),
    ]


def test_the_codes_of_countries_are_two_capitals():
    assert len(COUNTRIES) == 250
    assert all(len(code) == 2 and code.isascii() and code.isupper() for code in COUNTRIES)


def test_a_list_as_long_as_can_be_is_told_in_short_lines():
    """Each of the thousand rows is odd in every way."""
    long = [
        {"offer_id": n, "share": 1, "name": f"odd filter {n}", "mode": "x", "state": "disabled"}
        for n in range(1000)
    ]
    codes = country(*(f"code {n}" for n in range(1000)))
    after = {**GOOD, "offers": long, "landings": long, "filters": [*long, *codes]}
    found = check("create", after, after, Facts(**{**vars(KNOWN), "offers": {}}))
    lines = finding_lines(found, ENGLISH)

    assert len(found) == len(lines) > 4
    assert max(map(len, lines)) < 1000


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["active", "deleted", "default", "regular", "redirect", "landings", "country", "weight"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "name", "mode", "payload", "state"]), inner)
    ),
    max_leaves=8,
)
PART = st.dictionaries(
    st.sampled_from(["offer_id", "landing_id", "share", "state", "name", "mode", "payload", "id"]),
    JSON,
    max_size=6,
)
STREAM = st.dictionaries(
    st.sampled_from([*GOOD, "id", "state", "action_payload", "odd"]),
    JSON | st.lists(PART | JSON, max_size=4),
    max_size=10,
)
OBJECTS = st.dictionaries(st.integers(0, 3) | st.text(max_size=1), JSON | PART, max_size=3)
FACTS = st.builds(
    Facts,
    campaign=JSON | STREAM,
    is_campaign_absent=st.booleans(),
    streams=JSON | st.lists(STREAM | JSON, max_size=4),
    offers=OBJECTS,
    landings=OBJECTS,
    catalogue=st.none() | st.just(KNOWN.catalogue) | st.just(Catalogue(None, None)),
)


@given(
    verb=st.sampled_from(["create", "update", "enable", "disable", "delete", "restore"]),
    after=STREAM,
    written=STREAM,
    facts=FACTS,
    before=st.none() | STREAM,
)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_whatever_makes_a_check_raise(verb, after, written, facts, before):
    found = (*check(verb, after, written, facts, before), *check_payload(verb, written, before))

    for texts in (ENGLISH, RUSSIAN):
        assert len(finding_lines(found, texts)) == len(found)


def test_numbers_too_long_to_be_written_are_no_numbers():
    huge = 10**5000
    after = {**GOOD, "position": huge, "weight": huge, "offers": rows(huge, 1e308)}

    assert check("create", after, after, Facts()) == ()


def test_errors_stand_first_and_values_are_escaped():
    found = (
        Finding("namesake", "warning", {"name": "<b>/start", "id": 7}),
        Finding("absent", "error", {"field": "offers", "ids": [1, 2]}),
    )

    assert finding_lines(found, ENGLISH) == [
        "⛔ Not in the tracker: <code>offers</code> <code>1</code>, <code>2</code>.",
        "❗ The campaign already has a stream named <code>&lt;b&gt;/start</code>: <code>7</code>.",
    ]


@pytest.mark.parametrize(
    ("traffic", "english", "russian"),
    [
        (None, "Last 24 h: traffic unknown", "За 24 ч: трафик неизвестен"),
        (Traffic(0, 0.0), "Last 24 h: no clicks", "За 24 ч: кликов нет"),
        (Traffic(0, None), "Last 24 h: no clicks", "За 24 ч: кликов нет"),
        (Traffic(1234, None), "Last 24 h: clicks 1,234", "За 24 ч: кликов 1\u00a0234"),
        (
            Traffic(1234, 56.7),
            "Last 24 h: clicks 1,234, cost 56.70",
            "За 24 ч: кликов 1\u00a0234, расход 56,70",
        ),
    ],
)
def test_traffic_is_told_in_a_line(traffic: Traffic | None, english: str, russian: str):
    assert traffic_line(traffic, ENGLISH) == english
    assert traffic_line(traffic, RUSSIAN) == russian
