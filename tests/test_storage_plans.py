"""Plans: found by their token alone, used once, by their author, in their chat, in time."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from storage import OwedAnswer, Plan, TamperedError, open_store

SECRET = "fake-words-that-nobody-may-find"
BODY = {"operation": "stream.disable", "before": {"name": SECRET, "id": 45}, "Ж": None}
CHAT, AUTHOR = -100, 7
HERE = {"chat_id": CHAT, "user_id": AUTHOR}


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        """Return the time it has been set to."""
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bot.db"


@pytest.fixture
async def store(path, clock):
    store = await open_store(path, keys=[b"k" * 32], now=clock)
    yield store
    await store.close()


@pytest.fixture
def plans(store):
    return store.plans


async def make(plans, shown_by: str = "u1", body: object = BODY, **how) -> str:
    return await plans.make("change", body, **{**HERE, "seconds": 600, **how}, shown_by=shown_by)


def opened(state: str = "open", used_by: str | None = None) -> Plan:
    return Plan(1, "change", CHAT, AUTHOR, "u1", BODY, 1600.0, state, used_by)


async def test_a_plan_is_found_by_its_token_alone(plans):
    token = await make(plans)

    assert await plans.get(token) == opened()
    assert await plans.get("x" * 22) is None
    assert len({token, *[await make(plans, f"u{number}") for number in range(2, 9)]}) == 8


async def test_a_plan_is_used_by_its_author_once(plans):
    token = await make(plans)
    used = await plans.use(token, "applied", **HERE, used_by="u2")

    assert used == opened("applied", "u2")
    assert await plans.use(token, "applied", **HERE, used_by="u3") is None
    assert await plans.use(token, "cancelled", **HERE, used_by="u4") is None
    assert await plans.get(token) == used


async def test_whoever_has_used_it_gets_it_again(plans, clock):
    """After a restart the same press goes on, even if the time is over by then."""
    token = await make(plans)
    used = await plans.use(token, "applied", **HERE, used_by="u2")
    clock.at += 9000

    assert await plans.use(token, "applied", **HERE, used_by="u2") == used


@pytest.mark.parametrize("other", [{"chat_id": -101}, {"user_id": 8}, {"chat_id": 7}])
async def test_nobody_else_and_nowhere_else(plans, other):
    token = await make(plans)
    used = await plans.use(token, "applied", **{**HERE, **other}, used_by="u2")

    assert used is None
    assert await plans.get(token) == opened()
    await plans.use(token, "applied", **HERE, used_by="u2")
    assert await plans.use(token, "applied", **{**HERE, **other}, used_by="u2") is None


@pytest.mark.parametrize(
    ("later", "is_open"), [(0, True), (599.9, True), (600, False), (1e6, False)]
)
async def test_a_plan_has_its_time(plans, clock, later, is_open):
    token = await make(plans)
    clock.at += later
    is_rewritten = await plans.rewrite(token, {}, **HERE, shown_by="u2")
    used = await plans.use(token, "applied", **HERE, used_by="u3")

    assert (is_rewritten, used is not None) == (is_open, is_open)


async def test_a_hundred_at_once_and_one_gets_it(plans):
    token = await make(plans)
    used = await asyncio.gather(
        *(plans.use(token, "applied", **HERE, used_by=f"u{number}") for number in range(100))
    )

    [got] = [one for one in used if one is not None]
    assert await plans.get(token) == got
    assert await plans.is_used(got.used_by)


async def test_a_plan_is_rewritten_while_it_is_open(plans):
    token = await make(plans)

    assert await plans.rewrite(token, {"new": 1}, **HERE, shown_by="u2")
    assert not await plans.rewrite(token, {}, chat_id=CHAT, user_id=8, shown_by="u3")
    assert not await plans.rewrite(token, {}, chat_id=-101, user_id=AUTHOR, shown_by="u3")
    found = await plans.use(token, "cancelled", **HERE, used_by="u4")
    assert (found.body, found.shown_by, found.state) == ({"new": 1}, "u2", "cancelled")
    assert not await plans.rewrite(token, {}, **HERE, shown_by="u5")


async def test_only_what_was_applied_is_used(plans):
    applied, cancelled = await make(plans), await make(plans, "u2")
    await plans.use(applied, "applied", **HERE, used_by="u3")
    await plans.use(cancelled, "cancelled", **HERE, used_by="u4")

    assert [await plans.is_used(key) for key in ("u3", "u4", "u5")] == [True, False, False]


async def test_what_nobody_has_answered_is_known_until_it_has_ended(store, plans, clock):
    tokens = [await make(plans, f"u{number}", seconds=number) for number in (3, 1, 2)]
    await plans.use(tokens[2], "cancelled", **HERE, used_by="u9")
    owed = OwedAnswer("u1", CHAT, AUTHOR, "{}", thread_id=4, reply_to=70)
    await store.outbox.owe(owed)
    await store.outbox.end("u1", "sent", message_id=71)
    clock.at += 3

    first, second = await plans.expire(most=10)
    assert (first.plan.shown_by, first.is_told) == ("u1", True)
    assert (first.message_id, first.thread_id, first.reply_to) == (71, 4, 70)
    assert (second.plan.shown_by, second.is_told, second.message_id) == ("u3", False, None)
    assert await plans.expire(most=1) == [first]
    await plans.end(first.plan.plan_id)
    assert await plans.expire(most=10) == [second]
    assert (await plans.get(tokens[1])).state == "expired"


async def test_what_was_used_does_not_end_again(plans):
    token = await make(plans)
    used = await plans.use(token, "applied", **HERE, used_by="u2")
    await plans.end(used.plan_id)

    assert await plans.get(token) == used


async def test_an_answer_asks_one_thing(plans, clock):
    """A process that ended before it could ask leaves a plan behind that nobody has seen."""
    first, other = await make(plans), await make(plans, "u2")
    second = await make(plans)

    assert (await plans.get(first)).state == "expired"
    assert await plans.use(first, "applied", **HERE, used_by="u3") is None
    assert {(await plans.get(token)).state for token in (second, other)} == {"open"}
    await plans.use(second, "applied", **HERE, used_by="u3")
    clock.at += 600
    assert [one.plan.shown_by for one in await plans.expire(most=10)] == ["u2"]


async def test_what_is_over_is_forgotten_in_time(plans, clock):
    over, still = await make(plans), await make(plans, "u2")
    await plans.use(over, "applied", **HERE, used_by="u3")
    clock.at += 601

    assert await plans.forget(older_than_seconds=2, most=9) == 0
    assert await plans.forget(older_than_seconds=0, most=9) == 1
    assert await plans.get(over) is None
    assert await plans.get(still) is not None


async def test_plans_are_forgotten_little_by_little(plans, clock):
    for number in range(5):
        token = await make(plans, f"u{number}")
        await plans.use(token, "cancelled", **HERE, used_by=f"u{number + 10}")
    clock.at += 601

    assert [await plans.forget(older_than_seconds=0, most=3) for _ in range(3)] == [3, 2, 0]


async def test_neither_the_body_nor_the_token_is_legible_in_the_files(plans, tmp_path):
    token = await make(plans)
    await plans.rewrite(token, {"again": SECRET}, **HERE, shown_by="u2")

    found = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert SECRET.encode() not in found
    assert token.encode() not in found
    assert SECRET not in repr(await plans.get(token))


async def test_bodies_that_were_swapped_are_refused(store, path):
    mine, other = await make(store.plans), await make(store.plans, "u2", {"other": 1})
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "UPDATE plans SET body = (SELECT body FROM plans WHERE id = 2) WHERE id = 1"
        )

    with pytest.raises(TamperedError):
        await store.plans.get(mine)
    with pytest.raises(TamperedError):
        await store.plans.use(mine, "applied", **HERE, used_by="u3")
    assert (await store.plans.get(other)).body == {"other": 1}
