"""Who sees the addresses of those who clicked.

Operators do. In a group everybody reads what an operator has asked for, so that even they are
shown the first half there. Other columns about people (browser, device, city) are no secret.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, ip_address
from typing import Any, Literal

from handlers.context import Context
from handlers.roles import Role

Sight = Literal["whole", "half", "none"]
HIDDEN = "•••"
WORDS = frozenset({"ip", "ips", "ipv4", "ipv6", "ip4", "ip6", "ipaddress"})
# What may be an address; where it is none, it stays.
ADDRESS = re.compile(
    r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)"
    r"|(?<![\w:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:]|\.\d)"
)
HALF = re.compile(r"(\d{1,3}\.\d{1,3})\.[^.]{1,4}\.[^.]{1,4}|([0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}):x")
DOTS, COLONS = 3, 2
# Four numbers with dots between them are no address there.
VERSIONS = ("version", "user_agent")


def sight_of(context: Context) -> Sight:
    """Return how much of an address the sender may see in this chat."""
    if context.turn.sender.role < Role.OPERATOR:
        return "none"
    return "whole" if context.is_private else "half"


@lru_cache(maxsize=1000)
def is_address(column: str) -> bool:
    """Tell whether *column* is one of addresses, by its name."""
    return not WORDS.isdisjoint(re.split(r"[^a-z0-9]+", column.lower()))


def seen(rows: Sequence[dict[str, Any]], sight: Sight) -> list[dict[str, Any]]:
    """Return *rows* with as much of each address as *sight* allows, wherever one stands."""
    if sight == "whole":
        return list(rows)
    return [{name: _seen(name, value, sight) for name, value in row.items()} for row in rows]


def _seen(name: str, value: Any, sight: Sight) -> Any:
    match value:
        case bool():
            return value
        case dict():
            is_inside = is_address(name)
            return {
                key: _seen(name if is_inside else key, item, sight) for key, item in value.items()
            }
        case list():
            return [_seen(name, item, sight) for item in value]
        case None | "":
            return value
        case _ if is_address(name):
            return _half(str(value)) if sight == "half" else HIDDEN
        case str() if not name.endswith(VERSIONS) and _may_hold(value):
            return ADDRESS.sub(lambda match: _within(match.group(), sight), value)
        case _:
            return value


def _may_hold(text: str) -> bool:
    return text.count(".") >= DOTS or text.count(":") >= COLONS


def _within(text: str, sight: Sight) -> str:
    try:
        ip_address(text)
    except ValueError:
        return text
    return _half(text) if sight == "half" else HIDDEN


def _half(text: str) -> str:
    """Return the first half of an address; of what cannot be read as one, nothing."""
    if found := HALF.fullmatch(text):
        return f"{found[1]}.x.x" if found[1] else text
    try:
        address = ip_address(text)
    except ValueError:
        return HIDDEN
    if isinstance(address, IPv4Address):
        return f"{'.'.join(text.split('.')[:2])}.x.x"
    return f"{':'.join(address.exploded.split(':')[:2])}:x"
