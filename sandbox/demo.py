"""Plays the tour, shows the page, and lets one go on talking to the bot."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from sandbox.conversation import converse, exchange, last_with_buttons, show_outcome
from sandbox.page import page, show
from sandbox.pressing import press
from sandbox.stage import Stage, introduce, staged
from sandbox.telegram import Chat, Person
from sandbox.tour import PAYLOAD_NAME, Scene, tour

FAILED = 1
HELP = """
Now it is your turn: you are Olga, the owner. Type what you would type in Telegram.
  @payload.json /stream   sends a file of yours, with the command as its caption
  #Русский                presses a button, the lowest one with this word
  > yesterday             replies to the last report of the bot
  tour                    plays the tour
  quit, Ctrl-D or Ctrl-C  ends the demo
"""
SERVED = "The page is served until this process is asked to stop (SIGTERM, Ctrl-C)."

Scenes = Callable[[Stage], list[Scene]]


class TourError(Exception):
    """An answer was not what the tour expects."""


async def play(*, saved: Path, scenes: Scenes = tour) -> int:
    """Play the *scenes* and return the exit status.

    What was said, and the files that were sent, stay in the folder *saved*.
    """
    async with staged(saved) as stage:
        _greet(stage)
        return await played(stage, scenes, saved)


async def open_house(*, saved: Path, port: int = 0, scenes: Scenes = tour) -> int:
    """Show the page and hold a conversation in the terminal; return the exit status.

    Where no browser can be opened the *scenes* are played first. Without anybody at the terminal
    the page is served until SIGTERM. Port 0 is any free one.
    """
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with staged(saved) as stage, page(stage, port=port) as url:
        _greet(stage)
        print(f"Open it in a browser:\n  {url}", flush=True)
        await introduce(stage)
        talk = asyncio.create_task(_talk(stage, url, scenes, saved))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({talk, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in (talk, stopped):
            task.cancel()
    return 0


async def _talk(stage: Stage, url: str, scenes: Scenes, saved: Path) -> None:
    is_shown = await show(url)
    is_terminal = sys.stdin is not None and sys.stdin.isatty()
    if is_terminal and not is_shown:
        await played(stage, scenes, saved)
    if is_terminal:
        print(HELP)
    typed = await converse(stage, tour=lambda: played(stage, scenes, saved))
    if not typed and not is_terminal:
        print(SERVED, flush=True)
        await asyncio.Event().wait()


def _greet(stage: Stage) -> None:
    print(f"A Telegram and a Keitaro tracker ({stage.address}) on this machine, and the bot.")


async def played(stage: Stage, scenes: Scenes, saved: Path) -> int:
    """Play the *scenes* and return the exit status."""
    try:
        for scene in scenes(stage):
            await _play_scene(stage, scene)
    except TourError as error:
        print(f"\nThe tour failed: {error}\n{stage.bot.output}", file=sys.stderr)
        return FAILED
    print(f"\nSaved in {saved}: the transcript and the files.")
    return 0


async def _play_scene(stage: Stage, scene: Scene) -> None:
    person: Person = getattr(stage, scene.by)
    chat = stage.team if scene.in_team else stage.telegram.private(person)
    stage.terminal.note(scene.note)
    if scene.presses:
        await _play_press(stage, person, chat, scene)
        return
    reply_to = last_with_buttons(chat) if scene.is_reply else None
    shown = f"↪ {scene.says}" if scene.is_reply else scene.says
    stage.terminal.say(person.first_name, shown, attach=scene.attach, filename=PAYLOAD_NAME)
    attach = scene.attach.encode() or None
    answers = await exchange(
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
    show_outcome(stage, outcome)
    if not outcome:
        raise TourError(f"pressing {scene.presses!r} changes nothing")
    if missing := outcome.missing(scene.expects):
        raise TourError(f"{missing} does not come of pressing {scene.presses!r}")
