"""A group becomes a supergroup: Telegram gives it another id, and everything goes with it."""

from typing import Literal

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop

from handlers import picker
from handlers.answer import Answer, Place
from handlers.context import Context, Services, message_of
from handlers.render.html import inert
from handlers.render.page import page
from handlers.texts import texts_for


async def migrate(update: Update, context: Context) -> None:
    """Move everything to the new id; where that has a link of its own, a person must choose.

    Raises:
        ApplicationHandlerStop: Always: nobody else has to see this.
    """
    message = message_of(update)
    old_id = message.migrate_from_chat_id or message.chat.id
    new_id = message.migrate_to_chat_id or message.chat.id
    if await move(context.services, old_id, new_id) == "kept":
        await _ask(message, context, old_id, new_id)
    raise ApplicationHandlerStop


async def move(services: Services, old_id: int, new_id: int) -> Literal["moved", "nothing", "kept"]:
    """Move what belongs to a group to its new id, unless both are linked."""
    # Who is choosing people for the old id would give roles that count nowhere.
    await services.store.questions.drop(picker.KIND)
    return await services.store.chats.migrate(old_id, new_id)


async def _ask(message: Message, context: Context, old_id: int, new_id: int) -> None:
    """Tell the group, once, that two trackers are linked to it, and which one counts."""
    services = context.services
    chats = services.store.chats
    old, new = await chats.target(old_id), await chats.target(new_id)
    if old is None or new is None or old == new:
        return
    chat = await chats.get(new_id)
    texts = texts_for(chat.language or services.language)
    asker = message.from_user.id if message.from_user else new_id
    answer = Answer(services.outbox, Place(new_id, asker), key=f"moved{old_id}", texts=texts)
    words = texts.linked_both.format(old=inert(old.address), new=inert(new.address))
    await answer.give(page("⚠️", words))
