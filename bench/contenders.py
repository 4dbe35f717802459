"""The two bots, as processes set up alike."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sandbox.process import BotProcess, secret_key

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
        return BotProcess(_settings(places, folder), folder)
    settings = {
        "MINIMAL_TOKEN": places.token,
        "MINIMAL_API_URL": places.api_url,
        "MINIMAL_TRACKER": places.trackers[0],
        "MINIMAL_KEY": KEY,
        "MINIMAL_NAMES": "yes" if asks_names else "",
        "NO_PROXY": "127.0.0.1",
    }
    return MinimalProcess(settings, folder)


def _settings(places: Places, folder: Path) -> dict[str, str]:
    return {
        "BOT_TOKEN": places.token,
        "BOT_SECRET_KEY": secret_key(),
        "BOT_OWNERS": ",".join(map(str, places.owners)),
        "BOT_DATABASE": str(folder / "bot.db"),
        "BOT_API_URL": places.api_url,
        "BOT_PRIVATE_TRACKERS": ",".join(urlsplit(url).netloc for url in places.trackers),
        # How fast Telegram lets a bot send is not what is measured.
        "BOT_PACE": "none",
    }
