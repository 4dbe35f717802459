"""The table of buttons: what a press does, and the least role that may press.

A press always comes from a person, so what it may do is asked here, once, before it is done.
"""

from dataclasses import dataclass

from handlers import preferences
from handlers.changes import check
from handlers.context import Context
from handlers.dispatch import ButtonRun
from handlers.render.page import Page
from handlers.roles import Role


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Buttons whose data matches *pattern*; *role* is the least that may press them."""

    pattern: str
    role: Role
    run: ButtonRun

    async def press(self, data: str, context: Context) -> Page:
        """Do what the button with *data* stands for, if the one who pressed may.

        Raises:
            RefusedError: They may not.
            LateError: The press is too old to be acted on.
        """
        context.require(self.role)
        return await self.run(data, context)


BUTTONS: tuple[Kind, ...] = (
    Kind(pattern=preferences.BUTTONS, role=Role.ADMIN, run=preferences.press),
    Kind(pattern=check.BUTTONS, role=Role.VIEWER, run=check.press),
)
