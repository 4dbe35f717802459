"""`python -m sandbox`: try the bot on this machine, with no account anywhere."""

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.demo import open_house, play
from sandbox.process import StartError

with contextlib.suppress(ImportError):
    # Being there is enough for it: `input` then knows the arrow keys.
    import readline  # noqa: F401

INTERRUPTED = 130
WRONG = 2
# A token of the real Telegram has no business here.
REAL = ("BOT_TOKEN", "BOT_TOKEN_FILE")
SAVED = Path("data/demo")


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo and return the exit status: not 0 if the bot did not answer as it should."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Try the bot against a Telegram and a Keitaro tracker on this machine.",
    )
    parser.add_argument(
        "--once", action="store_true", help="play the tour in the terminal and exit"
    )
    parser.add_argument(
        "--port", type=int, default=0, help="where the page is served on this machine; 0: any"
    )
    parser.add_argument(
        "--save", type=Path, default=SAVED, help="where the transcript and the files go"
    )
    asked = parser.parse_args(arguments)
    once = asked.once
    if given := [name for name in REAL if os.environ.get(name)]:
        print(f"{given[0]} is set: the demo has a Telegram of its own. Unset it.", file=sys.stderr)
        return WRONG
    try:
        demo = play(saved=asked.save) if once else open_house(saved=asked.save, port=asked.port)
        return asyncio.run(demo)
    except OSError as error:
        if not asked.port:
            raise
        print(f"port {asked.port} cannot be had: {os.strerror(error.errno or 0)}", file=sys.stderr)
        return WRONG
    except StartError as error:
        print(f"the bot did not start:\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        # Ctrl-C is how the conversation ends; in the middle of the tour it is a failure.
        print()
        return INTERRUPTED if once else 0


if __name__ == "__main__":
    sys.exit(main())
