"""The process of the bot as the page sees it: running, killed, started again."""

import asyncio
from typing import Any, Literal

from sandbox.process import BotProcess, StartError

REST_SECONDS = 1.0


class Engine:
    """Kills the bot and brings it back, as whatever watches over a service would."""

    def __init__(self, bot: BotProcess) -> None:
        self._bot = bot
        self._state: Literal["running", "killed", "starting", "failed"] = "running"
        self._deaths = 0
        self._work: asyncio.Task[None] | None = None

    def shown(self) -> dict[str, Any]:
        """Return how the bot is."""
        is_up = self._state == "running"
        return {
            "state": self._state,
            "pid": self._bot.pid if is_up else None,
            "deaths": self._deaths,
        }

    def kill(self) -> None:
        """End the process at once, and start another one a moment later."""
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._killed())

    async def settled(self) -> None:
        """Wait until the bot is back."""
        if self._work:
            await asyncio.gather(self._work, return_exceptions=True)

    async def _killed(self) -> None:
        self._state = "killed"
        await self._bot.kill()
        self._deaths += 1
        await asyncio.sleep(REST_SECONDS)
        self._state = "starting"
        try:
            await self._bot.start()
        except StartError:
            self._state = "failed"
        else:
            self._state = "running"
