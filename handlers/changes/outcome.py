"""What came of a change, by the tracker's answer or by a look at it; the journal notes it."""

from typing import Any

from handlers.changes.ending import Doubt, Ending
from handlers.changes.judge import Look, Stream, Wish, judge
from handlers.changes.look import look_at_stream
from handlers.changes.verdict import said_yes, undone
from handlers.context import Context
from keitaro import Tracker
from storage import Entry, Outcome


def ended(entry: Entry, tracker: Tracker) -> Ending | None:
    """Return how a change ended if that is known, and if it was asked of this very tracker."""
    if entry.change.address != tracker.address.url:
        return None
    wish, key = Wish.of(entry.change), entry.change.key
    match entry.outcome:
        case "done" if entry.answer or not wish.creates:
            stream = entry.answer if isinstance(entry.answer, dict) else None
            return Ending(key, wish, Look("wanted", stream), "done", Doubt(done=entry.note))
        case "refused":
            return Ending(key, wish, Look("unread"), "refused", words=entry.answer)
        case _:
            return None


async def answered(context: Context, tracker: Tracker, wish: Wish, key: str, answer: Any) -> Ending:
    """Hold a change to which the tracker said yes with *answer* against what it shows."""
    stream: Stream = answer if isinstance(answer, dict) else {}
    stream_id = int(stream["id"]) if wish.creates else wish.stream_id
    is_this = str(stream.get("id")) == str(stream_id)
    said = judge(wish, stream) if is_this else Look("unread")
    # What the tracker says it has done need not be what it holds.
    seen = await look_at_stream(tracker, wish, stream_id, is_answered=True)
    seen = said if seen.shows == "unread" else seen
    outcome: Outcome = "done" if seen.shows == "wanted" else "unknown"
    ending = Ending(key, wish, seen, outcome, is_answered=True)
    note = "" if outcome == "done" else said_yes(ending, context.texts)
    await context.services.store.journal.end(
        key, outcome, seen.stream, note=note, object_id=stream_id
    )
    context.services.settling.end(key)
    return ending


async def concluded(
    context: Context, entry: Entry, seen: Look, doubt: Doubt, *, is_settled: bool
) -> Ending:
    """Say how a change in doubt ended; that it did not come about only when *is_settled*."""
    key, wish = entry.change.key, Wish.of(entry.change)
    end = context.services.store.journal.end
    if seen.shows == "wanted":
        made = int(seen.stream["id"]) if seen.stream else None
        ending = Ending(key, wish, seen, "done", doubt)
        await end(key, "done", seen.stream, note=doubt.done, object_id=made)
    elif is_settled and seen.shows in ("before", "nothing"):
        ending = Ending(key, wish, seen, "refused", doubt)
        await end(key, "refused", undone(context.texts, ending).html)
    else:
        ending = Ending(key, wish, seen, "unknown", doubt)
        await end(key, "unknown", doubt.request, note=doubt.lead)
        return ending
    context.services.settling.end(key)
    return ending
