"""`python -m sandbox`: try the bot on this machine, with no account anywhere."""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.demo import play
from sandbox.process import StartError

with contextlib.suppress(ImportError):
    # Being there is enough for it: `input` then knows the arrow keys.
    import readline  # noqa: F401

INTERRUPTED = 130
SAVED = Path("data/demo")


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo and return the exit status: not 0 if the bot did not answer as it should."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Try the bot against a Telegram and a Keitaro tracker on this machine.",
    )
    parser.add_argument("--once", action="store_true", help="play the tour and exit")
    parser.add_argument(
        "--save", type=Path, default=SAVED, help="where the transcript and the files go"
    )
    asked = parser.parse_args(arguments)
    once = asked.once
    try:
        return asyncio.run(play(once=once, saved=asked.save))
    except StartError as error:
        print(f"the bot did not start:\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        # Ctrl-C is how the conversation ends; in the middle of the tour it is a failure.
        print()
        return INTERRUPTED if once else 0


if __name__ == "__main__":
    sys.exit(main())
