"""Which time a report covers, with absolute dates wherever these are beyond doubt."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handlers.render.cells import short
from handlers.render.html import code, inert
from handlers.stats.period import DATE, Span
from handlers.texts import Texts

MOMENT_SIGNS = len("2026-11-22 14:00:00")
MINUTE_SIGNS = len("2026-11-22 14:00")
DATE_SIGNS = len("2026-11-22")


def span_line(span: Any, at: datetime, texts: Texts) -> str:
    """Return the `range` of a request in words; *at* is when it was asked."""
    if not isinstance(span, Mapping):
        return texts.period_default
    zone = span.get("timezone")
    where = _brief(zone) if zone else texts.zone_of_tracker
    if "from" in span or "to" in span:
        return f"{_dates(span.get('from', '…'), span.get('to', '…'))} · {where}"
    if "interval" in span:
        return f"{_interval(str(span['interval']), at, zone)} · {where}"
    return f"{texts.period_default} · {where}"


def dates(span: Span) -> str:
    """Return *span* without its zone, to the minute."""
    sent = span.range()
    return _dates(sent["from"], sent["to"])


def _dates(first: Any, last: Any) -> str:
    """Return two dates or moments; what both have in common is not said twice."""
    begin, end = _minute(str(first)), _minute(str(last))
    if begin == end and len(begin) == DATE_SIGNS:
        return _brief(begin)
    if len(begin) == len(end) == MINUTE_SIGNS and begin[:DATE_SIGNS] == end[:DATE_SIGNS]:
        end = end[DATE_SIGNS + 1 :]
    return f"{_brief(begin)} – {_brief(end)}"


def _brief(value: Any) -> str:
    return inert(short(value))


def _minute(moment: str) -> str:
    is_moment = len(moment) == MOMENT_SIGNS and moment[DATE_SIGNS] == " "
    return moment[:MINUTE_SIGNS] if is_moment else moment


def _interval(name: str, at: datetime, zone: Any) -> str:
    """Return an interval with the dates it stands for, where these are beyond doubt."""
    try:
        today = at.astimezone(ZoneInfo(zone)).date() if isinstance(zone, str) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        today = None
    days_ago = {"today": 0, "yesterday": 1}.get(name)
    if today is None or days_ago is None:
        return code(short(name))
    return f"{(today - timedelta(days=days_ago)).strftime(DATE)} ({code(name)})"
