"""An event loop that no longer turns must not look like a bot that is alive.

A thread counts its own naps while the loop does not answer. A process that is stopped, or a
machine that sleeps, naps once however long that takes, so it does not look stuck. A loop that
keeps Python to itself, so that no thread gets a turn, is ended by the time it has computed.
"""

import asyncio
import faulthandler
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.output import STDERR

STUCK_SECONDS = 60.0
NAPS = 12
STUCK = 1

log = logging.getLogger(__name__)


class Watchdog:
    """Ends this process when nobody has called `beat` for *seconds* in which it could have."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._missed = 0
        self._is_over = False

    @property
    def nap_seconds(self) -> float:
        """How long it sleeps between two looks."""
        return self._seconds / NAPS

    def start(self) -> None:
        """Begin to watch; to be called by the thread that is watched."""
        faulthandler.register(signal.SIGPROF, file=STDERR, all_threads=False, chain=True)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def beat(self) -> None:
        """Say that all is well."""
        self._missed = 0
        signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def stop(self) -> None:
        """Watch no longer."""
        self._is_over = True
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        faulthandler.unregister(signal.SIGPROF)

    def _watch(self) -> None:
        while not self._is_over:
            time.sleep(self.nap_seconds)
            self._missed += 1
            if self._missed > NAPS and not self._is_over:
                log.critical("nothing has moved for %.0f seconds: %s", self._seconds, where())
                os._exit(STUCK)


@asynccontextmanager
async def watched(seconds: float = STUCK_SECONDS) -> AsyncIterator[None]:
    """End this process with status 1 if its event loop stands still while the block runs."""
    watchdog = Watchdog(seconds)
    watchdog.start()
    task = asyncio.create_task(_beat(watchdog))
    try:
        yield
    finally:
        task.cancel()
        watchdog.stop()


async def _beat(watchdog: Watchdog) -> None:
    while True:
        watchdog.beat()
        await asyncio.sleep(watchdog.nap_seconds)


def end_within(seconds: float, status: int) -> None:
    """End this process with *status* in *seconds*, if it has not ended by itself until then."""

    def end() -> None:
        log.warning("not stopped in time, at work in %s; the next start goes on", where())
        os._exit(status)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def where() -> str:
    """Return the innermost steps of the main thread in one line."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)  # noqa: SLF001 - the one way to look at another thread
    steps = traceback.extract_stack(frame)[::-1]
    return " < ".join(f"{step.name} ({step.filename}:{step.lineno})" for step in steps[:20])
