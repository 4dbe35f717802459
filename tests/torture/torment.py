"""One bot, killed and started again and again."""

import asyncio
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress

from sandbox.process import StartError
from tests.torture.evidence import owed
from tests.torture.ledger import Ledger
from tests.torture.load import press
from tests.torture.moments import Trap
from tests.torture.plan import RANDOM, STARTING, Job
from tests.torture.stage import Stage

MISS_SECONDS = 6.0
# How long it may live before a kill: it has hardly begun, sends changes again, is nearly idle.
LIVES_SECONDS, LIVES_SHARES = ((0.05, 0.45), (1.0, 1.6), (2.2, 3.2)), (5, 4, 1)
# Telegram is looked at for what a dead process has still sent.
LAST_WORDS_SECONDS = 0.02
STARTING_SECONDS = (0.1, 0.6)
SPARE_KILLS = 9
SETTLE_SECONDS = 90.0
QUIET_SECONDS = 1.5
NEWS_KILLS = 50


class Torment:
    """Kills the bot of one job as planned, and waits until it has recovered.

    *left* are the plans that nobody had confirmed when all kills were over, and that were confirmed
    then. *kills* counts where it died, *in_flight* sums up the commands at work then, *ends* are the
    statuses with which it ended though nobody had killed it.
    """

    def __init__(self, job: Job, stage: Stage) -> None:
        self.stage = stage
        self.ledger = Ledger()
        self.ledger.skip(stage.telegram.calls)
        self.dice = random.Random(job.seed)  # noqa: S311 - moments, not secrets
        dice = random.Random(job.seed + 1)  # noqa: S311 - the same
        self.trap = Trap(stage.telegram, stage.keitaro, self.kill, dice)
        self.kills: Counter[str] = Counter()
        self.ends: list[int] = []
        self.in_flight = 0
        self.left = 0
        self.started_at = 0.0

    async def kill(self) -> None:
        """End the bot at once, and note what it was doing."""
        status = await self.stage.bot.kill()
        if status != -signal.SIGKILL:
            self.ends.append(status)
        self.stage.telegram.updates.displace("the connection is gone")
        self.ledger.read(self.stage.telegram.calls)
        handed = self.trap.handed | set(self.stage.telegram.confirmed[-1000:])
        self.in_flight += sum(
            self.ledger.commands[number].update_id in handed for number in self.ledger.open()
        )

    async def carry_out(self, moments: list[str]) -> None:
        """Kill at each of *moments*.

        One that does not come is tried again in the place of a random one, or after all others.
        """
        left, spare = list(moments), SPARE_KILLS
        while left:
            wanted = left.pop(0)
            struck = await self._strike(wanted)
            self.kills[struck] += 1
            if struck != wanted and RANDOM in left:
                left[left.index(RANDOM)] = wanted
            elif struck != wanted and spare:
                spare -= 1
                left.append(wanted)
            if left and len(left) % NEWS_KILLS == 0:
                # A long run shows that it goes on.
                print(f"{len(left)} kills to go", file=sys.stderr, flush=True)  # noqa: T201 - so

    async def start(self) -> None:
        """Start the bot and wait until it is ready."""
        self.started_at = self.stage.telegram.now()
        await self.stage.bot.start()

    async def _strike(self, moment: str) -> str:
        """Start the bot, kill it, and return at which moment it died."""
        if moment == STARTING:
            return await self._strike_while_starting()
        await self.start()
        [life] = self.dice.choices(LIVES_SECONDS, LIVES_SHARES)
        await asyncio.sleep(self.dice.uniform(*life))
        if moment == RANDOM:
            await self.kill()
            return RANDOM
        self.trap.arm(moment, since=self.started_at)
        try:
            await asyncio.wait_for(self.trap.sprung.wait(), MISS_SECONDS)
        except TimeoutError:
            self.trap.disarm()
            await self.kill()
            return RANDOM
        await asyncio.sleep(LAST_WORDS_SECONDS)
        return self.trap.struck(moment)

    async def _strike_while_starting(self) -> str:
        starting = asyncio.create_task(self.start())
        await asyncio.sleep(self.dice.uniform(*STARTING_SECONDS))
        is_ready = starting.done()
        await self.kill()
        with suppress(StartError):
            await starting
        return RANDOM if is_ready else STARTING

    async def recover(self) -> bool:
        """Start the bot, let it do what is left, stop it, and tell whether it got that far."""
        await self.start()
        is_settled = await self._settle()
        left = self.ledger.questions()
        for one in left:
            press(self.stage, self.ledger, *one)
        if left:
            self.left = len(left)
            is_settled = await self._settle() and is_settled
        if status := await self.stage.bot.stop():
            self.ends.append(status)
        self.ledger.read(self.stage.telegram.calls)
        return is_settled

    async def _settle(self) -> bool:
        """Wait until nothing is left to do, and tell whether that was reached in time."""
        deadline = time.monotonic() + SETTLE_SECONDS
        quiet_since = time.monotonic()
        while time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            database = self.stage.database
            is_busy = self.ledger.read(self.stage.telegram.calls)
            if is_busy or len(self.stage.telegram.updates) or (database and owed(database)):
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > QUIET_SECONDS:
                return True
        return False
