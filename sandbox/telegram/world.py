"""The state of this Telegram: who is there, what was said, what waits to be delivered."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.cast import Chat, Message, Person
from sandbox.telegram.faults import Faults
from sandbox.telegram.files import Files
from sandbox.telegram.limits import Limits
from sandbox.telegram.log import Call
from sandbox.telegram.pulse import Pulse
from sandbox.telegram.updates import MESSAGE_LIFETIME_SECONDS, UpdateQueue
from sandbox.telegram.webhook import Webhook, post
from sandbox.witness import Witness, nobody

Deliver = Callable[[str, dict[str, str], bytes], Awaitable[int]]


@dataclass
class Query:
    """A button press that the bot may answer."""

    asked_at: float
    answer: dict[str, Any] | None = None


@dataclass
class Profile:
    """What the bot says about itself, by setting, scope and language."""

    values: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    is_logged_out: bool = False


class World:
    """Plain state and the few things done with it from everywhere."""

    def __init__(self, *, token: str, bot: Person, now: Callable[[], float], seed: int) -> None:
        self.token = token
        self.bot = bot
        self.now = now
        self.random = random.Random(seed)
        self.people: dict[int, Person] = {bot.id: bot}
        self.deactivated: set[int] = set()
        self.chats: dict[int, Chat] = {}
        self.calls: list[Call] = []
        self.queries: dict[str, Query] = {}
        self.profile = Profile()
        self.files = Files(now=now)
        self.faults = Faults()
        self.witness: Witness = nobody
        self.limits = Limits(now=now)
        self.pulse = Pulse()
        self.updates = UpdateQueue(now=now, first_id=self.random.randrange(10**8, 9 * 10**8))
        self.webhook: Webhook | None = None
        self.deliver: Deliver = post
        self.bot_messages: list[tuple[int, int]] = []
        self.sources: dict[tuple[int, int], str] = {}
        self.reactions_by_message: dict[tuple[int, int], list[str]] = {}

    @property
    def confirmed(self) -> list[int]:
        """Return the ids of the updates the bot has confirmed, in order."""
        return self.updates.confirmed

    def publish(self, kind: str, chat: Chat, payload: dict[str, Any]) -> None:
        """Let the bot know, if it is in *chat* and the news is less than a day old."""
        age_seconds = self.now() - payload.get("edit_date", payload.get("date", self.now()))
        lifetime_seconds = MESSAGE_LIFETIME_SECONDS - age_seconds
        is_seen = chat.bot_status in {"member", "administrator"} or kind == "my_chat_member"
        if is_seen and lifetime_seconds > 0:
            self.updates.publish(kind, payload, lifetime_seconds=lifetime_seconds)
        self.pulse.beat()

    def member(self, chat: Chat, person: Person) -> dict[str, Any]:
        """Return what getChatMember says of *person*."""
        status = chat.bot_status if person.id == self.bot.id else chat.members.get(person.id)
        return described(person, "left" if status in {None, "absent"} else str(status))

    def set_bot_status(
        self, chat: Chat, status: str, *, by: Person, is_told: bool = True
    ) -> dict[str, Any]:
        """Give the bot another *status* in *chat* and tell it so; return what it is told."""
        before = self.member(chat, self.bot)
        chat.bot_status = status
        change = {
            "chat": chat.as_chat(),
            "from": by.as_user(),
            "date": int(self.now()),
            "old_chat_member": before,
            "new_chat_member": self.member(chat, self.bot),
        }
        if is_told:
            self.publish("my_chat_member", chat, change)
        return change

    def current(self, chat_id: int, message_id: int) -> Message | None:
        """Return a message as it is now, unless it was deleted."""
        return self.chats[chat_id].messages.get(message_id)


_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


def described(person: Person, status: str) -> dict[str, Any]:
    """Return a member of a chat with this *status*, as complete as the Bot API has it."""
    member: dict[str, Any] = {"user": person.as_user(), "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status in {"creator", "administrator"}:
        member["is_anonymous"] = False
    if status == "administrator":
        member.update(dict.fromkeys(_RIGHTS, True))
    return member
