"""The conversation in the terminal: what is typed goes to the bot, what it answers is printed."""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandbox.pressing import Outcome, press
from sandbox.stage import Stage
from sandbox.telegram import Chat, Person
from sandbox.tour import PAYLOAD_NAME

ANSWER_SECONDS = 15.0
# A file follows its answer as a message of its own, within a moment.
AFTERTHOUGHT_SECONDS = 0.1
PROMPT = "you ▸ "

Message = dict[str, Any]


async def exchange(  # noqa: PLR0913 - who says what where, with what, and how long one waits
    stage: Stage,
    person: Person,
    chat: Chat,
    text: str,
    *,
    attach: bytes | None = None,
    filename: str = PAYLOAD_NAME,
    seconds: float = ANSWER_SECONDS,
    reply_to: int | None = None,
) -> list[Message]:
    """Say something, print what comes back, and return it."""
    telegram = stage.telegram
    said = telegram.say(
        person, chat, text or None, attach=attach, filename=filename, reply_to=reply_to
    )
    try:
        await telegram.answer_to(said, timeout_seconds=seconds)
    except TimeoutError:
        stage.terminal.note("no answer")
        return []
    await asyncio.sleep(AFTERTHOUGHT_SECONDS)
    answers = [
        message
        for message in telegram.messages(chat)
        if message["message_id"] > said["message_id"] and message["from"]["is_bot"]
    ]
    if said["message_id"] not in chat.messages:
        stage.terminal.note("the message above was deleted")
    for message in answers:
        stage.terminal.answer(message)
    return answers


async def converse(stage: Stage, *, tour: Callable[[], Awaitable[object]]) -> int:
    """Let one go on talking until the input ends, and return how many lines were typed.

    The word *tour* plays it.
    """
    count = 0
    while True:
        line = await _read_line()
        if line is None or line in ("quit", "exit"):
            return count
        count += 1
        if line == "tour":
            await tour()
        else:
            await _take(stage, line)


async def _take(stage: Stage, line: str) -> None:
    if line.startswith("#"):
        await _press(stage, line[1:].strip())
    elif line.startswith("@"):
        await _attach(stage, line[1:])
    elif line.startswith(">"):
        words, place = line[1:].strip(), last_with_buttons(stage.home)
        await exchange(stage, stage.owner, stage.home, words, reply_to=place)
    elif line:
        await exchange(stage, stage.owner, stage.home, line)


def last_with_buttons(chat: Chat) -> int | None:
    """Return the last message of the bot that has buttons, such as a report."""
    found = [
        number
        for number, message in chat.messages.items()
        if message["from"]["is_bot"] and message.get("reply_markup")
    ]
    return max(found, default=None)


def show_outcome(stage: Stage, outcome: Outcome) -> None:
    """Print what came of a press."""
    if outcome.alert:
        stage.terminal.note(outcome.alert)
    for message in outcome.messages:
        stage.terminal.answer(message)


async def _read_line() -> str | None:
    """Return what is typed next, or None at the end of the input."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str | None] = loop.create_future()

    def read() -> None:
        try:
            line = input(PROMPT if sys.stdin.isatty() else "").strip()
        except EOFError:
            line = None
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(typed.set_result, line)

    # A daemon, so that Ctrl-C need not wait for a line that never comes.
    threading.Thread(target=read, daemon=True).start()
    return await typed


def _content(name: str) -> bytes:
    return Path(name).expanduser().read_bytes()


async def _attach(stage: Stage, line: str) -> None:
    name, _, caption = line.partition(" ")
    try:
        content = await asyncio.to_thread(_content, name)
    except OSError as error:
        stage.terminal.note(f"{name}: {error.strerror}")
        return
    await exchange(
        stage, stage.owner, stage.home, caption.strip(), attach=content, filename=Path(name).name
    )


async def _press(stage: Stage, label: str) -> None:
    try:
        outcome = await press(
            stage.telegram, stage.owner, stage.home, label, seconds=ANSWER_SECONDS
        )
    except LookupError:
        stage.terminal.note(f"no message has a button {label!r}")
        return
    if not outcome:
        stage.terminal.note("the message stays as it is")
    show_outcome(stage, outcome)
