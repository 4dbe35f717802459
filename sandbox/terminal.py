"""A chat as a terminal shows it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TRANSCRIPT = "transcript.txt"
DIM, BOLD, PLAIN = "\033[2m", "\033[1m", "\033[0m"
Message = dict[str, Any]


def styled(text: str, style: str) -> str:
    """Return *text* in *style* where the terminal can show it."""
    return f"{style}{text}{PLAIN}" if sys.stdout.isatty() else text


class Terminal:
    """Prints a chat, and writes it down in *folder*, beside the files that the bot sends.

    What an earlier demo has left there under the same names is replaced.
    """

    def __init__(self, folder: Path, files: Callable[[str], bytes]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files = files
        self._transcript = folder / TRANSCRIPT
        self._transcript.write_text("")
        self._saved: set[str] = set()

    def say(self, name: str, text: str, *, attach: str = "", filename: str = "") -> None:
        """Print what a person says."""
        head = f"{name} ▸"
        if attach:
            self._print(f" 📎 {filename}: {text}", head=head)
            self._print(_indented(attach.splitlines()), style=DIM)
        else:
            self._print(f" {_indented(text.splitlines()).lstrip()}", head=head)

    def press(self, name: str, label: str) -> None:
        """Print which button a person presses."""
        self._print(f" [ {label} ]", head=f"{name} ▸")

    def answer(self, message: Message) -> None:
        """Print what the bot says, and keep the file it sends."""
        self._print("", head="bot ▸")
        self._print(_indented(_lines(message)))
        self._save(message)
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            self._print("    " + "  ".join(f"[ {button['text']} ]" for button in row))

    def note(self, text: str) -> None:
        """Print a word to whoever watches."""
        self._print(f"\n— {text}", style=DIM)

    def _save(self, message: Message) -> None:
        sent = message.get("document") or (message.get("photo") or [None])[-1]
        if not sent or sent["file_id"] in self._saved:
            return
        self._saved.add(sent["file_id"])
        # A name from the bot is not taken for a path.
        name = Path(str(sent.get("file_name") or f"photo-{len(self._saved)}.png")).name
        path = self._folder / name
        path.write_bytes(self._files(sent["file_id"]))
        self._print(f"    saved as {path}", style=DIM)

    def _print(self, text: str, *, head: str = "", style: str = "") -> None:
        print(f"{styled(head, BOLD) if head else ''}{styled(text, style) if style else text}")
        with self._transcript.open("a") as transcript:
            transcript.write(f"{head}{text}\n")


def _indented(lines: list[str] | Iterator[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _lines(message: Message) -> Iterator[str]:
    if document := message.get("document"):
        yield f"📎 {document['file_name']} ({document['file_size']} bytes)"
    if sizes := message.get("photo"):
        yield f"🖼 {sizes[-1]['width']} × {sizes[-1]['height']}"
    yield from _collapsed(message).splitlines()


def _collapsed(message: Message) -> str:
    """Return the text of *message* with its collapsed quotes as people first see them."""
    units = str(message.get("text") or message.get("caption") or "").encode("utf-16-le")
    text = ""
    end = 0
    for entity in message.get("entities", []):
        if entity["type"] != "expandable_blockquote":
            continue
        start = entity["offset"] * 2
        quote = units[start : start + entity["length"] * 2].decode("utf-16-le")
        count = quote.count("\n")
        text += units[end:start].decode("utf-16-le")
        text += f"▏ {quote.splitlines()[0]} … (tap to see {count} more lines)"
        end = start + entity["length"] * 2
    return text + units[end:].decode("utf-16-le")
