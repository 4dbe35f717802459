"""Two values side by side in words, each short enough for a line."""

from typing import Any

from handlers.render.html import code
from handlers.render.json_text import compact
from handlers.texts import Texts
from keitaro import alike, is_empty, label

SIGNS_MOST = 120
VALUES_MOST = 12
# How much is shown of what two long texts have in common.
BEFORE_MOST = 20
ABSENT = object()

# A field, perhaps with the key in it, and what becomes of it as HTML.
Named = tuple[str, str]


def written(one: Any, other: Any) -> tuple[str, str]:
    """Return two values as JSON writes them, from where they begin to differ if that is far."""
    first, second = _windows(_raw(one), _raw(other))
    return _short(first), _short(second)


def listed(values: list[Any]) -> str:
    """Return the first of *values* as plain text, and how many more there are."""
    more = f" … +{len(values) - VALUES_MOST}" if len(values) > VALUES_MOST else ""
    return ", ".join(map(str, values[:VALUES_MOST])) + more


def changes(field: str, old: Any, new: Any, texts: Texts) -> list[Named]:
    """Return what a change from *old* to *new* means for *field*, by key where both have keys."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [
            (f"{field}.{key}", _change(key, old.get(key), new.get(key), texts))
            for key in dict.fromkeys([*new, *old])
            if not alike(old.get(key), new.get(key))
        ]
    return [(field, _change(field, old, new, texts))]


def sides(field: str, one: Any, other: Any, texts: Texts) -> tuple[str, str]:
    """Return two values of *field* as HTML; what is `ABSENT` is not known."""
    words = _word(field, one, other, texts), _word(field, other, one, texts)
    plain = _plain(one, other), _plain(other, one)
    if plain[0] == plain[1]:
        plain = _raw(one), _raw(other)
    plain = _windows(*plain)
    return words[0] or _short(plain[0]), words[1] or _short(plain[1])


def _change(field: str, old: Any, new: Any, texts: Texts) -> str:
    if _is_flat(old) and _is_flat(new) and (steps := _steps(old, new)):
        return steps
    return " → ".join(sides(field, old, new, texts))


def _steps(old: list[Any], new: list[Any]) -> str:
    """Return which values come and which go; nothing if it is only how often."""
    has, had = {label(value): value for value in new}, {label(value): value for value in old}
    added = [value for key, value in has.items() if key not in had]
    taken = [value for key, value in had.items() if key not in has]
    return " ".join(
        f"{sign} {_short(listed(values))}"
        for sign, values in (("+", added), ("−", taken))
        if values
    )


def _is_flat(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(item, list | dict) for item in value)


def _word(field: str, value: Any, other: Any, texts: Texts) -> str:
    """Return the word for *value*, if there is one."""
    if value is ABSENT:
        return "?"
    if is_empty(value):
        return "–"
    if isinstance(value, list | dict):
        return ""
    if field == "state":
        return texts.states.get(str(value), "")
    if label(value) not in {"0", "1"}:
        return ""
    is_on = label(value) == "1"
    if field == "filter_or":
        return texts.filters_any if is_on else texts.filters_all
    if isinstance(value, bool) or isinstance(other, bool):
        return texts.yes if is_on else texts.no
    return ""


def _plain(value: Any, other: Any) -> str:
    is_list = _is_flat(value) and (_is_flat(other) or other is ABSENT or is_empty(other))
    return listed(value) if is_list else _raw(value)


def _raw(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is ABSENT else compact(value)


def _windows(one: str, other: str) -> tuple[str, str]:
    """Return two texts from where they begin to differ, if that is far behind."""
    start = _shared(one, other) - BEFORE_MOST
    if max(len(one), len(other)) <= SIGNS_MOST or start <= BEFORE_MOST:
        return one, other
    return f"…{one[start:]}", f"…{other[start:]}"


def _shared(one: str, other: str) -> int:
    """Return how many signs two texts, which may be a page of HTML, begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        # Sign by sign a long text would keep everybody else waiting.
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def _short(text: str) -> str:
    return code(text if len(text) <= SIGNS_MOST else f"{text[:SIGNS_MOST]}…")
