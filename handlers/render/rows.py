"""Offers, landing pages, filters and triggers of a stream in words, a row a line."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from handlers.render.html import code, inert
from handlers.render.value import ABSENT, changes, sides
from handlers.texts import Texts
from keitaro import (
    ROW_TITLES,
    TRACKERS_OWN,
    Pair,
    alike,
    is_empty,
    label,
    number,
    pairs,
    same,
    spelt,
)

TITLE_SIGNS = 60
SHARES = {"offers": "offer_id", "landings": "landing_id"}
ROW_LISTS = (*SHARES, "filters", "triggers")
# Fields that need no name in front of their value, since the line says what it is.
SELF_EVIDENT = ("share", "state", "mode", "payload")

Row = dict[str, Any]


def change_lines(field: str, before: list[Row] | None, rows: list[Row], texts: Texts) -> list[str]:
    """Return what a list becomes when it is replaced; *before* is None where it is not known."""
    if before is None:
        lines = [f"{_head(field, row, texts)}: ? → {_gist(field, row, texts)}" for row in rows]
        return [*lines, *_sum(field, [(None, row) for row in rows], texts)]
    matched = pairs(field, before, rows)
    lines = [line for old, new in matched if (line := _change(field, old, new, texts))]
    return [*lines, *_sum(field, matched, texts)] if lines else []


def otherwise_lines(field: str, sent: list[Row], shown: list[Row], texts: Texts) -> list[str]:
    """Return in which rows a list is shown otherwise than it was sent."""
    return [
        line
        for seen, wanted in pairs(field, shown, sent)
        if (line := _otherwise(field, wanted, seen, texts))
    ]


def _change(field: str, old: Row | None, new: Row | None, texts: Texts) -> str:
    if new is None:
        return _gone(field, old or {}, texts)
    if old is None:
        return _new(field, new, texts)
    old, new = spelt(old), spelt(new)
    parts = [
        part
        for name in _fields(field, old, new)
        for part in _part(name, old.get(name, ABSENT), new.get(name, ABSENT), texts)
    ]
    # An id says more with a name, which the row may have on one side alone.
    head = _head(field, {**old, **new}, texts)
    if field in SHARES and parts and not same(old.get("share"), new.get("share", old.get("share"))):
        return f"{head}{_gap(field, new, old)}{', '.join(parts)}"
    return f"{head}: {', '.join(parts)}" if parts else ""


def _fields(field: str, old: Row, new: Row) -> list[str]:
    """Return the fields of two rows in which a change may mean something."""
    kept = ["share", "state"] if field in SHARES else ["mode", "payload"]
    dropped = {*TRACKERS_OWN, *ROW_TITLES.get(field, ()), SHARES.get(field), "taget"}
    # An offer keeps what is left out, but of a filter or trigger nobody knows.
    lost = [] if field in SHARES else [name for name, value in old.items() if value]
    written = {*new, *lost}
    first = [name for name in kept if name in written]
    return [name for name in dict.fromkeys([*first, *new, *lost]) if name not in dropped]


def _part(name: str, old: Any, new: Any, texts: Texts) -> list[str]:
    if name == "state" and old is ABSENT:
        old = "active"
    known = [None if value is ABSENT else value for value in (old, new)]
    if alike(*known):
        return []
    if name == "share":
        return [f"{_cut(known[0])} → {_cut(known[1])} %"]
    return [_named(label_, text) for label_, text in changes(name, old, new, texts)]


def _named(name: str, text: str) -> str:
    bare = "" if name in SELF_EVIDENT else name.removeprefix("payload.")
    return f"{inert(bare)}: {text}" if bare else text


def _new(field: str, row: Row, texts: Texts) -> str:
    head = _head(field, row, texts)
    if field not in SHARES:
        return f"{_whole(field, row, texts)} ({texts.row_new})"
    marks = ", ".join([texts.row_new, *_off(row, texts)])
    return f"{head}{_gap(field, row)}+{_cut(row.get('share'))} % ({marks})"


def _gone(field: str, row: Row, texts: Texts) -> str:
    if field not in SHARES:
        return f"{_whole(field, row, texts)} ({texts.row_gone})"
    gone = texts.share_gone.format(share=_cut(row.get("share")))
    return f"{_head(field, row, texts)}{_gap(field, row)}{gone}"


def _otherwise(field: str, sent: Row | None, shown: Row | None, texts: Texts) -> str:
    if shown is None:
        sent = sent or {}
        return f"{_head(field, sent, texts)}: {_gist(field, sent, texts)} → {texts.shows_not}"
    if sent is None:
        seen = f"{texts.shows} {_gist(field, shown, texts)}"
        return f"{_head(field, shown, texts)}: {texts.not_sent} → {seen}"
    sent, shown = spelt(sent), spelt(shown)
    parts = [
        _wrong(name, sent[name], shown.get(name), texts)
        for name in _fields(field, {}, sent)
        if not same(sent[name], shown.get(name))
    ]
    return f"{_head(field, {**shown, **sent}, texts)}: {', '.join(parts)}" if parts else ""


def _wrong(name: str, sent: Any, shown: Any, texts: Texts) -> str:
    one, other = sides(name, sent, shown, texts)
    if name == "share":
        one, other = f"{_cut(sent)} %", f"{_cut(shown)} %"
    seen = texts.shows_not if shown is None else f"{texts.shows} {other}"
    return _named(name, f"{one} → {seen}")


def _head(field: str, row: Row, texts: Texts) -> str:
    """Return which row it is."""
    match field:
        case "offers" | "landings":
            word = texts.offer if field == "offers" else texts.landing
            title = _title(field, row)
            return f"{word} {code(_brief(row.get(SHARES[field])))}{title and ' '}{title}"
        case "filters":
            sign = " ≠" if row.get("mode") == "reject" else ""
            return f"{texts.filter} {_cut(row.get('name'))}{sign}"
        case _:
            names = ("condition", "action", "target")
            return " ".join([texts.trigger, *(_cut(spelt(row).get(name)) for name in names)])


def _gist(field: str, row: Row, texts: Texts) -> str:
    """Return what a row says."""
    match field:
        case "offers" | "landings":
            return ", ".join([f"{_cut(row.get('share'))} %", *_off(row, texts)])
        case "filters" if not is_empty(row.get("payload")):
            return sides("payload", row["payload"], ABSENT, texts)[0]
        case _:
            return "✓"


def _whole(field: str, row: Row, texts: Texts) -> str:
    if field != "filters":
        return _head(field, row, texts)
    head, gist = _head(field, row, texts), _gist(field, row, texts)
    return f"{head} {gist}" if row.get("mode") == "reject" else f"{head} = {gist}"


def _title(field: str, row: Row) -> str:
    titles = (row.get(name) for name in ROW_TITLES[field])
    return next((_cut(title) for title in titles if title and isinstance(title, str)), "")


def _cut(value: Any) -> str:
    return inert(_brief(value))


def _brief(value: Any) -> str:
    text = "?" if value is None else str(value)
    return text if len(text) <= TITLE_SIGNS else f"{text[:TITLE_SIGNS]}…"


def _gap(field: str, *rows: Row) -> str:
    """Return two blanks behind a name, which may end in a number itself."""
    return "  " if any(_title(field, row) for row in rows) else " "


def _off(row: Row, texts: Texts) -> list[str]:
    state = row.get("state")
    is_on = is_empty(state) or state == "active"
    return [] if is_on else [sides("state", state, ABSENT, texts)[0]]


def _sum(field: str, matched: Sequence[Pair], texts: Texts) -> list[str]:
    """Return what the shares come to afterwards; what is off gets no traffic."""
    if field not in SHARES:
        return []
    sums = {True: Decimal(0), False: Decimal(0)}
    for old, new in matched:
        if new is None:
            continue
        row = {**(old or {}), **new}
        share = number(row.get("share"))
        if not isinstance(share, Decimal):
            return []
        sums[not _off(row, texts)] += share
    said = (texts.offers_in_all if field == "offers" else texts.landings_in_all).format(
        share=_cut(label(str(sums[True])))
    )
    off = f"{texts.states['disabled']} {_cut(label(str(sums[False])))} %"
    return [f"{said}, {off}" if sums[False] else said]
