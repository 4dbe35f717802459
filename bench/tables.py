"""The figures as tables, for a terminal and for a document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.figures import AIMS, Body, Cell

MEBI = 1024 * 1024
Cells = Mapping[tuple[str, int], Cell]


@dataclass(frozen=True)
class Table:
    """A title, a head, and rows; the first column stands left, the others right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Measure:
    """One thing that is measured: how it is taken from a cell and written."""

    head: str
    of: Callable[[Cell], float]
    digits: int


MEASURES = (
    Measure("p50 ms", lambda cell: cell.p50_seconds * 1000, 1),
    Measure("p95 ms", lambda cell: cell.p95_seconds * 1000, 1),
    Measure("per second", lambda cell: cell.throughput, 0),
    Measure("CPU ms", lambda cell: cell.cpu_seconds * 1000, 2),
)


def compared(title: str, this: Cells, minimal: Cells) -> Table:
    """Return what each kind of command costs both bots, and how many times as much."""
    head = ["command", "in flight"]
    for measure in MEASURES:
        head += [measure.head, "minimal", "ratio"]
    rows = [
        (kind, str(count), *_row(this[kind, count], minimal[kind, count])) for kind, count in this
    ]
    return Table(title, tuple(head), tuple(rows))


def _row(this: Cell, minimal: Cell) -> tuple[str, ...]:
    return tuple(
        text
        for measure in MEASURES
        for text in _three(measure.of(this), measure.of(minimal), measure.digits)
    )


def _three(this: float, minimal: float, digits: int) -> tuple[str, str, str]:
    return f"{this:.{digits}f}", f"{minimal:.{digits}f}", f"{this / minimal:.2f}"


def processes(this: Body, minimal: Body) -> Table:
    """Return what the processes cost by themselves."""
    pairs = (
        ("start to first poll, s", this.first_poll_seconds, minimal.first_poll_seconds, 2),
        ("start to ready, s", this.ready_seconds, minimal.ready_seconds, 2),
        ("memory after warm-up, MiB", this.warm_bytes / MEBI, minimal.warm_bytes / MEBI, 1),
        ("memory at its peak, MiB", this.peak_bytes / MEBI, minimal.peak_bytes / MEBI, 1),
    )
    rows = tuple((name, *_three(one, other, digits)) for name, one, other, digits in pairs)
    return Table("The processes", ("", "this", "minimal", "ratio"), rows)


def asked(this: Cells, minimal: Cells) -> Table:
    """Return how much either bot asks of Telegram and of the tracker for one command."""
    rows = {
        kind: (kind, *(f"{one:.1f}" for one in (us.calls, it.calls, us.requests, it.requests)))
        for (kind, _), us, it in zip(this, this.values(), minimal.values(), strict=True)
    }
    head = ("command", "calls of Telegram", "minimal", "requests to the tracker", "minimal")
    return Table("What is asked for one command", head, tuple(rows.values()))


def judged(worlds: Sequence[tuple[Cells, Cells]], bodies: tuple[Body, Body]) -> Table:
    """Return how often each aim is met, and how far off the worst figure is."""
    pairs = [(us[key], it[key]) for us, it in worlds for key in us]
    ratios = {
        "p50": [us.p50_seconds / it.p50_seconds for us, it in pairs],
        "throughput": [us.throughput / it.throughput for us, it in pairs],
        "memory": [bodies[0].warm_bytes / bodies[1].warm_bytes],
    }
    rows = []
    for name, aim, more_is_better in AIMS:
        found = ratios[name]
        met = sum(one >= aim if more_is_better else one <= aim for one in found)
        worst = min(found) if more_is_better else max(found)
        sign = "≥" if more_is_better else "≤"
        rows.append((name, f"{sign} {aim}", f"{met} of {len(found)}", f"{worst:.2f}"))
    return Table("Aims", ("this / minimal", "aim", "met", "worst"), tuple(rows))


def plain(table: Table) -> str:
    """Return *table* for a terminal."""
    lines = [table.head, *table.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    written = [
        "  ".join(
            [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])],
        )
        for line in lines
    ]
    return "\n".join([table.title, *written])


def markdown(table: Table) -> str:
    """Return *table* for a document."""
    marks = ["---", *["---:"] * (len(table.head) - 1)]
    lines = [" | ".join(line) for line in (table.head, marks, *table.rows)]
    return "\n".join([f"### {table.title}", "", *(f"| {line} |" for line in lines)])
