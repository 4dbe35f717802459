"""Secrets made anew for every run.

They are of letters that no hexadecimal number has, and of digits: among so many, six in a row
are in no id, no hash and no random token by chance.
"""

import base64
import secrets
import string
from dataclasses import dataclass

LETTERS = "".join(sign for sign in string.ascii_letters if sign.lower() not in "abcdef")
BOT_ID = 123456789


@dataclass(frozen=True)
class Seed:
    """A secret: *value* as the process is told it, *part* what nobody may see of it."""

    name: str
    value: str
    part: str


def made(name: str, length: int = 32, *, before: str = "") -> Seed:
    """Return a new secret of so many signs, of which every eighth is a digit."""
    signs = [secrets.choice(LETTERS if place % 8 else string.digits) for place in range(length)]
    part = "".join(signs)
    return Seed(name, before + part, part)


def bot_token() -> Seed:
    """Return a token as Telegram makes them."""
    return made("bot token", 35, before=f"{BOT_ID}:")


def master_key() -> Seed:
    """Return a key for the database."""
    value = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    return Seed("master key", value, value)
