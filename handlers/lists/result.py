"""What came of one item of a list."""

from dataclasses import dataclass
from typing import Literal

from handlers.changes.ending import Ending
from handlers.changes.verdict import said_yes
from handlers.errors import explain
from handlers.render.failure import headline, messages
from handlers.render.html import plain
from handlers.texts import Texts
from handlers.turn import Turn
from keitaro import ExchangeError, ResponseError

Came = Literal["done", "failed", "unknown", "untried"]
REASON_LINES = 2


@dataclass(frozen=True)
class Result:
    """How an item ended, and the *reason* in plain words unless it is done.

    *stream_id* and *status* are there as far as they are known. What *has_moved* since the plan
    was made must be planned anew.
    """

    came: Came
    reason: str = ""
    stream_id: int | None = None
    status: int | None = None
    has_moved: bool = False


UNTRIED = Result("untried")


def result_of(ending: Ending, texts: Texts, error: ExchangeError | None = None) -> Result:
    """Return what an item whose change ended so comes to."""
    stream = ending.look.stream or {}
    stream_id = ending.wish.stream_id or stream.get("id") or next(iter(ending.look.ids), None)
    status = status_of(error)
    match ending.outcome:
        case "done":
            return Result("done", stream_id=stream_id)
        case "refused":
            words = ending.words or ending.doubt.undone
            return Result("failed", reason_in(words), ending.wish.stream_id or None, status)
        case _:
            lead = said_yes(ending, texts) if ending.is_answered else ending.doubt.lead
            return Result("unknown", reason_in(lead), stream_id, status)


def failure(error: Exception, turn: Turn) -> Result:
    """Return what an item comes to that certainly was not carried out, because of *error*."""
    if isinstance(error, ExchangeError):
        # Of a look before the change, too: nothing was sent, whatever came back.
        said = [headline(error, turn.texts), *messages(error)]
        return Result("failed", reason_in("\n".join(said)), status=status_of(error))
    return Result("failed", reason_in(explain(error, turn).html))


def status_of(error: ExchangeError | None) -> int | None:
    """Return the HTTP status of *error*, if there was one."""
    return error.status if isinstance(error, ResponseError) else None


def reason_in(words: str) -> str:
    """Return the first lines of an answer as plain words on one line."""
    lines = [line.strip() for line in plain(words).splitlines()]
    said = [line.lstrip("❌⚠️ ") for line in lines if line]
    return " · ".join(said[:REASON_LINES])
