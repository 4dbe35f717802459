"""What the kernel is asked for by a process, watched and spoilt by strace."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@contextlib.asynccontextmanager
async def traced(pid: int, *options: str, out: Path | str = os.devnull) -> AsyncIterator[None]:
    """Have strace follow every thread of a process, and write what it sees to *out*."""
    tracer = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-qq", "-tt", "-s", "4096", "-o", out, *options, "-p", str(pid))
    )
    try:
        while not all(map(_is_traced, Path(f"/proc/{pid}/task").iterdir())):
            if tracer.returncode is not None:
                pytest.skip("strace may not trace here")
            await asyncio.sleep(0.005)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            tracer.terminate()
        await tracer.wait()


def _is_traced(task: Path) -> bool:
    try:
        return "TracerPid:\t0\n" not in (task / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True  # A thread that has ended meanwhile.
