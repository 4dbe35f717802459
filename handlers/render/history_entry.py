"""One change of the journal, whole."""

from typing import Any

from handlers.changes.judge import WANTED
from handlers.render.diff import diff_lines
from handlers.render.failure import shown_json
from handlers.render.history import View, body_of, sign, states, what
from handlers.render.html import code, folded, inert, plain
from handlers.render.page import Page, page
from handlers.texts import Texts
from storage import Entry, Record

SECOND = "%Y-%m-%d %H:%M:%S"
# Where the request begins in an answer that was given: it stands above already.
REQUEST = "<blockquote"
REFUSED = "❌ "


def entry_page(record: Record, view: View) -> Page:
    """Return all that is known of a change: who, when, what, from what, and what came of it."""
    entry, texts = record.entry, view.texts
    who = inert(entry.change.person or "–")
    [state] = states([entry.outcome])
    lines = [
        f"{code(record.key)} · {sign(record)} {texts.history_outcomes[state]}",
        f"{view.at(entry).strftime(SECOND)} {inert(view.zone)}",
        f"{texts.history_person}: {who} · id {code(entry.change.user_id)}",
        f"{texts.history_change}: {what(entry, texts)} · {code(entry.change.operation)}",
        f"{texts.tracker}: {code(entry.change.address)}",
        *_links(record, texts),
        *_apart(_changes(entry, texts)),
        *_apart([words] if (words := said(entry)) else []),
        *_block(texts.request, body_of(entry)),
    ]
    return page("✅", *lines)


def _links(record: Record, texts: Texts) -> list[str]:
    undone_by, undoes = code(record.undone_by), code(record.undoes)
    later = [texts.history_undone_by.format(key=undone_by)] if record.undone_by else []
    earlier = [texts.history_undoes.format(key=undoes)] if record.undoes else []
    return later + earlier


def said(entry: Entry) -> str:
    """Return what the chat was told of a change besides its outcome, as HTML."""
    is_words = entry.outcome == "refused" and isinstance(entry.answer, str)
    words = entry.answer if is_words else entry.note
    return str(words).partition(REQUEST)[0].removeprefix(REFUSED).strip()


def plainly_said(entry: Entry) -> str:
    """Return the same as text."""
    return plain(said(entry))


def _apart(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _changes(entry: Entry, texts: Texts) -> list[str]:
    """Return in words what was to be other than before, as far as that is known."""
    before, verb = entry.change.before, entry.change.operation.rpartition(".")[2]
    if not isinstance(before, dict):
        return []
    fields = body_of(entry) or ({"state": WANTED[verb]} if verb in WANTED else {})
    return diff_lines(before, fields, texts)


def _block(title: str, value: dict[str, Any]) -> list[str]:
    return [folded([f"<b>{title}</b>", shown_json(value)])] if value else []
