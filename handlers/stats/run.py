"""What somebody wants to know, whether it was typed, pressed, saved or is due."""

from dataclasses import replace
from datetime import datetime

from handlers.context import Context
from handlers.render.page import Page
from handlers.stats.export import chart_of, file_of
from handlers.stats.log import show_log
from handlers.stats.phrase import Phrase
from handlers.stats.schedules import schedule
from handlers.stats.shown import show


async def run(context: Context, phrase: Phrase, *, at: datetime | None = None) -> Page:
    """Return the answer to *phrase*: a report or a log, with a file or a chart if it asks for one.

    Dates are those of the moment *at* (None: now). With a rule it is done again and again from
    then on, instead of now.

    Raises:
        NotLinkedError: The chat has no tracker.
        KeitaroError: The tracker was not asked, or did not answer.
        RefusedError: Schedules are for operators.
    """
    if phrase.rule:
        return await schedule(context, phrase.query, phrase.output, phrase.rule)
    if phrase.query.kind != "report":
        return await show_log(context, phrase.query, output=phrase.output, at=at)
    page, report = await show(context, phrase.query, at=at)
    if phrase.output == "chart":
        chart = await chart_of(context, report)
        words = "" if chart else f"\n{context.texts.stats_no_chart}"
        return replace(page, html=f"{page.html}{words}", file=chart)
    if phrase.output:
        file, words = await file_of(context, phrase.query, report, phrase.output)
        return replace(page, html=f"{page.html}\n{words}", file=file)
    return page
