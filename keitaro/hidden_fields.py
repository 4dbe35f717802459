"""Secrets inside of what trackers answer, known by their fields.

A campaign carries the token of its Click API, a postback whatever its address needs, up to the
token of a bot; sources, networks and integrations carry keys of advertisers.
"""

import re
from typing import Any

DOTS = "••••"
# Whatever a field is called, this at the end of its name says that its value is secret.
_SECRET = re.compile(
    r"(?:token|secret|passw(?:or)?d|passphrase|api_?key|access_?key|private_?key|authorization)s?",
    re.IGNORECASE,
)
_NAME = re.compile(rf".*{_SECRET.pattern}", re.IGNORECASE | re.DOTALL)
# The fields of a row in these lists, and the fields with these names, are secret, too.
_ADDRESSES = frozenset({"postback_url", "s2s_postback"})
_LISTS = {"postbacks": "url"}
# One of these is in every name above, and none in the columns of reports and logs, which are long;
# JSON may write letters of ASCII as escapes.
_KEYS = (b"api_key", b"apikey", b"access_key", b"accesskey", b"private_key", b"privatekey")
_SIGNS = (
    *(b"token", b"secret", b"passwd", b"password", b"passphrase", b"authorization"),
    *(b"postback_url", b"postbacks", b"s2s_postback", b"\\u00", *_KEYS),
)
_PAIR = re.compile(
    rf"({_SECRET.pattern}[\"']?\s*[:=]\s*[\"']?(?:basic |bearer )?)[^\s\"'&,;<>{{}}]+",
    re.IGNORECASE,
)
_BOT_TOKEN = re.compile(r"(?<!\d)\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)


def may_be_in(content: bytes) -> bool:
    """Tell whether the JSON in *content* may hold such a field, which is quick."""
    small = content.lower()
    return any(sign in small for sign in _SIGNS)


def is_hidden(name: str, around: str = "") -> bool:
    """Tell whether the field *name* is secret, in a row of the list *around* if it is in one."""
    small = name.lower()
    is_address = small in _ADDRESSES or _LISTS.get(around.lower()) == small
    return is_address or _NAME.fullmatch(name) is not None


def hidden(value: Any) -> Any:
    """Return what is shown of a secret *value*: whether there is one, and nothing else."""
    match value:
        case "" | None | bool():
            return value
        case list():
            return [hidden(item) for item in value]
        case dict():
            return {name: hidden(item) for name, item in value.items()}
        case _:
            return DOTS


def without_pairs(text: str) -> str:
    """Return *text*, which is no JSON that could be read, without what looks like such a field."""
    return _BOT_TOKEN.sub(DOTS, _PAIR.sub(rf"\1{DOTS}", text))


def masked_field(body: Any, place: str = "") -> str | None:
    """Return where in *body* a mask stands in place of what it hides; None if nowhere."""
    match body:
        case str():
            return place if DOTS in body else None
        case list():
            items = [(str(number), item) for number, item in enumerate(body)]
        case dict():
            items = list(body.items())
        case _:
            return None
    found = (masked_field(item, f"{place}.{name}" if place else name) for name, item in items)
    return next((one for one in found if one is not None), None)
