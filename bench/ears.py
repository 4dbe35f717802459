"""Hears when the bot has answered."""

import asyncio
import time
from typing import Any

from sandbox.telegram import Call

ANSWERS = ("sendmessage", "editmessagetext")
WORKING = "⏳"


class Ears(list[Call]):
    """Stands in for Telegram's list of calls: it counts them, keeps none, and notes answers.

    Looking through all messages at every call, as tests do, would take more time than the bot.
    """

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0
        self._waiting: dict[int, asyncio.Future[tuple[float, str]]] = {}

    def listen(self, chat_id: int) -> asyncio.Future[tuple[float, str]]:
        """Return what will hold the next finished answer in a chat, and the moment it came."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[chat_id] = future
        return future

    def append(self, call: Call) -> None:
        """Take note of a call that the server has answered."""
        self.heard += call.method.lower() != "getupdates"
        if call.method.lower() not in ANSWERS or not isinstance(call.result, dict):
            return
        result: dict[str, Any] = call.result
        text = str(result.get("text"))
        chat_id = result["chat"]["id"]
        if chat_id in self._waiting and not text.startswith(WORKING):
            self._waiting.pop(chat_id).set_result((time.perf_counter(), text))
