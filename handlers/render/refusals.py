"""What keeps the items of a list from being asked for, in words."""

from collections.abc import Iterable

from handlers.render.failure import headline, problem_lines
from handlers.render.findings import SIGNS, finding_lines
from handlers.render.html import code
from handlers.render.numbered import Numbered
from handlers.texts import Texts
from keitaro import Finding, NotFoundError, PayloadError


def refusals(
    found: Iterable[tuple[int, Finding | PayloadError | NotFoundError]], texts: Texts
) -> list[Numbered]:
    """Return a line of HTML for everything that was *found*, with the number of its item."""
    return [(number, line) for number, what in found for line in _lines(what, texts)]


def _lines(what: Finding | PayloadError | NotFoundError, texts: Texts) -> list[str]:
    match what:
        case PayloadError():
            return problem_lines(what, texts)
        case NotFoundError():
            stream_id = what.sent.url.rpartition("/")[2] if what.sent else "?"
            absent = texts.list_absent.format(id=code(stream_id))
            return [f"{SIGNS['error']} {absent} ({headline(what, texts)})"]
        case _:
            return finding_lines((what,), texts)
