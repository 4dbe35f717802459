"""What keeps figures from being shown, beside all else that may: branches of the tree of faults."""

from dataclasses import dataclass
from typing import Literal

from handlers.faults import HandlerError

PhraseFault = Literal[
    "unknown",
    "place",
    "value",
    "number",
    "amount",
    "values",
    "near",
    "name",
    "country",
    "operator",
    "or",
    "by",
    "sort",
    "twice",
    "date",
    "dates",
    "length",
    "limit",
    "every",
    "time",
    "quote",
    "long",
    "many",
    "log",
    "json",
]

PaperFault = Literal["slow", "failed"]


@dataclass
class PhraseError(HandlerError):
    """Words cannot be read: *reason* says what is wrong with *word*, *fits* what would do there."""

    word: str
    reason: PhraseFault
    fits: tuple[str, ...] = ()


@dataclass
class SavedError(HandlerError):
    """Something is wrong with the *name* of a saved report; *fits* are names that come close."""

    reason: Literal["unknown", "which", "taken", "full", "gone", "name", "nothing", "rule"]
    name: str
    fits: tuple[str, ...] = ()


@dataclass
class WideReportError(HandlerError):
    """A report asks for more than *most* columns."""

    most: int


@dataclass
class NotPrintedError(HandlerError):
    """A file or a chart of figures could not be made: *reason* says why."""

    reason: PaperFault
