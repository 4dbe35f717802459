"""What breaks a promise, told from what is known of every command."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

HOURGLASS = "⏳"
DONE, NOT_DONE = "✅", "❌"
MARKS = {DONE, NOT_DONE, "⚠️", "❔"}
PROMISES = ("lost", "doubled", "unanswered", "answered twice", "false", "unmarked", "unwritten")


@dataclass(frozen=True)
class Known:
    """One command, as the servers and the database saw it.

    *record* says what became of it, and is empty as long as nobody says so. *sends* counts its changes
    as they arrived at the tracker, *effects* those carried out, *rights* the rows that allowed
    them (None where the bot keeps no such rows). *messages* are those that answer it, each with
    all its versions, a ⏳ included.
    """

    name: str
    changes: bool = False
    is_acknowledged: bool = True
    record: str = "done"
    sends: int = 0
    effects: int = 0
    rights: int | None = None
    messages: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """How often each promise was broken, and what else there is to count."""

    counts: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    complaints: tuple[str, ...] = ()


def judge(known: Iterable[Known], *, repeat_note: str = "") -> Verdict:
    """Count what broke a promise.

    A second answer is a repeat if it says so with *repeat_note*; while there is no such note, if
    it has the same words as an earlier one.
    """
    counts: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    complaints: list[str] = []
    for one in known:
        said = answers(one)
        counts["commands"] += 1
        counts["given up"] += one.record == "given_up"
        counts["orphaned ⏳"] += sum(texts[-1].startswith(HOURGLASS) for texts in one.messages)
        marks.update(_mark(text) for text in said[-1:])
        extra = said[1:]
        repeats = sum(_is_repeat(said, place, repeat_note) for place in range(1, len(said)))
        counts["repeated"] += repeats
        for promise in _broken(one, said, is_twice=len(extra) > repeats, note=repeat_note):
            counts[promise] += 1
            complaints.append(f"{promise}: {one.name} {_told(one, said)}")
    return Verdict(counts, marks, tuple(complaints))


def answers(one: Known) -> list[str]:
    """Return every final answer that could be read, in order."""
    return [text for texts in one.messages for text in texts if not text.startswith(HOURGLASS)]


def _broken(one: Known, said: list[str], *, is_twice: bool, note: str) -> list[str]:
    marks = {_mark(_without(text, note)) for text in said}
    is_false = (
        {DONE, NOT_DONE} <= marks
        or (one.changes and DONE in marks and not one.effects)
        or (one.changes and NOT_DONE in marks and one.effects > 0)
    )
    broken = {
        "lost": one.is_acknowledged and not one.record,
        "doubled": one.effects > 1 or one.sends > 1,
        "unanswered": not said,
        "answered twice": is_twice,
        "false": is_false,
        "unmarked": not marks <= MARKS,
        "unwritten": one.rights is not None and one.sends > one.rights,
    }
    return [promise for promise, is_broken in broken.items() if is_broken]


def _is_repeat(said: list[str], place: int, note: str) -> bool:
    return note in said[place] if note else said[place] in said[:place]


def _without(text: str, note: str) -> str:
    return text.replace(note, "").strip() if note else text


def _mark(text: str) -> str:
    return text.split(maxsplit=1)[0] if text.strip() else ""


def _told(one: Known, said: list[str]) -> str:
    facts = f"sent {one.sends}, carried out {one.effects}, record: {one.record or 'none'}"
    return f"({facts}) {[text[:160] for text in said]}"
