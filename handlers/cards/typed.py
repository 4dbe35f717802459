"""Swaps and copies as words after /stream: `/stream 45 swap 71 72`, `/stream 45 copy 12`."""

from collections.abc import Awaitable

from handlers.cards import duplicate, swap
from handlers.context import Context
from handlers.faults import UsageError
from handlers.render.page import Page
from handlers.request import is_object_id

WORDS = ("swap", "copy")


def read_words(words: list[str]) -> tuple[str, int, list[str]] | None:
    """Return the verb, the id and the rest of *words*; None if they ask for something else."""
    match words:
        case [number, verb, *rest] if verb.lower() in WORDS and is_object_id(number):
            return verb.lower(), int(number), rest
        case [verb, number, *rest] if verb.lower() in WORDS and is_object_id(number):
            return verb.lower(), int(number), rest
        case _:
            return None


def begin(context: Context, verb: str, stream_id: int, rest: list[str]) -> Awaitable[Page]:
    """Return the way to the answer: a plan if ids were given, else what the words may mean.

    Raises:
        UsageError: The first word after *swap* is no id of an offer.
    """
    if verb == "copy":
        return _copy(context, stream_id, rest)
    match rest:
        case []:
            return swap.ask_which(context, stream_id)
        case [old] if is_object_id(old):
            return swap.ask_words(context, stream_id, int(old))
        case [old, new] if is_object_id(old) and is_object_id(new):
            return swap.plan(context, stream_id, int(old), int(new))
        case [old, *words] if is_object_id(old):
            return swap.search(context, stream_id, int(old), " ".join(words))
        case _:
            raise UsageError("stream", rest[0])


def _copy(context: Context, stream_id: int, rest: list[str]) -> Awaitable[Page]:
    match rest:
        case []:
            return duplicate.ask_where(context, stream_id)
        case [campaign] if is_object_id(campaign):
            return duplicate.plan(context, stream_id, int(campaign))
        case _:
            return duplicate.search(context, stream_id, " ".join(rest))
