"""What speaks against a list: every item is read, looked around for and checked at once."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handlers.changes.plan import shown_now
from handlers.context import Context
from handlers.faults import ListError, ListRefusedError
from handlers.lists.around import around
from handlers.lists.crowd import side_by_side
from handlers.lists.item import Item
from handlers.render.diff import diff_lines
from handlers.render.findings import finding_lines
from handlers.render.numbered import Numbered
from handlers.texts import Texts
from keitaro import (
    Facts,
    Finding,
    NotFoundError,
    PayloadError,
    Tracker,
    check,
    check_payload,
    label,
)

# What is kept of all streams together, as JSON: the plan holds it for as long as it is asked about.
KEPT_BYTES = 8 * 1024 * 1024

Refusal = tuple[int, Finding | PayloadError | NotFoundError]


@dataclass(frozen=True)
class Weighed:
    """The *items* that change something, with the *warnings* about them as lines of HTML.

    *same* is how many were left out, since all is as they want it.
    """

    items: tuple[Item, ...]
    warnings: tuple[Numbered, ...]
    same: int = 0


async def weigh(context: Context, tracker: Tracker, items: tuple[Item, ...]) -> Weighed:
    """Look at what *items* are about, and check them all.

    Raises:
        ListRefusedError: Some do not fit, are about nothing, or cannot be meant.
        ListError: The streams are too large to be kept in mind together.
        ExchangeError: The streams cannot be looked at.
    """
    # Hundreds of items in a campaign of hundreds of streams would hold up everybody else.
    _refuse(await asyncio.to_thread(_unfitting, tracker, items))
    known, absent = await _read(tracker, items)
    changing = await asyncio.to_thread(_changing, known, context.texts)
    facts = await around(context.services, tracker, changing)
    found = await asyncio.to_thread(_found, changing, facts)
    wrong = [*absent, *(pair for pair in found if pair[1].level == "error")]
    # All that is wrong is told at once, so that a list is mended once.
    _refuse(sorted(wrong, key=lambda pair: pair[0]))
    warnings = [
        (number, line)
        for number, finding in found
        for line in finding_lines((finding,), context.texts)
    ]
    warnings += _conflicts(changing, context.texts)
    return Weighed(changing, tuple(warnings), len(items) - len(changing))


def _found(items: Sequence[Item], facts: Sequence[Facts]) -> list[tuple[int, Finding]]:
    return [
        (item.number, finding)
        for item, fact in zip(items, facts, strict=True)
        for finding in check(
            item.intent.operation.verb,
            item.intent.after,
            item.intent.written,
            fact,
            item.intent.before,
        )
    ]


def _changing(items: Iterable[Item], texts: Texts) -> tuple[Item, ...]:
    return tuple(item for item in items if _changes(item, texts))


def _changes(item: Item, texts: Texts) -> bool:
    intent = item.intent
    return intent.creates or bool(diff_lines(intent.before, intent.fields, texts))


def _unfitting(tracker: Tracker, items: Iterable[Item]) -> list[Refusal]:
    """Return what does not fit, before anything is asked."""
    wrong: list[Refusal] = []
    for item in items:
        intent = item.intent
        found = check_payload(intent.operation.verb, intent.written)
        wrong += [(item.number, finding) for finding in found if finding.level == "error"]
        try:
            tracker.sent(intent.operation, **intent.request)
        except PayloadError as error:
            wrong.append((item.number, error))
    return wrong


async def _read(
    tracker: Tracker, items: tuple[Item, ...]
) -> tuple[tuple[Item, ...], list[Refusal]]:
    """Return *items* with the streams as they are now, and those whose streams are not there."""
    absent: list[Refusal] = []
    kept_bytes = 0

    async def read(item: Item) -> Item | None:
        if item.intent.creates or item.intent.before is not None:
            return item
        try:
            before = await shown_now(tracker, item.intent.stream_id)
        except NotFoundError as error:
            absent.append((item.number, error))
            return None
        nonlocal kept_bytes
        kept_bytes += len(json.dumps(before))
        if kept_bytes > KEPT_BYTES:
            raise ListError("large")
        return replace(item, intent=replace(item.intent, before=before))

    known = await side_by_side([read(item) for item in items])
    return tuple(item for item in known if item), absent


def _conflicts(items: Iterable[Item], texts: Texts) -> list[Numbered]:
    """Return what two items of the list say of each other."""
    new = [item for item in items if item.intent.creates]
    names = {item.number: (item.campaign_id, item.name.strip().casefold()) for item in new}
    places = {
        item.number: (
            item.campaign_id,
            label(item.intent.written.get("type")),
            label(item.intent.written["position"]),
        )
        for item in new
        if item.intent.written.get("position") is not None
    }
    twins, rivals = Counter(names.values()), Counter(places.values())
    return [
        *((number, texts.list_twins) for number, name in names.items() if twins[name] > 1),
        *((number, texts.list_positions) for number, at in places.items() if rivals[at] > 1),
    ]


def _refuse(found: Iterable[Refusal]) -> None:
    refused = tuple(found)
    if refused:
        raise ListRefusedError(refused)
