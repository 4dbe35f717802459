"""The figures as a table, and whether they will do."""

from collections import Counter
from collections.abc import Iterable

from tests.torture.checker import PROMISES
from tests.torture.faults import AMBIGUOUS
from tests.torture.plan import MODES, MOMENTS, RANDOM
from tests.torture.run import Report

COLUMNS = ("commands", *PROMISES, "orphaned ⏳", "repeated", "given up")
PLANS = ("plans", "plans confirmed", "plans left to the end", "presses")
COMPLAINTS_MOST = 12
WIDTH = 22


def failures(reports: Iterable[Report]) -> list[str]:
    """Return what keeps a run from passing."""
    found: list[str] = []
    reports = list(reports)
    for report in reports:
        name = f"{report.job.mode} (seed {report.job.seed})"
        found += [
            f"{name}: {report.verdict.counts[promise]} {promise}"
            for promise in PROMISES
            if report.verdict.counts[promise]
        ]
        if report.verdict.counts["orphaned ⏳"] > bound(report):
            found.append(f"{name}: more ⏳ left behind than commands were at work")
        found += [f"{name}: ended by itself with status {status}" for status in report.ends]
        if not report.is_settled:
            found.append(f"{name}: not done in time after the last kill")
    for mode in {report.job.mode for report in reports if not report.job.moments}:
        hit = _sum(report.kills for report in reports if report.job.mode == mode)
        found += [f"{mode}: never killed: {moment}" for moment in MOMENTS if not hit[moment]]
    return found


def bound(report: Report) -> int:
    """Return how many ⏳ may stay behind: a lost answer of Telegram can cost one, too."""
    return report.in_flight + sum(report.faults[name] for name in AMBIGUOUS)


def table(reports: list[Report], *, seconds: float) -> str:
    """Return everything that was counted, by mode and in all, as plain text."""
    modes = [mode for mode in MODES if any(report.job.mode == mode for report in reports)]
    groups = [[report for report in reports if report.job.mode == mode] for mode in modes]
    names = [*modes, "total"]
    columns = [*groups, reports]
    lines = [_line("", names)]
    kills = [_sum(report.kills for report in group) for group in columns]
    lines.append(_line("kills", [counts.total() for counts in kills]))
    lines += [
        _line(f"  {moment}", [counts[moment] for counts in kills]) for moment in (*MOMENTS, RANDOM)
    ]
    faults = [_sum(report.faults for report in group).total() for group in columns]
    lines.append(_line("other faults", faults))
    counted = [_sum(report.verdict.counts for report in group) for group in columns]
    lines += [_line(name, [counts[name] for counts in counted]) for name in COLUMNS]
    lines.append(_line("  at most, of ⏳", [sum(map(bound, group)) for group in columns]))
    plans = [_sum(report.plans for report in group) for group in columns]
    lines += [_line(name, [counts[name] for counts in plans]) for name in PLANS]
    marks = [_sum(report.verdict.marks for report in group) for group in columns]
    lines += [_line(f"last word {mark}", [counts[mark] for counts in marks]) for mark in "✅❌"]
    lines.append(_line("last word ⚠️", [counts["⚠️"] for counts in marks]))
    lines.append(_line("without a command", [sum(len(r.strays) for r in g) for g in columns]))
    lines.append(_line("unforeseen errors", [sum(len(r.errors) for r in g) for g in columns]))
    rate = kills[-1].total() / max(seconds, 1) * 60
    return "\n".join([*lines, f"{seconds:.0f} s, {rate:.0f} kills a minute"])


def complaints(reports: Iterable[Report]) -> list[str]:
    """Return the first broken promises of every job in words."""
    return [
        f"{report.job.mode} (seed {report.job.seed}) {line}"
        for report in reports
        for line in (*report.verdict.complaints[:COMPLAINTS_MOST], *report.strays[:3])
    ]


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _line(name: str, values: Iterable[object]) -> str:
    return f"{name:<{WIDTH}}" + "".join(f"{value!s:>10}" for value in values)
