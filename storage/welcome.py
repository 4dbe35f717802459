"""News of who may be welcome from now on, for those who remember whom they turned away."""

from collections.abc import Callable

Listener = Callable[[int | None, int | None], None]


class Welcomes:
    """Tells its listeners of a chat, a person, or a person in a chat, once that is stored."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Have *listener* called with the chat and the person; None stands for any."""
        self._listeners.append(listener)

    def tell(self, chat_id: int | None, user_id: int | None) -> None:
        """Say that this person may have become welcome in this chat."""
        for listener in self._listeners:
            listener(chat_id, user_id)
