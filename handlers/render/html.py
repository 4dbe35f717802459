"""Pieces of Telegram HTML in which everything from outside is escaped and visible."""

import html
import re
from collections.abc import Iterable

HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Marks that stand on a letter: two are writing, more are a tower over the lines above and below.
MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
TOWER = re.compile(f"(?<={MARK}{MARK}){MARK}+")
# What makes a command, a mention, a tag of any kind, a domain, an address with a protocol. Signs
# after which Telegram finds nothing (1/2, #45) are left alone.
LIVE = re.compile(
    r"(?<![A-Za-z0-9_<>/])/(?=\w)|(?<![A-Za-z0-9_])@(?=\w)"
    r"|#(?!\d+(?:\s|\Z))(?=\S)|\$(?=\w)"
    r"|\.(?=\w)|(?<=[A-Za-z]):(?=\S)"
)
# What the bot begins its answers with; a name that begins a line is no answer.
VERDICT = re.compile("\\A\\s*([✅❌⚠⏳❔]\ufe0f?)")
TAG = re.compile(r"<[^>]*>")
VALUE_SIGNS = 300
CONTROL_PICTURES = 0x2400
FIRST_PRINTABLE = 0x20
WORD_JOINER = "\u2060"


def shown(value: object) -> str:
    """Return *value* as one line of HTML text that shows what it is and does nothing.

    Markup is escaped; control, bidirectional and invisible characters appear as signs, so that
    a name cannot forge a line of an answer or turn the text around.
    """
    return html.escape(visible(value), quote=False)


def visible(value: object) -> str:
    """Return *value* as one line of plain text without hidden characters or piles of marks."""
    return TOWER.sub(_height, HIDDEN.sub(_picture, str(value)))


def _height(match: re.Match[str]) -> str:
    return f"⟨+{len(match.group())}⟩"


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < FIRST_PRINTABLE:
        return chr(CONTROL_PICTURES + code)
    return f"⟨U+{code:04X}⟩"


def brief(value: object) -> str:
    """Return *value* like `shown`, but cut where nobody would read on."""
    return shown(_cut(value))


def inert(value: object) -> str:
    """Return *value* like `brief`, in which nothing can be tapped and which is no verdict.

    An invisible joiner stands where Telegram would find a command, a mention, a tag or a link;
    what the bot's own answers begin with is set in brackets.
    """
    text = VERDICT.sub(r"⟨\1⟩", visible(_cut(value)))
    return html.escape(LIVE.sub(rf"\g<0>{WORD_JOINER}", text), quote=False)


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= VALUE_SIGNS else f"{text[:VALUE_SIGNS]}…"


def bold(value: object) -> str:
    """Return *value* in bold."""
    return f"<b>{inert(value)}</b>"


def code(value: object) -> str:
    """Return *value* in a fixed-width font; a tap copies it."""
    return f"<code>{brief(value)}</code>"


def block(text: str, *, language: str = "") -> str:
    """Return *text*, which may have several lines, as a block in a fixed-width font."""
    lines = "\n".join(shown(line) for line in text.split("\n"))
    if language:
        return f'<pre><code class="language-{language}">{lines}</code></pre>'
    return f"<pre>{lines}</pre>"


def folded(lines: Iterable[str]) -> str:
    """Return lines of HTML as a quote that stays collapsed until it is tapped."""
    return f"<blockquote expandable>{chr(10).join(lines)}</blockquote>"


def plain(markup: str) -> str:
    """Return what is left of *markup* when it cannot be sent as HTML."""
    return html.unescape(TAG.sub("", markup))


def length(markup: str) -> int:
    """Return how long Telegram finds *markup*: in UTF-16 units, after parsing the tags."""
    return len(plain(markup).encode("utf-16-le")) // 2
