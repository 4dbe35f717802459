"""The one place that talks to a tracker."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
from pydantic import SecretStr

from keitaro.address import Address
from keitaro.answers import read_answer
from keitaro.errors import ExchangeError, Sent, UnreachableError
from keitaro.exchange import exchange
from keitaro.mask import Mask
from keitaro.network import Network
from keitaro.operation import Operation
from keitaro.patience import Patience
from keitaro.payload import check_query, check_unmasked, encode_body, fill_path

# What takes longer to read than others should be kept waiting.
LARGE_BYTES = 256 * 1024


class Tracker:
    """One tracker and one key to it; a change that may have been carried out is never repeated.

    Raises:
        KeyFormatError: *key* cannot be an API key.
    """

    def __init__(self, address: Address, key: str, *, network: Network) -> None:
        self._mask = Mask(key)
        self._key = SecretStr(key)
        self._client = network.client(address)
        self._patience = Patience(network)
        self.address = address
        self.network = network

    def __repr__(self) -> str:
        return f"Tracker({self.address.url!r}, {self._mask.hint!r})"

    @property
    def key_hint(self) -> str:
        """The masked key with its last four characters, by which people tell keys apart."""
        return self._mask.hint

    @property
    def pause_seconds(self) -> int:
        """How long it is still left in peace, because it was down lately; 0 if it is not."""
        return self._patience.pause_seconds

    @property
    def waiting(self) -> int:
        """How many calls wait for one of the few places in flight."""
        return self._patience.waiting

    async def call(
        self,
        operation: Operation,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        ready: Callable[[], Awaitable[object]] | None = None,
        is_extra: bool = False,
        **path: int | str,
    ) -> Any:
        """Carry out *operation* and return the answer's value.

        The body goes out exactly as it is given, again only where that can do no harm. All tries
        share one deadline; waiting for one of the few places in flight before the first does not
        count towards it. *ready* is awaited right before each try, and keeps it back by raising.
        What *is_extra*, and could be done without, is tried once and tells nothing about how the
        tracker is. A change whose answer has no body returns None.

        Raises:
            PayloadError: Nothing was sent, because the request does not fit the operation.
            ExchangeError: It went wrong on the way or at the tracker; see its *in_doubt*.
        """
        request = self._request(operation, body, query, path)
        try:
            send = functools.partial(self._send, operation, request, path, ready)
            return await self._patience.carry_out(
                send, changes=operation.changes, is_extra=is_extra
            )
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
        try:
            await self._patience.close()
        finally:
            await self._client.aclose()

    async def _send(
        self,
        operation: Operation,
        request: httpx.Request,
        path: Mapping[str, int | str],
        ready: Callable[[], Awaitable[object]] | None,
        ends: float,
    ) -> Any:
        if ready:
            await ready()
            if asyncio.get_running_loop().time() >= ends:
                # Nothing has been sent, and an answer would come too late.
                raise UnreachableError("timeout", "ready")
        answer = await exchange(self._client, request, self.network.limits, ends=ends)
        read = functools.partial(read_answer, operation, answer, mask=self._mask, path=path)
        # Meanwhile nobody waits who has asked another tracker; a small answer is noted at once.
        is_large = len(answer.content) > LARGE_BYTES
        return await asyncio.to_thread(read) if is_large else read()

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
        if operation.changes:
            check_unmasked(body)
        headers = {"Api-Key": self._key.get_secret_value()}
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self._client.build_request(
            operation.method, url, params=params or None, content=content, headers=headers
        )

    def _shown(self, operation: Operation, request: httpx.Request, body: Any) -> Sent:
        url = self._mask.text(str(request.url))
        shown = self._mask.value(body)
        return Sent(operation.name, request.method, url, shown, self._mask.hint)
