"""`/clicks` and `/conversions`: single clicks and conversions, in words or as JSON."""

from collections.abc import Awaitable
from dataclasses import replace

from telegram import Message

from handlers.context import Context
from handlers.faults import RefusedError, UsageError, WrongPayloadError
from handlers.render.page import Page, page
from handlers.stats.ask import moment, require_sight
from handlers.stats.log_ask import OPERATIONS
from handlers.stats.log_file import FORMS, log_file
from handlers.stats.log_pages import LOG, ShownLog, log_page, unpacked_log
from handlers.stats.log_run import show_log, view_of
from handlers.stats.phrase import read_phrase
from handlers.stats.query import Kind, Query, unpacked
from handlers.stats.schedules import schedule

__all__ = ["clicks", "conversions", "press", "show_log"]


async def clicks(message: Message, context: Context) -> Page:
    """Show single clicks; without words the last ones of today."""
    return await _asked(message, context, "clicks")


async def conversions(message: Message, context: Context) -> Page:
    """Show single conversions; without words the last ones of today."""
    return await _asked(message, context, "conversions")


async def _asked(message: Message, context: Context, kind: Kind) -> Page:
    if words := context.call.words:
        if message.document:
            raise UsageError(kind, words[0])
        phrase = read_phrase(context.call.rest, kind=kind, today=moment(context).date())
        if phrase.rule:
            return await schedule(context, phrase.query, phrase.output, phrase.rule)
        return await show_log(context, phrase.query, output=phrase.output)
    text = await context.payload_text(message)
    if not text:
        return await show_log(context, read_phrase("", kind=kind).query)
    body = await context.parsed(text)
    if not isinstance(body, dict):
        raise WrongPayloadError("object")
    return await show_log(context, Query(kind, body))


async def press(data: str, context: Context) -> Page | Awaitable[Page]:
    """Turn the page, read the log anew, or hand it out as a file, as far as this person may see it.

    Raises:
        RefusedError: There is no such log in this chat any more, or it is not for them.
    """
    number, what, *place = data.removeprefix(LOG).split(":")
    report = await context.services.store.shown.get(context.chat_id, int(number))
    if report is None or report.query.get("kind") not in OPERATIONS:
        raise RefusedError("forgotten")
    query = unpacked(report.query)
    require_sight(context, query)
    log = unpacked_log(report.answer) if report.answer else None
    if what in FORMS:
        context.answer.apart()
        return _file(context, query, log, what)
    if what == "refresh" or log is None:
        return show_log(context, query)
    return log_page(log, view_of(context), report.report_id, number=int(place[0]))


async def _file(context: Context, query: Query, log: ShownLog | None, form: str) -> Page:
    if log is None or not log.is_kept_whole:
        # Only the first of its lines are here.
        return await show_log(context, query, output=form)
    view = view_of(context)
    words = context.texts.log_file.format(count=log.count)
    file = await log_file(context, log, view, form)
    return replace(page("✅", words, file=file), is_caption=True)
