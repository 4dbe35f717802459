"""What keeps a command from being carried out before the tracker is asked.

HandlerError
├── RefusedError               this person, or this kind of message, may not do this
├── GivenUpError               the bot ended each time it was at it
├── FindingsError              a check has found what cannot be meant
├── ListError                  a list whose items do not fit
├── ListRefusedError           the same as a check has found it, item by item
├── NothingToUndoError         this person has changed nothing here
├── UndoError                  a change that cannot be taken back
├── SwapError                  an offer that cannot take another's place
├── OtherStreamError           the JSON of one stream, sent back for another
├── NotLinkedError             the chat has no tracker
├── LinkTriesError             this person has tried to link too often for now
├── UsageError                 the words after the command make no sense
├── PhraseError                words that ask for figures, and what is wrong with one of them
├── SavedError                 a report that is not kept under this name, or cannot be
├── WideReportError            a report of more columns than anybody reads
├── PayloadMissingError        a command that needs JSON came without any
├── AmbiguousPayloadError      JSON typed and a file attached: which one?
├── AlbumError                 the file came in an album
├── WrongPayloadError          JSON, but not what the command takes
├── EmptyFileError             a file without content
├── TooLargeError              refused by size
├── FileLostError              Telegram did not hand over the file
├── NotTextError               not UTF-8
├── LeakedError                a secret in use, shown to a group
├── NotPrintedError            a file or a chart could not be made
└── JsonError                  text, but not JSON

LateError                      it came while the bot was away: told in a list with the others
StaleError                     a plan was made of what is not so any more; it is asked about anew
DroppedError                   an item of a list that has stopped, kept back at the last moment
UnreachableChatError           nothing can be said in the chat any more, so nothing is
"""

from dataclasses import dataclass
from typing import Any, Literal

from keitaro import Finding, NotFoundError, PayloadError

ListFault = Literal["empty", "many", "large", "objects", "id", "twice", "fields", "with_id"]


class HandlerError(Exception):
    """A command was not carried out; the tracker was not asked."""


@dataclass
class RefusedError(HandlerError):
    """The sender may not do this: *reason* says why, *needed* which role would."""

    reason: Literal[
        "role",
        "forwarded",
        "chat",
        "author",
        "used",
        "undone",
        "draft",
        "closed",
        "unknown",
        "old",
        "forgotten",
        "schedule",
        "elsewhere",
    ]
    needed: str = ""


@dataclass
class LateError(Exception):
    """The command is *age_seconds* old, and hardly meant any more."""

    age_seconds: float


class GivenUpError(HandlerError):
    """The command was begun several times, and the process ended each time."""


class DroppedError(Exception):
    """A request was kept back at the last moment, since it is not wanted any more."""


class UnreachableChatError(Exception):
    """Telegram lets nothing through to the chat, so nobody could hear what came of it."""


@dataclass
class FindingsError(HandlerError):
    """The checks have *found* something that keeps the change from being asked for."""

    found: tuple[Finding, ...]


@dataclass
class ListError(HandlerError):
    """A list cannot be read: *fault* says why, *numbers* which of its items are wrong.

    Of a list that is too long it is how many it has.
    """

    fault: ListFault
    numbers: tuple[int, ...] = ()


@dataclass
class ListRefusedError(HandlerError):
    """Items of a list cannot be meant: by their numbers, what was *found*."""

    found: tuple[tuple[int, Finding | PayloadError | NotFoundError], ...]


class NothingToUndoError(HandlerError):
    """There is no change of this person in this chat that is not taken back."""


@dataclass
class UndoError(HandlerError):
    """The change cannot be taken back: *reason* says why."""

    reason: Literal["elsewhere", "unknown"]


@dataclass
class StaleError(Exception):
    """The tracker shows *now* (None: what it shows is not known) what the plan was not made of."""

    now: Any


@dataclass
class SwapError(HandlerError):
    """The offer *offer_id* is not in the list, or there already, or there is no list at all."""

    reason: Literal["none", "gone", "there"]
    offer_id: int


@dataclass
class OtherStreamError(HandlerError):
    """The JSON is that of the stream *shown*, but *stream_id* was to be changed."""

    stream_id: int
    shown: str


class NotLinkedError(HandlerError):
    """The chat is not linked to a tracker."""


@dataclass
class LinkTriesError(HandlerError):
    """The person has tried *most* times within an hour to link what was no tracker of theirs."""

    most: int


@dataclass
class RestingError(HandlerError):
    """The tracker was down lately and cannot be looked at for so many *seconds*."""

    seconds: int


@dataclass
class UsageError(HandlerError):
    """*word* after */command* was not understood (empty: something is missing)."""

    command: str
    word: str = ""


@dataclass
class PayloadMissingError(HandlerError):
    """*command* needs JSON and none came with it."""

    command: str


class AmbiguousPayloadError(HandlerError):
    """JSON was typed and a file was attached."""


class AlbumError(HandlerError):
    """The file is part of an album, where one caption stands for several files."""


@dataclass
class WrongPayloadError(HandlerError):
    """The JSON is valid, but *expected* was needed."""

    expected: Literal["object", "fields"]


class EmptyFileError(HandlerError):
    """The file has no content."""


@dataclass
class TooLargeError(HandlerError):
    """The payload is larger than *limit* bytes."""

    limit: int


class FileLostError(HandlerError):
    """Telegram did not hand over the file."""


class LeakedError(HandlerError):
    """What was sent to a group shows a secret that is in use."""


class NotTextError(HandlerError):
    """The file is not UTF-8 text."""


JsonFault = Literal[
    "value",
    "name",
    "colon",
    "comma",
    "trailing_comma",
    "string",
    "extra",
    "control",
    "escape",
    "duplicate",
    "number",
    "depth",
    "crowded",
    "surrogate",
]


@dataclass
class JsonError(HandlerError):
    """The text is not JSON.

    *line* and *column* count from 1 in the payload as it was sent; both are 0 when the
    fault has no single place. *spot* is the part of the line around it, *caret* the offset
    of the fault in *spot*, *name* the member concerned.
    """

    fault: JsonFault
    line: int = 0
    column: int = 0
    spot: str = ""
    caret: int = 0
    name: str = ""
