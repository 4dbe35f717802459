"""The plain kinds of objects: offers, landing pages, sources, networks, groups, domains."""

from typing import Any

from sandbox.keitaro.answers import invalid, refused
from sandbox.keitaro.shelves import Shelf
from sandbox.keitaro.state import Call, State

OFFERS = Shelf(
    name="offers",
    model="Traffic\\Model\\Offer",
    fields={
        "name": "",
        "group_id": None,
        "offer_type": "external",
        "action_type": "http",
        "action_payload": "",
        "action_options": None,
        "affiliate_network_id": None,
        "payout_value": 0,
        "payout_currency": "USD",
        "payout_type": "CPA",
        "payout_auto": False,
        "payout_upsell": False,
        "country": [],
        "notes": "",
        "state": "active",
        "conversion_cap_enabled": False,
        "daily_cap": 0,
        "conversion_timezone": "UTC",
        "alternative_offer_id": None,
        "values": "",
    },
    numbers=frozenset({"group_id", "affiliate_network_id"}),
)
LANDING_PAGES = Shelf(
    name="landing_pages",
    model="Traffic\\Model\\Landing",
    fields={
        "name": "",
        "group_id": None,
        "landing_type": "local",
        "action_type": "local_file",
        "action_payload": "",
        "action_options": None,
        "url": None,
        "notes": "",
        "state": "active",
        "offer_count": 1,
    },
)
TRAFFIC_SOURCES = Shelf(
    name="traffic_sources",
    model="Traffic\\Model\\TrafficSource",
    fields={
        "name": "",
        "postback_url": "",
        "postback_statuses": ["sale", "lead", "rejected", "rebill"],
        "template_name": "",
        "accept_parameters": True,
        "parameters": [],
        "notes": "",
        "state": "active",
        "traffic_loss": 0,
        "update_in_campaigns": False,
    },
)
AFFILIATE_NETWORKS = Shelf(
    name="affiliate_networks",
    model="Traffic\\Model\\AffiliateNetwork",
    fields={
        "name": "",
        "postback_url": "",
        "offer_param": "",
        "notes": "",
        "template_name": "",
        "state": "active",
    },
)
GROUPS = Shelf(
    name="groups",
    model="Component\\Groups\\Model\\Group",
    fields={"name": "", "type": "campaigns", "position": 0},
    required=("name", "type"),
)
DOMAINS = Shelf(
    name="domains",
    model="Traffic\\Model\\Domain",
    fields={
        "name": "",
        "is_ssl": True,
        "default_campaign_id": None,
        "default_campaign": None,
        "state": "active",
        "network_status": "active",
        "status": "ok",
        "ssl_status": "ok",
        "catch_not_found": False,
        "ssl_redirect": False,
        "allow_indexing": True,
        "wildcard": False,
        "notes": "",
        "error_description": None,
    },
)


def list_groups(state: State, call: Call) -> Any:
    """Return the groups of one type, which must be named."""
    wanted = call.query.get("type")
    if not wanted:
        raise refused("Type is required")
    return [row for row in state.groups.values() if row["type"] == wanted]


def create_group(state: State, call: Call) -> Any:
    """Add a group; its name is unique within its type."""
    if not call.body:
        raise refused("Internal server error", status=500)
    GROUPS.check(state, call.body, complete=True)
    _refuse_taken(state, call.body["name"], call.body["type"])
    return GROUPS.add(state, call.body)


def delete_group(state: State, call: Call) -> Any:
    """Remove a group for good."""
    row = GROUPS.find(state, call.id)
    del state.groups[call.id]
    return row


def create_domains(state: State, call: Call) -> Any:
    """Add domains, of which *name* may list several; the answer is a list."""
    DOMAINS.check(state, call.body, complete=True)
    names = str(call.body["name"]).replace(",", " ").split()
    return [DOMAINS.add(state, {**call.body, "name": name}) for name in names]


def check_domain(state: State, call: Call) -> Any:
    """Look at a domain again; the answer is a list of one."""
    return [DOMAINS.find(state, call.id)]


def restore_domain(state: State, call: Call) -> Any:
    """Take a domain out of the archive; the answer is a list of one."""
    return [DOMAINS.activate(state, call)]


def domain_addresses(_state: State, _call: Call) -> Any:
    """Return the addresses that domains should point at."""
    return {"ipv4": "192.0.2.10", "ipv6": "2001:db8::10"}


def _refuse_taken(state: State, name: str, kind: str) -> None:
    if any(row["name"] == name and row["type"] == kind for row in state.groups.values()):
        raise invalid({"name": ["Name has already used"]}, status=state.validation_status)
