"""Commands that came while the bot was away, too long ago to be meant still: one list a chat.

Each stays stored until the list that names it is owed, so none is dropped silently.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.answer import Answer, Place
from handlers.inbox import StoredQueue
from handlers.outbox import Outbox
from handlers.render.html import code, inert
from handlers.render.page import Page, page
from handlers.request import Called
from handlers.texts import Texts
from storage import StorageError

QUIET_SECONDS = 1.0
LONGEST_SECONDS = 30.0
LINES_MOST = 40
WORDS_SIGNS = 60
MINUTE_SECONDS = 60
# What is typed behind these is not for everybody's eyes.
SECRET = ("link", "start")


@dataclass(frozen=True)
class LateCommand:
    """A command that is not carried out: who sent what, and how long ago."""

    update_id: int
    person: str
    call: Called | None
    age_seconds: float

    def line(self, texts: Texts) -> str:
        """Return it as a line of HTML."""
        minutes = int(self.age_seconds / MINUTE_SECONDS)
        return texts.late_line.format(
            minutes=minutes, person=inert(self.person), command=code(self._words())
        )

    def _words(self) -> str:
        if self.call is None:
            return "…"
        words = " ".join(self.call.rest.split())
        if self.call.name in SECRET and words:
            return f"/{self.call.name} …"
        shown = words if len(words) <= WORDS_SIGNS else f"{words[:WORDS_SIGNS]}…"
        return f"/{self.call.name} {shown}".rstrip()


@dataclass
class _List:
    """What is still to be told in one chat."""

    place: Place
    texts: Texts
    commands: list[LateCommand] = field(default_factory=list)


class LateCommands:
    """Collects late commands until no more come in any chat, then tells each chat of its own.

    That takes half a minute at most, so that a clock that is off, to which every command is late,
    keeps nobody waiting for long.
    """

    def __init__(
        self, outbox: Outbox, queue: StoredQueue, *, quiet_seconds: float = QUIET_SECONDS
    ) -> None:
        self._outbox = outbox
        self._queue = queue
        self._quiet_seconds = quiet_seconds
        self._lists: dict[int, _List] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._latest = 0.0

    def add(self, command: LateCommand, place: Place, texts: Texts) -> None:
        """Tell soon that *command* was not carried out; until then its update stays stored."""
        loop = asyncio.get_running_loop()
        if not self._lists:
            self._latest = loop.time() + LONGEST_SECONDS
        found = self._lists.setdefault(place.chat_id, _List(place, texts))
        found.commands.append(command)
        self._queue.ended((command.update_id,))
        self._stop_timer()
        moment = min(loop.time() + self._quiet_seconds, self._latest)
        self._timer = loop.call_at(moment, self._begin)

    async def settled(self) -> None:
        """Tell now what waits to be told."""
        self._stop_timer()
        lists, self._lists = self._lists, {}
        for found in lists.values():
            await self._tell(found)

    def close(self) -> None:
        """Leave what was not told yet to the next process."""
        self._stop_timer()
        self._lists.clear()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self) -> None:
        task = asyncio.create_task(self.settled())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, found: _List) -> None:
        commands = found.commands
        answer = Answer(
            self._outbox,
            found.place,
            key=f"late{commands[0].update_id}",
            texts=found.texts,
            ends=tuple(command.update_id for command in commands),
        )
        try:
            await answer.give(late_page(commands, found.texts), is_result=True)
        except StorageError as error:
            self._queue.lose(error)


def late_page(commands: Sequence[LateCommand], texts: Texts) -> Page:
    """Return the answer that names *commands* as not carried out."""
    lines = [command.line(texts) for command in commands[:LINES_MOST]]
    if len(commands) > LINES_MOST:
        lines.append(f"… +{len(commands) - LINES_MOST}")
    return page("❌", texts.late_title, *lines)
