"""Buttons that speak of a tracker's streams: they are for that tracker alone.

A chat can be linked to another tracker while cards of the first still hang in it, and a stream of
the same number there is somebody else's. So the data of such buttons ends with a tag of the
tracker's address, and a press is refused where the chat has another one by now.
"""

import base64
import hashlib
from dataclasses import replace

from handlers.cards.data import CARD, COPY, SWAP
from handlers.changes.after import STREAM
from handlers.render.page import Button, Page

PREFIXES = (STREAM, CARD, SWAP, COPY)
SIGN, TAG_SIGNS = "@", 6
# Buttons of earlier versions have none.
TAG = rf"(?:{SIGN}[a-z2-7]{{{TAG_SIGNS}}})?"


def tagged(page: Page, address: str) -> Page:
    """Return *page* with its buttons tagged that speak of streams of the tracker at *address*."""
    rows = tuple(tuple(_tagged(button, address) for button in row) for row in page.buttons)
    return replace(page, buttons=rows) if address else page


def untagged(data: str) -> tuple[str, str]:
    """Return the data of a button without its tag, and the tag; empty where there is none."""
    if not data.startswith(PREFIXES):
        return data, ""
    plain, _, tag = data.partition(SIGN)
    return plain, tag


def tag_of(address: str) -> str:
    """Return the tag of the tracker at *address*."""
    digest = hashlib.sha256(address.encode()).digest()
    return base64.b32encode(digest).decode().lower()[:TAG_SIGNS]


def _tagged(button: Button, address: str) -> Button:
    if not button.data.startswith(PREFIXES):
        return button
    return replace(button, data=f"{button.data}{SIGN}{tag_of(address)}")
