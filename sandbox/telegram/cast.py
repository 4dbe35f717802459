"""The people and chats that take part."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody with a Telegram account; a bot is one too."""

    id: int
    first_name: str
    language_code: str | None = "en"
    username: str | None = None
    is_bot: bool = False

    def as_user(self) -> dict[str, Any]:
        """Return the person as messages name their sender."""
        user: dict[str, Any] = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        if self.username is not None:
            user["username"] = self.username
        if self.language_code is not None:
            user["language_code"] = self.language_code
        return user


# Telegram puts these in the place of the sender when a chat, not a person, speaks.
ANONYMOUS_ADMIN = Person(1087968824, "Group", None, "GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = Person(136817688, "Channel", None, "Channel_Bot", is_bot=True)
SERVICE = Person(777000, "Telegram", None)


@dataclass
class Topic:
    """A topic of a forum; its id is that of the message that opened it."""

    name: str
    is_closed: bool = False


@dataclass
class Keyboard:
    """What a message has put under somebody's thumb: buttons, or the wish for a reply.

    It *is_hidden* once it was used, if it was for one time; it can still be fetched up again.
    """

    message_id: int
    markup: dict[str, Any]
    is_hidden: bool = False


@dataclass(eq=False)
class Chat:
    """A conversation, with everything said in it.

    *bot_status* is "absent" before the bot has ever been here, then what Telegram calls the
    status of a member; a person who has blocked the bot has "kicked" it. Where *is_muted*, the
    bot may not write.
    """

    id: int
    type: str
    title: str
    open_topic: Callable[["Chat", str], int] = field(repr=False)
    is_forum: bool = False
    person: Person | None = None
    bot_status: str = "absent"
    members: dict[int, str] = field(default_factory=dict, repr=False)
    topics: dict[int, Topic] = field(default_factory=dict, repr=False)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    keyboards: dict[int, Keyboard] = field(default_factory=dict, repr=False)
    bound_to_keyboards: set[int] = field(default_factory=set, repr=False)
    last_message_id: int = 0
    is_muted: bool = False
    linked_chat_id: int | None = None
    upgraded_to: int | None = None

    @property
    def is_private(self) -> bool:
        """Say whether this is the chat of one person with the bot."""
        return self.person is not None

    def has(self, person: Person) -> bool:
        """Say whether *person* sees what is said here."""
        if self.person is not None:
            return person.id == self.person.id
        return self.members.get(person.id, "left") not in {"left", "kicked"}

    def topic(self, name: str) -> int:
        """Open a topic in this forum and return its thread id."""
        return self.open_topic(self, name)

    def as_chat(self) -> dict[str, Any]:
        """Return the chat as messages name it."""
        if self.person is not None:
            names = {"first_name": self.person.first_name}
            if self.person.username is not None:
                names["username"] = self.person.username
            return {"id": self.id, "type": self.type, **names}
        forum = {"is_forum": True} if self.is_forum else {}
        return {"id": self.id, "type": self.type, "title": self.title, **forum}
