"""A change is sent at most once for the command it comes from, over every restart."""

from typing import Any

from handlers.changes.judge import Wish
from handlers.context import Context
from handlers.errors import explain
from handlers.request import is_id
from keitaro import ExchangeError, NoAnswerError, Tracker, UnreadableError
from storage import Change

OK = 200


async def once(context: Context, tracker: Tracker, change: Change, body: Any) -> Any:
    """Send *change*, whose *body* has its secrets here, and return the tracker's answer.

    The right to send is a row in the journal. It is taken when the request is about to go out,
    so that the time in the row is that of the request.

    Raises:
        ExchangeError: As `Tracker.call` does. It is in doubt also if the right was taken before,
            or if the answer to a creation does not say what was created.
    """
    services, wish = context.services, Wish.of(change)

    async def take() -> None:
        # It may have waited for a place since.
        await services.alone()
        if services.settling.is_begun(change.key):
            # It was certainly not carried out, and is sent once more.
            await services.store.journal.renew(change.key)
        elif not await services.store.journal.begin(change):
            context.turn.has_sent_change = True
            raise NoAnswerError("restart")
        context.turn.has_sent_change = True
        services.settling.begin(change.key)

    await context.answer.announced()
    await services.alone()
    request = {**change.request, "body": body}
    try:
        answer = await tracker.call(wish.operation, ready=take, **request)
        if wish.creates and not _names_new(wish, answer):
            raise _nameless(tracker, wish)
    except ExchangeError as error:
        if not error.in_doubt:
            services.settling.end(change.key)
            words = explain(error, context.turn).html
            await services.store.journal.end(change.key, "refused", words)
        raise
    return answer


def _names_new(wish: Wish, answer: Any) -> bool:
    """Tell whether *answer* has the id of a stream that was not there before."""
    stream_id = str(answer.get("id")) if answer else ""
    return is_id(stream_id) and int(stream_id) not in (wish.before or ())


def _nameless(tracker: Tracker, wish: Wish) -> ExchangeError:
    error = UnreadableError("shape", OK, "id")
    error.sent = tracker.sent(wish.operation, body=wish.body)
    return error
