"""Names written from right to left, kept from turning the line around in which they stand."""

import re

# Hebrew, Arabic and their neighbours, and the signs in which they are written otherwise.
_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
RIGHT_TO_LEFT = re.compile(f"[{_LETTERS}]+(?:[ .,:/–-]{{1,3}}[{_LETTERS}]+)*")
# An invisible letter that is written from left to right.
MARK = "\u200e"


def directed(markup: str) -> str:
    """Return *markup*, escaped before, with a mark around what runs from right to left.

    Without it the figures behind a Hebrew name would stand before it.
    """
    return RIGHT_TO_LEFT.sub(rf"{MARK}\g<0>{MARK}", markup)
