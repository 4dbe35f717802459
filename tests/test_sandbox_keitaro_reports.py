"""The sandbox's tracker reports what its clicks add up to."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from sandbox.keitaro import Keitaro
from sandbox.keitaro.measures import MEASURES
from sandbox.keitaro.seed_streams import GEO

NOW = 1795348800.0  # 2026-11-22 12:00:00 UTC
MONTH = {"from": "2026-10-20", "to": "2026-11-22", "timezone": "UTC"}
DAY = {"from": "2026-11-20", "to": "2026-11-20", "timezone": "UTC"}


@pytest.fixture(scope="module")
def traffic():
    return tuple(Keitaro(now=lambda: NOW).buckets)


@pytest.fixture
def keitaro(traffic):
    tracker = Keitaro(now=lambda: NOW)
    tracker.buckets = list(traffic)
    return tracker


@pytest.fixture
def bare():
    """Return a tracker without clicks but those a test records."""
    tracker = Keitaro(now=lambda: NOW)
    tracker.buckets = []
    return tracker


def client_of(tracker):
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=tracker.app),
        base_url="http://tracker.example/admin_api/v1/",
        headers={"Api-Key": "fake-key-1111"},
    )


@pytest.fixture
async def api(keitaro):
    async with client_of(keitaro) as client:
        yield client


@pytest.fixture
async def small(bare):
    async with client_of(bare) as client:
        yield client


async def report(client, **body):
    answer = await client.post("report/build", json={"range": MONTH, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


COUNTRY = {number: {"country_code": GEO[number][0]} for number in range(1, 11)}


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


async def test_measures_follow_from_the_clicks(small, bare):
    bare.record(
        12,
        at=NOW - 3600,
        clicks=200,
        campaign_unique_clicks=150,
        bots=10,
        lp_views=200,
        lp_clicks=50,
        leads=3,
        sales=5,
        rejected=2,
        cost=40.0,
        lead_revenue=30.0,
        sale_revenue=70.0,
        rejected_revenue=20.0,
    )
    names = ["clicks", "uc_campaign_rate", "bot_share", "lp_ctr", "conversions", "approve", "cr"]
    names += ["crs", "crl", "cost", "revenue", "profit", "profit_confirmed", "roi", "epc", "cpc"]
    names += ["cps", "cpa", "ec", "ecpc", "ecpm", "profitability"]

    answer = await report(small, measures=names)

    assert answer["rows"] == [
        {
            "clicks": 200,
            "uc_campaign_rate": 75.0,
            "bot_share": 5.0,
            "lp_ctr": 25.0,
            "conversions": 10,
            "approve": 50.0,
            "cr": 5.0,
            "crs": 2.5,
            "crl": 1.5,
            "cost": 40.0,
            "revenue": 100.0,
            "profit": 60.0,
            "profit_confirmed": 30.0,
            "roi": 150.0,
            "epc": 0.5,
            "cpc": 0.2,
            "cps": 8.0,
            "cpa": 4.0,
            "ec": 10.0,
            "ecpc": 200.0,
            "ecpm": 500.0,
            "profitability": 250.0,
        }
    ]


async def test_ratio_over_nothing_is_null(small, bare):
    bare.record(12, clicks=3, at=NOW - 3600)

    answer = await report(small, measures=["roi", "cps", "approve", "lp_ctr", "cr"])

    assert answer["rows"] == [{"roi": None, "cps": None, "approve": None, "lp_ctr": None, "cr": 0}]


async def test_parts_add_up_to_the_whole(api):
    names = ["clicks", "cost", "revenue", "conversions"]

    parts = await report(api, dimensions=["campaign_id", "day"], measures=names, summary=True)
    whole = await report(api, measures=names)

    for name in names:
        assert sum(row[name] for row in parts["rows"]) == pytest.approx(whole["rows"][0][name])
        assert parts["summary"][name] == whole["rows"][0][name]
    assert whole["rows"][0]["clicks"] > 50_000
    assert "summary" not in whole


async def test_both_generations_of_names_give_the_same(api):
    new = await report(api, dimensions=["country_code"], measures=["clicks", "sales"])
    old = await report(api, grouping=["country_code"], metrics=["clicks", "sales"])
    mixed = await report(api, columns=["country_code", "clicks", "sales"])

    assert new["rows"] == old["rows"] == mixed["rows"]


async def test_every_documented_dimension_and_measure_is_known(small, bare):
    bare.record(12, at=NOW - 900)
    dimensions = [
        "campaign",
        "campaign_id",
        "campaign_group",
        "campaign_group_id",
        "stream",
        "stream_id",
        "offer",
        "offer_id",
        "landing",
        "landing_id",
        "affiliate_network",
        "ts",
        "ts_id",
        "source",
        "country",
        "country_code",
        "region",
        "city",
        "language",
        "device_type",
        "os",
        "os_version",
        "browser",
        "browser_version",
        "connection_type",
        "keyword",
        "day",
        "hour",
        "day_hour",
        "week",
        "weekday",
        "month",
        "year",
        "datetime",
        "sub_id_1",
        "sub_id_30",
        "creative_id",
        "ad_campaign_id",
        "referrer",
        "operator",
        "isp",
    ]

    answer = await report(small, dimensions=dimensions, measures=list(MEASURES))

    assert list(answer["rows"][0]) == dimensions + list(MEASURES)


async def test_unknown_measure_is_dropped_without_a_word(api):
    answer = await report(api, dimensions=["campaign_id"], measures=["clicks", "payout"], limit=1)

    assert list(answer["rows"][0]) == ["campaign_id", "clicks"]


async def test_measure_as_dimension_and_the_reverse_give_nonsense(api):
    answer = await report(api, dimensions=["clicks"], measures=["campaign_id", "sales"], limit=1)

    assert answer["rows"][0].keys() == {"clicks", "campaign_id", "sales"}
    assert answer["rows"][0]["clicks"] is answer["rows"][0]["campaign_id"] is None


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"group": ["day"]}, "Unknown option group"),
        ({"dimensions": ["traffic_source_id"]}, "Column 'traffic_source_id' is not defined"),
        ({"grouping": ["is_lead"]}, "Column 'is_lead' is not defined"),
        ({"columns": ["unique_clicks"]}, "Column 'unique_clicks' is not defined"),
        ({"sort": [{"name": "nothing"}]}, "Column 'nothing' is not defined"),
        (
            {"filters": [{"name": "nothing", "operator": "IS_SET"}]},
            "Column 'nothing' is not defined",
        ),
        (
            {"filters": [{"name": "clicks", "operator": "GREATER", "expression": 1}]},
            "Unknown operator 'GREATER'",
        ),
        ({"range": {"interval": "next_week"}}, "Unknown interval 'next_week'"),
        ({"range": {"timezone": "Mars/Base"}}, "Unknown or bad timezone (Mars/Base)"),
        ({"range": {"from": "22.11.2026"}}, "Invalid date '22.11.2026'"),
        ({"limit": "many"}, "Invalid number 'many'"),
    ],
)
async def test_what_the_builder_does_not_know_is_refused(small, bare, body, message):
    bare.record(12, at=NOW - 900)

    answer = await small.post("report/build", json={"range": MONTH, **body})

    assert (answer.status_code, answer.json()) == (400, {"error": message})


async def test_rows_are_sorted_cut_and_counted(api):
    body = {
        "dimensions": ["campaign_id"],
        "measures": ["clicks"],
        "sort": [{"name": "clicks", "order": "DESC"}, {"name": "campaign_id", "order": "asc"}],
    }

    everything = await report(api, **body)
    part = await report(api, **body, limit=2, offset=1, summary=True)

    clicks = [row["clicks"] for row in everything["rows"]]
    assert clicks == sorted(clicks, reverse=True)
    assert part["rows"] == everything["rows"][1:3]
    assert part["total"] == everything["total"] == len(clicks) == 10
    assert part["summary"]["clicks"] == sum(clicks)


async def test_rows_are_sorted_by_what_is_not_shown(api):
    answer = await report(
        api,
        dimensions=["campaign_id"],
        measures=["clicks"],
        sort=[{"name": "roi", "order": "DESC"}],
    )

    assert list(answer["rows"][0]) == ["campaign_id", "clicks"]


@pytest.mark.parametrize(
    ("name", "operator", "expression", "campaigns"),
    [
        ("campaign_id", "EQUALS", 1, {1}),
        ("campaign_id", "EQUALS", "1", {1}),
        ("campaign_id", "NOT_EQUAL", 1, {2, 3, 4, 5, 6, 7, 8, 9, 10}),
        ("campaign_id", "IN_LIST", [1, "2", 99], {1, 2}),
        ("campaign_id", "NOT_IN_LIST", [1, 2, 3, 4, 5, 6, 7], {8, 9, 10}),
        ("campaign_id", "BETWEEN", [2, 3], {2, 3}),
        ("campaign_id", "GREATER_THAN", 9, {10}),
        ("campaign_id", "LESS_THAN", 2, {1}),
        ("campaign_id", "EQUALS_OR_GREATER_THAN", 9, {9, 10}),
        ("campaign_id", "EQUALS_OR_LESS_THAN", 2, {1, 2}),
        ("campaign", "BEGINS_WITH", "Garden", {1}),
        ("campaign", "ENDS_WITH", "PL", {4}),
        ("campaign", "CONTAINS", "sleep", {9}),
        ("campaign", "NOT_CONTAIN", "e", {5, 8, 10}),
        ("campaign", "MATCH_REGEXP", "garden", set()),
        ("campaign", "MATCH_REGEXP", "(?i)garden", {1}),
        ("campaign", "MATCH_REGEXP", "/^City/", {3}),
        ("campaign", "NOT_MATCH_REGEXP", "[a-z]", set()),
        ("ts_id", "EQUALS", 5, {5, 8}),
        ("country_code", "IN_LIST", ["PL", "FR"], {4, 5}),
        ("cost", "GREATER_THAN", 6.5, {7, 8, 9, 10}),
        ("offer_id", "IS_NOT_SET", None, {4, 8}),
        ("referrer", "IS_SET", None, set()),
        ("campaign_id", "IS_TRUE", None, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
        ("campaign_id", "IS_FALSE", None, set()),
    ],
)
async def test_filters_let_pass(small, bare, name, operator, expression, campaigns):
    """Each of ten campaigns has one click that cost as much as its id."""
    for number in range(1, 11):
        stream = next(row for row in bare.streams.values() if row["campaign_id"] == number)
        offer_id = 0 if number in (4, 8) else 71
        bare.record(stream["id"], at=NOW - 900, cost=number, offer_id=offer_id, **COUNTRY[number])
    condition = {"name": name, "operator": operator, "expression": expression}

    answer = await report(small, dimensions=["campaign_id"], measures=["cost"], filters=[condition])

    assert {row["campaign_id"] for row in answer["rows"]} == campaigns


async def test_labels_filter_sources(small, bare):
    bare.record(12, at=NOW - 900, creative=1, clicks=3)
    bare.record(12, at=NOW - 900, creative=2, clicks=4)
    labels = {"campaign_id": 1, "ref_name": "sub_id_2", "items": {"cr-1": "blacklist"}}

    await small.post("report/labels", json=labels)
    shown = await small.get(
        "report/labels",
        params={"campaign_id": 1, "ref_name": "sub_id_2", "label_name": "blacklist"},
    )
    condition = {"name": "sub_id_2", "operator": "NOT_HAS_LABEL", "expression": "blacklist"}
    answer = await report(small, measures=["clicks"], filters=[condition])

    assert shown.json() == ["cr-1"]
    assert answer["rows"] == [{"clicks": 4}]


async def test_borders_and_days_follow_the_time_zone(small, bare):
    bare.record(12, at=at("2026-11-19 23:30"), clicks=1)
    bare.record(12, at=at("2026-11-20 12:00"), clicks=2)
    bare.record(12, at=at("2026-11-20 22:30"), clicks=4)
    kyiv = {**DAY, "timezone": "Europe/Kyiv"}

    in_utc = await report(small, range=DAY, measures=["clicks"])
    in_kyiv = await report(small, range=kyiv, dimensions=["day", "hour"], measures=["clicks"])
    exact = {"from": "2026-11-20 12:00:00", "to": "2026-11-20 12:00:00", "timezone": "UTC"}
    moment = await report(small, range=exact, measures=["clicks"])

    assert in_utc["rows"] == [{"clicks": 6}]
    assert in_kyiv["rows"] == [
        {"day": "2026-11-20", "hour": 1, "clicks": 1},
        {"day": "2026-11-20", "hour": 14, "clicks": 2},
    ]
    assert moment["rows"] == [{"clicks": 2}]


async def test_range_without_zone_is_the_trackers_own():
    tracker = Keitaro(now=lambda: NOW, time_zone="Europe/Kyiv")
    tracker.buckets = []
    tracker.record(12, at=at("2026-11-19 23:30"), clicks=1)
    async with client_of(tracker) as client:
        answer = await report(client, range={"from": "2026-11-20"}, measures=["clicks"])

    assert answer["rows"] == [{"clicks": 1}]


async def test_between_reads_date_times_as_utc(small, bare):
    bare.record(12, at=at("2026-11-20 12:00"), clicks=2)
    borders = ["2026-11-20 12:00:00", "2026-11-20 12:30:00"]
    condition = {"name": "datetime", "operator": "BETWEEN", "expression": borders}

    kyiv = {**MONTH, "timezone": "Europe/Kyiv"}
    answer = await report(small, range=kyiv, measures=["clicks"], filters=[condition])

    assert answer["rows"] == [{"clicks": 2}]


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        ("today", 1),
        ("yesterday", 1),
        ("7_days_ago", 8),
        ("this_week", 7),
        ("first_day_of_this_week", 41),
        ("first_day_of_this_month", 22),
        ("1_month_ago", 31),
        ("all_time", 50),
    ],
)
async def test_intervals_are_as_odd_as_the_real_ones(small, bare, interval, days):
    for back in range(50):
        bare.record(12, at=at("2026-11-22 06:00") - timedelta(days=back).total_seconds())

    answer = await report(small, range={"interval": interval}, dimensions=["day"])

    assert answer["total"] == days


async def test_month_by_two_dimensions_is_quick(api, keitaro):
    assert keitaro.buckets
    start = time.process_time()

    await report(api, dimensions=["day", "campaign"], measures=["clicks", "roi"], summary=True)

    assert time.process_time() - start < 0.2


async def test_stream_without_clicks_has_no_row(api):
    condition = {"name": "stream_id", "operator": "EQUALS", "expression": 4711}

    answer = await report(api, dimensions=["stream_id"], measures=["clicks"], filters=[condition])

    assert (answer["rows"], answer["total"]) == ([], 0)


async def test_click_log_agrees_with_the_report(api):
    counted = await report(api, range=DAY, measures=["clicks", "bots", "sales"])
    body = {"range": DAY, "columns": ["click_id", "datetime", "is_bot", "is_sale", "campaign"]}

    rows = []
    for offset in range(0, 6000, 1000):
        page = (await api.post("clicks/log", json={**body, "limit": 5000, "offset": offset})).json()
        rows += page["rows"]

    assert page["total"] == len(rows) == counted["rows"][0]["clicks"]
    assert len({row["event_id"] for row in rows}) == len(rows)
    assert rows[0].keys() == {"event_id", "datetime", "is_bot", "is_sale", "campaign"}
    assert {row["datetime"][:10] for row in rows} == {"2026-11-20"}
    assert sum(row["is_bot"] for row in rows) == counted["rows"][0]["bots"]
    assert sum(row["is_sale"] for row in rows) == counted["rows"][0]["sales"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Range or limit is required"),
        ({"limit": 1, "columns": ["nothing"]}, "Column 'nothing' is not defined"),
        ({"limit": 1, "order": []}, "Unknown option order"),
    ],
)
async def test_click_log_refuses(small, body, message):
    answer = await small.post("clicks/log", json=body)

    assert (answer.status_code, answer.json()) == (400, {"error": message})


async def test_conversion_log_renames_and_agrees_in_total(api):
    counted = await report(api, measures=["conversions", "revenue", "sales"])
    columns = ["conversion_id", "sub_id", "status", "revenue", "postback_datetime", "params"]
    body = {
        "range": MONTH,
        "columns": columns,
        "sort": [{"name": "postback_datetime", "order": "DESC"}],
    }

    log = (await api.post("conversions/log", json=body)).json()
    sold = {"name": "status", "operator": "IN_LIST", "expression": ["sale"]}
    sales = (await api.post("conversions/log", json={**body, "filters": [sold]})).json()

    times = [row["datetime"] for row in log["rows"]]
    paid = sum(row["revenue"] for row in log["rows"] if row["status"] != "rejected")
    assert log["rows"][0].keys() == {
        "event_id",
        "sub_id",
        "status",
        "revenue",
        "datetime",
        "params",
    }
    assert log["total"] == counted["rows"][0]["conversions"]
    assert paid == pytest.approx(counted["rows"][0]["revenue"])
    assert times == sorted(times, reverse=True)
    assert max(times) <= "2026-11-22 12:00:00"
    assert sales["total"] == counted["rows"][0]["sales"]


async def test_costs_are_spread_over_clicks_to_the_last_part(api, keitaro):
    condition = {"name": "campaign_id", "operator": "IN_LIST", "expression": [1, 2]}
    cost = {"start_date": "2026-11-20 00:00", "end_date": "2026-11-20 23:59", "cost": "100.01"}
    one = {**cost, "cost": 7, "timezone": "UTC", "currency": "USD"}

    await api.post("clicks/update_costs", json={"campaign_ids": [1, "2"], "costs": [cost]})
    both = await report(api, range=DAY, measures=["cost"], filters=[condition])
    await api.post("campaigns/1/update_costs", json=one)
    body = {"range": DAY, "dimensions": ["campaign_id"], "measures": ["cost"]}
    rows = (await report(api, **body, filters=[condition]))["rows"]

    assert both["rows"] == [{"cost": 100.01}]
    assert {row["campaign_id"]: row["cost"] for row in rows}[1] == 7.0
    assert len(keitaro.mutations) == 2


async def test_cleaned_clicks_are_gone(api):
    body = {"start_date": "2026-11-20", "end_date": "2026-11-20", "campaign_id": 1}

    await api.post("clicks/clean", json=body)
    answer = await report(api, range=DAY, dimensions=["campaign_id"], measures=["clicks"])

    assert 1 not in {row["campaign_id"] for row in answer["rows"]}
    assert answer["total"] == 9
