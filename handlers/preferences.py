"""`/settings`: what a chat has chosen, typed or tapped."""

import functools
from zoneinfo import available_timezones

from telegram import Message

from handlers.context import Context
from handlers.faults import UsageError
from handlers.render.html import code
from handlers.render.page import Button, Page, page
from handlers.roles import EVERYONE, ROLES
from handlers.texts import LANGUAGES, texts_for

AUTO = "auto"
ZONES = ("UTC", "Europe/Kyiv", "Europe/Berlin", "Europe/Istanbul", "Asia/Almaty", "Asia/Bangkok")
# When a change is shown and confirmed before it is sent.
CONFIRMATIONS = ("always", "changes", "never")
READERS = (EVERYONE, ROLES)
LANGUAGE_BUTTON = "settings:language:"
ZONE_BUTTON = "settings:timezone:"
CONFIRM_BUTTON = "settings:confirm:"
READERS_BUTTON = "settings:readers:"
BUTTONS = f"^({LANGUAGE_BUTTON}|{ZONE_BUTTON}|{CONFIRM_BUTTON}|{READERS_BUTTON})"
DEFAULT_CONFIRMATION, DEFAULT_READERS = "changes", ROLES
ACROSS = 2


async def settings(message: Message, context: Context) -> Page:
    """Show the settings of this chat, or set the one that is named."""
    del message
    words = [word.lower() for word in context.call.rest.split()]
    match words:
        case []:
            return _overview(context)
        case ["language", value] | [value] if value in (*LANGUAGES, AUTO):
            return await _set_language(context, value)
        case ["language", value]:
            raise UsageError("settings", value)
        case ["timezone", value] | [value] if _zone(value) or value == AUTO:
            return await _set_zone(context, _zone(value))
        case ["confirm", value] if value in CONFIRMATIONS:
            return await _set_confirmations(context, value)
        case ["readers", value] if value in READERS:
            return await _set_readers(context, value)
        case _:
            raise UsageError("settings", words[-1])


async def press(data: str, context: Context) -> Page:
    """Set what a button under the overview stands for."""
    if data.startswith(LANGUAGE_BUTTON):
        value = data.removeprefix(LANGUAGE_BUTTON)
        if value in (*LANGUAGES, AUTO):
            return await _set_language(context, value)
    if (mode := data.removeprefix(CONFIRM_BUTTON)) in CONFIRMATIONS:
        return await _set_confirmations(context, mode)
    if (readers := data.removeprefix(READERS_BUTTON)) in READERS:
        return await _set_readers(context, readers)
    zone = _zone(data.removeprefix(ZONE_BUTTON))
    if zone is None:
        raise UsageError("settings", data)
    return await _set_zone(context, zone)


async def _set_language(context: Context, value: str) -> Page:
    language = None if value == AUTO else value
    await context.services.store.chats.set_language(context.chat_id, language)
    spoken = language or context.services.language or context.turn.sender.language_code
    context.turn.texts = texts_for(spoken)
    await _refresh(context)
    return _overview(context)


async def _set_zone(context: Context, zone: str | None) -> Page:
    await context.services.store.chats.set_time_zone(context.chat_id, zone)
    await _refresh(context)
    return _overview(context)


async def _set_confirmations(context: Context, mode: str) -> Page:
    await context.services.store.chats.set_confirmations(context.chat_id, mode)
    await _refresh(context)
    return _overview(context)


async def _set_readers(context: Context, readers: str) -> Page:
    if context.is_private:
        return page("❌", context.texts.readers_in_groups)
    await context.services.store.chats.set_readers(context.chat_id, readers)
    await _refresh(context)
    return _overview(context)


async def _refresh(context: Context) -> None:
    context.turn.chat = await context.services.store.chats.get(context.chat_id)


def _overview(context: Context) -> Page:
    texts = context.texts
    chat = context.turn.chat
    language, confirmations = chat.language, chat.confirmations or DEFAULT_CONFIRMATION
    lines = [
        f"<b>{texts.settings_title}</b>",
        f"{texts.settings_language}: {LANGUAGES.get(language or AUTO, texts.automatic)}",
        f"{texts.settings_time_zone}: {code(context.time_zone)}",
        f"{texts.settings_confirm}: {texts.confirmations[confirmations]}",
    ]
    if not context.is_private:
        readers = texts.readers[chat.readers or DEFAULT_READERS]
        lines.append(f"{texts.settings_readers}: {readers}")
    lines += ["", texts.settings_how]
    return page("✅", *lines, buttons=_buttons(context))


def _buttons(context: Context) -> tuple[tuple[Button, ...], ...]:
    names = {**LANGUAGES, AUTO: context.texts.automatic}
    languages = tuple(
        Button(name, data=f"{LANGUAGE_BUTTON}{language}") for language, name in names.items()
    )
    zones = [Button(zone, data=f"{ZONE_BUTTON}{zone}") for zone in ZONES]
    rows = [tuple(zones[place : place + ACROSS]) for place in range(0, len(zones), ACROSS)]
    return (languages, *rows, *_rights_buttons(context))


def _rights_buttons(context: Context) -> tuple[tuple[Button, ...], ...]:
    texts = context.texts
    asking = tuple(
        Button(texts.confirmation_buttons[mode], data=f"{CONFIRM_BUTTON}{mode}")
        for mode in CONFIRMATIONS
    )
    reading = tuple(
        Button(texts.reader_buttons[readers], data=f"{READERS_BUTTON}{readers}")
        for readers in READERS
    )
    return (asking,) if context.is_private else (asking, reading)


def _zone(text: str) -> str | None:
    """Return the IANA name that *text* means, whatever its capitals."""
    return _zones().get(text.lower())


@functools.cache
def _zones() -> dict[str, str]:
    # Read once: the list is gathered from several hundred files.
    return {name.lower(): name for name in available_timezones()}
