"""Which message of the bot belongs to which command.

A message that replies to a command answers it. Where nothing is replied to (as in private chats)
the answer names its command: each has a number of its own, which is the name of the stream it
creates, or the id of what it asks for, and nearly every answer shows one or the other. What shows
neither, such as a bare ⏳, belongs to the oldest command of its chat that has no answer yet. In
private chats a person has only one such at a time, so no other is left to be answered; but a
second answer to the command before, if it comes late and unnamed and replies to nothing, is taken
for an answer to this one. It is counted all the same, unless this one is never answered itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.telegram import Call, Person
from tests.torture.checker import HOURGLASS

FIRST_NUMBER = 1_000_000
WARNING = "❗"
NUMBER = re.compile(r"(?<!\d)(1\d{6})(?!\d)")

Place = tuple[int, int]


@dataclass(frozen=True)
class Command:
    """Something that was said to the bot; *changes* if the tracker is asked to change.

    One that *asks* is answered by a plan, which *person* may confirm.
    """

    number: int
    kind: str
    changes: bool
    place: Place
    update_id: int
    asks: bool = False
    person: Person | None = None


class Ledger:
    """Reads the calls of the bot as they come in, and keeps each message under its command."""

    def __init__(self) -> None:
        self.commands: dict[int, Command] = {}
        self.presses: dict[int, list[int]] = defaultdict(list)
        self.asked: dict[Place, str] = {}
        self.tokens: dict[Place, str] = {}
        self.versions: dict[Place, list[str]] = defaultdict(list)
        self.owners: dict[Place, int] = {}
        self.strays: list[str] = []
        self._numbers: dict[Place, int] = {}
        self._open: dict[int, dict[int, None]] = defaultdict(dict)
        self._last: dict[int, int] = {}
        self._read = 0

    def expect(self, command: Command) -> None:
        """Wait for the answer to *command*."""
        chat_id, _ = command.place
        self.commands[command.number] = command
        self._numbers[command.place] = command.number
        self._open[chat_id][command.number] = None
        self._last[chat_id] = command.number

    def open(self, chat_id: int | None = None) -> list[int]:
        """Return the commands without an answer, in one chat or in all."""
        if chat_id is not None:
            return list(self._open[chat_id])
        return [number for numbers in self._open.values() for number in numbers]

    def questions(self) -> list[tuple[Command, Place, str]]:
        """Return every plan that stands in a message now, with the data of its *Apply*."""
        return self._plans(self.asked)

    def pressed(self) -> list[tuple[Command, Place, str]]:
        """Return every plan that has been pressed, whether or not it stands there still."""
        return [one for one in self.shown() if self.presses.get(one[0].number)]

    def shown(self) -> list[tuple[Command, Place, str]]:
        """Return every plan that stood in a message."""
        return self._plans(self.tokens)

    def _plans(self, data: dict[Place, str]) -> list[tuple[Command, Place, str]]:
        found = [(self.commands[self.owners[place]], place, one) for place, one in data.items()]
        return [one for one in found if one[0].asks]

    def skip(self, calls: list[Call]) -> None:
        """Pass over what was said so far."""
        self._read = len(calls)

    def read(self, calls: list[Call]) -> bool:
        """Take in what has been added to *calls*, and tell whether the bot has said anything."""
        fresh, self._read = calls[self._read :], len(calls)
        found = [call.result for call in fresh if _is_message(call.result)]
        for message in found:
            self._take(message)
        return bool(found)

    def by_command(self) -> dict[int, list[list[str]]]:
        """Return the messages of every command, each with its versions."""
        found: dict[int, list[list[str]]] = {number: [] for number in self.commands}
        for place, number in self.owners.items():
            found[number].append(self.versions[place])
        return found

    def _take(self, message: dict[str, Any]) -> None:
        place = (message["chat"]["id"], message["message_id"])
        text = message["text"]
        self.versions[place].append(text)
        number = self._named(message, text) or self.owners.get(place) or self._next(place[0])
        if number is None:
            self.strays.append(text)
            return
        self.owners[place] = number
        if data := _apply(message):
            self.asked[place] = self.tokens[place] = data
        else:
            self.asked.pop(place, None)
        if not text.startswith(HOURGLASS):
            self._open[place[0]].pop(number, None)

    def _named(self, message: dict[str, Any], text: str) -> int | None:
        chat_id = message["chat"]["id"]
        replied = message.get("reply_to_message", {}).get("message_id")
        number = self._numbers.get((chat_id, replied))
        if number is not None:
            return number
        return next((one for one in self._numbers_in(text) if self._is_of(one, chat_id)), None)

    def _numbers_in(self, text: str) -> Iterable[int]:
        # A warning names other streams than the one that the command is about.
        own = (line for line in text.splitlines() if not line.startswith(WARNING))
        return (int(found) for line in own for found in NUMBER.findall(line))

    def _is_of(self, number: int, chat_id: int) -> bool:
        command = self.commands.get(number)
        return command is not None and command.place[0] == chat_id

    def _next(self, chat_id: int) -> int | None:
        return next(iter(self._open[chat_id]), self._last.get(chat_id))


def _apply(message: dict[str, Any]) -> str:
    """Return the data of the button *Apply*, if there is one."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    data = (str(button.get("callback_data")) for row in rows for button in row)
    return next((one for one in data if one.startswith("plan:apply:")), "")


def _is_message(result: Any) -> bool:
    return isinstance(result, dict) and "message_id" in result and "text" in result
