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
from handlers.changes.intent import Intent
from handlers.changes.judge import Wish
from handlers.changes.look import look, state_before
from handlers.changes.once import once
from handlers.changes.outcome import answered, concluded, ended
from handlers.changes.seat import seat_notes
from handlers.changes.settle import settle
from handlers.changes.verdict import told
from handlers.changes.weigh import Weighed, warning_lines, weigh
from handlers.context import Context
from handlers.faults import StaleError
from handlers.render.page import Page
from keitaro import ExchangeError, NoAnswerError, Tracker, moved
from storage import Change, Entry


async def carry_out(
    context: Context, tracker: Tracker, intent: Intent, *, notes: tuple[str, ...] = ()
) -> Page:
    """Change the tracker as *intent* has it, once, and say what came of it.

    *notes* are lines of HTML that go with the answer.

    Raises:
        StaleError: The stream is not as it was when this was planned; nothing was sent.
        FindingsError: A check has found what cannot be meant; nothing was sent.
        PayloadError: The request does not fit.
        ExchangeError: The tracker has refused it, or was not asked.
    """
    change = change_of(context, tracker, intent, key=context.turn.key)
    await context.answer.announce()
    async with _alone(context, change):
        entry = await context.services.store.journal.entry(change.key)
        if entry is None:
            ending = await _carried_out(context, tracker, change, intent)
        else:
            ending = await _taken_up(context, tracker, entry, restarted(tracker, entry))
    return await told(context, tracker, replace(ending, notes=(*notes, *ending.notes)))


def change_of(context: Context, tracker: Tracker, intent: Intent, *, key: str) -> Change:
    """Return what the journal is to hold of *intent* under *key*.

    Raises:
        PayloadError: The request does not fit.
    """
    return Change(
        key=key,
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        address=tracker.address.url,
        operation=intent.operation.name,
        request=_shown(tracker, intent),
        person=context.turn.sender.person,
        undoes=intent.undoes,
    )


async def send(context: Context, tracker: Tracker, change: Change, intent: Intent) -> Ending:
    """Send *change* unless the stream has moved since it was planned, and look at the outcome.

    Raises: as `carry_out` does; what is in doubt then is for the caller to settle.
    """
    before = await state_before(tracker, Wish.of(change))
    weighed = await _weighed(context, tracker, intent, before)
    if not intent.creates:
        # Rows may have got other ids since the plan was made.
        intent = replace(intent, before=before)
    change = replace(change, before=before, request=_shown(tracker, intent))
    answer = await once(context, tracker, change, intent.request["body"])
    ending = await answered(context, tracker, Wish.of(change), change.key, answer)
    if weighed is None:
        return ending
    seat = seat_notes(intent, weighed.facts, ending, context.texts)
    return replace(ending, notes=(*warning_lines(weighed, context.texts), *seat))


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


@asynccontextmanager
async def _alone(context: Context, change: Change) -> AsyncIterator[None]:
    """Wait for changes that *change* could be taken for, or that could undo it."""
    line = context.services.settling.line(change.address, Wish.of(change))
    if line.locked():
        await context.let_others_pass()
    async with line:
        yield


async def _carried_out(
    context: Context, tracker: Tracker, change: Change, intent: Intent
) -> Ending:
    try:
        async with context.services.names.ahead(tracker, Wish.of(change).body):
            return await send(context, tracker, change, intent)
    except ExchangeError as error:
        entry = await context.services.store.journal.entry(change.key)
        if not error.in_doubt or entry is None:
            raise
        return await _taken_up(context, tracker, entry, error)


def _shown(tracker: Tracker, intent: Intent) -> dict[str, Any]:
    """Return the request without secrets, as the journal keeps it.

    Raises:
        PayloadError: It does not fit.
    """
    sent = tracker.sent(intent.operation, **intent.request)
    return {**intent.request, "body": sent.body}


async def _weighed(context: Context, tracker: Tracker, intent: Intent, now: Any) -> Weighed | None:
    """Weigh what was not planned; what was planned must be *now* as it was then.

    Raises:
        StaleError: It is not.
        FindingsError: What was not planned cannot be meant.
    """
    if intent.before is None:
        before = None if intent.creates else now
        return await weigh(context, tracker, replace(intent, before=before), wants_traffic=False)
    if now is None or moved(intent.before, now):
        raise StaleError(now)
    return None


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


def restarted(tracker: Tracker, entry: Entry) -> ExchangeError:
    """Return what is known of a change that an earlier process has sent, or was about to."""
    error = NoAnswerError("restart")
    wish = Wish.of(entry.change)
    error.sent = tracker.sent(wish.operation, **entry.change.request)
    return error
