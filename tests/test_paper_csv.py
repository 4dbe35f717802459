"""Rows as CSV: exact, and no formula for any spreadsheet."""

import codecs
import csv

import pytest

from paper import write_csv
from paper.csv import csv_pieces

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
BLANKS = (" ", "  ", "\u00a0", "\u3000", "\u200b", "\u2060", "\ufeff", " \u200f \0")


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))


def test_csv_begins_with_a_mark_and_the_names_of_the_columns():
    rows = [{"campaign": "Лето", "clicks": 5, "cost": "1.50"}, {"campaign": 'a,"b"', "cost": None}]

    assert write_csv(rows, ["campaign", "clicks", "cost"]) == codecs.BOM_UTF8 + (
        '"campaign","clicks","cost"\r\n"Лето",5,1.50\r\n"a,""b""",,\r\n'.encode()
    )


@pytest.mark.parametrize("start", FORMULA_STARTS, ids=ascii)
def test_formulas_are_defused_in_cells_and_in_names(start):
    formula = f"{start}HYPERLINK(1)"

    assert cells(write_csv([{formula: formula}], [formula])) == [[f"'{formula}"], [f"'{formula}"]]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("x;=1+cmd|' /C calc'!A0", "x;'=1+cmd|' /C calc'!A0"),
        ("x\t@SUM(1)", "x\t'@SUM(1)"),
        ("x\n=1", "x\n'=1"),
        ('x; ";\r\n"=1', 'x; ";\r\n"\'=1'),
        ("a;b\nc", "a;b\nc"),
        ("1-2=3", "1-2=3"),
        ("\n" * 100_000, "'" + "\n" * 100_000),
    ],
    ids=range(7),
)
def test_formulas_inside_of_a_text_are_defused(text, cell):
    assert cells(write_csv([{"a": text}], ["a"])) == [["a"], [cell]]


@pytest.mark.parametrize("blanks", BLANKS, ids=ascii)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_formulas_behind_blanks_and_hidden_signs_are_defused(sign, blanks):
    """Some spreadsheets drop these before they look."""
    formula = f"{blanks}{sign}1"
    inside = f"x;{blanks}{sign}1"

    assert cells(write_csv([{"a": formula, "b": inside}], ["a", "b"]))[1] == [
        f"'{formula}",
        f"x;{blanks}'{sign}1",
    ]
    assert cells(write_csv([{"a": f"{blanks}a{sign}1"}], ["a"]))[1] == [f"{blanks}a{sign}1"]


SPREADSHEET_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("gap", ["", " ", '"', '""', "\n", "\r\n", ';"', "\0"], ids=ascii)
@pytest.mark.parametrize("start", SPREADSHEET_STARTS)
def test_no_cell_is_a_formula_whatever_a_spreadsheet_takes_for_the_separator(separator, gap, start):
    """A spreadsheet set to a language with decimal commas separates cells by semicolons."""
    text = f"x;{gap}{start}1+cmd|' /C calc'!A0;\t{gap}{start}2\n{gap}{start}3"
    content = write_csv([{"n": 5, "text": text, "more": text}], ["n", "text", "more"])
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    found = [cell for line in csv.reader(lines, delimiter=separator) for cell in line]

    assert [cell for cell in found if cell.lstrip(' "\n\r\0').startswith(SPREADSHEET_STARTS)] == []


@pytest.mark.parametrize("number", ["-5", "-0.5", "+7", "-1e3"])
def test_numbers_in_text_stay_numbers(number):
    assert cells(write_csv([{"a": number}], ["a"])) == [["a"], [number]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True"),
        (-3, "-3"),
        (-0.5, "-0.5"),
        (["=1"], "['=1']"),
        ({"a": 1}, "{'a': 1}"),
        ("-1e999999999", "'-1e999999999"),
        ("a\nb", "a\nb"),
        ("\ud800", "?"),
    ],
)
def test_other_values_are_written_as_they_are(value, text):
    assert cells(write_csv([{"a": value}], ["a"])) == [["a"], [text]]


def test_pages_make_the_same_file_as_all_rows_at_once():
    rows = [{"name": f"=Лето {n}", "clicks": n, "cost": f"{n}.50"} for n in range(10)]
    values = [list(row.values()) for row in rows]
    names = ["name", "clicks", "cost"]

    pages = csv_pieces(names, [values[:3], [], values[3:]])

    assert b"".join(pages) == write_csv(rows, names)


def test_a_file_without_rows_has_its_headings():
    assert b"".join(csv_pieces(["Кампания"], [])) == codecs.BOM_UTF8 + '"Кампания"\r\n'.encode()
