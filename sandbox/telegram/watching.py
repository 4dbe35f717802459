"""What can be seen: the messages as they are, what the bot did, and waiting for it."""

from collections.abc import Callable
from typing import Any, Self

from sandbox.telegram.cast import Chat, Message, Person
from sandbox.telegram.scopes import menu_key
from sandbox.telegram.world import World

_WORKING = "⏳"


class Watching(World):
    """Looks at this Telegram without changing it."""

    def messages(self, chat: Chat) -> list[Message]:
        """Return everything in *chat* as it is now, oldest first, without what was deleted."""
        return list(chat.messages.values())

    @property
    def sent(self) -> list[Message]:
        """Return the bot's messages in the order they were sent, as they are now."""
        messages = (self.current(*place) for place in self.bot_messages)
        return [message for message in messages if message is not None]

    @property
    def is_polled(self) -> bool:
        """Say whether the bot waits in a long poll."""
        return self.updates.is_polled

    def source(self, chat_id: int, message_id: int) -> str:
        """Return a message of the bot as it wrote it, with its HTML."""
        return self.sources[chat_id, message_id]

    def document(self, message: Message) -> bytes:
        """Return the file in *message*."""
        return self.files.get(message["document"]["file_id"]).content

    def photo(self, message: Message) -> bytes:
        """Return the picture in *message*."""
        return self.files.get(message["photo"][-1]["file_id"]).content

    def reactions(self, chat: Chat, message_id: int) -> list[str]:
        """Return the emoji the bot has put under a message."""
        return self.reactions_by_message.get((chat.id, message_id), [])

    def answered(self, query_id: str) -> dict[str, Any] | None:
        """Return the parameters of the answer to a button press, if there was one."""
        return self.queries[query_id].answer

    def menu(self, person: Person, chat: Chat) -> list[dict[str, str]]:
        """Return the commands that *person* is offered in *chat*: the narrowest scope wins."""
        here = {"chat_id": chat.id}
        scopes: list[dict[str, Any]] = [{"type": "chat", **here}]
        if chat.is_private:
            scopes.append({"type": "all_private_chats"})
        else:
            scopes.insert(0, {"type": "chat_member", **here, "user_id": person.id})
            if chat.members.get(person.id) in {"creator", "administrator"}:
                scopes.insert(1, {"type": "chat_administrators", **here})
                scopes.append({"type": "all_chat_administrators"})
            scopes.append({"type": "all_group_chats"})
        for scope in [*scopes, {"type": "default"}]:
            for language in (person.language_code or "", ""):
                commands = self.profile.values.get(menu_key(scope, language))
                if commands is not None:
                    return list(commands)
        return []

    def keyboard(self, person: Person, chat: Chat) -> dict[str, Any] | None:
        """Return the keyboard, or the wish for a reply, that *person* sees below *chat*."""
        keyboard = chat.keyboards.get(person.id)
        return None if keyboard is None or keyboard.is_hidden else keyboard.markup

    async def settled(
        self, predicate: Callable[[Self], bool], *, timeout_seconds: float = 10.0
    ) -> None:
        """Wait until *predicate* holds of this Telegram.

        Raises:
            TimeoutError: it did not hold in time.
        """
        await self.pulse.until(lambda: predicate(self), timeout_seconds=timeout_seconds)

    async def answer_to(self, message: Message, *, timeout_seconds: float = 10.0) -> Message:
        """Wait for the bot's first finished message after *message* in its chat.

        One that says it is still working (it begins with an hourglass) counts once it has been
        edited into something else.
        """
        answers: list[Message] = []

        def is_answered(_: Watching) -> bool:
            answers.extend(self._finished_after(message))
            return bool(answers)

        await self.settled(is_answered, timeout_seconds=timeout_seconds)
        return answers[0]

    def _finished_after(self, message: Message) -> list[Message]:
        chat = self.chats[message["chat"]["id"]]
        return [
            answer
            for message_id, answer in chat.messages.items()
            if message_id > message["message_id"]
            and (chat.id, message_id) in self.sources
            and not str(answer.get("text") or answer.get("caption")).startswith(_WORKING)
        ]
