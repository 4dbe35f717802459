"""What the process prints: it is never waited for, and never the reason to stop.

A pipe that nobody reads any more, a full disk or a closed terminal costs lines, not answers.
"""

import logging
import os
import select
import time
from collections import OrderedDict
from collections.abc import Callable

STDOUT, STDERR = 1, 2
# A pipe that is ready takes this much at once.
CHUNK_BYTES = 4096
SAME_SECONDS = 60.0
LINES_REMEMBERED = 200


def say(line: str) -> None:
    """Print *line* on standard output, if it can be had at once."""
    put(STDOUT, line)


def put(descriptor: int, line: str) -> bool:
    """Write *line* to *descriptor* and tell whether all of it went."""
    left = memoryview(f"{line}\n".encode(errors="backslashreplace"))
    try:
        while left:
            if not _is_ready(descriptor):
                return False
            left = left[os.write(descriptor, left[:CHUNK_BYTES]) :]
    except OSError:
        return False
    return True


def _is_ready(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return bool(poll.poll(0))


class LogLines(logging.Handler):
    """Writes the log to standard error, and tells later how many lines could not be written."""

    def __init__(self) -> None:
        super().__init__()
        self._lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line of *record*, or count it as lost."""
        if self._lost and put(STDERR, f"({self._lost} lines of the log could not be written)"):
            self._lost = 0
        if not put(STDERR, self.format(record)):
            self._lost += 1


class Sparing(logging.Filter):
    """Lets a line that repeats itself pass once a minute."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: OrderedDict[tuple[str, str], float] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether *record* says something that was not said in the last minute."""
        line = (record.name, record.getMessage())
        now = self._clock()
        if now - self._said.get(line, -SAME_SECONDS) < SAME_SECONDS:
            return False
        self._said[line] = now
        self._said.move_to_end(line)
        if len(self._said) > LINES_REMEMBERED:
            self._said.popitem(last=False)
        return True
