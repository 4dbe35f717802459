"""What people say; every choice from one seed."""

import asyncio
import random

from sandbox.telegram import Chat, Person
from tests.torture.faults import Misfortune
from tests.torture.kinds import CREATION, KINDS
from tests.torture.ledger import FIRST_NUMBER, Command, Ledger
from tests.torture.pool import Pool
from tests.torture.stage import Stage

PAUSE_SECONDS = 0.03
OPEN_MOST = 24
GROUP_SHARE = 0.3
FAULT_SHARE = 0.2


class Load:
    """People who write, one command at a time in a private chat, several at once in a group."""

    def __init__(
        self, stage: Stage, ledger: Ledger, misfortune: Misfortune, dice: random.Random
    ) -> None:
        self._stage = stage
        self._ledger = ledger
        self._misfortune = misfortune
        self._dice = dice
        self._pool = Pool(stage.keitaro)
        self._number = FIRST_NUMBER
        self._kinds = KINDS if stage.database else (CREATION,)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(self._dice.uniform(0, 2 * PAUSE_SECONDS))
            self._ledger.read(self._stage.telegram.calls)
            place = self._place()
            if place is not None and len(self._ledger.open()) < OPEN_MOST:
                self._say(*place)

    def _place(self) -> tuple[Person, Chat] | None:
        stage, dice = self._stage, self._dice
        if stage.groups and dice.random() < GROUP_SHARE:
            chat, members = dice.choice(stage.groups)
            return dice.choice(members), chat
        person = dice.choice(stage.people)
        return None if self._ledger.open(person.id) else (person, stage.telegram.private(person))

    def _say(self, person: Person, chat: Chat) -> None:
        kinds = [one for one in self._kinds if not (chat.is_private and one.needs_reply)]
        kind = self._dice.choices(kinds, [one.weight for one in kinds])[0]
        self._number += 1
        if self._dice.random() < FAULT_SHARE:
            self._misfortune.strike(0 if kind is CREATION else self._number)
        telegram = self._stage.telegram
        message = telegram.say(person, chat, kind.text(self._pool, self._number))
        place = (chat.id, message["message_id"])
        update_id = telegram.updates.all[-1]["update_id"]
        self._ledger.expect(Command(self._number, kind.name, kind.changes, place, update_id))
