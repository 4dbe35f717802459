"""Taking a change back: what the tracker showed before it becomes a plan of its own."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, TypeGuard

from telegram import Message

from handlers.changes.after import UNDO
from handlers.changes.intent import Intent
from handlers.changes.judge import Stream, Wish
from handlers.changes.plan import ask, shown_now
from handlers.context import Context
from handlers.faults import NothingToUndoError, RefusedError, UndoError
from handlers.lists.crowd import side_by_side
from handlers.lists.item import Item
from handlers.lists.plan import ask_list, resumed
from handlers.render.diff import diff_lines
from handlers.render.html import inert
from handlers.render.page import Page
from handlers.turn import KEY
from keitaro import (
    STREAM_DELETE,
    STREAM_DISABLE,
    STREAM_ENABLE,
    STREAM_RESTORE,
    STREAM_UPDATE,
    Operation,
    Tracker,
    differences,
    restored,
    unrestorable,
)
from storage import Entry

BUTTONS = rf"^{UNDO}{KEY}\Z"
BACK: dict[str, Operation] = {
    "active": STREAM_ENABLE,
    "disabled": STREAM_DISABLE,
    "deleted": STREAM_DELETE,
}


async def undo(message: Message, context: Context) -> Page:
    """Plan to take back the last change of this person in this chat."""
    del message
    if begun := await resumed(context):
        return begun
    sender = context.turn.sender
    entry = await context.services.store.journal.last(context.chat_id, sender.user_id)
    if entry is None:
        raise NothingToUndoError
    list_key, dot, _ = entry.change.key.rpartition(".")
    if dot:
        return await _plan_list(context, await _items(context, list_key))
    return await _plan(context, entry)


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


async def _plan_list(context: Context, entries: list[Entry]) -> Page:
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
    notes = (context.texts.list_lost.format(count=lost),) if lost else ()
    return await ask_list(context, tracker, items, notes=notes)


async def _backwards(tracker: Tracker, entry: Entry) -> Intent | None:
    wish = Wish.of(entry.change)
    is_update = wish.operation.verb == "update"
    now = await shown_now(tracker, wish.stream_id) if is_update else None
    try:
        return replace(backwards(entry, now), before=now)
    except UndoError:
        return None


async def _plan(context: Context, entry: Entry) -> Page:
    tracker = await context.tracker()
    if entry.change.address != tracker.address.url:
        raise UndoError("elsewhere")
    wish = Wish.of(entry.change)
    is_update = wish.operation.verb == "update"
    now = await shown_now(tracker, wish.stream_id) if is_update else None
    intent = backwards(entry, now)
    return await ask(context, tracker, intent, notes=_notes(context, entry, now))


def backwards(entry: Entry, now: Stream | None = None) -> Intent:
    """Return what brings back what *entry* has changed; *now* is the stream as it is.

    Raises:
        UndoError: It is not known what was changed, or how it was before.
    """
    wish, key = Wish.of(entry.change), entry.change.key
    stream_id = entry.object_id or wish.stream_id
    if not stream_id:
        raise UndoError("unknown")
    before = entry.change.before
    match wish.operation.verb:
        case "create" | "clone":
            return Intent(STREAM_DELETE, {}, stream_id, undoes=key)
        case "update" if isinstance(before, dict):
            return _fields_back(wish, before, now, key)
        case "delete" if not _was(before, "deleted"):
            return Intent(STREAM_RESTORE, {}, stream_id, undoes=key)
        case "enable" | "disable" | "delete" | "restore" if _was(before, *BACK):
            return Intent(BACK[before["state"]], {}, stream_id, undoes=key)
        case _:
            raise UndoError("unknown")


def _was(before: Any, *states: str) -> TypeGuard[Stream]:
    """Tell whether *before* is a stream that is known to have been in one of *states*."""
    return isinstance(before, dict) and before.get("state") in states


def _fields_back(wish: Wish, before: Stream, now: Stream | None, key: str) -> Intent:
    body = restored(before, wish.body, now=now)
    if not body:
        raise UndoError("unknown")
    return Intent(STREAM_UPDATE, body, wish.stream_id, undoes=key)


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
