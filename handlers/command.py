"""One command: a row of the table from which routing, help and menus are derived."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Message

from handlers.context import Context
from handlers.render.page import Page
from handlers.roles import Role
from handlers.texts import Texts


@dataclass(frozen=True)
class Form:
    """One way to write a command, as help and the README show it.

    *role* is the least that may use it, where that is more than the command asks for.
    """

    text: str
    role: Role = Role.STRANGER


@dataclass(frozen=True, kw_only=True)
class Command:
    """What a person types after the slash, and what comes of it.

    *role* is the least that may use it at all; some of its *forms* may ask for more. *summary*
    picks its line of help and *details* what help says about it alone. With *groups_only* it is
    of no use in private.
    """

    name: str
    run: Callable[[Message, Context], Awaitable[Page]]
    role: Role
    forms: tuple[Form, ...]
    summary: Callable[[Texts], str]
    details: Callable[[Texts], str] = lambda _: ""
    in_menu: bool = True
    groups_only: bool = False

    def forms_for(self, role: Role) -> list[str]:
        """Return the forms that somebody with *role* may use."""
        return [form.text for form in self.forms if self.needed(form) <= role]

    def needed(self, form: Form) -> Role:
        """Return the least role that may use *form*."""
        return max(self.role, form.role)
