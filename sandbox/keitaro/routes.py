"""Every path the Admin API answers, and what it does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.keitaro import campaigns, catalogues, costs, kinds, labels, streams
from sandbox.keitaro.campaigns import CAMPAIGNS
from sandbox.keitaro.files import Folder
from sandbox.keitaro.kinds import (
    AFFILIATE_NETWORKS,
    DOMAINS,
    GROUPS,
    LANDING_PAGES,
    OFFERS,
    TRAFFIC_SOURCES,
)
from sandbox.keitaro.logs import log_clicks, log_conversions
from sandbox.keitaro.reports import build_report
from sandbox.keitaro.shelves import Shelf
from sandbox.keitaro.state import Call, State
from sandbox.keitaro.streams import STREAMS

Action = Callable[[State, Call], Any]


@dataclass(frozen=True)
class Rule:
    """One method on one path: its action, the status of success, whether it changes anything."""

    method: str
    path: str
    action: Action
    changes: bool = False
    status: int = 200

    @property
    def resource(self) -> str:
        """The first word of the path, by which rights are given."""
        return self.path.partition("/")[0]


def find_rule(method: str, path: str) -> tuple[Rule, int] | None:
    """Return the rule for *path* below ``/admin_api/v1/`` with the id in it, or nothing."""
    number = re.search(r"/(\d{1,15})(?=/|$)", path)
    template = path if number is None else f"{path[: number.start()]}/{{id}}{path[number.end() :]}"
    rule = _RULES.get((method, template))
    return None if rule is None else (rule, int(number[1]) if number else 0)


def _change(method: str, path: str, action: Action, status: int = 200) -> Rule:
    return Rule(method, path, action, changes=True, status=status)


def _plain(shelf: Shelf) -> list[Rule]:
    name = shelf.name
    return [
        Rule("GET", name, shelf.listed),
        Rule("GET", f"{name}/{{id}}", shelf.get),
        _change("POST", name, shelf.create),
        _change("PUT", f"{name}/{{id}}", shelf.update),
    ]


def _files(shelf: Shelf) -> list[Rule]:
    name = f"{shelf.name}/{{id}}"
    folder = Folder(shelf)
    return [
        Rule("GET", f"{name}/get_structure", folder.structure),
        Rule("GET", f"{name}/get_file", folder.get),
        Rule("GET", f"{name}/download", folder.download),
        _change("POST", f"{name}/add_file", folder.add),
        _change("PUT", f"{name}/update_file", folder.update),
        _change("DELETE", f"{name}/remove_file", folder.remove),
    ]


_CAMPAIGN_RULES = (
    Rule("GET", "campaigns", campaigns.list_campaigns),
    Rule("GET", "campaigns/deleted", CAMPAIGNS.deleted),
    Rule("GET", "campaigns/{id}", CAMPAIGNS.get),
    Rule("GET", "campaigns/{id}/streams", campaigns.campaign_streams),
    _change("POST", "campaigns", campaigns.create_campaign),
    _change("PUT", "campaigns/{id}", campaigns.update_campaign),
    _change("DELETE", "campaigns/{id}", CAMPAIGNS.archive, 201),
    _change("POST", "campaigns/{id}/clone", campaigns.clone_campaign),
    _change("POST", "campaigns/{id}/disable", CAMPAIGNS.disable),
    _change("POST", "campaigns/{id}/enable", CAMPAIGNS.activate),
    _change("POST", "campaigns/{id}/restore", CAMPAIGNS.activate, 201),
    _change("POST", "campaigns/{id}/update_costs", costs.update_campaign_costs),
    _change("POST", "campaigns/clean_archive", campaigns.clean_archive),
)
# There is no way to list all streams: GET /streams leads nowhere.
_STREAM_RULES = (
    Rule("GET", "streams/{id}", STREAMS.get),
    Rule("GET", "streams/{id}/events", streams.stream_events),
    Rule("GET", "streams/deleted", STREAMS.deleted),
    Rule("GET", "streams/search", streams.search_streams),
    _change("POST", "streams", streams.create_stream),
    _change("PUT", "streams/{id}", streams.update_stream),
    _change("DELETE", "streams/{id}", STREAMS.archive),
    _change("POST", "streams/{id}/disable", STREAMS.disable),
    _change("POST", "streams/{id}/enable", STREAMS.activate),
    _change("POST", "streams/{id}/restore", STREAMS.activate),
    _change("POST", "streams/{id}/clone", streams.clone_stream),
    Rule("GET", "stream_types", catalogues.stream_types),
    Rule("GET", "stream_schemas", catalogues.stream_schemas),
    Rule("GET", "streams_actions", catalogues.streams_actions),
    Rule("GET", "stream_filters", catalogues.stream_filters),
)
_OTHER_RULES = (
    *_plain(OFFERS),
    *_files(OFFERS),
    Rule("GET", "offers/deleted", OFFERS.deleted),
    _change("DELETE", "offers/{id}/archive", OFFERS.archive),
    _change("POST", "offers/{id}/clone", OFFERS.clone),
    _change("POST", "offers/{id}/restore", OFFERS.activate),
    *_plain(LANDING_PAGES),
    *_files(LANDING_PAGES),
    _change("DELETE", "landing_pages/{id}", LANDING_PAGES.archive),
    _change("PUT", "landing_pages/{id}/clone", LANDING_PAGES.clone),
    *_plain(AFFILIATE_NETWORKS),
    _change("DELETE", "affiliate_networks/{id}", AFFILIATE_NETWORKS.archive),
    _change("POST", "affiliate_networks/{id}/clone", AFFILIATE_NETWORKS.clone),
    _change("POST", "affiliate_networks/{id}/restore", AFFILIATE_NETWORKS.activate),
    *_plain(TRAFFIC_SOURCES),
    _change("DELETE", "traffic_sources/{id}", TRAFFIC_SOURCES.archive),
    _change("POST", "traffic_sources/{id}/clone", TRAFFIC_SOURCES.clone),
    Rule("GET", "domains", DOMAINS.listed),
    Rule("GET", "domains/deleted", DOMAINS.deleted),
    Rule("GET", "domains/ip", kinds.domain_addresses),
    Rule("GET", "domains/{id}", DOMAINS.get),
    _change("POST", "domains", kinds.create_domains),
    _change("PUT", "domains/{id}", DOMAINS.update),
    _change("DELETE", "domains/{id}", DOMAINS.archive, 201),
    _change("POST", "domains/{id}/check", kinds.check_domain),
    _change("POST", "domains/{id}/restore", kinds.restore_domain),
    Rule("GET", "groups", kinds.list_groups),
    _change("POST", "groups", kinds.create_group),
    _change("PUT", "groups/{id}", GROUPS.update),
    _change("DELETE", "groups/{id}/delete", kinds.delete_group),
    Rule("POST", "report/build", build_report),
    Rule("GET", "report/labels", labels.show_labels),
    _change("POST", "report/labels", labels.write_labels),
    Rule("POST", "clicks/log", log_clicks),
    Rule("POST", "conversions/log", log_conversions),
    _change("POST", "clicks/clean", costs.clean_clicks),
    _change("POST", "clicks/update_costs", costs.update_costs),
)
_RULES = {(rule.method, rule.path): rule for rule in _CAMPAIGN_RULES + _STREAM_RULES + _OTHER_RULES}
