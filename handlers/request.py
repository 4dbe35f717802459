"""A message becomes a request: which command, which words, which payload.

JSON may stand after the command on the same line or the following lines, in an attached file
whose caption is the command, or in the message or file that the command replies to. The text
after the command is taken as it was typed; splitting it into words first would change the
spaces inside of JSON strings.
"""

import re
from dataclasses import dataclass

from telegram import Document, Message, MessageEntity

from handlers.download import download
from handlers.faults import AlbumError, AmbiguousPayloadError, EmptyFileError
from handlers.payload import CURLY, decode

PAYLOAD_START = re.compile(rf'```|[{{\["{CURLY}]')
# Where quotes belong to the words, JSON begins with a bracket.
BRACKET = re.compile(r"```|[{\[]")
ID = re.compile("[0-9]{1,16}")
ID_MOST = 2**53
JSON_NAMES = (".json", ".jsonl", ".ndjson", ".txt")
JSON_TYPES = ("application/json", "text/plain", "text/json")


@dataclass(frozen=True)
class Called:
    """A command at the very start of a message: its *name*, for whom, the *rest* of the text."""

    name: str
    username: str
    rest: str

    def is_for(self, username: str) -> bool:
        """Tell whether this bot may take it: it names this one, or none."""
        return not self.username or self.username.lower() == username.lower()

    @property
    def words(self) -> list[str]:
        """The words before the JSON."""
        return self.rest[: self._split()].split()

    @property
    def typed_payload(self) -> str:
        """The JSON typed after the words; empty if there is none."""
        return self.rest[self._split() :].strip()

    @property
    def phrase(self) -> str:
        """The words before the JSON of a command whose words may stand in quotes."""
        start = BRACKET.search(self.rest)
        return self.rest[: start.start()].strip() if start else self.rest.strip()

    @property
    def fragment(self) -> str:
        """The JSON typed after such words; empty if there is none."""
        start = BRACKET.search(self.rest)
        return self.rest[start.start() :].strip() if start else ""

    def _split(self) -> int:
        start = PAYLOAD_START.search(self.rest)
        return start.start() if start else len(self.rest)


def read_call(message: Message) -> Called | None:
    """Return the command that *message* begins with, in its text or its caption."""
    text = message.text or message.caption or ""
    for entity in message.entities or message.caption_entities:
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            name, _, username = text[1 : entity.length].partition("@")
            return Called(name.lower(), username, text[entity.length :])
    return None


def is_id(word: str) -> bool:
    """Tell whether *word* can be the id of something in a tracker."""
    return bool(ID.fullmatch(word))


def is_object_id(word: str) -> bool:
    """Tell whether *word* is an id that is not zero, and that JSON holds exactly."""
    return is_id(word) and 0 < int(word) < ID_MOST


async def read_payload(
    message: Message, call: Called, *, limit_bytes: int, own_only: bool = False
) -> str:
    """Return the JSON text that comes with *call*, or an empty string.

    With *own_only* a message of somebody else that is replied to does not count.

    Raises:
        AmbiguousPayloadError: JSON was typed and a file attached.
        AlbumError: The file is one of an album.
        TooLargeError: The file is larger than *limit_bytes*, by its declared or its real size.
        FileLostError: Telegram did not hand over the file.
        NotTextError: The file is not UTF-8.
        EmptyFileError: It has no content.
    """
    typed = call.typed_payload
    if message.document:
        if message.media_group_id:
            raise AlbumError
        if typed:
            raise AmbiguousPayloadError
        return await _read(message.document, limit_bytes)
    if typed or not (replied := _replied_to(message)):
        return typed
    if own_only and replied.from_user != message.from_user:
        return ""
    if replied.document and _may_hold_json(replied.document):
        return await _read(replied.document, limit_bytes)
    return _payload_in(replied, call.name)


def _replied_to(message: Message) -> Message | None:
    replied = message.reply_to_message
    # In a topic every message replies to the service message that opened the topic.
    if replied is None or replied.forum_topic_created:
        return None
    # Replying to an answer of ours must not send an old state back to the tracker.
    is_ours = replied.from_user is not None and replied.from_user.id == message.get_bot().id
    return None if is_ours else replied


def _payload_in(message: Message, command: str) -> str:
    """Return the JSON in a replied-to message, unless it was meant for another command of ours."""
    call = read_call(message)
    if call:
        is_other = call.name != command and call.is_for(message.get_bot().username)
        return "" if is_other else call.typed_payload
    text = (message.text or message.caption or "").strip()
    return text if PAYLOAD_START.match(text) else ""


def _may_hold_json(document: Document) -> bool:
    name = (document.file_name or "").lower()
    return name.endswith(JSON_NAMES) or document.mime_type in JSON_TYPES


async def _read(document: Document, limit_bytes: int) -> str:
    text = decode(await download(document, limit_bytes=limit_bytes))
    if not text.strip():
        raise EmptyFileError
    return text
