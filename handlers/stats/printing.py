"""Files made by a child process, so that nobody else waits for the work or for its memory."""

import asyncio
import json
import logging
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast
from weakref import WeakValueDictionary

import paper
from handlers.redaction import Redaction
from handlers.stats.faults import NotPrintedError
from paper import Chart, Column, Row

AT_ONCE, SECONDS_MOST, JOB_SECONDS_MOST = 2, 120.0, 900.0
# What is turned into JSON in one go: the loop stands still for a millisecond or two.
ROWS_TOGETHER, CELLS_TOGETHER = 200, 5000
COMPLAINT_SIGNS = 300
ROOT = Path(paper.__file__).resolve().parent.parent
# Nothing of the directory it is started in, of the person's own packages, and no warnings.
OPTIONS = ("-P", "-s", "-W", "ignore", "-m", "paper")
ENCODER = json.JSONEncoder(separators=(",", ":"), default=str)

log = logging.getLogger(__name__)


class Printer:
    """Has files made, at most *at_once* at the same time, and one for each chat.

    A child that stands still for *seconds* is ended, and after *job_seconds* any: others wait
    for its place, and a tracker may take its time for every page. Of the secrets that *redaction*
    knows the child is told none, since nobody can find them in what it makes of them.
    """

    def __init__(
        self,
        redaction: Redaction | None = None,
        *,
        at_once: int = AT_ONCE,
        seconds: float = SECONDS_MOST,
        job_seconds: float = JOB_SECONDS_MOST,
    ) -> None:
        self._redaction = redaction or Redaction()
        self._places = asyncio.Semaphore(at_once)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._seconds = seconds
        self._job_seconds = job_seconds

    async def printed(
        self,
        form: Literal["csv", "xlsx"],
        columns: Sequence[Column],
        pages: AsyncIterator[Sequence[Row]],
        *,
        chat_id: int,
        about: Sequence[tuple[str, str]] = (),
        sheets: tuple[str, str] = ("Report", "About"),
    ) -> bytes:
        """Return a file with all rows of *pages*, which are asked for as they are taken.

        A workbook has a second sheet with the lines *about* it.

        Raises:
            NotPrintedError: It could not be made. Whatever *pages* raise, too.
        """
        job = {
            "form": form,
            "columns": [asdict(column) for column in columns],
            "about": list(about),
            "sheets": sheets,
        }
        lines = self._lines([column.name for column in columns], pages)
        return await self._made(job, lines, chat_id=chat_id)

    async def drawn(self, chart: Chart, *, chat_id: int) -> bytes:
        """Return *chart* as a picture, a PNG.

        Raises:
            NotPrintedError: It could not be drawn.
        """
        return await self._made({"form": "png", "chart": asdict(chart)}, chat_id=chat_id)

    async def _made(
        self, job: Mapping[str, Any], lines: AsyncIterator[bytes] | None = None, *, chat_id: int
    ) -> bytes:
        # Who presses again and again waits for themselves, not others for them.
        turn = self._turns.setdefault(chat_id, asyncio.Lock())
        async with turn, self._places, self._in_time(), _child() as (process, output):
            takes = await self._fed(process, self._line(job))
            if lines:
                async for line in lines:
                    takes = takes and await self._fed(process, line)
                    if not takes:
                        break
            if takes:
                await self._fed(process, self._line(None))
            await self._ended(process)
            return await asyncio.to_thread(_content, output)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._job_seconds) as most:
                yield
        except TimeoutError as error:
            if not most.expired():
                raise
            raise NotPrintedError("slow") from error

    async def _lines(
        self, names: Sequence[str], pages: AsyncIterator[Sequence[Row]]
    ) -> AsyncIterator[bytes]:
        together = min(ROWS_TOGETHER, max(1, CELLS_TOGETHER // max(1, len(names))))
        async for page in pages:
            for start in range(0, len(page), together):
                rows = page[start : start + together]
                yield self._line([[row.get(name) for name in names] for row in rows])

    def _line(self, value: Any) -> bytes:
        line = ENCODER.encode(value)
        if self._redaction.hides(line):
            log.error("a secret was kept out of a file")
            line = ENCODER.encode(self._redaction.value(value))
        return f"{line}\n".encode()

    async def _fed(self, process: Process, line: bytes) -> bool:
        """Hand over *line* once there is room for it; False if nobody is there to take it."""
        stdin = cast("asyncio.StreamWriter", process.stdin)
        try:
            async with asyncio.timeout(self._seconds):
                stdin.write(line)
                await stdin.drain()
        except TimeoutError as error:
            raise NotPrintedError("slow") from error
        except ConnectionError:
            return False
        # While there is room, draining lets nobody else have a turn.
        await asyncio.sleep(0)
        return True

    async def _ended(self, process: Process) -> None:
        """Wait until the file is made."""
        cast("asyncio.StreamWriter", process.stdin).close()
        try:
            async with asyncio.timeout(self._seconds):
                complaint = await cast("asyncio.StreamReader", process.stderr).read()
                status = await process.wait()
        except TimeoutError as error:
            raise NotPrintedError("slow") from error
        if status:
            words = complaint.decode(errors="replace").strip()[-COMPLAINT_SIGNS:]
            log.warning("a file was not made, status %s: %s", status, words)
            raise NotPrintedError("failed")


@asynccontextmanager
async def _child() -> AsyncIterator[tuple[Process, BinaryIO]]:
    """Start a child and yield it with the file it writes to, which has no name.

    Whichever of the two processes is left removes the directory it works in.
    """
    with _unless_refused():
        directory = tempfile.mkdtemp(prefix="keitaro-bot-")
    try:
        with _unless_refused():
            output = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - only its opening may be refused
        with output:
            process = await _started(directory, output)
            try:
                yield process, output
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
    finally:
        await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)


async def _started(directory: str, output: BinaryIO) -> Process:
    with _unless_refused():
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *OPTIONS,
            directory,
            stdin=PIPE,
            stdout=output,
            stderr=PIPE,
            env=_environment(directory),
            cwd=directory,
            # A Ctrl-C in the terminal is for the bot.
            start_new_session=True,
        )


def _environment(directory: str) -> dict[str, str]:
    """Return all that the child is told: none of the settings, which hold secrets."""
    return {
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "HOME": directory,
        "TMPDIR": directory,
        "MPLCONFIGDIR": directory,
        "MPL_IGNORE_SYSTEM_FONTS": "1",
        # One thread for each core would want memory for each.
        "OPENBLAS_NUM_THREADS": "1",
    }


@contextmanager
def _unless_refused() -> Iterator[None]:
    """Say what the system refuses as a failure of ours: no process, no room on the disk."""
    try:
        yield
    except OSError as error:
        log.warning("no file can be made: %s", error)
        raise NotPrintedError("failed") from error


def _content(output: BinaryIO) -> bytes:
    output.seek(0)
    return output.read()
