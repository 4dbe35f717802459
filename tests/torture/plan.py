"""How many kills, of which kind, in which process."""

import random
from dataclasses import dataclass

MODES = ("polling", "webhook")

GIVEN = "update given"
ACKNOWLEDGED = "update acknowledged"
RECEIVED = "call received"
APPLIED = "call applied"
TOLD = "tracker answered"
WORKING = "⏳ taken"
TAKEN = "answer taken"
RECORDED = "answer recorded"
STARTING = "while starting"
RANDOM = "at random"
MOMENTS = (GIVEN, ACKNOWLEDGED, RECEIVED, APPLIED, TOLD, WORKING, TAKEN, RECORDED, STARTING)
RANDOM_SHARE = 4


@dataclass(frozen=True)
class Job:
    """A run in one process with one database: *kills* kills of *subject*, in this *mode*.

    *moments* stand in for the usual mixture.
    """

    mode: str
    kills: int
    seed: int
    subject: str = "bot"
    moments: tuple[str, ...] = ()


def jobs(*, kills: int, seed: int, modes: tuple[str, ...], workers: int) -> list[list[Job]]:
    """Share *kills* out evenly over *modes* and *workers*; the jobs of a worker run in turn."""
    places = [(worker, modes[worker % len(modes)]) for worker in range(workers)]
    if workers % len(modes):
        places = [(worker, mode) for worker in range(workers) for mode in modes]
    shares: list[list[Job]] = [[] for _ in range(workers)]
    for mode in modes:
        of_mode = [worker for worker, name in places if name == mode]
        total = kills // len(modes) + (kills % len(modes) if mode == modes[0] else 0)
        for place, worker in enumerate(of_mode):
            count = total // len(of_mode) + (place < total % len(of_mode))
            if count:
                shares[worker].append(
                    Job(mode, count, seed + len(MODES) * worker + len(shares[worker]))
                )
    return [share for share in shares if share]


def schedule(job: Job, dice: random.Random) -> list[str]:
    """Return the moments of the kills: every one in each dozen, in no particular order."""
    if job.moments:
        return list(job.moments)
    found: list[str] = []
    while len(found) < job.kills:
        block = [*MOMENTS, *[RANDOM] * RANDOM_SHARE]
        dice.shuffle(block)
        found += block
    return found[: job.kills]
