"""Changes of streams: sent once, then held against what the tracker shows.

✅ is said when the tracker's own answer, or a second look, shows the change. A request that
got no clear answer is never sent again; the tracker is looked at instead.
"""

from dataclasses import dataclass
from typing import Any

from handlers.context import Context
from handlers.names import with_names
from handlers.once import once
from handlers.render.card import card, difference_lines, whole
from handlers.render.failure import headline, messages, request
from handlers.render.html import code
from handlers.render.page import Page, page
from handlers.request import is_id
from keitaro import (
    CAMPAIGN_STREAMS,
    STREAM_CREATE,
    STREAM_GET,
    STREAM_UPDATE,
    Difference,
    ExchangeError,
    KeitaroError,
    NotFoundError,
    Operation,
    StreamCreate,
    Tracker,
    differences,
)

Stream = dict[str, Any]
ALIKE_MOST = 10
STAMPS = ("created_at", "updated_at")


@dataclass(frozen=True)
class Look:
    """What the tracker shows after a change; *stream* is None if it is not there."""

    is_done: bool
    stream: Stream | None
    found: tuple[Difference, ...] = ()


async def create(context: Context, tracker: Tracker, payload: Stream) -> Page:
    """Create a stream of *payload*, once."""
    tracker.sent(STREAM_CREATE, body=payload)
    await context.answer.announce()
    try:
        answer = await once(context, tracker, STREAM_CREATE, body=payload)
    except ExchangeError as error:
        if not error.in_doubt:
            raise
        return await _unknown_creation(context, tracker, payload, error)
    stream_id = str(answer.get("id")) if answer else ""
    if not is_id(stream_id):
        seen = await _search(context, tracker, payload)
        return page("⚠️", context.texts.created_without_id, seen, *_where(context, payload))
    look = judge(STREAM_CREATE, answer, payload)
    if not look.is_done:
        look = await _look(tracker, STREAM_CREATE, int(stream_id), payload) or look
    title = context.texts.stream_created.format(id=stream_id)
    return await _shown(context, tracker, title, look)


async def update(context: Context, tracker: Tracker, stream_id: int, payload: Stream) -> Page:
    """Change the fields in *payload*, and no others."""
    title = context.texts.stream_updated.format(id=stream_id)
    return await _change(context, tracker, STREAM_UPDATE, stream_id, title=title, body=payload)


async def switch(context: Context, tracker: Tracker, operation: Operation, stream_id: int) -> Page:
    """Turn a stream on or off, archive it, or bring it back."""
    title = context.texts.stream_switched[operation.verb].format(id=stream_id)
    return await _change(context, tracker, operation, stream_id, title=title)


async def _change(
    context: Context,
    tracker: Tracker,
    operation: Operation,
    stream_id: int,
    *,
    title: str,
    body: Stream | None = None,
) -> Page:
    tracker.sent(operation, body=body, id=stream_id)
    await context.answer.announce()
    try:
        answer = await once(context, tracker, operation, body=body, id=stream_id)
    except ExchangeError as error:
        if not error.in_doubt:
            raise
        look = await _look(tracker, operation, stream_id, body)
        if look is None or not look.is_done:
            return _unknown_change(context, error, stream_id, look)
        note = context.texts.looked_and_done.format(trouble=headline(error, context.texts))
        return await _shown(context, tracker, title, look, note=note)
    is_this = isinstance(answer, dict) and str(answer.get("id")) == str(stream_id)
    look = judge(operation, answer, body) if is_this else None
    if look is None or not look.is_done:
        look = await _look(tracker, operation, stream_id, body, is_answered=True) or look
    if look is None:
        again = context.texts.look_again.format(command=f"/stream {stream_id}")
        return _not_seen(context, title, context.texts.look_failed, again)
    return await _shown(context, tracker, title, look)


def judge(operation: Operation, shown: Stream, body: Stream | None) -> Look:
    """Return whether *shown*, a stream of the tracker, proves that *operation* was done."""
    match operation.verb:
        case "create" | "update":
            found = _compared(body or {}, shown)
            return Look(not found, shown, found)
        case "restore":
            state = shown.get("state")
            is_back = state is not None and state != "deleted"
            return Look(is_back, shown, _wrong_state("active", shown, is_done=is_back))
        case verb:
            wanted = {"enable": "active", "disable": "disabled", "delete": "deleted"}[verb]
            is_done = shown.get("state") == wanted
            return Look(is_done, shown, _wrong_state(wanted, shown, is_done=is_done))


def _wrong_state(wanted: str, shown: Stream, *, is_done: bool) -> tuple[Difference, ...]:
    return () if is_done else (Difference("state", wanted, shown.get("state")),)


def _compared(sent: Stream, shown: Stream) -> tuple[Difference, ...]:
    """Return what *shown* has otherwise than it was sent, or does not have at all."""
    written = _without_stamps(sent)
    unseen = [
        Difference(field, value, None)
        for field, value in written.items()
        if field not in shown and value not in (None, "", [], {})
    ]
    return (*differences(written, shown), *unseen)


def _without_stamps(value: Any) -> Any:
    """Return *value* without the times that only the tracker writes, as in a stream sent back."""
    match value:
        case dict():
            return {name: _without_stamps(v) for name, v in value.items() if name not in STAMPS}
        case list():
            return [_without_stamps(item) for item in value]
        case _:
            return value


async def _look(
    tracker: Tracker,
    operation: Operation,
    stream_id: int,
    body: Stream | None,
    *,
    is_answered: bool = False,
) -> Look | None:
    """Read the stream and judge it; None if the tracker cannot be read either.

    That a stream is not there proves its deletion only if the tracker has said yes to that.
    """
    try:
        shown = await tracker.call(STREAM_GET, id=stream_id)
    except NotFoundError:
        return Look(is_done=is_answered and operation.verb == "delete", stream=None)
    except KeitaroError:
        return None
    return judge(operation, shown, body) if "id" in shown else None


async def _shown(
    context: Context, tracker: Tracker, title: str, look: Look, *, note: str = ""
) -> Page:
    """Return the answer after a change: the stream as it is now, and what is not as sent."""
    if look.stream is None:
        return page("✅", title) if look.is_done else _not_seen(context, title)
    named, campaign = await with_names(tracker, look.stream)
    lines = card(named, context.texts, campaign=campaign)
    name = f"stream-{look.stream.get('id', 'answer')}.json"
    folded, file = whole(look.stream, name, context.texts)
    if look.is_done:
        return page("✅", f"<b>{title}</b>", *([note] if note else []), *lines, *folded, file=file)
    wrong = [context.texts.shows_otherwise, *difference_lines(look.found, context.texts)]
    again = context.texts.look_again.format(command=f"/stream {look.stream.get('id')}")
    return page("⚠️", *wrong, again, "", *lines, *folded, file=file)


def _not_seen(context: Context, title: str, *more: str) -> Page:
    return page("⚠️", context.texts.not_seen.format(title=title), *more)


def _unknown_change(
    context: Context, error: ExchangeError, stream_id: int, look: Look | None
) -> Page:
    texts = context.texts
    if look is None:
        seen = [texts.look_failed]
    elif look.stream is None:
        seen = [texts.look_nothing]
    else:
        seen = [texts.look_otherwise, *difference_lines(look.found, texts)]
    again = texts.look_again.format(command=f"/stream {stream_id}")
    return page("⚠️", *_trouble(context, error), *seen, again, request(error, texts))


async def _unknown_creation(
    context: Context, tracker: Tracker, payload: Stream, error: ExchangeError
) -> Page:
    """Say what is known of a stream that may or may not have been created."""
    trouble = _trouble(context, error)
    seen = await _search(context, tracker, payload)
    return page("⚠️", *trouble, seen, *_where(context, payload), request(error, context.texts))


async def _search(context: Context, tracker: Tracker, payload: Stream) -> str:
    """Look for the stream in its campaign, and say what was found."""
    texts = context.texts
    try:
        streams = await tracker.call(CAMPAIGN_STREAMS, id=_campaign_id(payload))
    except KeitaroError:
        return texts.look_failed
    namesakes = [row for row in streams if row.get("name") == payload["name"]]
    if not namesakes:
        return texts.look_no_alike
    alike = [row for row in namesakes if not _compared(payload, row)]
    ids = ", ".join(code(row.get("id", "?")) for row in (alike or namesakes)[:ALIKE_MOST])
    return (texts.look_alike if alike else texts.look_namesake).format(ids=ids)


def _trouble(context: Context, error: ExchangeError) -> list[str]:
    texts = context.texts
    return [f"<b>{headline(error, texts)}</b>", *messages(error), "", texts.change_unknown]


def _where(context: Context, payload: Stream) -> list[str]:
    return [context.texts.look_again.format(command=f"/streams {_campaign_id(payload)}")]


def _campaign_id(payload: Stream) -> int:
    """Return the id in *payload*, where it may be written as "12" or 12.0."""
    return StreamCreate.model_validate(payload).campaign_id
