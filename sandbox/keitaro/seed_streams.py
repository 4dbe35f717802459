"""The forty streams of a new tracker: every schema, every type, most filters."""

from collections.abc import Iterator
from typing import Any

from sandbox.keitaro.state import Row, State
from sandbox.keitaro.streams import add_stream

FIRST_STREAM = 11
_WITH_FOUR = (1, 2, 5, 6)  # campaigns with a stream against bots
GEO = {
    1: ("DE",),
    2: ("DE", "AT", "CH"),
    3: ("GB", "IE"),
    4: ("PL",),
    5: ("FR",),
    6: ("ES", "PT"),
    7: ("IT",),
    8: ("BR",),
    9: ("RO", "CZ"),
    10: ("MX",),
    11: ("CA", "US"),
    12: ("AT",),
}


def fill_streams(state: State) -> None:
    """Give every campaign its three or four streams."""
    number = FIRST_STREAM
    for campaign_id in state.campaigns:
        for body in _streams(campaign_id):
            row = add_stream(state, {**body, "campaign_id": campaign_id}, number=number)
            _leave_a_trace(state, row)
            number += 1


def _streams(campaign_id: int) -> Iterator[Row]:
    if campaign_id in _WITH_FOUR:
        yield _against_bots(campaign_id)
    yield _main(campaign_id)
    yield _second(campaign_id)
    yield _fallback(campaign_id)


def _against_bots(campaign_id: int) -> Row:
    text = campaign_id % 2 == 0
    return {
        "name": "Bots out",
        "type": "forced",
        "schema": "action",
        "action_type": "show_text" if text else "status404",
        "action_payload": "Nothing here" if text else "",
        "collect_clicks": True,
        "filter_or": True,
        "filters": [
            {"name": "bot", "mode": "accept", "payload": None},
            {"name": "proxy", "mode": "accept", "payload": None},
        ],
    }


def _main(campaign_id: int) -> Row:
    """Return landings before offers, or offers alone, for the campaign's own countries."""
    with_landings = campaign_id % 3 != 0
    country = {"name": "country", "mode": "accept", "payload": list(GEO[campaign_id])}
    return {
        "name": f"{'/'.join(GEO[campaign_id])} main",
        "type": "regular",
        "schema": "landings",
        "action_type": "http",
        "position": 1,
        "weight": 70,
        "collect_clicks": True,
        "comments": "Split test since spring" if campaign_id % 4 == 0 else "",
        "filters": [country, *_more_filters(campaign_id)],
        "landings": _landings(campaign_id) if with_landings else [],
        "offers": _offers(campaign_id),
    }


def _more_filters(campaign_id: int) -> list[Row]:
    choices: tuple[dict[str, Any], ...] = (
        {"name": "device_type", "mode": "accept", "payload": ["mobile"]},
        {"name": "parameter", "mode": "reject", "payload": {"name": "test", "value": ["1"]}},
        {"name": "limit", "mode": "accept", "payload": {"per_day": 5000}},
        {"name": "os", "mode": "reject", "payload": ["Linux"]},
    )
    return [choices[campaign_id % 4]] if campaign_id % 2 else []


def _landings(campaign_id: int) -> list[Row]:
    first = 31 + campaign_id % 7
    if campaign_id % 2:
        return [{"landing_id": first, "share": 100, "state": "active"}]
    return [
        {"landing_id": first, "share": 60, "state": "active"},
        {"landing_id": 31 + (campaign_id + 1) % 7, "share": 40, "state": "active"},
    ]


def _offers(campaign_id: int) -> list[Row]:
    first = 70 + campaign_id
    return [
        {"offer_id": first, "share": 50, "state": "active"},
        {"offer_id": first + 1, "share": 50, "state": "active"},
    ]


def _second(campaign_id: int) -> Row:
    """Return a redirect for phones from the same countries."""
    states = {3: "disabled", 7: "disabled", 10: "deleted"}
    return {
        "name": f"{GEO[campaign_id][0]} direct",
        "type": "regular",
        "schema": "redirect",
        "action_type": "meta" if campaign_id % 3 == 1 else "http",
        "action_payload": f"https://landing.example/{campaign_id}?c={{subid}}",
        "position": 2,
        "weight": 30,
        "state": states.get(campaign_id, "active"),
        "collect_clicks": True,
        "filters": [{"name": "device_type", "mode": "accept", "payload": ["mobile", "tablet"]}],
    }


def _fallback(campaign_id: int) -> Row:
    to_campaign = campaign_id == 9  # noqa: PLR2004 - one campaign hands its rest to another
    return {
        "name": "Fallback",
        "type": "default",
        "schema": "action",
        "action_type": "campaign" if to_campaign else "do_nothing",
        "action_payload": "1" if to_campaign else "",
        "position": 1,
        "collect_clicks": campaign_id % 4 != 0,
    }


def _leave_a_trace(state: State, row: Row) -> None:
    """Let the monitoring of switched-off streams tell why they are off."""
    if row["state"] == "disabled":
        state.events[row["id"]] = [
            {
                "id": state.new_part_id(),
                "stream_id": row["id"],
                "datetime": state.stamp(),
                "condition": "not_respond",
                "action": "disable",
                "message": "https://landing.example does not respond",
            }
        ]
