"""A button pressed in the demo, and what becomes of the chat."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sandbox.telegram import Chat, Person, Telegram

Message = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a press led to: *messages* that are new or became others, and a word at once."""

    messages: tuple[Message, ...]
    alert: str

    @property
    def text(self) -> str:
        """Everything that can be read of it."""
        texts = [str(one.get("text") or one.get("caption") or "") for one in self.messages]
        return "\n".join([*texts, self.alert])

    def missing(self, parts: Sequence[str]) -> list[str]:
        """Return the *parts* that cannot be read in it."""
        return [part for part in parts if part not in self.text]

    @property
    def is_working(self) -> bool:
        """Say whether a message is still on its way to become the answer."""
        return any(str(one.get("text", "")).startswith("⏳") for one in self.messages)

    def __bool__(self) -> bool:
        """Say whether anything can be seen of it."""
        return bool(self.messages or self.alert)


async def press(  # noqa: PLR0913 - whose finger, where, and what is waited for
    telegram: Telegram,
    person: Person,
    chat: Chat,
    label: str,
    *,
    seconds: float,
    under: str = "",
    expects: Sequence[str] = (),
) -> Outcome:
    """Press the button *label* and return what came of it, at the latest after *seconds*.

    It is under the last message of the bot that has such a button and contains *under*. What is
    waited for is something that contains all that is *expected*.

    Raises:
        LookupError: There is no such message or button.
    """
    before = dict(chat.messages)
    number = _place(before, label, under)
    query_id = telegram.press(person, chat, number, label)

    def outcome() -> Outcome:
        answer = telegram.answered(query_id) or {}
        seen = tuple(
            message
            for key, message in chat.messages.items()
            if message["from"]["is_bot"] and message != before.get(key)
        )
        return Outcome(seen, str(answer.get("text") or ""))

    with suppress(TimeoutError):
        await telegram.settled(
            lambda _: (
                bool(found := outcome()) and not found.missing(expects) and not found.is_working
            ),
            timeout_seconds=seconds,
        )
    return outcome()


def _place(messages: dict[int, Message], label: str, under: str) -> int:
    for number, message in reversed(messages.items()):
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        has_label = any(button["text"] == label for row in rows for button in row)
        if has_label and message["from"]["is_bot"] and under in str(message.get("text", "")):
            return number
    raise LookupError(f"no message of the bot with {under!r} in it has a button {label!r}")
