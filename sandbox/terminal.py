"""A chat as a terminal shows it."""

import sys
from collections.abc import Iterator
from typing import Any

DIM, BOLD, PLAIN = "\033[2m", "\033[1m", "\033[0m"
Message = dict[str, Any]


def styled(text: str, style: str) -> str:
    """Return *text* in *style* where the terminal can show it."""
    return f"{style}{text}{PLAIN}" if sys.stdout.isatty() else text


def say(name: str, text: str, *, attach: str = "", filename: str = "") -> None:
    """Print what a person says."""
    head = styled(f"{name} ▸", BOLD)
    if attach:
        print(f"{head} 📎 {filename}: {text}")
        print(styled(_indented(attach.splitlines()), DIM))
    else:
        print(f"{head} {_indented(text.splitlines()).lstrip()}")


def press(name: str, label: str) -> None:
    """Print which button a person presses."""
    print(f"{styled(f'{name} ▸', BOLD)} [ {label} ]")


def answer(message: Message) -> None:
    """Print what the bot says."""
    print(styled("bot ▸", BOLD))
    print(_indented(_lines(message)))
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        print("    " + "  ".join(f"[ {button['text']} ]" for button in row))


def note(text: str) -> None:
    """Print a word to whoever watches."""
    print(styled(f"\n— {text}", DIM))


def _indented(lines: list[str] | Iterator[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)


def _lines(message: Message) -> Iterator[str]:
    if document := message.get("document"):
        yield f"📎 {document['file_name']} ({document['file_size']} bytes)"
    if photo := message.get("photo"):
        yield f"🖼 {photo[-1]['width']} × {photo[-1]['height']}"
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
