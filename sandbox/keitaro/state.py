"""What the tracker holds: plain rows by id, exactly as it shows them."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sandbox.keitaro.buckets import Bucket

Row = dict[str, Any]
Nested = Literal["replace", "merge"]


@dataclass(frozen=True)
class Call:
    """A request as an action sees it: the id in its path, its query, its JSON object."""

    id: int
    query: Mapping[str, str]
    body: Row


class State:
    """The tracker's memory, free to be read and changed by whoever sets a scene."""

    def __init__(
        self,
        *,
        now: Callable[[], float],
        time_zone: str,
        traffic: Callable[[], list[Bucket]],
    ) -> None:
        self.now = now
        self.time_zone = time_zone
        self.validation_status = 422
        self.nested: Nested = "replace"
        self.campaigns: dict[int, Row] = {}
        self.streams: dict[int, Row] = {}
        self.offers: dict[int, Row] = {}
        self.landing_pages: dict[int, Row] = {}
        self.groups: dict[int, Row] = {}
        self.traffic_sources: dict[int, Row] = {}
        self.affiliate_networks: dict[int, Row] = {}
        self.domains: dict[int, Row] = {}
        self.events: dict[int, list[Row]] = {}
        self.labels: dict[tuple[int, str, str], str] = {}
        self.files: dict[tuple[str, int], dict[str, str]] = {}
        self._traffic = traffic
        self._buckets: list[Bucket] | None = None
        self._ids = itertools.count(1001)
        self._part_ids = itertools.count(20001)

    @property
    def buckets(self) -> list[Bucket]:
        """The statistics, made up at the first look because most tests need none."""
        if self._buckets is None:
            self._buckets = self._traffic()
        return self._buckets

    @buckets.setter
    def buckets(self, buckets: list[Bucket]) -> None:
        self._buckets = buckets

    def new_id(self) -> int:
        """Return an id that no object has."""
        return next(self._ids)

    def new_part_id(self) -> int:
        """Return an id for a filter, a landing or an offer inside a stream."""
        return next(self._part_ids)

    def stamp(self) -> str:
        """Return the present moment the way the tracker writes it, without a zone."""
        moment = datetime.fromtimestamp(self.now(), ZoneInfo(self.time_zone))
        return moment.strftime("%Y-%m-%d %H:%M:%S")
