"""Where every request to the tracker waits until the script lets it pass, or loses it."""

import asyncio
import copy
import json
import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from sandbox.keitaro import Keitaro, Request
from sandbox.witness import Stage

Row = dict[str, Any]
Fate = Literal["waiting", "passed", "lost before", "lost after", "given up"]
Verdict = Literal["passed", "lost before", "lost after"]

# The update that is being handled, by its number.
TURN: ContextVar[int] = ContextVar("turn", default=0)
STREAM = re.compile(r"^streams/(\d+)")
ROOT = "/admin_api/v1/"


@dataclass(eq=False)
class Asked:
    """A request of the bot, made while the update *turn* was handled.

    *before* and *after* are the stream around the moment *at* which it was carried out.
    """

    turn: int
    method: str
    path: str
    body: Any
    verdict: "asyncio.Future[Verdict]" = field(repr=False)
    fate: Fate = "waiting"
    at: int = 0
    before: Row = field(default_factory=dict, repr=False)
    after: Row = field(default_factory=dict, repr=False)

    @property
    def stream_id(self) -> int:
        """The stream in its path; 0 if there is none."""
        found = STREAM.match(self.path)
        return int(found[1]) if found else 0

    @property
    def is_write(self) -> bool:
        """Whether it would change a stream."""
        return self.method != "GET" and self.path.split("/")[0] == "streams"

    @property
    def is_look(self) -> bool:
        """Whether it reads a stream."""
        return self.method == "GET" and bool(self.stream_id)


class Gate(httpx.AsyncBaseTransport):
    """The way to the tracker; *asked* is everything that came by, *edits* what the panel did.

    What is asked while one of the updates *muted* is handled is lost, all of it. Moments are
    counted in steps of whatever happened at the tracker.
    """

    def __init__(self, keitaro: Keitaro) -> None:
        self.asked: list[Asked] = []
        self.edits: list[tuple[int, int]] = []
        self.is_open = False
        self.muted: set[int] = set()
        self._keitaro = keitaro
        self._current: ContextVar[Asked] = ContextVar("asked")
        self._moment = 0
        keitaro.witness = self._witness

    @property
    def waiting(self) -> list[Asked]:
        """What waits, the oldest first."""
        return [one for one in self.asked if one.fate == "waiting"]

    def let(self, one: Asked, verdict: Verdict = "passed") -> None:
        """Let it pass, or lose it on its way there, or its answer on the way back."""
        one.fate = verdict
        one.verdict.set_result(verdict)

    def edit(self, stream_id: int, **fields: Any) -> None:
        """Do something in the panel."""
        self._keitaro.edit(stream_id, **fields)
        self.edits.append((stream_id, self._next()))

    def open(self) -> None:
        """Hold nothing up any more."""
        self.is_open = True
        for one in self.waiting:
            self.let(one)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait, then go on as the script says."""
        content = await request.aread()
        one = Asked(
            TURN.get(),
            request.method,
            request.url.path.removeprefix(ROOT).rstrip("/"),
            json.loads(content) if content else None,
            asyncio.get_running_loop().create_future(),
        )
        self.asked.append(one)
        if one.turn in self.muted:
            self.let(one, "lost before")
        elif self.is_open:
            self.let(one)
        try:
            verdict = await one.verdict
        except asyncio.CancelledError:
            one.fate = "given up"
            raise
        if verdict == "lost before":
            raise httpx.ReadError("lost on its way")
        self._current.set(one)
        response = await httpx.ASGITransport(app=self._keitaro.app).handle_async_request(request)
        if verdict == "lost after":
            raise httpx.ReadError("its answer was lost")
        return response

    async def _witness(self, stage: Stage, request: Request) -> None:
        one = self._current.get()
        if stage == "received":
            one.before = self._stream(one)
        elif stage == "done":
            one.after, one.at = self._stream(one), self._next()

    def _stream(self, one: Asked) -> Row:
        return copy.deepcopy(self._keitaro.streams.get(one.stream_id, {}))

    def _next(self) -> int:
        self._moment += 1
        return self._moment
