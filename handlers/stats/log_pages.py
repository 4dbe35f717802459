"""A log that was shown: kept for turning its pages, and what is said around its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.render.cells import short
from handlers.render.html import code, inert
from handlers.render.log import entry_lines
from handlers.render.page import Button, File, Mark, Page, page
from handlers.render.spans import span_line
from handlers.stats.query import Kind
from handlers.stats.sight import Sight, is_address, seen
from handlers.texts import Texts

LOG = "log:"
BUTTONS = rf"^{LOG}[0-9]{{1,15}}:(page:[0-9]{{1,4}}|refresh|csv|xlsx)\Z"
LINES_MOST = 10
KEPT_MOST = 1000
MISSING_MOST = 10


@dataclass(frozen=True)
class ShownLog:
    """What came of a request for a log.

    *rows* are the first thousand of *count*, *found* is how many the tracker has, if that is
    known. *shown* are the columns that are worth a place in a message, *columns* all of them.
    *span* is the range as people are told it, *at* when it came. *times* says which time counts
    for conversions, *failure* is HTML that says why the rest did not come.
    """

    kind: Kind
    rows: list[dict[str, Any]]
    columns: list[str]
    shown: list[str]
    count: int
    found: int | None
    tracker: str
    span: Mapping[str, str]
    at: float
    times: str = ""
    missing: tuple[str, ...] = ()
    repeated: int = 0
    timeless: int = 0
    is_stuck: bool = False
    hides: bool = False
    failure: tuple[str, ...] = ()

    @property
    def is_kept_whole(self) -> bool:
        """Whether all of its lines are here."""
        return len(self.rows) == self.count

    def packed(self) -> dict[str, Any]:
        """Return it as JSON, with no more lines than are kept."""
        facts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**facts, "rows": self.rows[:KEPT_MOST]}


def unpacked_log(raw: Mapping[str, Any]) -> ShownLog:
    """Return the log that `ShownLog.packed` has packed."""
    lists = {name: tuple(raw[name]) for name in ("missing", "failure")}
    return ShownLog(**{**raw, **lists})


@dataclass(frozen=True)
class LogView:
    """Who looks at a log: their words, the zone of the chat, how much of addresses they see."""

    texts: Texts
    zone: str
    sight: Sight


def log_page(
    log: ShownLog, view: LogView, report_id: int, *, number: int = 0, file: File | None = None
) -> Page:
    """Return the page *number* of *log*, counted from zero, with its buttons."""
    texts = view.texts
    last = max(0, (min(log.count, KEPT_MOST) - 1) // LINES_MOST)
    first = min(number, last) * LINES_MOST
    rows = seen(log.rows[first : first + LINES_MOST], view.sight)
    lines, is_whole = entry_lines(rows, log.kind, log.shown, texts)
    mark: Mark = "⚠️" if log.failure else "✅"
    return page(
        mark,
        f"<b>{texts.log_titles[log.kind]}</b> · {code(log.tracker)}",
        *(lines or [texts.log_empty]),
        "",
        *_faults(log, texts),
        *_hidden(log, view),
        *([] if is_whole else [texts.log_columns_cut]),
        *_footer(log, view, first, len(rows)),
        buttons=_buttons(log, report_id, min(number, last), last, texts),
        file=file,
    )


def _faults(log: ShownLog, texts: Texts) -> list[str]:
    """Return what is to be known before the lines are believed."""
    names = ", ".join(code(short(name)) for name in log.missing[:MISSING_MOST])
    more = f" … +{len(log.missing) - MISSING_MOST}" if len(log.missing) > MISSING_MOST else ""
    said = [
        (bool(log.failure), "\n".join([texts.log_failed.format(count=log.count), *log.failure])),
        (log.is_stuck, texts.log_stuck),
        (bool(log.missing), f"<b>{texts.log_missing}</b> {names}{more}"),
        (log.repeated > 0, texts.log_repeated.format(count=log.repeated)),
        (log.timeless > 0, texts.log_timeless.format(count=log.timeless)),
    ]
    return [words for is_so, words in said if is_so]


def _hidden(log: ShownLog, view: LogView) -> list[str]:
    """Return why addresses are not to be seen, if there are any."""
    has_addresses = log.hides or any(is_address(name) for name in log.columns)
    if not has_addresses or view.sight == "whole":
        return []
    return [view.texts.log_half if view.sight == "half" else view.texts.log_hidden]


def _footer(log: ShownLog, view: LogView, first: int, count: int) -> list[str]:
    texts = view.texts
    at = datetime.fromtimestamp(log.at, UTC).astimezone(ZoneInfo(view.zone))
    found = texts.log_more_found if log.found is None else log.found
    rows = texts.log_rows.format(first=first + 1, last=first + count, count=log.count, found=found)
    counted = [texts.log_kept.format(count=KEPT_MOST)] if log.count > KEPT_MOST else []
    return [
        span_line(log.span or None, at, texts),
        *([texts.log_times[log.times]] if log.times else []),
        *([rows] if count else []),
        *counted,
        texts.log_as_of.format(at=f"{at:%Y-%m-%d %H:%M}", zone=inert(view.zone)),
    ]


def _buttons(
    log: ShownLog, report_id: int, number: int, last: int, texts: Texts
) -> tuple[tuple[Button, ...], ...]:
    words = texts.stats_buttons
    turns = [
        (number > 1, words["first"], 0),
        (number > 0, words["previous"], number - 1),
        (number < last, words["next"], number + 1),
    ]
    turning = tuple(
        Button(label, data=f"{LOG}{report_id}:page:{to}")
        for is_there, label, to in turns
        if is_there
    )
    forms = ("csv", "xlsx") if log.count else ()
    below = (
        Button(words["again"], data=f"{LOG}{report_id}:refresh"),
        *(Button(form.upper(), data=f"{LOG}{report_id}:{form}") for form in forms),
    )
    return (turning, below) if turning else (below,)
