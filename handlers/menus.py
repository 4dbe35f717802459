"""The command menus that Telegram shows when somebody types a slash.

Everybody in a group is shown what a viewer may use, who runs the group in Telegram everything,
and whoever has a role what that role may use. A menu is only an offer: the gate decides.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChatMember,
)
from telegram.error import TelegramError

from handlers.command import Command
from handlers.roles import Role
from handlers.texts import RUSSIAN_SPEAKING, Texts, texts_for

# English is for all languages that have no menu of their own.
LANGUAGE_CODES = ("", *RUSSIAN_SPEAKING)
MENU_SECONDS = 2.0

log = logging.getLogger(__name__)


async def set_menus(bot: Bot, commands: Sequence[Command]) -> None:
    """Tell Telegram the commands, by place and language.

    Raises:
        TelegramError: Telegram does not take them.
    """
    # In private only owners have anything to do.
    places = (
        (BotCommandScopeAllPrivateChats(), Role.OWNER, True),
        (BotCommandScopeAllGroupChats(), Role.VIEWER, False),
        (BotCommandScopeAllChatAdministrators(), Role.OWNER, False),
    )
    # All at once, since nobody is served before.
    await asyncio.gather(
        *(
            bot.set_my_commands(
                menu(texts_for(language or "en"), commands, role, is_private=is_private),
                scope=scope,
                language_code=language or None,
            )
            for language in LANGUAGE_CODES
            for scope, role, is_private in places
        )
    )


async def offer_menu(
    bot: Bot, commands: Sequence[Command], chat_id: int, user_id: int, role: Role
) -> None:
    """Show a person in a group what their new *role* may use, if Telegram takes it in time."""
    scope = BotCommandScopeChatMember(chat_id, user_id)
    await _in_time(
        bot.set_my_commands(
            menu(texts_for(language or "en"), commands, role),
            scope=scope,
            language_code=language or None,
        )
        for language in LANGUAGE_CODES
    )


async def drop_menu(bot: Bot, chat_id: int, user_id: int) -> None:
    """Show a person in a group what everybody is shown there, if Telegram takes it in time."""
    scope = BotCommandScopeChatMember(chat_id, user_id)
    await _in_time(
        bot.delete_my_commands(scope=scope, language_code=language or None)
        for language in LANGUAGE_CODES
    )


async def _in_time(calls: Iterable[Awaitable[bool]]) -> None:
    """Make *calls* that nothing depends on."""
    try:
        async with asyncio.timeout(MENU_SECONDS):
            await asyncio.gather(*calls)
    except (TelegramError, TimeoutError) as error:
        log.debug("menu of a person not set: %s", error)


def menu(
    texts: Texts, commands: Sequence[Command], role: Role, *, is_private: bool = False
) -> list[BotCommand]:
    """Return the menu of *role* in the language of *texts*."""
    return [
        BotCommand(command.name, command.summary(texts))
        for command in commands
        if command.in_menu and command.role <= role and not (is_private and command.groups_only)
    ]
