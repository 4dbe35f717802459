"""The commands that are measured."""

import json
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of command; *says* makes the text of the one with a given number."""

    name: str
    says: Callable[[int], str]


def _report(_number: int) -> str:
    payload = {
        "range": {"interval": "yesterday", "timezone": "UTC"},
        "dimensions": ["campaign"],
        "measures": ["clicks", "conversions", "revenue"],
        "sort": [{"name": "clicks", "order": "DESC"}],
        "limit": 10,
    }
    return f"/stats {json.dumps(payload)}"


def _card(_number: int) -> str:
    return "/stream 12"


def _creation(number: int) -> str:
    payload = {
        "campaign_id": 1 + number % 10,
        "type": "regular",
        "schema": "landings",
        "name": f"Split {number}",
        "action_type": "http",
        "filters": [{"name": "country", "mode": "accept", "payload": ["DE"]}],
        "offers": [{"offer_id": 71, "share": 60}, {"offer_id": 72, "share": 40}],
    }
    return f"/stream {json.dumps(payload)}"


KINDS = (Kind("report", _report), Kind("card", _card), Kind("creation", _creation))
