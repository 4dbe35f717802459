"""What the tracker holds as the page shows it: campaigns and their streams."""

from typing import Any

from sandbox.keitaro import Keitaro

FIELDS = (
    "id",
    "campaign_id",
    "name",
    "type",
    "state",
    "position",
    "weight",
    "schema",
    "action_type",
    "action_payload",
    "updated_at",
)


def shown_campaigns(keitaro: Keitaro) -> dict[str, dict[str, Any]]:
    """Return every campaign by its id, with its name and state."""
    return {
        str(number): {"id": number, "name": row["name"], "state": row["state"]}
        for number, row in keitaro.campaigns.items()
    }


def shown_streams(keitaro: Keitaro) -> dict[str, dict[str, Any]]:
    """Return every stream by its id, with its filters, and its shares by name."""
    return {str(number): _shown(keitaro, row) for number, row in keitaro.streams.items()}


def _shown(keitaro: Keitaro, row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: row.get(name) for name in FIELDS},
        "filters": [
            {"name": one.get("name"), "mode": one.get("mode"), "payload": one.get("payload")}
            for one in row["filters"]
        ],
        "offers": [_share(one, "offer_id", keitaro.offers) for one in row["offers"]],
        "landings": [_share(one, "landing_id", keitaro.landing_pages) for one in row["landings"]],
    }


def _share(item: dict[str, Any], key: str, shelf: dict[int, dict[str, Any]]) -> dict[str, Any]:
    number = item.get(key)
    known = shelf.get(number, {}) if isinstance(number, int) else {}
    name = known.get("name", f"#{number}")
    return {"id": number, "name": name, "share": item.get("share"), "state": item.get("state")}
