"""Words become requests to the tracker, and requests become words again."""

import time
from datetime import date, datetime
from types import SimpleNamespace
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.errors import explain
from handlers.render.html import plain
from handlers.stats.dimensions import DIMENSIONS
from handlers.stats.faults import PhraseError, PhraseFault
from handlers.stats.groupings import groupings
from handlers.stats.measures import MEASURES, USUAL
from handlers.stats.patch import merged, patched
from handlers.stats.period import Period
from handlers.stats.phrase import Phrase, read_phrase
from handlers.stats.query import Query
from handlers.stats.rule import Rule
from handlers.stats.words import vocabulary
from handlers.stats.written import title, written
from handlers.texts import ENGLISH, RUSSIAN
from sandbox.keitaro import Keitaro
from sandbox.keitaro.dimensions import reader
from sandbox.keitaro.logs import log_clicks, log_conversions
from sandbox.keitaro.measures import MEASURES as COUNTED
from sandbox.keitaro.reports import build_report
from sandbox.keitaro.state import Call

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=ZoneInfo("Europe/Kyiv"))
SIGNS = {
    "=": "EQUALS",
    "!=": "NOT_EQUAL",
    ">": "GREATER_THAN",
    "<": "LESS_THAN",
    ">=": "EQUALS_OR_GREATER_THAN",
    "<=": "EQUALS_OR_LESS_THAN",
    "~": "CONTAINS",
    "!~": "NOT_CONTAIN",
    "in": "IN_LIST",
    "not in": "NOT_IN_LIST",
    "begins": "BEGINS_WITH",
    "set": "IS_SET",
    "unset": "IS_NOT_SET",
    "yes": "IS_TRUE",
    "no": "IS_FALSE",
}
DAY, YESTERDAY = Period("day"), Period("day", ago=1)
CAMPAIGN, OFFER = "campaign_id campaign", "offer_id offer"


def dates(first, last):
    return Period(
        "dates",
        first=date.fromisoformat(first),
        last=date.fromisoformat(last) if last else None,
    )


def where(name, sign, *value):
    found = {"name": name, "operator": SIGNS[sign]}
    return found | ({"expression": value[0]} if value else {})


def order(*sort):
    return [{"name": each[:-1], "order": {"+": "ASC", "-": "DESC"}[each[-1]]} for each in sort]


def asked(period=DAY, by="", *filters, show=USUAL, sort=None, limit=None):
    """Return the request for a report; without *sort* the most clicks come first."""
    body = {"dimensions": by.split(), "measures": list(show)}
    if filters:
        body["filters"] = list(filters)
    if by:
        body["sort"] = order(*(sort or ["clicks-"]))
    if limit:
        body["limit"] = limit
    return Query("report", {**body, "summary": True}, period)


# Of each: English, Russian, and what both ask for.
PAIRS = [
    # Periods
    ("today", "сегодня", asked()),
    ("Today", "СЕГОДНЯ", asked()),
    ("yesterday", "вчера", asked(YESTERDAY)),
    ("day before yesterday", "позавчера", asked(Period("day", ago=2))),
    ("3 days ago", "3 дня назад", asked(Period("day", ago=3))),
    ("24h", "24ч", asked(Period("hour", 24))),
    ("last 24 hours", "за последние 24 часа", asked(Period("hour", 24))),
    ("12 hours", "12 часов", asked(Period("hour", 12))),
    ("24h", "за сутки", asked(Period("hour", 24))),
    ("last hour", "за последний час", asked(Period("hour"))),
    ("7d", "7д", asked(Period("day", 7))),
    ("7 days", "7 дней", asked(Period("day", 7))),
    ("last 7 days", "последние 7 дней", asked(Period("day", 7))),
    ("for the last 30 days", "за 30 дней", asked(Period("day", 30))),
    ("2 weeks", "2 недели", asked(Period("day", 14))),
    ("3 months", "3 месяца", asked(Period("month", 3))),
    ("week", "неделя", asked(Period("week"))),
    ("this week", "за неделю", asked(Period("week"))),
    ("last week", "прошлая неделя", asked(Period("week", ago=1))),
    ("month", "месяц", asked(Period("month"))),
    ("this month", "за этот месяц", asked(Period("month"))),
    ("last month", "за прошлый месяц", asked(Period("month", ago=1))),
    ("year", "год", asked(Period("year"))),
    ("last year", "в прошлом году", asked(Period("year", ago=1))),
    ("all", "за всё время", asked(Period("all"))),
    ("all time campaign", "всё время по кампаниям", asked(Period("all"), CAMPAIGN)),
    ("2026-11-01", "01.11.2026", asked(dates("2026-11-01", "2026-11-01"))),
    ("2026-11-01..2026-11-15", "1.11..15.11", asked(dates("2026-11-01", "2026-11-15"))),
    ("2026-11-01–2026-11-15", "с 1.11 по 15.11", asked(dates("2026-11-01", "2026-11-15"))),
    ("from 2026-11-01 to 2026-11-15", "1.11-15.11", asked(dates("2026-11-01", "2026-11-15"))),
    ("2026-11-01 - 2026-11-15", "1.11 – 15.11", asked(dates("2026-11-01", "2026-11-15"))),
    ("2025-12-25..2026-01-05", "25.12..5.1", asked(dates("2025-12-25", "2026-01-05"))),
    ("2025-12-15", "15.12", asked(dates("2025-12-15", "2025-12-15"))),
    ("since 2026-11-01", "с 1.11.26", asked(dates("2026-11-01", ""))),
    ("november", "в ноябре", asked(dates("2026-11-01", "2026-11-30"))),
    ("December", "за декабрь", asked(dates("2025-12-01", "2025-12-31"))),
    ("oct 2025", "октябрь 2025", asked(dates("2025-10-01", "2025-10-31"))),
    ("since october", "с октября", asked(dates("2026-10-01", ""))),
    ("september to october", "с сентября по октябрь", asked(dates("2026-09-01", "2026-10-31"))),
    ("5 november", "5-го ноября", asked(dates("2026-11-05", "2026-11-05"))),
    ("November 5th 2025", "5 ноября 2025", asked(dates("2025-11-05", "2025-11-05"))),
    ("25 december", "25 дек.", asked(dates("2025-12-25", "2025-12-25"))),
    ("1-15 november", "1–15 ноября", asked(dates("2026-11-01", "2026-11-15"))),
    ("from 1 to 25 november", "с 1 по 25 ноября", asked(dates("2026-11-01", "2026-11-25"))),
    ("20 to 25 december", "20 - 25 декабря", asked(dates("2025-12-20", "2025-12-25"))),
    ("28 oct - 3 nov", "с 28 октября по 3 ноября", asked(dates("2026-10-28", "2026-11-03"))),
    ("monday", "в понедельник", asked(dates("2026-11-23", "2026-11-23"))),
    ("last monday", "прошлый понедельник", asked(dates("2026-11-16", "2026-11-16"))),
    ("on friday", "пт", asked(dates("2026-11-20", "2026-11-20"))),
    ("friday to sunday", "с пятницы по вс", asked(dates("2026-11-20", "2026-11-22"))),
    ("since wednesday", "со среды", asked(dates("2026-11-18", ""))),
    (
        "campaigns in october",
        "кампании в октябре",
        asked(dates("2026-10-01", "2026-10-31"), CAMPAIGN),
    ),
    (
        "clicks in october",
        "клики в октябре",
        asked(dates("2026-10-01", "2026-10-31"), show=["clicks"]),
    ),
    # Groupings
    ("today campaign", "сегодня кампания", asked(DAY, CAMPAIGN)),
    ("campaigns", "по кампаниям", asked(DAY, CAMPAIGN)),
    ("by stream", "потоки", asked(DAY, "stream_id stream")),
    ("flow", "по потокам", asked(DAY, "stream_id stream")),
    ("offers", "офферы", asked(DAY, OFFER)),
    ("landing", "по лендингам", asked(DAY, "landing_id landing")),
    ("network", "по партнёркам", asked(DAY, "affiliate_network_id affiliate_network")),
    ("affiliate network", "сети", asked(DAY, "affiliate_network_id affiliate_network")),
    ("source", "источники", asked(DAY, "ts_id ts")),
    ("ts", "по источникам", asked(DAY, "ts_id ts")),
    ("group", "по группам", asked(DAY, "campaign_group_id campaign_group")),
    ("country", "по странам", asked(DAY, "country")),
    ("geo, device", "гео, устройства", asked(DAY, "country device_type")),
    ("country code", "коды стран", asked(DAY, "country_code")),
    ("os browser city", "ос браузер город", asked(DAY, "os browser city")),
    ("region language", "регионы языки", asked(DAY, "region language")),
    ("isp connection", "провайдеры соединения", asked(DAY, "isp connection_type")),
    ("keyword creative", "ключи креативы", asked(DAY, "keyword creative_id")),
    ("sub1 sub_id_30", "саб1 саб 30", asked(DAY, "sub_id_1 sub_id_30")),
    ("sub 2", "по саб2", asked(DAY, "sub_id_2")),
    ("campaign_id", "по campaign_id", asked(DAY, "campaign_id")),
    ("7d day", "7д по дням", asked(Period("day", 7), "day", sort=["day+"])),
    ("hour", "по часам", asked(DAY, "hour", sort=["hour+"])),
    ("today hourly", "сегодня ежечасно", asked(DAY, "hour", sort=["hour+"])),
    (
        "this month daily",
        "этот месяц ежедневно",
        asked(Period("month"), "day", sort=["day+"]),
    ),
    ("24h hour", "24ч по часам", asked(Period("hour", 24), "day_hour", sort=["day_hour+"])),
    ("month by week", "за месяц по неделям", asked(Period("month"), "week", sort=["week+"])),
    (
        "last month week",
        "прошлый месяц неделя",
        asked(Period("month", ago=1), "week", sort=["week+"]),
    ),
    ("year month", "год по месяцам", asked(Period("year"), "month", sort=["month+"])),
    ("30d weekday", "30д дни недели", asked(Period("day", 30), "weekday", sort=["weekday+"])),
    (
        "7d day country",
        "7д по дням по странам",
        asked(Period("day", 7), "day country", sort=["day+", "clicks-"]),
    ),
    # Measures
    (
        "today country clicks roi",
        "сегодня по странам клики roi",
        asked(DAY, "country", show=["clicks", "roi"]),
    ),
    (
        "campaign spend revenue",
        "кампании расход доход",
        asked(DAY, CAMPAIGN, show=["cost", "revenue"], sort=["cost-"]),
    ),
    (
        "offer conv, sales, approve",
        "офферы конверсии, продажи, апрув",
        asked(DAY, OFFER, show=["conversions", "sales", "approve"], sort=["conversions-"]),
    ),
    ("unique leads", "уники лиды", asked(show=["campaign_unique_clicks", "leads"])),
    ("epc cpc cpa cr", "epc cpc cpa cr", asked(show=["epc", "cpc", "cpa", "cr"])),
    # Conditions on what rows are of
    ("campaign 12", "кампания 12", asked(DAY, "", where("campaign_id", "=", 12))),
    ("campaign 12 14", "кампании 12, 14", asked(DAY, "", where("campaign_id", "in", [12, 14]))),
    (
        "7d day campaign 12",
        "7 дней по дням кампания #12",
        asked(Period("day", 7), "day", where("campaign_id", "=", 12), sort=["day+"]),
    ),
    (
        "campaign 12 7 days",
        "кампания 12 7 дней",
        asked(Period("day", 7), "", where("campaign_id", "=", 12)),
    ),
    ("campaign 7 days", "кампания 7 дней", asked(Period("day", 7), CAMPAIGN)),
    ("stream = 45", "поток равен 45", asked(DAY, "", where("stream_id", "=", 45))),
    ("offer not 7", "оффер не 7", asked(DAY, "", where("offer_id", "!=", 7))),
    (
        "except campaign 12 14",
        "кроме кампаний 12 14",
        asked(DAY, "", where("campaign_id", "not in", [12, 14])),
    ),
    ("country DE", "страна DE", asked(DAY, "", where("country_code", "=", "DE"))),
    ("country de at", "страны de, at", asked(DAY, "", where("country_code", "in", ["DE", "AT"]))),
    (
        "country in DE AT",
        "страна в DE AT",
        asked(DAY, "", where("country_code", "in", ["DE", "AT"])),
    ),
    ("not country DE", "кроме страны DE", asked(DAY, "", where("country_code", "!=", "DE"))),
    ("country != DE", "страна не DE", asked(DAY, "", where("country_code", "!=", "DE"))),
    ('country "Germany"', "страна «Germany»", asked(DAY, "", where("country", "=", "Germany"))),
    ("by country DE", "по странам DE", asked(DAY, "country", where("country_code", "=", "DE"))),
    ("country IN", "страна = in", asked(DAY, "", where("country_code", "=", "IN"))),
    ("country != in", "страна != IN", asked(DAY, "", where("country_code", "!=", "IN"))),
    ("country CR", "страна CR", asked(DAY, "", where("country_code", "=", "CR"))),
    ("country cr", "страна cr", asked(DAY, "country", show=["cr"], sort=["cr-"])),
    ('offer "long name"', "оффер “long name”", asked(DAY, "", where("offer", "=", "long name"))),
    ("offer = vpn", "оффер = vpn", asked(DAY, "", where("offer", "=", "vpn"))),
    ("offer ~ vpn", "оффер содержит vpn", asked(DAY, "", where("offer", "~", "vpn"))),
    (
        "offer !~ 'my vpn'",
        "оффер не содержит 'my vpn'",
        asked(DAY, "", where("offer", "!~", "my vpn")),
    ),
    (
        "campaign starts with DE",
        "кампания начинается с DE",
        asked(DAY, "", where("campaign", "begins", "DE")),
    ),
    (
        "os Android, iOS browser",
        "ос Android, iOS браузеры",
        asked(DAY, "browser", where("os", "in", ["Android", "iOS"])),
    ),
    (
        "os 2026-11-01..2026-11-15 top20",
        "ос 1.11..15.11 топ20",
        asked(dates("2026-11-01", "2026-11-15"), "os", limit=20),
    ),
    ("os version 14.1", "версия ос 14.1", asked(DAY, "", where("os_version", "=", "14.1"))),
    ("last 7 days os", "ос за последние 7 дней", asked(Period("day", 7), "os")),
    ("device mobile", "устройство mobile", asked(DAY, "", where("device_type", "=", "mobile"))),
    ("hour 9 10", "час 9 10", asked(DAY, "", where("hour", "in", [9, 10]))),
    ("hour >= 9", "час не меньше 9", asked(DAY, "", where("hour", ">=", 9))),
    ("not hour > 9", "кроме час > 9", asked(DAY, "", where("hour", "<=", 9))),
    ("keyword is empty", "ключ пусто", asked(DAY, "", where("keyword", "unset"))),
    ("sub1 is set", "саб1 не пусто", asked(DAY, "", where("sub_id_1", "set"))),
    ("country !DE", "страна !DE", asked(DAY, "", where("country_code", "!=", "DE"))),
    ("!country DE", "!страна DE", asked(DAY, "", where("country_code", "!=", "DE"))),
    ("campaign !12!", "кампания !12 !", asked(DAY, "", where("campaign_id", "!=", 12))),
    ("sub1 !abc", "саб1 !abc", asked(DAY, "", where("sub_id_1", "!=", "abc"))),
    ('country "DE"', "страна «de»", asked(DAY, "", where("country_code", "=", "DE"))),
    (
        "campaign 12 day",
        "кампания 12 день",
        asked(DAY, "day", where("campaign_id", "=", 12), sort=["day+"]),
    ),
    ("is_bot yes", "бот да", asked(DAY, "", where("is_bot", "yes"))),
    ("is_bot = no", "бот = нет", asked(DAY, "", where("is_bot", "no"))),
    # Conditions on figures
    (
        "clicks !> 100",
        "клики !> 100",
        asked(DAY, "campaign_id campaign", where("clicks", "<=", 100)),
    ),
    (
        "clicks in 1,2,3",
        "клики в 1,2,3",
        asked(DAY, "campaign_id campaign", where("clicks", "in", [1, 2, 3])),
    ),
    (
        "month source where clicks > 100 and roi < 0",
        "месяц источники где клики > 100 и roi < 0",
        asked(Period("month"), "ts_id ts", where("clicks", ">", 100), where("roi", "<", 0)),
    ),
    (
        "offer where spend > 50 and conv = 0",
        "офферы где расход > 50 и конверсии = 0",
        asked(DAY, OFFER, where("cost", ">", 50), where("conversions", "=", 0)),
    ),
    (
        "country clicks at least 10",
        "страны клики не меньше 10",
        asked(DAY, "country", where("clicks", ">=", 10)),
    ),
    (
        "country roi over 12.5%",
        "страны roi больше 12,5%",
        asked(DAY, "country", where("roi", ">", 12.5)),
    ),
    (
        "country profit <= -5",
        "страны прибыль ≤ −5",
        asked(DAY, "country", where("profit", "<=", -5)),
    ),
    ("roi < 0", "roi < 0", asked(DAY, CAMPAIGN, where("roi", "<", 0))),
    ("losers", "в минусе", asked(DAY, CAMPAIGN, where("profit", "<", 0), sort=["profit+"])),
    (
        "top 5 losing offers",
        "топ 5 убыточные офферы",
        asked(DAY, OFFER, where("profit", "<", 0), sort=["profit+"], limit=5),
    ),
    (
        "profitable country",
        "прибыльные страны",
        asked(DAY, "country", where("profit", ">", 0), sort=["profit-"]),
    ),
    # Sort and limit
    (
        "yesterday country offer top 20 by profit",
        "вчера по странам офферы топ 20 по прибыли",
        asked(YESTERDAY, "country offer_id offer", sort=["profit-"], limit=20),
    ),
    ("top 20 country", "топ 20 по странам", asked(DAY, "country", limit=20)),
    ("top20 campaign", "топ20 кампании", asked(DAY, CAMPAIGN, limit=20)),
    ("top", "топ", asked(DAY, CAMPAIGN, limit=10)),
    ("worst 10 by roi", "худшие 10 по roi", asked(DAY, CAMPAIGN, sort=["roi+"], limit=10)),
    ("worst 10", "худшие 10", asked(DAY, CAMPAIGN, sort=["profit+"], limit=10)),
    (
        "worst 3 by cpa",
        "худшие 3 по cpa",
        asked(DAY, CAMPAIGN, show=[*USUAL, "cpa"], sort=["cpa-"], limit=3),
    ),
    ("bottom 10 by clicks", "снизу 10 по кликам", asked(DAY, CAMPAIGN, sort=["clicks+"], limit=10)),
    ("country limit 50", "страны лимит 50", asked(DAY, "country", limit=50)),
    (
        "country sort by cost asc",
        "страны сортировка по расходу возр",
        asked(DAY, "country", sort=["cost+"]),
    ),
    ("country by profit", "страны по прибыли", asked(DAY, "country", sort=["profit-"])),
    (
        "country sort by country",
        "страны сортировка по странам",
        asked(DAY, "country", sort=["country+"]),
    ),
    (
        "7d day sort by day desc",
        "7д по дням сортировка по дням по убыванию",
        asked(Period("day", 7), "day", sort=["day-"]),
    ),
]
PHRASES = [(text, query) for english, russian, query in PAIRS for text in (english, russian)] + [
    ("", asked()),
    ("вчера country топ 5 by прибыли", asked(YESTERDAY, "country", sort=["profit-"], limit=5)),
    ("show me today", asked()),
    (
        "top 20 by profit, country; yesterday",
        asked(YESTERDAY, "country", sort=["profit-"], limit=20),
    ),
    ("COUNTRY CR", asked(DAY, "country", show=["cr"], sort=["cr-"])),
    ("all campaigns", asked(DAY, CAMPAIGN)),
    ("week today", asked(DAY, "week", sort=["week+"])),
    ("yesterday yesterday", asked(YESTERDAY)),
    ("country country", asked(DAY, "country")),
    (
        "country profit > 1 profit < 9",
        asked(DAY, "country", where("profit", ">", 1), where("profit", "<", 9)),
    ),
]


@pytest.mark.parametrize(("text", "query"), PHRASES)
def test_words_become_a_request(text, query):
    assert read_phrase(text, today=TODAY) == Phrase(query)


def test_the_table_has_enough_phrases():
    assert len(PHRASES) >= 150


def test_dates_are_sent_absolute_with_the_zone():
    payload = read_phrase("7d day campaign 12 top 20 by profit").query.payload(NOW)

    assert payload == {
        "range": {"from": "2026-11-17", "to": "2026-11-23", "timezone": "Europe/Kyiv"},
        "dimensions": ["day"],
        "measures": list(USUAL),
        "filters": [{"name": "campaign_id", "operator": "EQUALS", "expression": 12}],
        "sort": [{"name": "profit", "order": "DESC"}],
        "limit": 20,
        "summary": True,
    }


EXTRAS = [
    ("today csv", "csv", None),
    ("сегодня эксель", "xlsx", None),
    ("today as a file", "xlsx", None),
    ("вчера в csv", "csv", None),
    ("7d day chart", "chart", None),
    ("7д по дням график", "chart", None),
    ("yesterday every day 9:00", "", Rule("day", 9, 0)),
    ("вчера каждый день в 9", "", Rule("day", 9, 0)),
    ("every weekday at 9 yesterday csv", "csv", Rule("weekday", 9, 0)),
    ("по будням в 9:30 вчера", "", Rule("weekday", 9, 30)),
    ("every monday 09:30 last week", "", Rule("monday", 9, 30)),
    ("каждый понедельник в 9 прошлая неделя", "", Rule("monday", 9, 0)),
    ("каждую среду в 18.30", "", Rule("wednesday", 18, 30)),
    ("every friday at 6pm", "", Rule("friday", 18, 0)),
    ("каждый день в 9 вечера", "", Rule("day", 21, 0)),
    ("every hour", "", Rule("hour")),
    ("каждый час", "", Rule("hour")),
    ("at 7:15 daily", "", Rule("day", 7, 15)),
    ("daily 9:05", "", Rule("day", 9, 5)),
    ("ежедневно в 9", "", Rule("day", 9)),
    ("weekly at 10 last week", "", Rule("monday", 10)),
    ("hourly :15", "", Rule("hour", 0, 15)),
    ("every day 9.05", "", Rule("day", 9, 5)),
    ("каждый день 10.11", "", Rule("day", 10, 11)),
    ("every day 30.11", "", Rule("day")),
    ("every hour 15", "", Rule("hour", 0, 15)),
    ("every hour at 30", "", Rule("hour", 0, 30)),
    ("каждый час в :45", "", Rule("hour", 0, 45)),
    ("every hour 7 days", "", Rule("hour")),
    ("every day 7 days", "", Rule("day")),
]


@pytest.mark.parametrize(("text", "output", "rule"), EXTRAS)
def test_a_phrase_says_in_which_form_and_how_often(text, output, rule):
    phrase = read_phrase(text, today=TODAY)

    assert (phrase.output, phrase.rule) == (output, rule)


ERRORS = [
    ("campain", "campain", "unknown", ("campaign", "campaigns", "campaign_id")),
    ("today кампаня", "кампаня", "unknown", ("кампания", "кампаниям", "кампанию")),
    ("xyzzy", "xyzzy", "unknown", ()),
    ("100 campaign", "100", "unknown", ()),
    ("country Germany", "Germany", "name", ('country "Germany"',)),
    ("кампания бренд", "бренд", "name", ('кампания "бренд"',)),
    ("country UK", "UK", "country", ("GB",)),
    ("страна uk", "uk", "country", ("GB",)),
    ("country XQ", "XQ", "country", ()),
    ("country = Germany", "Germany", "country", ()),
    ("os Android iOS", "iOS", "values", ()),
    ("os campain", "campain", "near", ("campaign", "campaigns")),
    ("clicks >", ">", "number", ()),
    ("cost > 1,000", "1,000", "amount", ("1000", "1.0000")),
    ("cost > 1.125", "1.125", "amount", ("1125", "1.1250")),
    ("15.11..1.11", "15.11..1.11", "dates", ()),
    ("every hour 60", "60", "time", (":15", ":30")),
    ("последние 7", "последние", "unknown", ("последние сутки", "последний час")),
    ("roi < many", "<", "number", ()),
    ("campaign =", "=", "value", ()),
    ("campaign = today", "=", "value", ()),
    ('offer ""', '""', "value", ()),
    ("where", "where", "value", ("where clicks > 100", "где roi < 0")),
    ("where roi country", "roi", "value", ("where clicks > 100", "где roi < 0")),
    ("not", "not", "value", ("not country DE", "кроме страны DE")),
    ("clicks ~ 5", "~", "operator", (">", "<", "=", "!=")),
    ("country > DE", ">", "operator", ("=", "!=", "~", "!~")),
    ("country DE or AT", "or", "or", ()),
    ("by", "by", "by", ("by country", "by day", "по странам")),
    ("sort by", "by", "sort", ("sort by profit", "sort by cost asc")),
    ("desc", "desc", "sort", ("sort by profit", "sort by cost asc")),
    ("today yesterday", "yesterday", "twice", ()),
    ("limit 5 top 3", "3", "twice", ()),
    ("csv chart", "chart", "twice", ()),
    ("campaign 12 campaign 14", "14", "twice", ()),
    ("2026-13-01", "2026-13-01", "date", ()),
    ("31.2", "31.2", "date", ()),
    ("31 november", "31 november", "date", ()),
    ("15-1 ноября", "15-1 ноября", "dates", ()),
    ("5 to 3 november", "5 to 3 november", "dates", ()),
    ("0001-01-01", "0001-01-01", "date", ()),
    ("2026-11-15..2026-11-01", "2026-11-15..2026-11-01", "dates", ()),
    ("since 2027-01-01", "2027-01-01", "dates", ()),
    ("99999d", "99999d", "length", ("3660",)),
    ("0 days", "0 days", "length", ("3660",)),
    ("limit 0", "0", "limit", ("100000",)),
    ("топ 1000000", "1000000", "limit", ("100000",)),
    ("limit", "limit", "number", ()),
    ("every", "every", "every", ("every day", "every monday", "каждый день")),
    ("today 9:30", "9:30", "every", ("every day", "every monday", "каждый день")),
    ("every day 25:00", "25:00", "time", ("9:00", "18:30")),
    ('offer "long', '"long', "quote", ()),
    ('"Germany"', "Germany", "place", ()),
    ("> 5", ">", "place", ()),
    ("and", "and", "place", ()),
    ('{"limit": 5}', "{", "json", ()),
    ("x" * 4097, "x" * 40, "long", ("4096",)),
    (" ".join(f"sub{n} = a" for n in range(1, 22)), "a", "many", ("20",)),
]


@pytest.mark.parametrize(("text", "word", "reason", "fits"), ERRORS)
def test_an_error_names_the_word_and_what_fits(text, word, reason, fits):
    with pytest.raises(PhraseError) as caught:
        read_phrase(text, today=TODAY)

    assert caught.value == PhraseError(word, reason, fits)


CLICKS = [
    "datetime",
    "sub_id",
    "campaign_id",
    "campaign",
    "offer",
    "country_code",
    "os",
    "device_type",
]
CONVERSIONS = [
    *("postback_datetime", "status", "revenue", "campaign_id", "campaign", "offer"),
    *("country_code", "sub_id"),
]


def logged(kind, columns, *filters, period=DAY, sort="", limit=50):
    body = {"columns": columns}
    if filters:
        body["filters"] = list(filters)
    return Query(kind, {**body, "sort": order(sort or f"{columns[0]}-"), "limit": limit}, period)


LOGS = [
    ("clicks", "", logged("clicks", CLICKS)),
    (
        "clicks",
        "today campaign 12 country ip",
        logged("clicks", ["datetime", "country", "ip"], where("campaign_id", "=", 12)),
    ),
    (
        "clicks",
        "вчера по странам лимит 100",
        logged("clicks", ["datetime", "country"], period=YESTERDAY, limit=100),
    ),
    ("clicks", "is_sale yes", logged("clicks", CLICKS, where("is_sale", "yes"))),
    ("clicks", "sort by cost", logged("clicks", [*CLICKS, "cost"], sort="cost-")),
    ("conversions", "", logged("conversions", CONVERSIONS)),
    (
        "conversions",
        "yesterday status sale",
        logged("conversions", CONVERSIONS, where("status", "=", "sale"), period=YESTERDAY),
    ),
    (
        "conversions",
        "статус sale, lead 7д",
        logged(
            "conversions",
            CONVERSIONS,
            where("status", "in", ["sale", "lead"]),
            period=Period("day", 7),
        ),
    ),
    (
        "conversions",
        "доход > 5 top 10 by revenue",
        logged("conversions", CONVERSIONS, where("revenue", ">", 5), sort="revenue-", limit=10),
    ),
    (
        "conversions",
        "status, revenue, tid",
        logged("conversions", ["postback_datetime", "status", "revenue", "tid"]),
    ),
]


@pytest.mark.parametrize(("kind", "text", "query"), LOGS)
def test_words_ask_for_lines_of_a_log(kind, text, query):
    assert read_phrase(text, kind=kind, today=TODAY).query == query


def test_a_log_has_no_figures_and_ends_at_ten_thousand_lines():
    errors = []
    for text in ("roi", "limit 10001"):
        with pytest.raises(PhraseError) as caught:
            read_phrase(text, kind="clicks", today=TODAY)
        errors.append(caught.value)

    assert errors == [PhraseError("roi", "log"), PhraseError("10001", "limit", ("10000",))]


BASE = "7d country offer campaign 12 clicks > 10 top 20 by profit"
FIRST = [where("campaign_id", "=", 12), where("clicks", ">", 10)]
WEEK = Period("day", 7)
PATCHES = [
    ("yesterday", asked(YESTERDAY, "country offer_id offer", *FIRST, sort=["profit-"], limit=20)),
    ("by device", asked(WEEK, "device_type", *FIRST, sort=["profit-"], limit=20)),
    ("по дням", asked(WEEK, "day", *FIRST, sort=["profit-"], limit=20)),
    ("top 5", asked(WEEK, "country offer_id offer", *FIRST, sort=["profit-"], limit=5)),
    ("bottom 5", asked(WEEK, "country offer_id offer", *FIRST, sort=["profit+"], limit=5)),
    ("by roi", asked(WEEK, "country offer_id offer", *FIRST, sort=["roi-"], limit=20)),
    (
        "clicks < 5",
        asked(
            WEEK,
            "country offer_id offer",
            FIRST[0],
            where("clicks", "<", 5),
            sort=["profit-"],
            limit=20,
        ),
    ),
    (
        "кампания «Brand»",
        asked(
            WEEK,
            "country offer_id offer",
            FIRST[1],
            where("campaign", "=", "Brand"),
            sort=["profit-"],
            limit=20,
        ),
    ),
    (
        "where roi < 0",
        asked(
            WEEK, "country offer_id offer", *FIRST, where("roi", "<", 0), sort=["profit-"], limit=20
        ),
    ),
    ("all campaigns", asked(WEEK, "country offer_id offer", FIRST[1], sort=["profit-"], limit=20)),
    ("без фильтров", asked(WEEK, "country offer_id offer", sort=["profit-"], limit=20)),
    ("csv", asked(WEEK, "country offer_id offer", *FIRST, sort=["profit-"], limit=20)),
]


@pytest.mark.parametrize(("text", "query"), PATCHES)
def test_a_reply_changes_what_it_names_and_nothing_else(text, query):
    before = read_phrase(BASE, today=TODAY).query

    assert patched(before, text, today=TODAY) == Phrase(query, "csv" if text == "csv" else "")


def test_the_usual_sort_goes_with_the_grouping():
    by_day = patched(read_phrase("7d country").query, "day").query

    assert by_day == asked(WEEK, "day", sort=["day+"])
    assert patched(by_day, "country").query == asked(WEEK, "country")


def test_what_needs_rows_makes_them_of_totals():
    totals = read_phrase("yesterday").query

    assert patched(totals, "top 5").query == asked(YESTERDAY, CAMPAIGN, limit=5)
    assert patched(totals, "roi < 0").query == asked(YESTERDAY, CAMPAIGN, where("roi", "<", 0))
    assert patched(totals, "campaign 12").query == asked(
        YESTERDAY, "", where("campaign_id", "=", 12)
    )


def test_typed_json_is_changed_in_the_names_it_uses():
    typed = {
        "range": {"interval": "today"},
        "grouping": ["campaign", "day"],
        "metrics": ["clicks", "cost"],
        "columns": ["campaign", "clicks"],
        "sort": [{"name": "day", "order": "asc"}],
        "offset": 10,
    }

    assert patched(Query("report", typed), "country top 3 by roi yesterday").query == Query(
        "report",
        {
            "grouping": ["country"],
            "metrics": ["clicks", "cost", "roi"],
            "columns": ["clicks"],
            "sort": order("roi-"),
            "limit": 3,
        },
        YESTERDAY,
    )
    assert patched(Query("report", typed), "campaign 12").query == Query(
        "report",
        {key: value for key, value in typed.items() if key != "offset"}
        | {"filters": [where("campaign_id", "=", 12)]},
    )


def test_json_after_words_takes_the_place_of_what_it_names():
    query = read_phrase("yesterday country", today=TODAY).query
    whole = {"from": "2026-11-01", "to": "2026-11-02", "timezone": "UTC"}

    assert (
        merged(query, {"limit": 5})
        == asked(YESTERDAY, "country", limit=5)
        == Query("report", {**query.body, "limit": 5}, YESTERDAY)
    )
    assert merged(query, {"range": whole}) == Query("report", {**query.body, "range": whole})
    assert merged(query, {"grouping": ["day"]}).body["sort"] == order("day+")
    assert "dimensions" not in merged(query, {"grouping": ["day"]}).body
    assert merged(query, {"sort": [], "dimensions": ["day"]}).body["sort"] == []


TITLES = [
    ("yesterday country", "Yesterday by country", "Вчера по странам"),
    ("7d day campaign 12", "7 days by day, campaign 12", "7 дней по дням, кампания 12"),
    (
        "top 20 by profit stream",
        "Today by stream, top 20 by profit",
        "Сегодня по потокам, топ 20 по прибыли",
    ),
    (
        "last month country DE roi < 0 week",
        "Last month by week, country DE, roi < 0",
        "Прошлый месяц по неделям, страна DE, roi < 0",
    ),
    ("2026-11-01..2026-11-15", "2026-11-01 – 2026-11-15", "2026-11-01 – 2026-11-15"),
    ("all time", "All time", "Всё время"),
    ("2h", "2 hours", "2 часа"),
    ("11d", "11 days", "11 дней"),
    ("21d", "21 days", "21 день"),
]


@pytest.mark.parametrize(("text", "english", "russian"), TITLES)
def test_a_request_has_a_title(text, english, russian):
    query = read_phrase(text, today=TODAY).query

    assert (title(query), title(query, "ru")) == (english, russian)


@pytest.mark.parametrize(("text", "query"), PHRASES)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_request_is_written_so_that_it_reads_the_same(text, query, language):
    words = written(query, language)

    assert words
    assert read_phrase(words, today=TODAY).query == query


def test_what_words_cannot_say_is_not_said():
    assert written(Query("report", {"dimensions": ["campaign"], "measures": ["clicks"]})) == ""
    assert written(Query("report", {"dimensions": ["campaign"], "limit": 7}, DAY)) == ""
    assert written(Query("report", {"filters": "junk", "sort": [1]}, DAY)) == ""
    assert title(Query("report", {"dimensions": "junk", "filters": [1]})) == ""


FORMS = {"unknown": ("campain", "campaign"), "name": ("Germany", 'country "Germany"')}


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN])
@pytest.mark.parametrize("reason", get_args(PhraseFault))
def test_every_fault_has_an_answer_that_fits_a_phone(reason, texts):
    word, fits = FORMS.get(reason, ("<b>", "100"))
    said = explain(
        PhraseError(word, reason, (fits,)), SimpleNamespace(texts=texts, has_sent_change=False)
    )

    assert said.html.startswith("❌ ")
    assert "<b>" not in said.html
    assert fits in plain(said.html)
    assert len(plain(said.html)) <= 150


@pytest.fixture(scope="module")
def tracker():
    keitaro = Keitaro(now=NOW.timestamp)
    keitaro.buckets = keitaro.buckets[-400:]
    return keitaro


# What the tracker of the sandbox knows.
KNOWN = [
    grouping
    for grouping in groupings("report")
    if all(
        reader(Keitaro(now=NOW.timestamp), name, NOW.tzinfo)
        for name in {*grouping.columns, grouping.exact, grouping.text}
    )
]
FIGURES = [measure for name, measure in MEASURES.items() if name in COUNTED]
PERIOD_WORDS = (
    (
        "today yesterday 7d 30д 24h неделя,прошлая неделя,last month,за месяц,this year,all time,"
        "2026-11-01,1.11..15.11,since 2026-11-01,5 days ago"
    )
    .replace(" yesterday 7d 30д 24h ", ",yesterday,7d,30д,24h,")
    .split(",")
)
VALUES = {
    "id": ["12", "12, 14", "= 7", "не 5", "in 1 2", '"Some name"', "~ vpn", "пусто"],
    "code": ["DE", "DE AT", "not DE", "не DE, CH", "= in"],
    "number": ["9", "9 10", ">= 9", "not 9", "!= 3"],
    "text": ['"a b"', "«x»", "= iOS", "!= iOS", "содержит x", "is set", "in a b"],
    "time": ['= "2026-11-05"', "> 2026-11-05", "is set"],
    "flag": ["yes", "нет"],
}


def words_of(each):
    return st.sampled_from([*each.words["en"], *each.words["ru"]])


@st.composite
def phrases(draw):
    """Return a phrase that makes sense, its parts in any order."""
    parts = draw(st.lists(st.sampled_from(KNOWN).flatmap(words_of).map("by {}".format), max_size=3))
    parts += draw(st.lists(st.sampled_from(FIGURES).flatmap(words_of), max_size=3))
    filtered = draw(st.lists(st.sampled_from(KNOWN), max_size=3, unique_by=lambda each: each.exact))
    for grouping in filtered:
        value = draw(st.sampled_from(VALUES[grouping.values]))
        parts.append(f"{draw(words_of(grouping))} {value}")
    for figure in draw(st.lists(st.sampled_from(FIGURES), max_size=2, unique_by=id)):
        sign = draw(st.sampled_from(["<", ">", "<=", ">=", "=", "!=", "больше", "at most"]))
        number = draw(st.integers(-999, 99999) | st.decimals(-99, 99, places=2))
        parts.append(f"{draw(words_of(figure))} {sign} {number}")
    figure = draw(st.sampled_from(FIGURES).flatmap(words_of))
    count = draw(st.integers(1, 100_000))
    ends = [[""], [f"limit {count}"], [f"топ {count} по {figure}"], [f"worst {count} by {figure}"]]
    ends += [[f"sort by {figure} asc", f"лимит {count}"], [f"bottom {count}"], [f"top {count}"]]
    parts += draw(st.sampled_from(ends))
    parts += draw(st.sampled_from([[""], ["csv"], ["график"], ["every day at 9"]]))
    parts.append(draw(st.sampled_from(PERIOD_WORDS)))
    return draw(st.sampled_from([" , ", ", "])).join(draw(st.permutations([p for p in parts if p])))


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=phrases())
def test_every_phrase_is_taken_by_a_tracker_and_comes_back_from_its_words(tracker, text):
    query = read_phrase(text, today=TODAY).query
    answer = build_report(tracker, Call(0, {}, query.payload(NOW)))

    assert answer.keys() == {"rows", "total", "meta", "summary"}
    assert [
        read_phrase(written(query, language), today=TODAY).query for language in ("en", "ru")
    ] == [query, query]


@pytest.mark.parametrize(
    ("kind", "log"), [("clicks", log_clicks), ("conversions", log_conversions)]
)
def test_every_column_of_a_log_is_known_to_a_tracker(tracker, kind, log):
    odd = {"country_flag", "click_datetime", "label"}
    for grouping in groupings(kind):
        if any(DIMENSIONS[name].values == "time" for name in grouping.columns):
            continue
        query = read_phrase(f"24h {grouping.name('en')}", kind=kind, today=TODAY).query
        known = all(
            reader(tracker, name, NOW.tzinfo) or DIMENSIONS[name].where != "report"
            for name in grouping.columns
        )
        if known and not odd & {*grouping.columns}:
            assert log(tracker, Call(0, {}, query.payload(NOW))).keys() == {"rows", "total"}
        assert read_phrase(written(query, "ru"), kind=kind, today=TODAY).query == query


WORDS = [
    *vocabulary("report"),
    *['"«»', "=", ">", "~", ",", "(", ")", "-", "..", "12", "7d", "1.11", "DE", "uk", "9:30", "'"],
    "{",
    "!",
]


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=40), st.sampled_from([" ", ""])
)
def test_any_soup_of_words_is_read_or_refused(words, between):
    for kind in ("report", "clicks", "conversions"):
        try:
            query = read_phrase(between.join(words), kind=kind, today=TODAY).query
        except PhraseError:
            continue
        query.payload(NOW)
        title(query)
        title(query, "ru")
        if query.period:
            query.period.before(NOW)


@pytest.mark.parametrize(
    "text",
    [
        *('"' * 4096, "«" * 4096, "'" * 4096, "‘ " * 2048, "„ " * 2048, "not " * 1024),
        *("7 " * 2048, "1.11-" * 819, "a" * 4096, "9" * 4096, "campain " * 512),
        *("os " + "abcdef, " * 500, "campaign " + "1 " * 2000, "country " + "DE " * 1300),
        " ".join(f"os_version v{n}q" for n in range(280)),
    ],
)
def test_long_nonsense_is_judged_at_once(text):
    started = time.perf_counter()
    for kind in ("report", "clicks"):
        try:
            written(read_phrase(text, kind=kind, today=TODAY).query)
        except PhraseError:
            continue

    assert time.perf_counter() - started < 2


def test_words_of_measures_and_groupings_mean_what_they_stand_for():
    """Nothing that is said for one of them means another."""
    known = vocabulary("report")
    lost = [
        (name, word)
        for name, measure in MEASURES.items()
        for word in {name, *measure.words["en"], *measure.words["ru"]}
        if known[word.replace("ё", "е")].value is not measure
    ]
    lost += [
        (grouping.columns, word)
        for grouping in groupings("report")
        for word in {*grouping.words["en"], *grouping.words["ru"]}
        if known[word].role != "either" and known[word].value is not grouping
    ]

    assert lost == []
    assert all(len(text) <= 7 for m in MEASURES.values() for text in m.headings.values())


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_two_measures_stand_under_the_same_heading(language):
    headings = [measure.headings[language] for measure in MEASURES.values()]

    assert sorted({*headings}) == sorted(headings)
