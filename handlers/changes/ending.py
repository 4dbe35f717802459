"""How a change ended, and what there is to say if that was in doubt."""

from dataclasses import dataclass

from handlers.changes.judge import Look, Wish
from handlers.render.failure import headline, messages, request
from handlers.texts import Texts
from keitaro import ExchangeError
from storage import Entry, Outcome


@dataclass(frozen=True)
class Doubt:
    """What is said of a change whose answer was not clear, as HTML.

    *lead* opens a ⚠️; *done* stands under a ✅, *undone* with the tracker's words *said* under a
    ❌. *request* closes what is no ✅. *is_later* says that much may have happened since.
    """

    lead: str = ""
    done: str = ""
    undone: str = ""
    said: tuple[str, ...] = ()
    request: str = ""
    is_later: bool = False


@dataclass(frozen=True)
class Ending:
    """How the change *key* ended: what was wished, what was seen, what that comes to.

    *is_answered* says that the tracker had said yes. *words* is the whole of a ❌ that was said
    before. *notes* are lines of HTML that go with what the tracker has said yes to.
    """

    key: str
    wish: Wish
    look: Look
    outcome: Outcome
    doubt: Doubt = Doubt()
    is_answered: bool = False
    words: str = ""
    notes: tuple[str, ...] = ()


def doubt_of(error: ExchangeError, texts: Texts, *, seconds: float) -> Doubt:
    """Return what is said after *error* by one who looks for so many *seconds*."""
    trouble, said = headline(error, texts), messages(error)
    return Doubt(
        lead="\n".join([f"<b>{trouble}</b>", *said, "", texts.change_unknown]),
        done=texts.looked_and_done.format(trouble=trouble),
        undone=texts.looked_until.format(trouble=trouble, seconds=f"{seconds:g}"),
        said=tuple(said),
        request=request(error, texts),
    )


def doubt_noted(entry: Entry, texts: Texts) -> Doubt:
    """Return what is said by one who looks again at what was left open."""
    return Doubt(
        lead=entry.note if entry.outcome else texts.change_unknown,
        done=texts.looked_again_and_done,
        undone=texts.looked_again_and_undone,
        request=entry.answer if isinstance(entry.answer, str) else "",
        is_later=True,
    )
