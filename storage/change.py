"""A change as the journal knows it: what was asked for, and what came of it."""

from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["done", "refused", "unknown"]


@dataclass(frozen=True)
class Change:
    """A change that is about to be sent.

    *key* names the command it comes from, *person* who gave it. *operation* is the tracker's
    ("stream.create"), *request* the body or the id without secrets, *before* what the tracker
    showed until then (None: that is not known). *undoes* is the key of the change that it takes
    back, if it does.
    """

    key: str
    chat_id: int
    user_id: int
    address: str
    operation: str
    request: Any = field(repr=False)
    before: Any = field(default=None, repr=False)
    person: str = field(default="", repr=False)
    undoes: str | None = None


@dataclass(frozen=True)
class Entry:
    """What the journal holds of a change; *outcome* is None until there is one.

    *answer* is what the tracker showed of it or what was said, *note* what was said besides,
    *object_id* the object that it made or changed, as far as that is known.
    """

    change: Change
    begun_at: float
    outcome: Outcome | None
    answer: Any = field(repr=False)
    note: str = field(default="", repr=False)
    object_id: int | None = None
