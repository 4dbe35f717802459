"""`/settings`: the language and the time zone of a chat."""

import functools
from zoneinfo import available_timezones

from telegram import Message

from handlers.context import Context
from handlers.faults import UsageError
from handlers.render.html import code
from handlers.render.page import Button, Page, page
from handlers.texts import LANGUAGES, texts_for

AUTO = "auto"
ZONES = ("UTC", "Europe/Kyiv", "Europe/Berlin", "Europe/Istanbul", "Asia/Almaty", "Asia/Bangkok")
LANGUAGE_BUTTON = "settings:language:"
ZONE_BUTTON = "settings:timezone:"
BUTTONS = f"^({LANGUAGE_BUTTON}|{ZONE_BUTTON})"
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
        case _:
            raise UsageError("settings", words[-1])


async def press(data: str, context: Context) -> Page:
    """Set what a button under the overview stands for."""
    if data.startswith(LANGUAGE_BUTTON):
        value = data.removeprefix(LANGUAGE_BUTTON)
        if value in (*LANGUAGES, AUTO):
            return await _set_language(context, value)
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


async def _refresh(context: Context) -> None:
    context.turn.chat = await context.services.store.chats.get(context.chat_id)


def _overview(context: Context) -> Page:
    texts = context.texts
    language = context.turn.chat.language
    lines = [
        f"<b>{texts.settings_title}</b>",
        f"{texts.settings_language}: {LANGUAGES.get(language or AUTO, texts.automatic)}",
        f"{texts.settings_time_zone}: {code(context.time_zone)}",
        "",
        texts.settings_how,
    ]
    return page("✅", *lines, buttons=_buttons(context))


def _buttons(context: Context) -> tuple[tuple[Button, ...], ...]:
    names = {**LANGUAGES, AUTO: context.texts.automatic}
    languages = tuple(
        Button(name, data=f"{LANGUAGE_BUTTON}{language}") for language, name in names.items()
    )
    zones = [Button(zone, data=f"{ZONE_BUTTON}{zone}") for zone in ZONES]
    rows = [tuple(zones[place : place + ACROSS]) for place in range(0, len(zones), ACROSS)]
    return (languages, *rows)


def _zone(text: str) -> str | None:
    """Return the IANA name that *text* means, whatever its capitals."""
    return _zones().get(text.lower())


@functools.cache
def _zones() -> dict[str, str]:
    # Read once: the list is gathered from several hundred files.
    return {name.lower(): name for name in available_timezones()}
