"""An answer on its way: what a page becomes while it is owed, and what is sent of it."""

import base64
import json
import zlib
from dataclasses import asdict, dataclass, replace
from typing import Any

from telegram.constants import MessageLimit

from handlers.render.html import length, plain
from handlers.render.page import Button, File, Page, PeoplePicker, with_note
from storage import OwedAnswer

MARK_SIGNS = 2
# What is packed beside the loop; anything smaller is packed sooner than handed over.
LARGE_BYTES = 128 * 1024


@dataclass(frozen=True)
class Letter:
    """An answer that is owed.

    *repeat* is added to it where it may come twice, *missing* is said instead of a file that is
    not taken, *elsewhere* is added where only the sender's private chat could be reached. With
    *is_quoted* it shows the message it replies to, where there is one; with *is_quiet* no phone
    makes a sound.
    """

    owed: OwedAnswer
    page: Page
    repeat: str = ""
    missing: str = ""
    elsewhere: str = ""
    is_quoted: bool = False
    is_html: bool = True
    is_quiet: bool = False

    @property
    def parts(self) -> tuple[Page | File, ...]:
        """What is sent, one after the other; as many whether it may come twice or not."""
        if self.is_captioned and self.page.file:
            return (self.page.file,)
        page = fitting(self.page, spare=length(with_note(Page(""), self.repeat).html))
        if self.owed.is_repeat and self.owed.part == 0:
            page = with_note(page, self.repeat)
        return (page, *filter(None, (page.overflow, page.file)))

    @property
    def is_captioned(self) -> bool:
        """Whether its words stand under its file: one message instead of two."""
        page, is_first = self.page, self.owed.progress_id is None
        is_wanted = page.is_caption and page.file is not None and not page.buttons
        return is_wanted and is_first and length(self.caption) <= MessageLimit.CAPTION_LENGTH

    @property
    def caption(self) -> str:
        """What stands under its file then, with room for the note that it may come twice."""
        return with_note(self.page, self.repeat).html

    @property
    def part(self) -> Page | File:
        """What is to be sent next.

        Another process may have cut the answer into more parts, after a complaint.
        """
        parts = self.parts
        return parts[min(self.owed.part, len(parts) - 1)]

    @property
    def is_edit(self) -> bool:
        """Tell whether that takes the place of a message: repeating it does no harm.

        Telegram puts a keyboard up, or away, with a new message alone.
        """
        page = self.page
        has_keyboard = page.picker is not None or page.takes_keyboard or bool(page.asks)
        return self.owed.part == 0 and self.owed.progress_id is not None and not has_keyboard

    @property
    def is_large(self) -> bool:
        """Whether packing it would hold up others."""
        files = filter(None, (self.page.file, self.page.overflow))
        return sum(len(file.content) for file in files) > LARGE_BYTES

    def body(self) -> str:
        """Return what `read_letter` needs."""
        return json.dumps(
            {
                "html": self.page.html,
                "buttons": [[asdict(button) for button in row] for row in self.page.buttons],
                "file": _packed(self.page.file),
                "overflow": _packed(self.page.overflow),
                "picker": asdict(self.page.picker) if self.page.picker else None,
                "takes_keyboard": self.page.takes_keyboard,
                "asks": self.page.asks,
                "is_caption": self.page.is_caption,
                "words": [self.repeat, self.missing, self.elsewhere],
                "is_quiet": self.is_quiet,
            },
            ensure_ascii=False,
        )


def read_letter(owed: OwedAnswer) -> Letter:
    """Return the answer that an earlier process has owed.

    It shows what it replies to, so that nobody waits for a message of that process.
    """
    raw = json.loads(owed.body)
    page = Page(
        raw["html"],
        tuple(tuple(Button(**button) for button in row) for row in raw["buttons"]),
        _unpacked(raw["file"]),
        _unpacked(raw["overflow"]),
        # Earlier versions had no keyboards, and nothing quiet.
        picker=PeoplePicker(**raw["picker"]) if raw.get("picker") else None,
        takes_keyboard=raw.get("takes_keyboard", False),
        asks=raw.get("asks", ""),
        is_caption=raw.get("is_caption", False),
    )
    repeat, missing, place = raw["words"]
    letter = Letter(
        owed, page, repeat, missing, place, is_quoted=True, is_quiet=raw.get("is_quiet", False)
    )
    # An edit is never noted as begun: it was a message of its own, whatever is said of a ⏳.
    is_repeat = owed.is_repeat or owed.is_begun
    return replace(letter, owed=replace(owed, is_repeat=is_repeat, is_begun=False, body=""))


def elsewhere(letter: Letter) -> Letter | None:
    """Return *letter* for the private chat of who asked for it, if it must be told at all costs."""
    owed = letter.owed
    is_redirected = not letter.elsewhere or owed.chat_id == owed.user_id
    if is_redirected or owed.keep_until is not None or owed.part:
        return None
    address = replace(
        owed,
        key=f"{owed.key}:private",
        chat_id=owed.user_id,
        thread_id=None,
        reply_to=None,
        progress_id=None,
    )
    # Its buttons would speak of the private chat.
    page = replace(with_note(letter.page, letter.elsewhere), buttons=())
    return replace(letter, owed=address, page=page, elsewhere="")


def fitting(page: Page, *, spare: int = 0) -> Page:
    """Return *page* as Telegram takes it: what is too long for a message goes into a file.

    In a message there is room for *spare* more.
    """
    if length(page.html) + spare <= MessageLimit.MAX_TEXT_LENGTH:
        return page
    whole = File("answer.txt", plain(page.html).encode())
    first_line = page.html.split("\n", 1)[0]
    if length(first_line) > MessageLimit.MAX_TEXT_LENGTH // 2:
        first_line = f"{plain(first_line).split()[0][:MARK_SIGNS]} …"
    return replace(page, html=first_line, overflow=whole)


def _packed(file: File | None) -> dict[str, Any] | None:
    """Return *file* as JSON, smaller where that helps: a workbook or a picture is small already."""
    if file is None:
        return None
    deflated = zlib.compress(file.content)
    is_deflated = len(deflated) < len(file.content)
    content = deflated if is_deflated else file.content
    return {
        "name": file.name,
        "content": base64.b64encode(content).decode(),
        "is_deflated": is_deflated,
        "is_picture": file.is_picture,
    }


def _unpacked(raw: dict[str, Any] | None) -> File | None:
    if raw is None:
        return None
    content = base64.b64decode(raw["content"])
    # Earlier versions had neither pictures nor anything made smaller.
    if raw.get("is_deflated"):
        content = zlib.decompress(content)
    return File(raw["name"], content, is_picture=raw.get("is_picture", False))
