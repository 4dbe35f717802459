"""Tables as a phone shows them: golden ones, and the width of any other."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from handlers.render.html import block, plain
from handlers.render.table import ROWS_MOST, SIGNS_MOST, WIDTH, Table, cut, lay_out
from handlers.texts import ENGLISH, RUSSIAN

LABELS = ("campaign",)
FIGURES = ("clicks", "cost", "revenue")
MANY = ("clicks", "campaign_unique_clicks", "conversions", "profit", "roi")


def laid_out(rows, labels=LABELS, measures=FIGURES, totals=None, texts=ENGLISH):
    """Return a table as one text, with a margin that shows where its lines end."""
    table = Table(rows, labels, measures, totals, texts.total)
    lines, count = lay_out(table, style=texts.numbers)
    assert all(wcswidth(line) <= WIDTH for line in lines)
    return "\n".join(lines).replace("\u00a0", "_"), count


def row(campaign, clicks, cost, revenue):
    return {"campaign": campaign, "clicks": clicks, "cost": cost, "revenue": revenue}


def test_no_rows():
    text, count = laid_out([])

    assert count == 0
    assert (
        text
        == """\
campaign clicks cost revenue
────────────────────────────"""
    )


def test_one_row():
    text, count = laid_out([row("Alpha", 1234, "10.5", None)])

    assert count == 1
    assert (
        text
        == """\
campaign clicks  cost revenue
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


def test_five_rows_with_names_of_all_widths_and_totals():
    text, count = laid_out(FIVE, totals={"campaign": "", "clicks": 1254, "cost": "12.499"})

    assert count == 5
    assert (
        text
        == """\
campaign         clicks  cost revenue
─────────────────────────────────────
Alpha             1,234 10.50   −3.25
東京キャンペーン      5  0.00       –
🚀 ❤\ufe0f 👩\u200d👧             12  2.00   −7.00
שלום                  0   n/a   99.00
–                     3     ?       ?
─────────────────────────────────────
Total             1,254 12.50       ?"""
    )


def test_the_same_in_russian():
    text, _ = laid_out(FIVE[:1], totals=FIVE[0], texts=RUSSIAN)

    assert (
        text
        == """\
campaign clicks  cost revenue
─────────────────────────────
Alpha     1_234 10,50   −3,25
─────────────────────────────
Итого     1_234 10,50   −3,25"""
    )


def test_of_sixty_rows_as_many_are_shown_as_a_phone_stands():
    text, count = laid_out([row(f"C{number}", number, 0, 0) for number in range(60)])

    assert count == ROWS_MOST
    assert text.split("\n")[2:] == [
        f"C{number:<7} {number:>6}    0       0" for number in range(ROWS_MOST)
    ]


def test_names_are_cut_and_headings_broken_at_underscores():
    rows = [{"campaign": "x" * 50, "clicks": 1, "cr": 0.5}]
    text, _ = laid_out(rows, ("campaign",), ("clicks", "unique_clicks", "cr"))

    assert (
        text
        == """\
                             unique
campaign              clicks clicks   cr
────────────────────────────────────────
xxxxxxxxxxxxxxxxxxxx…      1      ? 0.50"""
    )


def test_the_last_of_several_names_is_not_cut_away():
    rows = [{"campaign": "Trail shoes PL", "day": "2026-11-21", "clicks": 1, "cost": 2, "cr": 3.5}]
    text, _ = laid_out(rows, ("campaign", "day"), ("clicks", "cost", "cr"))
    wide, _ = laid_out([rows[0] | {"clicks": 1_000_000}], ("campaign", "day"), ("clicks", "cost"))

    assert [line for line in text.split("\n") if "2026-11-21" in line] == [
        "Trail shoes PL 2026-11-21"
    ]
    assert "Trail shoes PL 2026-11-21 1,000,000    2" in wide


def test_wide_names_are_cut_by_cells_not_by_signs():
    names = ("x" * 50, "東" * 30, "❤\ufe0f" * 30, "a\u0301" * 30)
    text, _ = laid_out([row(name, 1, 2, 3) for name in names])

    assert text.split("\n")[2:] == [
        "xxxxxxxxxxxxxxxxxxx…      1    2       3",
        "東東東東東東東東東…       1    2       3",
        "❤\ufe0f" * 9 + "❤…      1    2       3",
        "a\u0301" * 19 + "…      1    2       3",
    ]


def test_too_many_figures_for_a_grid_become_cards():
    first = {"campaign": "A long name of a campaign that goes on and on"}
    first |= {name: place * 1000.5 for place, name in enumerate(MANY)}
    rows = [first, {"campaign": "B", "clicks": "yes", "roi": -1}]
    text, count = laid_out(rows, LABELS, MANY, {"clicks": 1})

    assert count == 2
    assert (
        text
        == """\
A long name of a campaign that goes on …
 clicks                        0
 campaign_unique_clicks 1,000.50
 conversions               2,001
 profit                 3,001.50
 roi                       4,002
B
 clicks                      yes
 campaign_unique_clicks        ?
 conversions                   ?
 profit                        ?
 roi                          −1
────────────────────────────────────────
Total
 clicks                        1
 campaign_unique_clicks        ?
 conversions                   ?
 profit                        ?
 roi                           ?"""
    )


def test_cards_put_two_figures_on_a_line_where_they_fit():
    rows = [row("Alpha", 1234567, "-10.5", "1000000.5") | {"cr": "0.001"}]
    text, count = laid_out(rows, measures=(*FIGURES, "cr"))

    assert count == 1
    assert (
        text
        == """\
Alpha
 clicks     1,234,567  cost −10.50
 revenue 1,000,000.50  cr   0.0010"""
    )


def test_a_name_is_cut_rather_than_a_figure():
    name = "a_name_of_more_than_thirty_signs"
    text, _ = laid_out([{"campaign": "A", name: 12345678901234567890}], measures=(name, "n"))

    assert (
        text
        == """\
A
 a_name_of_m… 12,345,678,901,234,567,890
 n                                     ?"""
    )


def test_as_many_cards_are_shown_as_a_message_holds():
    rows = [{"campaign": f"C{number}"} | dict.fromkeys(MANY, 1000.5) for number in range(30)]
    text, count = laid_out(rows, measures=MANY)

    assert 0 < count < ROWS_MOST
    assert len(text) <= SIGNS_MOST
    assert text.count("profit") == count


def test_one_row_is_always_shown():
    measures = tuple(f"measure_{number}" for number in range(400))
    text, count = laid_out([{"campaign": "A"}, {"campaign": "B"}], measures=measures)

    assert count == 1
    assert len(text) > SIGNS_MOST


def test_labels_alone_and_figures_alone():
    assert laid_out([{"a": "x"}], ("a",), ()) == ("a\n─────\nx", 1)
    assert laid_out([{"b": 1}], (), ("b",)) == ("      b\n───────\n      1", 1)


def test_hidden_characters_in_names_of_columns_do_not_shift_the_columns():
    text, _ = laid_out([{"a": "x", "b\n": 1, "клики_東京": 2}], ("a",), ("b\n", "клики_東京"))

    assert (
        text
        == """\
         клики
a     b␊  東京
──────────────
x      1     2"""
    )


@pytest.mark.parametrize("texts", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_huge_names_and_values_are_cut_before_they_are_measured(texts):
    huge = "&" * 1_250_000
    rows = [{"campaign": huge, huge: huge, "clicks": huge}] * 2
    text, count = laid_out(rows, ("campaign",), (huge, "clicks"), rows[0], texts)
    figures = [f" {'&' * 17}… {'&' * 19}…", f" clicks             {'&' * 19}…"]

    assert count == 2
    assert text.split("\n") == [
        *["&" * 39 + "…", *figures] * 2,
        "─" * 40,
        texts.total,
        *figures,
    ]


def test_a_heading_of_many_lines_makes_cards():
    name = "_".join("abcdefghij")
    text, _ = laid_out([{"campaign": "A", name: 1}], measures=(name,))

    assert text == f"A\n {name} 1"


@pytest.mark.parametrize("count", [13, 10_000])
def test_more_labels_than_a_line_has_cells(count):
    labels = tuple(f"label_{number}" for number in range(count))
    text, _ = laid_out([dict.fromkeys(labels, "x" * 900)], labels, ("n",))

    assert text.split("\n")[0] == "x" * 39 + "…"


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
        Table,
        st.lists(
            st.fixed_dictionaries({}, optional=dict.fromkeys([*columns[0], *columns[1]], anything)),
            max_size=4,
        ),
        st.just(tuple(columns[0])),
        st.just(tuple(columns[1])),
        st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(columns[1], anything)),
        st.sampled_from(["Total", "Итого"]),
    )
)


@settings(
    derandomize=True,
    max_examples=80,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(tables, st.sampled_from([ENGLISH.numbers, RUSSIAN.numbers]))
def test_no_line_of_any_table_is_wider_than_a_phone(table, style):
    lines, count = lay_out(table, style=style)

    assert count == len(table.rows)
    assert all(0 <= wcswidth(line) <= WIDTH for line in lines)
    assert plain(block("\n".join(lines))) == "\n".join(lines)
