"""The buttons under a report, and those that choose a period and a grouping."""

from collections.abc import Iterable, Mapping

from handlers.render.page import Button
from handlers.render.report import Leaf
from handlers.texts import Texts

Rows = tuple[tuple[Button, ...], ...]
REPORT, MENU, SAVE, REPEAT = "r:", "s:", "save:", "due:"
# What stands in the data is what people type.
PERIODS = ("today", "yesterday", "7d", "30d", "week", "last week", "month", "last month")
GROUPINGS = (
    *("campaign", "stream", "offer", "landing", "source", "country"),
    *("day", "hour", "device", "os"),
)
ACROSS = 3
FIRST_PAGE = 0


def report_buttons(report_id: int, leaf: Leaf, texts: Texts) -> Rows:
    """Return the buttons under a report."""
    words, own = texts.stats_buttons, f"{REPORT}{report_id}:"
    rows = [
        _turning(own, leaf, words),
        *([Button(words[name], data=f"{own}{name}") for name in row] for row in _ACTIONS),
        [
            Button(words["save"], data=f"{SAVE}{report_id}"),
            Button(words["daily"], data=f"{REPEAT}{report_id}"),
            Button(words["json"], data=f"{own}json"),
        ],
    ]
    return tuple(tuple(row) for row in rows if row)


_ACTIONS = (("period", "by", "again"), ("csv", "xlsx", "chart"))


def _turning(own: str, leaf: Leaf, words: Mapping[str, str]) -> list[Button]:
    """Return the buttons that turn the page, as far as there is one to turn to."""
    before = [start for start in leaf.starts if start < leaf.first]
    after = [start for start in leaf.starts if start > leaf.first]
    wanted = [
        (words["first"], FIRST_PAGE, len(before) > 1),
        (words["previous"], before[-1] if before else FIRST_PAGE, bool(before)),
        (words["next"], after[0] if after else FIRST_PAGE, bool(after)),
    ]
    return [
        Button(label, data=f"{own}page:{start}") for label, start, is_there in wanted if is_there
    ]


def period_choice(prefix: str, texts: Texts) -> Rows:
    """Return a button for each period; its data is *prefix* and the period."""
    return _choice(prefix, PERIODS, texts.stats_periods)


def grouping_choice(prefix: str, texts: Texts) -> Rows:
    """Return a button for each grouping; its data is *prefix* and the grouping."""
    return _choice(prefix, GROUPINGS, texts.stats_groupings)


def back_button(report_id: int, texts: Texts) -> Rows:
    """Return the button that goes back to the report."""
    return ((Button(texts.stats_buttons["back"], data=f"{REPORT}{report_id}:back"),),)


def _choice(prefix: str, names: Iterable[str], labels: Mapping[str, str]) -> Rows:
    buttons = [Button(labels[name], data=f"{prefix}{name}") for name in names]
    starts = range(0, len(buttons), ACROSS)
    return tuple(tuple(buttons[start : start + ACROSS]) for start in starts)
