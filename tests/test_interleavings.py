"""Two operators, a colleague in the panel, answers that are lost: in whatever order they come.

Everything is real: the bot, its database, a Telegram and a tracker. Each request to the tracker
waits at a gate until the script lets it pass, and scripts are chosen by chance from a fixed seed.
What is looked at in the end is told in `tests/weaving/proof.py`: at most one change for each
confirmation of its author and none without, nothing overwritten unseen, ✅ ❌ ⚠️ that hold, no ⏳
and no question left. `make interleavings` does the same a thousand times.

The one moment that nobody can guard is between the bot's look at *Apply* and its write: the panel
does nothing to the same stream just there. Changes through the bot come at any moment.
"""

import pytest

from tests.weaving.scripts import weave
from tests.weaving.weave import Script, play

RUNS, SEED = 40, 7


def test_whatever_comes_first_nothing_is_doubled_overwritten_or_false():
    counts = weave(runs=RUNS, number=SEED)

    assert counts["runs"] >= RUNS
    assert min(counts[name] for name in ("mutations", "answers lost", "panel edits")) >= RUNS // 4
    assert counts["refused as stale"] > 0


ORDERS = {
    "two who confirm at once": (
        (("ask", 0, 0), ("ask", 1, 1), ("apply", 0, 0), ("apply", 1, 0)),
        (("run", 0, 0), ("run", 1, 0), ("end", 0, 0), ("end", 0, 0)),
        {"mutations": 1, "refused as stale": 1, "✅": 1},
    ),
    "a press of somebody else": (
        (("ask", 0, 0), ("confirm", 0, 7)),
        (("end", 0, 0), ("confirm", 0, 8), ("end", 0, 0)),
        {"presses": 2, "presses refused": 2, "writes sent": 0},
    ),
    "a press from another chat": (
        (("ask", 0, 0), ("ask", 2, 1), ("cancel", 0, 0), ("confirm", 0, 7)),
        (("elsewhere", 0, 0), ("end", 0, 0)),
        {"writes sent": 0, "presses": 3, "presses refused": 2},
    ),
    "an answer that is lost": (
        (("ask", 0, 0), ("confirm", 0, 0), ("lose", 0, 1)),
        (("again", 0, 0), ("end", 0, 0), ("again", 0, 0)),
        {"writes sent": 1, "mutations": 1, "✅": 1, "presses refused": 2},
    ),
    "a request that is lost": (
        (("ask", 0, 0), ("confirm", 0, 0), ("lose", 0, 0)),
        (("end", 0, 0), ("again", 0, 0)),
        {"writes sent": 1, "mutations": 0, "❌": 1, "presses refused": 1},
    ),
    "a tracker that falls silent": (
        (("ask", 0, 0), ("confirm", 0, 0), ("lose", 0, 11)),
        (("end", 0, 0), ("ask", 1, 1), ("confirm", 0, 0), ("end", 0, 0)),
        {"mutations": 2, "⚠️": 1, "✅": 1},
    ),
    "the colleague comes first": (
        (("ask", 0, 0), ("panel", 0, 2)),
        (("confirm", 0, 0), ("confirm", 0, 0), ("end", 0, 0)),
        {"mutations": 1, "refused as stale": 1, "✅": 1},
    ),
    "the colleague has done it already": (
        (("ask", 0, 5), ("panel", 0, 3), ("confirm", 0, 0)),
        (("end", 0, 0),),
        {"writes sent": 0, "nothing to change": 1},
    ),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("is_ordered", [True, False])
async def test_an_order_that_matters(order: str, *, is_ordered: bool):
    begin, end, counts = ORDERS[order]
    outcome = await play(Script(is_ordered, begin + end))

    assert outcome.complaints == ()
    assert {name: outcome.counts[name] for name in counts} == counts
