"""The command menus that Telegram shows when somebody types a slash."""

import asyncio

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from handlers.commands import COMMANDS
from handlers.texts import RUSSIAN_SPEAKING, Texts, texts_for


async def set_menus(bot: Bot) -> None:
    """Tell Telegram the commands, by place and language; English is for all other languages.

    Raises:
        TelegramError: Telegram does not take them.
    """
    scopes = (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats())
    # All at once, since nobody is served before.
    await asyncio.gather(
        *(
            bot.set_my_commands(
                menu(texts_for(language or "en")), scope=scope, language_code=language or None
            )
            for language in ("", *RUSSIAN_SPEAKING)
            for scope in scopes
        )
    )


def menu(texts: Texts) -> list[BotCommand]:
    """Return the menu in the language of *texts*."""
    return [
        BotCommand(command.name, command.summary(texts)) for command in COMMANDS if command.in_menu
    ]
