"""The two bots, as processes set up alike."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.process import BotProcess, bot_settings

Name = Literal["this", "minimal"]
NAMES: tuple[Name, ...] = ("this", "minimal")
KEY = "bench-key-0000-1111-2222"


class MinimalProcess(BotProcess):
    """The minimal bot instead of this project's."""

    COMMAND = (sys.executable, "-m", "bench.minimal")


@dataclass(frozen=True)
class Places:
    """Where the servers are, and the token for the first; *owners* may do everything.

    The tracker has several addresses, and is another one to this bot under each.
    """

    api_url: str
    trackers: tuple[str, ...]
    token: str
    owners: tuple[int, ...]


def contender(name: Name, places: Places, folder: Path, *, asks_names: bool) -> BotProcess:
    """Return the bot *name*, not started; what it keeps is kept in *folder*."""
    if name == "this":
        settings = bot_settings(
            token=places.token,
            owners=places.owners,
            database=folder / "bot.db",
            api_url=places.api_url,
            trackers=places.trackers,
        )
        return BotProcess(settings, folder)
    settings = {
        "MINIMAL_TOKEN": places.token,
        "MINIMAL_API_URL": places.api_url,
        "MINIMAL_TRACKER": places.trackers[0],
        "MINIMAL_KEY": KEY,
        "MINIMAL_NAMES": "yes" if asks_names else "",
        "NO_PROXY": "127.0.0.1",
    }
    return MinimalProcess(settings, folder)
