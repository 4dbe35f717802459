"""`/stream` and `/streams`: one stream, and the streams of a campaign."""

from dataclasses import dataclass
from typing import Any

from telegram import Message

from handlers.cards.card import show
from handlers.cards.events import events
from handlers.cards.typed import begin, read_words
from handlers.changes.intent import Intent
from handlers.changes.plan import ask as ask_for
from handlers.context import Context
from handlers.faults import (
    ListError,
    OtherStreamError,
    PayloadMissingError,
    UsageError,
    WrongPayloadError,
)
from handlers.lists.plan import ask_list, resumed
from handlers.lists.read import parse_payload, read_items
from handlers.render.card import stream_list
from handlers.render.file import json_file
from handlers.render.html import inert
from handlers.render.page import Page, page
from handlers.request import is_id, is_object_id
from handlers.roles import Role
from keitaro import (
    CAMPAIGN_STREAMS,
    STREAM_CREATE,
    STREAM_DELETE,
    STREAM_DISABLE,
    STREAM_ENABLE,
    STREAM_EVENTS,
    STREAM_GET,
    STREAM_RESTORE,
    STREAM_SEARCH,
    STREAM_UPDATE,
    Operation,
    Tracker,
    label,
)

# What people type for what the tracker's table of operations calls otherwise.
WORDS = {"on": "enable", "off": "disable"}
VERBS = {
    "create": STREAM_CREATE,
    "get": STREAM_GET,
    "update": STREAM_UPDATE,
    "enable": STREAM_ENABLE,
    "disable": STREAM_DISABLE,
    "delete": STREAM_DELETE,
    "restore": STREAM_RESTORE,
    "events": STREAM_EVENTS,
}
WITH_PAYLOAD = ("create", "update")
STREAMS_MOST = 50


@dataclass(frozen=True)
class Ask:
    """What the words after /stream ask for."""

    operation: Operation
    stream_id: int | None


async def stream(message: Message, context: Context) -> Page:
    """Show, create or change one stream or a list, as the words and the payload say."""
    if begun := await resumed(context):
        return begun
    tracker = await context.tracker()
    if swap_or_copy := read_words(context.call.rest.split()):
        context.require(Role.OPERATOR)
        return await begin(context, *swap_or_copy)
    words = context.call.words
    # Without a verb the reply may be meant for a person: somebody else's JSON is no update then.
    own_only = bool(words) and not any(map(_verb, words))
    text = await context.payload_text(message, own_only=own_only) if _takes_payload(words) else ""
    payload = await context.parsed(text, parse_payload) if text else None
    if isinstance(payload, list):
        return await _write_list(context, tracker, payload)
    ask = read_ask(words, has_payload=bool(text))
    if ask.operation.changes:
        context.require(Role.OPERATOR)
    if ask.stream_id is None or ask.operation.body:
        return await _write(context, tracker, ask, payload)
    if context.call.typed_payload:
        raise UsageError("stream", context.call.typed_payload[:1])
    if ask.operation.changes:
        return await ask_for(context, tracker, Intent(ask.operation, {}, ask.stream_id))
    if ask.operation is STREAM_EVENTS:
        return await events(context, tracker, ask.stream_id)
    return await show(context, tracker, ask.stream_id)


def _takes_payload(words: list[str]) -> bool:
    return all(_verb(word) in (None, *WITH_PAYLOAD) for word in words)


def _verb(word: str) -> str | None:
    verb = WORDS.get(word.lower(), word.lower())
    return verb if verb in VERBS else None


def read_ask(words: list[str], *, has_payload: bool) -> Ask:
    """Return what *words* ask for: at most a verb and an id, in either order.

    Raises:
        UsageError: A word is neither, or comes twice, or does not go with the rest.
    """
    verb = ""
    stream_id: int | None = None
    for word in words:
        if (known := _verb(word)) and not verb:
            verb = known
        elif stream_id is None and is_object_id(word):
            stream_id = int(word)
        else:
            raise UsageError("stream", word)
    verb = verb or _implied(stream_id, has_payload=has_payload)
    if verb == "create" and stream_id is not None:
        raise UsageError("stream", str(stream_id))
    if verb != "create" and stream_id is None:
        raise UsageError("stream")
    return Ask(VERBS[verb], stream_id)


def _implied(stream_id: int | None, *, has_payload: bool) -> str:
    if stream_id is None:
        return "create"
    return "update" if has_payload else "get"


async def _write_list(context: Context, tracker: Tracker, payload: list[Any]) -> Page:
    """Create the streams in *payload*, or update them if the words say so."""
    words = context.call.words
    verbs = [_verb(word) for word in words]
    if any(verb is None for verb in verbs):
        raise ListError("with_id")
    if len(words) > 1:
        raise UsageError("stream", words[1])
    context.require(Role.OPERATOR)
    operation = VERBS[verbs[0]] if verbs and verbs[0] else STREAM_CREATE
    return await ask_list(context, tracker, read_items(operation, payload))


async def _write(context: Context, tracker: Tracker, ask: Ask, payload: Any) -> Page:
    if payload is None:
        raise PayloadMissingError("stream")
    if not isinstance(payload, dict):
        raise WrongPayloadError("object")
    if ask.stream_id is not None and not payload:
        raise WrongPayloadError("fields")
    if ask.stream_id is not None:
        _check_own(payload, ask.stream_id)
    return await ask_for(context, tracker, Intent(ask.operation, payload, ask.stream_id or 0))


def _check_own(payload: dict[str, Any], stream_id: int) -> None:
    """Go on only if *payload* is not the JSON of another stream.

    Raises:
        OtherStreamError: It is.
    """
    shown = payload.get("id", stream_id)
    if label(shown) != str(stream_id):
        raise OtherStreamError(stream_id, str(shown))


async def streams(_: Message, context: Context) -> Page:
    """List the streams of a campaign, or those whose name or payload has the words."""
    words = context.call.rest.split()
    match [word.lower() for word in words]:
        case ["find", _, *_]:
            query = context.call.rest.strip()[len("find") :].strip()
            tracker = await context.tracker()
            found = await tracker.call(STREAM_SEARCH, query={"query": query})
            title = context.texts.streams_found.format(words=inert(query))
        case [number] if is_id(number):
            tracker = await context.tracker()
            found = await tracker.call(CAMPAIGN_STREAMS, id=int(number))
            name = await context.services.names.of_campaign(tracker, {"campaign_id": int(number)})
            title = context.texts.streams_of.format(campaign=f"{number} {inert(name)}".strip())
        case [] | ["find"]:
            raise UsageError("streams")
        case _:
            is_known = len(words) > 1 and is_id(words[0])
            raise UsageError("streams", words[1 if is_known else 0])
    return _listed(context, title, found)


def _listed(context: Context, title: str, found: list[Any]) -> Page:
    lines = stream_list(found[:STREAMS_MOST], context.texts)
    count = context.texts.rows_shown.format(shown=len(lines), found=len(found))
    if not found:
        return page("✅", f"<b>{title}</b>", context.texts.no_streams)
    file = json_file("streams.json", found) if len(lines) < len(found) else None
    return page("✅", f"<b>{title}</b>", *lines, count, file=file)
