"""The table of buttons: what a press does, and the least role that may press.

A press always comes from a person, so what it may do is asked here, once, before it is done.
"""

from collections.abc import Awaitable
from dataclasses import dataclass

from handlers import history, preferences
from handlers.cards import duplicate, editor, shares, swap
from handlers.cards import press as cards
from handlers.changes import check, confirm, switch, undo
from handlers.context import Context
from handlers.dispatch import ButtonRun
from handlers.render.page import Page
from handlers.roles import Role
from handlers.stats import log, log_pages, menu, repeat, saved_press, schedule_press
from handlers.stats import press as reports


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Buttons whose data matches *pattern*; *role* is the least that may press them."""

    pattern: str
    role: Role
    run: ButtonRun

    async def press(self, data: str, context: Context) -> Page | Awaitable[Page]:
        """Do what the button with *data* stands for, if the one who pressed may.

        Raises:
            RefusedError: They may not.
            LateError: The press is too old to be acted on.
        """
        context.require(self.role)
        return await self.run(data, context)


BUTTONS: tuple[Kind, ...] = (
    Kind(pattern=preferences.BUTTONS, role=Role.ADMIN, run=preferences.press),
    Kind(pattern=history.BUTTONS, role=Role.VIEWER, run=history.press),
    Kind(pattern=check.BUTTONS, role=Role.VIEWER, run=check.press),
    Kind(pattern=confirm.BUTTONS, role=Role.OPERATOR, run=confirm.press),
    Kind(pattern=switch.BUTTONS, role=Role.OPERATOR, run=switch.press),
    Kind(pattern=cards.READING, role=Role.VIEWER, run=cards.read),
    Kind(pattern=cards.CHANGING, role=Role.OPERATOR, run=cards.change),
    Kind(pattern=editor.BUTTONS, role=Role.OPERATOR, run=shares.press),
    Kind(pattern=swap.BUTTONS, role=Role.OPERATOR, run=swap.press),
    Kind(pattern=duplicate.BUTTONS, role=Role.OPERATOR, run=duplicate.press),
    Kind(pattern=menu.BUTTONS, role=Role.VIEWER, run=menu.press),
    Kind(pattern=reports.BUTTONS, role=Role.VIEWER, run=reports.press),
    Kind(pattern=saved_press.SAVING, role=Role.OPERATOR, run=saved_press.save),
    Kind(pattern=saved_press.READING, role=Role.VIEWER, run=saved_press.read),
    Kind(pattern=saved_press.CHANGING, role=Role.OPERATOR, run=saved_press.change),
    Kind(pattern=repeat.BUTTONS, role=Role.OPERATOR, run=repeat.press),
    Kind(pattern=schedule_press.READING, role=Role.VIEWER, run=schedule_press.read),
    Kind(pattern=schedule_press.CHANGING, role=Role.OPERATOR, run=schedule_press.change),
    Kind(pattern=undo.BUTTONS, role=Role.OPERATOR, run=undo.press),
    Kind(pattern=log_pages.BUTTONS, role=Role.VIEWER, run=log.press),
)
