"""A change is sent at most once for the command it comes from, over every restart."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.changes.judge import Wish
from handlers.context import Context
from handlers.errors import explain
from handlers.faults import DroppedError
from handlers.request import is_id
from keitaro import ExchangeError, NoAnswerError, Tracker, UnreadableError
from storage import Change

OK = 200
# By so much the time in the journal may be too early.
AHEAD_SECONDS = 1.0


@dataclass
class Right:
    """The right to send *change*: a row in the journal, inserted once, ever.

    It is taken when the request is about to go out, so that the time in the row is that of the
    request; or `ahead` of waiting for a place, which nobody else has to wait for then. A request
    that *is_dropped* by the time it gets its place is kept back.
    """

    context: Context
    change: Change
    is_dropped: Callable[[], bool] = bool
    _is_given: bool | None = None
    _given_at: float = 0.0

    async def ahead(self) -> None:
        """Take the right now; the request must follow."""
        await self.context.services.alone()
        self._given_at = time.monotonic()
        self._is_given = await self.context.services.store.journal.begin(self.change)

    async def take(self) -> None:
        """Take the right if that was not done, and begin to count.

        Raises:
            NoAnswerError: It was taken before a restart.
            DroppedError: The request is not wanted any more.
        """
        services, key = self.context.services, self.change.key
        # It may have waited for a place since.
        await services.alone()
        if self.is_dropped():
            raise DroppedError
        if self._is_given is None:
            self._is_given = await services.store.journal.begin(self.change)
        elif services.settling.is_begun(key) or self._is_old:
            # It was certainly not carried out, and is sent once more, or only now.
            await services.store.journal.renew(key)
        self.context.turn.has_sent_change = True
        if not self._is_given:
            raise NoAnswerError("restart")
        services.settling.begin(key)

    @property
    def _is_old(self) -> bool:
        return time.monotonic() - self._given_at > AHEAD_SECONDS


async def once(
    context: Context, tracker: Tracker, change: Change, body: Any, *, right: Right | None = None
) -> Any:
    """Send *change*, whose *body* has its secrets here, and return the tracker's answer.

    *right* is there if it was taken ahead.

    Raises:
        ExchangeError: As `Tracker.call` does. It is in doubt also if the right was taken before,
            or if the answer to a creation does not say what was created.
        DroppedError: It was not sent, since it is not wanted any more.
    """
    services, wish = context.services, Wish.of(change)
    right = right or Right(context, change)
    await context.answer.announced()
    await services.alone()
    request = {**change.request, "body": body}
    try:
        answer = await tracker.call(wish.operation, ready=right.take, **request)
        if wish.creates and not _names_new(wish, answer):
            raise _nameless(tracker, wish)
    except DroppedError:
        words = f"❌ {context.texts.list_outcomes['untried']}"
        await services.store.journal.end(change.key, "refused", words)
        raise
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
