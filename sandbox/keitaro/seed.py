"""What stands in a new tracker: groups, sources, networks, domains, offers, landings."""

from typing import Any

from sandbox.keitaro.campaigns import add_campaign
from sandbox.keitaro.kinds import (
    AFFILIATE_NETWORKS,
    DOMAINS,
    GROUPS,
    LANDING_PAGES,
    OFFERS,
    TRAFFIC_SOURCES,
)
from sandbox.keitaro.seed_streams import fill_streams
from sandbox.keitaro.state import State

_GROUPS = (
    ("Home and garden", "campaigns"),
    ("Sport", "campaigns"),
    ("Learning", "campaigns"),
    ("Direct deals", "offers"),
    ("Network offers", "offers"),
    ("Long reads", "landings"),
    ("Quizzes", "landings"),
)
_SOURCES = ("Pinewood Ads", "Tidal Native", "Harbor Push", "Meadow Search", "Lantern Social")
_NETWORKS = ("Oakline Partners", "Bluefield CPA", "Northlight", "Juniper Direct")
_DOMAINS = ("go-north.example", "click-oak.example", "sunny-path.example", "old-lane.example")
# Name, network, group, payout, country. The tracker shows countries by name.
_OFFERS: tuple[tuple[str, int, int, float, list[str]], ...] = (
    ("Garden Shears Pro", 1, 4, 24.0, ["Germany"]),
    ("Robot Mower Trial", 1, 4, 38.0, ["Germany", "Austria"]),
    ("City Bike Rental", 2, 5, 12.5, ["United Kingdom"]),
    ("Trail Shoes Sale", 2, 5, 15.0, ["Poland"]),
    ("Yoga At Home", 3, 5, 9.0, ["France"]),
    ("Protein Box", 3, 5, 21.0, ["Spain", "Portugal"]),
    ("Language Course A1", 4, 4, 17.0, ["Italy"]),
    ("Language Course B2", 4, 4, 19.0, ["Italy"]),
    ("Piano In 30 Days", 4, 5, 14.0, ["Brazil"]),
    ("Tea Subscription", 1, 5, 11.0, ["Romania"]),
    ("Better Sleep Pillow", 2, 4, 29.0, ["Czechia"]),
    ("Solar Lamp Set", 3, 4, 18.0, ["Mexico"]),
    ("Camping Starter Kit", 1, 5, 26.0, ["Canada"]),
    ("Aquarium Club", 2, 5, 8.0, []),
    ("Winter Tyres Check", 3, 4, 13.0, ["Austria"]),
)
_LANDINGS = (
    ("Garden story", "6"),
    ("Mower quiz", "7"),
    ("Bike city guide", "6"),
    ("Five minute yoga", "6"),
    ("Which language fits you", "7"),
    ("Sleep test", "7"),
    ("Camping checklist", "6"),
    ("Old spring page", "6"),
)
# Name, alias, group, source, type, state.
_CAMPAIGNS = (
    ("Garden DE", "gd3hk81a", 1, 1, "position", "active"),
    ("Mower DACH", "mw7dc02b", 1, 2, "weight", "active"),
    ("City bikes UK", "cb4uk93c", 2, 1, "position", "active"),
    ("Trail shoes PL", "ts6pl14d", 2, 3, "position", "active"),
    ("Yoga FR", "yg2fr75e", 2, 5, "position", "active"),
    ("Protein Iberia", "pr8ib36f", 2, 4, "weight", "active"),
    ("Courses IT", "lc5it57g", 3, 1, "position", "active"),
    ("Piano BR", "pn9br28h", 3, 5, "position", "active"),
    ("Tea & sleep <test>", "tb1ro69i", 1, 2, "position", "active"),
    ("Solar MX", "sl3mx40j", 1, 3, "position", "active"),
    ("Camping CA", "cp7ca51k", 2, 4, "position", "disabled"),
    ("Winter 2025", "wt2at82l", 1, 1, "position", "deleted"),
)


def fill(state: State) -> None:
    """Put everything on its shelf: campaigns 1 to 12, offers from 71, landings from 31."""
    for number, (name, kind) in enumerate(_GROUPS, 1):
        GROUPS.add(state, {"name": name, "type": kind, "position": number}, number=number)
    for number, name in enumerate(_SOURCES, 1):
        TRAFFIC_SOURCES.add(state, {"name": name, "parameters": _parameters()}, number=number)
    for number, name in enumerate(_NETWORKS, 1):
        url = f"https://tracker.example/postback?network={number}&subid={{subid}}"
        AFFILIATE_NETWORKS.add(state, {"name": name, "postback_url": url}, number=number)
    for number, name in enumerate(_DOMAINS, 1):
        state_name = "deleted" if name.startswith("old") else "active"
        DOMAINS.add(state, {"name": name, "state": state_name}, number=number)
    _fill_offers(state)
    _fill_landings(state)
    _fill_campaigns(state)
    fill_streams(state)


def _parameters() -> dict[str, Any]:
    names = {"keyword": "{keyword}", "cost": "{bid}", "creative_id": "{ad}", "sub_id_1": "{place}"}
    return {
        name: {"name": name, "placeholder": placeholder, "alias": ""}
        for name, placeholder in names.items()
    }


def _fill_offers(state: State) -> None:
    for number, (name, network, group, payout, country) in enumerate(_OFFERS, 71):
        body = {
            "name": name,
            "group_id": group,
            "affiliate_network_id": network,
            "payout_value": payout,
            "country": country,
            "action_payload": f"https://offers.example/{number}?click={{subid}}",
            "state": "deleted" if number == 70 + len(_OFFERS) else "active",
        }
        OFFERS.add(state, body, number=number)


def _fill_landings(state: State) -> None:
    for number, (name, group) in enumerate(_LANDINGS, 31):
        body = {
            "name": name,
            "group_id": group,
            "landing_type": "external" if number % 3 == 0 else "local",
            "action_type": "http" if number % 3 == 0 else "local_file",
            "action_payload": f"https://pages.example/{number}" if number % 3 == 0 else "",
            "state": "deleted" if number == 30 + len(_LANDINGS) else "active",
        }
        LANDING_PAGES.add(state, body, number=number)


def _fill_campaigns(state: State) -> None:
    for number, (name, alias, group, source, kind, state_name) in enumerate(_CAMPAIGNS, 1):
        body = {
            "name": name,
            "alias": alias,
            "group_id": group,
            "traffic_source_id": source,
            "domain_id": 1 + number % 3,
            "type": kind,
            "state": state_name,
            "cost_value": 0.02 + number % 5 / 100,
            "parameters": state.traffic_sources[source]["parameters"],
            "position": number,
        }
        add_campaign(state, body, number=number)
