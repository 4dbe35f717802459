"""The tour: what people say, and what the bot must answer."""

import json
from dataclasses import dataclass
from typing import Literal

from sandbox.stage import KEY, Stage

PAYLOAD_NAME = "stream.json"


@dataclass(frozen=True)
class Scene:
    """One thing said, or one button pressed, and what must come of it.

    *note* is told to whoever watches. With *attach* the words are the caption of a file. The
    button that somebody *presses* is under the last message of the bot, or the last that has
    *under* in it; what is expected may stand in that message as it became, or in a new one.
    With *is_reply* it is said in reply to the last message of the bot that has buttons.
    It all happens in a private chat, or in the group if *in_team*, within so many *seconds*.
    """

    note: str
    says: str = ""
    expects: tuple[str, ...] = ()
    attach: str = ""
    by: Literal["owner", "colleague", "stranger"] = "owner"
    in_team: bool = False
    presses: str = ""
    under: str = ""
    seconds: float = 15.0
    is_reply: bool = False


def tour(stage: Stage) -> list[Scene]:
    """Return the scenes, in the order in which they are played."""
    return [*_link(stage), *_figures(), *_streams(), *_errors()]


def _link(stage: Stage) -> list[Scene]:
    return [
        Scene("The first word.", "/start", ("✅", "/link https://tracker.example KEY")),
        Scene(
            "A chat is linked to a tracker; the message with the key is deleted.",
            f"/link {stage.address} {KEY}",
            ("✅", stage.address, "I deleted your message"),
        ),
        Scene("Does the link work?", "/status", ("✅", "🟢 Keitaro", "••••3333")),
    ]


def _figures() -> list[Scene]:
    country = {
        "range": {"interval": "yesterday", "timezone": "UTC"},
        "dimensions": ["country"],
        "measures": ["clicks", "conversions", "profit", "roi"],
        "sort": [{"name": "clicks", "order": "DESC"}],
        "limit": 3,
    }
    from_a_phone = json.dumps(country, indent=1).replace('"', "”").replace(": ", ":\u00a0")
    return [
        Scene("Two taps: when …", "/stats", ("❔", "Figures for when?")),
        Scene("", presses="7 days", expects=("7 days, by what?",)),
        Scene("… and by what.", presses="Countries", expects=("✅", "Germany", "Rows ")),
        Scene(
            "Or five words, in English or in Russian.",
            "/stats yesterday campaign top 5 by profit",
            ("✅", "Rows 5 of "),
        ),
        Scene(
            "A reply to a report changes it.",
            "by country",
            ("by country", "Country"),
            is_reply=True,
        ),
        Scene("A picture says more.", presses="Chart", expects=("✅",)),
        Scene("How did it go from day to day?", "/stats 14d day chart", ("✅", "▁")),
        Scene("All of it as a file for the boss.", "/stats 7d campaign day csv", ("✅", "Rows ")),
        Scene(
            "A phone keyboard has bent the quotes; the bot straightens them.",
            f"/stats\n{from_a_phone}",
            ("✅", "Conv", "Rows 3 of "),
        ),
    ]


def _streams() -> list[Scene]:
    stream = {
        "campaign_id": 1,
        "type": "regular",
        "schema": "landings",
        "name": "DE split",
        "action_type": "http",
        "position": 4,
        "collect_clicks": True,
        "filters": [{"name": "country", "mode": "accept", "payload": ["DE"]}],
        "offers": [{"offer_id": 71, "share": 60}, {"offer_id": 72, "share": 40}],
    }
    return [
        Scene(
            "A stream from a file, with the command as its caption.",
            "/stream",
            ("✅", "is created", "DE split", "60 %"),
            attach=json.dumps(stream, indent=2),
        ),
        Scene(
            "A change of what exists asks first: old and new, and what it carries.",
            "/stream 26 off",
            ("❔", "Turn stream 26 off?", "🟢 active → 🔴 off", "Last 24 h"),
        ),
        Scene(
            "Its author confirms. It is sent once, then read back.",
            presses="Apply",
            expects=("✅", "Stream 26 is off", "🔴"),
        ),
        Scene(
            "That was the wrong stream: what was there before becomes a plan, too.",
            presses="Undo",
            expects=("❔", "Turn stream 26 on?", "🔴 off → 🟢 active"),
        ),
        Scene("And it is on again.", presses="Apply", expects=("✅", "Stream 26 is on", "🟢")),
        Scene("The streams of a campaign.", "/streams 1", ("✅", "🟢 12", "DE split")),
    ]


def _errors() -> list[Scene]:
    unknown = {"dimensions": ["unicorns"], "measures": ["clicks"]}
    return [
        Scene(
            "The tracker says no: its status and its own words are shown.",
            f"/stats {json.dumps(unknown)}",
            ("❌", "400 Bad Request", "unicorns"),
        ),
        Scene("There is no such stream.", "/stream 999", ("❌", "404 Not Found", "999")),
        Scene(
            "The JSON is broken: nothing is sent, the spot is shown.",
            '/stream {"campaign_id": 1, "name": }',
            ("❌", "line 1, column 28"),
        ),
        Scene(
            "A stranger learns nothing.",
            "/stats",
            ("❌", "I only work for people I know."),
            by="stranger",
        ),
    ]
