"""How a message comes to stand in a chat: numbered, dated, threaded, with what it replies to."""

from typing import Any

from sandbox.telegram.cast import Chat, Message, Person, Topic
from sandbox.telegram.world import World

_ICON_COLOUR = 7322096


def post(  # noqa: PLR0913 - a message has this many independent sides
    world: World,
    chat: Chat,
    content: dict[str, Any],
    *,
    sender: Person | None,
    sender_chat: Chat | None = None,
    thread: int | None = None,
    reply_to: int | None = None,
    date: float | None = None,
) -> Message:
    """Put *content* into *chat* as a new message and return it, without telling anybody."""
    chat.last_message_id += 1
    message: Message = {"message_id": chat.last_message_id}
    if sender is not None:
        message["from"] = sender.as_user()
    if sender_chat is not None:
        message["sender_chat"] = sender_chat.as_chat()
    message["chat"] = chat.as_chat()
    message["date"] = int(world.now() if date is None else date)
    message |= _place(chat, thread, reply_to)
    message |= content
    chat.messages[chat.last_message_id] = message
    return message


def _place(chat: Chat, thread: int | None, reply_to: int | None) -> dict[str, Any]:
    """Return where the message stands: its thread, and the message it answers."""
    place: dict[str, Any] = {}
    replied = None if reply_to is None else chat.messages.get(reply_to)
    if replied is not None:
        place["reply_to_message"] = without_reply(replied)
        if chat.is_forum:
            thread = replied.get("message_thread_id")
        elif chat.type == "supergroup":
            # Not a topic: just the first message of this chain of replies.
            place["message_thread_id"] = replied.get("message_thread_id", reply_to)
    if thread is not None and thread in chat.topics:
        place |= {"message_thread_id": thread, "is_topic_message": True}
        if replied is None and thread in chat.messages:
            place["reply_to_message"] = without_reply(chat.messages[thread])
    return place


def without_reply(message: Message) -> Message:
    """Return *message* as it appears inside another one."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def open_topic(world: World, chat: Chat, name: str) -> int:
    """Open a topic in *chat*, tell the bot, and return the thread id."""
    if not chat.is_forum:
        raise ValueError(f"{chat.title} is not a forum")
    thread = chat.last_message_id + 1
    opener = next((world.people[one] for one in chat.members), world.bot)
    message = post(
        world,
        chat,
        {
            "message_thread_id": thread,
            "is_topic_message": True,
            "forum_topic_created": {"name": name, "icon_color": _ICON_COLOUR},
        },
        sender=opener,
    )
    chat.topics[thread] = Topic(name)
    world.publish("message", chat, message)
    return thread
