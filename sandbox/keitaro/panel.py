"""What a colleague does in the tracker's own panel, behind the bot's back."""

from typing import Any

from sandbox.keitaro.parts import LISTS
from sandbox.keitaro.state import Row, State
from sandbox.keitaro.streams import STREAMS, add_stream, change_stream


class Panel(State):
    """Changes without a request: neither *requests* nor *mutations* tell of them."""

    def edit(self, stream_id: int, **fields: Any) -> Row:
        """Write *fields* into a stream; a list takes the place of the one before."""
        _check(fields)
        return change_stream(self, self.streams[stream_id], fields, nested="replace")

    def archive(self, stream_id: int) -> Row:
        """Put a stream into the archive."""
        return self.edit(stream_id, state="deleted")

    def add(self, campaign_id: int, **fields: Any) -> Row:
        """Put a new stream into a campaign."""
        _check(fields)
        return add_stream(self, {"name": "By hand", **fields, "campaign_id": campaign_id})


def _check(fields: Row) -> None:
    unknown = fields.keys() - STREAMS.fields.keys() - LISTS.keys()
    if unknown:
        raise LookupError(f"no such fields: {sorted(unknown)}")
