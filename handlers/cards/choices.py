"""Asking for words, and showing what they have found as buttons."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from handlers.cards.directory import Entry
from handlers.context import Context
from handlers.render.html import bold, code, inert, visible
from handlers.render.page import Button, Page, page

# A choice that is open: its buttons answer it, words do not.
CHOICE = "choice"
CHOICES_MOST = 8
LABEL_SIGNS = 40
WORDS_SIGNS = 200
LASTS_SECONDS = 600.0


async def put(
    context: Context,
    kind: str,
    body: dict[str, Any],
    words: str,
    *,
    how: str = "",
    placeholder: str = "",
) -> Page:
    """Ask the sender for words; what they type next, or reply in a group, is the answer.

    *how* says what to send and *placeholder* stands in the field for it: else, what is looked for.
    With privacy mode on only replies reach a bot in a group, so Telegram is told to reply.
    """
    await keep(context, kind, body)
    texts = context.texts
    question = replace(page("❔", words, how or texts.ask_words), lasts_seconds=LASTS_SECONDS)
    if context.is_private:
        return question
    sender = context.turn.sender
    # Who is named is asked for the reply, and nobody else.
    person = f'<a href="tg://user?id={sender.user_id}">{inert(sender.name)}</a>'
    asks = placeholder or texts.ask_words_placeholder
    return replace(question, html=f"{question.html}\n{person}", asks=asks)


async def choices(
    context: Context,
    title: str,
    found: Sequence[Entry],
    *,
    data: Callable[[int], str],
    again: str = "",
) -> Page:
    """Show what was *found*: a button has the *data* of its id; one with *again* asks once more.

    It is a question, so /cancel withdraws it.
    """
    texts = context.texts
    shown = found[:CHOICES_MOST]
    lines = [f"{code(entry.id)} {inert(entry.name)}" for entry in shown]
    if len(found) > len(shown):
        lines.append(texts.found_more.format(count=len(found) - len(shown)))
    rows = tuple((Button(label(entry), data=data(entry.id)),) for entry in shown)
    other = ((Button(texts.other_words, data=again),),) if again else ()
    if not found:
        return page("❌", title, texts.found_nothing, buttons=other)
    await keep(context, CHOICE, {})
    return page("❔", bold(title), *lines, buttons=(*rows, *other))


async def chosen(context: Context, *kinds: str) -> None:
    """Ask no more for a choice that has been made, one of *kinds* of questions."""
    questions, user_id = context.services.store.questions, context.turn.sender.user_id
    asked = await questions.asked(context.chat_id, user_id)
    if asked and asked.kind in (CHOICE, *kinds):
        await questions.close(context.chat_id, user_id)


async def keep(context: Context, kind: str, body: dict[str, Any]) -> None:
    """Keep what the sender is being asked by this answer, in place of what they were asked."""
    await context.services.store.questions.ask(
        context.chat_id,
        context.turn.sender.user_id,
        kind,
        body,
        asked_by=context.turn.key,
        lifetime_seconds=LASTS_SECONDS,
    )


def label(entry: Entry) -> str:
    """Return the name and the id of *entry*, short enough for a button."""
    name = visible(entry.name)
    cut = name if len(name) <= LABEL_SIGNS else f"{name[:LABEL_SIGNS]}…"
    return f"{cut} · {entry.id}"
