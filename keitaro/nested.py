"""Rows nested in a stream: which is which, what an update says of them, and how to go back.

Nobody knows whether a tracker replaces filters, landings and triggers or merges them by their
ids, so a list is sent complete and each row that is there already with its id. Offers are known
to be replaced, and need none.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from keitaro.compare import ROW_TITLES, moved
from keitaro.hidden_fields import masked_field
from keitaro.rows import TRACKERS_OWN, Row, are_rows, spelt
from keitaro.values import form, is_empty, label

# By which fields rows are matched: first all by the first tuple, then the rest by the next.
_MATCHED_BY: dict[str, tuple[tuple[str, ...], ...]] = {
    "offers": (("offer_id",),),
    "landings": (("landing_id",),),
    "filters": (("name", "mode", "payload"), ("name", "mode"), ("name",)),
    "triggers": (("condition", "action", "target"),),
}
_WITH_IDS = ("filters", "landings", "triggers")

# A row as it was and as it is to be; None for one that is new, or gone.
Pair: TypeAlias = tuple[Row | None, Row | None]


def pairs(field: str, before: list[Row], written: list[Row]) -> list[Pair]:
    """Match the rows of two lists, each at most once.

    The rows *written* come first, in their order, then those of *before* that are gone.
    """
    partners: dict[int, int] = {}
    free = set(range(len(before)))
    for names in ((), ("id",), *_MATCHED_BY[field]):
        open_rows = [place for place in range(len(written)) if place not in partners]
        for place, other in _matches(names, (before, sorted(free)), (written, open_rows)):
            partners[place] = other
            free.discard(other)
    kept: list[Pair] = [
        (before[partners[place]] if place in partners else None, row)
        for place, row in enumerate(written)
    ]
    return [*kept, *((before[place], None) for place in sorted(free))]


def completed(before: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was *written* for an update, with the ids of rows that are there already.

    Nothing else is added; a row that has an id keeps it.
    """
    return {
        field: _with_ids(field, before.get(field), value) if field in _WITH_IDS else value
        for field, value in written.items()
    }


def applied(before: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stream as it would be after an update: the fields written are replaced."""
    return {**before, **written}


def restored(
    before: Mapping[str, Any],
    changed_fields: Iterable[str],
    *,
    now: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the body that brings *changed_fields* back to what *before* showed.

    Lists are whole, and without what only the tracker writes. The ids of rows stay, except for
    offers, which need none, and for rows that the stream does not have any more as it is *now*.
    What *before* hides behind a mask is not known, and stays as it is.
    """
    return _back(before, [field for field in changed_fields if _is_known(before, field)], now)


def _is_known(before: Mapping[str, Any], field: str) -> bool:
    return field in before and masked_field(before[field]) is None


def _back(
    before: Mapping[str, Any], fields: Iterable[str], now: Mapping[str, Any] | None
) -> dict[str, Any]:
    fields = [field for field in fields if field in before and field not in TRACKERS_OWN]
    return {
        field: _cleaned(field, before[field], now) if field in _MATCHED_BY else before[field]
        for field in fields
    }


def edited(before: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return what differs in *written*, a whole stream sent back, from the one shown *before*.

    What only the tracker writes is left out.
    """
    changed = set(moved(before, applied(before, written)))
    return _back(written, [name for name in written if name in changed], before)


def unrestorable(before: Mapping[str, Any], fields: Iterable[str]) -> tuple[str, ...]:
    """Name those of *fields* that *before* did not show, so that nobody can bring them back."""
    return tuple(
        field for field in fields if not _is_known(before, field) and field not in TRACKERS_OWN
    )


def _matches(
    names: tuple[str, ...], olds: tuple[list[Row], list[int]], news: tuple[list[Row], list[int]]
) -> Iterable[tuple[int, int]]:
    """Yield the places of rows, new and old, that are alike in the fields *names*, or in all."""
    waiting: defaultdict[tuple[Any, ...], deque[int]] = defaultdict(deque)
    for place in olds[1]:
        waiting[_key(olds[0][place], names)].append(place)
    for place in news[1]:
        key = _key(news[0][place], names)
        if any(key) and waiting[key]:
            yield place, waiting[key].popleft()


def _key(row: Row, names: tuple[str, ...]) -> tuple[Any, ...]:
    if not names:
        return "row", form(row)
    values = (spelt(row).get(name) for name in names)
    return tuple(form(v) if isinstance(v, list | dict) else label(v) for v in values)


def _with_ids(field: str, before: Any, written: Any) -> Any:
    if not are_rows(before) or not are_rows(written):
        return written
    known = [row for row in before if not is_empty(row.get("id"))]
    return [
        {**new, "id": old["id"]} if old and is_empty(new.get("id")) else new
        for old, new in pairs(field, known, written)
        if new is not None
    ]


def _cleaned(field: str, value: Any, now: Mapping[str, Any] | None) -> Any:
    """Return a list of rows as it may be sent; no list at all is an empty one."""
    if is_empty(value):
        return []
    if not are_rows(value):
        return value
    shown = value if now is None else now.get(field)
    ids = _ids(shown) if field in _WITH_IDS else ()
    dropped = {*TRACKERS_OWN, *ROW_TITLES.get(field, ())}
    return [
        {
            name: item
            for name, item in row.items()
            if name not in dropped or (name == "id" and label(item) in ids)
        }
        for row in value
    ]


def _ids(rows: Any) -> Collection[str]:
    return {label(row.get("id")) for row in rows} if are_rows(rows) else ()
