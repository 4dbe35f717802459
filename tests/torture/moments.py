"""Where a kill strikes: a trap at the two servers, sprung by what the bot does next.

The servers hold a request up while the trap kills, so the bot dies before it learns what the
moment is about. Where the moment is that the bot has just been told something, the trap lets a
few milliseconds pass, as many as it takes to write a row or not quite.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable

from sandbox.keitaro import Keitaro, Request
from sandbox.serving import Cut
from sandbox.telegram import Call, Telegram
from sandbox.telegram.webhook import post
from sandbox.witness import Stage
from tests.torture.checker import HOURGLASS
from tests.torture.plan import (
    ACKNOWLEDGED,
    APPLIED,
    GIVEN,
    RECEIVED,
    RECORDED,
    TAKEN,
    TOLD,
    WORKING,
)

LATE_SECONDS = 1.0
DELAYS_SECONDS = {GIVEN: 0.003, TOLD: 0.006, RECORDED: 0.03}
SAYING = ("sendMessage", "editMessageText")
OK = 200


class Trap:
    """Watches the two servers and kills at the moment it is armed for, once.

    *handed* are the updates the bot was given.
    """

    def __init__(
        self,
        telegram: Telegram,
        keitaro: Keitaro,
        kill: Callable[[], Awaitable[None]],
        dice: random.Random,
    ) -> None:
        self.handed: set[int] = set()
        self.sprung = asyncio.Event()
        self._kill = kill
        self._dice = dice
        self._armed = ""
        self._since = 0.0
        self._update_id = 0
        self._task: asyncio.Task[None] | None = None
        self._telegram = telegram
        keitaro.witness = self.at_tracker
        telegram.witness = self.at_telegram
        telegram.deliver = self.deliver

    def arm(self, moment: str, *, since: float) -> None:
        """Wait for *moment*; what was asked before *since* was asked by a dead process."""
        self.sprung.clear()
        self._armed, self._since, self._update_id = moment, since, 0

    def disarm(self) -> None:
        """Let everything pass; a kill that is about to come does not."""
        self._armed = ""
        if self._task is not None:
            self._task.cancel()

    def struck(self, moment: str) -> str:
        """Return the moment at which the bot has died, now that its last words have arrived."""
        if moment != GIVEN:
            return moment
        waiting = {update["update_id"] for update in self._telegram.updates.batch(10_000)}
        return GIVEN if self._update_id in waiting else ACKNOWLEDGED

    async def at_telegram(self, stage: Stage, call: Call) -> None:
        """See a call of the Bot API."""
        if call.method == "getUpdates":
            await self._at_poll(stage, call)
        elif call.method in SAYING and stage != "received":
            is_working = str(call.parameters.get("text")).startswith(HOURGLASS)
            if stage == "answered":
                await self._strike("" if is_working else RECORDED, call.at)
            else:
                await self._strike(WORKING if is_working else TAKEN, call.at)

    async def _at_poll(self, stage: Stage, call: Call) -> None:
        if stage == "received":
            first = self._telegram.updates.batch(1)
            if first and first[0]["update_id"] < int(call.parameters.get("offset") or 0):
                await self._strike(ACKNOWLEDGED, call.at)
        elif stage == "answered" and call.result:
            self.handed.update(update["update_id"] for update in call.result)
            await self._strike(GIVEN, call.at, update_id=call.result[0]["update_id"])

    async def deliver(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """Post an update to the bot's webhook, and see it given and acknowledged."""
        update, at = json.loads(body)["update_id"], self._telegram.now()

        def sent() -> None:
            self.handed.add(update)
            self._strike_later(GIVEN, at, update_id=update)

        status = await post(url, headers, body, on_sent=sent)
        if status == OK:
            await self._strike(ACKNOWLEDGED, at)
        return status

    async def at_tracker(self, stage: Stage, request: Request) -> None:
        """See a request to the tracker; one whose sender dies may be forgotten, or done late.

        Raises:
            Cut: It is forgotten.
        """
        if request.method == "GET" or not request.path.startswith("streams"):
            return
        moment = {"received": RECEIVED, "done": APPLIED, "answered": TOLD}[stage]
        if await self._strike(moment, request.at) and moment == RECEIVED:
            if self._dice.random() < 0.5:
                raise Cut
            await asyncio.sleep(self._dice.uniform(0, LATE_SECONDS))

    async def _strike(self, moment: str, at: float, *, update_id: int = 0) -> bool:
        """Kill if this is the moment, and tell whether the bot died while this was held up."""
        if not self._is_it(moment, at):
            return False
        if moment in DELAYS_SECONDS:
            self._strike_later(moment, at, update_id=update_id)
            return False
        self.disarm()
        await self._kill()
        self.sprung.set()
        return True

    def _strike_later(self, moment: str, at: float, *, update_id: int = 0) -> None:
        if self._is_it(moment, at):
            self.disarm()
            self._update_id = update_id
            self._task = asyncio.create_task(self._strike_after(moment))

    async def _strike_after(self, moment: str) -> None:
        await asyncio.sleep(self._dice.uniform(0, DELAYS_SECONDS[moment]))
        await self._kill()
        self.sprung.set()

    def _is_it(self, moment: str, at: float) -> bool:
        return bool(moment) and moment == self._armed and at >= self._since
