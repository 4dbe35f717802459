"""The whole Telegram in one object."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from sandbox.telegram.cast import Person
from sandbox.telegram.faults import Fault
from sandbox.telegram.people import People
from sandbox.telegram.server import Server
from sandbox.telegram.updates import MESSAGE_LIFETIME_SECONDS
from sandbox.telegram.watching import Watching
from sandbox.telegram.world import Deliver


class Telegram(People, Watching):
    """A Telegram on this machine: `app` for the bot, methods for people and onlookers.

    Its *witness* is told of every call that no fault befalls (see `sandbox.witness`).

    Args:
        token: what the bot signs in with.
        username: the bot's name, without the @.
        now: the clock; dates, lifetimes and expiry all follow it.
        seed: where update ids and query ids start.
        deliver: sends an update to the webhook (address, headers, body) and returns the status
            of the answer; by default over a real connection.
        strict_pace: whether sending too fast is refused with 429, and polling too often slowed.
    """

    def __init__(
        self,
        *,
        token: str = "1000001:fake-token-1111",  # noqa: S107 - visibly fake
        username: str = "keitaro_demo_bot",
        now: Callable[[], float] = time.time,
        seed: int = 1,
        deliver: Deliver | None = None,
        strict_pace: bool = False,
    ) -> None:
        bot = Person(int(token.partition(":")[0]), "Keitaro", None, username, is_bot=True)
        super().__init__(token=token, bot=bot, now=now, seed=seed)
        if deliver is not None:
            self.deliver = deliver
        self.limits.is_enforced = strict_pace
        self.app = Server(self).app

    def fail(  # noqa: PLR0913 - a fault has this many independent sides
        self,
        method: str,
        *,
        status: int,
        description: str = "",
        parameters: dict[str, Any] | None = None,
        times: int = 1,
        raw: bytes | None = None,
        after_effect: bool = False,
    ) -> None:
        """Answer the next calls of *method* with this error, or with *raw* bytes.

        "*" stands for any method and "file" for the download of a file. With *after_effect* the
        call is carried out first.
        """
        self.faults.queue.append(
            Fault(
                method,
                times,
                status=status,
                description=description,
                parameters=parameters,
                raw=raw,
                after_effect=after_effect,
            )
        )

    def cut(
        self, method: str, *, times: int = 1, after_effect: bool = False, early: bool = False
    ) -> None:
        """Close the connection in the next calls of *method* without an answer.

        If *early*, that happens while the request is still being sent.
        """
        fault = Fault(method, times, is_cut=True, after_effect=after_effect, is_early=early)
        self.faults.queue.append(fault)

    def hold(self, method: str, *, times: int = 1, after_effect: bool = False) -> asyncio.Event:
        """Keep the next calls of *method* waiting until the event returned is set."""
        gate = asyncio.Event()
        self.faults.queue.append(Fault(method, times, gate=gate, after_effect=after_effect))
        return gate

    def push(self, update: dict[str, Any], *, update_id: int | None = None) -> int:
        """Queue an update of any shape, under any id, and return the id.

        An id used before makes a duplicate; a lower one starts the numbering anew, as after a
        week without updates.
        """
        number = self.updates.push(
            update, update_id=update_id, lifetime_seconds=MESSAGE_LIFETIME_SECONDS
        )
        self.pulse.beat()
        return number

    async def close(self) -> None:
        """Stop delivering to the webhook."""
        if self.webhook is not None:
            await self.webhook.stop()
