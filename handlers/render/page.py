"""An answer before it is sent: text, buttons, a file."""

from dataclasses import dataclass, replace
from typing import Literal

# What the button under a ⚠️ about a change sends, before the key of the change.
CHECK = "look:"
LASTS_SECONDS = 3600.0
Mark = Literal["✅", "❌", "⚠️", "⏳", "❔"]


@dataclass(frozen=True)
class File:
    """A document that goes with an answer, or a picture that is shown in the chat."""

    name: str
    content: bytes
    is_picture: bool = False


@dataclass(frozen=True)
class Button:
    """A button under an answer: either a *link* to open or *data* that comes back."""

    label: str
    link: str = ""
    data: str = ""


@dataclass(frozen=True)
class PeoplePicker:
    """A keyboard by which several people are chosen once, or the question is cancelled.

    *request_id* comes back with those who were chosen.
    """

    label: str
    request_id: int


@dataclass(frozen=True)
class Page:
    """One answer; *html* begins with a mark that says what happened.

    *overflow* is the whole text of an answer that is too long for a message. If nothing of it can
    be delivered for *lasts_seconds*, it is not worth delivering any more. In private it may
    bring a *picker*, or take that keyboard away; in a group it may ask for a reply, with the words
    *asks* in the field for it. If it *is_caption* it stands under its file, where nothing was said
    before in its place.
    """

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    file: File | None = None
    overflow: File | None = None
    lasts_seconds: float = LASTS_SECONDS
    picker: PeoplePicker | None = None
    takes_keyboard: bool = False
    asks: str = ""
    is_caption: bool = False


def page(
    mark: Mark,
    *lines: str,
    buttons: tuple[tuple[Button, ...], ...] = (),
    file: File | None = None,
) -> Page:
    """Return the answer that begins with *mark*; empty *lines* of the end are dropped."""
    return Page(f"{mark} " + "\n".join(lines).rstrip(), buttons=buttons, file=file)


def check_button(key: str, label: str) -> tuple[tuple[Button, ...], ...]:
    """Return the button that has the change *key* looked at once more."""
    return ((Button(label, data=f"{CHECK}{key}"),),)


def with_note(answer: Page, note: str) -> Page:
    """Return *answer* with *note*, a piece of HTML, at its end."""
    return replace(answer, html=f"{answer.html}\n\n{note}") if note else answer
