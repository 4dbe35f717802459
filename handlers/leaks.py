"""Keys shown in a group by anything but `/link`: as talk, as a reply, by editing a message.

What was edited is read for nothing else.
"""

import re

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop

from handlers.allowance import Allowance
from handlers.answer import Answer, Place
from handlers.context import Context, Services
from handlers.keys import hidden, shows_key, typed_in
from handlers.render.page import page
from handlers.request import Called, read_call
from handlers.texts import Texts, texts_for
from handlers.turn import key_of

# Whatever is shorter is not looked for; most of what is said in groups is.
MAY_BE_KEY = re.compile(r"[A-Za-z0-9_-]{12}")
WARNINGS_MOST, WINDOW_SECONDS = 10, 600.0


class Leaks:
    """Watches messages for keys; a message that shows one is deleted, and goes no further."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._warnings = Allowance(WARNINGS_MOST, WINDOW_SECONDS, now=services.now)

    async def watch(self, update: Update, context: Context) -> None:
        """Take a key out of the chat, and say that it has leaked.

        Raises:
            ApplicationHandlerStop: There was one.
        """
        message, user = update.message or update.edited_message, update.effective_user
        if message is None or user is None:
            return
        call = read_call(message)
        is_link = call is not None and call.name == "link" and call.is_for(context.bot.username)
        if update.edited_message is None and (_is_private(message) or is_link):
            # That is for the gate.
            return
        if not await self._shows_key(message, call if is_link else None):
            return
        stored = await self._services.store.chats.get(message.chat.id)
        texts = texts_for(stored.language or self._services.language or user.language_code or "")
        note = await hidden(message, *_words(message, texts))
        if self._warnings.allows(user.id):
            place = Place(
                message.chat.id,
                user.id,
                thread_id=message.message_thread_id if message.is_topic_message else None,
            )
            answer = Answer(
                self._services.outbox,
                place,
                key=key_of(update.update_id),
                texts=texts,
                ends=(update.update_id,),
            )
            await answer.give(page("❌", note))
        raise ApplicationHandlerStop

    async def _shows_key(self, message: Message, link: Called | None) -> bool:
        """Tell whether *message* shows a key; *link* is what follows `/link` in one."""
        if link is not None:
            in_private = _is_private(message)
            return bool(typed_in(message).key if in_private else link.rest.strip())
        if not MAY_BE_KEY.search(message.text or message.caption or ""):
            return False
        trackers = self._services.trackers
        await trackers.hide_key(self._services.store.chats, message.chat.id)
        return shows_key(message, trackers.redaction)


def _is_private(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE


def _words(message: Message, texts: Texts) -> tuple[str, str]:
    if _is_private(message):
        return texts.key_removed, texts.key_stays
    return texts.key_leaked, texts.key_leaked_stays
