"""All rows of a report, read page by page: more than a tracker sends, or we take, at once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from handlers.render.number import as_number
from keitaro import Tracker, UnreadableError, build_report

PAGE_ROWS, PAGE_LEAST = 5000, 100
ROWS_MOST = 100_000

Row = dict[str, Any]


def limit_of(payload: Mapping[str, Any]) -> int | None:
    """Return how many rows *payload* asks for; None if it is for all of them."""
    limit = as_number(payload.get("limit"))
    return int(limit) if limit is not None and limit >= 1 else None


def found_of(answer: Mapping[str, Any], count: int, asked: int | None) -> int | None:
    """Return how many rows a tracker has found that was *asked* for so many and sent *count*.

    None where it does not say so, and may have more than it has sent.
    """
    total = as_number(answer.get("total"))
    if total is not None and total >= count:
        return int(total)
    return None if asked is not None and count >= asked else count


class Whole:
    """The rows that *payload* asks for, at most a hundred thousand.

    While a tracker counts clicks its rows move; one that comes on two pages is given out once.
    After the pages: *count* rows were given out, *repeated* were not, *found* is how many the
    tracker knows of, if it says so.
    """

    def __init__(
        self,
        tracker: Tracker,
        payload: Mapping[str, Any],
        *,
        labels: tuple[str, ...],
        told: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self.count = self.repeated = 0
        self.found: int | None = None
        self._tracker = tracker
        self._body = {key: value for key, value in payload.items() if key != "summary"}
        self._labels = labels
        self._told = told
        self._wanted = min(limit_of(payload) or ROWS_MOST, ROWS_MOST)
        self._offset = int(as_number(payload.get("offset")) or 0)
        self._seen: set[int] = set()
        self._page_rows = PAGE_ROWS

    @property
    def is_cut(self) -> bool:
        """Whether the tracker has more than were given out, though no fewer were asked for."""
        got = self._offset + self.count + self.repeated
        return self._wanted == ROWS_MOST and self.found is not None and self.found > got

    async def pages(self) -> AsyncIterator[list[Row]]:
        """Yield the rows, page by page.

        Raises:
            KeitaroError: The tracker did not answer, at any of the pages.
        """
        got = 0
        while got < self._wanted:
            asked = min(self._page_rows, self._wanted - got)
            answer = await self._page(asked, self._offset + got)
            if answer is None:
                continue
            rows = answer["rows"]
            self.found = found_of(answer, len(rows), asked)
            fresh = self._fresh(rows[: self._wanted - got])
            got += len(rows)
            self.count += len(fresh)
            yield fresh
            await self._told(self.count, min(self.found or self.count, self._wanted))
            is_last = self.found is not None and self._offset + got >= self.found
            # A tracker that has no pages sends everything at once, or the same again.
            if len(rows) != asked or not fresh or is_last:
                return

    async def _page(self, rows: int, offset: int) -> Mapping[str, Any] | None:
        """Return one page, or None if it was too large and smaller ones are asked for from now."""
        try:
            return await build_report(
                self._tracker, {**self._body, "limit": rows, "offset": offset}
            )
        except UnreadableError as error:
            if error.reason != "too_large" or self._page_rows <= PAGE_LEAST:
                raise
        self._page_rows = max(PAGE_LEAST, self._page_rows // 2)
        return None

    def _fresh(self, rows: list[Row]) -> list[Row]:
        if not self._labels:
            return rows
        fresh, marks = [], set[int]()
        for row in rows:
            names = [str(row[name]) for name in self._labels if name in row]
            mark = hash(tuple(names))
            # Rows of one page are different ones, though two campaigns may have one name.
            if names and mark in self._seen:
                self.repeated += 1
                continue
            marks.add(mark)
            fresh.append(row)
        self._seen |= marks
        return fresh
