"""The text of a message: read, limited and refused as Telegram does."""

from typing import Any

from sandbox.telegram.entities import Entity, detect, utf16_length
from sandbox.telegram.markup import MarkupError, parse
from sandbox.telegram.refusal import bad_request
from sandbox.telegram.wire import Parameters

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


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
