"""What keeps the event loop from standing still, and everybody who waits for it."""

import gc
import sys

SWITCH_SECONDS = 0.001


def shorten_pauses() -> None:
    """Take what is imported and set up out of the garbage collector's sight; switch threads sooner.

    To look through all of the libraries again and again takes the collector some 50 ms each
    time. The loop waits up to *SWITCH_SECONDS* for a thread that works, each time it wakes up.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
