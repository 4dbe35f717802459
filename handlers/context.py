"""What a handler works with: the services of the process, and what is asked of one message."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from telegram import Message, Update
from telegram.ext import Application, CallbackContext, ContextTypes, ExtBot, JobQueue

from handlers.allowance import Allowance
from handlers.answer import Answer
from handlers.cards.directory import Directory
from handlers.changes.settling import Settling
from handlers.faults import (
    LateError,
    LeakedError,
    NotLinkedError,
    PayloadMissingError,
    RefusedError,
)
from handlers.keys import hidden
from handlers.late import LateCommand, LateCommands, late_page
from handlers.names import Names
from handlers.order import InOrder
from handlers.outbox import Outbox
from handlers.payload import parse
from handlers.request import Called, read_payload
from handlers.roles import Role
from handlers.stats.printing import Printer
from handlers.tempo import Tempo
from handlers.texts import Texts
from handlers.trackers import Trackers
from handlers.turn import Turn
from keitaro import Catalogues, Tracker
from storage import Link, Store

SERVICES = "services"
READ_LATE_SECONDS = 600.0
CHANGE_LATE_SECONDS = 120.0
LINK_TRIES_MOST = 5
PARSED_ASIDE_SIGNS, PARSED_SECONDS = 256 * 1024, 60.0
LINK_TRIES_SECONDS = 3600.0


@dataclass(frozen=True)
class Services:
    """What lives as long as the process.

    *owners* are Telegram user ids from the settings, *language* and *time_zone* the defaults for
    chats that have set none (an empty language follows the person), *max_payload_bytes* the
    largest file taken, *settling* how long a tracker may be at work on a change, *now* the clock
    in UTC seconds. *alone* waits until no other process can have been handed what this one was
    handed. *tempo* says how fast a person may command.
    """

    store: Store
    outbox: Outbox
    late: LateCommands
    trackers: Trackers
    names: Names
    catalogues: Catalogues
    directory: Directory
    printer: Printer
    owners: frozenset[int]
    language: str
    time_zone: str
    max_payload_bytes: int
    settling: Settling
    tempo: Tempo
    now: Callable[[], float]
    alone: Callable[[], Awaitable[None]]

    @cached_property
    def parsing(self) -> ThreadPoolExecutor:
        """The thread of large payloads, one at a time: each takes many times its size."""
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="parsing")

    def warm_up(self) -> None:
        """Start the thread of large payloads while there is memory for it.

        Where that is short a thread may start without ever saying so, and whoever starts it, the
        event loop, would wait for that.
        """
        self.parsing.submit(int).result()

    @cached_property
    def link_tries(self) -> Allowance:
        """How often a person may have something dialled that turns out not to be theirs."""
        return Allowance(LINK_TRIES_MOST, LINK_TRIES_SECONDS, now=self.now)

    async def is_owner(self, user_id: int) -> bool:
        """Tell whether a person is an owner of the bot, now."""
        return user_id in self.owners or user_id in await self.store.people.owners()


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The library's context with typed access to what this bot adds."""

    _turn: Turn | None = None

    @property
    def services(self) -> Services:
        """The services of the process."""
        return cast("Services", self.bot_data[SERVICES])

    @property
    def turn(self) -> Turn:
        """The facts of this message."""
        if self._turn is None:
            raise LookupError("the gate has not let this update in")
        return self._turn

    @turn.setter
    def turn(self, turn: Turn) -> None:
        self._turn = turn

    @property
    def texts(self) -> Texts:
        """The words in the language of this chat."""
        return self.turn.texts

    @property
    def language(self) -> str:
        """The language of this chat, or of the sender where it has chosen none."""
        turn = self.turn
        return turn.chat.language or self.services.language or turn.sender.language_code

    @property
    def answer(self) -> Answer:
        """The one answer to this message."""
        return self.turn.answer

    @property
    def time_zone(self) -> str:
        """The IANA time zone of this chat."""
        return self.turn.chat.time_zone or self.services.time_zone

    @property
    def call(self) -> Called:
        """The command of this message."""
        if self.turn.call is None:
            raise LookupError("this update is not a command")
        return self.turn.call

    @property
    def chat_id(self) -> int:
        """The chat of this message."""
        return self.turn.chat.chat_id

    @property
    def is_private(self) -> bool:
        """Whether this is a private chat: only those have the positive id of a person."""
        return self.chat_id > 0

    def require(self, role: Role) -> None:
        """Go on only if the sender has at least *role* here, in a message of their own.

        Raises:
            RefusedError: Otherwise.
            LateError: The message is too old to be acted on, unless that was begun before.
        """
        if self.turn.sender.role < role:
            raise RefusedError("role", role.name.lower())
        if self.turn.sender.is_forwarding and role > Role.VIEWER:
            raise RefusedError("forwarded")
        limit = CHANGE_LATE_SECONDS if role > Role.VIEWER else READ_LATE_SECONDS
        if self.turn.age_seconds > limit and not self.turn.has_sent_change:
            raise LateError(self.turn.age_seconds)

    async def put_off(self, error: LateError) -> None:
        """Have the chat told, with all else that came too late, that this was not carried out.

        Where a ⏳ stands for it, that is told in its place.
        """
        turn = self.turn
        command = LateCommand(turn.update_id, turn.sender.name, turn.call, error.age_seconds)
        if self.answer.is_announced:
            await self.answer.give(late_page([command], self.texts), is_result=True)
        else:
            self.services.late.add(command, self.answer.place, self.texts)

    async def let_others_pass(self) -> None:
        """Let the sender's next commands begin, since this one may still take long."""
        processor = self.application.update_processor
        if isinstance(processor, InOrder):
            await processor.let_others_pass()

    async def link(self) -> Link:
        """Return the link of this chat.

        Raises:
            NotLinkedError: The chat has none; there is no other key to fall back to.
        """
        link = await self.services.store.chats.linked(self.chat_id)
        if link is None:
            raise NotLinkedError
        return link

    async def tracker(self) -> Tracker:
        """Return the client for the tracker of this chat.

        Raises:
            NotLinkedError: The chat has none.
        """
        link = await self.link()
        self.turn.address = link.address
        tracker = self.services.trackers.of(link)
        self.answer.wait_with(lambda: tracker.waiting)
        return tracker

    async def payload(self, message: Message) -> Any:
        """Return the JSON that came with the command.

        Raises:
            PayloadMissingError: None came. Every other HandlerError about a payload, too.
        """
        text = await self.payload_text(message)
        if not text:
            raise PayloadMissingError(self.call.name)
        return await self.parsed(text)

    async def parsed(self, text: str, parser: Callable[[str], Any] = parse) -> Any:
        """Return what *parser* makes of *text*; one that is large holds up nobody else.

        Raises:
            JsonError: It is not JSON.
            TimeoutError: It took a minute, or the thread could not say what came of it.
        """
        if len(text) <= PARSED_ASIDE_SIGNS:
            return parser(text)
        async with asyncio.timeout(PARSED_SECONDS):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.services.parsing, parser, text)

    async def payload_text(self, message: Message, *, own_only: bool = False) -> str:
        """Return the text of the JSON that came with the command, or an empty string.

        With *own_only* it is not taken from somebody else's message.

        Raises:
            LeakedError: A file in a group shows a secret that is in use. It is deleted.
        """
        limit = self.services.max_payload_bytes
        text = await read_payload(message, self.call, limit_bytes=limit, own_only=own_only)
        if text and not self.is_private:
            await self._check_leak(message, text)
        return text

    async def _check_leak(self, message: Message, text: str) -> None:
        trackers, texts = self.services.trackers, self.texts
        await trackers.hide_key(self.services.store.chats, self.chat_id)
        if trackers.redaction.hides(text):
            self.turn.note = await hidden(message, texts.key_leaked, texts.key_leaked_stays)
            raise LeakedError


def message_of(update: Update) -> Message:
    """Return the message of *update*; handlers are registered for messages alone."""
    return cast("Message", update.effective_message)


Bot = Application[
    ExtBot[None],
    Context,
    dict[Any, Any],
    dict[Any, Any],
    dict[Any, Any],
    JobQueue[Context] | None,
]
CONTEXT_TYPES = ContextTypes(context=Context)
