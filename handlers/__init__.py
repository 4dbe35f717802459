"""The conversation: messages in, answers out, in the words of people.

Everything the bot listens to is registered here, in the order in which it is tried.
"""

from telegram import Update
from telegram.ext import ChatMemberHandler, MessageHandler, TypeHandler, filters

from handlers.buttons import BUTTONS
from handlers.cards.directory import Directory
from handlers.changes.expiry import expiring
from handlers.changes.settling import Settling
from handlers.commands import COMMANDS, shared
from handlers.context import CONTEXT_TYPES, SERVICES, Bot, Services
from handlers.courier import pause_of
from handlers.delivery import NotSentError
from handlers.dispatch import (
    button_handler,
    command_handler,
    due_handler,
    on_error,
    people_handler,
    reply_handler,
    stray_button_handler,
    text_handler,
    unknown_handler,
)
from handlers.download import OverlongError
from handlers.entrance import Entrance
from handlers.gate import Gate
from handlers.inbox import StoredQueue, is_readable, set_aside
from handlers.late import LateCommands
from handlers.leaks import Leaks
from handlers.menus import set_menus
from handlers.migration import migrate
from handlers.names import Names
from handlers.order import InOrder
from handlers.outbox import Outbox
from handlers.pace import Pace
from handlers.questions import reply, reply_in_group
from handlers.redaction import MASK, Redaction
from handlers.start import unknown
from handlers.stats.due import scheduling
from handlers.stats.due_run import run_due
from handlers.stats.printing import Printer
from handlers.tempo import Tempo
from handlers.texts import LANGUAGES
from handlers.trackers import Trackers

# An edited message is only looked at for keys.
ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)
MIGRATION, LEAKS, DOOR, ROOMS = -3, -2, -1, 0


def register(application: Bot, services: Services) -> None:
    """Make *application* listen."""
    application.bot_data[SERVICES] = services
    migration = filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE
    application.add_handler(MessageHandler(migration, migrate), group=MIGRATION)
    entrance = ChatMemberHandler(Entrance(services).moved, ChatMemberHandler.MY_CHAT_MEMBER)
    application.add_handler(entrance, group=MIGRATION)
    application.add_handler(TypeHandler(Update, Leaks(services).watch), group=LEAKS)
    application.add_handler(TypeHandler(Update, Gate(services).admit), group=DOOR)
    application.add_handler(due_handler(run_due), group=ROOMS)
    for command in COMMANDS:
        application.add_handler(command_handler(command), group=ROOMS)
    for kind in BUTTONS:
        application.add_handler(button_handler(kind.pattern, kind.press), group=ROOMS)
    application.add_handler(stray_button_handler(), group=ROOMS)
    application.add_handler(unknown_handler(unknown), group=ROOMS)
    application.add_handler(text_handler(reply), group=ROOMS)
    application.add_handler(reply_handler(reply_in_group), group=ROOMS)
    application.add_handler(people_handler(shared), group=ROOMS)
    application.add_error_handler(on_error)


__all__ = [
    "ALLOWED_UPDATES",
    "BUTTONS",
    "COMMANDS",
    "CONTEXT_TYPES",
    "LANGUAGES",
    "MASK",
    "SERVICES",
    "Bot",
    "Context",
    "Directory",
    "InOrder",
    "LateCommands",
    "Names",
    "NotSentError",
    "Outbox",
    "OverlongError",
    "Pace",
    "Printer",
    "Redaction",
    "Services",
    "Settling",
    "StoredQueue",
    "Tempo",
    "Trackers",
    "expiring",
    "is_readable",
    "pause_of",
    "register",
    "scheduling",
    "set_aside",
    "set_menus",
]
