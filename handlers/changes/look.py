"""Looks at a tracker around a change: what it shows before, and what it shows after."""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.changes.judge import Look, Stream, Wish, ids_of, judge, judge_campaign
from handlers.context import Context
from keitaro import (
    CAMPAIGN_STREAMS,
    STREAM_GET,
    ExchangeError,
    KeitaroError,
    KeyRefusedError,
    LicenceError,
    NoAnswerError,
    NotFoundError,
    PausedError,
    RateLimitedError,
    RedirectError,
    ServerError,
    Tracker,
    UnreachableError,
)
from storage import Entry

Rows = Callable[[int], Awaitable[list[Stream]]]

# After these a change would fare no better, so it is not even sent.
HOPELESS = (
    UnreachableError,
    NoAnswerError,
    PausedError,
    KeyRefusedError,
    LicenceError,
    RateLimitedError,
    RedirectError,
    ServerError,
)


async def state_before(tracker: Tracker, wish: Wish) -> Any:
    """Return what the tracker shows before a change, as `Wish.before` has it.

    It is not known where the key may not read, or the answer cannot be read.

    Raises:
        ExchangeError: The change cannot go well: there is no such stream, or no way to the
            tracker.
    """
    try:
        if wish.creates:
            return _ids(wish, await tracker.call(CAMPAIGN_STREAMS, id=wish.campaign_id))
        shown = await tracker.call(STREAM_GET, id=wish.stream_id)
    except HOPELESS:
        raise
    except ExchangeError as error:
        if isinstance(error, NotFoundError) and not wish.creates:
            raise
        return None
    return shown if "id" in shown else None


def _ids(wish: Wish, rows: list[Stream]) -> list[int] | None:
    # The list leaves out what is in the archive: it can never show a stream that begins there.
    if wish.body.get("state") == "deleted":
        return None
    ids = ids_of(rows)
    return None if ids is None else list(ids)


async def look(
    context: Context, tracker: Tracker, entry: Entry, *, rows_of: Rows | None = None
) -> Look:
    """Look at the tracker once and judge what it shows of the change of *entry*.

    *rows_of* reads the streams of a campaign for several looks at one time.
    """
    wish = Wish.of(entry.change)
    if entry.change.address != tracker.address.url:
        return Look("elsewhere")
    if not wish.creates:
        return await look_at_stream(tracker, wish, wish.stream_id)
    if entry.object_id is not None:
        return await look_at_stream(tracker, wish, entry.object_id)
    try:
        if rows_of:
            rows = await rows_of(wish.campaign_id)
        else:
            rows = await tracker.call(CAMPAIGN_STREAMS, id=wish.campaign_id)
    except KeitaroError:
        return Look("unread")
    claimed = await context.services.store.journal.claimed(entry.change.key)
    return judge_campaign(wish, rows, claimed)


async def look_at_stream(
    tracker: Tracker, wish: Wish, stream_id: int, *, is_answered: bool = False
) -> Look:
    """Read the stream and judge it.

    That it is not there proves its deletion only if the tracker has said yes to that.
    """
    try:
        shown = await tracker.call(STREAM_GET, id=stream_id)
    except NotFoundError:
        is_deleted = is_answered and wish.operation.verb == "delete"
        return Look("wanted") if is_deleted else Look("gone", ids=(stream_id,))
    except KeitaroError:
        return Look("unread")
    return judge(wish, shown) if "id" in shown else Look("unread")
