"""What Linux tells about processes, and which cores they run on."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

KIB = 1024
USER, SYSTEM = 11, 12
ENOUGH_CORES = 3


@dataclass(frozen=True)
class Cores:
    """Who runs where, so that nobody takes another's time; empty sets leave it to the system."""

    harness: frozenset[int] = frozenset()
    tracker: frozenset[int] = frozenset()
    bot: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Memory:
    """What a process holds now, and the most it ever held, in bytes."""

    now: int
    peak: int


def divided() -> Cores:
    """Return the cores of this machine divided up: the bots share all but two."""
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < ENOUGH_CORES:
        return Cores()
    return Cores(frozenset(mine[:1]), frozenset(mine[1:2]), frozenset(mine[2:]))


def pin(pid: int, cores: frozenset[int]) -> None:
    """Keep a process, 0 for this one, on *cores*, with the threads it starts from now on."""
    if cores:
        os.sched_setaffinity(pid, cores)


def cpu_seconds(pid: int) -> float:
    """Return the time a process has spent on cores so far, its own and the kernel's for it."""
    line = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    # The name, second, is in brackets and may hold spaces.
    fields = line.rpartition(")")[2].split()
    return (int(fields[USER]) + int(fields[SYSTEM])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> Memory:
    """Return what a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    sizes = {line.partition(":")[0]: line.split()[1] for line in lines if line.endswith(" kB")}
    return Memory(int(sizes["VmRSS"]) * KIB, int(sizes["VmHWM"]) * KIB)


def forget_peak(pid: int) -> None:
    """Let the peak of what a process holds begin anew with what it holds now.

    From proc(5), /proc/pid/clear_refs.
    """
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def described(cores: Cores) -> str:
    """Name this machine in a line."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    shared = f"{len(cores.bot)} of them for the bot" if cores.bot else "shared by all processes"
    return f"{python}, {platform.machine()}, {os.cpu_count()} cores, {shared}"
