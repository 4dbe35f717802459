"""Where the pages of a long table begin."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

# A month by days is on one page; of rows that take more than a line there are fewer.
ROWS_MOST = 31
LINES_MOST = 48


def starts(rows: Iterable[tuple[int, int]], *, first_room: int, room: int) -> tuple[int, ...]:
    """Return the first row of every page, for *rows* of so many lines and signs each.

    The first page has *first_room* for signs, every other one *room*; one row is always on a page.
    """
    found, left, lines = [0], first_room, LINES_MOST
    for place, (height, size) in enumerate(rows):
        begun = found[-1]
        is_full = place - begun == ROWS_MOST or height > lines or size > left
        if is_full and place > begun:
            found.append(place)
            left, lines = room, LINES_MOST
        left, lines = left - size, lines - height
    return tuple(found)


def page_of(starts: Sequence[int], first: int) -> int:
    """Return the number of the page, from 0, on which the row *first* is."""
    return max(0, bisect_right(starts, first) - 1)
