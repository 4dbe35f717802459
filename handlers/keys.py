"""API keys in messages: taken out of the chat before anything else is done with them."""

import re
from dataclasses import dataclass

from pydantic import SecretStr
from telegram import Message
from telegram.constants import ChatType
from telegram.error import TelegramError

from handlers.redaction import Redaction
from handlers.request import read_call
from handlers.turn import Turn

LOOKS_LIKE_ADDRESS = re.compile(r"://|\.|localhost|:\d+$", re.IGNORECASE)
LOOKS_LIKE_KEY = re.compile(r"(?=.*[0-9])[A-Za-z0-9_-]{16,}")
# As trackers make them; nobody talks like this.
IS_KEY = re.compile(r"(?=.*[0-9])[0-9a-f]{32}", re.IGNORECASE)
# What people write before a key, or where they meant a command: / link, key: and the like.
LEADS = frozenset(["", "/", "link", "линк", "key", "api", "apikey", "api-key", "api_key", "ключ"])
WORDS_MOST = 2


@dataclass(frozen=True)
class Typed:
    """What a person typed to link a chat: an address, a key, both or none."""

    address: str
    key: SecretStr


def read_typed(text: str) -> Typed:
    """Return the address and the key in *text*, in whichever order they stand.

    Beside an address, or alone, any word is a key; in a sentence only what cannot be a word is.
    """
    words = text.split()
    addresses = [word for word in words if LOOKS_LIKE_ADDRESS.search(word)]
    keys = [word for word in words if word not in addresses]
    if len(words) > WORDS_MOST or (len(words) == WORDS_MOST and not addresses):
        keys = [word for word in keys if LOOKS_LIKE_KEY.fullmatch(word)]
    return Typed("".join(addresses[:1]), SecretStr("".join(keys[:1])))


def typed_in(message: Message) -> Typed:
    """Return the address and the key in *message*, behind its command if it has one."""
    call = read_call(message)
    return read_typed(call.rest if call else message.text or message.caption or "")


def shows_key(message: Message, redaction: Redaction) -> bool:
    """Tell whether *message*, in a group, shows a secret that is in use, or what must be a key.

    That is a key as trackers make them, alone, beside an address, behind any command or behind a
    word that leads to it; or any key in reply to the button that leads to the private chat.
    """
    text = message.text or message.caption or ""
    if redaction.hides(text):
        return True
    call = read_call(message)
    if call and not call.is_for(message.get_bot().username):
        return False
    words = (call.rest if call else text).split()
    words = [word for word in words if not _leads(word)]
    if len(words) > WORDS_MOST:
        return False
    shape = LOOKS_LIKE_KEY if call is None and _answers_button(message) else IS_KEY
    keys = [word for word in words if shape.fullmatch(word)]
    others = [word for word in words if word not in keys]
    return bool(keys) and all(map(LOOKS_LIKE_ADDRESS.search, others))


def _leads(word: str) -> bool:
    """Tell whether *word* only leads to a key, or calls somebody."""
    return word.startswith("@") or word.casefold().rstrip(":=-") in LEADS


def _answers_button(message: Message) -> bool:
    """Tell whether *message* replies to a message with the button that leads away."""
    asked = message.reply_to_message
    rows = asked.reply_markup.inline_keyboard if asked and asked.reply_markup else ()
    return any(button.url for row in rows for button in row)


async def hide_key(message: Message, turn: Turn) -> None:
    """Delete *message* if it holds a key, and have the answer say so, whatever it will be.

    In a group everybody has seen the key, so it is named as leaked.
    """
    texts = turn.texts
    if message.chat.type != ChatType.PRIVATE:
        if turn.call and turn.call.rest.strip():
            turn.note = await hidden(message, texts.key_leaked, texts.key_leaked_stays)
    elif typed_in(message).key:
        turn.note = await hidden(message, texts.key_removed, texts.key_stays)


async def hidden(message: Message, done: str, failed: str) -> str:
    """Delete *message*, and return what is said where it is gone, or where that may not be."""
    try:
        await message.delete()
    except TelegramError as error:
        # It may be gone already, by a process that has ended since.
        return done if "to delete not found" in str(error) else failed
    return done
