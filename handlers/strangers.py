"""The strangers who were told so lately; what else they say is not worth storing.

Only what the gate would pass over in silence is dropped, and whoever may have become welcome is
forgotten here at once, so a message that might count is always stored and looked at.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from telegram import Message, Update

from handlers.allowance import PEOPLE_REMEMBERED
from handlers.request import read_call

# A command that may let a stranger in, or hold a key that has to be deleted: a few of them.
TOKENS = frozenset({"start", "link"})
TOKENS_MOST = 10
Worth = Literal["all", "look", "nothing"]


@dataclass
class _Refused:
    until: float
    tokens_left: int = TOKENS_MOST


class Strangers:
    """Who was refused in which chat, kept in memory for a bounded number of them."""

    def __init__(self, *, now: Callable[[], float]) -> None:
        self._now = now
        self._refused: OrderedDict[tuple[int, int], _Refused] = OrderedDict()
        self._welcomed = 0

    @property
    def welcomed(self) -> int:
        """How often somebody may have become welcome; to be read before a role is."""
        return self._welcomed

    def remember(self, chat_id: int, speaker_id: int, *, until: float, welcomed: int) -> None:
        """Note a refusal, unless somebody may have become welcome since *welcomed* was read."""
        if welcomed != self._welcomed:
            return
        key = (chat_id, speaker_id)
        found = self._refused.setdefault(key, _Refused(until))
        found.until = until
        self._refused.move_to_end(key)
        if len(self._refused) > PEOPLE_REMEMBERED:
            self._refused.popitem(last=False)

    def forget(self, chat_id: int | None, user_id: int | None) -> None:
        """Forget a person in a chat; None stands for any."""
        self._welcomed += 1
        if chat_id is not None and user_id is not None:
            self._refused.pop((chat_id, user_id), None)
            return
        gone = [
            key for key in self._refused if chat_id in {None, key[0]} and user_id in {None, key[1]}
        ]
        for key in gone:
            del self._refused[key]

    def worth(self, update: Update) -> Worth:
        """Tell what *update* is worth: all, a look without being stored, or nothing.

        A press is looked at, so that the button does not seem to be stuck.
        """
        query = update.callback_query
        message = query.message if query else update.message
        if not isinstance(message, Message) or _is_news(message):
            return "all"
        speaker_id = query.from_user.id if query else speaker_of(message)
        key = (message.chat.id, speaker_id)
        found = self._refused.get(key)
        if found is None:
            return "all"
        if found.until <= self._now():
            del self._refused[key]
            return "all"
        return "look" if query else self._worth_of(message, found)

    def _worth_of(self, message: Message, found: _Refused) -> Worth:
        call = read_call(message)
        if call is None or call.name not in TOKENS or not call.rest.strip():
            return "nothing"
        found.tokens_left -= 1
        return "nothing" if found.tokens_left < 0 else "all"


def speaker_of(message: Message) -> int:
    """Return the id of who is seen to have written *message*: a person, a group or a channel."""
    if message.sender_chat:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else 0


def _is_news(message: Message) -> bool:
    """Tell whether Telegram says by *message* what became of the chat; anybody may cause that."""
    return bool(
        message.migrate_to_chat_id or message.migrate_from_chat_id or message.left_chat_member
    )
