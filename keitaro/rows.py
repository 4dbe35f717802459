"""Whether the rows a tracker shows in a list are those it was sent, in any order.

Both sides may hold thousands of rows, so rows are matched by a form that can be looked up.
Only what is left over is compared each with each, and never for long.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable
from typing import Any, TypeGuard

from keitaro.values import form, is_empty, label, same

Row = dict[str, Any]
_Groups = dict[tuple[str, ...], list[Row]]
# What the tracker alone writes in a row: one that it has made anew is no other row.
TRACKERS_OWN = frozenset({"id", "stream_id", "created_at", "updated_at"})
# Rows times characters, both left over: some two hundred short rows of one identity.
_MAX_WORK = 5_000_000


def same_rows(sent: list[Row], shown: list[Row], identity: Collection[str]) -> bool:
    """Tell whether each row of *sent* is shown, and no others.

    The ids and times of rows are the tracker's own and do not count.

    Args:
        identity: The fields by which a row is the same row; all of them must be shown.
    """
    if len(sent) != len(shown):
        return False
    sent, shown = list(map(_said, sent)), list(map(spelt, shown))
    fields = {*identity, *(field for row in sent for field in row)}
    ours, theirs = _left_over(sent, shown, fields)
    our_groups, their_groups = _grouped(ours, identity), _grouped(theirs, identity)
    if _sizes(our_groups) != _sizes(their_groups):
        return False
    pairs = [(rows, their_groups[key]) for key, rows in our_groups.items()]
    work = sum(len(rows) * len(str((rows, others))) for rows, others in pairs)
    return work <= _MAX_WORK and all(_same_group(*pair) for pair in pairs)


def are_rows(value: Any) -> TypeGuard[list[Row]]:
    """Tell whether *value* is a list of objects."""
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def spelt(row: Row) -> Row:
    """Return *row* with a trigger's target under its right name.

    Keitaro's description of what it shows has "taget", while most trackers show "target".
    """
    return {"target": row["taget"], **row} if "taget" in row else row


def _said(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in TRACKERS_OWN}


def _left_over(
    sent: list[Row], shown: list[Row], fields: Collection[str]
) -> tuple[list[Row], list[Row]]:
    """Return the rows of both sides that have no counterpart of the same form."""
    # Who says more chooses first: a row that leaves a field out is content with any value.
    ours = [(_form(row, fields), row) for row in sorted(sent, key=len, reverse=True)]
    theirs = [(_form(row, fields), row) for row in shown]
    return _without(ours, theirs), _without(theirs, ours)


def _without(
    rows: Iterable[tuple[Hashable, Row]], others: Iterable[tuple[Hashable, Row]]
) -> list[Row]:
    free = Counter(key for key, _ in others)
    left = []
    for key, row in rows:
        if free[key]:
            free[key] -= 1
        else:
            left.append(row)
    return left


def _form(row: Row, fields: Collection[str]) -> Hashable:
    # What is empty counts as absent.
    return form(
        {name: value for name, value in row.items() if name in fields and not is_empty(value)}
    )


def _grouped(rows: Iterable[Row], identity: Iterable[str]) -> _Groups:
    groups: _Groups = defaultdict(list)
    for row in rows:
        groups[tuple(label(row.get(field)) for field in identity)].append(row)
    return groups


def _sizes(groups: _Groups) -> dict[tuple[str, ...], int]:
    return {key: len(rows) for key, rows in groups.items()}


def _same_group(sent: list[Row], shown: list[Row]) -> bool:
    rest = list(shown)
    for row in sent:
        for index, other in enumerate(rest):
            if _same_row(row, other):
                del rest[index]
                break
        else:
            return False
    return True


def _same_row(sent: Row, shown: Row) -> bool:
    return all(same(value, shown.get(field)) for field, value in sent.items())
