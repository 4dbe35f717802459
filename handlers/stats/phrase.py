"""Words instead of JSON: what somebody types after `/stats` becomes a request to the tracker."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from handlers.stats.period import Period
from handlers.stats.query import Kind, Query
from handlers.stats.reader import read
from handlers.stats.rule import Rule
from handlers.stats.said import Output, Said, body_of

# Somewhere the day begins fourteen hours before it begins in Greenwich.
_EARLIEST_ZONE = timedelta(hours=14)
TODAY = Period("day")


@dataclass(frozen=True)
class Phrase:
    """What is wanted: *query*, as a file or a chart (*output*), and again and again by a *rule*."""

    query: Query
    output: Output = ""
    rule: Rule | None = None


def read_phrase(
    text: str, *, kind: Kind = "report", today: date | None = None, repeats: bool = False
) -> Phrase:
    """Return what *text* asks for; dates without a year are the last ones until *today*.

    With *repeats* it is for a schedule, where "daily" says how often.

    Raises:
        PhraseError: A word cannot be read, or does not fit.
    """
    said = read(text, kind=kind, today=today or latest_day(), repeats=repeats)
    # Where nothing was asked before, all of them are just what it is grouped by.
    said.groupings.extend(said.cleared)
    query = Query(kind, body_of(said, kind), said.period or TODAY)
    return Phrase(query, said.output, rule_of(said))


def rule_of(said: Said) -> Rule | None:
    """Return the rule that was said."""
    if said.rhythm is None:
        return None
    return Rule(said.rhythm, *said.time) if said.time else Rule(said.rhythm)


def latest_day() -> date:
    """Return the day it is where it is the latest."""
    return (datetime.now(UTC) + _EARLIEST_ZONE).date()
