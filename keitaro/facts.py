"""What is known of a change and its surroundings, and what a check has found there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from keitaro.catalogues import Catalogue
from keitaro.loose import rows, whole, word
from keitaro.values import same

FindingName = Literal[
    "share_sum",
    "share_negative",
    "share_excess",
    "disabled_share",
    "no_offers",
    "twice",
    "unused_list",
    "redirect_without_url",
    "action_without_payload",
    "no_clicks_collected",
    "read_only",
    "other_id",
    "country_slip",
    "country_unknown",
    "absent",
    "archived",
    "campaign_absent",
    "campaign_archived",
    "last_active",
    "default_taken",
    "position_taken",
    "namesake",
    "weight_zero",
    "weight_negative",
    "last_default",
    "comes_back_on",
    "nothing_to_show",
    "misspelt",
    "unknown_action",
    "unknown_action_like",
    "unknown_filter",
    "unknown_filter_like",
    "unknown_mode",
]
Object = Mapping[str, Any]
# The lists of a stream whose rows have shares, and what names an item there.
ITEMS = {"offers": "offer_id", "landings": "landing_id"}


@dataclass(frozen=True)
class Finding:
    """What one check has found.

    *values* are what the sentence about it needs: JSON, not escaped.
    """

    name: str
    level: Literal["error", "warning"]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Traffic:
    """What a stream carried; *cost* is None where the tracker does not tell it."""

    clicks: int
    cost: float | None


@dataclass(frozen=True)
class Facts:
    """What is known of the surroundings of a change; None stands for not known.

    *streams* are those of the campaign, *traffic* that of the last 24 hours. *offers* and
    *landings* are by id: None where the tracker has none of this id, no entry where it is not
    known.
    """

    campaign: Object | None = None
    is_campaign_absent: bool = False
    streams: Sequence[Object] | None = None
    offers: Mapping[int, Object | None] = field(default_factory=dict)
    landings: Mapping[int, Object | None] = field(default_factory=dict)
    catalogue: Catalogue | None = None
    traffic: Traffic | None = None


@dataclass(frozen=True)
class Case:
    """A change of a stream, as the checks look at it.

    *after* is the stream as it would be, *written* what somebody wrote; *before* is None where
    it is not known.
    """

    verb: str
    after: Object
    written: Object
    facts: Facts
    before: Object | None

    @property
    def creates(self) -> bool:
        """Whether there is no such stream yet."""
        return self.verb == "create"

    @cached_property
    def changed(self) -> frozenset[str]:
        """The fields that were written and are not as they were before."""
        before = self.before or {}
        return frozenset(
            name
            for name, value in self.written.items()
            if name not in before or not _is_same(value, before[name])
        )

    @cached_property
    def begins(self) -> bool:
        """Whether the stream, as a whole, begins to work by this change."""
        is_woken = "state" in self.changed and self.word("state") == "active"
        return self.verb in {"create", "enable", "restore"} or (self.verb == "update" and is_woken)

    @property
    def runs(self) -> bool:
        """Whether the stream would be on."""
        return (self.begins and not self.creates) or self.word("state") in {"", "active"}

    def touches(self, *names: str) -> bool:
        """Tell whether the change has to do with one of the fields *names*."""
        return self.begins or (self.verb == "update" and not self.changed.isdisjoint(names))

    def word(self, name: str) -> str:
        """Return the text in a field of the stream as it would be."""
        return word(self.after.get(name))

    def lacks(self, name: str) -> bool:
        """Tell whether a field is certainly empty; what an update leaves out is not known."""
        if name not in self.after:
            return self.creates
        value = self.after[name]
        return value in (None, [], {}) or (isinstance(value, str) and not value.strip())

    @cached_property
    def others(self) -> list[Object]:
        """The other streams of the campaign, as far as they are known, without the archive."""
        own = None if self.creates else whole(self.after.get("id") or (self.before or {}).get("id"))
        return [
            row
            for row in rows(self.facts.streams)
            if word(row.get("state")) != "deleted" and (own is None or whole(row.get("id")) != own)
        ]


def item_ids(stream: Object, field: str) -> list[int]:
    """Return the ids of the "offers" or "landings" of *stream*, each once, in their order."""
    ids = (whole(row.get(ITEMS[field])) for row in rows(stream.get(field)))
    return list(dict.fromkeys(one for one in ids if one is not None))


def is_active(row: Object) -> bool:
    """Tell whether *row* is on; without a state it is."""
    return row.get("state") is None or word(row["state"]) == "active"


def warning(name: FindingName, /, **values: Any) -> Finding:
    """Return what may be meant so, but hardly is."""
    return Finding(name, "warning", values)


def error(name: FindingName, /, **values: Any) -> Finding:
    """Return what cannot be meant."""
    return Finding(name, "error", values)


def _is_same(written: Any, before: Any) -> bool:
    try:
        return same(written, before)
    except RecursionError:
        return False
