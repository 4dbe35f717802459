"""The methods that change, remove or mark what stands in a chat, and answer button presses."""

from typing import Any

from sandbox.telegram.access import find_own, writable_chat
from sandbox.telegram.cast import Chat, Message
from sandbox.telegram.entities import utf16_length
from sandbox.telegram.keyboards import read_buttons
from sandbox.telegram.refusal import bad_request
from sandbox.telegram.thumbs import clear_away
from sandbox.telegram.updates import CALLBACK_LIFETIME_SECONDS
from sandbox.telegram.wire import Parameters
from sandbox.telegram.wording import read_caption, read_text
from sandbox.telegram.world import World

DELETABLE_SECONDS = 48 * 3600
ALERT_LIMIT = 200
# Separated by spaces, since some consist of several characters.
_REACTIONS = (
    " 👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤️‍🔥 🌚 🌭"
    " 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝"
    " ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂️ 🤷 🤷‍♀️ 😡 "
)


def edit_message_text(world: World, parameters: Parameters) -> Message:
    """Replace a text and its buttons."""
    chat, message = find_own(world, parameters)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    content = {**read_text(parameters), **read_buttons(parameters)}
    if parameters.get("link_preview_options"):
        content["link_preview_options"] = parameters["link_preview_options"]
    changed = _replace(world, chat, message, content, without={"text", "entities"})
    world.sources[chat.id, message["message_id"]] = str(parameters["text"])
    return changed


def edit_message_caption(world: World, parameters: Parameters) -> Message:
    """Replace the words under a file, and its buttons."""
    chat, message = find_own(world, parameters)
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    content = {**read_caption(parameters), **read_buttons(parameters)}
    changed = _replace(world, chat, message, content, without={"caption", "caption_entities"})
    world.sources[chat.id, message["message_id"]] = str(parameters.get("caption") or "")
    return changed


def edit_message_reply_markup(world: World, parameters: Parameters) -> Message:
    """Replace the buttons alone."""
    chat, message = find_own(world, parameters)
    return _replace(world, chat, message, read_buttons(parameters), without=set())


def _replace(
    world: World, chat: Chat, message: Message, content: dict[str, Any], *, without: set[str]
) -> Message:
    gone = without | {"reply_markup"}
    changed = {key: value for key, value in message.items() if key not in gone} | content
    if changed == message:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    changed["edit_date"] = int(world.now())
    chat.messages[message["message_id"]] = changed
    return changed


def delete_message(world: World, parameters: Parameters) -> bool:
    """Remove a message of the bot, or of somebody else where it may."""
    chat = writable_chat(world, parameters)
    message = chat.messages.get(parameters.get("message_id", 0))
    if message is None:
        raise bad_request("message to delete not found")
    is_own = (chat.id, message["message_id"]) in world.sources
    if not (is_own or chat.is_private or chat.bot_status == "administrator"):
        raise bad_request("message can't be deleted")
    if world.now() - message["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message["message_id"]]
    clear_away(chat, message["message_id"])
    return True


def set_message_reaction(world: World, parameters: Parameters) -> bool:
    """Put an emoji under a message, or take it away."""
    chat = writable_chat(world, parameters)
    message_id = parameters.get("message_id", 0)
    if message_id not in chat.messages:
        raise bad_request("message to react not found")
    emoji = [str(reaction.get("emoji")) for reaction in parameters.get("reaction") or []]
    if not all(f" {one} " in _REACTIONS for one in emoji):
        raise bad_request("REACTION_INVALID")
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    world.reactions_by_message[chat.id, message_id] = emoji
    return True


def answer_callback_query(world: World, parameters: Parameters) -> bool:
    """End the waiting of whoever pressed a button; good once, and for 150 seconds."""
    query = world.queries.get(str(parameters.get("callback_query_id")))
    is_known = query is not None and query.answer is None
    if query is None or not is_known or world.now() - query.asked_at > CALLBACK_LIFETIME_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(str(parameters.get("text") or "")) > ALERT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = parameters
    return True
