"""The lists from which the panel fills its menus: stream types, actions, filters."""

from typing import Any

from sandbox.keitaro.state import Call, State

_TYPES = {
    "forced": ("Forced", "Runs before all others."),
    "regular": ("Regular", "Runs in order of position or by weight."),
    "default": ("Default", "Runs when no other stream took the click."),
}
_SCHEMAS = {
    "landings": "Landings and offers",
    "redirect": "Direct URL",
    "action": "Action",
}
_ACTIONS = {
    "http": ("HTTP redirect", "redirect", "url"),
    "meta": ("Meta redirect", "redirect", "url"),
    "double_meta": ("Double meta redirect", "redirect", "url"),
    "js": ("JavaScript redirect", "redirect", "url"),
    "js_for_script": ("JS for script", "redirect", "url"),
    "js_for_iframe": ("JS for iframe", "redirect", "url"),
    "blank_referrer": ("Blank referrer", "redirect", "url"),
    "formsubmit": ("Form submit", "redirect", "url"),
    "iframe": ("Iframe", "redirect", "url"),
    "frame": ("Frame", "redirect", "url"),
    "remote": ("Remote redirect", "redirect", "url"),
    "curl": ("CURL", "redirect", "url"),
    "local_file": ("Local file", "other", "file"),
    "status404": ("Error 404", "other", "nothing"),
    "show_text": ("Show text", "other", "text"),
    "show_html": ("Show HTML", "other", "text"),
    "campaign": ("Send to campaign", "other", "campaign"),
    "do_nothing": ("Do nothing", "other", "nothing"),
}
_FILTERS = {
    "Geo": ("country", "region", "city", "language"),
    "Device": (
        "device_type",
        "device_model",
        "os",
        "os_version",
        "browser",
        "browser_version",
        "user_agent",
    ),
    "Connection": ("ip", "ipv6", "isp", "operator", "connection_type", "proxy"),
    "Traffic": (
        "keyword",
        "ad_campaign_id",
        "creative_id",
        "referrer",
        "empty_referrer",
        "search_engine",
        "parameter",
        *(f"sub_id_{n}" for n in range(1, 31)),
    ),
    "Other": (
        "bot",
        "uniqueness",
        "limit",
        "schedule",
        "interval",
        "imklo_detect",
        "hide_click_detect",
    ),
}


def stream_types(_state: State, _call: Call) -> Any:
    """Return the three types of streams."""
    return [
        {"key": key, "name": name, "field": "type", "type": "option", "description": description}
        for key, (name, description) in _TYPES.items()
    ]


def stream_schemas(_state: State, _call: Call) -> Any:
    """Return the schemas; trackers name the key ``value`` where others say ``key``."""
    return [{"key": key, "value": key, "name": name} for key, name in _SCHEMAS.items()]


def streams_actions(_state: State, _call: Call) -> Any:
    """Return the action types."""
    return [
        {"key": key, "name": name, "type": kind, "field": field, "description": ""}
        for key, (name, kind, field) in _ACTIONS.items()
    ]


def stream_filters(_state: State, _call: Call) -> Any:
    """Return the filter types with their modes."""
    return [
        {
            "value": name,
            "tooltip": "",
            "modes": {"accept": "IS", "reject": "IS NOT"},
            "group": group,
            "template": None,
            "header_template": None,
            "defaults": None,
        }
        for group, names in _FILTERS.items()
        for name in names
    ]
