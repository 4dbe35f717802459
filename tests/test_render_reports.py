"""Reports as a phone shows them: golden ones of every size, and the limits of any other."""

import time
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from handlers.render.asked import HELD_MOST
from handlers.render.figure import figure
from handlers.render.html import length, plain
from handlers.render.report import Report, report_leaf
from handlers.render.spark import clock, series, spark
from handlers.render.times import slot_name
from handlers.render.totals import Total, change, summed
from handlers.stats.period import Period
from handlers.texts import ENGLISH, RUSSIAN

KYIV = ZoneInfo("Europe/Kyiv")
AT = datetime(2026, 11, 22, 12, 0, tzinfo=KYIV)
TODAY = {"from": "2026-11-22", "to": "2026-11-22", "timezone": "Europe/Kyiv"}
ASKED = {
    "range": TODAY,
    "dimensions": ["campaign_id", "campaign"],
    "measures": ["clicks", "cost", "profit", "roi"],
}
MEASURES = ("clicks", "cost", "profit", "roi")


def report(rows, *, total=None, summary=None, asked=ASKED, **more):
    found = len(rows) if total is None else total
    return Report(asked, rows, found, summary, "tracker.example", AT, **more)


def row(campaign_id, campaign, *figures):
    return {"campaign_id": campaign_id, "campaign": campaign} | figures_of(*figures)


def figures_of(*figures):
    return dict(zip(MEASURES, figures, strict=False))


def shown(leaf):
    """Return the text of a page, with _ for blanks that do not break and no marks of direction."""
    text = plain(leaf.page.html)
    table = leaf.page.html.partition("<pre>")[2].partition("</pre>")[0]
    assert all(wcswidth(plain(line).replace("\u200e", "")) <= 40 for line in table.split("\n"))
    assert length(leaf.page.html) <= 4096
    return text.replace("\u00a0", "_").replace("\u200e", "")


def leaf_of(rows, *, texts=ENGLISH, first=0, **more):
    return report_leaf(report(rows, **more), texts, first=first)


def page(rows, **more):
    return shown(leaf_of(rows, **more))


YESTERDAY = {
    "compared": Period("day").before(AT),
    "is_compared": True,
    "previous": figures_of(1000, 40, 0, -10),
}
FIVE = [
    row(12, "Nutra – RO – broad, all devices, <b>5</b> & more", 10**9, "1234567.891", -0.001, 0),
    row(7, "東京キャンペーン", 5, 0, 0, 0),
    row(101, "🚀 ❤\ufe0f 👩\u200d👧", 0, None, "", float("nan")),
    row(9, "שלום עולם", "12", "0.5", "-7.25", "n/a"),
    {"campaign": "Ca\u0301fe\u0301\n✅", "clicks": 3, "roi": "5"},
]
SIXTY = [row(n, f"Campaign {n}", n * 37, n / 4, n - 30, (n - 30) * 4) for n in range(60)]
ALL_SIXTY = figures_of(65490, 442.5, -30, -6.78)
WEEK = {"from": "2026-11-15", "to": "2026-11-22", "timezone": "UTC"}
BY_DAY = ASKED | {"dimensions": ["day"], "range": WEEK}
DAYS = [
    {"day": f"2026-11-{day}"} | figures_of(*figures)
    for day, figures in (
        (20, (500, 5, 0, 0)),
        (21, (600, 6, -1, -16.67)),
        (16, (100, 0, 4, 0)),
        (17, (200, 2, 3, 150)),
    )
]
MORNING = {
    "from": "2026-11-22 07:00:01",
    "to": "2026-11-22 12:00:00",
    "timezone": "Europe/Kyiv",
}
BY_HOUR = ASKED | {"dimensions": ["day_hour"], "range": MORNING}
HOURS = [{"day_hour": f"2026-11-22 {h:02}:00"} | figures_of(h * 10, h, 1, 2) for h in (7, 9, 11)]
BY_COUNTRY = {"range": WEEK, "dimensions": ["day", "country"], "measures": ["clicks", "cost"]}
COUNTRIES = [
    {"day": f"2026-11-{day}", "country": country} | figures_of(each * (day - 14), each / 2)
    for day in (15, 16, 17)
    for country, each in (("US", 2), ("Germany", 30), ("الإمارات", 10))
    if (country, day) != ("US", 16)
]
WIDE = ("clicks", "conversions", "cost", "revenue", "profit", "roi", "cr", "epc")
USUAL = {
    "range": TODAY,
    "dimensions": ["country"],
    "measures": ["clicks", "conversions", "cost", "revenue", "profit", "roi"],
}
TRAFFIC = [
    ("Germany", 7504, 36, "250.63", 756),
    ("United Kingdom", 5299, 25, "176.99", 525),
    ("Brazil", 4838, 5, "161.59", 105),
    ("United States", 4349, 5, "145.26", 105),
    ("Hungary", 3952, 20, "132.00", 420),
    ("Bulgaria", 2796, 11, "93.39", 231),
    ("Italy", 2311, 3, "77.19", 63),
    ("Poland", 1515, 1, "50.60", 21),
    ("Austria", 1115, 4, "37.24", 84),
    ("Romania", 810, 0, "27.05", 0),
    ("France", 726, 4, "24.25", 84),
    ("Spain", 571, 0, "19.07", 0),
    ("Slovakia", 209, 0, "6.98", 0),
    ("Czechia", 41, 0, "0", 0),
]
CARDS = [
    {"campaign": "Nutra RO"} | dict.fromkeys(WIDE, 1234.5678),
    {"campaign": "x", "clicks": 0, "cr": 0, "epc": 0},
]


def usual(country, clicks, conversions, cost, revenue):
    profit = revenue - Decimal(cost)
    return {
        "country": country,
        "clicks": clicks,
        "conversions": conversions,
        "cost": cost,
        "revenue": revenue,
        "profit": str(profit),
        "roi": str(round(profit * 100 / Decimal(cost), 2)) if Decimal(cost) else 0,
    }


def test_no_rows():
    assert (
        page([], words="today campaign", **YESTERDAY)
        == """\
✅ No rows: the tracker found nothing for this.

Tracker: tracker.example
2026-11-22 · Europe/Kyiv
Rows 0 of 0
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_no_rows_in_russian():
    assert (
        page([], texts=RUSSIAN)
        == """\
✅ Нет строк: по этому запросу трекер ничего не нашёл.

Трекер: tracker.example
2026-11-22 · Europe/Kyiv
Строки: 0 из 0
Данные на 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_one_row_without_a_name_is_the_total_beside_the_period_before():
    assert (
        page(
            [figures_of(1200, "30.5", 12.25, "40.16")],
            asked=ASKED | {"dimensions": []},
            words="today",
            currency="USD",
            **YESTERDAY,
        )
        == """\
✅ today
Total
Clicks   1,200 ▲ 20 %
Cost $   30.50 ▼ 24 %
Profit $ 12.25 ▲ from 0
ROI      40.2% ▲ 50 pp
Tracker: tracker.example
2026-11-22 · Europe/Kyiv
▲▼ against 2026-11-21 00:00 – 12:00
Rows 1 of 1
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_one_row_in_russian():
    assert (
        page(
            [row(12, "DE split", 1200, 30.5, -12.25, -40.16)],
            summary=figures_of(1200, 30.5, -12.25, -40.16),
            texts=RUSSIAN,
            currency="UAH",
            **YESTERDAY,
        )
        == """\
✅ tracker.example
Итого
Клики     1_200 ▲ 20 %
Расход ₴  30,50 ▼ 24 %
Профит ₴ −12,25 ▼ с нуля
ROI      −40,2% ▼ 30 п. п.

                  Расход Профит
Кампания    Клики      ₴      ₴    ROI
──────────────────────────────────────
12 DE split 1_200  30,50 −12,25 −40,2%
2026-11-22 · Europe/Kyiv
▲▼ к 2026-11-21 00:00 – 12:00
Строки: 1 из 1
Данные на 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_five_rows_without_a_summary():
    """What cannot be added up has no total, and neither has what is not known in every row."""
    assert (
        page(FIVE)
        == """\
✅ tracker.example
Sum of the rows
Clicks 1,000,000,020
Cost               ?
Profit             ?
ROI                –

Campaign
       Clicks         Cost  Profit ROI
──────────────────────────────────────
12 Nutra – RO – broad, all devices, <b>…
1,000,000,000 1,234,567.89 −0.0010  0%
7 東京キャンペーン
            5         0.00  0.0000   –
101 🚀 ❤\ufe0f 👩\u200d👧
            0            –       –   –
9 שלום עולם
           12         0.50 −7.2500 n/a
? Ca\u0301fe\u0301␊✅
            3            ?       ?  5%
2026-11-22 · Europe/Kyiv
Rows 5 of 5
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_five_rows_in_russian():
    assert (
        page(
            FIVE,
            texts=RUSSIAN,
            summary=figures_of(10**9 + 20, "1234568.391", -7.251, 0),
            currency="EUR",
        )
        == """\
✅ tracker.example
Итого
Клики    1_000_000_020
Расход €  1_234_568,39
Профит €         −7,25
ROI                 0%

Кампания
                            Профит
        Клики     Расход €       € ROI
──────────────────────────────────────
12 Nutra – RO – broad, all devices, <b>…
1_000_000_000 1_234_567,89 −0,0010  0%
7 東京キャンペーン
            5         0,00  0,0000   –
101 🚀 ❤\ufe0f 👩\u200d👧
            0            –       –   –
9 שלום עולם
           12         0,50 −7,2500 n/a
? Ca\u0301fe\u0301␊✅
            3            ?       ?  5%
2026-11-22 · Europe/Kyiv
Строки: 5 из 5
Данные на 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_the_first_of_sixty_rows():
    """The first page has the totals."""
    assert (
        page(SIXTY, summary=ALL_SIXTY, words="today", **YESTERDAY)
        == """\
✅ today
Total
Clicks 65,490 ▲ >999 %
Cost   442.50 ▲ >999 %
Profit    −30 ▼ from 0
ROI     −6.8% ▲ 3.2 pp

Campaign       Clicks  Cost Profit   ROI
────────────────────────────────────────
0 Campaign 0        0  0.00    −30     –
1 Campaign 1       37  0.25    −29 −116%
2 Campaign 2       74  0.50    −28 −112%
3 Campaign 3      111  0.75    −27 −108%
4 Campaign 4      148  1.00    −26 −104%
5 Campaign 5      185  1.25    −25 −100%
6 Campaign 6      222  1.50    −24  −96%
7 Campaign 7      259  1.75    −23  −92%
8 Campaign 8      296  2.00    −22  −88%
9 Campaign 9      333  2.25    −21  −84%
10 Campaign 10    370  2.50    −20  −80%
11 Campaign 11    407  2.75    −19  −76%
12 Campaign 12    444  3.00    −18  −72%
13 Campaign 13    481  3.25    −17  −68%
14 Campaign 14    518  3.50    −16  −64%
15 Campaign 15    555  3.75    −15  −60%
16 Campaign 16    592  4.00    −14  −56%
17 Campaign 17    629  4.25    −13  −52%
18 Campaign 18    666  4.50    −12  −48%
19 Campaign 19    703  4.75    −11  −44%
20 Campaign 20    740  5.00    −10  −40%
21 Campaign 21    777  5.25     −9  −36%
22 Campaign 22    814  5.50     −8  −32%
23 Campaign 23    851  5.75     −7  −28%
24 Campaign 24    888  6.00     −6  −24%
25 Campaign 25    925  6.25     −5  −20%
26 Campaign 26    962  6.50     −4  −16%
27 Campaign 27    999  6.75     −3  −12%
28 Campaign 28  1,036  7.00     −2   −8%
29 Campaign 29  1,073  7.25     −1   −4%
30 Campaign 30  1,110  7.50      0    0%
Tracker: tracker.example
2026-11-22 · Europe/Kyiv
▲▼ against 2026-11-21 00:00 – 12:00
Rows 1–31 of 60 · page 1 of 2
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_the_last_of_sixty_rows():
    assert (
        page(SIXTY, summary=ALL_SIXTY, first=59, words="today", **YESTERDAY)
        == """\
✅ today
Campaign       Clicks  Cost Profit   ROI
────────────────────────────────────────
31 Campaign 31  1,147  7.75      1    4%
32 Campaign 32  1,184  8.00      2    8%
33 Campaign 33  1,221  8.25      3   12%
34 Campaign 34  1,258  8.50      4   16%
35 Campaign 35  1,295  8.75      5   20%
36 Campaign 36  1,332  9.00      6   24%
37 Campaign 37  1,369  9.25      7   28%
38 Campaign 38  1,406  9.50      8   32%
39 Campaign 39  1,443  9.75      9   36%
40 Campaign 40  1,480 10.00     10   40%
41 Campaign 41  1,517 10.25     11   44%
42 Campaign 42  1,554 10.50     12   48%
43 Campaign 43  1,591 10.75     13   52%
44 Campaign 44  1,628 11.00     14   56%
45 Campaign 45  1,665 11.25     15   60%
46 Campaign 46  1,702 11.50     16   64%
47 Campaign 47  1,739 11.75     17   68%
48 Campaign 48  1,776 12.00     18   72%
49 Campaign 49  1,813 12.25     19   76%
50 Campaign 50  1,850 12.50     20   80%
51 Campaign 51  1,887 12.75     21   84%
52 Campaign 52  1,924 13.00     22   88%
53 Campaign 53  1,961 13.25     23   92%
54 Campaign 54  1,998 13.50     24   96%
55 Campaign 55  2,035 13.75     25  100%
56 Campaign 56  2,072 14.00     26  104%
57 Campaign 57  2,109 14.25     27  108%
58 Campaign 58  2,146 14.50     28  112%
59 Campaign 59  2,183 14.75     29  116%
Tracker: tracker.example
2026-11-22 · Europe/Kyiv
Rows 32–60 of 60 · page 2 of 2
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_a_hundred_thousand_rows_of_which_a_part_is_held():
    assert (
        page(
            [row(n, f"Campaign {n}", n) for n in range(1000)],
            total=100_000,
            first=980,
            asked=ASKED | {"measures": ["clicks"]},
            texts=RUSSIAN,
        )
        == """\
✅ tracker.example
Кампания         Клики
──────────────────────
961 Campaign 961   961
962 Campaign 962   962
963 Campaign 963   963
964 Campaign 964   964
965 Campaign 965   965
966 Campaign 966   966
967 Campaign 967   967
968 Campaign 968   968
969 Campaign 969   969
970 Campaign 970   970
971 Campaign 971   971
972 Campaign 972   972
973 Campaign 973   973
974 Campaign 974   974
975 Campaign 975   975
976 Campaign 976   976
977 Campaign 977   977
978 Campaign 978   978
979 Campaign 979   979
980 Campaign 980   980
981 Campaign 981   981
982 Campaign 982   982
983 Campaign 983   983
984 Campaign 984   984
985 Campaign 985   985
986 Campaign 986   986
987 Campaign 987   987
988 Campaign 988   988
989 Campaign 989   989
990 Campaign 990   990
991 Campaign 991   991
2026-11-22 · Europe/Kyiv
Строки 962–992 из 100_000 · стр. 32 из 33
Здесь первые 1_000 строк.
Данные на 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_days_in_any_order_make_a_line_with_gaps():
    """A day without a row is not a zero; that the period before did not come is said."""
    assert (
        page(
            DAYS,
            asked=BY_DAY,
            summary=figures_of(1400, 13, 6, 46.15),
            compared=Period("day", 8).before(AT),
            is_compared=True,
        )
        == """\
✅ tracker.example
Total
Clicks 1,400 ·▂▃··▇█·
Cost      13 ·▁▃··▇█·
Profit     6 ·█▇··▂▁·
ROI    46.2% ··█··▂▁·

Day        Clicks Cost Profit    ROI
────────────────────────────────────
2026-11-20    500    5      0   0.0%
2026-11-21    600    6     −1 −16.7%
2026-11-16    100    0      4      –
2026-11-17    200    2      3 150.0%
2026-11-15 – 2026-11-22 · UTC
No change shown: 2026-11-07 00:00 – 2026-11-14 12:00 did not come.
Rows 4 of 4
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_hours_in_russian():
    assert (
        page(
            HOURS,
            asked=BY_HOUR,
            texts=RUSSIAN,
            compared=Period("hour", 5).before(AT),
            is_compared=True,
            previous=figures_of(270, 30, 2, 2.04),
            summary=figures_of(270, 27, 3, 2),
        )
        == """\
✅ tracker.example
Итого
Клики  270 =            ▅·▇·█
Расход  27 ▼ 10 %       ▅·▇·█
Профит   3 ▲ 50 %       █·█·█
ROI     2% ▼ <0,1 п. п. █·█·█

Час дня          Клики Расход Профит ROI
────────────────────────────────────────
2026-11-22 07:00    70      7      1  2%
2026-11-22 09:00    90      9      1  2%
2026-11-22 11:00   110     11      1  2%
2026-11-22 07:00 – 12:00 · Europe/Kyiv
▲▼ к 2026-11-22 02:00 – 07:00
Строки: 3 из 3
Данные на 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_days_of_each_country_make_a_line_each():
    assert (
        page(COUNTRIES, asked=BY_COUNTRY, total=8)
        == """\
✅ tracker.example
Sum of the rows
Clicks 248
Cost    62

Clicks over time
Germany  ▃▆█·····
الإمارات ▃▆█·····
US       ▃·█·····

Day · Country         Clicks Cost
─────────────────────────────────
2026-11-15 · US            2    1
2026-11-15 · Germany      30   15
2026-11-15 · الإمارات     10    5
2026-11-16 · Germany      60   15
2026-11-16 · الإمارات     20    5
2026-11-17 · US            6    1
2026-11-17 · Germany      90   15
2026-11-17 · الإمارات     30    5
2026-11-15 – 2026-11-22 · UTC
Rows 8 of 8
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_days_of_some_rows_make_no_line():
    """It would fall where only rows are missing."""
    assert (
        page(COUNTRIES, asked=BY_COUNTRY, total=22)
        == """\
✅ tracker.example
Sum of 8 rows of 22
Clicks 248
Cost    62

Day · Country         Clicks Cost
─────────────────────────────────
2026-11-15 · US            2    1
2026-11-15 · Germany      30   15
2026-11-15 · الإمارات     10    5
2026-11-16 · Germany      60   15
2026-11-16 · الإمارات     20    5
2026-11-17 · US            6    1
2026-11-17 · Germany      90   15
2026-11-17 · الإمارات     30    5
2026-11-15 – 2026-11-22 · UTC
Rows 8 of 22
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_the_usual_measures_of_fourteen_countries():
    assert (
        page([usual(*one) for one in TRAFFIC], asked=USUAL)
        == """\
✅ tracker.example
Sum of the rows
Clicks   36,036
Conv        114
Cost   1,202.24
Rev       2,394
Profit 1,191.76
ROI           –

Country
Clicks Conv   Cost Rev Profit     ROI
─────────────────────────────────────
Germany
 7,504   36 250.63 756 505.37  201.6%
United Kingdom
 5,299   25 176.99 525 348.01  196.6%
Brazil
 4,838    5 161.59 105 −56.59  −35.0%
United States
 4,349    5 145.26 105 −40.26  −27.7%
Hungary
 3,952   20 132.00 420 288.00  218.2%
Bulgaria
 2,796   11  93.39 231 137.61  147.4%
Italy
 2,311    3  77.19  63 −14.19  −18.4%
Poland
 1,515    1  50.60  21 −29.60  −58.5%
Austria
 1,115    4  37.24  84  46.76  125.6%
Romania
   810    0  27.05   0 −27.05 −100.0%
France
   726    4  24.25  84  59.75  246.4%
Spain
   571    0  19.07   0 −19.07 −100.0%
Slovakia
   209    0   6.98   0  −6.98 −100.0%
Czechia
    41    0   0.00   0   0.00       –
2026-11-22 · Europe/Kyiv
Rows 14 of 14
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_the_usual_measures_of_fourteen_countries_in_russian():
    assert (
        page([usual(*one) for one in TRAFFIC], asked=USUAL, texts=RUSSIAN, currency="USD")
        == """\
✅ tracker.example
Сумма строк
Клики      36_036
Конв          114
Расход $ 1_202,24
Доход $     2_394
Профит $ 1_191,76
ROI             –

Страна
           Расход Доход Профит
Клики Конв      $     $      $     ROI
──────────────────────────────────────
Germany
7_504   36 250,63   756 505,37  201,6%
United Kingdom
5_299   25 176,99   525 348,01  196,6%
Brazil
4_838    5 161,59   105 −56,59  −35,0%
United States
4_349    5 145,26   105 −40,26  −27,7%
Hungary
3_952   20 132,00   420 288,00  218,2%
Bulgaria
2_796   11  93,39   231 137,61  147,4%
Italy
2_311    3  77,19    63 −14,19  −18,4%
Poland
1_515    1  50,60    21 −29,60  −58,5%
Austria
1_115    4  37,24    84  46,76  125,6%
Romania
  810    0  27,05     0 −27,05 −100,0%
France
  726    4  24,25    84  59,75  246,4%
Spain
  571    0  19,07     0 −19,07 −100,0%
Slovakia
  209    0   6,98     0  −6,98 −100,0%
Czechia
   41    0   0,00     0   0,00       –
2026-11-22 · Europe/Kyiv
Строки: 14 из 14
Данные на 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_a_page_has_twenty_rows_on_two_lines_below_the_totals_and_then_more():
    rows = [usual(f"{one[0]} {n}", *one[1:]) for n in range(5) for one in TRAFFIC]

    assert leaf_of(rows, asked=USUAL).starts == (0, 20, 44, 68)


LARGE = [
    usual("United Kingdom", 52971, 256, "1769.23", 5376),
    usual("Brazil", 48353, 0, "1614.99", 0),
    usual("Poland", 36161, 0, "0", 0),
]


def test_large_money_has_no_decimals_where_there_is_no_room():
    """What is zero stays so, and what has no value."""
    assert (
        page(LARGE, asked=USUAL)
        == """\
✅ tracker.example
Sum of the rows
Clicks  137,485
Conv        256
Cost   3,384.22
Rev       5,376
Profit 1,991.78
ROI           –

Country
Clicks Conv  Cost   Rev Profit   ROI
────────────────────────────────────
United Kingdom
52,971  256 1,769 5,376  3,607  204%
Brazil
48,353    0 1,615     0 −1,615 −100%
Poland
36,161    0     0     0      0     –
2026-11-22 · Europe/Kyiv
Rows 3 of 3
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_figures_are_rounded_where_there_is_no_room_for_more():
    """The totals above them, and the file, are exact."""
    assert (
        page([*LARGE[:2], usual("Poland", 36161, 51, "1007.75", 1107)], asked=USUAL)
        == """\
✅ tracker.example
Sum of the rows
Clicks  137,485
Conv        307
Cost   4,391.97
Rev       6,483
Profit 2,091.03
ROI           –

Country
Clicks Conv  Cost   Rev Profit   ROI
────────────────────────────────────
United Kingdom
52,971  256 1,769 5,376  3,607  204%
Brazil
48,353    0 1,615     0 −1,615 −100%
Poland
36,161   51 1,008 1,107     99   10%
2026-11-22 · Europe/Kyiv
Rows 3 of 3
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_figures_beside_their_names():
    assert (
        page(
            CARDS,
            asked={"range": TODAY, "dimensions": ["campaign"], "measures": [*WIDE]},
            currency="USD",
        )
        == """\
✅ tracker.example
Sum of the rows
Clicks   1,234.57
Conv            ?
Cost $          ?
Rev $           ?
Profit $        ?
ROI             –
CR              –
EPC $           –

Nutra RO
 Clicks   1,234.57  Conv  1,234.57
 Cost $   1,234.57  Rev $ 1,234.57
 Profit $ 1,234.57  ROI     1,235%
 CR         1,235%  EPC $ 1,234.57
x
 Clicks       0.00  Conv         ?
 Cost $          ?  Rev $        ?
 Profit $        ?  ROI          ?
 CR              –  EPC $        –
2026-11-22 · Europe/Kyiv
Rows 2 of 2
As of 2026-11-22 12:00 Europe/Kyiv"""
    )


def test_names_from_right_to_left_do_not_turn_their_lines_around():
    rows = [row(9, "שלום עולם", 1, 2, 3, 4), row(10, "a <b>&amp;", 1, 2, 3, 4)]
    html = leaf_of(rows).page.html

    assert "9 \u200eשלום עולם\u200e" in html
    assert "10 a &lt;b&gt;&amp;amp;" in html


def test_pages_are_the_same_whichever_is_asked_for():
    leaves = [leaf_of(SIXTY * 3, first=first) for first in (-1, 0, 30, 31, 100, 179, 10_000)]

    assert {leaf.starts for leaf in leaves} == {(0, 31, 62, 93, 124, 155)}
    assert [(leaf.first, leaf.shown) for leaf in leaves] == [
        *[(0, 31)] * 3,
        (31, 31),
        (93, 31),
        *[(155, 25)] * 2,
    ]


def test_a_thousand_rows_are_laid_out_at_once(record_property):
    rows = [
        row(n, f"Campaign number {n}", n * 7, n / 3, n / 9 - 4, n / 7) for n in range(HELD_MOST)
    ]
    begun = time.perf_counter()
    leaf = leaf_of(rows, summary=rows[-1], first=500)
    took = (time.perf_counter() - begun) * 1000

    record_property("milliseconds", round(took, 1))
    assert leaf.first <= 500 < leaf.first + leaf.shown


CLICKS, ROI = (figure(name, "", ENGLISH) for name in ("clicks", "roi"))


@pytest.mark.parametrize(
    ("figure", "value", "before", "english", "russian"),
    [
        (CLICKS, "112", "100", "▲ 12 %", "▲ 12 %"),
        (CLICKS, "97", "100", "▼ 3.0 %", "▼ 3,0 %"),
        (CLICKS, "100", "100", "=", "="),
        (CLICKS, "0", "0", "=", "="),
        (CLICKS, "5", "0", "▲ from 0", "▲ с нуля"),
        (CLICKS, "-5", "0", "▼ from 0", "▼ с нуля"),
        (CLICKS, "0", "5", "▼ 100 %", "▼ 100 %"),
        (CLICKS, "10004", "10000", "▲ <0.1 %", "▲ <0,1 %"),
        (CLICKS, "1099", "100", "▲ 999 %", "▲ 999 %"),
        (CLICKS, "1e20", "1", "▲ >999 %", "▲ >999 %"),
        (CLICKS, "20", "-10", "▲ 300 %", "▲ 300 %"),
        (CLICKS, "-20", "-10", "▼ 100 %", "▼ 100 %"),
        (ROI, "13.2", "12", "▲ 1.2 pp", "▲ 1,2 п. п."),
        (ROI, "-50", "0", "▼ 50 pp", "▼ 50 п. п."),
        (ROI, "12.01", "12", "▲ <0.1 pp", "▲ <0,1 п. п."),
        (CLICKS, "5", "–", "", ""),
        (CLICKS, "?", "5", "", ""),
    ],
)
def test_a_change_is_told_beside_a_total(figure, value, before, english, russian):
    one, other = (text if text in "–?" else Decimal(text) for text in (value, before))
    total = Total(figure, one, other)

    assert change(total, ENGLISH) == english
    assert change(total, RUSSIAN) == russian


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("clicks", {"clicks": 0}, Decimal(0)),
        ("clicks", {"clicks": " 7 "}, Decimal(7)),
        ("clicks", {"clicks": None}, "–"),
        ("clicks", {"clicks": ""}, "–"),
        ("clicks", {"clicks": "NaN"}, "–"),
        ("clicks", {"clicks": float("-inf")}, "–"),
        ("clicks", {"cost": 1}, "?"),
        ("clicks", {"clicks": "n/a\n"}, "n/a␊"),
        ("clicks", {"clicks": True}, "True"),
        # A ratio over nothing has no value, whatever the tracker makes of it.
        ("roi", {"roi": 0, "cost": 0}, "–"),
        ("roi", {"roi": -100, "cost": "0.00"}, "–"),
        ("roi", {"roi": 0, "cost": 5}, Decimal(0)),
        ("roi", {"roi": 0, "cost": None}, Decimal(0)),
        ("roi", {"roi": 0}, Decimal(0)),
        ("cr", {"cr": 0, "clicks": 0}, "–"),
        ("epc", {"epc": "0", "clicks": "0"}, "–"),
        ("made_up", {"made_up": 0, "clicks": 0}, Decimal(0)),
    ],
)
def test_value_zero_and_unknown_are_different_signs(name, given, value):
    assert figure(name, "", ENGLISH).value(given) == value


@pytest.mark.parametrize(
    ("name", "currency", "heading", "written"),
    [
        ("cost", "USD", "Cost $", "0.50"),
        ("cost", "THB", "Cost THB", "0.50"),
        ("cost", "a very\nlong one", "Cost a very␊…", "0.50"),
        ("cost", "", "Cost", "0.50"),
        ("clicks", "USD", "Clicks", "0.50"),
        ("roi", "USD", "ROI", "0.5%"),
        ("country", "USD", "Country", "0.50"),
        ("made_up", "USD", "made_up", "0.50"),
        # What a click brings is often less than ten cents.
        ("epc", "", "EPC", "0.50"),
    ],
)
def test_money_has_its_currency_and_percent_its_sign(name, currency, heading, written):
    column = figure(name, currency, ENGLISH)
    half = Decimal("0.5")

    assert column.heading == heading
    assert column.written(half, column.decimals([half]), ENGLISH.numbers) == written


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ("72.913 -100 0", "72.9% −100.0% 0.0%"),
        ("150.31 -100 0 1234.5", "150% −100% 0% 1,234%"),
        ("5 101.5 -3", "5% 102% −3%"),
        # What is not zero does not look like it.
        ("0 0.04 0.05 0.051 -0.04", "0.0% <0.1% <0.1% 0.1% >−0.1%"),
        ("-99.97", "−100.0%"),
        ("0", "0%"),
        ("-100", "−100%"),
    ],
)
def test_percent_have_one_decimal_or_none(values, written):
    numbers = [Decimal(value) for value in values.split()]
    decimals = ROI.decimals(numbers)

    assert " ".join(ROI.written(one, decimals, ENGLISH.numbers) for one in numbers) == written


@pytest.mark.parametrize(
    ("values", "decimals"),
    [("100.5 0 -1234.56", 0), ("0.001 1234.56", 0), ("99.99 12.5", 2), ("0 7", 0)],
)
def test_money_is_rounded_only_beside_large_amounts(values, decimals):
    """What is not zero is never shown as zero."""
    numbers = [Decimal(value) for value in values.split()]
    cost = figure("cost", "", ENGLISH)

    assert cost.decimals(numbers, is_rough=True) == decimals
    assert cost.written(Decimal("0.38"), 0, ENGLISH.numbers) == "<1"


def test_what_is_almost_nothing_is_as_wide_as_it_is_shown():
    """A column is as wide as its widest value, which is neither the lowest nor the highest."""
    rows = [row(1, "A", 1, 1, 1, value) for value in (0, "0.01", "2.5")]

    assert page(rows).split("\n")[7:12] == [
        "Campaign Clicks Cost Profit   ROI",
        "─────────────────────────────────",
        "1 A           1    1      1  0.0%",
        "1 A           1    1      1 <0.1%",
        "1 A           1    1      1  2.5%",
    ]


def test_small_prices_have_four_decimals():
    prices = [Decimal("0.0254"), Decimal(1)]

    assert figure("epc", "", ENGLISH).decimals(prices) == 4
    assert figure("cost", "", ENGLISH).decimals(prices) == 2


@pytest.mark.parametrize(
    ("name", "values", "total"),
    [
        ("clicks", (1, "2", None), Decimal(3)),
        ("clicks", (None, ""), "–"),
        ("clicks", (1, "n/a"), "?"),
        ("campaign_unique_clicks", (1, 2), "–"),
        ("roi", (1, 2), "–"),
        ("made_up", (1, 2), "–"),
    ],
)
def test_only_what_may_be_added_is_summed_up(name, values, total):
    assert summed([{name: value} for value in values], figure(name, "", ENGLISH)) == total


def test_a_sum_with_a_column_missing_is_not_known():
    assert summed([{"clicks": 1}, {}], CLICKS) == "?"


def known(text):
    return [None if value == "." else Decimal(value) for value in text.split()]


@pytest.mark.parametrize(
    ("values", "most", "line"),
    [
        ("0 1 2 3 4 5 6 7", 40, "▁▂▃▄▅▆▇█"),
        ("7 . 0", 40, "█·▁"),
        ("0 0 0", 40, "▁▁▁"),
        ("5 5", 40, "██"),
        ("-5 0 5", 40, "▁▅█"),
        ("-1 -2", 40, "▅▁"),
        (". .", 40, ""),
        ("", 40, ""),
        # Neighbours share a bar where there are too many, as their mean.
        ("0 14 7 7 . .", 3, "██·"),
        ("0 0 1 1 . 7", 3, "▁▂█"),
    ],
)
def test_a_line_of_bars(values, most, line):
    assert spark(known(values), most) == line


@pytest.mark.parametrize(
    ("labels", "rows", "span", "values"),
    [
        (("day",), [("2026-02-28", 1), ("2026-03-02", 3)], None, "1 . 3"),
        (("day",), [("2026-11-02", 1)], {"from": "2026-11-01", "to": "2026-11-03"}, ". 1 ."),
        (("day",), [("2026-11-02", 1)], {"from": "2026-11-01"}, ". 1"),
        (("hour",), [(7, 1), ("9", 2), ("11:00", 4), (24, 8), ("noon", 8)], None, "1 . 2 . 4"),
        (("day_hour",), [("2026-11-01 23:00", 1), ("2026-11-02 01:00", 2)], None, "1 . 2"),
        (("day_hour",), [("2026-11-01", 1), ("x 01:00", 2)], None, None),
        (("day",), [("2026-11-02", 1)], None, None),
        (("day",), [("2026-13-45", 1), (None, 2)], None, None),
        (("week",), [("2026-52", 1), ("2027-01", 3)], None, "1 . 3"),
        (("week",), [("2026-47", 1), ("2026-49", 2), ("2026-00", 8), (47, 8)], None, "1 . 2"),
        (
            ("week",),
            [("2026-47", 1)],
            {"from": "2026-11-15", "to": "2026-11-23 12:00:00"},
            ". 1 .",
        ),
        (("week",), [("2026-47", 1), ("2026-54", 2), (None, 3)], None, None),
        (("month",), [("2026-11", 1), ("2027-01", 3), ("2026-13", 8)], None, "1 . 3"),
        (("month",), [("2026-12", 1)], {"from": "2026-11-30", "to": "2027-01-01"}, ". 1 ."),
        # That is no line any more.
        (("day",), [("0001-01-01", 1), ("9999-12-31", 2)], None, None),
        (("country",), [("DE", 1)], None, None),
    ],
)
def test_figures_are_put_in_the_order_of_time(labels, rows, span, values):
    rows = [{labels[0]: time, "clicks": clicks} for time, clicks in reversed(rows)]
    found = clock(rows, labels, span)

    assert (None if found is None else series(rows, CLICKS, found)) == (
        None if values is None else known(values)
    )


def test_a_day_and_an_hour_are_one_time():
    rows = [{"day": "2026-11-01", "hour": 23, "clicks": 1}, {"day": "2026-11-02", "hour": 1}]
    found = clock(rows, ("hour", "day"), None)

    assert found is not None
    assert series(rows, CLICKS, found) == known("1 . .")


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        (("week", "day"), ("day",)),
        (("month", "hour"), ("hour",)),
        (("month", "week"), ("week",)),
        (("country", "month"), ("month",)),
    ],
)
def test_the_shortest_times_make_the_line(labels, columns):
    rows = [
        {"month": "2026-11", "week": "2026-47", "day": "2026-11-20", "hour": 7},
        {"month": "2026-12", "week": "2026-49", "day": "2026-12-01", "hour": 9},
    ]

    assert clock(rows, labels, None).columns == columns


@pytest.mark.parametrize(
    ("column", "names"),
    [("week", ["2026-52", "2026-53", "2027-01"]), ("month", ["2026-11", "2026-12", "2027-01"])],
)
def test_weeks_and_months_are_called_as_the_tracker_does(column, names):
    time = clock([{column: names[0]}, {column: names[-1]}], (column,), None)

    assert [slot_name(time.first + place, column) for place in range(time.count)] == names


names = st.text(max_size=12) | st.text("אב12\ufe0f\u0301\u200d東👩<&_-\u093e", max_size=60)
anything = st.none() | st.integers() | st.floats() | names
columns = st.sampled_from(
    [
        "day",
        "hour",
        "week",
        "month",
        "country",
        "campaign",
        "campaign_id",
        *MEASURES,
        "cr",
        "made_up",
    ]
)
reports = st.tuples(
    st.lists(columns, max_size=4, unique=True), st.lists(columns | names, max_size=15, unique=True)
).flatmap(
    lambda asked: st.builds(
        report,
        st.lists(
            st.fixed_dictionaries({}, optional=dict.fromkeys([*asked[0], *asked[1]], anything)),
            max_size=50,
        ),
        total=st.integers(50, 10**9),
        summary=st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(asked[1], anything)),
        previous=st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(asked[1], anything)),
        asked=st.just({"range": TODAY, "dimensions": asked[0], "measures": asked[1]}),
        compared=st.just(Period("day").before(AT)),
        is_compared=st.booleans(),
        words=names,
        currency=names,
    )
)


@settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(reports, st.sampled_from([ENGLISH, RUSSIAN]))
def test_every_page_of_any_report_fits_a_phone_and_a_message(report, texts):
    """All pages together have every row once."""
    first = report_leaf(report, texts)
    leaves = [report_leaf(report, texts, first=start) for start in first.starts]

    assert all(shown(leaf) for leaf in leaves)
    assert {leaf.starts for leaf in leaves} == {first.starts}
    assert [leaf.first for leaf in leaves] == [*first.starts]
    assert sum(leaf.shown for leaf in leaves) == len(report.rows)
