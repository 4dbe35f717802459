"""`/schedules`: what is done again and again in this chat."""

from telegram import Message

from handlers.context import Context
from handlers.faults import UsageError
from handlers.render.page import Button, Page, page
from handlers.request import is_id
from handlers.roles import Role
from handlers.stats.ask import moment
from handlers.stats.phrase import read_phrase
from handlers.stats.schedule_acts import ACTS
from handlers.stats.schedule_words import entry
from handlers.stats.schedules import SCHEDULES, schedule
from storage import Schedule

PAGE_MOST = 6


async def schedules(message: Message, context: Context) -> Page:
    """List the schedules of this chat, or do what the words after the command say.

    Raises:
        UsageError: They make no sense.
        RefusedError: Reading is for viewers, all else for operators.
    """
    del message
    words = context.call.rest.split()
    if not words:
        return await list_page(context)
    context.require(Role.OPERATOR)
    match words[0].lower(), words[1:]:
        case "add", [_, *_]:
            return await _add(context, context.call.rest.split(maxsplit=1)[1])
        case act, [number] if act in ACTS and is_id(number):
            return await ACTS[act](context, int(number))
    raise UsageError("schedules", " ".join(words[:2]))


async def _add(context: Context, words: str) -> Page:
    phrase = read_phrase(words, today=moment(context).date(), repeats=True)
    if phrase.rule is None:
        return page("❌", context.texts.schedule_no_rule)
    return await schedule(context, phrase.query, phrase.output, phrase.rule)


async def list_page(context: Context, first: int = 0) -> Page:
    """Return the schedules of this chat from the one at *first* on, with their buttons."""
    texts = context.texts
    all_of_them = await context.services.store.schedules.of_chat(context.chat_id)
    if not all_of_them:
        return page("✅", texts.schedule_none)
    first = min(first, (len(all_of_them) - 1) // PAGE_MOST * PAGE_MOST)
    shown = all_of_them[first : first + PAGE_MOST]
    lines = [line for one in shown for line in ("", *entry(one, texts))]
    turning = _turning(context, first, len(all_of_them))
    count = f"{first + 1}–{first + len(shown)} / {len(all_of_them)}"
    heads = [texts.schedule_list, *([count] if turning else [])]
    return page("✅", *heads, *lines, buttons=(*(_row(context, one) for one in shown), *turning))


def _row(context: Context, one: Schedule) -> tuple[Button, ...]:
    number, labels = one.schedule_id, context.texts.schedule_buttons
    acts = ("resume" if one.paused else "pause", "now", "remove")
    return tuple(
        Button(f"{labels[act]} {number}", data=f"{SCHEDULES}{act}:{number}") for act in acts
    )


def _turning(context: Context, first: int, count: int) -> tuple[tuple[Button, ...], ...]:
    labels = context.texts.schedule_buttons
    sides = (("earlier", first - PAGE_MOST), ("later", first + PAGE_MOST))
    buttons = tuple(
        Button(labels[side], data=f"{SCHEDULES}list:{start}")
        for side, start in sides
        if 0 <= start < count
    )
    return (buttons,) if buttons else ()
