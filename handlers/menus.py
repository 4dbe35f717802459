"""The command menus that Telegram shows when somebody types a slash."""

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from handlers.commands import COMMANDS
from handlers.texts import RUSSIAN_SPEAKING, Texts, texts_for


async def set_menus(bot: Bot) -> None:
    """Tell Telegram the commands, by place and language; English is for all other languages.

    Raises:
        TelegramError: Telegram does not take them.
    """
    for language in ("", *RUSSIAN_SPEAKING):
        commands = menu(texts_for(language or "en"))
        for scope in (BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()):
            await bot.set_my_commands(commands, scope=scope, language_code=language or None)


def menu(texts: Texts) -> list[BotCommand]:
    """Return the menu in the language of *texts*."""
    return [
        BotCommand(command.name, command.summary(texts)) for command in COMMANDS if command.in_menu
    ]
