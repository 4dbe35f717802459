"""`/reports`: reports that a chat keeps, run by their names or with a tap."""

import difflib

from telegram import Message

from handlers.context import Context
from handlers.faults import WrongPayloadError
from handlers.render.findings import SIGNS
from handlers.render.html import block, bold, code, inert, visible
from handlers.render.json_text import compact, indented
from handlers.render.page import Button, Page, page
from handlers.roles import Role
from handlers.stats.ask import moment
from handlers.stats.faults import SavedError
from handlers.stats.phrase import Phrase
from handlers.stats.query import has_ids, unpacked
from handlers.stats.run import run
from handlers.stats.saving import SAVED, TRACKER, ask_to_remove, keep, name_of, rename
from handlers.stats.sharing import WORDS, document, read_document
from handlers.stats.written import title
from storage import SavedReport
from storage.saved import folded

# What people type for what is done; a report of such a name is run with a tap.
VERBS = {
    "save": "save",
    "сохранить": "save",
    "rename": "rename",
    "переименовать": "rename",
    "remove": "remove",
    "удалить": "remove",
    "json": "json",
}
SHOWN_MOST, ACROSS, LABEL_SIGNS, NEAR_MOST = 20, 2, 30, 3
INDENTED_SIGNS, TITLE_SIGNS = 3000, 80
# What ends the name in a command: JSON, or the sign before words.
TYPED = str.maketrans("=[]{}`", "-()()'")


async def reports(message: Message, context: Context) -> Page:
    """Show the saved reports, run the one that is named, or do with it what is said.

    Raises:
        SavedError: There is none of this name, or the name will not do.
        PhraseError: What is to be saved cannot be read.
    """
    words = context.call.rest.strip()
    verb, _, rest = words.partition(" ")
    match VERBS.get(verb.casefold(), ""):
        case "save":
            context.require(Role.OPERATOR)
            return await _save(message, context)
        case "rename":
            context.require(Role.OPERATOR)
            return await _rename(context, rest)
        case "remove":
            context.require(Role.OPERATOR)
            return await ask_to_remove(context, (await named(context, rest)).report_id)
        case "json":
            return _shared(await named(context, rest), context)
    if words:
        return await run_saved(context, await named(context, words))
    return await listed(context)


async def listed(context: Context, *, first: int = 0) -> Page:
    """Show the saved reports from *first* on, with a button for each."""
    texts = context.texts
    there = await context.services.store.saved.all(context.chat_id)
    if not there:
        return page("✅", bold(texts.saved_title), texts.saved_none, "", texts.saved_how)
    shown = there[first : first + SHOWN_MOST] or there[:SHOWN_MOST]
    lines = [_line(one, context) for one in shown]
    turning = [
        Button(label, data=f"{SAVED}list:{start}")
        for label, start in (
            (texts.stats_buttons["previous"], first - SHOWN_MOST),
            (texts.stats_buttons["next"], first + SHOWN_MOST),
        )
        if 0 <= start < len(there)
    ]
    rows = (*_buttons(shown), *([tuple(turning)] if turning else []))
    return page("✅", bold(texts.saved_title), *lines, "", texts.saved_how, buttons=rows)


async def saved_buttons(context: Context) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each of the first saved reports, which runs it."""
    there = await context.services.store.saved.all(context.chat_id)
    return _buttons(there[: SHOWN_MOST // 2])


async def run_saved(context: Context, saved: SavedReport) -> Page:
    """Run a saved report; one with ids of another tracker says so."""
    phrase, made_for = phrase_of(saved), saved.body.get(TRACKER)
    if made_for and has_ids(phrase.query) and made_for != (await context.link()).address:
        words = context.texts.saved_elsewhere.format(tracker=code(made_for))
        context.turn.note = f"{SIGNS['warning']} {words}"
    return await run(context, phrase)


def phrase_of(saved: SavedReport) -> Phrase:
    """Return what is kept in *saved*."""
    return Phrase(unpacked(saved.body["query"]), saved.body["output"])


async def named(context: Context, name: str) -> SavedReport:
    """Return the saved report that is called *name*, or the only one that begins so.

    Raises:
        SavedError: There is none; it names those that come close.
    """
    every = await context.services.store.saved.all(context.chat_id)
    there = {folded(one.name): one for one in every}
    wanted = folded(name)
    if not wanted:
        raise SavedError("which", "")
    begun = [one for key, one in there.items() if key.startswith(wanted)]
    if wanted in there:
        return there[wanted]
    if len(begun) == 1:
        return begun[0]
    near = difflib.get_close_matches(wanted, there, NEAR_MOST)
    fits = tuple(one.name for one in (begun or [there[key] for key in near])[:NEAR_MOST])
    raise SavedError("unknown", name.strip(), fits)


async def _save(message: Message, context: Context) -> Page:
    """Keep what stands behind the name: words after an equals sign, JSON, or both."""
    name, _, words = context.call.phrase.partition(" ")[2].partition("=")
    text = context.call.fragment
    if not text and not words.strip():
        text = await context.payload_text(message)
        if not text:
            raise SavedError("nothing", name.strip())
    raw = await context.parsed(text) if text else {}
    if not isinstance(raw, dict):
        raise WrongPayloadError("object")
    said = {WORDS: words.strip()} if words.strip() else {}
    phrase = read_document({**raw, **said}, today=moment(context).date())
    return await keep(context, phrase, name_of(name))


async def _rename(context: Context, rest: str) -> Page:
    """Call a report otherwise; names may have equals signs of their own."""
    there = {folded(one.name) for one in await context.services.store.saved.all(context.chat_id)}
    cuts = [place for place, sign in enumerate(rest) if sign == "="]
    whole = [cut for cut in cuts if folded(rest[:cut]) in there]
    cut = next(iter((*whole, *cuts)), len(rest))
    found = await named(context, rest[:cut])
    return await rename(context, found.report_id, rest[cut + 1 :])


def _shared(saved: SavedReport, context: Context) -> Page:
    raw = document(phrase_of(saved))
    text = indented(raw, indent=1, most=INDENTED_SIGNS) or compact(raw)
    command = f"/reports save {saved.name.translate(TYPED)} {text}"
    return page("✅", context.texts.saved_share, block(command, language="json"))


def _line(saved: SavedReport, context: Context) -> str:
    what = title(phrase_of(saved).query, context.language)
    if not what or what == saved.name:
        return bold(saved.name)
    cut = what if len(what) <= TITLE_SIGNS else f"{what[:TITLE_SIGNS]}…"
    return f"{bold(saved.name)} – {inert(cut)}"


def _buttons(reports: list[SavedReport]) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button(visible(one.name)[:LABEL_SIGNS], data=f"{SAVED}run:{one.report_id}")
        for one in reports
    ]
    return tuple(tuple(buttons[start : start + ACROSS]) for start in range(0, len(buttons), ACROSS))
