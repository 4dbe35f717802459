"""The tracker itself: what a test sets up, orders and looks at."""

import asyncio
import functools
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from starlette.routing import Router
from starlette.types import ASGIApp

from sandbox.keitaro.buckets import QUARTER, UNIT, Bucket
from sandbox.keitaro.door import Door
from sandbox.keitaro.faults import Body, Fault, Script
from sandbox.keitaro.panel import Panel
from sandbox.keitaro.requests import Request
from sandbox.keitaro.seed import fill
from sandbox.keitaro.state import Nested, State
from sandbox.keitaro.traffic import make_up
from sandbox.witness import Witness, nobody

_MONEY = frozenset({"cost", "lead_revenue", "sale_revenue", "rejected_revenue"})


class Keitaro(Panel):
    """A made-up tracker: its state is plain Python, and *app* serves its Admin API.

    *requests* are those that arrived, *mutations* those of them that changed something.
    *key* opens it; *license_missing* answers 402 to everything, *restricted* names the
    resources (first words of paths, such as ``streams``) that answer 403. A failed
    validation is answered with *validation_status*: 422, or 406 as older trackers do.
    *breakdowns* are the exceptions behind answers with status 500. Every request takes
    *delay_seconds*, at the same time as others; *most_in_flight* is how many there were at a
    time. *nested* says what becomes of lists in a stream (see `sandbox.keitaro.parts`). *witness*
    is told of every request (see `sandbox.witness`).
    """

    def __init__(
        self,
        *,
        key: str = "fake-key-1111",
        now: Callable[[], float] = time.time,
        seed: int = 7,
        empty: bool = False,
        time_zone: str = "UTC",
        nested: Nested = "replace",
    ) -> None:
        super().__init__(
            now=now,
            time_zone=time_zone,
            traffic=list if empty else functools.partial(_first_month, now(), time_zone, seed),
        )
        self.key = key
        self.nested = nested
        self.delay_seconds = 0.0
        self.license_missing = False
        self.restricted: set[str] = set()
        self.requests: list[Request] = []
        self.mutations: list[Request] = []
        self.most_in_flight = 0
        self.breakdowns: list[Exception] = []
        self.script = Script()
        self.witness: Witness = nobody
        self.app: ASGIApp = Router(default=Door(self))
        if not empty:
            fill(self)

    def fail(  # noqa: PLR0913 - a fault has many sides, all but one given by name
        self,
        times: float = 1,
        *,
        status: int | None = None,
        body: Body | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
        method: str | None = None,
        path: str | None = None,
        delay_seconds: float = 0.0,
        until: asyncio.Event | None = None,
        after_effect: bool = False,
        cut: bool = False,
        when: Callable[[Request], bool] | None = None,
    ) -> None:
        """Order a fault for the next *times* requests that match *method*, *path* and *when*.

        What the arguments mean is told by `sandbox.keitaro.faults.Fault`.
        """
        fault = Fault(
            status=status,
            body=body,
            content_type=content_type,
            headers={name.lower(): value for name, value in (headers or {}).items()},
            method=method,
            path=path,
            delay_seconds=delay_seconds,
            until=until,
            after_effect=after_effect,
            cut=cut,
            when=when,
        )
        self.script.order(fault, times=times)

    def fail_when(self, when: Callable[[Request], bool], **fault: Any) -> None:
        """Let a fault befall every request of which *when* holds, until the script is cleared.

        A share of all is met by dice: `lambda _: dice.random() < 0.2` with a `random.Random(1)`.
        """
        self.fail(math.inf, when=when, **fault)

    def record(self, stream_id: int, *, at: float | None = None, **columns: Any) -> Bucket:
        """Add clicks of a stream to the statistics, by default just now.

        *columns* are fields of `Bucket`; money is given in the currency, not in its parts.
        """
        moment = int(self.now() if at is None else at)
        row = self.streams[stream_id]
        values: dict[str, Any] = {
            "campaign_id": row["campaign_id"],
            "offer_id": row["offers"][0]["offer_id"] if row["offers"] else 0,
            "landing_id": row["landings"][0]["landing_id"] if row["landings"] else 0,
            "country_code": "DE",
            "device": 0,
            "creative": 0,
            "clicks": 1,
        }
        for name, value in columns.items():
            values[name] = round(value * UNIT) if name in _MONEY else value
        bucket = Bucket(at=moment - moment % QUARTER, stream_id=stream_id, **values)
        self.buckets.append(bucket)
        return bucket


def _first_month(moment: float, time_zone: str, seed: int) -> list[Bucket]:
    """Return the clicks of an untouched tracker, whatever became of this one since."""
    untouched = State(now=lambda: moment, time_zone=time_zone, traffic=list)
    fill(untouched)
    return make_up(untouched, seed=seed)
