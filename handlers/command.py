"""One command: a row of the table from which routing, help and menus are derived."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Message

from handlers.context import Context
from handlers.render.page import Page
from handlers.roles import Role
from handlers.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Command:
    """What a person types after the slash, and what comes of it.

    *role* is the least that may use it at all; a part of it may ask for more. *forms* are the
    ways to write it, as help and the README show them; *summary* picks its line of help and
    *details* what help says about it alone.
    """

    name: str
    run: Callable[[Message, Context], Awaitable[Page]]
    role: Role
    forms: tuple[str, ...]
    summary: Callable[[Texts], str]
    details: Callable[[Texts], str] = lambda _: ""
    in_menu: bool = True
