"""Plays the tour, then lets one go on talking to the bot."""

import asyncio
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandbox.pressing import Outcome, press
from sandbox.stage import Stage, staged
from sandbox.telegram import Chat, Person
from sandbox.tour import PAYLOAD_NAME, Scene, tour

ANSWER_SECONDS = 15.0
# A file follows its answer as a message of its own, within a moment.
AFTERTHOUGHT_SECONDS = 0.1
FAILED = 1
HELP = """
Now it is your turn: you are Olga, the owner. Type what you would type in Telegram.
  @payload.json /stream   sends a file of yours, with the command as its caption
  #Русский                presses a button, the lowest one with this word
  > yesterday             replies to the last report of the bot
  quit, Ctrl-D or Ctrl-C  ends the demo
"""

Message = dict[str, Any]


class TourError(Exception):
    """An answer was not what the tour expects."""


async def play(*, once: bool, saved: Path, scenes: Callable[[Stage], list[Scene]] = tour) -> int:
    """Play the *scenes* and, unless *once*, a conversation; return the exit status.

    What was said, and the files that were sent, stay in the folder *saved*.
    """
    async with staged(saved) as stage:
        print(f"A Telegram and a Keitaro tracker ({stage.address}) on this machine, and the bot.")
        try:
            for scene in scenes(stage):
                await _play_scene(stage, scene)
        except TourError as error:
            print(f"\nThe tour failed: {error}\n{stage.bot.output}", file=sys.stderr)
            return FAILED
        print(f"\nSaved in {saved}: the transcript and the files.")
        if not once:
            print(HELP)
            await _converse(stage)
    return 0


async def _play_scene(stage: Stage, scene: Scene) -> None:
    person: Person = getattr(stage, scene.by)
    chat = stage.team if scene.in_team else stage.telegram.private(person)
    stage.terminal.note(scene.note)
    if scene.presses:
        await _play_press(stage, person, chat, scene)
        return
    reply_to = _last_with_buttons(chat) if scene.is_reply else None
    shown = f"↪ {scene.says}" if scene.is_reply else scene.says
    stage.terminal.say(person.first_name, shown, attach=scene.attach, filename=PAYLOAD_NAME)
    attach = scene.attach.encode() or None
    answers = await _exchange(
        stage, person, chat, scene.says, attach=attach, seconds=scene.seconds, reply_to=reply_to
    )
    if not answers:
        raise TourError(f"no answer to {scene.says!r}")
    text = answers[0].get("text", "")
    missing = [part for part in scene.expects if part not in text]
    if missing:
        raise TourError(f"{missing} is not in the answer to {scene.says!r}")


async def _play_press(stage: Stage, person: Person, chat: Chat, scene: Scene) -> None:
    stage.terminal.press(person.first_name, scene.presses)
    try:
        outcome = await press(
            stage.telegram,
            person,
            chat,
            scene.presses,
            seconds=scene.seconds,
            under=scene.under,
            expects=scene.expects,
        )
    except LookupError as error:
        raise TourError(str(error)) from error
    _show(stage, outcome)
    if not outcome:
        raise TourError(f"pressing {scene.presses!r} changes nothing")
    if missing := outcome.missing(scene.expects):
        raise TourError(f"{missing} does not come of pressing {scene.presses!r}")


def _show(stage: Stage, outcome: Outcome) -> None:
    if outcome.alert:
        stage.terminal.note(outcome.alert)
    for message in outcome.messages:
        stage.terminal.answer(message)


async def _exchange(  # noqa: PLR0913 - who says what where, with what, and how long one waits
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


async def _converse(stage: Stage) -> None:
    while True:
        line = await _read_line()
        if line is None or line in ("quit", "exit"):
            return
        if line.startswith("#"):
            await _press(stage, line[1:].strip())
        elif line.startswith("@"):
            await _attach(stage, line[1:])
        elif line.startswith(">"):
            words, place = line[1:].strip(), _last_with_buttons(stage.home)
            await _exchange(stage, stage.owner, stage.home, words, reply_to=place)
        elif line:
            await _exchange(stage, stage.owner, stage.home, line)


async def _read_line() -> str | None:
    """Return what is typed next, or None at the end of the input."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str | None] = loop.create_future()

    def read() -> None:
        try:
            line = input("you ▸ ").strip()
        except EOFError:
            line = None
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(typed.set_result, line)

    # A daemon, so that Ctrl-C need not wait for a line that never comes.
    threading.Thread(target=read, daemon=True).start()
    return await typed


def _last_with_buttons(chat: Chat) -> int | None:
    """Return the last message of the bot that has buttons, such as a report."""
    found = [
        number
        for number, message in chat.messages.items()
        if message["from"]["is_bot"] and message.get("reply_markup")
    ]
    return max(found, default=None)


def _content(name: str) -> bytes:
    return Path(name).expanduser().read_bytes()


async def _attach(stage: Stage, line: str) -> None:
    name, _, caption = line.partition(" ")
    try:
        content = await asyncio.to_thread(_content, name)
    except OSError as error:
        stage.terminal.note(f"{name}: {error.strerror}")
        return
    await _exchange(
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
    _show(stage, outcome)
