"""Another offer in the place of one of a stream's: found by its name, then a plan."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from handlers.cards.choices import choices, chosen, keep, put
from handlers.cards.data import ID, SWAP, read_id
from handlers.cards.directory import Entry, matching
from handlers.changes.intent import Intent
from handlers.changes.plan import ask, shown_now
from handlers.context import Context
from handlers.faults import SwapError
from handlers.render.page import Page, page
from handlers.request import is_id
from keitaro import STREAM_UPDATE, are_rows, label, restored
from storage import Question

KIND = "swap"
# The question which offer is to go.
WHICH = "swap_which"
BUTTONS = rf"^{SWAP}{ID}:{ID}(:{ID})?\Z"


async def press(data: str, context: Context) -> Awaitable[Page]:
    """Ask for words, or plan the swap that was chosen in the place of the choice."""
    stream_id, old_id, *new_id = map(read_id, data.removeprefix(SWAP).split(":"))
    await chosen(context, WHICH)
    if new_id:
        return plan(context, stream_id, old_id, new_id[0])
    context.answer.apart()
    return ask_words(context, stream_id, old_id)


async def ask_which(context: Context, stream_id: int) -> Page:
    """Ask which offer is to go; with one alone, ask for words at once.

    Raises:
        SwapError: There is none.
        ExchangeError: The tracker does not show the stream.
    """
    offers = await _offers(context, stream_id)
    if not offers:
        raise SwapError("none", 0)
    if len(offers) == 1 and context.is_private:
        return await ask_words(context, stream_id, offers[0].id)
    return await _choose(context, stream_id, offers)


async def named(context: Context, question: Question, words: str) -> Page:
    """Go on with the offer of the stream that *words* mean: its id, or a part of its name."""
    stream_id = question.body["stream_id"]
    offers = await _offers(context, stream_id)
    found = matching(offers, words)
    if len(found) == 1 or (found and words.strip() == str(found[0].id)):
        return await ask_words(context, stream_id, found[0].id)
    if not found:
        return page("❌", context.texts.found_nothing)
    return await _choose(context, stream_id, found)


async def _offers(context: Context, stream_id: int) -> list[Entry]:
    tracker = await context.tracker()
    stream = await shown_now(tracker, stream_id)
    known, _ = await context.services.names.added(tracker, stream)
    rows = known.get("offers")
    return [
        Entry(int(row["offer_id"]), str(row.get("name") or ""))
        for row in (rows if are_rows(rows) else [])
        if is_id(str(row.get("offer_id")))
    ]


async def _choose(context: Context, stream_id: int, offers: list[Entry]) -> Page:
    shown = await choices(
        context,
        context.texts.swap_which,
        offers,
        data=lambda offer_id: f"{SWAP}{stream_id}:{offer_id}",
    )
    await keep(context, WHICH, {"stream_id": stream_id})
    return replace(shown, html=f"{shown.html}\n{context.texts.ask_words}")


async def ask_words(context: Context, stream_id: int, old_id: int) -> Page:
    """Ask which offer is to come, by words of its name."""
    body = {"stream_id": stream_id, "offer_id": old_id}
    words = context.texts.swap_ask.format(id=old_id, stream=stream_id)
    return await put(context, KIND, body, words)


async def answered(context: Context, question: Question, words: str) -> Page:
    """Show the offers that *words*, typed as the answer to *question*, may mean."""
    return await search(context, question.body["stream_id"], question.body["offer_id"], words)


async def search(context: Context, stream_id: int, old_id: int, words: str) -> Page:
    """Show the offers that *words* may mean.

    Raises:
        ExchangeError: The tracker does not list its offers.
    """
    tracker = await context.tracker()
    found = await context.services.directory.offers(tracker, words)
    again = f"{SWAP}{stream_id}:{old_id}"
    return await choices(
        context,
        context.texts.swap_found.format(id=old_id),
        [entry for entry in found if entry.id != old_id],
        data=lambda offer_id: f"{again}:{offer_id}",
        again=again,
    )


async def plan(context: Context, stream_id: int, old_id: int, new_id: int) -> Page:
    """Plan the complete list of offers with one in the place of another; share and state stay.

    Raises:
        SwapError: The one is not in the list, or the other is already.
        ExchangeError: The tracker does not show the stream.
    """
    tracker = await context.tracker()
    before = await shown_now(tracker, stream_id)
    offers = swapped(before, old_id, new_id)
    return await ask(context, tracker, Intent(STREAM_UPDATE, {"offers": offers}, stream_id))


def swapped(stream: dict[str, Any], old_id: int, new_id: int) -> list[dict[str, Any]]:
    """Return the offers of *stream* as they may be sent, *new_id* in the place of *old_id*.

    Raises:
        SwapError: The one is not in the list, or the other is already.
    """
    rows = restored(stream, ["offers"]).get("offers")
    offers: list[dict[str, Any]] = rows if are_rows(rows) else []
    ids = [label(row.get("offer_id")) for row in offers]
    if str(old_id) not in ids:
        raise SwapError("gone", old_id)
    if str(new_id) in ids:
        raise SwapError("there", new_id)
    return [
        {**row, "offer_id": new_id} if number == str(old_id) else row
        for row, number in zip(offers, ids, strict=True)
    ]
