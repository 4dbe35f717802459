"""A phrase is read, word by word, until nothing is left of it."""

import re
from datetime import date

from handlers.stats.acts import ACTS
from handlers.stats.draft import Draft
from handlers.stats.faults import PhraseError
from handlers.stats.period_words import read_period
from handlers.stats.query import Kind
from handlers.stats.rule_words import read_time, rule_examples
from handlers.stats.said import Said
from handlers.stats.tokens import SHOWN_MOST
from handlers.stats.values import near_words
from handlers.stats.words import vocabulary

_NEAR = 0.7
_RANKED = re.compile("(?:top|топ)-?([0-9]{1,9})")


def read(text: str, *, kind: Kind, today: date, repeats: bool = False) -> Said:
    """Return what *text* says of a request of *kind*, one that *repeats* or is run once.

    Raises:
        PhraseError: A word cannot be read, or does not fit.
    """
    draft = Draft(text, kind, today, repeats=repeats)
    line, said = draft.line, draft.said
    while line.token:
        if not (line.skip_comma() or _read_number(draft) or _read_word(draft)):
            raise _refusal(draft)
    said.settle()
    if said.time and not said.rhythm:
        hour, minute = said.time
        raise PhraseError(f"{hour}:{minute:02}", "every", rule_examples())
    if line.tokens and said == Said():
        raise draft.refuse("place")
    return said


def _read_number(draft: Draft) -> bool:
    """Read what begins with a number: a period, a time, or a ranking in one word."""
    line = draft.line
    period = read_period(line, draft.today)
    if period:
        draft.set_period(period)
        return True
    time = read_time(line, is_expected=False)
    if time:
        draft.set_time(time)
        return True
    ranked = _RANKED.fullmatch(line.word())
    if ranked:
        line.skip()
        draft.set_rank("top", int(ranked[1]))
    return bool(ranked)


def _read_word(draft: Draft) -> bool:
    found = draft.line.meaning()
    if found is None:
        return False
    word, length = found
    draft.line.skip(length)
    ACTS[word.role](draft, word)
    return True


def _refusal(draft: Draft) -> PhraseError:
    """Return what is wrong with the next word, which means nothing."""
    line, token = draft.line, draft.line.token
    if token is None or token.kind != "word":
        return PhraseError(token.text[:SHOWN_MOST] if token else "", "place")
    word = token.text[:SHOWN_MOST]
    if word.startswith(("{", "[")):
        return PhraseError(word, "json")
    if draft.kind != "report" and token.folded in vocabulary("report"):
        return PhraseError(word, "log")
    near = near_words(line, token.folded, cutoff=_NEAR)
    before = line.ahead(-1) if line.place else None
    known = line.vocabulary.get(before.folded) if before else None
    if not near and before and known and known.role == "grouping" and not token.text.isdecimal():
        return PhraseError(word, "name", (f'{before.text} "{word}"',))
    return PhraseError(word, "unknown", near)
