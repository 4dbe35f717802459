"""All rows of a report, read page by page: more than a tracker sends, or we take, at once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from handlers.render.number import as_number
from keitaro import Tracker, UnreadableError, build_report

PAGE_ROWS, PAGE_LEAST = 5000, 100
ROWS_MOST = 100_000

Row = dict[str, Any]


class Whole:
    """The rows that *payload* asks for, at most a hundred thousand.

    While a tracker counts clicks its rows move; one that comes on two pages is given out once.
    After the pages: *count* rows were given out, *repeated* were not, *found* is how many the
    tracker knows of.
    """

    def __init__(
        self,
        tracker: Tracker,
        payload: Mapping[str, Any],
        *,
        labels: tuple[str, ...],
        told: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self.count = self.repeated = self.found = 0
        self._tracker = tracker
        self._body = {key: value for key, value in payload.items() if key != "summary"}
        self._labels = labels
        self._told = told
        limit = payload.get("limit")
        self._wanted = min(limit if isinstance(limit, int) else ROWS_MOST, ROWS_MOST)
        self._offset = int(as_number(payload.get("offset")) or 0)
        self._seen: set[int] = set()
        self._page_rows = PAGE_ROWS

    @property
    def is_cut(self) -> bool:
        """Whether the tracker has more than were given out, though no fewer were asked for."""
        return self._wanted == ROWS_MOST and self.found > self.count + self.repeated

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
            self.found = max(int(as_number(answer.get("total")) or 0), len(rows))
            fresh = self._fresh(rows[: self._wanted - got])
            got += len(rows)
            self.count += len(fresh)
            yield fresh
            await self._told(self.count, min(self.found, self._wanted))
            # A tracker that has no pages sends everything at once, or the same again.
            if len(rows) != asked or not fresh or self._offset + got >= self.found:
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
        fresh = []
        for row in rows:
            mark = hash(tuple([str(row.get(name)) for name in self._labels]))
            if mark in self._seen:
                self.repeated += 1
                continue
            self._seen.add(mark)
            fresh.append(row)
        return fresh
