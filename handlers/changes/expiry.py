"""Plans that nobody has confirmed in time lose their buttons, also those of earlier processes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from handlers.answer import Answer, Place
from handlers.changes.plan import CHANGE, dropped
from handlers.context import Services
from handlers.lists.answer import RETRY
from handlers.lists.plan import LIST
from handlers.texts import Texts, texts_for
from handlers.unlink import UNLINK
from storage import StorageError, Unanswered

EVERY_SECONDS = 5.0
BATCH = 100
# The kind of drafts, which are not asked about.
SHARES = "shares"
ASKED = frozenset({CHANGE, LIST, SHARES, UNLINK})

log = logging.getLogger(__name__)


async def sweep(services: Services) -> None:
    """Say of every plan whose time is over that it is."""
    for found in await services.store.plans.expire(most=BATCH):
        # What could be done next about a result just ends, and so does a draft that was saved.
        is_over = found.plan.kind == RETRY or found.plan.body.get("is_saved")
        if found.is_told and not is_over:
            texts = _texts(found)
            is_draft = found.plan.kind == SHARES
            await _tell(services, found, texts.shares_expired if is_draft else texts.plan_expired)
        await services.store.plans.end(found.plan.plan_id)


async def withdraw(services: Services, *, chat_id: int, user_id: int) -> int:
    """Cancel what this person is asked to confirm in a chat, and return how much that was."""
    plans = services.store.plans
    found = await plans.withdraw(chat_id=chat_id, user_id=user_id, kinds=ASKED)
    open_ones = [one for one in found if not one.plan.body.get("is_saved")]
    for one in open_ones:
        if one.is_told:
            await _tell(services, one, _texts(one).plan_cancelled)
    return len(open_ones)


def _texts(found: Unanswered) -> Texts:
    return texts_for(found.plan.body.get("language", ""))


async def _tell(services: Services, found: Unanswered, words: str) -> None:
    plan = found.plan
    place = Place(
        plan.chat_id,
        plan.user_id,
        thread_id=found.thread_id,
        reply_to=found.reply_to,
        is_quoted=True,
        edits=found.message_id,
    )
    answer = Answer(services.outbox, place, key=f"plan{plan.plan_id}", texts=_texts(found))
    await answer.give(dropped(plan, words))


@asynccontextmanager
async def expiring(services: Services) -> AsyncIterator[None]:
    """Sweep every few seconds while the block runs."""
    task = asyncio.create_task(_sweep_often(services))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _sweep_often(services: Services) -> None:
    while True:
        try:
            await sweep(services)
        except StorageError as error:
            # What it means for the process is found by whoever writes next.
            log.warning("expired plans not told: %s", error)
        except Exception:
            # Whatever is wrong with one plan, others lose their buttons in time.
            log.exception("expired plans not told")
        await asyncio.sleep(EVERY_SECONDS)
