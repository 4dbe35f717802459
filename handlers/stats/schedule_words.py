"""A schedule in words: what, how often, when next, or why not."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.render.html import bold, inert
from handlers.stats.query import Query, unpacked
from handlers.stats.rule import Rule, unpack_rule
from handlers.stats.written import title
from handlers.texts import RUSSIAN, Texts
from storage import Schedule

MOMENT = "%Y-%m-%d %H:%M"
TITLE_SIGNS = 60


def name_of(query: Query, texts: Texts) -> str:
    """Return what *query* is called, in plain text."""
    return title(query, "ru" if texts is RUSSIAN else "en") or texts.schedule_nameless


def title_of(body: Any, texts: Texts) -> str:
    """Return what the schedule with *body* does, on one line of plain text."""
    words = name_of(unpacked(body["query"]), texts)
    named = f"{words} ({body['output'].upper()})" if body["output"] else words
    return named if len(named) <= TITLE_SIGNS else f"{named[:TITLE_SIGNS]}…"


def rule_words(rule: Rule, zone: str, texts: Texts) -> str:
    """Return how often something is done, as HTML."""
    often = texts.schedule_rules[rule.every].format(time=rule.time)
    return f"{often} ({inert(zone)})"


def moment_words(at: float, zone: str) -> str:
    """Return the moment *at* by the clock of *zone*."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).strftime(MOMENT)


def often_of(schedule: Schedule, texts: Texts) -> str:
    """Return how often *schedule* is due, as HTML."""
    return rule_words(unpack_rule(schedule.rule), schedule.time_zone, texts)


def heading(schedule: Schedule, texts: Texts) -> str:
    """Return the line that tells of what a schedule has done, as HTML."""
    what = inert(title_of(schedule.body, texts))
    return f"⏰ {what}, {often_of(schedule, texts)}"


def entry(schedule: Schedule, texts: Texts) -> list[str]:
    """Return the lines of *schedule* in a list, as HTML."""
    what = bold(title_of(schedule.body, texts))
    lines = [f"{schedule.schedule_id}. {what}", often_of(schedule, texts)]
    if schedule.paused:
        return [*lines, f"⏸ {texts.schedule_paused[schedule.paused]}"]
    when = moment_words(schedule.next_at, schedule.time_zone)
    return [*lines, texts.schedule_next.format(when=when)]
