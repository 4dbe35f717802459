"""Rows as a workbook: numbers are numbers, dates are dates, and no text is ever a formula."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from paper.column import Column, Kind

ROWS_MOST = 1_048_576
CELL_UNITS, NAME_SIGNS = 32_767, 31
WIDTH_LEAST, WIDTH_MOST, MEASURED_ROWS = 8, 50, 1000
# A spreadsheet keeps 15 digits of a number.
EXACT_MOST = 10**15
# Longer ones it shows as 1.2E+11, which is no id any more.
ID_MOST = 10**11
PER_CENT = 100
FIRST_DAY = date(1900, 3, 1)
NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}")
UNNAMEABLE = re.compile(r"[\[\]:*?/\\]")
FORMATS: dict[Kind, str] = {
    "text": "General",
    "number": "General",
    "count": "#,##0",
    "money": "#,##0.00",
    "percent": "0.00%",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
}


def write_xlsx(
    target: BinaryIO,
    columns: Sequence[Column],
    pages: Iterable[Sequence[Sequence[Any]]],
    *,
    about: Sequence[tuple[str, str]] = (),
    sheets: tuple[str, str] = ("Report", "About"),
) -> None:
    """Write a workbook to *target*; a row of *pages* has a value for each of the *columns*.

    What no sheet has room for goes on to the next one. The last sheet has the lines *about* it.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = _Sheet(book, sheets[0], columns)
        number = 1
        for page in pages:
            for row in page:
                if sheet.rows == ROWS_MOST:
                    sheet.close()
                    number += 1
                    sheet = _Sheet(book, f"{sheets[0]} {number}", columns)
                sheet.write(row)
        sheet.close()
        if about:
            _write_about(book, sheets[1], about)


class _Sheet:
    """A sheet that is written row by row, from the top; *rows* of it are."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, columns: Sequence[Column]) -> None:
        self.rows = 1
        self._columns = columns
        self._sheet: Worksheet = book.add_worksheet(_named(name))
        self._formats: list[Format] = [
            book.add_format({"num_format": FORMATS[column.kind]}) for column in columns
        ]
        self._widths = [len(column.heading) + 3 for column in columns]
        head = book.add_format({"bold": True, "bg_color": "#E8EDF2", "bottom": 1})
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, _fitting(column.heading), head)
        self._sheet.freeze_panes(1, 0)

    def write(self, values: Sequence[Any]) -> None:
        """Write the next row."""
        is_measured = self.rows < MEASURED_ROWS
        for place, value in enumerate(values):
            if value is None:
                continue
            self._write_cell(place, value)
            if is_measured:
                self._widths[place] = max(self._widths[place], len(str(value)) + 2)
        self.rows += 1

    def _write_cell(self, place: int, value: Any) -> None:
        cell = as_cell(value, self._columns[place].kind)
        if isinstance(cell, str):
            self._sheet.write_string(self.rows, place, _fitting(cell))
        elif isinstance(cell, bool):
            self._sheet.write_boolean(self.rows, place, cell)
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(self.rows, place, cell, self._formats[place])
        else:
            self._sheet.write_number(self.rows, place, cell, self._formats[place])

    def close(self) -> None:
        """Add what is known once all rows are there."""
        if not self._columns:
            return
        last = len(self._columns) - 1
        self._sheet.autofilter(0, 0, self.rows - 1, last)
        # Ids and phone numbers are texts on purpose; nobody need be warned of each of them.
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(last)}{self.rows}"})
        for place, width in enumerate(self._widths):
            self._sheet.set_column(place, place, min(max(width, WIDTH_LEAST), WIDTH_MOST))


def as_cell(value: Any, kind: Kind) -> str | bool | float | datetime:
    """Return what stands in the cell for *value*: something typed if it is beyond doubt."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number(value, kind)
    text = str(value)
    if kind == "text":
        return text
    if kind in {"day", "moment"}:
        return _date(text, kind) or text
    return _number(float(text), kind) if NUMBER.fullmatch(text) else text


def _number(value: float, kind: Kind) -> str | float:
    """Return *value* for a cell; what a spreadsheet could not hold as it is stays a text."""
    most = ID_MOST if kind == "text" else EXACT_MOST
    if not -most < value < most:
        return str(value)
    return value / PER_CENT if kind == "percent" else value


def _date(text: str, kind: Kind) -> datetime | None:
    """Return the date in *text*; spreadsheets take 1900 for a leap year, so none before March."""
    form = MOMENT if kind == "moment" else DAY
    if not form.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.date() >= FIRST_DAY else None


def _fitting(text: str) -> str:
    """Return *text* as a cell can hold it: whole characters, and not too many of them."""
    units = text.encode("utf-16-le", errors="surrogatepass")
    if len(units) > 2 * CELL_UNITS:
        text = units[: 2 * (CELL_UNITS - 1)].decode("utf-16-le", errors="ignore") + "…"
    text = text.encode(errors="replace").decode()
    # The library takes such a text for marked-up XML and would put it into the sheet unescaped.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _named(name: str) -> str:
    """Return *name* as a sheet may be called."""
    return UNNAMEABLE.sub(" ", name).strip(" '")[:NAME_SIGNS] or "1"


def _letters(place: int) -> str:
    """Return the letters of a column."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _write_about(book: xlsxwriter.Workbook, name: str, about: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet(_named(name))
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    for number, (title, text) in enumerate(about):
        sheet.write_string(number, 0, _fitting(title), bold)
        sheet.write_string(number, 1, _fitting(text), wrapped)
