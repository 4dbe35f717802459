"""What Telegram finds in a plain text by itself, with offsets counted in UTF-16 units."""

import re
from collections.abc import Iterable
from typing import Any

Entity = dict[str, Any]

ENTITY_LIMIT = 100

_WORDS = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<bot_command>(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#(?!\d+\b)\w+)"
)
_OPAQUE = {"code", "pre"}


def utf16_length(text: str) -> int:
    """Return how long *text* is as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def detect(text: str, given: Iterable[Entity] = ()) -> list[Entity]:
    """Return *given* and the commands, addresses and names found outside its code.

    Nothing is found inside a given link either, since a link has one target.
    """
    known = list(given)
    closed = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in known
        if entity["type"] in _OPAQUE | {"text_link", "text_mention", "date_time"}
    ]
    found = [
        entity
        for entity in map(_entity, _WORDS.finditer(text))
        if not any(_overlaps(entity, begin, end) for begin, end in closed)
    ]
    return ordered([*known, *(entity for entity in found if entity not in known)])


def ordered(entities: Iterable[Entity]) -> list[Entity]:
    """Return *entities* outermost first, without anything inside code, one hundred at most."""
    ranked = sorted(
        entities, key=lambda mark: (mark["offset"], -mark["length"], mark["type"] != "pre")
    )
    kept: list[Entity] = []
    end_of_code = -1
    for entity in ranked:
        if entity["offset"] < end_of_code:
            continue
        if entity["type"] in _OPAQUE:
            end_of_code = entity["offset"] + entity["length"]
            kept = [other for other in kept if not _same_place(other, entity)]
        kept.append(entity)
    return kept[:ENTITY_LIMIT]


def _same_place(one: Entity, other: Entity) -> bool:
    return bool(one["offset"] == other["offset"] and one["length"] == other["length"])


def _entity(match: re.Match[str]) -> Entity:
    return {
        "type": str(match.lastgroup),
        "offset": utf16_length(match.string[: match.start()]),
        "length": utf16_length(match.group()),
    }


def _overlaps(entity: Entity, begin: int, end: int) -> bool:
    return bool(entity["offset"] < end and begin < entity["offset"] + entity["length"])
