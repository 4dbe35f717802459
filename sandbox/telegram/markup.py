"""Telegram's HTML: which tags it knows, and the words in which it refuses the others."""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.entities import Entity, ordered, utf16_length

_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#x([0-9a-fA-F]{1,6})|#([0-9]{1,7}));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LAST_CHARACTER = 0x10FFFF


class MarkupError(Exception):
    """The text is not the HTML that Telegram reads; the message is Telegram's."""


@dataclass(frozen=True)
class _Open:
    """A tag that waits for its end."""

    name: str
    attributes: dict[str, str]
    offset: int


@dataclass
class _Reader:
    """One pass over the source, character by character, as the server does it."""

    source: str
    position: int = 0
    text: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> None:
        while self.position < len(self.source):
            if self.source.startswith("</", self.position):
                self._end_tag()
            elif self.source[self.position] == "<":
                self._start_tag()
            else:
                self._emit(self._character())
        if self.stack:
            name = self.stack[-1].name
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{name}"')

    def _emit(self, text: str) -> None:
        self.text.append(text)
        self.length += utf16_length(text)

    def _character(self) -> str:
        match = _REFERENCE.match(self.source, self.position)
        decoded = None if match is None else _decoded(match)
        if match is None or decoded is None:
            self.position += 1
            return self.source[self.position - 1]
        self.position = match.end()
        return decoded

    def _start_tag(self) -> None:
        begin = self.position
        name = self._word(begin + 1, r"[^\s>]*").lower()
        if self._is_over():
            raise MarkupError(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if name not in _STYLES:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {self._bytes(begin)}')
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}'
            )
        self.position += 1
        self.stack.append(_Open(name, attributes, self.length))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        self._spaces()
        while not self._is_over() and self.source[self.position] != ">":
            name = self._word(self.position, r"[^\s=>]*").lower()
            if not name:
                raise MarkupError(
                    f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(begin)}'
                )
            self._spaces()
            found[name] = self._value(tag, begin) if self._follows("=") else ""
            self._spaces()
        if self._is_over():
            raise MarkupError(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        return found

    def _value(self, tag: str, begin: int) -> str:
        self.position += 1
        self._spaces()
        if self._is_over():
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        quote = self.source[self.position]
        start = self.position
        if quote not in "\"'":
            token = self._word(start, r"[A-Za-z0-9.-]*").lower()
            if not self._is_over() and not re.match(r"[\s>]", self.source[self.position]):
                place = self._bytes(start)
                raise MarkupError(f"Unexpected end of name token at byte offset {place}")
            return token
        self.position += 1
        value: list[str] = []
        while not self._is_over() and not self._follows(quote):
            value.append(self._character())
        self.position += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.position
        if not self.stack:
            raise MarkupError(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        name = self._word(begin + 2, r"[^\s>]*").lower()
        self._spaces()
        if not self._follows(">"):
            raise MarkupError(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        opened = self.stack.pop()
        if name and name != opened.name:
            raise MarkupError(
                f"Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{opened.name}>", found "</{name}>"'
            )
        self.position += 1
        if self.length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        place = {"offset": opened.offset, "length": self.length - opened.offset}
        entity = {"type": _STYLES[opened.name], **place}
        language = opened.attributes.get("class", "").removeprefix("language-")
        if opened.name == "pre" and self.entities and self.entities[-1].get("language"):
            inner = self.entities[-1]
            if (inner["offset"], inner["length"]) == (entity["offset"], entity["length"]):
                self.entities[-1] = {**inner, "type": "pre"}
                return
        if opened.name == "code" and language and self.stack and self.stack[-1].name == "pre":
            entity["language"] = language
        self.entities.extend(_completed(entity, opened.attributes, "".join(self.text)))

    def _word(self, begin: int, pattern: str) -> str:
        match = re.compile(pattern).match(self.source, begin)
        word = "" if match is None else match.group()
        self.position = begin + len(word)
        return word

    def _spaces(self) -> None:
        self._word(self.position, r"\s*")

    def _follows(self, sign: str) -> bool:
        return self.source.startswith(sign, self.position)

    def _is_over(self) -> bool:
        return self.position >= len(self.source)

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))


def parse(source: str) -> tuple[str, list[Entity]]:
    """Return the plain text of *source* and its entities.

    Raises:
        MarkupError: the source has a tag that Telegram does not know, or an open one.
    """
    reader = _Reader(source)
    reader.read()
    entities = [
        {
            key: value
            for key, value in entity.items()
            if key != "language" or entity["type"] == "pre"
        }
        for entity in reader.entities
    ]
    return "".join(reader.text), ordered(entities)


def _decoded(match: re.Match[str]) -> str | None:
    name, hexadecimal, decimal = match.groups()
    if name is not None:
        return _NAMED[name]
    number = int(hexadecimal, 16) if hexadecimal is not None else int(decimal)
    return chr(number) if 0 < number <= _LAST_CHARACTER else None


def _completed(entity: Entity, attributes: dict[str, str], text: str) -> list[Entity]:
    """Return *entity* with what its attributes say, or nothing if they say too little."""
    match entity["type"]:
        case "text_link":
            content = text.encode("utf-16-le")[entity["offset"] * 2 :].decode("utf-16-le")
            url = attributes.get("href") or content
            return [{**entity, "url": url}] if "." in url or ":" in url else []
        case "blockquote" if "expandable" in attributes:
            return [{**entity, "type": "expandable_blockquote"}]
        case "date_time":
            return _date_time(entity, attributes)
        case "custom_emoji":
            return [{**entity, "custom_emoji_id": attributes.get("emoji-id", "")}]
        case _:
            return [entity]


def _date_time(entity: Entity, attributes: dict[str, Any]) -> list[Entity]:
    if not attributes.get("unix", "").isdecimal():
        raise MarkupError("Invalid date specified")
    shape = {"date_time_format": attributes["format"]} if attributes.get("format") else {}
    return [{**entity, "unix_time": int(attributes["unix"]), **shape}]
