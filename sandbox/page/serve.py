"""The page on a port of this machine, under an address that nobody can guess."""

import asyncio
import os
import secrets
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sandbox.page.app import page_app
from sandbox.page.room import Room
from sandbox.serving import serving
from sandbox.stage import Stage

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


@asynccontextmanager
async def page(stage: Stage, *, port: int = 0) -> AsyncIterator[str]:
    """Serve the page of *stage* and yield its address; port 0 is any free one."""
    room = Room(stage)
    token = secrets.token_urlsafe(16)
    async with serving(page_app(room, token), port=port) as url:
        try:
            yield f"{url}/{token}/"
        finally:
            await room.engine.settled()


async def show(url: str) -> bool:
    """Open *url* in the browser of this desktop, and tell whether there is one."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in SCREENS):
        return False
    return await asyncio.to_thread(webbrowser.open, url)
