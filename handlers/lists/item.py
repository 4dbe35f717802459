"""One item of a list: what it wants, and the number by which people know it."""

from dataclasses import dataclass
from typing import Any

from handlers.changes.intent import Intent


@dataclass(frozen=True)
class Item:
    """The *intent* that stands at place *number*, from 1, of what somebody has sent."""

    number: int
    intent: Intent

    @property
    def campaign_id(self) -> int:
        """The campaign of a stream that is to be created."""
        return self.intent.wish.campaign_id

    @property
    def name(self) -> str:
        """What the stream is called, as far as it is known."""
        known = self.intent.before or {}
        return str(self.intent.written.get("name") or known.get("name") or "")

    def stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"number": self.number, "intent": self.intent.stored()}

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "Item":
        """Return what `stored` has made JSON of."""
        return cls(raw["number"], Intent.read(raw["intent"]))
