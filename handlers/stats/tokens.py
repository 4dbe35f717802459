"""Text cut into words, quoted values, signs and commas; and a place in it that moves on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from handlers.stats.faults import PhraseError

Meaning = TypeVar("Meaning")
SIGNS_MOST = 4096
WORDS_MOST = 5
SHOWN_MOST = 40
# A phone makes other quotes of those that are typed.
_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"|«[^»]*»|[“”„][^“”„"]*[“”"]|'[^']*'(?=[\s,;)]|\Z)|‘[^‘’]*’)
    |(?P<sign>>=|<=|=>|=<|!=|<>|!~|==|[=<>~≥≤≠])
    |(?P<comma>[,;()\[\]])
    |(?P<word>[^\s"«»“”„,;()\[\]=<>~≥≤≠!]+)
    |(?P<other>\S)""",
    re.VERBOSE,
)
_DENIES = re.compile(r"![^\s!,;.?)\]]")
_QUOTES = "\"«»“”„'‘’"


@dataclass(frozen=True)
class Token:
    """A piece of a phrase: its *text* as it was typed, quotes taken off, and *folded* to compare.

    It stands from *start* to *end*.
    """

    kind: Literal["word", "quoted", "sign", "comma"]
    text: str
    folded: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Cut *text* into its pieces.

    Raises:
        PhraseError: It is too long, or a quote is not closed.
    """
    if len(text) > SIGNS_MOST:
        raise PhraseError(text[:SHOWN_MOST], "long", (str(SIGNS_MOST),))
    return list(_cut(text))


def _cut(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind, found = match.lastgroup, match.group()
        if kind == "other":
            if found in _QUOTES:
                raise PhraseError(text[match.start() :][:SHOWN_MOST], "quote")
            # An exclamation mark that belongs to no sign: at the end of a word it says nothing.
            if _DENIES.match(text, match.start()):
                yield Token("word", found, "not", *match.span())
            continue
        if kind == "quoted":
            found = found[1:-1].strip()
        yield Token(kind, found, fold(found), *match.span())  # type: ignore[arg-type]  # the names of the groups


def fold(text: str) -> str:
    """Return *text* as words are compared: without case, ё as е, no full stop at its end."""
    folded = text.casefold().replace("ё", "е")
    return folded if folded.endswith("..") else folded.rstrip(".:?") or folded


class Line(Generic[Meaning]):
    """A phrase that is being read, word by word, by a *vocabulary*."""

    def __init__(self, text: str, vocabulary: Mapping[str, Meaning]) -> None:
        self.tokens = tokens(text)
        self.vocabulary = vocabulary
        self.place = 0

    @property
    def token(self) -> Token | None:
        """The next piece, if there is one."""
        return self.ahead(0)

    def ahead(self, count: int) -> Token | None:
        """Return the piece that stands *count* after the next one."""
        place = self.place + count
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def word(self, count: int = 0) -> str:
        """Return the same as a word to compare; empty if it is none."""
        token = self.ahead(count)
        return token.folded if token and token.kind == "word" else ""

    def meaning(self, count: int = 0) -> tuple[Meaning, int] | None:
        """Return what the words *count* after the next mean, the most of them, and their number."""
        words: list[str] = []
        for place in range(count, count + WORDS_MOST):
            word = self.word(place)
            if not word:
                break
            words.append(word)
        for length in range(len(words), 0, -1):
            found = self.vocabulary.get(" ".join(words[:length]))
            if found is not None:
                return found, length
        return None

    def skip(self, count: int = 1) -> None:
        """Move on by *count* pieces."""
        self.place += count

    def skip_comma(self) -> bool:
        """Move on over commas and brackets; tell whether there was one."""
        before = self.place
        while (token := self.token) and token.kind == "comma":
            self.skip()
        return self.place > before

    def shown(self, count: int = 1) -> str:
        """Return the last *count* pieces as they were typed, to show them."""
        last = self.tokens[max(self.place - count, 0) : self.place]
        return " ".join(token.text for token in last)[:SHOWN_MOST]
