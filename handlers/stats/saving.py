"""Keeping a report under a name, calling it otherwise, keeping it no longer."""

from handlers.cards.choices import put
from handlers.context import Context
from handlers.render.html import HIDDEN, bold, visible
from handlers.render.page import Button, Page, page
from handlers.stats.faults import SavedError
from handlers.stats.kept import kept_query
from handlers.stats.phrase import Phrase
from handlers.stats.sharing import pack_phrase
from handlers.stats.written import title
from storage import Question
from storage.saved import folded

SAVED, SAVE = "saved:", "save:"
KIND = "report_name"
QUOTES = "\"'“”„«»"
# In what is kept: the address of the tracker it was made for.
TRACKER = "tracker"
NAME_MOST, REPORTS_MOST = 60, 100
# A blank and the number behind a name that is taken.
NUMBER_SIGNS = 4


def name_of(text: str) -> str:
    """Return the name that *text* is.

    Raises:
        SavedError: It is empty, too long, or cannot be seen.
    """
    name = " ".join(text.split()).strip(QUOTES)
    if not name or len(name) > NAME_MOST or HIDDEN.search(name):
        raise SavedError("name", name[:NAME_MOST])
    return name


async def keep(context: Context, phrase: Phrase, name: str) -> Page:
    """Keep *phrase* under *name*.

    Raises:
        SavedError: The name is taken, or enough is kept already; or it has times of its own.
    """
    if phrase.rule:
        raise SavedError("rule", name)
    chats, saved = context.services.store.chats, context.services.store.saved
    target = await chats.target(context.chat_id)
    came = await saved.save(
        context.chat_id,
        name,
        {**pack_phrase(phrase), TRACKER: target.address if target else ""},
        user_id=context.turn.sender.user_id,
        most=REPORTS_MOST,
    )
    if not isinstance(came, int):
        raise SavedError(came, name)
    return _kept(context, came, name)


async def keep_shown(context: Context, report_id: int) -> Page:
    """Keep a report that was shown, under what it was asked for with.

    Raises:
        RefusedError: It is forgotten.
        SavedError: Enough is kept already.
    """
    phrase = Phrase(await kept_query(context, report_id))
    packed = pack_phrase(phrase)
    there = await context.services.store.saved.all(context.chat_id)
    for one in there:
        if {**one.body, TRACKER: ""} == {**packed, TRACKER: ""}:
            return page("✅", context.texts.saved_already.format(name=bold(one.name)))
    taken = {folded(one.name) for one in there}
    words = visible(title(phrase.query, context.language))
    wished = words[: NAME_MOST - NUMBER_SIGNS].strip() or context.texts.saved_unnamed
    names = (_numbered(wished, number) for number in range(1, REPORTS_MOST + 2))
    return await keep(context, phrase, next(name for name in names if folded(name) not in taken))


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def _kept(context: Context, report_id: int, name: str) -> Page:
    texts = context.texts
    buttons = (
        Button(texts.saved_rename, data=f"{SAVED}rename:{report_id}"),
        Button(texts.saved_remove, data=f"{SAVED}remove:{report_id}"),
    )
    return page("✅", texts.saved_as.format(name=bold(name)), buttons=(buttons,))


async def ask_name(context: Context, report_id: int) -> Page:
    """Ask how a saved report is to be called.

    Raises:
        SavedError: It is not kept any more.
    """
    name = await _name(context, report_id)
    texts = context.texts
    return await put(
        context,
        KIND,
        {"report_id": report_id},
        texts.saved_ask_name.format(name=bold(name)),
        how=texts.saved_send_name,
        placeholder=texts.saved_new_name,
    )


async def answered(context: Context, question: Question, words: str) -> Page:
    """Call the saved report of *question* as *words*, typed as the answer, say."""
    renamed_page = await rename(context, question.body["report_id"], words)
    await context.services.store.questions.close(context.chat_id, question.user_id)
    return renamed_page


async def rename(context: Context, report_id: int, text: str) -> Page:
    """Call a saved report by another name.

    Raises:
        SavedError: The name is taken or none, or the report is not kept any more.
    """
    name = name_of(text)
    refusal = await context.services.store.saved.rename(context.chat_id, report_id, name)
    if refusal:
        raise SavedError(refusal, name)
    return _kept(context, report_id, name)


async def ask_to_remove(context: Context, report_id: int) -> Page:
    """Ask whether a saved report is to be kept no longer.

    Raises:
        SavedError: It is not there.
    """
    texts, name = context.texts, await _name(context, report_id)
    buttons = (
        Button(texts.saved_remove, data=f"{SAVED}removed:{report_id}"),
        Button(texts.plan_cancel, data=f"{SAVED}kept:{report_id}"),
    )
    return page("❔", texts.saved_ask_remove.format(name=bold(name)), buttons=(buttons,))


async def remove(context: Context, report_id: int) -> Page:
    """Keep a saved report no longer.

    Raises:
        SavedError: It was not there.
    """
    name = await _name(context, report_id)
    await context.services.store.saved.remove(context.chat_id, report_id)
    return page("✅", context.texts.saved_removed.format(name=bold(name)))


async def still_kept(context: Context, report_id: int) -> Page:
    """Say that a saved report stays."""
    return _kept(context, report_id, await _name(context, report_id))


async def _name(context: Context, report_id: int) -> str:
    found = await context.services.store.saved.get(context.chat_id, report_id)
    if found is None:
        raise SavedError("gone", "")
    return found.name
