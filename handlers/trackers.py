"""The trackers that chats talk to: one client each, made when first needed."""

import asyncio
from contextlib import suppress

from handlers.redaction import Redaction
from keitaro import Network, Tracker, parse_address
from storage import Chats, Link, StorageError

CLOSE_SECONDS = 0.5


class Trackers:
    """Clients by link, so that cookies, connections and keys of two trackers never meet.

    *redaction* is told every key before anything is done with it.
    """

    def __init__(self, network: Network, redaction: Redaction) -> None:
        self.network = network
        self._linking = network.for_linking()
        self.redaction = redaction
        self._clients: dict[int, Tracker] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def of(self, link: Link) -> Tracker:
        """Return the client for *link*, with its address and its key and no other.

        A tracker's id stands for one address and one key for ever.
        """
        if link.tracker_id not in self._clients:
            key = link.key.get_secret_value()
            self.redaction.add(key)
            self._clients[link.tracker_id] = _client(link.address, key, self.network)
        return self._clients[link.tracker_id]

    async def hide_key(self, chats: Chats, chat_id: int) -> None:
        """Have the key of a chat hidden although nobody has used it yet, if it can be opened."""
        with suppress(StorageError):
            link = await chats.linked(chat_id)
            if link:
                self.redaction.add(link.key.get_secret_value())

    def candidate(self, address: str, key: str) -> Tracker:
        """Return a client for a tracker that is not linked yet; the caller closes it.

        Raises:
            AddressError: *address* is not one of a tracker.
        """
        self.redaction.add(key)
        return _client(address, key, self._linking)

    def forget(self, tracker_id: int) -> None:
        """Close the client of a tracker that no chat is linked to any more, once it is idle."""
        client = self._clients.pop(tracker_id, None)
        if client:
            closing = asyncio.create_task(client.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close every client now, whatever is under way: the process ends."""
        clients = list(self._clients.values())
        self._clients.clear()
        closing = [*self._closing, *(asyncio.create_task(client.close()) for client in clients)]
        if closing:
            _, late = await asyncio.wait(closing, timeout=CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _client(address: str, key: str, network: Network) -> Tracker:
    return Tracker(parse_address(address, private=network.private), key, network=network)
