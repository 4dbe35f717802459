"""Commands in flight, and what they cost."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.kinds import KINDS, Kind
from bench.machine import cpu_seconds
from bench.stage import Stage
from sandbox.telegram import Person

# What a bot does after its answer belongs to the command, too.
AFTERWARDS_SECONDS = 0.1
WARM_UP_EACH = 3


@dataclass(frozen=True)
class Sample:
    """What a number of commands of one kind came to; every field ending so is in seconds.

    *telegram_calls* and *tracker_requests* are what the bot asked for them, polling left out.
    """

    latencies_seconds: tuple[float, ...]
    wall_seconds: float
    bot_cpu_seconds: float
    harness_cpu_seconds: float
    tracker_cpu_seconds: float
    telegram_calls: int
    tracker_requests: int


async def warm_up(stage: Stage) -> None:
    """Let everybody say everything a few times, so that what is done once is done."""
    for kind in KINDS:
        numbers = itertools.count(1_000_000)
        commands = WARM_UP_EACH * len(stage.people)
        await _answered(stage, kind, itertools.islice(numbers, commands), len(stage.people))


async def measured(stage: Stage, kind: Kind, in_flight: int, commands: int) -> Sample:
    """Say *commands* of a *kind*, always *in_flight* at a time, each by another person."""
    calls, requests = stage.ears.heard, await stage.tracker_requests()
    cpu, tracker_cpu = cpu_seconds(stage.bot.pid), cpu_seconds(stage.tracker_pid)
    own_cpu, begun_at = time.process_time(), time.perf_counter()
    latencies = await _answered(stage, kind, iter(range(commands)), in_flight)
    wall, own_cpu = time.perf_counter() - begun_at, time.process_time() - own_cpu
    tracker_cpu = cpu_seconds(stage.tracker_pid) - tracker_cpu
    await asyncio.sleep(AFTERWARDS_SECONDS)
    return Sample(
        tuple(latencies),
        wall,
        cpu_seconds(stage.bot.pid) - cpu,
        own_cpu,
        tracker_cpu,
        stage.ears.heard - calls,
        await stage.tracker_requests() - requests,
    )


async def _answered(
    stage: Stage, kind: Kind, numbers: Iterator[int], in_flight: int
) -> list[float]:
    latencies: list[float] = []

    async def talk(person: Person) -> None:
        # The people share the numbers: whoever has an answer takes the next one.
        latencies.extend([await stage.ask(person, kind.says(number)) for number in numbers])

    await asyncio.gather(*(talk(person) for person in stage.people[:in_flight]))
    return latencies
