"""API keys in messages: taken out of the chat before anything else is done with them."""

import re
from dataclasses import dataclass

from telegram import Message
from telegram.constants import ChatType
from telegram.error import TelegramError

from handlers.context import Context
from handlers.request import read_call

LOOKS_LIKE_ADDRESS = re.compile(r"://|\.|localhost|:\d+$", re.IGNORECASE)
WORDS_MOST = 2


@dataclass(frozen=True)
class Typed:
    """What a person typed to link a chat: an address, a key, both or none."""

    address: str = ""
    key: str = ""


def read_typed(text: str) -> Typed:
    """Return the address and the key in *text*, in whichever order they stand.

    More than two words are a sentence, and neither.
    """
    words = text.split()
    if len(words) > WORDS_MOST:
        return Typed()
    addresses = [word for word in words if LOOKS_LIKE_ADDRESS.search(word)]
    keys = [word for word in words if word not in addresses]
    return Typed("".join(addresses[:1]), "".join(keys[:1]))


def typed_in(message: Message) -> Typed:
    """Return the address and the key in *message*, behind its command if it has one."""
    call = read_call(message)
    return read_typed(call.rest if call else message.text or message.caption or "")


async def hide_key(message: Message, context: Context) -> None:
    """Delete *message* if it holds a key, and have the answer say so, whatever it will be.

    In a group everybody has seen the key, so it is named as leaked.
    """
    texts = context.texts
    if message.chat.type != ChatType.PRIVATE:
        if context.call.rest.strip():
            context.turn.note = await _deleted(message, texts.key_leaked, texts.key_leaked_stays)
    elif typed_in(message).key:
        context.turn.note = await _deleted(message, texts.key_removed, texts.key_stays)


async def _deleted(message: Message, done: str, failed: str) -> str:
    try:
        await message.delete()
    except TelegramError:
        return failed
    return done
