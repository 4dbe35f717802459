"""Rows as CSV that spreadsheets open as it is, and in which they find no formula."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

QUOTE = '"'
# A spreadsheet runs what begins like this as a formula; some drop blanks, and what nobody sees,
# before they look.
FORMULA = re.compile(r"[\s\0\u200b-\u200f\u2060\ufeff]*+[=+\-@＝＋－＠]|[\t\r\n\0]")
# Where a spreadsheet that separates cells by ; or tabs begins a cell of its own, quotes or not.
INNER_START = re.compile(r"""([;\t\r\n][;"\s\0\u200b-\u200f\u2060\ufeff]*+)([=+\-@＝＋－＠]?)""")
NUMBER = re.compile(r"[+-]?[0-9]{1,24}(?:\.[0-9]{1,24})?(?:[eE][+-]?[0-9]{1,3})?")


def write_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """Return *rows* as UTF-8 with a byte order mark, the names of the *columns* first.

    Numbers are bare, every text is in quotes.
    """
    return b"".join(csv_pieces(columns, [[[row.get(name) for name in columns] for row in rows]]))


def csv_pieces(
    headings: Sequence[str], pages: Iterable[Sequence[Sequence[Any]]]
) -> Iterator[bytes]:
    """Yield the same file piece by piece; a row of *pages* has a value for each heading."""
    yield codecs.BOM_UTF8 + _encoded([headings])
    yield from map(_encoded, pages)


def _encoded(rows: Sequence[Sequence[Any]]) -> bytes:
    return "".join(map(_line, rows)).encode(errors="replace")


def _line(values: Sequence[Any]) -> str:
    return ",".join(map(_cell, values)) + "\r\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, bool | int | float) or NUMBER.fullmatch(text):
        return text
    return f'"{defused(text).replace(QUOTE, QUOTE * 2)}"'


def defused(text: str) -> str:
    """Return *text* so that no spreadsheet takes it, or a part of it, for a formula."""
    inside = INNER_START.sub(_marked, text)
    return f"'{inside}" if FORMULA.match(text) else inside


def _marked(match: re.Match[str]) -> str:
    gap, sign = match.groups()
    return f"{gap}'{sign}" if sign else gap
