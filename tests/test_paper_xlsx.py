"""Workbooks, read back as the XML that spreadsheets read."""

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from paper import Column, xlsx
from paper.xlsx import as_cell, write_xlsx

MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
COLUMNS = (
    Column("day", "День", "day"),
    Column("campaign", "Кампания"),
    Column("clicks", "Клики", "count"),
    Column("cost", "Расход", "money"),
    Column("roi", "ROI", "percent"),
    Column("at", "At", "moment"),
)
ROWS = [
    ["2026-11-22", "Лето", 1500, "12.50", -12.5, "2026-11-22 09:30:00"],
    ["2026-11-23", "=1+1", "7", None, "0", "2026-13-22 09:30:00"],
]


class Book:
    """A workbook that was written."""

    def __init__(self, *pages: list[list[Any]], columns=COLUMNS, **how: Any) -> None:
        target = io.BytesIO()
        write_xlsx(target, columns, pages, **how)
        self._zip = zipfile.ZipFile(target)
        self.sheets = [
            sheet.get("name") for sheet in self.part("workbook").iter() if is_sheet(sheet)
        ]

    def part(self, name: str) -> ET.Element:
        return ET.fromstring(self._zip.read(f"xl/{name}.xml"))  # noqa: S314 - our own

    def sheet(self, number: int = 1) -> ET.Element:
        return self.part(f"worksheets/sheet{number}")

    def cells(self, number: int = 1) -> list[list[tuple[str, str, str]]]:
        """Return type, value and format of each cell, row by row."""
        return [
            [self._cell(cell) for cell in row]
            for row in self.sheet(number).findall(".//m:row", MAIN)
        ]

    def texts(self, number: int = 1) -> list[list[str]]:
        return [[text for _, text, _ in row] for row in self.cells(number)]

    def _cell(self, cell: ET.Element) -> tuple[str, str, str]:
        assert cell.find("m:f", MAIN) is None
        value = "".join(cell.itertext())
        style = self.part("styles").find("m:cellXfs", MAIN)[int(cell.get("s", "0"))]
        return cell.get("t", "n"), value, self._formats().get(style.get("numFmtId"), "")

    def _formats(self) -> dict[str, str]:
        found = self.part("styles").iter(f"{{{MAIN['m']}}}numFmt")
        built_in = {"3": "#,##0", "4": "#,##0.00", "10": "0.00%"}
        return built_in | {one.get("numFmtId"): one.get("formatCode") for one in found}


def is_sheet(element: ET.Element) -> bool:
    return element.tag.endswith("}sheet")


def test_cells_have_their_types():
    book = Book(ROWS)

    assert book.cells() == [
        [("inlineStr", column.heading, "") for column in COLUMNS],
        [
            ("n", "46348", "yyyy-mm-dd"),
            ("inlineStr", "Лето", ""),
            ("n", "1500", "#,##0"),
            ("n", "12.5", "#,##0.00"),
            ("n", "-0.125", "0.00%"),
            ("n", "46348.39583333334", "yyyy-mm-dd hh:mm:ss"),
        ],
        [
            ("n", "46349", "yyyy-mm-dd"),
            ("inlineStr", "=1+1", ""),
            ("n", "7", "#,##0"),
            ("n", "0", "0.00%"),
            ("inlineStr", "2026-13-22 09:30:00", ""),
        ],
    ]


def test_the_headings_stay_and_filter_and_columns_are_as_wide_as_their_texts():
    sheet = Book(ROWS, [["2026-11-24", "w" * 200, 1, 1, 1, ""]]).sheet()
    pane = sheet.find(".//m:pane", MAIN)
    widths = [float(column.get("width")) for column in sheet.findall(".//m:col", MAIN)]

    assert (pane.get("state"), pane.get("ySplit"), pane.get("topLeftCell")) == ("frozen", "1", "A2")
    assert sheet.find("m:autoFilter", MAIN).get("ref") == "A1:F4"
    assert [round(width) for width in widths] == [13, 51, 9, 10, 9, 22]


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "+1+1",
        "@SUM(1)",
        "https://tracker.example/?a=1",
        "mailto:olga@tracker.example",
        "internal:Sheet2!A1",
        "{=1+1}",
        "<r><t>bold</t></r>",
        'a & <b> "c" ]]>',
        "\x00\x1f_x0041_\ufffe",
        "👍 עברית 漢字",
    ],
    ids=ascii,
)
def test_a_text_is_a_text_whatever_it_looks_like(text):
    book = Book([[text]], columns=(Column("name", text),))
    raw = [[kind for kind, _, _ in row] for row in book.cells()]
    names = book._zip.namelist()

    assert raw == [["inlineStr"], ["inlineStr"]]
    assert unescaped(book.texts()[1][0]).rstrip() == text
    assert [name for name in names if "rels" in name and "sheet" in name] == []


def unescaped(text: str) -> str:
    """Return *text* as a spreadsheet shows it."""
    return re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match.group(1), 16)), text)


@pytest.mark.parametrize("text", ["x" * 40_000, "👍" * 40_001, f"{'x' * 32_765}👍👍"], ids=len)
def test_what_is_too_long_for_a_cell_is_cut(text):
    [[_], [cell]] = Book([[text]], columns=(Column("name", "Name"),)).texts()

    assert cell.endswith("…")
    assert 32_766 <= len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert text.startswith(cell[:-1])


def test_half_a_character_does_not_break_a_workbook():
    assert Book([["a\ud83d"]], columns=(Column("name", "Name"),)).texts() == [["Name"], ["a?"]]


@pytest.mark.parametrize(
    ("value", "kind", "cell"),
    [
        (45, "text", 45),
        ("0045", "text", "0045"),
        ("1e5", "text", "1e5"),
        (10**12, "text", "1000000000000"),
        (10**12, "count", 10**12),
        (10**16, "count", "10000000000000000"),
        (float("nan"), "money", "nan"),
        (float("inf"), "percent", "inf"),
        ("1e5", "number", 100000.0),
        ("1e999", "number", "1e999"),
        ("12,50", "money", "12,50"),
        ("–", "percent", "–"),
        ("", "money", ""),
        (True, "count", True),
        ("1899-12-31", "day", "1899-12-31"),
        ("2026-02-30", "day", "2026-02-30"),
        ("2026-11-22 10:00:00", "day", "2026-11-22 10:00:00"),
        ([1], "text", "[1]"),
    ],
)
def test_only_what_is_beyond_doubt_gets_a_type(value, kind, cell):
    assert as_cell(value, kind) == cell


def test_the_last_sheet_says_what_the_first_is_of():
    about = [("Трекер", "=tracker.example"), ("", "2026-11-01 – 2026-11-22 · Europe/Kyiv")]
    book = Book(ROWS, about=about, sheets=("Отчёт", "Об отчёте"))

    assert book.sheets == ["Отчёт", "Об отчёте"]
    assert [[text for text in row if text] for row in book.texts(2)] == [
        ["Трекер", "=tracker.example"],
        ["2026-11-01 – 2026-11-22 · Europe/Kyiv"],
    ]


def test_a_sheet_may_be_called_anything():
    book = Book([], sheets=("a/b:c*?[d]\\" + "x" * 50, "''"), about=[("a", "b")])

    assert book.sheets == [f"a b c   d  {'x' * 20}", "1"]


def test_a_report_without_rows_or_columns_is_a_workbook_all_the_same():
    assert Book([]).texts() == [[column.heading for column in COLUMNS]]
    assert Book([], columns=()).texts() == []


def test_what_one_sheet_has_no_room_for_goes_on_to_the_next(monkeypatch):
    monkeypatch.setattr(xlsx, "ROWS_MOST", 3)
    book = Book([["a"], ["b"], ["c"]], [["d"], ["e"]], columns=(Column("name", "Name"),))

    assert book.sheets == ["Report", "Report 2", "Report 3"]
    assert [book.texts(number) for number in (1, 2, 3)] == [
        [["Name"], ["a"], ["b"]],
        [["Name"], ["c"], ["d"]],
        [["Name"], ["e"]],
    ]
