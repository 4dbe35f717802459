"""What stands in a column of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "count", "money", "percent", "day", "moment"]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """The member *name* of each row, under *heading*.

    A *kind* says how a spreadsheet shows it: a *count* is whole, *money* has two decimals, 12.5 is
    12.5 % where it is a *percent*, *day* is a date, *moment* a date with a time. What does not
    look like its kind stands there as the text it is.
    """

    name: str
    heading: str
    kind: Kind = "text"
