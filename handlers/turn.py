"""One message and its sender, as far as the gate has found out."""

from dataclasses import dataclass

from handlers.answer import Answer
from handlers.request import Called
from handlers.roles import Role
from handlers.texts import Texts
from storage import Chat

# What an update is called in the journal and in the outbox, or an item of the list it brought.
KEY = r"u[0-9]{1,16}(?:\.[0-9]{1,4})?"


def key_of(update_id: int) -> str:
    """Return what the update *update_id* is called in the journal and in the outbox."""
    return f"u{update_id}"


@dataclass(frozen=True)
class Sender:
    """Who wrote a message: *role* holds in the chat of the message."""

    user_id: int
    name: str
    language_code: str
    role: Role
    is_forwarding: bool
    username: str = ""

    @property
    def person(self) -> str:
        """The name as the journal keeps it, with the username at its end if there is one.

        Anybody may call themselves what they like, so a name is kept from looking like one.
        """
        name = self.name.replace("@", "＠")
        return f"{name} @{self.username}" if self.username else name


@dataclass
class Turn:
    """One message and everything known about it once the gate has let it in.

    *note* is HTML that the answer ends with, whatever it is. *update_id* is what Telegram
    calls the update that brought it; *age_seconds* is how long it was under way when it came to
    this process. *has_sent_change* says that a change may have gone out, now or before a restart,
    *has_applied_plan* that a plan is used up by this. *address* is that of the tracker which was
    asked, as far as one was.
    """

    sender: Sender
    chat: Chat
    texts: Texts
    answer: Answer
    call: Called | None = None
    has_sent_change: bool = False
    has_applied_plan: bool = False
    note: str = ""
    update_id: int = 0
    age_seconds: float = 0.0
    address: str = ""

    @property
    def key(self) -> str:
        """What the message is called in the journal of changes and in the outbox."""
        return key_of(self.update_id)
