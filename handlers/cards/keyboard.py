"""The buttons under a card: those this person may press, and that make sense for the stream."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from handlers.cards.data import CARD, SWAP
from handlers.changes.after import STREAM
from handlers.context import Context
from handlers.render.page import Button
from handlers.request import is_id
from handlers.roles import Role
from keitaro import Tracker, are_rows

ACROSS = 3

Stream = Mapping[str, Any]


def card_buttons(
    context: Context, tracker: Tracker, stream: Stream
) -> tuple[tuple[Button, ...], ...]:
    """Return the rows of buttons under the card of *stream*."""
    if not is_id(str(stream.get("id"))):
        return ()
    buttons = [*_changing(context, stream), *_reading(context, tracker, stream)]
    if context.turn.sender.role >= Role.OPERATOR and not _is_archived(stream):
        label = context.texts.card_archive
        buttons.append(Button(label, data=f"{STREAM}{stream['id']}:delete"))
    return tuple(tuple(buttons[place : place + ACROSS]) for place in range(0, len(buttons), ACROSS))


def _changing(context: Context, stream: Stream) -> Iterator[Button]:
    if context.turn.sender.role < Role.OPERATOR:
        return
    texts, number = context.texts, stream["id"]
    if _is_archived(stream):
        yield Button(texts.card_restore, data=f"{STREAM}{number}:restore")
    else:
        is_on = stream.get("state") == "active"
        label, word = (texts.turn_off, "off") if is_on else (texts.card_turn_on, "on")
        yield Button(label, data=f"{STREAM}{number}:{word}")
        if _rows(stream, "offers") or _rows(stream, "landings"):
            yield Button(texts.card_shares, data=f"{CARD}{number}:shares")
        if offers := _rows(stream, "offers"):
            yield Button(texts.card_swap, data=_swap_data(number, offers))
    yield Button(texts.card_copy, data=f"{CARD}{number}:copy")


def _swap_data(number: int, offers: list[dict[str, Any]]) -> str:
    """Return what asks which offer is to go, unless there is but one."""
    only = str(offers[0].get("offer_id")) if len(offers) == 1 else ""
    return f"{SWAP}{number}:{only}" if is_id(only) else f"{CARD}{number}:swap"


def _reading(context: Context, tracker: Tracker, stream: Stream) -> Iterator[Button]:
    texts, number = context.texts, stream["id"]
    yield Button(texts.card_events, data=f"{CARD}{number}:events")
    yield Button(texts.card_json, data=f"{CARD}{number}:json")
    if link := panel_link(tracker, stream):
        yield Button(texts.card_open, link=link)
    yield Button(texts.card_refresh, data=f"{CARD}{number}:refresh")


def panel_link(tracker: Tracker, stream: Stream) -> str:
    """Return where the tracker's panel shows the campaign of *stream*; empty if unknown.

    That the panel has campaigns under #!/campaigns/ is seen in addresses that people paste; no
    tracker was asked. Telegram refuses links to names without a dot.
    """
    url, campaign_id = tracker.address.url, stream.get("campaign_id")
    host = urlsplit(url).hostname or ""
    if "." not in host or not is_id(str(campaign_id)):
        return ""
    return f"{url.rstrip('/')}/admin/#!/campaigns/{campaign_id}"


def _is_archived(stream: Stream) -> bool:
    return stream.get("state") == "deleted"


def _rows(stream: Stream, field: str) -> list[dict[str, Any]]:
    rows = stream.get(field)
    return rows if are_rows(rows) else []
