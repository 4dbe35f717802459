"""Which changes of a chat are looked for, and one page of them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.request import is_id
from handlers.sought import ONE_DAY, Asked, Turning
from storage import Outcome, Record, Sought

LINES_MOST = 10
# A moment far from it may be more than a clock can tell, but never more than can be counted.
EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Leaf:
    """The *records* of one page, and from which key on it is found again (empty: the newest)."""

    records: list[Record]
    has_newer: bool
    has_older: bool
    begins_before: str = ""


@dataclass(frozen=True)
class Search:
    """What was *asked*, and what that comes to in the journal; *is_whole* if no name was missed.

    *person* is as it was typed, or the id that a button carries.
    """

    asked: Asked
    sought: Sought
    person: str = ""
    is_whole: bool = True


async def search_for(context: Context, asked: Asked) -> Search:
    """Return what *asked* comes to in the journal of this chat."""
    user_ids, is_whole = await _people(context, asked.person)
    sought = Sought(
        outcomes=_outcomes(asked),
        stream_id=asked.stream_id,
        user_ids=user_ids,
        items_of=asked.items_of,
        begun=_begun(asked, ZoneInfo(context.time_zone)),
    )
    person = asked.person
    if user_ids and len(user_ids) == 1:
        # An id always fits into a button, and stays when the name is changed.
        asked = replace(asked, person=str(*user_ids))
    return Search(asked, sought, person, is_whole)


def _begun(asked: Asked, zone: tzinfo) -> tuple[float, float] | None:
    """Return from which moment on, and before which one, an entry must have been begun."""
    if asked.days is None:
        return None
    first, last = asked.days
    # The last day of all has none behind it.
    end = last + ONE_DAY if last < date.max else last
    begin, behind = (datetime.combine(day, time.min, zone) for day in (first, end))
    return (begin - EPOCH).total_seconds(), (behind - EPOCH).total_seconds()


def _outcomes(asked: Asked) -> frozenset[Outcome | None]:
    failed: tuple[Outcome | None, ...] = ("refused",) if asked.is_failed else ()
    unknown: tuple[Outcome | None, ...] = ("unknown", None) if asked.is_unknown else ()
    return frozenset(failed + unknown)


async def _people(context: Context, person: str) -> tuple[frozenset[int] | None, bool]:
    """Return the ids of those who are called *person*, and whether all names could be read.

    Who has this very username is meant; if nobody has, everybody whose name it is a part of.
    """
    if not person:
        return None, True
    if is_id(person):
        return frozenset({int(person)}), True
    names, is_whole = await context.services.store.history.names(context.chat_id)
    folded = person.casefold()
    exact = {user_id for user_id, name in names if name.casefold().endswith(f" @{folded}")}
    alike = {user_id for user_id, name in names if folded in name.casefold()}
    return frozenset(exact or alike), is_whole


async def leaf_of(context: Context, sought: Sought, turning: Turning, key: str) -> Leaf:
    """Return the page next to *key*, or the newest one if there is nothing on that side."""
    journal, chat_id, most = context.services.store.history, context.chat_id, LINES_MOST
    if turning == "newer":
        found = await journal.page(chat_id, sought, after=key, most=most + 1)
        if key and found:
            edge = found[0].entry.change.key if len(found) > most else ""
            return Leaf(found[-most:], bool(edge), has_older=True, begins_before=edge)
    elif key:
        found = await journal.page(chat_id, sought, before=key, most=most + 1)
        if found:
            return Leaf(found[:most], True, len(found) > most, begins_before=key)
    found = await journal.page(chat_id, sought, most=most + 1)
    return Leaf(found[:most], has_newer=False, has_older=len(found) > most)
