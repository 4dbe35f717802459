"""What is done to the database from the command line: its keys, its copies."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings
from storage import Left, parse_keys, restore, rotate

DONE, ALTERED = 0, 1
LINES_MOST = 200
SIGNS_MOST = 60
WHEN = "%Y-%m-%d %H:%M:%S UTC"
# A word that may be a key is not printed, nor anything behind /link.
MAY_BE_KEY = re.compile(r"\S{16,}")


def rotate_key(settings: Settings) -> int:
    """Seal everything with the first key, say what was done, and return the exit status.

    Raises:
        StorageError: It cannot be done.
    """
    rotated = rotate(settings.database, parse_keys(settings.secret_key.get_secret_value()))
    if rotated.sealed:
        print(f"{rotated.sealed} values are sealed with the first key now.")
    else:
        print("Everything was sealed with the first key already.")
    if rotated.altered:
        print(f"{rotated.altered} values were altered by somebody and are left as they are.")
        return ALTERED
    print("Take the other keys out of BOT_SECRET_KEY and start the bot again.")
    return DONE


def put_back(settings: Settings, source: Path) -> int:
    """Put the copy *source* in the place of the database, and list what is not done any more.

    Raises:
        StorageError: It cannot be done.
    """
    keys = parse_keys(settings.secret_key.get_secret_value())
    restored = restore(settings.database, source, keys=keys)
    print(f"{settings.database} is the copy of {_when(restored.made_at)} now.")
    if restored.aside:
        print(f"What was there before is {restored.aside}.")
    for line in _listed(restored.left):
        print(line)
    print(f"Answers that were not delivered: {restored.answers}")
    print(f"Questions that waited for a yes: {restored.plans}")
    print("None of this is done any more. Schedules go on with their next times.")
    return DONE


def _listed(left: tuple[Left, ...]) -> Iterator[str]:
    yield f"Commands that were not done: {len(left)}"
    for one in left[:LINES_MOST]:
        yield f"  {_when(one.got_at)}  {_told(one)}"
    if len(left) > LINES_MOST:
        yield f"  and {len(left) - LINES_MOST} more"


def _told(left: Left) -> str:
    """Return who said what where, as far as it can be printed."""
    if left.body is None:
        return "altered"
    update: dict[str, Any] = json.loads(left.body)
    press = update.get("callback_query")
    message = (press or {}).get("message") or update.get("message") or {}
    person = (press or message).get("from") or {}
    where = f"chat {message.get('chat', {}).get('id')}, person {person.get('id')}"
    if press:
        return f"{where}: a button"
    text = str(message.get("text") or message.get("caption") or "")
    if text.startswith("/link"):
        return f"{where}: /link"
    line = MAY_BE_KEY.sub("…", " ".join(text.split()))[:SIGNS_MOST]
    return f"{where}: {line or 'no text'}"


def _when(moment: float | None) -> str:
    return (
        "an unknown time" if moment is None else datetime.fromtimestamp(moment, UTC).strftime(WHEN)
    )
