"""Tables as a phone shows them: golden ones, and the width of any other."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from handlers.render.cells import WIDTH, cut, read, units
from handlers.render.direction import directed
from handlers.render.figure import Figure
from handlers.render.html import block, plain
from handlers.render.label import heading, paired
from handlers.render.leaves import LINES_MOST, ROWS_MOST, Size, page_of, starts
from handlers.render.table import Table
from handlers.texts import ENGLISH, RUSSIAN

LABELS = ("campaign",)
FIGURES = ("clicks", "cost", "revenue")
MANY = ("clicks", "campaign_unique_clicks", "conversions", "profit", "roi")


def table_of(rows, labels, measures, texts=ENGLISH):
    names = paired(labels)
    figures = tuple(Figure(name, read(name)) for name in measures)
    return Table(rows, names, heading(names, texts.figures_language), figures, texts.numbers)


def laid_out(rows, labels=LABELS, measures=FIGURES, texts=ENGLISH):
    """Return a table as one text."""
    table = table_of(rows, labels, measures, texts)
    groups = [table.lines(place) for place in range(len(rows))]
    lines = [*table.head, *(line for group in groups for line in group)]
    assert all(wcswidth(line) <= WIDTH for line in lines)
    assert [table.size(place).lines for place in range(len(rows))] == [*map(len, groups)]
    return "\n".join(lines).replace("\u00a0", "_")


def row(campaign, clicks, cost, revenue):
    return {"campaign": campaign, "clicks": clicks, "cost": cost, "revenue": revenue}


def test_no_rows():
    assert laid_out([]) == "Campaign clicks cost revenue\n" + "─" * 28


def test_one_row():
    assert (
        laid_out([row("Alpha", 1234, "10.5", None)])
        == """\
Campaign clicks  cost revenue
─────────────────────────────
Alpha     1,234 10.50       –"""
    )


FIVE = [
    row("Alpha", 1234, "10.5", "-3.25"),
    row("東京キャンペーン", 5, 0, ""),
    row("🚀 ❤\ufe0f 👩\u200d👧", 12, "1.999", -7),
    row("שלום", 0, "n/a", 99),
    {"campaign": None, "clicks": 3},
]


def test_five_rows_with_names_of_all_widths():
    assert (
        laid_out(FIVE)
        == """\
Campaign         clicks  cost revenue
─────────────────────────────────────
Alpha             1,234 10.50   −3.25
東京キャンペーン      5  0.00       –
🚀 ❤\ufe0f 👩\u200d👧             12  2.00   −7.00
שלום                  0   n/a   99.00
–                     3     ?       ?"""
    )


def test_the_same_in_russian():
    assert (
        laid_out(FIVE[:1], texts=RUSSIAN)
        == """\
Кампания clicks  cost revenue
─────────────────────────────
Alpha     1_234 10,50   −3,25"""
    )


def test_a_long_name_has_a_line_of_its_own_and_headings_are_broken_at_underscores():
    names = ("x" * 50, "y" * 25, "short")
    rows = [{"campaign": name, "clicks": 1, "cr": 0.5} for name in names]

    assert (
        laid_out(rows, ("campaign",), ("clicks", "unique_clicks", "cr"))
        == """\
                unique
Campaign clicks clicks   cr
───────────────────────────
xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
              1      ? 0.50
yyyyyyyyyyyyyyyyyyyyyyyyy
              1      ? 0.50
short         1      ? 0.50"""
    )


def test_the_last_of_several_names_is_not_cut_away():
    rows = [{"campaign": "Trail shoes PL", "day": "2026-11-21", "clicks": 1, "cost": 2, "cr": 3.5}]

    assert (
        laid_out(rows, ("campaign", "day"), ("clicks", "cost", "cr"))
        == """\
Campaign · Day
clicks cost   cr
────────────────
Trail shoes PL · 2026-11-21
     1    2 3.50"""
    )


def test_an_id_stands_before_its_name():
    rows = [
        {"campaign_id": 12, "campaign": "DE split", "country": "Germany", "clicks": 1},
        {"campaign_id": None, "country": "", "clicks": 2},
    ]

    assert (
        laid_out(rows, ("country", "campaign", "campaign_id"), ("clicks",))
        == """\
Country · Campaign    clicks
────────────────────────────
Germany · 12 DE split      1
– · – ?                    2"""
    )


def test_wide_names_are_cut_by_cells_not_by_signs():
    names = ("x" * 50, "東" * 30, "❤\ufe0f" * 30, "a\u0301" * 50)
    lines = laid_out([row(name, 1, 2, 3) for name in names]).split("\n")

    assert lines[3::2] == [
        "x" * 39 + "…",
        "東" * 19 + "…",
        "❤\ufe0f" * 19 + "❤…",
        "a\u0301" * 39 + "…",
    ]
    assert lines[4::2] == ["     1    2       3"] * 4


def test_headings_are_cut_where_only_they_are_too_wide():
    first = {"campaign": "A long name of a campaign that goes on and on"}
    first |= {name: place * 1000.5 for place, name in enumerate(MANY)}
    rows = [first, {"campaign": "B", "clicks": "yes", "roi": -1}]

    assert (
        laid_out(rows, LABELS, MANY)
        == """\
Campaign
       campaign
         unique
clicks   clicks conversio   profit   roi
────────────────────────────────────────
A long name of a campaign that goes on …
     0 1,000.50     2,001 3,001.50 4,002
B
   yes        ?         ?        ?    −1"""
    )


def test_a_cut_heading_keeps_three_signs_and_wide_ones_are_cut_by_cells():
    rows = [{"abcdef": 1, "東京キャン": 2, "a\u0301bcd": 3, "x": -(10**20)}]

    assert (
        laid_out(rows, (), tuple(rows[0]))
        == """\
abc 東 a\u0301bc                            x
───────────────────────────────────────
  1  2   3 −100,000,000,000,000,000,000"""
    )


def test_headings_are_not_cut_to_be_the_same():
    rows = [{"campaign": "A", "clicks": 1, "clickers": 2, "x": -(10**20)}]

    assert (
        laid_out(rows, LABELS, ("clicks", "clickers", "x"))
        == """\
A
 clicks                              1
 clickers                            2
 x        −100,000,000,000,000,000,000"""
    )


def test_too_many_figures_for_a_grid_become_cards():
    first = {"campaign": "A long name of a campaign that goes on and on"}
    first |= {name: place * 100_000.5 for place, name in enumerate(MANY)}
    rows = [first, {"campaign": "B", "clicks": "yes", "roi": -1}]

    assert (
        laid_out(rows, LABELS, MANY)
        == """\
A long name of a campaign that goes on …
 clicks                          0
 campaign_unique_clicks 100,000.50
 conversions               200,001
 profit                 300,001.50
 roi                       400,002
B
 clicks                        yes
 campaign_unique_clicks          ?
 conversions                     ?
 profit                          ?
 roi                            −1"""
    )


def test_cards_put_two_figures_on_a_line_where_they_fit():
    rows = [row("Alpha", 1234567, "-10.5", "1000000.5") | {"cr": "0.001", "epc": "12345.5"}]

    assert (
        laid_out(rows, measures=(*FIGURES, "cr", "epc"))
        == """\
Alpha
 clicks     1,234,567  cost −10.50
 revenue 1,000,000.50  cr   0.0010
 epc        12,345.50"""
    )


def test_a_name_is_cut_rather_than_a_figure():
    name = "a_name_of_more_than_thirty_signs"
    rows = [{"campaign": "A", name: 12345678901234567890, "n": 100_000, "m": 1_000_000}]

    assert (
        laid_out(rows, measures=(name, "n", "m"))
        == """\
A
 a_name_of_m… 12,345,678,901,234,567,890
 n                               100,000
 m                             1,000,000"""
    )


def test_labels_alone_and_figures_alone():
    assert laid_out([{"a": "x"}], ("a",), ()) == "a\n─\nx"
    assert laid_out([{"b": 1}], (), ("b",)) == "b\n─\n1"


def test_hidden_characters_in_names_of_columns_do_not_shift_the_columns():
    rows = [{"a": "x", "b\n": 1, "клики_東京": 2}]

    assert (
        laid_out(rows, ("a",), ("b\n", "клики_東京"))
        == """\
a b␊ клики_東京
───────────────
x  1          2"""
    )


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_huge_names_and_values_are_cut_before_they_are_measured(texts):
    huge = "&" * 1_250_000
    rows = [{"campaign": huge, huge: huge, "clicks": huge}] * 2
    text = laid_out(rows, ("campaign",), (huge, "clicks"), texts)
    figures = [f" {'&' * 17}… {'&' * 19}…", f" clicks             {'&' * 19}…"]

    assert text.split("\n") == ["&" * 39 + "…", *figures] * 2


def test_a_heading_of_many_lines_makes_cards():
    name = "_".join("abcdefghij")

    assert laid_out([{"campaign": "A" * 40, name: 1}], measures=(name,)) == f"{'A' * 40}\n {name} 1"


@pytest.mark.parametrize("count", [13, 10_000])
def test_more_labels_than_a_line_has_cells(count):
    labels = tuple(f"label_{number}" for number in range(count))
    text = laid_out([dict.fromkeys(labels, "x" * 900)], labels, ("n",))

    assert text.split("\n")[0] == "label_0 · label_1 · label_2 · label_3 ·…"
    assert text.split("\n")[-2] == "x" * 39 + "…"


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], (0,)),
        ([(1, 5)] * ROWS_MOST, (0,)),
        ([(1, 5)] * (ROWS_MOST + 1), (0, ROWS_MOST)),
        # The first page has less room.
        ([(2, 5)] * 60, (0, 20, 44)),
        ([(1, 100)] * 12, (0, 3, 8)),
        # One row is on a page whatever its size.
        ([(99, 1)] * 3, (0, 1, 2)),
        ([(1, 9999)] * 3, (0, 1, 2)),
    ],
)
def test_a_page_ends_where_rows_lines_or_signs_are_too_many(rows, found):
    sizes = [Size(*row) for row in rows]

    assert starts(sizes, first=Size(40, 300), others=Size(LINES_MOST, 500)) == found


@pytest.mark.parametrize(
    ("first", "page"), [(-5, 0), (0, 0), (30, 0), (31, 1), (61, 1), (62, 2), (10_000, 2)]
)
def test_a_row_is_on_the_page_that_begins_before_it(first, page):
    assert page_of((0, 31, 62), first) == page


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Alpha 5", "Alpha 5"),
        ("שלום   5", "<שלום>   5"),
        ("12 עברית שלום – 5", "12 <עברית שלום> – 5"),
        ("الإمارات ▁▂", "<الإمارات> ▁▂"),
    ],
)
def test_what_runs_from_right_to_left_is_kept_in_its_place(text, marked):
    assert directed(text) == marked.replace("<", "\u200e").replace(">", "\u200e")


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("abc", 1, "…"),
        ("東京都", 5, "東京…"),
        ("東京", 4, "東京"),
        ("東京", 3, "東…"),
        ("👩\u200d👧" * 3, 5, "👩\u200d👧" * 2 + "…"),
        ("a" + "\u0301" * 100, 3, "a" + "\u0301" * 23 + "…"),
        ("\u0e33\u1b35" * 9, 1, "…"),
    ],
)
def test_texts_are_cut_to_cells(text, width, short):
    assert cut(text, width) == short


names = st.text(max_size=12) | st.text("אב12\ufe0f\u0301\u200d東👩_-\u093e", max_size=60)
anything = st.none() | st.booleans() | st.integers() | st.floats() | names
tables = st.tuples(
    st.lists(names, max_size=2), st.lists(names.filter(bool), max_size=7, unique=True)
).flatmap(
    lambda columns: st.builds(
        table_of,
        st.lists(
            st.fixed_dictionaries({}, optional=dict.fromkeys([*columns[0], *columns[1]], anything)),
            max_size=4,
        ),
        st.just(tuple(columns[0])),
        st.just(tuple(columns[1])),
        st.sampled_from([ENGLISH, RUSSIAN]),
    )
)


@settings(
    derandomize=True,
    max_examples=80,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(tables)
def test_no_line_of_any_table_is_wider_than_a_phone(table):
    groups = [table.lines(place) for place in range(len(table.rows))]
    lines = [*table.head, *(line for group in groups for line in group)]

    assert all(0 <= wcswidth(line) <= WIDTH for line in lines)
    assert plain(block("\n".join(lines))) == "\n".join(lines)
    for place, group in enumerate(groups):
        assert table.size(place).lines == len(group)
        assert table.size(place).signs >= sum(units(line) + 1 for line in group)
