"""`/stats` alone: which period, which grouping, and there is the report."""

import re
from collections.abc import Awaitable

from handlers.context import Context
from handlers.faults import UsageError
from handlers.render.page import Page, page
from handlers.stats.keyboard import (
    GROUPINGS,
    MENU,
    PERIODS,
    grouping_choice,
    period_choice,
)
from handlers.stats.phrase import read_phrase
from handlers.stats.run import run
from handlers.stats.saved import saved_buttons

BUTTONS = rf"^{MENU}"
_CHOSEN = re.compile(rf"{MENU}(?P<period>[a-z0-9 ]{{1,20}})(?::(?P<grouping>[a-z_]{{1,20}}))?")


async def menu(context: Context) -> Page:
    """Ask for a period, or one of the saved reports."""
    texts = context.texts
    saved = await saved_buttons(context)
    return page("❔", texts.stats_which_period, buttons=(*period_choice(MENU, texts), *saved))


async def press(data: str, context: Context) -> Page | Awaitable[Page]:
    """Go on with what was chosen: a period, then a grouping.

    Raises:
        UsageError: No button of ours has this *data*.
    """
    found = _CHOSEN.fullmatch(data)
    period, grouping = found.group("period", "grouping") if found else ("", None)
    if period not in PERIODS or grouping not in (None, *GROUPINGS):
        raise UsageError("stats", data)
    if grouping:
        return run(context, read_phrase(f"{period} {grouping}"))
    texts = context.texts
    words = texts.stats_which_grouping.format(period=texts.stats_periods[period])
    return page("❔", words, buttons=grouping_choice(f"{MENU}{period}:", texts))
