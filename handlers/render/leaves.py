"""Where the pages of a long table begin."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# A month by days is on one page; of rows that take more than a line there are fewer.
ROWS_MOST = 31
LINES_MOST = 48
LINES_LEAST = 12


@dataclass(frozen=True)
class Size:
    """How much room something takes, or has: *lines*, and *signs* as Telegram counts them."""

    lines: int
    signs: int


def starts(rows: Iterable[Size], *, first: Size, others: Size) -> tuple[int, ...]:
    """Return the first row of every page, for *rows* of these sizes.

    The *first* page has so much room for them, the *others* so much; one row is always on a page.
    """
    found, lines, signs = [0], first.lines, first.signs
    for place, row in enumerate(rows):
        begun = found[-1]
        is_full = place - begun == ROWS_MOST or row.lines > lines or row.signs > signs
        if is_full and place > begun:
            found.append(place)
            lines, signs = others.lines, others.signs
        lines, signs = lines - row.lines, signs - row.signs
    return tuple(found)


def page_of(starts: Sequence[int], first: int) -> int:
    """Return the number of the page, from 0, on which the row *first* is."""
    return max(0, bisect_right(starts, first) - 1)
