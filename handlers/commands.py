"""The table of commands: routing, help, menus and the README's list are derived from it."""

from telegram import Message

from handlers.command import Command
from handlers.context import Context
from handlers.history import history
from handlers.link import link, unlink
from handlers.preferences import settings
from handlers.render.page import Page
from handlers.roles import Role
from handlers.start import cancel, show_help, start
from handlers.stats import stats
from handlers.status import status
from handlers.stream import stream, streams


async def _start(message: Message, context: Context) -> Page:
    return await start(message, context, COMMANDS)


async def _help(message: Message, context: Context) -> Page:
    return await show_help(message, context, COMMANDS)


COMMANDS: tuple[Command, ...] = (
    Command(
        name="stats",
        run=stats,
        role=Role.VIEWER,
        forms=("/stats {json}",),
        summary=lambda texts: texts.about_stats,
        details=lambda texts: texts.details_stats,
    ),
    Command(
        name="stream",
        run=stream,
        role=Role.VIEWER,
        forms=(
            "/stream {json}",
            "/stream create {json}",
            "/stream 45",
            "/stream 45 {json}",
            "/stream update 45 {json}",
            "/stream 45 on",
            "/stream 45 off",
            "/stream 45 delete",
            "/stream 45 restore",
            "/stream 45 events",
        ),
        summary=lambda texts: texts.about_stream,
        details=lambda texts: texts.details_stream,
    ),
    Command(
        name="streams",
        run=streams,
        role=Role.VIEWER,
        forms=("/streams 12", "/streams find words"),
        summary=lambda texts: texts.about_streams,
        details=lambda texts: texts.details_streams,
    ),
    Command(
        name="status",
        run=status,
        role=Role.VIEWER,
        forms=("/status",),
        summary=lambda texts: texts.about_status,
        details=lambda texts: texts.details_status,
    ),
    Command(
        name="history",
        run=history,
        role=Role.VIEWER,
        forms=("/history", "/history stream 45", "/history @name", "/history failed"),
        summary=lambda texts: texts.about_history,
        details=lambda texts: texts.details_history,
    ),
    Command(
        name="link",
        run=link,
        role=Role.ADMIN,
        forms=("/link", "/link https://tracker.example KEY"),
        summary=lambda texts: texts.about_link,
        details=lambda texts: texts.details_link,
    ),
    Command(
        name="unlink",
        run=unlink,
        role=Role.ADMIN,
        forms=("/unlink",),
        summary=lambda texts: texts.about_unlink,
        details=lambda texts: texts.details_unlink,
    ),
    Command(
        name="settings",
        run=settings,
        role=Role.ADMIN,
        forms=("/settings", "/settings language ru", "/settings timezone Europe/Kyiv"),
        summary=lambda texts: texts.about_settings,
        details=lambda texts: texts.details_settings,
    ),
    Command(
        name="help",
        run=_help,
        role=Role.VIEWER,
        forms=("/help", "/help stats"),
        summary=lambda texts: texts.about_help,
        details=lambda texts: texts.details_help,
    ),
    # What a stranger may use at all: the gate lets them in only behind a link or when asked.
    Command(
        name="start",
        run=_start,
        role=Role.STRANGER,
        forms=("/start",),
        summary=lambda texts: texts.about_start,
        details=lambda texts: texts.details_help,
        in_menu=False,
    ),
    Command(
        name="cancel",
        run=cancel,
        role=Role.STRANGER,
        forms=("/cancel",),
        summary=lambda texts: texts.about_cancel,
        details=lambda texts: texts.details_cancel,
        in_menu=False,
    ),
)
