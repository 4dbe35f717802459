"""Server-sent events: everything at first, then whatever has become otherwise."""

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from typing import Any

from sandbox.page.chats import shown_chats
from sandbox.page.holdings import shown_campaigns, shown_streams
from sandbox.page.room import Room

LOOKS_SECONDS = 0.05
SILENCE_SECONDS = 10.0

Part = dict[str, Any]


def whole(room: Room) -> dict[str, Part]:
    """Return all that the page shows; each part is an object whose members change one by one."""
    stage = room.stage
    parts: dict[str, Part] = {
        "campaigns": shown_campaigns(stage.keitaro),
        "streams": shown_streams(stage.keitaro),
        "calls": room.asked.shown(),
        "bot": room.engine.shown(),
        "trouble": room.trouble.shown(),
        "answers": _answers(room),
        "about": {
            "address": stage.address,
            "key": stage.keitaro.key,
            "username": stage.telegram.bot.username,
        },
    }
    for chat_id, chat in shown_chats(stage).items():
        parts[f"messages {chat_id}"] = chat.pop("messages")
        parts[f"chat {chat_id}"] = chat
    return parts


def difference(before: dict[str, Part], after: dict[str, Part]) -> dict[str, Part]:
    """Return what has to be told about: new and other members; what is gone is null."""
    found: dict[str, Part] = {}
    for name, part in after.items():
        known = before.get(name, {})
        changed = {key: value for key, value in part.items() if known.get(key, found) != value}
        changed |= {key: None for key in known if key not in part}
        if changed:
            found[name] = changed
    return found


async def events(room: Room) -> AsyncIterator[str]:
    """Yield what becomes of the *room*, as events, until nobody listens any more."""
    known: dict[str, Part] = {}
    silent_seconds = 0.0
    while True:
        now = whole(room)
        news = difference(known, now)
        if news:
            known, silent_seconds = copy.deepcopy(now), 0.0
            yield f"data: {json.dumps(news, ensure_ascii=False)}\n\n"
        elif silent_seconds >= SILENCE_SECONDS:
            silent_seconds = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(LOOKS_SECONDS)
        silent_seconds += LOOKS_SECONDS


def _answers(room: Room) -> Part:
    """Return what the bot has answered to presses of buttons: a word above the chat."""
    queries = room.stage.telegram.queries
    return {
        number: {
            "text": query.answer.get("text", ""),
            "alert": bool(query.answer.get("show_alert")),
        }
        for number, query in queries.items()
        if query.answer is not None
    }
