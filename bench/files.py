"""`make bench-files`: large files, while a heart beats on the loop of the process that wants them.

Each is made by the bot's own code in a process of its own, which has nothing else to do. A beat
that comes late is what another chat would have waited.
"""

import argparse
import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from bench.machine import described, divided, memory
from handlers.stats.printing import Printer
from paper import Chart, Column, Series

Form = Literal["csv", "xlsx", "png"]
FORMS: tuple[Form, ...] = ("csv", "xlsx", "png")
PAGE_ROWS = 5000
BEAT_SECONDS, LOOK_SECONDS = 0.005, 0.02
MIB = 1024 * 1024
MEMORY_AIM_MIB, DELAY_AIM_MS = 150.0, 100.0
FAILED = 1
COLUMNS = (
    Column("day", "Day", "day"),
    Column("campaign", "Campaign"),
    Column("country", "Country"),
    Column("clicks", "Clicks", "count"),
    Column("conversions", "Conversions", "count"),
    Column("cost", "Cost", "money"),
    Column("revenue", "Revenue", "money"),
    Column("roi", "ROI", "percent"),
)


@dataclass(frozen=True)
class Outcome:
    """What one file took; memory is what was held at most, above what was held before."""

    seconds: float
    size_mib: float
    parent_mib: float
    child_mib: float
    longest_ms: float
    slow_ms: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make bench-files", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of a file (100,000)")
    parser.add_argument("--only", choices=FORMS, help="one kind, as JSON")
    asked = parser.parse_args(arguments)
    if asked.only:
        print(json.dumps(asdict(asyncio.run(measured(asked.only, asked.rows)))))
        return 0
    print(f"{described(divided())}. {asked.rows} rows of {len(COLUMNS)} columns.")
    print("file     s     MiB   bot MiB   child MiB   longest delay ms   99th percentile ms")
    outcomes = [asyncio.run(apart(form, asked.rows)) for form in FORMS]
    for form, one in zip(FORMS, outcomes, strict=True):
        print(
            f"{form:4}{one.seconds:6.2f}{one.size_mib:8.2f}{one.parent_mib:10.1f}"
            f"{one.child_mib:12.1f}{one.longest_ms:19.1f}{one.slow_ms:21.1f}"
        )
    is_met = all(
        one.parent_mib + one.child_mib <= MEMORY_AIM_MIB and one.longest_ms < DELAY_AIM_MS
        for one in outcomes
    )
    print(
        f"aims: at most {MEMORY_AIM_MIB:.0f} MiB of both, delays below {DELAY_AIM_MS:.0f} ms: ",
        end="",
    )
    print("met" if is_met else "missed")
    return 0 if is_met else FAILED


async def apart(form: Form, rows: int) -> Outcome:
    """Return what a file takes in a process that has made no other."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.files", "--only", form, "--rows", str(rows)),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return Outcome(**json.loads(out))


async def measured(form: Form, rows: int) -> Outcome:
    """Return what a file of so many rows takes in this process."""
    page = [_row(number) for number in range(PAGE_ROWS)]
    late: list[float] = []
    heart = asyncio.create_task(_beat(late))
    await asyncio.sleep(0.2)
    late.clear()
    before = _fresh_memory()
    begun_at = time.perf_counter()
    with _watched() as peaks:
        content = await _made(form, page, rows)
    seconds = time.perf_counter() - begun_at
    parent = memory(os.getpid()).peak - before
    heart.cancel()
    late.sort()
    slow = late[int(len(late) * 0.99)]
    sizes = (len(content) / MIB, parent / MIB, max(peaks, default=0) / MIB)
    return Outcome(seconds, *sizes, late[-1] * 1000, slow * 1000)


def _fresh_memory() -> int:
    """Return what this process holds, and have its peak counted from here."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return memory(os.getpid()).now


async def _made(form: Form, page: Sequence[dict[str, Any]], rows: int) -> bytes:
    printer = Printer()
    if form == "png":
        days = tuple(f"{day:02}.11" for day in range(1, 31))
        series = tuple(Series(f"Series {n}", tuple(map(float, range(30)))) for n in range(8))
        return await printer.drawn(Chart("lines", "A chart", days, series), chat_id=1)
    return await printer.printed(form, COLUMNS, _pages(page, rows), chat_id=1)


async def _pages(
    page: Sequence[dict[str, Any]], rows: int
) -> AsyncIterator[Sequence[dict[str, Any]]]:
    for start in range(0, rows, PAGE_ROWS):
        yield page[: rows - start]


def _row(number: int) -> dict[str, Any]:
    return {
        "day": f"2026-11-{number % 30 + 1:02}",
        "campaign": f"Garden tools {number} – DE",
        "country": "Germany",
        "clicks": number,
        "conversions": number % 97,
        "cost": f"{number / 7:.4f}",
        "revenue": number / 3,
        "roi": number % 200 - 100.5,
    }


async def _beat(late: list[float]) -> None:
    """Note how much later than it should each beat comes."""
    while True:
        due_at = time.perf_counter() + BEAT_SECONDS
        await asyncio.sleep(BEAT_SECONDS)
        late.append(time.perf_counter() - due_at)


@contextmanager
def _watched() -> Iterator[list[int]]:
    """Yield what the children of this process have held at most, looked at again and again."""
    peaks: list[int] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(LOOK_SECONDS):
            for path in Path("/proc/self/task").glob("*/children"):
                with suppress(OSError, KeyError):
                    peaks.extend(memory(int(pid)).peak for pid in path.read_text("utf-8").split())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        is_over.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
