"""What lies under people's thumbs: the keyboard below a chat, who sees it, and its use."""

from typing import Any

from sandbox.telegram.cast import Chat, Keyboard, Message, Person


def lay_out(chat: Chat, message: Message, markup: dict[str, Any]) -> None:
    """Put the keyboard that came with *message* before those it is for, or take theirs away."""
    chat.bound_to_keyboards.add(message["message_id"])
    for person_id in _addressed(chat, message, is_selective=bool(markup.get("selective"))):
        if markup.get("remove_keyboard"):
            chat.keyboards.pop(person_id, None)
        else:
            chat.keyboards[person_id] = Keyboard(message["message_id"], markup)


def clear_away(chat: Chat, message_id: int) -> None:
    """Take a keyboard away with the message that brought it."""
    chat.keyboards = {
        person_id: keyboard
        for person_id, keyboard in chat.keyboards.items()
        if keyboard.message_id != message_id
    }


def wished_reply(chat: Chat, person: Person) -> int | None:
    """Return the message that *person* replies to unless they choose another, if there is one."""
    keyboard = chat.keyboards.get(person.id)
    if keyboard is None or not keyboard.markup.get("force_reply"):
        return None
    return keyboard.message_id


def use(chat: Chat, person: Person, text: str | None = None) -> None:
    """Note that *person* has written *text*, or used a button that sends something else."""
    keyboard = chat.keyboards.get(person.id)
    if keyboard is None:
        return
    if keyboard.markup.get("force_reply"):
        del chat.keyboards[person.id]
    elif keyboard.markup.get("one_time_keyboard") and (
        text is None or any(key["text"] == text for key in keys_of(keyboard))
    ):
        keyboard.is_hidden = True


def keys_of(keyboard: Keyboard | None) -> list[dict[str, Any]]:
    """Return the buttons of *keyboard*, row by row."""
    rows = [] if keyboard is None else keyboard.markup.get("keyboard", [])
    return [key for row in rows for key in row]


def _addressed(chat: Chat, message: Message, *, is_selective: bool) -> set[int]:
    if chat.person is not None:
        return {chat.person.id}
    if not is_selective:
        return set(chat.members)
    meant = {entity["user"]["id"] for entity in message.get("entities", []) if "user" in entity}
    meant.add(message.get("reply_to_message", {}).get("from", {}).get("id"))
    return meant & chat.members.keys()
