"""What a report was asked for with: as words, and as the JSON that went to the tracker."""

from datetime import datetime

from handlers.context import Context
from handlers.render.html import block, code
from handlers.render.json_text import compact, indented
from handlers.render.page import Page, page
from handlers.stats.query import Query
from handlers.stats.written import written

COMMANDS = {"report": "stats", "clicks": "clicks", "conversions": "conversions"}
INDENTED_SIGNS = 3000


def request_page(query: Query, now: datetime, context: Context) -> Page:
    """Return what *query* sends at the moment *now*, ready to be sent again."""
    payload, command, texts = query.payload(now), COMMANDS[query.kind], context.texts
    words = written(query, context.language)
    as_words = [texts.stats_as_words, code(f"/{command} {words}"), ""] if words else []
    text = indented(payload, indent=1, most=INDENTED_SIGNS) or compact(payload)
    return page("✅", *as_words, texts.stats_as_json, block(f"/{command} {text}", language="json"))
