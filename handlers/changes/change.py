"""Changes of streams: sent once, then held against what the tracker shows.

✅ is said when the tracker's own answer, or a later look, shows the change. A request that got
no clear answer is never sent again; the tracker is looked at instead, until it cannot be at work
on the request any more.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from handlers.changes.ending import Ending, doubt_noted, doubt_of
from handlers.changes.judge import Stream, Wish
from handlers.changes.look import look, state_before
from handlers.changes.once import once
from handlers.changes.outcome import answered, concluded, ended
from handlers.changes.settle import settle
from handlers.changes.verdict import told
from handlers.context import Context
from handlers.render.page import Page
from keitaro import (
    STREAM_CREATE,
    STREAM_UPDATE,
    ExchangeError,
    NoAnswerError,
    Operation,
    Tracker,
)
from storage import Change, Entry


async def create(context: Context, tracker: Tracker, payload: Stream) -> Page:
    """Create a stream of *payload*, once."""
    return await _change(context, tracker, STREAM_CREATE, body=payload)


async def update(context: Context, tracker: Tracker, stream_id: int, payload: Stream) -> Page:
    """Change the fields in *payload*, and no others."""
    return await _change(context, tracker, STREAM_UPDATE, body=payload, id=stream_id)


async def switch(context: Context, tracker: Tracker, operation: Operation, stream_id: int) -> Page:
    """Turn a stream on or off, archive it, or bring it back."""
    return await _change(context, tracker, operation, id=stream_id)


async def check(context: Context, tracker: Tracker, entry: Entry) -> Page:
    """Look once more at a change of an earlier command, and say what came of it."""
    settling = context.services.settling
    async with _alone(context, entry.change):
        entry = await context.services.store.journal.entry(entry.change.key) or entry
        ending = ended(entry, tracker)
        if ending is None:
            left_seconds = settling.left(entry, context.services.now())
            seen = await look(context, tracker, entry)
            doubt = doubt_noted(entry, context.texts)
            ending = await concluded(context, entry, seen, doubt, is_settled=not left_seconds)
    return await told(context, tracker, ending)


async def _change(
    context: Context,
    tracker: Tracker,
    operation: Operation,
    *,
    body: Stream | None = None,
    **path: int,
) -> Page:
    request: dict[str, Any] = {"body": body, **path}
    sent = tracker.sent(operation, **request)
    await context.answer.announce()
    change = Change(
        key=context.turn.key,
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        address=tracker.address.url,
        operation=operation.name,
        request={**request, "body": sent.body},
        person=context.turn.sender.person,
    )
    async with _alone(context, change):
        entry = await context.services.store.journal.entry(change.key)
        if entry is None:
            ending = await _carried_out(context, tracker, change, body)
        else:
            ending = await _taken_up(context, tracker, entry, _restarted(tracker, entry))
    return await told(context, tracker, ending)


@asynccontextmanager
async def _alone(context: Context, change: Change) -> AsyncIterator[None]:
    """Wait for changes that *change* could be taken for, or that could undo it."""
    line = context.services.settling.line(change.address, Wish.of(change))
    if line.locked():
        await context.let_others_pass()
    async with line:
        yield


async def _carried_out(
    context: Context, tracker: Tracker, change: Change, body: Stream | None
) -> Ending:
    wish = Wish.of(change)
    try:
        async with context.services.names.ahead(tracker, wish.body):
            change = replace(change, before=await state_before(tracker, wish))
            answer = await once(context, tracker, change, body)
            return await answered(context, tracker, Wish.of(change), change.key, answer)
    except ExchangeError as error:
        entry = await context.services.store.journal.entry(change.key)
        if not error.in_doubt or entry is None:
            raise
        return await _taken_up(context, tracker, entry, error)


async def _taken_up(
    context: Context, tracker: Tracker, entry: Entry, error: ExchangeError
) -> Ending:
    """Say how a change ended that was sent and got no clear answer, perhaps before a restart."""
    ending = ended(entry, tracker)
    if ending is not None:
        return ending
    seen = await settle(context, tracker, entry)
    doubt = doubt_of(error, context.texts, seconds=context.services.settling.seconds)
    if entry.outcome:
        doubt = doubt_noted(entry, context.texts)
    return await concluded(context, entry, seen, doubt, is_settled=True)


def _restarted(tracker: Tracker, entry: Entry) -> ExchangeError:
    error = NoAnswerError("restart")
    wish = Wish.of(entry.change)
    error.sent = tracker.sent(wish.operation, **entry.change.request)
    return error
