"""What the tracker holds for people to ask for: a stream of its own for every command."""

from typing import Any

from sandbox.keitaro import Keitaro
from sandbox.keitaro.campaigns import add_campaign
from sandbox.keitaro.streams import add_stream

CAMPAIGN_STREAMS = 40
STREAM = {
    "type": "regular",
    "schema": "redirect",
    "action_type": "http",
    "action_payload": "https://offer.example/",
}


class Pool:
    """Streams in campaigns, none of which gets so many that its list is long."""

    def __init__(self, keitaro: Keitaro) -> None:
        self._keitaro = keitaro
        self._campaign_id = 0
        self._left = 0

    def add(self, number: int) -> int:
        """Put a stream with the id *number* into the tracker, and return the id."""
        add_stream(self._keitaro, {**self.body(), "name": "Waiting"}, number=number)
        return number

    def body(self) -> dict[str, Any]:
        """Return all that a new stream needs but a name."""
        return {**STREAM, "campaign_id": self._campaign()}

    def _campaign(self) -> int:
        if not self._left:
            name = f"Torture {len(self._keitaro.campaigns)}"
            row = add_campaign(self._keitaro, {"name": name, "alias": name})
            self._campaign_id, self._left = row["id"], CAMPAIGN_STREAMS
        self._left -= 1
        return self._campaign_id
