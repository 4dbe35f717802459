"""Jobs in processes of their own, side by side."""

import asyncio
import multiprocessing
import signal
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.torture.plan import Job, jobs
from tests.torture.run import Report, perform


def work(share: Sequence[Job]) -> list[Report]:
    """Do the jobs of one worker, one after the other."""
    # Whoever ends this process early would leave a bot behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    reports = []
    for job in share:
        with tempfile.TemporaryDirectory(prefix="torture-") as folder:
            reports.append(asyncio.run(perform(job, Path(folder))))
    return reports


def torture(*, kills: int, seed: int, modes: tuple[str, ...], workers: int) -> list[Report]:
    """Do everything, *workers* at a time, and return the reports."""
    shares = jobs(kills=kills, seed=seed, modes=modes, workers=workers)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(shares), mp_context=context) as pool:
        return [report for reports in pool.map(work, shares) for report in reports]
