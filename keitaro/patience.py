"""When a request to a tracker goes out, and whether it goes out again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from keitaro.breaker import Breaker
from keitaro.errors import ExchangeError
from keitaro.network import Network
from keitaro.places import Places
from keitaro.quiet import Quiet
from keitaro.tries import Tries

Send = Callable[[float], Awaitable[Any]]


class Patience:
    """What all calls to one tracker share: few places, and what they learned about it.

    No pause is made in a place, so that whoever waits keeps nobody else from being served.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._breaker = Breaker(network.limits, network.clock)
        self._quiet = Quiet(network.limits, network.clock)
        self._places = Places(network.limits.calls_in_flight)

    @property
    def waiting(self) -> int:
        """How many calls wait for a place."""
        return self._places.waiting

    async def carry_out(self, send: Send, *, changes: bool, is_extra: bool = False) -> Any:
        """Return what *send* returns, tried again where that can do no harm.

        It is called with the time of the running loop at which it must end. What *is_extra* is
        tried once, and says nothing about how the tracker is.

        Raises:
            PausedError: The tracker is left in peace, and nothing was sent.
            ExchangeError: What the last try came to.
        """
        tries = Tries(self._network, changes=changes)
        while True:
            async with self._turn(tries, is_extra=is_extra) as is_probe:
                try:
                    value = await send(tries.begin())
                except ExchangeError as error:
                    self._quiet.note(error)
                    if is_probe or is_extra or not tries.go_on(error):
                        raise
                    tries.last = error
                else:
                    self._breaker.succeed()
                    return value
            await asyncio.sleep(tries.pause_seconds)

    @property
    def pause_seconds(self) -> int:
        """How long the tracker is still left in peace; 0 if it is not."""
        refusal = self._breaker.refusal()
        return refusal.seconds if refusal else 0

    async def close(self) -> None:
        """Let the calls under way end; a later call finds the tracker unreachable."""
        await self._places.close()

    @contextlib.asynccontextmanager
    async def _turn(self, tries: Tries, *, is_extra: bool) -> AsyncIterator[bool]:
        """Wait until a request may go out; yields whether it is the probe of a paused tracker."""
        while True:
            await self._keep_quiet(tries)
            tries.refuse(self._breaker.refusal())
            tries.refuse(await self._places.take(until=tries.latest))
            try:
                if self._quiet.refusal():
                    continue
                tries.refuse(self._breaker.refusal())
                passage = contextlib.nullcontext(False) if is_extra else self._breaker.passage()
                with passage as is_probe:
                    yield is_probe
                return
            finally:
                self._places.leave()

    async def _keep_quiet(self, tries: Tries) -> None:
        """Wait as long as the tracker asks for quiet, if that is not too long."""
        while refusal := self._quiet.refusal():
            if not self._quiet.is_short or not tries.go_on(refusal):
                tries.refuse(refusal)
            tries.last = tries.last or refusal
            await asyncio.sleep(tries.pause_seconds)
