"""Scripts by chance, and how many of them are played."""

import asyncio
from collections import Counter

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.weaving.steps import NUMBERS
from tests.weaving.weave import Script, play

STEPS_MOST = 25
# How often each step is chosen, more or less.
SHARES = {
    "idle": 1,
    "say": 2,
    "ask": 5,
    "apply": 4,
    "confirm": 4,
    "cancel": 1,
    "again": 2,
    "elsewhere": 1,
    "undo": 2,
    "panel": 2,
    "step": 3,
    "run": 5,
    "end": 4,
    "lose": 3,
    "wait": 1,
}
NAMES = [name for name, share in SHARES.items() for _ in range(share)]
CHOICE = st.integers(0, NUMBERS - 1)
STEP = st.tuples(st.sampled_from(NAMES), CHOICE, CHOICE)
SCRIPTS = st.builds(
    Script, st.booleans(), st.lists(STEP, min_size=18, max_size=STEPS_MOST).map(tuple)
)


def weave(*, runs: int, number: int) -> Counter[str]:
    """Play so many scripts, chosen from the seed *number*, and count.

    Raises:
        AssertionError: One of them has broken what must be kept.
    """
    counts: Counter[str] = Counter()

    with asyncio.Runner() as runner:

        @seed(number)
        @settings(
            max_examples=runs,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(SCRIPTS)
        def play_one(script: Script) -> None:
            outcome = runner.run(play(script))
            counts.update(outcome.counts)
            assert not outcome.complaints, "\n".join(outcome.complaints)

        play_one()
    return counts
