"""A Telegram on this machine: the Bot API server, and the people who write to the bot."""

from sandbox.telegram.cast import Chat, Person
from sandbox.telegram.double import Telegram
from sandbox.telegram.log import Call

__all__ = ["Call", "Chat", "Person", "Telegram"]
