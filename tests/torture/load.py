"""What people say; every choice from one seed."""

import asyncio
import random

from sandbox.telegram import Chat, Person
from tests.torture.faults import Misfortune
from tests.torture.kinds import CREATION, kinds_in
from tests.torture.ledger import FIRST_NUMBER, Command, Ledger, Place
from tests.torture.pool import Pool
from tests.torture.stage import Stage

PAUSE_SECONDS = 0.03
OPEN_MOST = 24
GROUP_SHARE = 0.3
FAULT_SHARE = 0.2
# How often somebody presses rather than writes, how often twice, and how often once more later.
PRESS_SHARE, TWICE_SHARE, AGAIN_SHARE = 0.35, 0.3, 0.15
# Some questions are left alone until all kills are over.
LEFT_EVERY = 5


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
        self._asking = stage.asking

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(self._dice.uniform(0, 2 * PAUSE_SECONDS))
            self._ledger.read(self._stage.telegram.calls)
            if self._dice.random() < PRESS_SHARE and self._press_some():
                continue
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
        asks = chat.id in self._asking
        kinds = (
            kinds_in(asks=asks, is_private=chat.is_private) if self._stage.database else [CREATION]
        )
        kind = self._dice.choices(kinds, [one.weight for one in kinds])[0]
        self._number += 1
        if self._dice.random() < FAULT_SHARE:
            self._misfortune.strike(0 if kind is CREATION else self._number)
        telegram = self._stage.telegram
        message = telegram.say(person, chat, kind.text(self._pool, self._number))
        place = (chat.id, message["message_id"])
        update_id = telegram.updates.all[-1]["update_id"]
        command = Command(
            self._number, kind.name, kind.changes, place, update_id, kind.asks, person
        )
        self._ledger.expect(command)

    def _press_some(self) -> bool:
        """Press *Apply* somewhere, and tell whether there is anything to press."""
        dice, ledger = self._dice, self._ledger
        again = dice.random() < AGAIN_SHARE
        found = ledger.pressed() if again else ledger.questions()
        found = [one for one in found if one[0].number % LEFT_EVERY]
        if not found:
            return False
        command, place, data = dice.choice(found)
        if dice.random() < FAULT_SHARE:
            self._misfortune.strike(command.number)
        for _ in range(1 + (dice.random() < TWICE_SHARE)):
            press(self._stage, ledger, command, place, data)
        return True


def press(stage: Stage, ledger: Ledger, command: Command, place: Place, data: str) -> None:
    """Let whoever gave *command* press *Apply* under its plan, shown still or not any more."""
    telegram, (chat_id, message_id) = stage.telegram, place
    person = command.person or stage.people[0]
    telegram.press(person, telegram.chats[chat_id], message_id, data, forged=True)
    ledger.presses[command.number].append(telegram.updates.all[-1]["update_id"])
