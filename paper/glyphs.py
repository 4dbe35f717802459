"""Texts as the one font of charts can show them: what it has no sign for is left out, or a box."""

import unicodedata
from collections.abc import Container

BOX = "▯"
# Pictures, invisible signs and halves of characters: a name can be told without them.
NEEDLESS = {"So", "Sk", "Cf", "Cs", "Mn", "Me", "Cc"}


def showable(text: str, most: int, *, glyphs: Container[int]) -> str:
    """Return *text* on one line, at most *most* signs of it, and only those in *glyphs*."""
    signs = (_sign(sign, glyphs) for sign in " ".join(text.split()))
    line = " ".join("".join(signs).split()) or BOX
    if len(line) > most:
        line = f"{line[: most - 1].rstrip()}…"
    # A legend hides what begins with this sign.
    return f" {line}" if line.startswith("_") else line


def _sign(sign: str, glyphs: Container[int]) -> str:
    if unicodedata.category(sign) in {"Cf", "Cs", "Cc"}:
        return ""
    if ord(sign) in glyphs:
        return sign
    return "" if unicodedata.category(sign) in NEEDLESS else BOX
