"""What a script can do: every step is a name and two numbers, which choose among what there is."""

import itertools
import json
from collections.abc import Callable
from typing import Any

from handlers.changes.expiry import sweep
from tests.weaving.gate import Asked
from tests.weaving.room import Turn, Weave

Step = tuple[str, int, int]
Message = dict[str, Any]

STREAMS = (45, 46)
SECONDS = (30.0, 240.0, 601.0)
REQUESTS_MOST = 60
NUMBERS = 12
MUTE = 9


class Steps:
    """Carries out the steps of one script; what they cannot do at the moment they leave."""

    def __init__(self, weave: Weave) -> None:
        self._weave = weave
        self._fresh = itertools.count(101)
        self._seen: list[tuple[Message, str]] = []

    async def take(self, step: Step) -> None:
        """Do one step, and wait until nobody can go on by themselves."""
        name, first, second = step
        await STEPS[name](self, first, second)
        await self._weave.quiet()

    async def idle(self, first: int, second: int) -> None:
        """Nobody does anything."""

    async def say(self, first: int, second: int) -> None:
        """Somebody types a change."""
        weave = self._weave
        person, chat = (
            (weave.room.owner, weave.group),
            (weave.oleg, weave.group),
            (weave.room.owner, weave.room.home),
        )[first % 3]
        # The first stream is what most of it is about.
        stream_id = STREAMS[first % 4 == 3]
        text, wish = self._words(stream_id, second)
        weave.say(person, chat, text, stream_id=stream_id, wish=wish)

    async def ask(self, first: int, second: int) -> None:
        """The same, and the question is there at once."""
        await self.say(first, second)
        await self._weave.quiet()
        await self._finish(max(self._weave.turns), writes=True)

    def _words(self, stream_id: int, choice: int) -> tuple[str, dict[str, Any]]:
        number = next(self._fresh)
        states = {"on": "active", "off": "disabled", "delete": "deleted", "restore": "active"}
        fields: dict[str, Any] = {}
        match choice % 9:
            case 0 | 1:
                fields = {"weight": number}
            case 2:
                fields = {"name": f"Night {number}"}
            case 3 if stream_id == STREAMS[0]:
                shares = {81: number % 100, 82: 100 - number % 100}
                fields = {"offers": [{"offer_id": k, "share": v} for k, v in shares.items()]}
            case 3 | 4:
                fields = {"weight": number, "comments": f"by {number}"}
            case other:
                word = ("off", "delete", "on", "restore")[other - 5]
                return f"/stream {stream_id} {word}", {"state": states[word]}
        return f"/stream {stream_id} {json.dumps(fields)}", fields

    async def apply(self, first: int, second: int) -> None:
        """Somebody, mostly its author, presses *Apply* under a question."""
        self._press_question(0, first, second)

    async def confirm(self, first: int, second: int) -> None:
        """The same, and all passes but the write."""
        await self.apply(first, second)
        await self._weave.quiet()
        if self._weave.turns:
            await self._finish(max(self._weave.turns), writes=False)

    async def cancel(self, first: int, second: int) -> None:
        """Or *Cancel*."""
        self._press_question(1, first, second)

    def _press_question(self, place: int, first: int, second: int) -> None:
        questions = [one for one in self._messages() if one["text"].startswith("❔")]
        found = [(one, _data(one)) for one in questions if len(_data(one)) > 1]
        if not found:
            return
        message, data = found[-1 - first % len(found)]
        self._seen.append((message, data[0]))
        self._press(message, data[place], second, "cancel" if place else "apply")

    async def again(self, first: int, second: int) -> None:
        """Somebody presses *Apply* where their own screen still shows it."""
        if self._seen:
            message, data = self._seen[-1 - first % len(self._seen)]
            self._press(message, data, second, "apply")

    async def elsewhere(self, first: int, second: int) -> None:
        """A changed client presses *Apply* of one chat under a message of another."""
        del second
        home = self._weave.room.home
        shown = [one for one in self._messages() if one["chat"]["id"] == home.id]
        found = [one for one in self._seen if one[0]["chat"]["id"] != home.id]
        if found and shown:
            data = found[-1 - first % len(found)][1]
            self._weave.press(self._weave.room.owner, shown[-1], data, "apply")

    async def undo(self, first: int, second: int) -> None:
        """An operator presses *Undo* under a change."""
        found = [
            (message, data)
            for message in self._messages()
            for data in _data(message)
            if data.startswith("undo:")
        ]
        if found:
            message, data = found[-1 - first % len(found)]
            self._press(message, data, second, "undo")

    def _press(self, message: Message, data: str, choice: int, verb: str) -> None:
        weave = self._weave
        is_private = message["chat"]["id"] == weave.room.home.id
        people = [weave.room.owner, weave.oleg, weave.vera]
        author = next((one for one in people if f"Only {one.first_name} " in message["text"]), None)
        others = [author or weave.room.owner] * 6 + people * 2
        person = weave.room.owner if is_private else others[choice % len(others)]
        weave.press(person, message, data, verb)

    async def panel(self, first: int, second: int) -> None:
        """The colleague edits a stream, unless the bot is between its look and its write."""
        stream_id = STREAMS[first % 4 == 3]
        if self._is_guarded(stream_id):
            return
        number = next(self._fresh)
        edits: tuple[dict[str, Any], ...] = (
            {"weight": number},
            {"weight": 70},
            {"name": f"Panel {number}"},
            {"state": "disabled"},
            {"state": "active"},
            {"state": "deleted"},
        )
        self._weave.gate.edit(stream_id, **edits[second % len(edits)])

    def _is_guarded(self, stream_id: int) -> bool:
        return any(
            is_between(self._weave.gate.asked, turn, stream_id)
            for turn in self._weave.turns.values()
        )

    async def step(self, first: int, second: int) -> None:
        """One request passes."""
        del second
        if waiting := self._weave.gate.waiting:
            self._weave.gate.let(waiting[first % len(waiting)])

    async def run(self, first: int, second: int) -> None:
        """One update is handled until it would write."""
        del second
        await self._go_on(first, writes=False)

    async def end(self, first: int, second: int) -> None:
        """One update is handled until it is done, or waits for another."""
        del second
        await self._go_on(first, writes=True)

    async def _go_on(self, choice: int, *, writes: bool) -> None:
        numbers = list(dict.fromkeys(one.turn for one in self._weave.gate.waiting))
        if numbers:
            await self._finish(numbers[choice % len(numbers)], writes=writes)

    async def _finish(self, number: int, *, writes: bool) -> None:
        gate = self._weave.gate
        for _ in range(REQUESTS_MOST):
            mine = [one for one in gate.waiting if one.turn == number]
            mine = [one for one in mine if writes or not one.is_write]
            if not mine:
                return
            for one in mine:
                gate.let(one)
            await self._weave.quiet()

    async def lose(self, first: int, second: int) -> None:
        """A request is lost, or its answer; what is about a stream is lost first.

        Sometimes all that its update asks from then on is lost, too.
        """
        waiting = sorted(self._weave.gate.waiting, key=_worth)
        if waiting:
            one = waiting[first % len(waiting)]
            if second >= MUTE:
                self._weave.gate.muted.add(one.turn)
            self._weave.gate.let(one, "lost after" if second % 2 else "lost before")

    async def wait(self, first: int, second: int) -> None:
        """Time goes on; mostly somebody sweeps then."""
        self._weave.room.clock.at += SECONDS[first % len(SECONDS)]
        if second % 3:
            await sweep(self._weave.services)

    def _messages(self) -> list[Message]:
        chats = (self._weave.group, self._weave.room.home)
        found = [one for chat in chats for one in chat.messages.values() if one["from"]["is_bot"]]
        return sorted(found, key=lambda one: (one.get("edit_date", one["date"]), one["message_id"]))


def is_between(asked: list[Asked], turn: Turn, stream_id: int) -> bool:
    """Tell whether *turn* has looked at the stream at *Apply*, and not written yet."""
    if turn.verb != "apply" or turn.task.done():
        return False
    mine = [one for one in asked if one.turn == turn.number and one.stream_id == stream_id]
    looks = [one for one in mine if one.is_look and one.fate == "passed"]
    writes = [one for one in mine if one.is_write and one.fate != "waiting"]
    return len(looks) == 1 and not writes


def _worth(one: Asked) -> int:
    return 0 if one.is_write else 1 if one.is_look else 2


def _data(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


STEPS: dict[str, Callable[[Steps, int, int], Any]] = {
    "idle": Steps.idle,
    "say": Steps.say,
    "ask": Steps.ask,
    "apply": Steps.apply,
    "confirm": Steps.confirm,
    "cancel": Steps.cancel,
    "again": Steps.again,
    "elsewhere": Steps.elsewhere,
    "undo": Steps.undo,
    "panel": Steps.panel,
    "step": Steps.step,
    "run": Steps.run,
    "end": Steps.end,
    "lose": Steps.lose,
    "wait": Steps.wait,
}
