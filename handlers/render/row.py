"""One offer, landing page, filter or trigger of a stream in words: which it is, what it says."""

from typing import Any

from handlers.render.html import code, inert
from handlers.render.value import ABSENT, sides
from handlers.texts import Texts
from keitaro import ITEMS, ROW_TITLES, is_empty, spelt

TITLE_SIGNS = 60
ROW_LISTS = (*ITEMS, "filters", "triggers")

Row = dict[str, Any]


def head(field: str, row: Row, texts: Texts) -> str:
    """Return which row of the list *field* it is."""
    match field:
        case "offers" | "landings":
            word = texts.offer if field == "offers" else texts.landing
            title = _title(field, row)
            return f"{word} {code(_brief(row.get(ITEMS[field])))}{title and ' '}{title}"
        case "filters":
            sign = " ≠" if row.get("mode") == "reject" else ""
            return f"{texts.filter} {said(row.get('name'))}{sign}"
        case _:
            names = ("condition", "action", "target")
            return " ".join([texts.trigger, *(said(spelt(row).get(name)) for name in names)])


def gist(field: str, row: Row, texts: Texts) -> str:
    """Return what the row says."""
    match field:
        case "offers" | "landings":
            return ", ".join([f"{said(row.get('share'))} %", *off(row, texts)])
        case "filters" if not is_empty(row.get("payload")):
            return sides("payload", row["payload"], ABSENT, texts)[0]
        case _:
            return "✓"


def whole(field: str, row: Row, texts: Texts) -> str:
    """Return which filter or trigger it is and what it says."""
    which = head(field, row, texts)
    if field != "filters":
        return which
    sign = "" if row.get("mode") == "reject" else " ="
    return f"{which}{sign} {gist(field, row, texts)}"


def gap(field: str, *rows: Row) -> str:
    """Return what stands before a number: two blanks behind a name, which may end in one."""
    return "  " if any(_title(field, row) for row in rows) else " "


def off(row: Row, texts: Texts) -> list[str]:
    """Return the state of a row that gets no traffic; nothing for one that is on."""
    state = row.get("state")
    is_on = is_empty(state) or state == "active"
    return [] if is_on else [sides("state", state, ABSENT, texts)[0]]


def said(value: Any) -> str:
    """Return *value* as a few words, in which nothing can be tapped."""
    return inert(_brief(value))


def _title(field: str, row: Row) -> str:
    titles = (row.get(name) for name in ROW_TITLES[field])
    return next((said(title) for title in titles if title and isinstance(title, str)), "")


def _brief(value: Any) -> str:
    text = "?" if value is None else str(value)
    return text if len(text) <= TITLE_SIGNS else f"{text[:TITLE_SIGNS]}…"
