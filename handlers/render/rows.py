"""What becomes of a stream's offers, landing pages, filters and triggers, a row a line."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from handlers.render.html import inert
from handlers.render.row import Row, gap, gist, head, off, said, whole
from handlers.render.value import ABSENT, changes, sides
from handlers.texts import Texts
from keitaro import (
    ITEMS,
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

# Fields that need no name in front of their value, since the line says what it is.
SELF_EVIDENT = ("state", "mode", "payload")


def change_lines(field: str, before: list[Row] | None, rows: list[Row], texts: Texts) -> list[str]:
    """Return what a list becomes when it is replaced; *before* is None where it is not known."""
    if before is None:
        lines = [f"{head(field, row, texts)}: ? → {gist(field, row, texts)}" for row in rows]
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
        for part in _parts(name, old.get(name, ABSENT), new.get(name, ABSENT), texts)
    ]
    # The name of an offer may stand on one side alone.
    which = head(field, {**old, **new}, texts)
    if _is_flipped(field, old, new):
        # What a filter lets through is nothing without its values.
        which = whole(field, {**new, "mode": ""}, texts)
    if field in ITEMS and parts and "share" in new and not alike(old.get("share"), new["share"]):
        return f"{which}{gap(field, new, old)}{', '.join(parts)}"
    return f"{which}: {', '.join(parts)}" if parts else ""


def _is_flipped(field: str, old: Row, new: Row) -> bool:
    """Tell whether a filter has the same values as before, the other way round."""
    is_same = alike(old.get("payload"), new.get("payload"))
    is_other_mode = not alike(old.get("mode"), new.get("mode"))
    return field == "filters" and is_same and is_other_mode and not is_empty(new.get("payload"))


def _fields(field: str, old: Row, new: Row) -> list[str]:
    """Return the fields of two rows in which a change may mean something."""
    kept = ("share", "state") if field in ITEMS else ("mode", "payload")
    dropped = {*TRACKERS_OWN, *ROW_TITLES.get(field, ()), ITEMS.get(field), "taget"}
    # An offer keeps what is left out; of filters and triggers nobody knows.
    lost = [] if field in ITEMS else [name for name, value in old.items() if value]
    first = [name for name in kept if name in new or name in lost]
    return [name for name in dict.fromkeys([*first, *new, *lost]) if name not in dropped]


def _parts(name: str, old: Any, new: Any, texts: Texts) -> list[str]:
    if name == "state" and old is ABSENT:
        old = "active"
    one, other = (None if value is ABSENT else value for value in (old, new))
    if alike(one, other):
        return []
    if name == "share":
        return [f"{said(one)} → {said(other)} %"]
    return [_named(place, text) for place, text in changes(name, old, new, texts)]


def _named(place: str, text: str) -> str:
    name = "" if place in SELF_EVIDENT else place.removeprefix("payload.")
    return f"{inert(name)} {text}" if name else text


def _new(field: str, row: Row, texts: Texts) -> str:
    if field not in ITEMS:
        return f"{whole(field, row, texts)} ({texts.row_new})"
    marks = ", ".join([texts.row_new, *off(row, texts)])
    return f"{head(field, row, texts)}{gap(field, row)}+{said(row.get('share'))} % ({marks})"


def _gone(field: str, row: Row, texts: Texts) -> str:
    if field not in ITEMS:
        return f"{whole(field, row, texts)} ({texts.row_gone})"
    gone = texts.share_gone.format(share=said(row.get("share")))
    return f"{head(field, row, texts)}{gap(field, row)}{gone}"


def _otherwise(field: str, sent: Row | None, shown: Row | None, texts: Texts) -> str:
    if shown is None:
        row = sent or {}
        return f"{head(field, row, texts)}: {gist(field, row, texts)} → {texts.shows_not}"
    if sent is None:
        seen = f"{texts.shows} {gist(field, shown, texts)}"
        return f"{head(field, shown, texts)}: {texts.not_sent} → {seen}"
    sent, shown = spelt(sent), spelt(shown)
    parts = [
        _wrong(name, sent[name], shown.get(name), texts)
        for name in _fields(field, {}, sent)
        if not same(sent[name], shown.get(name))
    ]
    return f"{head(field, {**shown, **sent}, texts)}: {', '.join(parts)}" if parts else ""


def _wrong(name: str, sent: Any, shown: Any, texts: Texts) -> str:
    one, other = sides(name, sent, shown, texts)
    if name == "share":
        return f"{said(sent)} % → {texts.shows} {said(shown)} %"
    seen = texts.shows_not if shown is None else f"{texts.shows} {other}"
    return _named(name, f"{one} → {seen}")


def _sum(field: str, matched: Sequence[Pair], texts: Texts) -> list[str]:
    """Return what the shares come to afterwards; nothing if one of them is no number."""
    if field not in ITEMS:
        return []
    rows = [{**(old or {}), **new} for old, new in matched if new is not None]
    counted: dict[str, tuple[Any, bool]] = {}
    for row in rows:
        said_of = (number(row.get("share")), bool(off(row, texts)))
        # The tracker keeps one row of an item; which one, where they differ, nobody knows.
        if counted.setdefault(label(row.get(ITEMS[field])), said_of) != said_of:
            return []
    shares = list(counted.values())
    if not all(isinstance(share, Decimal) for share, _ in shares):
        return []
    on = _total(share for share, is_off in shares if not is_off)
    idle = _total(share for share, is_off in shares if is_off)
    total = (texts.offers_in_all if field == "offers" else texts.landings_in_all).format(share=on)
    return [total if idle == "0" else f"{total}, {texts.states['disabled']} {idle} %"]


def _total(shares: Iterable[Decimal]) -> str:
    return said(label(str(sum(shares, Decimal(0)))))
