"""What must be so in the end, told from the requests, the messages and the plans."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from handlers.texts import ENGLISH
from storage import Plan
from tests.weaving.gate import Asked, Gate
from tests.weaving.room import Place, Turn

Row = dict[str, Any]
STAMPS = {"created_at", "updated_at"}
STATES = {
    "is on": {"active"},
    "is off": {"disabled"},
    "is archived": {"deleted"},
    "is restored": {"active", "disabled"},
}
TITLE = re.compile(r"✅ Stream (\d+) (is \w+)")
LINE = re.compile(r"^(weight|name): (.*) → (.*)$", re.MULTILINE)
APPLY = "plan:apply:"


@dataclass
class Told:
    """What the messages said of each plan: the *question*, and the *answer* in its place."""

    questions: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, calls: list[Any]) -> "Told":
        """Read it from what the bot asked of Telegram."""
        versions: dict[Place, list[Row]] = defaultdict(list)
        for call in calls:
            if isinstance(call.result, dict) and "text" in call.result:
                place = (call.result["chat"]["id"], call.result["message_id"])
                versions[place].append(call.result)
        told = cls()
        for messages in versions.values():
            told._take(messages)
        return told

    def _take(self, messages: list[Row]) -> None:
        token = ""
        for message in messages:
            text = message["text"]
            if text.startswith("⏳"):
                continue
            if token:
                self.answers.setdefault(token, text)
            token = token_in(message) or token
            if token_in(message):
                self.questions[token] = text


def token_in(message: Row) -> str:
    """Return the token of the plan that *message* asks about."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    data = [str(button.get("callback_data")) for row in rows for button in row]
    return next((one.removeprefix(APPLY) for one in data if one.startswith(APPLY)), "")


@dataclass(frozen=True)
class Case:
    """One plan: who asked for it by which update, who pressed, what was asked of the tracker."""

    token: str
    plan: Plan
    asker: Turn
    presses: tuple[Turn, ...]
    asked: tuple[Asked, ...]
    question: str
    answer: str

    @property
    def writes(self) -> list[Asked]:
        """What was sent to change a stream, whether or not it arrived."""
        return [one for one in self.asked if one.is_write]

    @property
    def deeds(self) -> list[Asked]:
        """Those that were carried out."""
        return [one for one in self.writes if one.at]

    @property
    def lost(self) -> list[Asked]:
        """What was asked about streams and got no answer."""
        return [one for one in self.asked if one.stream_id and one.fate.startswith("lost")]

    @property
    def seen(self) -> Row:
        """The stream as the tracker showed it last."""
        return seen_by(self.asked)


def cases(
    turns: dict[int, Turn], gate: Gate, told: Told, plans: dict[str, Plan | None]
) -> list[Case]:
    """Return every plan that was shown to anybody."""
    found = []
    for token, question in told.questions.items():
        plan = plans[token]
        assert plan is not None, "a question without a plan"
        presses = tuple(one for one in turns.values() if (one.verb, one.token) == ("apply", token))
        numbers = {one.number for one in presses}
        asked = tuple(one for one in gate.asked if one.turn in numbers)
        asker = turns[int(plan.shown_by.removeprefix("u"))]
        answer = told.answers.get(token, "")
        found.append(Case(token, plan, asker, presses, asked, question, answer))
    return found


def broken(turns: dict[int, Turn], gate: Gate, told: Told, found: list[Case]) -> list[str]:
    """Return what was not kept."""
    tokens = {one.token: one for one in found}
    complaints = []
    for one in gate.asked:
        turn = turns.get(one.turn)
        if one.is_write and (turn is None or turn.verb != "apply" or turn.token not in tokens):
            complaints.append(f"a write without a confirmation: {one}")
    for case in found:
        told_of = f"{case.question.splitlines()[0]} by {case.asker.person.first_name}"
        wish = wished(case, tokens)
        words = [*_once(case, turns), *_unseen(case, gate), *_words(case, gate, wish)]
        complaints += [f"{word} ({told_of}: {case.answer[:80]!r})" for word in words]
    return complaints


def wished(case: Case, tokens: dict[str, Case]) -> Row:
    """Return what was typed for the plan, also where it was asked about anew since."""
    asker = case.asker
    while asker.verb == "apply":
        asker = tokens[asker.token].asker
    return asker.wish


def _once(case: Case, turns: dict[int, Turn]) -> list[str]:
    found = []
    if len(case.writes) > 1:
        found.append(f"{len(case.writes)} writes")
    for one in case.writes:
        turn, asker = turns[one.turn], case.asker
        if (turn.person, turn.chat) != (asker.person, asker.chat):
            found.append(f"a write for {turn.person.first_name} in {turn.chat.title}")
    if f"Only {case.asker.person.first_name} can confirm" not in case.question:
        found.append("it names somebody else")
    return found


def _unseen(case: Case, gate: Gate) -> list[str]:
    """Return what was overwritten unseen: the plan was made of another stream."""
    mine = [one for one in gate.asked if one.turn == case.asker.number]
    shown = seen_by(mine)
    # What has changed meanwhile stands further down.
    lines = {field: old for field, old, _ in LINE.findall(case.question.split("\n\n")[1])}
    found = []
    for one in case.deeds:
        if bare(one.before) != bare(shown):
            found.append("the stream was not the one that was shown")
        for name, old in lines.items():
            if str(one.before.get(name)) != old:
                found.append(f"{name} was {one.before.get(name)}, the plan says {old}")
    return found


def _words(case: Case, gate: Gate, wish: Row) -> list[str]:
    match case.answer[:1]:
        case "✅":
            return _done(case, wish)
        case "❌":
            return (
                ["❌ of a change that was made"]
                if case.deeds and not _is_taken_back(case, gate)
                else []
            )
        case "⚠":
            return [] if case.lost or _is_edited(case, gate) else ["⚠️, and no answer was lost"]
        case "❔":
            return ["asked anew after a write"] if case.writes else []
        case "":
            return ["a write without an answer"] if case.writes else []
    return ["without a mark"]


def _done(case: Case, wish: Row) -> list[str]:
    if ENGLISH.plan_nothing in case.answer:
        found = ["a write, and nothing to change"] if case.writes else []
        return found + ([] if holds(wish, case.seen) else ["it was not like that already"])
    title = TITLE.match(case.answer)
    if title is None or int(title[1]) != case.asked[0].stream_id:
        return [f"of what? {case.asked[:1]}"]
    if not case.writes:
        return ["✅ without a write"]
    if not case.deeds and not case.lost:
        return ["✅ without the change"]
    held = case.deeds[0].after if case.deeds else case.seen
    states = STATES.get(title[2])
    is_so = held.get("state") in states if states else holds(case.writes[0].body or {}, held)
    return [] if is_so and holds(wish, held) else [f"the tracker did not hold {title[2]!r}: {held}"]


def _is_edited(case: Case, gate: Gate) -> bool:
    """Tell whether the panel has edited the stream between the write and the look at it."""
    begins = min((one.at for one in case.deeds), default=0)
    looks = [one.at for one in case.asked if one.is_look and one.fate == "passed"]
    ends = max(looks, default=0)
    ids = {one.stream_id for one in case.writes}
    return any(stream_id in ids and begins < at < ends for stream_id, at in gate.edits)


def _is_taken_back(case: Case, gate: Gate) -> bool:
    """Tell whether the answer was lost, and the panel took the change back before the look."""
    return bool(case.lost) and _is_edited(case, gate)


def seen_by(asked: Any) -> Row:
    """Return the last stream that was shown to whoever has *asked*."""
    looks = [one for one in asked if one.is_look and one.fate == "passed"]
    return max(looks, key=lambda one: one.at).after if looks else {}


def holds(wish: Row, stream: Row) -> bool:
    """Tell whether *stream* has what is wished; rows of offers by their ids."""
    return all(_shown(value) == _shown(stream.get(name), value) for name, value in wish.items())


def _shown(value: Any, like: Any = None) -> Any:
    if not isinstance(value, list):
        return value
    names = set(like[0]) if like else set(value[0]) if value else set()
    names -= {"id", *STAMPS}
    return sorted(([(name, row.get(name)) for name in sorted(names)] for row in value), key=str)


def bare(value: Any) -> Any:
    """Return *value* without the times that the tracker alone writes."""
    match value:
        case dict():
            return {key: bare(one) for key, one in value.items() if key not in STAMPS}
        case list():
            return [bare(one) for one in value]
        case _:
            return value
