"""The table of commands: routing, help, menus and the README's list are derived from it."""

from telegram import Message

from handlers import picker
from handlers.changes.undo import undo
from handlers.command import Command, Form
from handlers.context import Context
from handlers.history import history
from handlers.link import link
from handlers.members import grant, members, revoke
from handlers.preferences import settings
from handlers.render.page import Page
from handlers.roles import Role
from handlers.start import cancel, show_help, start
from handlers.stats.commands import FIGURES
from handlers.status import status
from handlers.stream import stream, streams
from handlers.unlink import unlink


async def _start(message: Message, context: Context) -> Page:
    return await start(message, context, COMMANDS)


async def _help(message: Message, context: Context) -> Page:
    return await show_help(message, context, COMMANDS)


async def _grant(message: Message, context: Context) -> Page:
    return await grant(message, context, COMMANDS)


async def shared(message: Message, context: Context) -> Page:
    """Give a role to people who were chosen in private, with the menu that goes with it."""
    return await picker.shared(message, context, COMMANDS)


COMMANDS: tuple[Command, ...] = (
    *FIGURES,
    Command(
        name="stream",
        run=stream,
        role=Role.VIEWER,
        forms=(
            Form("/stream {json}", Role.OPERATOR),
            Form("/stream create {json}", Role.OPERATOR),
            Form("/stream 45"),
            Form("/stream 45 {json}", Role.OPERATOR),
            Form("/stream update 45 {json}", Role.OPERATOR),
            Form("/stream 45 on", Role.OPERATOR),
            Form("/stream 45 off", Role.OPERATOR),
            Form("/stream 45 delete", Role.OPERATOR),
            Form("/stream 45 restore", Role.OPERATOR),
            Form("/stream 45 events"),
            Form("/stream 45 swap 71 72", Role.OPERATOR),
            Form("/stream 45 copy 12", Role.OPERATOR),
        ),
        summary=lambda texts: texts.about_stream,
        details=lambda texts: texts.details_stream,
    ),
    Command(
        name="streams",
        run=streams,
        role=Role.VIEWER,
        forms=(
            Form("/streams 12"),
            Form("/streams find words"),
        ),
        summary=lambda texts: texts.about_streams,
        details=lambda texts: texts.details_streams,
    ),
    Command(
        name="undo",
        run=undo,
        role=Role.OPERATOR,
        forms=(Form("/undo"),),
        summary=lambda texts: texts.about_undo,
        details=lambda texts: texts.details_undo,
    ),
    Command(
        name="status",
        run=status,
        role=Role.VIEWER,
        forms=(Form("/status"),),
        summary=lambda texts: texts.about_status,
        details=lambda texts: texts.details_status,
    ),
    Command(
        name="history",
        run=history,
        role=Role.VIEWER,
        forms=(
            Form("/history"),
            Form("/history stream 45"),
            Form("/history @name"),
            Form("/history failed"),
        ),
        summary=lambda texts: texts.about_history,
        details=lambda texts: texts.details_history,
    ),
    Command(
        name="link",
        run=link,
        role=Role.ADMIN,
        forms=(
            Form("/link"),
            Form("/link https://tracker.example KEY"),
        ),
        summary=lambda texts: texts.about_link,
        details=lambda texts: texts.details_link,
    ),
    Command(
        name="unlink",
        run=unlink,
        role=Role.ADMIN,
        forms=(Form("/unlink"), Form("/unlink yes")),
        summary=lambda texts: texts.about_unlink,
        details=lambda texts: texts.details_unlink,
    ),
    Command(
        name="settings",
        run=settings,
        role=Role.ADMIN,
        forms=(
            Form("/settings"),
            Form("/settings language ru"),
            Form("/settings timezone Europe/Kyiv"),
            Form("/settings confirm changes"),
            Form("/settings readers roles"),
        ),
        summary=lambda texts: texts.about_settings,
        details=lambda texts: texts.details_settings,
    ),
    Command(
        name="grant",
        run=_grant,
        role=Role.ADMIN,
        forms=(
            Form("/grant operator"),
            Form("/grant 123456 operator"),
            Form("/grant operator 123456"),
        ),
        summary=lambda texts: texts.about_grant,
        details=lambda texts: texts.details_grant,
        groups_only=True,
    ),
    Command(
        name="revoke",
        run=revoke,
        role=Role.ADMIN,
        forms=(Form("/revoke"), Form("/revoke 123456")),
        summary=lambda texts: texts.about_revoke,
        details=lambda texts: texts.details_revoke,
        groups_only=True,
    ),
    Command(
        name="members",
        run=members,
        role=Role.VIEWER,
        forms=(Form("/members"),),
        summary=lambda texts: texts.about_members,
        details=lambda texts: texts.details_members,
        groups_only=True,
    ),
    Command(
        name="help",
        run=_help,
        role=Role.VIEWER,
        forms=(
            Form("/help"),
            Form("/help stats"),
        ),
        summary=lambda texts: texts.about_help,
        details=lambda texts: texts.details_help,
    ),
    # What a stranger may use at all: the gate lets them in only behind a link or when asked.
    Command(
        name="start",
        run=_start,
        role=Role.STRANGER,
        forms=(Form("/start"),),
        summary=lambda texts: texts.about_start,
        details=lambda texts: texts.details_help,
        in_menu=False,
    ),
    Command(
        name="cancel",
        run=cancel,
        role=Role.STRANGER,
        forms=(Form("/cancel"),),
        summary=lambda texts: texts.about_cancel,
        details=lambda texts: texts.details_cancel,
        in_menu=False,
    ),
)
