"""Taking a change back: what the tracker showed before it becomes a plan of its own."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from telegram import Message

from handlers.changes.after import UNDO
from handlers.changes.backwards import backwards
from handlers.changes.intent import Intent
from handlers.changes.judge import Stream, Wish
from handlers.changes.plan import ask, shown_now
from handlers.context import Context
from handlers.faults import NothingToUndoError, RefusedError, UndoError, UsageError
from handlers.lists.crowd import side_by_side
from handlers.lists.item import Item
from handlers.lists.plan import ask_list, resumed
from handlers.render.diff import diff_lines
from handlers.render.html import code, inert
from handlers.render.page import Page
from handlers.turn import KEY
from keitaro import NotFoundError, Tracker, differences, unrestorable
from storage import Entry

BUTTONS = rf"^{UNDO}{KEY}\Z"
# So many changes are looked at that may be taken back already by other means.
PASSED_MOST = 10


async def undo(message: Message, context: Context) -> Page:
    """Plan to take back the last change of this person in this chat that is not back already.

    Raises:
        UsageError: Words came with the command, as if it could take back something else.
    """
    del message
    if words := context.call.rest.split():
        raise UsageError("undo", words[0])
    if begun := await resumed(context):
        return begun
    first: list[Entry] = []
    passed: list[str] = []
    for _ in range(PASSED_MOST):
        found = await _last(context, passed)
        if not found:
            break
        first = first or found
        if not await _is_back(context, found):
            notes = (context.texts.undo_passed,) if passed else ()
            return await _plan_any(context, found, notes)
        passed += await _keys(context, found[0])
    if not first:
        raise NothingToUndoError
    return await _plan_any(context, first)


async def _last(context: Context, passed: list[str]) -> list[Entry]:
    """Return the last change but for those *passed*, or all of its list that is done."""
    journal = context.services.store.journal
    entry = await journal.last(context.chat_id, context.turn.sender.user_id, passed=passed)
    if entry is None:
        return []
    list_key, dot, _ = entry.change.key.rpartition(".")
    # Of a list of which nothing is done for certain nothing can be taken back either.
    return (await _items(context, list_key) or [entry]) if dot else [entry]


async def _keys(context: Context, entry: Entry) -> list[str]:
    """Return the key of a change, or those of all items of its list."""
    list_key, dot, _ = entry.change.key.rpartition(".")
    items = await context.services.store.journal.items(list_key) if dot else [entry]
    return [item.change.key for item in items]


async def _is_back(context: Context, entries: list[Entry]) -> bool:
    """Tell whether the streams are as they were before all of *entries*, by whatever means."""
    tracker = await context.tracker()
    # What this very turn has sent already is looked at, and nothing else is begun.
    if context.turn.has_sent_change:
        return False
    for entry in entries:
        if entry.change.address != tracker.address.url:
            return False
        intent = await _backwards(tracker, entry, wants_now=True)
        if intent is None or diff_lines(intent.before, intent.fields, context.texts):
            return False
    return True


async def _plan_any(context: Context, entries: list[Entry], notes: tuple[str, ...] = ()) -> Page:
    if "." in entries[0].change.key:
        return await _plan_list(context, entries, notes)
    return await _plan(context, entries[0], notes)


async def press(data: str, context: Context) -> Awaitable[Page]:
    """Plan to take back the change that the button belongs to.

    Raises:
        RefusedError: It was not asked for in this chat, or is taken back already.
    """
    journal = context.services.store.journal
    key = data.removeprefix(UNDO)
    entry = await journal.entry(key)
    if entry is None and (items := await _items(context, key)):
        context.answer.apart()
        return _plan_list(context, items)
    if entry is None or entry.change.chat_id != context.chat_id:
        raise RefusedError("chat")
    if await journal.undone_by(entry.change.key):
        raise RefusedError("undone")
    context.answer.apart()
    return _plan(context, entry)


async def _items(context: Context, key: str) -> list[Entry]:
    """Return what is done of the list *key*, if it was asked for in this chat.

    Raises:
        RefusedError: All of it is taken back already.
    """
    journal = context.services.store.journal
    done = [
        entry
        for entry in await journal.items(key)
        if entry.outcome == "done" and entry.change.chat_id == context.chat_id
    ]
    later = await asyncio.gather(*(journal.undone_by(entry.change.key) for entry in done))
    left = [entry for entry, taken_back in zip(done, later, strict=True) if not taken_back]
    # The turn that takes them back may go on after a restart.
    if done and not left and not context.turn.has_applied_plan:
        raise RefusedError("undone")
    return left


async def _plan_list(context: Context, entries: list[Entry], notes: tuple[str, ...] = ()) -> Page:
    """Plan to take back all of a list that is done, the last first."""
    if begun := await resumed(context):
        return begun
    tracker = await context.tracker()
    if any(entry.change.address != tracker.address.url for entry in entries):
        raise UndoError("elsewhere")
    found = await side_by_side([_backwards(tracker, entry) for entry in reversed(entries)])
    items = tuple(Item(number, intent) for number, intent in enumerate(filter(None, found), 1))
    if not items:
        raise UndoError("unknown")
    lost = len(found) - len(items)
    key = entries[0].change.key.rpartition(".")[0]
    notes = (context.texts.undo_of.format(key=code(key)), *notes)
    notes += (context.texts.list_lost.format(count=lost),) if lost else ()
    return await ask_list(context, tracker, items, notes=notes)


async def _backwards(tracker: Tracker, entry: Entry, *, wants_now: bool = False) -> Intent | None:
    """Return what takes *entry* back, with the stream as it is if that is wanted or needed."""
    wish = Wish.of(entry.change)
    stream_id = entry.object_id or wish.stream_id
    is_read = stream_id and (wants_now or wish.operation.verb == "update")
    try:
        now = await shown_now(tracker, stream_id) if is_read else None
        return replace(backwards(entry, now), before=now)
    except UndoError:
        return None
    except NotFoundError:
        if wants_now:
            return None
        raise


async def _plan(context: Context, entry: Entry, notes: tuple[str, ...] = ()) -> Page:
    tracker = await context.tracker()
    if entry.change.address != tracker.address.url:
        raise UndoError("elsewhere")
    wish = Wish.of(entry.change)
    is_update = wish.operation.verb == "update"
    now = await shown_now(tracker, wish.stream_id) if is_update else None
    intent = backwards(entry, now)
    return await ask(context, tracker, intent, notes=(*notes, *_notes(context, entry, now)))


def _notes(context: Context, entry: Entry, now: Stream | None) -> tuple[str, ...]:
    """Return what has to be known: what is lost, what cannot be brought back."""
    texts, wish = context.texts, Wish.of(entry.change)
    before = entry.change.before
    notes = []
    if wish.operation.verb == "update" and isinstance(before, dict):
        missing = unrestorable(before, wish.body)
        notes += [texts.undo_fields.format(fields=inert(", ".join(missing)))] if missing else []
    if wish.operation.verb == "delete" and isinstance(before, dict):
        was_off = before.get("state") == "disabled"
        notes += [texts.undo_comes_back_on] if was_off else []
    if isinstance(entry.answer, dict) and now is not None:
        shown = {name: entry.answer.get(name) for name in wish.body}
        later = {found.field: found.shown for found in differences(shown, now)}
        lines = diff_lines(shown, later, texts)
        notes += [texts.undo_changed_since, *lines, ""] if lines else []
    return tuple(notes)
