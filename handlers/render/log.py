"""Lines of a log for a phone: when, what, how much, where it led, then whatever else was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wcwidth import wcswidth

from handlers.render.cells import cut
from handlers.render.html import code, inert, visible
from handlers.render.json_text import compact
from handlers.render.number import CENTS, UNKNOWN, as_number, decimals_for, write
from handlers.stats.query import Kind
from handlers.texts import Texts
from keitaro import own_time

WIDTH = 40
NAME_WIDTH = 17
COUNTRY_WIDTH, STATUS_LEAST = 10, 4
# " · " between two pieces, " → " between two places.
GAP = 3
REST_LINES = 2
DAY, SECOND = "%Y-%m-%d", "%H:%M:%S"
TIMES: Mapping[Kind, Sequence[str]] = {
    "clicks": ("datetime", "click_datetime"),
    "conversions": ("postback_datetime", "datetime", "sale_datetime", "click_datetime"),
}
STATUSES = {
    "sale": "🟢",
    "deposit": "🟢",
    "rebill": "🟢",
    "lead": "🟡",
    "registration": "🟡",
    "rejected": "🔴",
    "trash": "🔴",
}
OTHER = "⚪"
# What a click was, the first that holds giving it its sign.
CLICK_SIGNS = {"is_bot": "🤖", "is_sale": "🟢", "is_lead": "🟡", "is_rejected": "🔴"}
CAMPAIGN, OFFER = ("campaign", "campaign_id"), ("offer", "offer_id")
COUNTRY = ("country_code", "country")
# Taken away with a tap, so they are not kept from it.
COPIED = frozenset(
    {"sub_id", "event_id", "click_id", "conversion_id", "external_id", "tid", "visitor_code"}
)
# Values that say themselves what they are.
PLAIN = frozenset({"os", "browser", "device_type", "city", "language"})
MONEY = frozenset({"revenue", "cost", "profit", "payout"})


@dataclass(frozen=True)
class Piece:
    """A part of a line: how it looks, and how many cells it takes."""

    html: str
    width: int


def entry_lines(
    rows: Sequence[dict[str, Any]], kind: Kind, columns: Sequence[str], texts: Texts
) -> tuple[list[str], bool]:
    """Return a few lines for each of *rows* with their *columns*, and whether all of it is there.

    A line with the day stands before the first of each day.
    """
    lines: list[str] = []
    day, is_whole = "", True
    for row in rows:
        shown = {name: row[name] for name in columns if name in row}
        at_name, at = _time(shown, kind)
        if at and at.strftime(DAY) != day:
            day = at.strftime(DAY)
            lines.append(f"<b>{day}</b>")
        place_names, place = _place(shown)
        lines.append(_head(shown, kind, at, texts))
        lines += [place] if place else []
        used = {at_name, *place_names, *(CLICK_SIGNS if kind == "clicks" else ())}
        used |= {"status", "revenue"} if kind == "conversions" else set()
        left = [(name, value) for name, value in shown.items() if name not in used and value != ""]
        rest, fits = _packed([_piece(*one, texts) for one in left])
        lines += rest
        is_whole = is_whole and fits
    return lines, is_whole


def _time(row: Mapping[str, Any], kind: Kind) -> tuple[str, datetime | None]:
    """Return the column with the time of a line, and that time as the tracker wrote it."""
    for name in TIMES[kind]:
        if at := own_time(row.get(name), "UTC"):
            return name, at
    return "", None


def _head(row: Mapping[str, Any], kind: Kind, at: datetime | None, texts: Texts) -> str:
    time = at.strftime(SECOND) if at else UNKNOWN
    if kind == "clicks":
        marks = [name for name in CLICK_SIGNS if _is_on(row.get(name))]
        sign = CLICK_SIGNS[marks[0]] if marks else OTHER
        return " · ".join([f"{sign} {time}", *(texts.log_marks[name] for name in marks)])
    head = f"{STATUSES.get(str(row.get('status')).lower(), OTHER)} {time}"
    amount = [_amount(row["revenue"], texts)] if "revenue" in row else []
    room = max(STATUS_LEAST, WIDTH - sum(GAP + wcswidth(text) for text in [head, *amount]))
    status = [f"<b>{inert(_short(row['status'] or UNKNOWN, room))}</b>"] if "status" in row else []
    return " · ".join([head, *status, *amount])


def _place(row: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return the columns that say where a click came from and was led to, and that line.

    Beside a name its id, and beside the code of a country its name, are left to the file.
    """
    country = _first(row, COUNTRY)
    land = [_short(country[1], COUNTRY_WIDTH)] if country else []
    room = WIDTH - sum(GAP + wcswidth(text) for text in land)
    way = [found[1] for names in (CAMPAIGN, OFFER) if (found := _first(row, names))]
    led = [" → ".join(map(inert, _fitted(way, room)))] if way else []
    used = [name for names in (CAMPAIGN, OFFER, COUNTRY) if _first(row, names) for name in names]
    return used, " · ".join([*led, *map(inert, land)])


def _fitted(names: Sequence[Any], room: int) -> list[str]:
    """Return one or two *names* in *room* cells with an arrow between; a short one gives way."""
    if len(names) == 1:
        return [_short(names[0], room)]
    half = (room - GAP) // 2
    first = _short(names[0], max(half, room - GAP - wcswidth(_short(names[1], room))))
    return [first, _short(names[1], room - GAP - wcswidth(first))]


def _first(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, Any] | None:
    for name in names:
        if row.get(name) not in (None, "", 0):
            return name, row[name]
    return None


def _piece(name: str, value: Any, texts: Texts) -> Piece:
    label = _short(name, NAME_WIDTH)
    if isinstance(value, bool):
        text = texts.yes if value else texts.no
    elif name in MONEY or name.endswith("_revenue"):
        text = _amount(value, texts)
    else:
        text = _short(UNKNOWN if value is None else value, WIDTH - wcswidth(label) - 1)
    if name in PLAIN:
        return Piece(inert(text), wcswidth(text))
    shown = code(text) if name in COPIED else inert(text)
    return Piece(f"{inert(label)} {shown}", wcswidth(label) + 1 + wcswidth(text))


def _packed(pieces: Sequence[Piece]) -> tuple[list[str], bool]:
    """Return *pieces* side by side in a few lines, and whether all of them fit."""
    lines: list[list[Piece]] = []
    for piece in pieces:
        is_room = lines and _width([*lines[-1], piece]) <= WIDTH
        if is_room:
            lines[-1].append(piece)
        elif len(lines) == REST_LINES:
            break
        else:
            lines.append([piece])
    fits = sum(map(len, lines)) == len(pieces)
    return [" · ".join(piece.html for piece in line) for line in lines], fits


def _width(pieces: Sequence[Piece]) -> int:
    return sum(piece.width for piece in pieces) + GAP * (len(pieces) - 1)


def _amount(value: Any, texts: Texts) -> str:
    number = as_number(value)
    if number is None:
        return UNKNOWN
    return write(number, decimals=max(CENTS, decimals_for([number])), style=texts.numbers)


def _short(value: Any, width: int) -> str:
    """Return *value* as one line of text in at most *width* cells."""
    text = compact(value) if isinstance(value, dict | list) else str(value)
    return cut(visible(text[: WIDTH * REST_LINES]), width)


def _is_on(value: Any) -> bool:
    return value in (True, 1, "1", "true")
