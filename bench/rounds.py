"""The whole run: both bots in turn, at both distances, round after round."""

import sys
from dataclasses import dataclass

from bench.contenders import NAMES, Name
from bench.figures import Run, body, cells
from bench.kinds import KINDS
from bench.load import Sample, measured, warm_up
from bench.machine import Cores, memory
from bench.stage import Network, Stage, staged
from bench.tables import Table, asked, compared, judged, processes

NETWORKS = (Network("loopback", 0.0, 0.0), Network("as on a network", 0.03, 0.05))
EACH_IN_FLIGHT = 8
# One at a time over a network is mostly waiting, and varies little.
FEWER = 4


@dataclass(frozen=True)
class Plan:
    """How much is measured: at least *commands* of each kind with each number *in_flight*."""

    commands: int
    rounds: int
    in_flight: tuple[int, ...]
    asks_names: bool

    def commands_for(self, network: Network, in_flight: int) -> int:
        """Return how many commands are said, enough to keep all people busy for a while."""
        if in_flight == 1 and network.tracker_seconds:
            return max(2, self.commands // FEWER)
        return max(2, self.commands, EACH_IN_FLIGHT * in_flight)


Runs = dict[tuple[str, Name], list[Run]]


async def played(plan: Plan, cores: Cores) -> Runs:
    """Let the bots take turns; in every second round the other one begins."""
    runs: Runs = {(network.name, name): [] for network in NETWORKS for name in NAMES}
    for number in range(plan.rounds):
        for network in NETWORKS:
            for name in NAMES if number % 2 == 0 else NAMES[::-1]:
                print(f"round {number + 1}: {name}, {network.name}", file=sys.stderr)
                runs[network.name, name].append(await _turn(plan, cores, network, name, number))
    return runs


async def _turn(plan: Plan, cores: Cores, network: Network, name: Name, number: int) -> Run:
    people = max(plan.in_flight)
    async with staged(name, network, people, cores, asks_names=plan.asks_names) as stage:
        await warm_up(stage)
        warm = memory(stage.bot.pid)
        samples = await _samples(plan, network, stage, number)
        return Run(samples, stage.start, warm, memory(stage.bot.pid))


async def _samples(
    plan: Plan, network: Network, stage: Stage, number: int
) -> dict[tuple[str, int], Sample]:
    # What comes first has the connections of the warm-up to look through, so each does once.
    begin = number % len(KINDS)
    samples = {
        (kind.name, count): await measured(stage, kind, count, plan.commands_for(network, count))
        for kind in KINDS[begin:] + KINDS[:begin]
        for count in plan.in_flight
    }
    return {
        (kind.name, count): samples[kind.name, count] for kind in KINDS for count in plan.in_flight
    }


def told(runs: Runs) -> tuple[list[Table], float]:
    """Return the tables, and the largest share of a core that the harness needed of its own."""
    worlds = [tuple(cells(runs[network.name, name]) for name in NAMES) for network in NETWORKS]
    pairs = [(us, it) for us, it in worlds]
    bodies = [
        body([run for network in NETWORKS for run in runs[network.name, name]]) for name in NAMES
    ]
    tables = [
        compared(f"Commands, {network.name}", us, it)
        for network, (us, it) in zip(NETWORKS, pairs, strict=True)
    ]
    tables += [
        asked(*pairs[0]),
        processes(bodies[0], bodies[1]),
        judged(pairs, (bodies[0], bodies[1])),
    ]
    busiest = max(one.busiest for pair in pairs for side in pair for one in side.values())
    return tables, busiest
