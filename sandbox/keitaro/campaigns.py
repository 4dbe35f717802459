"""Campaigns: what the Admin API does with them beyond the common."""

import copy
import hashlib
from typing import Any

from sandbox.keitaro.answers import invalid
from sandbox.keitaro.query import rank, read_count
from sandbox.keitaro.shelves import Shelf
from sandbox.keitaro.state import Call, Row, State

CAMPAIGNS = Shelf(
    name="campaigns",
    model="Traffic\\Model\\Campaign",
    fields={
        "name": "",
        "alias": "",
        "type": "position",
        "state": "active",
        "cost_type": "CPC",
        "cost_value": 0,
        "cost_currency": "USD",
        "cost_auto": False,
        "group_id": None,
        "traffic_source_id": None,
        "domain_id": None,
        "parameters": [],
        "bind_visitors": None,
        "cookies_ttl": 24,
        "uniqueness_method": "ip",
        "position": 9999,
        "postbacks": [],
        "notes": None,
    },
    required=("alias", "name"),
    numbers=frozenset({"group_id", "traffic_source_id", "domain_id", "position", "cookies_ttl"}),
)


def list_campaigns(state: State, call: Call) -> Any:
    """Return the campaigns, in pages if *limit* or *offset* are given."""
    rows = CAMPAIGNS.listed(state, call)
    offset = read_count(call.query.get("offset")) or 0
    limit = read_count(call.query.get("limit"))
    return rows[offset:] if not limit else rows[offset : offset + limit]


def create_campaign(state: State, call: Call) -> Any:
    """Add a campaign; the alias must be given and free."""
    CAMPAIGNS.check(state, call.body, complete=True)
    _refuse_taken(state, call.body["alias"], besides=None)
    return add_campaign(state, call.body)


def add_campaign(state: State, body: Row, *, number: int | None = None) -> Row:
    """Put a campaign on its shelf, unchecked, with a token and a domain."""
    row = CAMPAIGNS.add(state, body, number=number)
    row["token"] = _token(row["id"])
    row["domain"] = _domain(state, row["domain_id"])
    return row


def update_campaign(state: State, call: Call) -> Any:
    """Change the fields that were sent."""
    if "alias" in call.body:
        _refuse_taken(state, call.body["alias"], besides=call.id)
    row: Row = CAMPAIGNS.update(state, call)
    row["domain"] = _domain(state, row["domain_id"])
    return row


def clone_campaign(state: State, call: Call) -> Any:
    """Copy a campaign with its streams under a new alias and token; a list of one."""
    row = CAMPAIGNS.copied(state, call.id)
    row["alias"] = _token(row["id"])[:8]
    row["token"] = _token(row["id"])
    for stream in _streams_of(state, call.id):
        number = state.new_id()
        state.streams[number] = {**copy.deepcopy(stream), "id": number, "campaign_id": row["id"]}
    return [row]


def clean_archive(state: State, _call: Call) -> Any:
    """Empty the whole archive of campaigns for good."""
    for number in [row["id"] for row in state.campaigns.values() if row["state"] == "deleted"]:
        del state.campaigns[number]
    return {"success": True}


def campaign_streams(state: State, call: Call) -> Any:
    """Return the streams of a campaign with all that is nested in them."""
    CAMPAIGNS.find(state, call.id)
    return _streams_of(state, call.id)


def _streams_of(state: State, number: int) -> list[Row]:
    rows = [
        row
        for row in state.streams.values()
        if row["campaign_id"] == number and row["state"] != "deleted"
    ]
    order = {"forced": 0, "regular": 1, "default": 2}
    return sorted(rows, key=lambda row: (order.get(str(row["type"]), 3), rank(row["position"])))


def _refuse_taken(state: State, alias: str, *, besides: int | None) -> None:
    for row in state.campaigns.values():
        if row["alias"] == alias and row["id"] != besides:
            raise invalid({"alias": ["Alias has already used"]}, status=state.validation_status)


def _token(number: int) -> str:
    return hashlib.sha256(f"campaign {number}".encode()).hexdigest()[:32]


def _domain(state: State, number: int | None) -> str | None:
    row = state.domains.get(number) if number else None
    return f"https://{row['name']}/" if row else None
