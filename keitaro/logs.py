"""Reading the logs of single clicks and conversions, page after page.

A tracker hands out about a thousand lines at a time, and an old one may show the same page
whatever the offset.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from keitaro.client import Tracker
from keitaro.errors import ExchangeError
from keitaro.log_lines import LogLines, Row, Within, event_id, named
from keitaro.loose import whole
from keitaro.operation import Operation

LOG_MOST = 10_000
LOG_PAGE = 1000
_PAGES_MOST = 100


async def read_log(
    tracker: Tracker,
    operation: Operation,
    payload: Mapping[str, Any],
    *,
    within: Within | None = None,
    heard: Callable[[int], Awaitable[None]],
) -> LogLines:
    """Return the lines that *payload* asks for, up to its limit.

    Without a limit, or with one that fits into a page, exactly *payload* is sent, once; only
    *within* asks for whole pages in any case. *heard* is awaited before each further page with how
    many lines there are by then.

    Raises:
        PayloadError: Nothing was sent, because the request does not fit the operation.
        ExchangeError: Not even the first page came.
    """
    reading = _Reading(operation.resource, payload, within)
    while not reading.is_over:
        try:
            answer = await tracker.call(operation, body=reading.body())
        except ExchangeError as error:
            if not reading.pages:
                raise
            return reading.lines(error)
        reading.take(answer)
        if not reading.is_over:
            await heard(len(reading.rows))
    return reading.lines()


class _Reading:
    """How far the reading of a log has got."""

    def __init__(self, kind: str, payload: Mapping[str, Any], within: Within | None) -> None:
        self.pages = 0
        self.rows: list[Row] = []
        self.is_over = False
        self._kind, self._payload, self._within = kind, payload, within
        self._limit = whole(payload.get("limit"))
        self._start = whole(payload.get("offset")) or 0
        self._columns = _names(payload.get("columns"))
        self._seen: set[str] = set()
        self._last: list[Row] = []
        self._came = self._repeated = 0
        self._total: int | None = None
        self._is_whole = self._is_stuck = False

    def body(self) -> Mapping[str, Any]:
        """Return what is sent next."""
        wanted = (self._limit or 0) - len(self.rows)
        if not self.pages and not self._within and wanted <= LOG_PAGE:
            return self._payload
        size = LOG_PAGE if self._within else min(LOG_PAGE, wanted)
        turned = {"offset": self._start + self._came} if self.pages else {}
        return {**self._payload, "limit": size, **turned}

    def take(self, answer: Mapping[str, Any]) -> None:
        """Note a page."""
        size = whole(self.body().get("limit"))
        raw: list[Row] = answer["rows"]
        new = self._new(raw)
        self.pages += 1
        self._came += len(raw)
        self._total = whole(answer.get("total"))
        self._is_stuck = bool(raw) and not new
        self._is_whole = not self._is_stuck and self._has_ended(
            new, is_short=len(raw) < (size or 0)
        )
        self.rows += [row for row in new if not self._within or self._within.takes(row)]
        is_full = self._limit is None or len(self.rows) >= self._limit
        is_much = self.pages >= _PAGES_MOST or self._came >= LOG_MOST
        self.is_over = is_full or is_much or self._is_stuck or self._is_whole

    def _new(self, raw: list[Row]) -> list[Row]:
        """Return the rows of a page that have not come before, under the names asked for."""
        if raw == self._last:
            # Lines without an id that come again as a whole are hardly others.
            self._repeated += len(raw)
            return []
        self._last, new = raw, []
        for row in raw:
            key = event_id(self._kind, row, self._columns)
            if key and key in self._seen:
                self._repeated += 1
                continue
            self._seen.add(key)
            new.append(named(self._kind, row, self._columns))
        return new

    def _has_ended(self, new: list[Row], *, is_short: bool) -> bool:
        """Tell whether there is nothing behind this page.

        Where the tracker says how many there are, a short page is only one of its own size.
        """
        is_last = is_short if self._total is None else self._start + self._came >= self._total
        is_past = bool(self._within and self._is_newest_first and self._within.is_past(new))
        return not new or is_last or is_past

    @property
    def _is_newest_first(self) -> bool:
        sort = self._payload.get("sort") or [{}]
        column = self._within.column if self._within else ""
        return (sort[0].get("name"), sort[0].get("order")) == (column, "DESC")

    def lines(self, failure: ExchangeError | None = None) -> LogLines:
        """Return what has come by now."""
        within = self._within
        rows = self.rows if self._limit is None else self.rows[: max(self._limit, 0)]
        came = dict.fromkeys(name for row in rows for name in row)
        return LogLines(
            rows=rows,
            columns=list(dict.fromkeys([*(name for name in self._columns if name in came), *came])),
            found=self._found(),
            missing=[name for name in self._columns if name not in came] if rows else [],
            repeated=self._repeated,
            timeless=sum(within.time_of(row) is None for row in rows) if within else 0,
            is_stuck=self._is_stuck,
            failure=failure,
        )

    def _found(self) -> int | None:
        if self._within is None and self._total is not None:
            return max(self._total, len(self.rows))
        if self._within is None and self._is_whole:
            return self._start + len(self.rows)
        return len(self.rows) if self._is_whole else None


def _names(value: Any) -> list[str]:
    """Return the columns asked for, each once."""
    return list(dict.fromkeys(map(str, value))) if isinstance(value, list) else []
