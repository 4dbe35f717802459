"""The table of everything the bot can ask of a tracker, one row per operation.

Paths are those of Keitaro's Admin API, version 1. Deleting a campaign, stream, offer or
landing page moves it to the archive. There is no list of all streams: they are read campaign
by campaign. Rows marked *newer* are known from newer trackers only.
"""

from keitaro.models import (
    CampaignCosts,
    CampaignCreate,
    CampaignUpdate,
    ClicksClean,
    ClicksCosts,
    LabelsUpdate,
    LandingPageCreate,
    LandingPageUpdate,
    LogRequest,
    OfferCreate,
    OfferUpdate,
    ReportRequest,
    StreamCreate,
    StreamUpdate,
)
from keitaro.operation import Operation, change, read

CAMPAIGN_LIST = read("campaign.list", "campaigns", query=("limit", "offset"), answer="list")
CAMPAIGN_CREATE = change("campaign.create", "POST campaigns", body=CampaignCreate)
CAMPAIGN_GET = read("campaign.get", "campaigns/{id}")
CAMPAIGN_UPDATE = change("campaign.update", "PUT campaigns/{id}", body=CampaignUpdate)
CAMPAIGN_DELETE = change("campaign.delete", "DELETE campaigns/{id}", answer="any")
CAMPAIGN_CLONE = change("campaign.clone", "POST campaigns/{id}/clone")
CAMPAIGN_DISABLE = change("campaign.disable", "POST campaigns/{id}/disable")
CAMPAIGN_ENABLE = change("campaign.enable", "POST campaigns/{id}/enable")
CAMPAIGN_RESTORE = change("campaign.restore", "POST campaigns/{id}/restore", answer="any")
CAMPAIGN_DELETED = read("campaign.deleted", "campaigns/deleted", answer="list")
# Empties the archive of all campaigns at once.
CAMPAIGN_CLEAN_ARCHIVE = change(
    "campaign.clean_archive",
    "POST campaigns/clean_archive",
    answer="any",
    permanent=True,
    newer=True,
)
CAMPAIGN_STREAMS = read("campaign.streams", "campaigns/{id}/streams", answer="list")
CAMPAIGN_UPDATE_COSTS = change(
    "campaign.update_costs",
    "POST campaigns/{id}/update_costs",
    body=CampaignCosts,
    answer="any",
    permanent=True,
)

STREAM_CREATE = change("stream.create", "POST streams", body=StreamCreate)
STREAM_GET = read("stream.get", "streams/{id}")
STREAM_UPDATE = change("stream.update", "PUT streams/{id}", body=StreamUpdate)
STREAM_DELETE = change("stream.delete", "DELETE streams/{id}", answer="any")
STREAM_DISABLE = change("stream.disable", "POST streams/{id}/disable")
STREAM_ENABLE = change("stream.enable", "POST streams/{id}/enable")
STREAM_RESTORE = change("stream.restore", "POST streams/{id}/restore")
STREAM_CLONE = change("stream.clone", "POST streams/{id}/clone", newer=True)
# Described as a stream, which a history can hardly be.
STREAM_EVENTS = read("stream.events", "streams/{id}/events", answer="any")
STREAM_DELETED = read("stream.deleted", "streams/deleted", answer="list")
STREAM_SEARCH = read(
    "stream.search", "streams/search", query=("query",), needs=("query",), answer="list"
)
STREAM_TYPE_LIST = read("stream_type.list", "stream_types", answer="list")
STREAM_SCHEMA_LIST = read("stream_schema.list", "stream_schemas", answer="list")
STREAM_ACTION_LIST = read("stream_action.list", "streams_actions", answer="list")
STREAM_FILTER_LIST = read("stream_filter.list", "stream_filters", answer="list")

OFFER_LIST = read("offer.list", "offers", answer="list")
OFFER_CREATE = change("offer.create", "POST offers", body=OfferCreate)
OFFER_GET = read("offer.get", "offers/{id}")
OFFER_UPDATE = change("offer.update", "PUT offers/{id}", body=OfferUpdate)
OFFER_DELETE = change("offer.delete", "DELETE offers/{id}/archive", answer="any")
OFFER_CLONE = change("offer.clone", "POST offers/{id}/clone")
OFFER_RESTORE = change("offer.restore", "POST offers/{id}/restore", answer="any", newer=True)
OFFER_DELETED = read("offer.deleted", "offers/deleted", answer="list", newer=True)
OFFER_ADD_FILE = change(
    "offer.add_file", "POST offers/{id}/add_file", needs=("path",), answer="any"
)
OFFER_GET_FILE = read(
    "offer.get_file", "offers/{id}/get_file", query=("path",), needs=("path",), answer="any"
)
OFFER_GET_STRUCTURE = read("offer.get_structure", "offers/{id}/get_structure", answer="any")
OFFER_UPDATE_FILE = change(
    "offer.update_file",
    "PUT offers/{id}/update_file",
    needs=("path", "data"),
    answer="any",
    permanent=True,
)
OFFER_REMOVE_FILE = change(
    "offer.remove_file",
    "DELETE offers/{id}/remove_file",
    needs=("path",),
    answer="any",
    permanent=True,
)
OFFER_DOWNLOAD = read("offer.download", "offers/{id}/download", answer="bytes")

LANDING_PAGE_LIST = read("landing_page.list", "landing_pages", answer="list")
LANDING_PAGE_CREATE = change("landing_page.create", "POST landing_pages", body=LandingPageCreate)
LANDING_PAGE_GET = read("landing_page.get", "landing_pages/{id}")
LANDING_PAGE_UPDATE = change(
    "landing_page.update", "PUT landing_pages/{id}", body=LandingPageUpdate
)
LANDING_PAGE_DELETE = change("landing_page.delete", "DELETE landing_pages/{id}", answer="any")
# A PUT, but every one makes another copy.
LANDING_PAGE_CLONE = change("landing_page.clone", "PUT landing_pages/{id}/clone", repeatable=False)
LANDING_PAGE_ADD_FILE = change(
    "landing_page.add_file", "POST landing_pages/{id}/add_file", needs=("path",), answer="any"
)
LANDING_PAGE_GET_FILE = read(
    "landing_page.get_file",
    "landing_pages/{id}/get_file",
    query=("path",),
    needs=("path",),
    answer="any",
)
LANDING_PAGE_GET_STRUCTURE = read(
    "landing_page.get_structure", "landing_pages/{id}/get_structure", answer="any"
)
LANDING_PAGE_UPDATE_FILE = change(
    "landing_page.update_file",
    "PUT landing_pages/{id}/update_file",
    needs=("path", "data"),
    answer="any",
    permanent=True,
)
LANDING_PAGE_REMOVE_FILE = change(
    "landing_page.remove_file",
    "DELETE landing_pages/{id}/remove_file",
    needs=("path",),
    answer="any",
    permanent=True,
)
LANDING_PAGE_DOWNLOAD = read("landing_page.download", "landing_pages/{id}/download", answer="bytes")

REPORT_BUILD = read("report.build", "report/build", method="POST", body=ReportRequest, rows=True)
# Some trackers answer 400 to any question about labels.
REPORT_LABELS = read(
    "report.labels",
    "report/labels",
    query=("campaign_id", "ref_name", "label_name"),
    needs=("campaign_id", "ref_name", "label_name"),
    answer="any",
)
REPORT_UPDATE_LABELS = change(
    "report.update_labels", "POST report/labels", body=LabelsUpdate, answer="any"
)
CLICK_LOG = read("click.log", "clicks/log", method="POST", body=LogRequest, rows=True)
CLICK_CLEAN = change(
    "click.clean", "POST clicks/clean", body=ClicksClean, answer="any", permanent=True
)
CLICK_UPDATE_COSTS = change(
    "click.update_costs",
    "POST clicks/update_costs",
    body=ClicksCosts,
    answer="any",
    permanent=True,
)
CONVERSION_LOG = read(
    "conversion.log", "conversions/log", method="POST", body=LogRequest, rows=True
)

OPERATIONS: tuple[Operation, ...] = tuple(
    value for value in globals().copy().values() if isinstance(value, Operation)
)


def find(resource: str, verb: str) -> Operation | None:
    """Return the row for *verb* on *resource*, if the tracker has such an operation."""
    name = f"{resource}.{verb}"
    return next((operation for operation in OPERATIONS if operation.name == name), None)
