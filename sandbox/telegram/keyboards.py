"""What comes with a message for the fingers: read, limited and refused as Telegram does.

A message carries buttons of its own, or changes the keyboard below the chat: it brings one,
takes it away, or asks for a reply.
"""

from typing import Any

from sandbox.telegram.cast import Chat
from sandbox.telegram.entities import utf16_length
from sandbox.telegram.refusal import RefusalError, bad_request
from sandbox.telegram.wire import Parameters

Markup = dict[str, Any]

BUTTON_LIMIT = 100
DATA_BYTES = 64
COPY_LIMIT = 256
PLACEHOLDER_LIMIT = 64
# What goes beyond is dropped without a word.
ROW_LENGTH = 12
KEY_LIMIT = 300
_INT32 = range(-(2**31), 2**31)
_ACTIONS = {
    "callback_data",
    "url",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "pay",
}
_REQUESTS = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_poll": "poll can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
}
_OWNERS = {
    "resize_keyboard": "ReplyKeyboardMarkup",
    "one_time_keyboard": "ReplyKeyboardMarkup",
    "is_persistent": "ReplyKeyboardMarkup",
    "remove_keyboard": "ReplyKeyboardRemove",
    "selective": "reply markup",
    "force_reply": "reply markup",
}


def read_buttons(parameters: Parameters) -> dict[str, Any]:
    """Return the buttons for a message that is edited: nothing else can come with it."""
    markup = _given(parameters)
    if not markup.get("inline_keyboard") and _is_below(markup):
        raise bad_request("inline keyboard expected")
    inline = _inline(markup)
    return {"reply_markup": inline} if inline else {}


def read_markup(parameters: Parameters, chat: Chat) -> Markup:
    """Return what comes with a new message in *chat*: its buttons, or what lies below."""
    markup = _given(parameters)
    keys = _keys(markup)
    if not keys and markup.get("inline_keyboard"):
        return _inline(markup)
    if not _is_below(markup):
        return {}
    if chat.type == "channel":
        raise bad_request("inline keyboard expected")
    kept = {name: markup[name] for name in (*_OWNERS, "input_field_placeholder") if name in markup}
    if not keys:
        return kept if kept.get("remove_keyboard") or kept.get("force_reply") else {}
    if not chat.is_private:
        _check_place(keys)
    return {**kept, "keyboard": keys}


def _given(parameters: Parameters) -> Markup:
    markup = parameters.get("reply_markup")
    if not markup:
        return {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for name, owner in _OWNERS.items():
        if not isinstance(markup.get(name, False), bool):
            raise bad_request(f'field "{name}" of the {owner} must be of the type Boolean')
    placeholder = markup.get("input_field_placeholder", "")
    if not isinstance(placeholder, str):
        raise bad_request(
            'field "input_field_placeholder" of the reply markup must be of the type String'
        )
    if utf16_length(placeholder) > PLACEHOLDER_LIMIT:
        raise bad_request("REPLY_MARKUP_INVALID")
    return markup


def _is_below(markup: Markup) -> bool:
    return any(markup.get(name) for name in ("keyboard", "remove_keyboard", "force_reply"))


def _keys(markup: Markup) -> list[list[Markup]]:
    """Return the rows of a keyboard without what has no label, or is too much."""
    rows = markup.get("keyboard", [])
    if not isinstance(rows, list):
        raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
    left = KEY_LIMIT
    kept = []
    for row in rows:
        keys = [key for key in map(_key, row) if key["text"]][: min(ROW_LENGTH, left)]
        left -= len(keys)
        if keys:
            kept.append(keys)
    return kept


def _key(button: object) -> Markup:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise _misread("KeyboardButton must be a String or an Object")
    if "text" not in button:
        raise _misread('Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise _misread('Field "text" must be of type String')
    for name in ("request_users", "request_chat"):
        if name in button:
            _check_request(button[name], name)
    return button


def _check_request(request: object, name: str) -> None:
    if not isinstance(request, dict):
        raise _misread(f'Field "{name}" must be of type Object')
    if "request_id" not in request:
        raise _misread('Can\'t find field "request_id"')
    _check_integer(request, "request_id")
    if "max_quantity" in request:
        _check_integer(request, "max_quantity")


def _check_integer(request: Markup, name: str) -> None:
    value = request[name]
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _misread(f'Field "{name}" must be of type Number')
    try:
        is_whole = int(value) in _INT32
    except ValueError:
        is_whole = False
    if not is_whole:
        raise _misread(f'Can\'t parse as an integer string "{value}"')


def _misread(reason: str) -> RefusalError:
    return bad_request(f"can't parse keyboard button: {reason}")


def _check_place(keys: list[list[Markup]]) -> None:
    for key in (key for row in keys for key in row):
        for name, reason in _REQUESTS.items():
            if key.get(name):
                raise bad_request(reason)


def _inline(markup: Markup) -> Markup:
    rows = markup.get("inline_keyboard")
    if not rows:
        return {}
    for button in (button for row in rows for button in row):
        _check_button(button)
    if sum(len(row) for row in rows) > BUTTON_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": rows}


def _check_button(button: Markup) -> None:
    if not button.get("text"):
        raise bad_request("BUTTON_TEXT_INVALID")
    if not _ACTIONS & button.keys():
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not url.startswith(("http://", "https://", "tg://")):
        raise bad_request(
            f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )
    copied = button.get("copy_text")
    if copied is not None and not 1 <= utf16_length(copied.get("text", "")) <= COPY_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
