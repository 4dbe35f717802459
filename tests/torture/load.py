"""What people say, and what goes wrong besides the kills; every choice from one seed."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.keitaro.campaigns import add_campaign
from sandbox.keitaro.streams import add_stream
from sandbox.telegram import Chat, Person
from tests.torture.ledger import FIRST_NUMBER, Command, Ledger
from tests.torture.stage import CAMPAIGN_STREAMS, Stage

PAUSE_SECONDS = 0.03
OPEN_MOST = 24
GROUP_SHARE = 0.3
FAULT_SHARE = 0.2
POLL_FAULTS = 2
PAGE = b"<html><body>502 Bad Gateway</body></html>"
STREAM = {
    "type": "regular",
    "schema": "redirect",
    "action_type": "http",
    "action_payload": "https://offer.example/",
}


@dataclass(frozen=True)
class Kind:
    """A kind of command: what is typed for its number, and how often."""

    name: str
    weight: int
    text: Callable[["Load", int], str]
    changes: bool = False
    needs_reply: bool = False


class Load:
    """People who write, one in a private chat at a time, several at once in a group.

    *faults* counts what went wrong on order, by kind.
    """

    def __init__(
        self, stage: Stage, ledger: Ledger, dice: random.Random, *, is_polling: bool
    ) -> None:
        self.stage = stage
        self.faults: Counter[str] = Counter()
        self._ledger = ledger
        self._is_polling = is_polling
        self._dice = dice
        self._number = FIRST_NUMBER
        self._campaign_id = 0
        self._left_in_campaign = 0
        is_ours = stage.database is not None
        self._kinds = KINDS if is_ours else tuple(one for one in KINDS if one.name == "create")

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(self._dice.uniform(0, 2 * PAUSE_SECONDS))
            self._ledger.read(self.stage.telegram.calls)
            if len(self._ledger.open()) < OPEN_MOST:
                self._speak()

    def campaign(self) -> int:
        """Return a campaign for another stream; none gets so many that its list is long."""
        if not self._left_in_campaign:
            name = f"Torture {len(self.stage.keitaro.campaigns)}"
            row = add_campaign(self.stage.keitaro, {"name": name, "alias": name})
            self._campaign_id, self._left_in_campaign = row["id"], CAMPAIGN_STREAMS
        self._left_in_campaign -= 1
        return self._campaign_id

    def stream(self, number: int) -> int:
        """Put a stream with the id *number* into the tracker."""
        body = {**STREAM, "campaign_id": self.campaign(), "name": "Waiting"}
        add_stream(self.stage.keitaro, body, number=number)
        return number

    def creation(self, number: int) -> str:
        """Return the command that creates a stream whose name is *number*."""
        body = {**STREAM, "campaign_id": self.campaign(), "name": f"t{number}"}
        return f"/stream {json.dumps(body)}"

    def _speak(self) -> None:
        place = self._place()
        if place is None:
            return
        person, chat = place
        kinds = [one for one in self._kinds if not (chat.is_private and one.needs_reply)]
        kind = self._dice.choices(kinds, [one.weight for one in kinds])[0]
        self._number += 1
        if self._dice.random() < FAULT_SHARE:
            self._go_wrong(kind)
        text = kind.text(self, self._number)
        message = self.stage.telegram.say(person, chat, text)
        update_id = self.stage.telegram.updates.all[-1]["update_id"]
        self._ledger.expect(
            Command(
                self._number,
                kind.name,
                kind.changes,
                (chat.id, message["message_id"]),
                update_id,
            )
        )

    def _place(self) -> tuple[Person, Chat] | None:
        stage, dice = self.stage, self._dice
        if stage.groups and dice.random() < GROUP_SHARE:
            chat, members = dice.choice(stage.groups)
            return dice.choice(members), chat
        person = dice.choice(stage.people)
        return None if self._ledger.open(person.id) else (person, stage.telegram.private(person))

    def _go_wrong(self, kind: Kind) -> None:
        """Order one thing to go wrong."""
        faults = FAULTS if self._is_polling else FAULTS[:-POLL_FAULTS]
        name, _, order = self._dice.choices(faults, [weight for _, weight, _ in faults])[0]
        self.faults[name] += 1
        order(self, self._number if kind.name != "create" else 0)

    def tracker_fault(self, number: int, **how: Any) -> None:
        """Let the tracker fail at the command with this *number*, or at the next creation."""
        path = f"streams/{number}" if number else "streams"
        method = None if number else "POST"
        self.stage.keitaro.fail(method=method, path=path, **how)

    def again(self) -> None:
        """Let Telegram deliver an update a second time."""
        recent = self.stage.telegram.confirmed[-20:]
        if recent:
            self.stage.telegram.updates.put_back(self._dice.choice(recent))

    def delay(self) -> float:
        """Return how long something slow takes."""
        return self._dice.uniform(0.1, 1.5)


KINDS = (
    Kind("create", 30, Load.creation, changes=True),
    Kind(
        "update",
        12,
        lambda load, number: f'/stream {load.stream(number)} {{"name": "t{number}"}}',
        changes=True,
    ),
    Kind("switch", 12, lambda load, number: f"/stream {load.stream(number)} off", changes=True),
    Kind("show", 16, lambda load, number: f"/stream {load.stream(number)}"),
    Kind("miss", 6, lambda _, number: f"/stream {number}"),
    Kind("list", 4, lambda _, number: f"/streams {number}"),
    Kind("find", 2, lambda _, number: f"/streams find t{number}"),
    Kind("broken", 8, lambda _, number: f'/stream {{"name": "t{number}" "type": 1}}'),
    Kind("stats", 6, lambda *_: "/stats today", needs_reply=True),
    Kind(
        "unknown",
        4,
        lambda load, number: f"/t{number}@{load.stage.telegram.bot.username}",
        needs_reply=True,
    ),
)

Order = Callable[[Load, int], None]


def _telegram_502(*, after_effect: bool, method: str) -> Order:
    return lambda load, _: load.stage.telegram.fail(
        method, status=502, raw=PAGE, after_effect=after_effect
    )


FAULTS: tuple[tuple[str, int, Order], ...] = (
    ("tracker cut", 4, lambda load, n: load.tracker_fault(n, cut=True)),
    ("tracker cut after", 4, lambda load, n: load.tracker_fault(n, cut=True, after_effect=True)),
    ("tracker 500", 4, lambda load, n: load.tracker_fault(n, status=500, body={"error": "broken"})),
    ("tracker 502", 4, lambda load, n: load.tracker_fault(n, status=502, body=PAGE.decode())),
    (
        "tracker 502 after",
        4,
        lambda load, n: load.tracker_fault(n, status=502, body=PAGE.decode(), after_effect=True),
    ),
    ("tracker slow", 4, lambda load, n: load.tracker_fault(n, delay_seconds=load.delay())),
    (
        "tracker slow after",
        4,
        lambda load, n: load.tracker_fault(n, delay_seconds=load.delay(), after_effect=True),
    ),
    ("Telegram 502", 4, _telegram_502(after_effect=False, method="sendMessage")),
    ("Telegram 502 after", 4, _telegram_502(after_effect=True, method="sendMessage")),
    ("Telegram 502 edit", 4, _telegram_502(after_effect=True, method="editMessageText")),
    (
        "Telegram 429",
        4,
        lambda load, _: load.stage.telegram.fail(
            "sendMessage",
            status=429,
            description="Too Many Requests: retry after 1",
            parameters={"retry_after": 1},
        ),
    ),
    ("update twice", 4, lambda load, _: load.again()),
    # After a cut the library polls again only when a second has passed, or two, or three.
    ("poll cut", 1, lambda load, _: load.stage.telegram.cut("getUpdates")),
    ("poll cut after", 1, lambda load, _: load.stage.telegram.cut("getUpdates", after_effect=True)),
)
