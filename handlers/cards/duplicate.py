"""A copy of a stream in another campaign: always asked about, and always made off."""

from collections.abc import Awaitable, Mapping
from typing import Any

from handlers.cards.choices import choices, chosen, put
from handlers.cards.data import COPY, ID, read_id
from handlers.changes.intent import Intent
from handlers.changes.plan import ask, shown_now
from handlers.context import Context
from handlers.render.page import Page
from keitaro import STREAM_CREATE, StreamCreate, restored
from storage import Question

KIND = "copy"
BUTTONS = rf"^{COPY}{ID}(:{ID})?\Z"
# Not what a copy has of its own; triggers need the id of a stream that is not there yet.
OWN = frozenset({"campaign_id", "position", "state", "triggers"})
# What is in no description of a body, and without which a redirect leads nowhere.
UNDESCRIBED = ("action_payload",)


async def press(data: str, context: Context) -> Awaitable[Page]:
    """Ask for words, or plan the copy in the place of the choice."""
    stream_id, *campaign_id = map(read_id, data.removeprefix(COPY).split(":"))
    await chosen(context)
    if campaign_id:
        return plan(context, stream_id, campaign_id[0])
    context.answer.apart()
    return ask_where(context, stream_id)


async def ask_where(context: Context, stream_id: int) -> Page:
    """Ask for the campaign, by words of its name."""
    words = context.texts.copy_ask.format(id=stream_id)
    return await put(context, KIND, {"stream_id": stream_id}, words)


async def answered(context: Context, question: Question, words: str) -> Page:
    """Show the campaigns that *words*, typed as the answer to *question*, may mean."""
    return await search(context, question.body["stream_id"], words)


async def search(context: Context, stream_id: int, words: str) -> Page:
    """Show the campaigns that *words* may mean.

    Raises:
        ExchangeError: The tracker does not list its campaigns.
    """
    tracker = await context.tracker()
    found = await context.services.directory.campaigns(tracker, words)
    return await choices(
        context,
        context.texts.copy_found.format(id=stream_id),
        found,
        data=lambda campaign_id: f"{COPY}{stream_id}:{campaign_id}",
        again=f"{COPY}{stream_id}",
    )


async def plan(context: Context, stream_id: int, campaign_id: int) -> Page:
    """Plan the copy; what it leaves out is said with the question.

    Raises:
        ExchangeError: The tracker does not show the stream.
    """
    tracker, texts = await context.tracker(), context.texts
    stream = await shown_now(tracker, stream_id)
    notes = [texts.copy_note.format(id=stream_id)]
    notes += [texts.copy_no_triggers] if stream.get("triggers") else []
    intent = Intent(STREAM_CREATE, copied(stream, campaign_id))
    return await ask(context, tracker, intent, notes=tuple(notes), is_asked=True)


def copied(stream: Mapping[str, Any], campaign_id: int) -> dict[str, Any]:
    """Return what creates a copy of *stream* in a campaign, off and without what is its own."""
    described = [field.alias or name for name, field in StreamCreate.model_fields.items()]
    fields = [
        name
        for name in (*described, *UNDESCRIBED)
        if name not in OWN and stream.get(name) is not None
    ]
    body = restored(stream, fields, now={})
    return {"campaign_id": campaign_id, **body, "state": "disabled"}
