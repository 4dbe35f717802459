"""A change is sent at most once for the command it comes from, over every restart."""

from typing import Any

from handlers.context import Context
from handlers.errors import explain
from handlers.faults import ToldBeforeError
from keitaro import ExchangeError, NoAnswerError, Operation, Tracker
from storage import Change


async def once(
    context: Context, tracker: Tracker, operation: Operation, *, body: Any = None, **path: int | str
) -> Any:
    """Carry *operation* out and return the tracker's answer.

    The right to send is a row in the journal. Where it was taken before, by a process that has
    ended since, what that one was told comes back.

    Raises:
        ExchangeError: As `Tracker.call` does; NoAnswerError also if that process was told nothing.
        ToldBeforeError: That process was refused.
    """
    journal = context.services.store.journal
    change = Change(
        key=context.turn.key,
        chat_id=context.chat_id,
        user_id=context.turn.sender.user_id,
        address=tracker.address.url,
        operation=operation.name,
        request={"body": body, **path},
    )
    await context.answer.announced()
    await context.services.alone()
    is_first = await journal.begin(change)
    context.turn.has_sent_change = True
    if not is_first:
        return await _told_before(context, change, tracker, operation)
    try:
        answer = await tracker.call(operation, **change.request)
    except ExchangeError as error:
        if not error.in_doubt:
            await journal.end(change.key, "refused", explain(error, context.turn).html)
        raise
    await journal.end(change.key, "done", answer)
    return answer


async def _told_before(
    context: Context, change: Change, tracker: Tracker, operation: Operation
) -> Any:
    """Return or raise what the earlier process was told."""
    entry = await context.services.store.journal.entry(change.key)
    # A chat may have been linked anew since: what another tracker was asked says nothing here.
    if entry and entry.change == change:
        match entry.outcome:
            case "done":
                return entry.answer
            case "refused":
                raise ToldBeforeError(entry.answer)
    error = NoAnswerError("restart")
    error.sent = tracker.sent(operation, **change.request)
    raise error
