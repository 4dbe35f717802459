"""The methods that put something new into a chat."""

from typing import Any

from sandbox.telegram.access import find_replied, find_thread, writable_chat
from sandbox.telegram.cast import Message
from sandbox.telegram.files import StoredFile
from sandbox.telegram.keyboards import read_markup
from sandbox.telegram.log import Upload
from sandbox.telegram.photos import read_sizes
from sandbox.telegram.posting import post
from sandbox.telegram.refusal import RefusalError, bad_request
from sandbox.telegram.thumbs import lay_out
from sandbox.telegram.wire import Parameters
from sandbox.telegram.wording import read_caption, read_text
from sandbox.telegram.world import World

UPLOAD_BYTES = 50 * 1024 * 1024


def send_message(world: World, parameters: Parameters) -> Message:
    """Send a text."""
    content = read_text(parameters)
    if parameters.get("link_preview_options"):
        content["link_preview_options"] = parameters["link_preview_options"]
    return _send(world, parameters, content, source=str(parameters["text"]))


def send_document(world: World, parameters: Parameters) -> Message:
    """Send a file, or one that is here already by its id."""
    stored = _uploaded(world, parameters, "document")
    content = {"document": stored.as_document(), **read_caption(parameters)}
    return _send(world, parameters, content, source=str(parameters.get("caption") or ""))


def send_photo(world: World, parameters: Parameters) -> Message:
    """Send a picture."""
    stored = _uploaded(world, parameters, "photo")
    content = {"photo": read_sizes(stored), **read_caption(parameters)}
    return _send(world, parameters, content, source=str(parameters.get("caption") or ""))


def send_chat_action(world: World, parameters: Parameters) -> bool:
    """Show that the bot is about to send something."""
    chat = writable_chat(world, parameters)
    find_thread(chat, parameters)
    if not parameters.get("action"):
        raise bad_request("wrong parameter action in request")
    return True


def _uploaded(world: World, parameters: Parameters, name: str) -> StoredFile:
    upload = parameters.get(name)
    if not upload:
        raise bad_request(f"there is no {name} in the request")
    if not isinstance(upload, Upload):
        return world.files.get(upload)
    if len(upload.content) > UPLOAD_BYTES:
        raise RefusalError(413, "Request Entity Too Large")
    if not upload.content:
        raise bad_request("file must be non-empty")
    return world.files.add(upload.content, filename=upload.filename, mime_type=upload.mime_type)


def _send(world: World, parameters: Parameters, content: dict[str, Any], *, source: str) -> Message:
    chat = writable_chat(world, parameters)
    thread = find_thread(chat, parameters)
    replied = find_replied(chat, parameters)
    markup = read_markup(parameters, chat)
    if "inline_keyboard" in markup:
        content["reply_markup"] = markup
    world.limits.count(chat)
    if parameters.get("protect_content"):
        content["has_protected_content"] = True
    is_channel = chat.type == "channel"
    message = post(
        world,
        chat,
        content,
        sender=None if is_channel else world.bot,
        sender_chat=chat if is_channel else None,
        thread=thread,
        reply_to=replied,
    )
    world.bot_messages.append((chat.id, message["message_id"]))
    world.sources[chat.id, message["message_id"]] = source
    if markup and "reply_markup" not in content:
        lay_out(chat, message, markup)
    return message
