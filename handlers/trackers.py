"""The trackers that chats talk to: one client each, made when first needed."""

import asyncio

from keitaro import Network, Tracker, parse_address
from storage import Link


class Trackers:
    """Clients by link, so that cookies, connections and keys of two trackers never meet."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._clients: dict[tuple[str, str], Tracker] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def of(self, link: Link) -> Tracker:
        """Return the client for *link*, with its address and its key and no other."""
        known = self._clients.get((link.address, link.key))
        return known or self._remember(link.address, link.key)

    def candidate(self, address: str, key: str) -> Tracker:
        """Return a client for a tracker that is not linked yet; the caller closes it.

        Raises:
            AddressError: *address* is not one of a tracker.
        """
        return Tracker(
            parse_address(address, private=self.network.private), key, network=self.network
        )

    def forget(self, address: str, key: str) -> None:
        """Close the client of a tracker that no chat is linked to any more, once it is idle."""
        client = self._clients.pop((address, key), None)
        if client:
            closing = asyncio.create_task(client.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close every client."""
        while self._clients:
            _, client = self._clients.popitem()
            await client.close()
        await asyncio.gather(*self._closing)

    def _remember(self, address: str, key: str) -> Tracker:
        client = self.candidate(address, key)
        self._clients[address, key] = client
        return client
