"""What can be done next about a change: buttons under its answer."""

from handlers.changes.ending import Ending
from handlers.context import Context
from handlers.render.page import Button
from handlers.roles import Role

UNDO = "undo:"
STREAM = "stream:"


async def after_buttons(context: Context, ending: Ending) -> tuple[tuple[Button, ...], ...]:
    """Return *Turn off* for a stream that is new and on, and *Undo*."""
    if context.turn.sender.role < Role.OPERATOR:
        return ()
    if await context.services.store.journal.undone_by(ending.key):
        return ()
    texts, stream = context.texts, ending.look.stream or {}
    buttons = [Button(texts.undo, data=f"{UNDO}{ending.key}")]
    is_on = stream.get("state") == "active"
    if is_on and ending.wish.operation.verb in ("create", "restore"):
        buttons.insert(0, Button(texts.turn_off, data=f"{STREAM}{stream.get('id')}:off"))
    return (tuple(buttons),)
