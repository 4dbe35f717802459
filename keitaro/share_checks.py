"""Checks of the offers and landing pages of a stream, and of their shares."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from keitaro.facts import ITEMS, Case, Finding, Object, error, is_active, item_ids, warning
from keitaro.loose import number, plain, rows, whole, word

_WHOLE_SHARE = 100


def share_sums(case: Case) -> Iterator[Finding]:
    """Find shares of active items that do not add up to 100."""
    for field in _touched(case):
        counted = [row for row in _once(case, field) if is_active(row)]
        shares = [number(row.get("share")) for row in counted]
        known = [share for share in shares if share is not None]
        is_open = not _once(case, field) or len(known) < len(shares)
        if is_open or _is_unused(case):
            continue
        total = sum(known, Decimal(0))
        rest = plain(abs(_WHOLE_SHARE - total))
        if total < _WHOLE_SHARE:
            yield warning("share_sum", field=field, sum=plain(total), missing=rest)
        elif total > _WHOLE_SHARE:
            yield warning("share_excess", field=field, sum=plain(total), excess=rest)


def negative_shares(case: Case) -> Iterator[Finding]:
    """Find shares below zero, with which others add up to 100 all the same."""
    for field in _touched(case):
        shares = [number(row.get("share")) or Decimal(0) for row in _rows(case, field)]
        if min(shares, default=Decimal(0)) < 0:
            yield error("share_negative", field=field)


def disabled_shares(case: Case) -> Iterator[Finding]:
    """Find shares of items that are off, which nobody is sent to."""
    for field, id_field in _touched(case).items():
        shares = [
            (row.get(id_field), number(row.get("share")) or Decimal(0))
            for row in _once(case, field)
            if not is_active(row)
        ]
        ids = [whole(item) for item, share in shares if share > 0]
        if ids:
            total = sum((share for _, share in shares if share > 0), Decimal(0))
            yield warning("disabled_share", field=field, ids=ids, sum=plain(total))


def no_offers(case: Case) -> Iterator[Finding]:
    """Find a stream that would be left with no offers, or go on without anything to show."""
    is_emptied = case.verb == "update" and "offers" in case.changed and case.lacks("offers")
    if (is_emptied and not _is_unused(case)) or (_is_bare(case) and not case.creates):
        yield warning("no_offers", field="offers")


def nothing_to_show(case: Case) -> Iterator[Finding]:
    """Find a new stream with neither offers nor landing pages; only off it may be meant so."""
    if case.creates and _is_bare(case):
        found = error if case.runs else warning
        yield found("nothing_to_show")


def twice(case: Case) -> Iterator[Finding]:
    """Find items that are named twice, of which the tracker keeps one."""
    for field, id_field in _touched(case).items():
        counts = Counter(whole(row.get(id_field)) for row in _rows(case, field))
        ids = [item for item, count in counts.items() if item is not None and count > 1]
        if ids:
            yield warning("twice", field=field, ids=ids)


def unused_lists(case: Case) -> Iterator[Finding]:
    """Find offers and landing pages in a stream whose schema has no use for them."""
    for field in _touched(case):
        if _is_unused(case) and _rows(case, field):
            yield warning("unused_list", field=field, schema=case.word("schema"))


def absent_items(case: Case) -> Iterator[Finding]:
    """Find items that the tracker does not have; those named before are not this one's fault."""
    for field in _touched(case):
        known = _known(case, field)
        before = item_ids(case.before or {}, field)
        ids = item_ids(case.after, field)
        absent = [item for item in ids if item in known and known[item] is None]
        if fresh := [item for item in absent if item not in before]:
            yield error("absent", field=field, ids=fresh)
        if stale := [item for item in absent if item in before]:
            yield warning("absent", field=field, ids=stale)


def archived_items(case: Case) -> Iterator[Finding]:
    """Find items that are on in the stream, but in the archive."""
    for field, id_field in _touched(case).items():
        active = {whole(row.get(id_field)) for row in _rows(case, field) if is_active(row)}
        known = _known(case, field)
        found = [(item, known.get(item)) for item in item_ids(case.after, field) if item in active]
        ids = [item for item, row in found if row and word(row.get("state")) == "deleted"]
        if ids:
            yield warning("archived", field=field, ids=ids)


def _touched(case: Case) -> dict[str, str]:
    return {name: key for name, key in ITEMS.items() if case.touches(name, "schema")}


def _rows(case: Case, field: str) -> list[Object]:
    return rows(case.after.get(field))


def _once(case: Case, field: str) -> list[Object]:
    """Return the rows of a list, one for each item; none if two rows of an item say two things."""
    found: dict[int | None, Object] = {}
    for place, row in enumerate(_rows(case, field)):
        item = whole(row.get(ITEMS[field]))
        key = item if item is not None else -place - 1
        other = found.setdefault(key, row)
        if number(other.get("share")) != number(row.get("share")):
            return []
        if is_active(other) != is_active(row):
            return []
    return list(found.values())


def _is_bare(case: Case) -> bool:
    is_begun = case.begins and case.word("schema") == "landings"
    return is_begun and case.lacks("offers") and case.lacks("landings")


def _known(case: Case, field: str) -> dict[int, Object | None]:
    found = case.facts.offers if field == "offers" else case.facts.landings
    return {
        item: row
        for item, row in found.items()
        if row is None or (isinstance(row, Mapping) and row)
    }


def _is_unused(case: Case) -> bool:
    return case.word("schema") not in {"", "landings"}
