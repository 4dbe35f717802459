"""The page that asks about a list: how many of what, where, what speaks against it."""

import asyncio
from collections import Counter
from typing import Any

from handlers.changes.survey import traffic_of
from handlers.context import Context
from handlers.lists.item import Item
from handlers.lists.weigh import Weighed
from handlers.render.diff import diff_lines
from handlers.render.findings import traffic_line
from handlers.render.html import bold, code, inert, plain
from handlers.render.numbered import group_lines
from handlers.render.page import File, Page, page
from handlers.texts import Texts
from keitaro import Tracker, label
from paper import write_csv

CAMPAIGNS_MOST = 5
ITEMS_SHOWN = 5
LINES_SHOWN = 3
FILE_FROM = 11
COLUMNS = ("number", "what", "campaign", "id", "name", "changes", "warnings")


async def question(
    context: Context, tracker: Tracker, weighed: Weighed, notes: tuple[str, ...]
) -> Page:
    """Return the question about a list, without its buttons."""
    texts = context.texts
    items = weighed.items
    is_long = len(items) >= FILE_FROM
    file = await asyncio.to_thread(_file, weighed, texts) if is_long else None
    head = [
        bold(texts.list_title),
        verbs(items, texts),
        *await _campaigns(context, tracker, items),
        *await _traffic(context, tracker, items),
        *([texts.list_same.format(count=weighed.same)] if weighed.same else []),
    ]
    warned = [*group_lines(weighed.warnings, texts), *notes, *([texts.list_more] if file else [])]
    who = [texts.plan_who.format(person=inert(context.turn.sender.name))]
    changes = await asyncio.to_thread(_changes, items, texts)
    parts = [part for part in (head, changes, warned, who) if part]
    lines = [line for part in parts for line in ("", *part)][1:]
    return page("❔", *lines, file=file)


def verbs(items: tuple[Item, ...], texts: Texts) -> str:
    """Return how many items do what."""
    counts = Counter(item.intent.operation.verb for item in items).most_common()
    return " · ".join(texts.list_verbs[verb].format(count=count) for verb, count in counts)


async def _campaigns(context: Context, tracker: Tracker, items: tuple[Item, ...]) -> list[str]:
    """Return how many items each campaign has, those of most first."""
    texts, names = context.texts, context.services.names
    counts = Counter(_campaign_of(item) for item in items).most_common()
    lines = []
    for campaign, count in counts[:CAMPAIGNS_MOST]:
        name = await names.of_campaign(tracker, {"campaign_id": _number(campaign)})
        which = f"{texts.campaign} {code(campaign)} {inert(name)}".strip()
        lines.append(f"{which}: {count}")
    rest = len(counts) - CAMPAIGNS_MOST
    return [*lines, *([f"… +{rest}"] if rest > 0 else [])]


async def _traffic(context: Context, tracker: Tracker, items: tuple[Item, ...]) -> list[str]:
    """Return what the streams that are there already have carried together."""
    ids = [item.intent.stream_id for item in items if not item.intent.creates]
    if not ids:
        return []
    return [traffic_line(await traffic_of(context.services, tracker, ids), context.texts)]


def _campaign_of(item: Item) -> str:
    return label(item.intent.after.get("campaign_id", "?"))


def _number(campaign: str) -> int | None:
    return int(campaign) if campaign.isdecimal() else None


def _changes(items: tuple[Item, ...], texts: Texts) -> list[str]:
    """Return the first lines of what the first items change."""
    changing = [item for item in items if not item.intent.creates]
    lines = _new(items)
    for item in changing[:ITEMS_SHOWN]:
        found = _diff(item, texts)
        rest = [f"… +{len(found) - LINES_SHOWN}"] if len(found) > LINES_SHOWN else []
        shown = [*found[:LINES_SHOWN], *rest]
        lines += [f"{item.number}. {code(item.intent.stream_id)} {bold(item.name)}", *shown]
    rest_count = len(changing) - ITEMS_SHOWN
    return [*lines, *([f"… +{rest_count}"] if rest_count > 0 else [])]


def _new(items: tuple[Item, ...]) -> list[str]:
    """Return the names of streams that are to be created; of a long list, the first."""
    new = [item for item in items if item.intent.creates]
    most = len(new) if len(items) < FILE_FROM else ITEMS_SHOWN
    rest = len(new) - most
    lines = [f"{item.number}. {bold(item.name)}" for item in new[:most]]
    return [*lines, *([f"… +{rest}"] if rest > 0 else [])]


def _diff(item: Item, texts: Texts) -> list[str]:
    return diff_lines(item.intent.before, item.intent.fields, texts)


def _file(weighed: Weighed, texts: Texts) -> File:
    """Return all items as a table for people."""
    warnings: dict[int, list[str]] = {}
    for number, line in weighed.warnings:
        warnings.setdefault(number, []).append(plain(line))
    rows = [_row(item, warnings.get(item.number, []), texts) for item in weighed.items]
    names = [texts.list_columns.get(name, name) for name in COLUMNS]
    return File("plan.csv", write_csv(rows, names))


def _row(item: Item, warnings: list[str], texts: Texts) -> dict[str, Any]:
    intent = item.intent
    values = {
        "number": item.number,
        "what": intent.operation.verb,
        "campaign": _campaign_of(item),
        "id": intent.stream_id or None,
        "name": item.name,
        "changes": "; ".join(map(plain, () if intent.creates else _diff(item, texts))),
        "warnings": "; ".join(warnings),
    }
    return {texts.list_columns.get(name, name): value for name, value in values.items()}
