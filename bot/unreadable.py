"""Answers to getUpdates that the library cannot read as a whole.

It would ask for the same ones again and again, and never come to those behind the broken one.
"""

import json
from typing import Any

from telegram.error import NetworkError

from handlers import is_readable, set_aside
from storage import Inbox


async def readable(answer: bytes, inbox: Inbox) -> bytes:
    """Return *answer* with the updates that nobody can read set aside: only their ids stay.

    Raises:
        NetworkError: One cannot be stored, or has no id by which to acknowledge it.
    """
    try:
        updates = json.loads(answer)["result"]
    except (ValueError, LookupError, TypeError):
        return answer  # The library has an error of its own for this.
    if not isinstance(updates, list) or all(map(is_readable, updates)):
        return answer
    result = [raw if is_readable(raw) else await _stripped(raw, inbox) for raw in updates]
    return json.dumps({"ok": True, "result": result}).encode()


async def _stripped(raw: Any, inbox: Inbox) -> dict[str, int]:
    if not has_id(raw):
        raise NetworkError("an update without an id")
    await set_aside(raw, inbox)
    return {"update_id": raw["update_id"]}


def has_id(raw: Any) -> bool:
    """Tell whether *raw* has the id by which updates are told apart."""
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)
