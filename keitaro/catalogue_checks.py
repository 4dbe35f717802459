"""Checks of words against the tracker's own catalogues."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from keitaro.facts import Case, Finding, error, warning
from keitaro.loose import rows, word

_SIGNS_MOST = 64
_GUESSES_MOST = 10
_WORDS_MOST = 500
# Written often, and too unlike to be guessed.
_SLIPS = {
    "geo": "country",
    "referer": "referrer",
    "device": "device_type",
    "redirect": "http",
    "none": "do_nothing",
    "nothing": "do_nothing",
    "404": "status404",
    "html": "show_html",
    "text": "show_text",
}


def unknown_actions(case: Case) -> Iterator[Finding]:
    """Find an action type that the tracker does not know."""
    known = case.facts.catalogue.actions if case.facts.catalogue else None
    action = case.word("action_type")
    if known is None or not action or action in known or not case.touches("action_type"):
        return
    if likely := _likely(action, known):
        yield error("unknown_action_like", names={action: likely})
    else:
        yield error("unknown_action", names=[action])


def unknown_filters(case: Case) -> Iterator[Finding]:
    """Find filters that the tracker does not know, unless they were there before."""
    known = case.facts.catalogue.filters if case.facts.catalogue else None
    if known is None or not case.touches("filters"):
        return
    before = {word(row.get("name")) for row in rows((case.before or {}).get("filters"))}
    names = dict.fromkeys(word(row.get("name")) for row in rows(case.after.get("filters")))
    unknown = [name for name in names if name and name not in known and name not in before]
    likely = {name: _likely(name, known) for name in unknown[:_GUESSES_MOST]}
    if guessed := {name: meant for name, meant in likely.items() if meant}:
        yield error("unknown_filter_like", names=guessed)
    if rest := [name for name in unknown if name not in guessed]:
        yield error("unknown_filter", names=rest)


def unknown_modes(case: Case) -> Iterator[Finding]:
    """Find modes that a filter of the tracker does not have."""
    known = case.facts.catalogue.filters if case.facts.catalogue else None
    if known is None or not case.touches("filters"):
        return
    modes = {}
    for row in rows(case.after.get("filters")):
        name, mode = word(row.get("name")), word(row.get("mode"))
        allowed = known.get(name)
        if mode and allowed is not None and mode not in allowed:
            modes[name] = mode
    if modes:
        yield warning("unknown_mode", modes=modes)


def _likely(name: str, known: Collection[str]) -> str:
    if (slip := _SLIPS.get(name.lower(), "")) in known:
        return slip
    words = sorted(known)[:_WORDS_MOST]
    short = [one for one in words if len(one) <= _SIGNS_MOST]
    return next(iter(get_close_matches(name[:_SIGNS_MOST].lower(), short, n=1)), "")
