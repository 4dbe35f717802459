"""The one place that talks to a tracker."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from keitaro.address import Address
from keitaro.answers import read_answer
from keitaro.errors import ExchangeError, Sent, UnreachableError
from keitaro.exchange import Answer, exchange
from keitaro.mask import Mask
from keitaro.network import Network
from keitaro.operation import Operation
from keitaro.payload import check_query, encode_body, fill_path


class Tracker:
    """One tracker and one key to it; nothing is ever sent twice by itself.

    Raises:
        KeyFormatError: *key* cannot be an API key.
    """

    def __init__(self, address: Address, key: str, *, network: Network) -> None:
        self._mask = Mask(key)
        self._key = key
        self._client = network.client(address)
        self._slots = asyncio.Semaphore(network.limits.calls_in_flight)
        self.address = address
        self.network = network

    def __repr__(self) -> str:
        return f"Tracker({self.address.url!r}, {self._mask.hint!r})"

    @property
    def key_hint(self) -> str:
        """The masked key with its last four characters, by which people tell keys apart."""
        return self._mask.hint

    async def call(
        self,
        operation: Operation,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        ready: Callable[[], Awaitable[object]] | None = None,
        **path: int | str,
    ) -> Any:
        """Carry out *operation* once and return the answer's value.

        The body goes out exactly as it is given. Waiting for one of the few places in flight
        does not count towards the deadline; *ready* is awaited after that, right before the
        request goes out, and keeps it back by raising. A change whose answer has no body returns
        None.

        Raises:
            PayloadError: Nothing was sent, because the request does not fit the operation.
            ExchangeError: It went wrong on the way or at the tracker; see its *in_doubt*.
        """
        request = self._request(operation, body, query, path)
        try:
            answer = await self._exchange(request, ready)
            return read_answer(operation, answer, mask=self._mask, path=path)
        except ExchangeError as error:
            error.sent = self._shown(operation, request, body)
            raise

    def sent(
        self,
        operation: Operation,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        **path: int | str,
    ) -> Sent:
        """Return what `call` would send, fit to be shown.

        Raises:
            PayloadError: The request does not fit the operation.
        """
        return self._shown(operation, self._request(operation, body, query, path), body)

    async def close(self) -> None:
        """Let the calls under way end, then close; a later call finds the tracker unreachable."""
        places = self.network.limits.calls_in_flight
        taken = 0
        try:
            for _ in range(places):
                await self._slots.acquire()
                taken += 1
        finally:
            await self._client.aclose()
            for _ in range(taken):
                self._slots.release()

    async def _exchange(
        self, request: httpx.Request, ready: Callable[[], Awaitable[object]] | None
    ) -> Answer:
        async with self._slots:
            if self._client.is_closed:
                raise UnreachableError("other", "closed")
            if ready:
                await ready()
            return await exchange(self._client, request, self.network.limits)

    def _request(
        self,
        operation: Operation,
        body: Any,
        query: Mapping[str, Any] | None,
        path: Mapping[str, int | str],
    ) -> httpx.Request:
        url = fill_path(operation, path)
        params = check_query(operation, query or {})
        content = encode_body(operation, body)
        headers = {"Api-Key": self._key}
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self._client.build_request(
            operation.method, url, params=params or None, content=content, headers=headers
        )

    def _shown(self, operation: Operation, request: httpx.Request, body: Any) -> Sent:
        url = self._mask.text(str(request.url))
        shown = self._mask.value(body)
        return Sent(operation.name, request.method, url, shown, self._mask.hint)
