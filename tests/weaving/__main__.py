"""`make interleavings`: play very many scripts, and count."""

import argparse
import sys
import time

from tests.weaving.scripts import weave

WIDTH = 20


def main() -> int:
    """Run as the command line says; a script that breaks something is shown as small as it gets."""
    parser = argparse.ArgumentParser(prog="interleavings", description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20261122)
    asked = parser.parse_args()
    began = time.monotonic()
    counts = weave(runs=asked.runs, number=asked.seed)
    for name, count in counts.items():
        print(f"{name:<{WIDTH}}{count:>8}")  # noqa: T201 - a command line prints
    print(f"{time.monotonic() - began:.0f} s, nothing broken")  # noqa: T201 - the same
    return 0


if __name__ == "__main__":
    sys.exit(main())
