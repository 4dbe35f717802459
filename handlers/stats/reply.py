"""Words or JSON that somebody replied to a report: it is changed by them, and asked for again."""

import re
from collections.abc import Awaitable
from datetime import date

from telegram import Message

from handlers.context import Context
from handlers.faults import WrongPayloadError
from handlers.payload import parse
from handlers.render.page import Page
from handlers.roles import Role
from handlers.stats.ask import moment
from handlers.stats.faults import PhraseError
from handlers.stats.kept import kept_query
from handlers.stats.patch import merged, patched
from handlers.stats.period import Period
from handlers.stats.phrase import Phrase
from handlers.stats.query import Query
from handlers.stats.run import run

# Nobody says more to change a report.
WORDS_MOST = 12
_ANY = Query("report", {"dimensions": ["campaign"], "measures": ["clicks"]}, Period("day"))
# How the data of the buttons under a report, or under a log, begins.
_OWN = re.compile(r"(r|log):([0-9]{1,12}):")


def report_id_of(message: Message, bot_id: int) -> int | None:
    """Return the number of the report that *message* replies to, which its buttons carry."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != bot_id:
        return None
    markup = replied.reply_markup
    buttons = [button for row in markup.inline_keyboard for button in row] if markup else []
    for button in buttons:
        found = _OWN.match(str(button.callback_data or ""))
        if found:
            return int(found[2])
    return None


async def change(message: Message, context: Context) -> Awaitable[Page] | None:
    """Return the way to the changed report, or None if *message* is no reply to one.

    In a group it is None, too, where the words make little sense: people talk.
    """
    report_id = report_id_of(message, context.bot.id)
    text = (message.text or "").strip()
    if report_id is None or not text:
        return None
    if not context.is_private and not _is_meant(text):
        return None
    return _changed(context, report_id, text)


async def _changed(context: Context, report_id: int, text: str) -> Page:
    context.require(Role.VIEWER)
    query = await kept_query(context, report_id)
    return await run(context, _phrase(query, text, moment(context).date()))


def _phrase(query: Query, text: str, today: date) -> Phrase:
    if not text.startswith("{"):
        return patched(query, text, today=today)
    fragment = parse(text)
    if not isinstance(fragment, dict):
        raise WrongPayloadError("object")
    return Phrase(merged(query, fragment))


def _is_meant(text: str) -> bool:
    """Tell whether *text*, said in a group, is meant to change a report: half of it makes sense."""
    words = text.split()
    if text.startswith("{") or makes_sense(text):
        return True
    known = sum(makes_sense(word) for word in words[:WORDS_MOST])
    return len(words) <= WORDS_MOST and 2 * known >= len(words)


def makes_sense(text: str) -> bool:
    """Tell whether *text* is words for figures and nothing else."""
    try:
        patched(_ANY, text)
    except PhraseError:
        return False
    return True
