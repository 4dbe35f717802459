"""Which chat, topic or message a request means, and whether the bot may reach it."""

from typing import Any

from sandbox.telegram.cast import Chat, Message
from sandbox.telegram.refusal import bad_request, forbidden
from sandbox.telegram.wire import Parameters
from sandbox.telegram.world import World


def find_chat(world: World, parameters: Parameters) -> Chat:
    """Return the chat named in *parameters*, if the bot knows it and is in it."""
    chat_id = parameters.get("chat_id")
    if chat_id is None or chat_id == "":
        raise bad_request("chat_id is empty")
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        if chat_id in world.people:
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    if chat.upgraded_to is not None:
        raise bad_request(
            "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.upgraded_to
        )
    if not chat.is_private:
        _check_membership(chat)
    return chat


def writable_chat(world: World, parameters: Parameters) -> Chat:
    """Return the chat named in *parameters*, if the bot may write there."""
    chat = find_chat(world, parameters)
    if chat.person is not None:
        if chat.person.id in world.deactivated:
            raise forbidden("user is deactivated")
        if chat.bot_status == "kicked":
            raise forbidden("bot was blocked by the user")
        if chat.bot_status != "member":
            raise forbidden("bot can't initiate conversation with a user")
    if chat.is_muted:
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def _check_membership(chat: Chat) -> None:
    match chat.bot_status:
        case "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        case "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        case "absent":
            raise bad_request("chat not found")


def find_thread(chat: Chat, parameters: Parameters) -> int | None:
    """Return the topic to write to; the general one of a forum has no number."""
    thread = parameters.get("message_thread_id")
    if not thread:
        return None
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    if chat.topics[thread].is_closed and chat.bot_status != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return int(thread)


def find_replied(chat: Chat, parameters: Parameters) -> int | None:
    """Return the message to answer, or None if it is gone and that is all right."""
    wish: dict[str, Any] = parameters.get("reply_parameters") or {
        "message_id": parameters.get("reply_to_message_id"),
        "allow_sending_without_reply": parameters.get("allow_sending_without_reply"),
    }
    message_id = wish.get("message_id")
    if message_id is None:
        return None
    if message_id in chat.messages:
        return int(message_id)
    if not wish.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return None


def find_own(world: World, parameters: Parameters) -> tuple[Chat, Message]:
    """Return the message of the bot that is to be changed."""
    chat = writable_chat(world, parameters)
    if not parameters.get("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(parameters["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    is_own = (chat.id, message["message_id"]) in world.sources
    if not is_own or message["message_id"] in chat.bound_to_keyboards:
        raise bad_request("message can't be edited")
    return chat, message
