"""The text and the buttons of a message: read, limited and refused as Telegram does."""

from typing import Any

from sandbox.telegram.entities import Entity, detect, utf16_length
from sandbox.telegram.markup import MarkupError, parse
from sandbox.telegram.refusal import bad_request
from sandbox.telegram.wire import Parameters

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
BUTTON_LIMIT = 100
DATA_BYTES = 64
COPY_LIMIT = 256
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


def read_text(parameters: Parameters) -> dict[str, Any]:
    """Return the text of a message with its entities; lengths count in UTF-16 units."""
    text, entities = _formatted(parameters, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return {"text": text, **({"entities": entities} if entities else {})}


def read_caption(parameters: Parameters) -> dict[str, Any]:
    """Return the caption of a file with its entities, if it has one."""
    text, entities = _formatted(parameters, "caption", "caption_entities")
    if not text:
        return {}
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return {"caption": text, **({"caption_entities": entities} if entities else {})}


def _formatted(parameters: Parameters, key: str, marks: str) -> tuple[str, list[Entity]]:
    source = str(parameters.get(key) or "")
    mode = str(parameters.get("parse_mode") or "").lower()
    if mode not in {"", "html"}:
        raise bad_request("unsupported parse_mode")
    text, entities = source, list(parameters.get(marks) or [])
    if mode:
        try:
            text, entities = parse(source)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from error
    text, entities = _trimmed(text, entities)
    return text, detect(text, entities)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut white space around *text*, as Telegram does, and move its entities along."""
    text = text.rstrip()
    bare = text.lstrip()
    cut = utf16_length(text) - utf16_length(bare)
    whole = utf16_length(bare)
    moved = []
    for entity in entities:
        begin = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, whole)
        if end > begin:
            moved.append({**entity, "offset": begin, "length": end - begin})
    return bare, moved


def read_markup(parameters: Parameters) -> dict[str, Any]:
    """Return the buttons under a message; other keyboards are not part of it."""
    markup = parameters.get("reply_markup")
    if not markup:
        return {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if not rows:
        return {}
    for button in (button for row in rows for button in row):
        _check_button(button)
    if sum(len(row) for row in rows) > BUTTON_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"reply_markup": {"inline_keyboard": rows}}


def _check_button(button: dict[str, Any]) -> None:
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
