"""Labels: sources and other values that a campaign has on its white or black list."""

from typing import Any

from sandbox.keitaro.answers import missing
from sandbox.keitaro.shelves import as_number, is_blank
from sandbox.keitaro.state import Call, State


def show_labels(state: State, call: Call) -> Any:
    """Return the values under one label."""
    names = ["campaign_id", "ref_name", "label_name"]
    blank = [name for name in names if is_blank(call.query.get(name))]
    if blank:
        raise missing(blank, status=400)
    wanted = (as_number(call.query["campaign_id"]), call.query["ref_name"])
    return [
        value
        for (campaign_id, ref_name, value), label in state.labels.items()
        if (campaign_id, ref_name) == wanted and label == call.query["label_name"]
    ]


def write_labels(state: State, call: Call) -> Any:
    """Give values a label, or take it away with an empty one."""
    blank = [name for name in ("campaign_id", "ref_name", "items") if is_blank(call.body.get(name))]
    if blank:
        raise missing(blank, status=state.validation_status)
    campaign_id = as_number(call.body["campaign_id"])
    items = call.body["items"]
    for value, label in items.items() if isinstance(items, dict) else ():
        key = (campaign_id, str(call.body["ref_name"]), str(value))
        state.labels.pop(key, None)
        if label:
            state.labels[key] = str(label)
    return {"success": True}
