"""What waits for its author's yes, as the floor above sees it."""

from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["open", "applied", "cancelled", "expired"]


@dataclass(frozen=True)
class Plan:
    """A plan of *user_id* in *chat_id*; *body* is whatever its *kind* needs, as JSON.

    *shown_by* is the key of the answer that shows it, *used_by* the key of what has used it.
    """

    plan_id: int
    kind: str
    chat_id: int
    user_id: int
    shown_by: str
    body: Any = field(repr=False)
    expires_at: float
    state: State
    used_by: str | None


@dataclass(frozen=True)
class Unanswered:
    """A plan that nobody has answered in time, and the answer that shows it.

    *message_id* is what that has become, as far as it is known; *is_told* is false if it was not
    even made.
    """

    plan: Plan
    is_told: bool
    message_id: int | None
    thread_id: int | None
    reply_to: int | None
