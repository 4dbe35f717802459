"""What the kernel is asked for by a process."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@contextlib.asynccontextmanager
async def traced(pid: int, calls: str, out: Path) -> AsyncIterator[None]:
    """Have every call of this kind (as strace names kinds) of the process written to *out*."""
    tracer = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-qq", "-s", "4096", "-e", f"trace={calls}", "-o", out, "-p", str(pid))
    )
    try:
        while b"TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_bytes():
            if tracer.returncode is not None:
                pytest.skip("strace may not trace here")
            await asyncio.sleep(0.01)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            tracer.terminate()
        await tracer.wait()
