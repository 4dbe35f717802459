"""From samples of several rounds to figures, and from those of two bots to ratios."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.load import Sample
from bench.machine import Memory
from bench.stage import Start

# This bot's figure over the minimal one's, and whether more is better.
AIMS = (("p50", 1.7, False), ("throughput", 0.6, True), ("memory", 1.4, False))


@dataclass(frozen=True)
class Run:
    """One bot in one round: its samples by kind and commands in flight, in that order."""

    samples: dict[tuple[str, int], Sample]
    start: Start
    warm: Memory
    end: Memory


@dataclass(frozen=True)
class Cell:
    """What one kind of command costs one bot, with so many in flight.

    *calls* and *requests* are what it asks Telegram and the tracker for each command; *busiest*
    is the share of its core that the harness or the tracker was busy.
    """

    p50_seconds: float
    p95_seconds: float
    throughput: float
    cpu_seconds: float
    calls: float
    requests: float
    busiest: float


@dataclass(frozen=True)
class Body:
    """What a bot costs whatever it is told: medians of all rounds."""

    first_poll_seconds: float
    ready_seconds: float
    warm_bytes: float
    peak_bytes: float


def cell(samples: Sequence[Sample]) -> Cell:
    """Put the rounds together: latencies pooled, costs added, the throughput a median."""
    latencies = sorted(latency for one in samples for latency in one.latencies_seconds)
    count = len(latencies)
    return Cell(
        p50_seconds=median(latencies),
        p95_seconds=quantiles(latencies, n=20, method="inclusive")[-1],
        throughput=median(len(one.latencies_seconds) / one.wall_seconds for one in samples),
        cpu_seconds=sum(one.bot_cpu_seconds for one in samples) / count,
        calls=sum(one.telegram_calls for one in samples) / count,
        requests=sum(one.tracker_requests for one in samples) / count,
        busiest=max(
            max(one.harness_cpu_seconds, one.tracker_cpu_seconds) / one.wall_seconds
            for one in samples
        ),
    )


def cells(runs: Sequence[Run]) -> dict[tuple[str, int], Cell]:
    """Put the rounds of one bot together."""
    return {key: cell([run.samples[key] for run in runs]) for key in runs[0].samples}


def body(runs: Sequence[Run]) -> Body:
    """Put what the rounds say of the process itself together."""
    return Body(
        median(run.start.first_poll_seconds for run in runs),
        median(run.start.ready_seconds for run in runs),
        median(run.warm.now for run in runs),
        median(run.end.peak for run in runs),
    )
