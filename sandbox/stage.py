"""The stage of the demo: a Telegram, a tracker, the bot between them, and the people."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.keitaro import Keitaro
from sandbox.process import BotProcess, bot_settings, running
from sandbox.serving import serving
from sandbox.telegram import Chat, Person, Telegram
from sandbox.terminal import Terminal

KEY = "demo-key-0000-1111-2222-3333"
TOPICS = ("Figures", "Alerts")


@dataclass(frozen=True)
class Stage:
    """Everything the demo plays with; *address* is the tracker's.

    The owner, the *colleague* and the *viewer* are in the *team*'s group and in the *forum*, which
    has topics; the *stranger* is in neither. What is said is shown on the *terminal*.
    """

    telegram: Telegram
    keitaro: Keitaro
    bot: BotProcess
    address: str
    owner: Person
    colleague: Person
    viewer: Person
    stranger: Person
    team: Chat
    forum: Chat
    terminal: Terminal

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who can speak."""
        return (self.owner, self.colleague, self.viewer, self.stranger)

    @property
    def home(self) -> Chat:
        """The owner's private chat with the bot."""
        return self.telegram.private(self.owner)


@asynccontextmanager
async def staged(saved: Path) -> AsyncIterator[Stage]:
    """Start both servers on free ports of this machine and the bot between them.

    The database and its key are thrown away in the end; what was said and sent stays in *saved*.

    Raises:
        StartError: The bot does not become ready.
    """
    telegram, keitaro = Telegram(), Keitaro(key=KEY)
    owner = telegram.person("Olga")
    colleague, stranger = telegram.person("Ivan"), telegram.person("Sam")
    viewer = telegram.person("Vera")
    team = telegram.group("Team", owner, colleague, viewer)
    forum = telegram.group("Forum", owner, colleague, viewer, forum=True)
    for topic in TOPICS:
        forum.topic(topic)
    async with AsyncExitStack() as stack:
        api_url = await stack.enter_async_context(serving(telegram.app))
        address = await stack.enter_async_context(serving(keitaro.app))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keitaro-bot-")))
        settings = bot_settings(
            token=telegram.token,
            owners=[owner.id],
            database=folder / "bot.db",
            api_url=api_url,
            trackers=[address],
            # Nobody who tries it out waits for a minute.
            BOT_SETTLE_SECONDS="10",
        )
        bot = await stack.enter_async_context(running(settings, folder))
        terminal = Terminal(saved, lambda file_id: telegram.files.get(file_id).content)
        people = (owner, colleague, viewer, stranger)
        yield Stage(telegram, keitaro, bot, address, *people, team, forum, terminal)


async def introduce(stage: Stage) -> None:
    """Let the owner give the others in the group their rights, in words."""
    rights: tuple[tuple[Person, str, str], ...] = (
        (stage.colleague, "Hi, I am on duty tonight.", "operator"),
        (stage.viewer, "And I only watch the figures.", "viewer"),
    )
    for person, words, role in rights:
        for chat in (stage.team, stage.forum):
            said = stage.telegram.say(person, chat, words)
            stage.telegram.say(stage.owner, chat, f"/grant {role}", reply_to=said["message_id"])
