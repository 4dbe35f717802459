"""Paper: values become files. Tables and charts, made apart from the process that wants them."""

from paper.chart import BARS_MOST, ROWS_MOST, SERIES_MOST, Chart, Series
from paper.column import Column, Kind, Row
from paper.csv import defused, write_csv

__all__ = [
    "BARS_MOST",
    "ROWS_MOST",
    "SERIES_MOST",
    "Chart",
    "Column",
    "Kind",
    "Row",
    "Series",
    "defused",
    "write_csv",
]
