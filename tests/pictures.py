"""`make pictures`: the page of the demo as pictures for the README, by the real browser."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from sandbox.demo import played
from sandbox.page import page as served
from sandbox.stage import Stage, introduce, staged
from sandbox.tour import tour

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 760}
SECONDS = 20_000


async def main() -> int:
    """Play the tour, take the pictures, and return the exit status."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Debian's chromium is needed")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder)) as stage, served(stage) as url, async_playwright() as tool:
            browser = await tool.chromium.launch(executable_path=chromium)
            await introduce(stage)
            if await played(stage, tour, Path(folder)):
                return 1
            for scheme in ("light", "dark"):
                await _take(browser, url, stage, scheme)
            await browser.close()
    return 0


async def _take(browser: Browser, url: str, stage: Stage, scheme: str) -> None:
    for name, size in (("desk", DESK), ("phone", PHONE)):
        context = await browser.new_context(viewport=size, color_scheme=scheme)
        page = await context.new_page()
        await page.goto(url)
        await expect(page.locator("#chat-title")).to_have_text(stage.home.title)
        await _settle(page, name)
        await page.screenshot(path=FOLDER / f"{name}-{scheme}.png")
        await context.close()


async def _settle(page: Page, name: str) -> None:
    """Have the picture show what it is for: a change with its plan, or figures on a phone."""
    words = "is created" if name == "desk" else "14 days"
    message = page.locator("#messages .message.bot", has_text=words).last
    await expect(message).to_be_visible(timeout=SECONDS)
    await message.evaluate("one => one.scrollIntoView({ block: 'start' })")
    for picture in await page.locator("#messages img").all():
        await picture.evaluate("one => one.decode()")
    await message.evaluate("one => one.scrollIntoView({ block: 'start' })")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
