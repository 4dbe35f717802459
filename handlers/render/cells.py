"""Texts as wide as a phone shows them: measured, cut and padded in cells of a fixed-width font."""

from typing import Any

from wcwidth import wcswidth

from handlers.render.html import visible

WIDTH = 40
# Most that an honest name needs: an emoji of a family has up to eleven signs in two cells.
SIGNS_PER_CELL = 8
# More of a name or a value is never read: a line has no room for it.
SIGNS_READ = WIDTH * SIGNS_PER_CELL + 1


def read(value: Any) -> str:
    """Return *value* as one line without hidden characters, and without what nobody reads."""
    text = str(value)[:SIGNS_READ]
    # Most names are plain, and there may be thousands of them.
    return text if text.isascii() and text.isprintable() else visible(text)[:SIGNS_READ]


def cells(text: str) -> int:
    """Return how many cells wide *text* is, which has been made visible."""
    return len(text) if text.isascii() else wcswidth(text)


def cut(text: str, width: int) -> str:
    """Return *text* in at most *width* cells, with … where something is left out."""
    kept = text[: width * SIGNS_PER_CELL]
    if kept == text and cells(text) <= width:
        return text
    # Measured as a whole: an emoji or a vowel sign can be wider than the sum of its parts.
    while kept and (excess := wcswidth(f"{kept}…") - width) > 0:
        # No sign takes more than two cells.
        kept = kept[: -max(1, excess // 2)]
    return kept + "…"


def short(value: Any) -> str:
    """Return *value* as one line of no more cells, and no more signs, than a phone is wide."""
    text = read(value)
    return cut(text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…", WIDTH)


def pad(text: str, width: int) -> str:
    """Return *text* with blanks behind it, *width* cells in all."""
    return text + " " * (width - cells(text))


def pad_left(text: str, width: int) -> str:
    """Return *text* with blanks before it, *width* cells in all."""
    return " " * (width - cells(text)) + text


def units(text: str) -> int:
    """Return how long Telegram finds *text*, which counts in UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
