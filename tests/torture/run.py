"""One job from its first start to its verdict."""

import asyncio
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from handlers.texts import ENGLISH
from sandbox.process import StartError
from tests.torture.checker import Verdict, judge
from tests.torture.evidence import Records, gather, owed
from tests.torture.ledger import Ledger
from tests.torture.load import Load
from tests.torture.moments import Trap
from tests.torture.plan import RANDOM, STARTING, Job, schedule
from tests.torture.stage import Stage, staged

MISS_SECONDS = 3.0
CALM_SHARE = 0.12
UP_SECONDS, CALM_SECONDS = (0.05, 0.6), (2.2, 3.2)
SETTLE_SECONDS = 90.0
SPARE_SECONDS, KILL_SECONDS = 300.0, 10.0
NEWS_KILLS = 50
QUIET_SECONDS = 1.5
UNFORESEEN = re.compile(r"error [0-9a-f]{8}")


@dataclass(frozen=True)
class Report:
    """What came of a job.

    *in_flight* sums up the commands at work when a kill struck, *ends* are the statuses with
    which the bot ended though nobody had killed it, *strays* its messages that answer no
    command, *errors* what it logged as unforeseen.
    """

    job: Job
    verdict: Verdict
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    is_settled: bool = True
    seconds: float = 0.0
    ends: tuple[int, ...] = ()
    strays: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


class Run:
    """The state of a job under way."""

    def __init__(self, job: Job, stage: Stage) -> None:
        self.job = job
        self.stage = stage
        self.ledger = Ledger()
        self.dice = random.Random(job.seed)  # noqa: S311 - moments, not secrets
        self.trap = Trap(self.kill, random.Random(job.seed + 1))  # noqa: S311 - the same
        dice = random.Random(job.seed + 2)  # noqa: S311 - the same
        self.load = Load(stage, self.ledger, dice, is_polling=job.mode == "polling")
        self.kills: Counter[str] = Counter()
        self.ends: list[int] = []
        self.in_flight = 0
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

    async def start(self) -> None:
        """Start the bot and wait until it is ready."""
        self.started_at = self.stage.telegram.now()
        await self.stage.bot.start()

    async def strike(self, moment: str) -> str:
        """Kill the bot, which is not running yet or is, and return at which moment it died."""
        if moment == STARTING:
            return await self._strike_while_starting()
        await self.start()
        is_calm = self.dice.random() < CALM_SHARE
        await asyncio.sleep(self.dice.uniform(*(CALM_SECONDS if is_calm else UP_SECONDS)))
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
        # What the dead process has still sent is on its way to the servers.
        await asyncio.sleep(0.02)
        return self.trap.struck(moment)

    async def _strike_while_starting(self) -> str:
        starting = asyncio.create_task(self.start())
        await asyncio.sleep(self.dice.uniform(0.15, 1.2))
        is_ready = starting.done()
        await self.kill()
        with suppress(StartError):
            await starting
        return RANDOM if is_ready else STARTING

    async def settle(self) -> bool:
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

    @asynccontextmanager
    async def under_load(self) -> AsyncIterator[None]:
        """Let people write while the block runs; what should go wrong ends with it."""
        talking = asyncio.create_task(self.load.run())
        try:
            yield
        finally:
            talking.cancel()
            await asyncio.wait({talking})
            self.stage.telegram.faults.queue.clear()
            self.stage.keitaro.script.clear()


async def perform(job: Job, folder: Path) -> Report:
    """Do *job* in an empty *folder* and say what came of it."""
    began = time.monotonic()
    async with (
        asyncio.timeout(SPARE_SECONDS + job.kills * KILL_SECONDS),
        staged(job, folder) as stage,
    ):
        run = Run(job, stage)
        if stage.database:
            await run.start()
            await stage.link()
            await stage.bot.stop()
        run.trap.watch(stage.telegram)
        stage.keitaro.witness = run.trap.at_tracker
        run.ledger.skip(stage.telegram.calls)
        async with run.under_load():
            await _torment(run)
        await run.start()
        is_settled = await run.settle()
        if status := await stage.bot.stop():
            run.ends.append(status)
        run.ledger.read(stage.telegram.calls)
        return _report(run, is_settled=is_settled, seconds=time.monotonic() - began)


async def _torment(run: Run) -> None:
    """Kill as planned; a moment that did not come is tried again in place of a random one."""
    left = schedule(run.job, run.dice)
    while left:
        wanted = left.pop(0)
        struck = await run.strike(wanted)
        run.kills[struck] += 1
        if struck != wanted and RANDOM in left:
            left[left.index(RANDOM)] = wanted
        if run.kills.total() % NEWS_KILLS == 0:
            news = f"{run.job.mode}: {run.kills.total()} of {run.job.kills} kills"
            print(news, file=sys.stderr, flush=True)  # noqa: T201 - a long run shows that it goes on


def _report(run: Run, *, is_settled: bool, seconds: float) -> Report:
    stage = run.stage
    records = Records.of(stage.database) if stage.database else None
    known = gather(run.ledger, stage.telegram, stage.keitaro, records)
    verdict = judge(known, repeat_note=getattr(ENGLISH, "repeat", ""))
    return Report(
        run.job,
        verdict,
        run.kills,
        run.load.faults,
        run.in_flight,
        is_settled,
        seconds,
        tuple(run.ends),
        tuple(run.ledger.strays),
        tuple(UNFORESEEN.findall(stage.bot.output)),
    )
