"""What can be typed. Every command has a number, by which its answer and its request name it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.torture.pool import Pool


@dataclass(frozen=True)
class Kind:
    """A kind of command: what is typed for its number, and how often.

    One that *asks* is answered by a plan, in chats that ask first. One that *needs_reply* is answered with words that name it not, so it is said in groups alone.
    """

    name: str
    weight: int
    text: Callable[[Pool, int], str]
    changes: bool = False
    needs_reply: bool = False
    asks: bool = False


def _create(pool: Pool, number: int) -> str:
    return f"/stream {json.dumps({**pool.body(), 'name': f't{number}'})}"


def _update(pool: Pool, number: int) -> str:
    return f'/stream {pool.add(number)} {{"name": "t{number}"}}'


def _switch(pool: Pool, number: int) -> str:
    return f"/stream {pool.add(number)} off"


KINDS = (
    Kind("create", 30, _create, changes=True),
    Kind("update", 12, _update, changes=True),
    Kind("switch", 12, _switch, changes=True),
    Kind("planned update", 20, _update, asks=True),
    Kind("planned switch", 20, _switch, asks=True),
    Kind("show", 16, lambda pool, number: f"/stream {pool.add(number)}"),
    Kind("miss", 6, lambda _, number: f"/stream {number}"),
    Kind("list", 4, lambda _, number: f"/streams {number}"),
    Kind("find", 2, lambda _, number: f"/streams find t{number}"),
    Kind("broken", 8, lambda _, number: f'/stream {{"name": "t{number}" "type": 1}}'),
    Kind("stats", 6, lambda *_: "/stats today", needs_reply=True),
    Kind("unknown", 4, lambda _, number: f"/t{number}@keitaro_demo_bot", needs_reply=True),
)
CREATION = KINDS[0]


def kinds_in(*, asks: bool, is_private: bool) -> list[Kind]:
    """Return what is said in a chat, which *asks* first or never does."""
    fitting = [one for one in KINDS if one is CREATION or not (one.changes if asks else one.asks)]
    return [one for one in fitting if not (is_private and one.needs_reply)]
