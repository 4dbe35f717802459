"""Which items of a list something holds of: a line for each thing, with their numbers."""

from collections.abc import Iterable, Sequence

from handlers.texts import Texts

NUMBERS_MOST = 6
GROUPS_MOST = 10

Numbered = tuple[int, str]


def numbers(found: Sequence[int]) -> str:
    """Return the first few numbers, and how many more there are."""
    shown = ", ".join(map(str, found[:NUMBERS_MOST]))
    return f"{shown} … +{len(found) - NUMBERS_MOST}" if len(found) > NUMBERS_MOST else shown


def grouped(found: Iterable[Numbered]) -> dict[str, list[int]]:
    """Return the numbers by line, the lines of most items first."""
    groups: dict[str, list[int]] = {}
    for number, line in found:
        groups.setdefault(line, []).append(number)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def group_lines(found: Iterable[Numbered], texts: Texts) -> list[str]:
    """Return a line for each group, with the numbers of its items; lines are HTML."""
    groups = grouped(found)
    lines = [
        f"{line} ({texts.list_item if len(held) == 1 else texts.list_items} {numbers(held)})"
        for line, held in groups.items()
    ]
    rest = len(lines) - GROUPS_MOST
    return [*lines[:GROUPS_MOST], *([f"… +{rest}"] if rest > 0 else [])]
