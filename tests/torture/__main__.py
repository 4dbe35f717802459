"""`make torture`: kill the bot very often, in several processes, and count."""

import argparse
import sys
import time

from tests.torture.plan import MODES
from tests.torture.summary import complaints, failures, table
from tests.torture.workers import torture


def main() -> int:
    """Run as the command line says, and return the exit status."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--mode", choices=(*MODES, "both"), default="both")
    parser.add_argument("--workers", type=int, default=3)
    asked = parser.parse_args()
    began = time.monotonic()
    modes = MODES if asked.mode == "both" else (asked.mode,)
    reports = torture(kills=asked.kills, seed=asked.seed, modes=modes, workers=asked.workers)
    print(table(reports, seconds=time.monotonic() - began))  # noqa: T201 - a command line prints
    broken = failures(reports)
    for line in (*complaints(reports), *broken):
        print(line)  # noqa: T201 - the same
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
