"""What a row is called: the values of the columns that tell it from the others."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.render.cells import SIGNS_READ, WIDTH, read
from handlers.render.number import NO_VALUE, UNKNOWN
from handlers.stats.dimensions import DIMENSIONS

BETWEEN = " · "
ID = "_id"
# Columns that make one word of a name: an id and what it stands for.
Names = tuple[tuple[str, ...], ...]


def paired(labels: Sequence[str]) -> Names:
    """Return *labels* in their order, but an id with the name that stands for it."""
    there = frozenset(labels)
    ids = {name for name in labels if name.endswith(ID) and name.removesuffix(ID) in there}
    return tuple(
        (f"{name}{ID}", name) if f"{name}{ID}" in ids else (name,)
        for name in labels
        if name not in ids
    )


def label_of(row: Mapping[str, Any], names: Names) -> str:
    """Return the name of *row*, such as `12 DE split · Germany`."""
    words = [" ".join([_text(row, name) for name in each]) for each in names[:WIDTH]]
    return BETWEEN.join(words)[:SIGNS_READ]


def heading(names: Names, language: str) -> str:
    """Return what stands over the names of rows."""
    return BETWEEN.join(_heading(each[-1], language) for each in names[:WIDTH])[:SIGNS_READ]


def _heading(name: str, language: str) -> str:
    dimension = DIMENSIONS.get(name)
    return dimension.headings[language] if dimension else read(name)


def _text(row: Mapping[str, Any], name: str) -> str:
    if name not in row:
        return UNKNOWN
    value = row[name]
    return NO_VALUE if value is None or value == "" else read(value)
