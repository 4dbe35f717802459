"""What may be in the bodies that go to the tracker.

The models check, they do not change: what is sent is the caller's payload. Fields they do
not know are let through, because a tracker may be newer than this code.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _refuse_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


# Numeric text passes, since trackers take "100" for 100; true is no number to anybody.
Whole = Annotated[int, BeforeValidator(_refuse_bool)]
Number = Annotated[float, BeforeValidator(_refuse_bool), Field(allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1)]
T = TypeVar("T")
# Each bad row is a problem to be written down, and nobody has a thousand of them to send.
Rows = Annotated[list[T], Field(max_length=1000)]


class Payload(BaseModel):
    """The base of all bodies: an object whose unknown fields are passed on."""

    # Errors of validation would print what was given.
    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)


class StreamFilter(Payload):
    """One condition of a stream; the payload's form depends on the filter."""

    name: Name
    mode: Literal["accept", "reject", "black", "white"]


class StreamLanding(Payload):
    """A landing page's share in a stream."""

    landing_id: Whole
    share: Whole
    state: Literal["active", "disabled"] | None = None


class StreamOffer(Payload):
    """An offer's share in a stream."""

    offer_id: Whole
    share: Whole
    state: Literal["active", "disabled"] | None = None


class StreamUpdate(Payload):
    """A change of a stream; fields left out stay as they are.

    Action types are not listed here: the tracker's own catalogue is the authority on them.
    """

    campaign_id: Whole | None = None
    schema_: Literal["landings", "redirect", "action"] | None = Field(None, alias="schema")
    type: Literal["forced", "regular", "default"] | None = None
    name: Name | None = None
    action_type: Name | None = None
    action_options: Any = None
    position: Whole | None = None
    weight: Number | None = None
    state: Literal["active", "disabled", "deleted"] | None = None
    comments: str | None = None
    collect_clicks: bool | None = None
    filter_or: bool | None = None
    filters: Rows[StreamFilter] | None = None
    triggers: Rows[dict[str, Any]] | None = None
    landings: Rows[StreamLanding] | None = None
    offers: Rows[StreamOffer] | None = None
    offer_selection: Literal["before_click", "after_click"] | None = None


class StreamCreate(StreamUpdate):
    """A new stream; the action type is required even where nothing uses it."""

    campaign_id: Whole
    schema_: Literal["landings", "redirect", "action"] = Field(alias="schema")
    type: Literal["forced", "regular", "default"]
    name: Name
    action_type: Name


class CampaignUpdate(Payload):
    """A change of a campaign; fields left out stay as they are."""

    name: Name | None = None
    alias: Name | None = None
    type: Literal["position", "weight"] | None = None
    state: Literal["active", "disabled", "deleted"] | None = None
    cost_type: Name | None = None
    cost_value: Number | None = None
    cost_currency: str | None = None
    cost_auto: bool | None = None
    group_id: Whole | None = None
    traffic_source_id: Whole | None = None
    domain_id: Whole | None = None
    bind_visitors: Literal["s", "sl", "slo"] | None = None
    cookies_ttl: Whole | None = None
    uniqueness_method: str | None = None
    postbacks: Rows[dict[str, Any]] | None = None
    notes: str | None = None


class CampaignCreate(CampaignUpdate):
    """A new campaign; the tracker does not make up an alias by itself."""

    name: Name
    alias: Name


class CampaignCosts(Payload):
    """Costs for a period of one campaign; dates are written ``YYYY-MM-DD HH:MM``."""

    start_date: Name
    end_date: Name
    timezone: Name
    cost: Number
    currency: Name
    filters: dict[str, Any] | None = None


class OfferUpdate(Payload):
    """A change of an offer; fields left out stay as they are."""

    name: Name | None = None
    state: Literal["active", "disabled", "deleted"] | None = None
    notes: str | None = None


class OfferCreate(OfferUpdate):
    """A new offer."""

    name: Name


class LandingPageUpdate(Payload):
    """A change of a landing page; fields left out stay as they are."""

    name: Name | None = None
    landing_type: Literal["local", "external", "preloaded", "action"] | None = None
    state: Literal["active", "disabled", "deleted"] | None = None
    url: str | None = None
    archive: str | None = None
    notes: str | None = None


class LandingPageCreate(LandingPageUpdate):
    """A new landing page."""

    name: Name


class Range(Payload):
    """A period: an interval's name, or its first and last day."""

    interval: Name | None = None
    from_: Name | None = Field(None, alias="from")
    to: Name | None = None
    timezone: Name | None = None


class ReportFilter(Payload):
    """One condition on the rows; some operators need no expression."""

    name: Name
    operator: Name


class ReportSort(Payload):
    """One column to sort by."""

    name: Name
    order: Literal["ASC", "DESC", "asc", "desc"]


class LogRequest(Payload):
    """A request for raw clicks or conversions."""

    range: Range | None = None
    columns: Rows[str] | None = None
    filters: Rows[ReportFilter] | None = None
    sort: Rows[ReportSort] | None = None
    limit: Whole | None = None
    offset: Whole | None = None


class ReportRequest(LogRequest):
    """A request for aggregated figures, in the current words or in the old ones."""

    dimensions: Rows[str] | None = None
    measures: Rows[str] | None = None
    grouping: Rows[str] | None = None
    metrics: Rows[str] | None = None
    summary: bool | None = None


class LabelsUpdate(Payload):
    """White and black marks on values of one dimension."""

    campaign_id: Whole
    ref_name: Name
    items: Any


class ClicksClean(Payload):
    """A period whose statistics are destroyed."""

    start_date: Name
    end_date: Name
    campaign_id: Whole | None = None
    timezone: Name | None = None


class ClicksCosts(Payload):
    """Costs for periods of several campaigns."""

    campaign_ids: Rows[Whole]
    costs: Rows[dict[str, Any]]
    timezone: Name | None = None
    currency: Name | None = None
