"""One script from its first step to its proof."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from handlers.changes.expiry import sweep
from handlers.texts import ENGLISH
from tests.weaving.proof import Case, Told, broken, cases, token_in
from tests.weaving.room import Turn, Weave, woven
from tests.weaving.steps import Step, Steps

MINUTES_TEN = 600.0
SETTLE_SECONDS = 30.0
OWED = "SELECT count(*) FROM outbox WHERE fate IS NOT 'sent'"


@dataclass(frozen=True)
class Script:
    """What happens, step by step; *is_ordered* as `Weave` has it."""

    is_ordered: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Outcome:
    """What a script came to: figures, and what was not kept."""

    counts: Counter[str]
    complaints: tuple[str, ...]


async def play(script: Script) -> Outcome:
    """Play *script*, let everything pass in the end, and look."""
    async with woven(is_ordered=script.is_ordered) as weave:
        steps = Steps(weave)
        for step in script.steps:
            await steps.take(step)
        complaints = await _settled(weave)
        told = Told.of(weave.telegram.calls)
        plans = {token: await weave.services.store.plans.get(token) for token in told.questions}
        found = cases(weave.turns, weave.gate, told, plans)
        complaints += broken(weave.turns, weave.gate, told, found)
        return Outcome(_counts(weave, told, found), tuple(complaints))


async def _settled(weave: Weave) -> list[str]:
    """Let everything end, and the time of all plans; return what is left that must not be."""
    weave.gate.open()
    async with asyncio.timeout(SETTLE_SECONDS):
        await asyncio.gather(*(turn.task for turn in weave.turns.values()))
        await weave.room.delivered()
        complaints = [f"left: {text}" for text, _ in _bots(weave) if text.startswith("⏳")]
        weave.room.clock.at += MINUTES_TEN
        await sweep(weave.services)
        await weave.room.delivered()
    complaints += [f"still asked: {text}" for text, token in _bots(weave) if token]
    complaints += [
        f"without a mark: {text}" for text, _ in _bots(weave) if text[0] not in "✅❌⚠❔"
    ]
    unheard = [one for one in weave.turns.values() if one.query_id and not _heard(weave, one)]
    complaints += [f"a press without an echo: {one}" for one in unheard]
    connection = weave.services.store.connection
    owed = await connection.run(lambda db: db.execute(OWED).fetchone()[0])
    return [*complaints, *([f"{owed} answers not delivered"] if owed else [])]


def _heard(weave: Weave, turn: Turn) -> bool:
    """Tell whether the press was answered; Telegram may have found that too late."""
    ids = {one.parameters.get("callback_query_id") for one in weave.telegram.calls}
    return turn.query_id in ids


def _bots(weave: Weave) -> list[tuple[str, str]]:
    chats = (weave.group, weave.room.home)
    messages = [one for chat in chats for one in chat.messages.values() if one["from"]["is_bot"]]
    return [(one["text"], token_in(one)) for one in messages]


def _counts(weave: Weave, told: Told, found: list[Case]) -> Counter[str]:
    asked = weave.gate.asked
    answers = list(told.answers.values())
    turns = weave.turns.values()
    refused = [one for one in turns if one.query_id and _alert(weave, one)]
    return Counter(
        {
            "runs": 1,
            "requests": len(asked),
            "panel edits": len(weave.gate.edits),
            "answers lost": sum(one.fate.startswith("lost") for one in asked),
            "plans": len(found),
            "presses": sum(bool(one.query_id) for one in turns),
            "presses refused": len(refused),
            "writes sent": sum(one.is_write for one in asked),
            "mutations": sum(bool(one.is_write and one.at) for one in asked),
            "refused as stale": sum(_is_stale(text) for text in told.questions.values()),
            "nothing to change": sum(ENGLISH.plan_nothing in text for text in answers),
            "expired": sum(one.plan.state == "expired" for one in found),
            "✅": sum(text.startswith("✅ Stream") for text in answers),
            "❌": sum(text.startswith("❌") for text in answers),
            "⚠️": sum(text.startswith("⚠") for text in answers),
        }
    )


def _alert(weave: Weave, turn: Turn) -> str:
    return (weave.telegram.answered(turn.query_id) or {}).get("text") or ""


def _is_stale(text: str) -> bool:
    return "The stream has changed since you were asked." in text
