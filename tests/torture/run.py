"""One job from its first start to its verdict."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from handlers.render.html import plain
from handlers.texts import ENGLISH
from tests.torture.checker import Verdict, judge
from tests.torture.evidence import Records, gather
from tests.torture.faults import Misfortune
from tests.torture.load import Load
from tests.torture.plan import Job, schedule
from tests.torture.stage import Stage, staged
from tests.torture.torment import Torment

SPARE_SECONDS, KILL_SECONDS = 300.0, 10.0
UNFORESEEN = re.compile(r"error [0-9a-f]{8}")


@dataclass(frozen=True)
class Report:
    """What came of a job.

    *in_flight* sums up the commands at work when a kill struck, *ends* are the statuses with
    which the bot ended though nobody had killed it, *strays* its messages that answer no
    command, *errors* what it logged as unforeseen, *plans* counts those that were shown.
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
    plans: Counter[str] = field(default_factory=Counter)


async def perform(job: Job, folder: Path) -> Report:
    """Do *job* in an empty *folder* and say what came of it."""
    began = time.monotonic()
    bound = SPARE_SECONDS + job.kills * KILL_SECONDS
    async with asyncio.timeout(bound), staged(job, folder) as stage:
        if stage.database:
            await stage.bot.start()
            await stage.link()
            await stage.bot.stop()
        torment = Torment(job, stage)
        dice = random.Random(job.seed + 2)  # noqa: S311 - chatter, not secrets
        misfortune = Misfortune(
            stage.telegram, stage.keitaro, dice, is_polling=job.mode == "polling"
        )
        async with talking(Load(stage, torment.ledger, misfortune, dice)):
            await torment.carry_out(schedule(job, torment.dice))
        misfortune.end()
        is_settled = await torment.recover()
        seconds = time.monotonic() - began
        return _report(job, stage, torment, misfortune, is_settled=is_settled, seconds=seconds)


@asynccontextmanager
async def talking(load: Load) -> AsyncIterator[None]:
    """Let people write while the block runs."""
    task = asyncio.create_task(load.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.result()


def _report(
    job: Job,
    stage: Stage,
    torment: Torment,
    misfortune: Misfortune,
    *,
    is_settled: bool,
    seconds: float,
) -> Report:
    records = Records.of(stage.database) if stage.database else None
    known = gather(torment.ledger, stage.telegram, stage.keitaro, records)
    return Report(
        job,
        judge(known, repeat_note=plain(ENGLISH.repeat)),
        torment.kills,
        misfortune.ordered,
        torment.in_flight,
        is_settled,
        seconds,
        tuple(torment.ends),
        tuple(torment.ledger.strays),
        tuple(UNFORESEEN.findall(stage.bot.output)),
        _plans(torment),
    )


def _plans(torment: Torment) -> Counter[str]:
    """Count what was asked about, and how often that was confirmed."""
    ledger = torment.ledger
    planned = {command.number for command, _, _ in ledger.shown()}
    presses = [updates for number, updates in ledger.presses.items() if number in planned]
    return Counter(
        {
            "plans": len(planned),
            "plans confirmed": len(presses),
            "plans left to the end": torment.left,
            "presses": sum(map(len, presses)),
        }
    )
