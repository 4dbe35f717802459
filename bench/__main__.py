"""`make bench`: measure both bots and print the tables."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.document import replace_figures
from bench.machine import described, divided, pin
from bench.rounds import Plan, played, told
from bench.stage import BenchError
from bench.tables import markdown, plain

IN_FLIGHT = (1, 8, 32)
QUICK = Plan(commands=24, rounds=1, in_flight=(1, 8), asks_names=False)
FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    options = _options(arguments)
    plan = _plan(options)
    cores = divided()
    pin(0, cores.harness)
    try:
        tables, busiest = told(asyncio.run(played(plan, cores)))
    except BenchError as error:
        print(f"not measured: {error}", file=sys.stderr)
        return FAILED
    facts = [
        f"{described(cores)}.",
        f"At most {busiest:.0%} of a core was needed by the sandbox's servers, each on its own.",
        f"Rounds: {plan.rounds}. Commands: {plan.commands} or more of each kind in each round.",
        f"Measured on {datetime.now(UTC):%Y-%m-%d}.",
    ]
    print("\n\n".join([*map(plain, tables), "\n".join(facts)]))
    if options.write:
        replace_figures("\n\n".join([" ".join(facts), *map(markdown, tables)]))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--commands", type=int, help="of each kind in each round (200)")
    parser.add_argument("--rounds", type=int, help="how often both bots are measured (3)")
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--names", action="store_true", help="the minimal bot asks for names, too")
    parser.add_argument("--write", action="store_true", help="write into docs/performance.md")
    return parser.parse_args(arguments)


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        commands=options.commands or (QUICK.commands if options.quick else 200),
        rounds=options.rounds or (QUICK.rounds if options.quick else 3),
        in_flight=QUICK.in_flight if options.quick else IN_FLIGHT,
        asks_names=options.names,
    )


if __name__ == "__main__":
    sys.exit(main())
