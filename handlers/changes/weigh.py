"""What speaks against a change: its surroundings are looked at, and checked."""

from dataclasses import dataclass

from handlers.changes.intent import Intent
from handlers.changes.survey import survey
from handlers.context import Context
from handlers.faults import FindingsError
from handlers.render.findings import finding_lines
from handlers.texts import Texts
from keitaro import Facts, Finding, Tracker, check, check_payload


@dataclass(frozen=True)
class Weighed:
    """What is known around a change, and what the checks have *found*: warnings alone."""

    facts: Facts
    found: tuple[Finding, ...]


def refuse_payload(intent: Intent) -> None:
    """Go on only if what was written can be meant, whatever the tracker holds.

    Raises:
        FindingsError: It cannot.
    """
    _refuse(check_payload(intent.operation.verb, intent.written))


async def weigh(
    context: Context, tracker: Tracker, intent: Intent, *, wants_traffic: bool
) -> Weighed:
    """Look around the stream and check what *intent* would make of it.

    Raises:
        FindingsError: A check has found what cannot be meant.
    """
    facts = await survey(context.services, tracker, intent.after, wants_traffic=wants_traffic)
    verb = intent.operation.verb
    found = check(verb, intent.after, intent.written, facts, intent.before)
    _refuse(found)
    return Weighed(facts, found)


def warning_lines(weighed: Weighed, texts: Texts) -> tuple[str, ...]:
    """Return what speaks against a change that is made at once, as lines of HTML."""
    # That it is on is shown by the answer itself.
    found = [finding for finding in weighed.found if finding.name != "comes_back_on"]
    return tuple(finding_lines(found, texts))


def _refuse(found: tuple[Finding, ...]) -> None:
    if any(finding.level == "error" for finding in found):
        raise FindingsError(found)
