"""`/stats`: figures from the tracker, asked for in words, as JSON, or with buttons."""

from dataclasses import replace
from typing import Any

from telegram import Message

from handlers.context import Context
from handlers.faults import UsageError, WrongPayloadError
from handlers.payload import parse
from handlers.render.page import Page
from handlers.stats.ask import moment
from handlers.stats.menu import menu
from handlers.stats.patch import merged
from handlers.stats.phrase import Phrase, read_phrase
from handlers.stats.query import Query
from handlers.stats.run import run


async def stats(message: Message, context: Context) -> Page:
    """Show what is asked for; JSON goes to the tracker exactly as it was written.

    JSON after words is a part of a request: it takes the place of what the words came to.
    """
    words, fragment = context.call.phrase, context.call.fragment
    if words:
        if message.document:
            raise UsageError("stats", words.split()[0])
        phrase = read_phrase(words, today=moment(context).date())
        query = merged(phrase.query, _object(fragment)) if fragment else phrase.query
        return await run(context, replace(phrase, query=query))
    text = await context.payload_text(message)
    if not text:
        return await menu(context)
    payload = _checked(await context.parsed(text))
    return await run(context, Phrase(Query("report", payload)))


def _object(text: str) -> dict[str, Any]:
    return _checked(parse(text))


def _checked(payload: Any) -> dict[str, Any]:
    if not isinstance(payload, dict):
        raise WrongPayloadError("object")
    return payload
