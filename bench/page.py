"""`make bench-page`: how long a newcomer waits, from `make demo` to the first answer of the bot.

The browser runs already, as it does where somebody reads a README. What `make` itself takes is
included.
"""

import argparse
import asyncio
import os
import shutil
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from typing import cast

from playwright.async_api import Browser, async_playwright, expect

from bench.machine import Cores, described
from sandbox.process import PROJECT

AIM_SECONDS = 5.0
MOST_SECONDS = 60.0
# Indented, behind the line that asks to open it.
ADDRESS = b"  http://"
FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make bench-page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often (5)")
    rounds = parser.parse_args(arguments).rounds
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("not measured: Debian's chromium is needed", file=sys.stderr)
        return FAILED
    print(described(Cores()))
    found = asyncio.run(measured(chromium, rounds))
    names = ("address printed", "page shown", "first answer")
    for name, seconds in zip(names, zip(*found, strict=True), strict=True):
        print(f"{name:16}{statistics.median(seconds):6.2f} s   longest {max(seconds):.2f} s")
    is_met = max(answered for _, _, answered in found) <= AIM_SECONDS
    print(f"aim: the answer within {AIM_SECONDS:g} s: {'met' if is_met else 'missed'}")
    return 0


async def measured(chromium: str, rounds: int) -> list[tuple[float, float, float]]:
    """Return when the address, the page and the answer were there, in seconds."""
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=chromium)
        found = [await _once(browser) for _ in range(rounds)]
        await browser.close()
    return found


async def _once(browser: Browser) -> tuple[float, float, float]:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *("make", "demo"),
        cwd=PROJECT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(MOST_SECONDS):
            url = await _address(process)
            printed = time.perf_counter() - began
            page = await (await browser.new_context()).new_page()
            await page.goto(url)
            await expect(page.locator("#chat-title")).to_have_text("Olga")
            shown = time.perf_counter() - began
            await page.fill("#text", "/help")
            await page.press("#text", "Enter")
            answer = page.locator("#messages .message.bot").last
            await expect(answer).to_contain_text("/stats", timeout=MOST_SECONDS * 1000)
            answered = time.perf_counter() - began
            await page.context.close()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        await process.wait()
    return printed, shown, answered


async def _address(process: asyncio.subprocess.Process) -> str:
    stdout = cast("asyncio.StreamReader", process.stdout)
    while line := await stdout.readline():
        if line.startswith(ADDRESS):
            return line.decode().strip()
    raise SystemExit("the demo has ended")


if __name__ == "__main__":
    sys.exit(main())
