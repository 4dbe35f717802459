"""`/history`: the journal of a chat, page by page, entry by entry, or as a file."""

import asyncio
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import Message

from handlers.context import Context
from handlers.history_pages import Leaf, Search, leaf_of, search_for
from handlers.render.history import View, history_lines, name_of, undone_line, whole_line
from handlers.render.history_entry import entry_page
from handlers.render.history_file import history_file
from handlers.render.html import bold, code, inert
from handlers.render.page import Button, File, Page, page
from handlers.request import is_id
from handlers.sought import HISTORY, Asked, Turning, data_of, read_data, read_words
from storage import NAMES_READ_MOST, Record, Sought

BUTTONS = f"^{HISTORY}"
FILE_ROWS_MOST = 10_000
READ_AT_ONCE = 500


async def history(message: Message, context: Context) -> Page:
    """Show the newest changes of this chat that the words ask for, or one of them whole."""
    del message
    now = datetime.fromtimestamp(context.services.now(), ZoneInfo(context.time_zone))
    asked = read_words(context.call.rest.split(), today=now.date())
    if not asked.reference:
        return await _shown(context, asked)
    record = await context.services.store.history.record(context.chat_id, asked.reference)
    if record is None:
        return page("❌", context.texts.history_no_entry.format(key=code(asked.reference)))
    if record.counts:
        return await _shown(context, replace(asked, reference="", items_of=record.key))
    return entry_page(record, await _view(context))


async def press(data: str, context: Context) -> Page:
    """Turn the page, or add the file to it.

    Raises:
        UsageError: No button of ours has this *data*.
    """
    asked, turning, key = read_data(data)
    return await _shown(context, asked, turning, key)


async def _shown(context: Context, asked: Asked, turning: Turning = "", key: str = "") -> Page:
    search = await search_for(context, asked)
    leaf = await leaf_of(context, search.sought, turning, key)
    view, texts = await _view(context), context.texts
    lines = history_lines(leaf.records, view) or [texts.history_empty]
    head = [bold(texts.history_title), await _about(context, search, leaf)]
    file, notes = None, [""]
    if not search.is_whole:
        notes.append(texts.history_names_cut.format(count=NAMES_READ_MOST))
    if turning == "file":
        file, words = await _file(context, search.sought, view)
        notes.append(words)
    buttons = _buttons(context, search, leaf)
    if buttons is None:
        notes.append(texts.history_no_buttons)
    if leaf.records:
        command = code(f"/history {leaf.records[0].key}")
        notes.append(texts.history_whole.format(command=command))
    return page("✅", *head, "", *lines, *notes, buttons=buttons or (), file=file)


async def _view(context: Context) -> View:
    linked = await context.services.store.chats.target(context.chat_id)
    return View(context.texts, ZoneInfo(context.time_zone), linked.address if linked else "")


async def _about(context: Context, search: Search, leaf: Leaf) -> str:
    """Return what the page is limited to, and the time zone."""
    asked, texts = search.asked, context.texts
    first, last = asked.days or (None, None)
    parts = [str(first) if first == last else f"{first}..{last}"] if first else []
    parts += [texts.history_failed] if asked.is_failed else []
    parts += [texts.history_unknown] if asked.is_unknown else []
    parts += [f"{texts.stream} {asked.stream_id}"] if asked.stream_id is not None else []
    if asked.person:
        is_known = leaf.records and is_id(asked.person)
        parts.append(inert(name_of(leaf.records[0].entry) if is_known else search.person))
    if asked.items_of:
        whole = await context.services.store.history.record(context.chat_id, asked.items_of)
        if whole and whole.counts:
            parts.append(f"{code(asked.items_of)}: {whole_line(whole, texts)}")
            taken_back = undone_line(whole, texts)
            parts += [taken_back] if taken_back else []
    return " · ".join([*parts, inert(context.time_zone)])


def _buttons(context: Context, search: Search, leaf: Leaf) -> tuple[tuple[Button, ...], ...] | None:
    """Return the buttons, or None if what is looked for does not fit into them."""
    if not leaf.records:
        return ()
    texts = context.texts
    first, last = (leaf.records[place].entry.change.key for place in (0, -1))
    wanted: list[tuple[bool, str, Turning, str]] = [
        (leaf.has_newer, texts.history_newer, "newer", first),
        (leaf.has_older, texts.history_older, "older", last),
        (True, "CSV", "file", leaf.begins_before),
    ]
    row = [
        Button(label, data=data)
        for is_there, label, turning, key in wanted
        if is_there and (data := data_of(search.asked, turning, key))
    ]
    is_all = len(row) == sum(is_there for is_there, *_ in wanted)
    return (tuple(row),) if is_all else None


async def _file(context: Context, sought: Sought, view: View) -> tuple[File, str]:
    """Return all that is looked for as a file, and what is to be said of it."""
    records: list[Record] = []
    sought, key = replace(sought, is_apart=True), ""
    while len(records) <= FILE_ROWS_MOST:
        found = await context.services.store.history.page(
            context.chat_id, sought, before=key, most=READ_AT_ONCE
        )
        records += found
        if len(found) < READ_AT_ONCE:
            break
        key = found[-1].entry.change.key
    count = min(len(records), FILE_ROWS_MOST)
    # Thousands of rows would keep everybody else waiting.
    file = await asyncio.to_thread(history_file, records[:count], view)
    texts, is_whole = context.texts, len(records) == count
    words = (texts.history_in_file if is_whole else texts.history_in_file_cut).format(count=count)
    return file, words
